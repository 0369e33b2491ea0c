"""The person's word, recorded by a program: who decides, the text to read with her, what she says, what she takes back.

The forms are those of the pages: the same questions, the same refusals, the same sentences.
"""

import uuid
from typing import Any, ClassVar

from django.db.models import Exists, OuterRef
from django.http import Http404
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from cases.doors import case_or_404
from consent import acts, invalidating, notices, registry
from consent.collected import LANGUAGES, ScopeError
from consent.forms import DURATIONS, REEXAMINATIONS, open_categories
from consent.models import Consent, Form, Invalidation, Objection, PersonsWord, PriorInformation, Refusal, Withdrawal
from consent.speakers import speakers_for
from consent.word_form import OTHER, OWN_WORDS_MOST
from partners import clock
from sharing import withdrawal
from sharing.api import examples
from sharing.api.base import ApiView
from sharing.api.errors import Unprocessable
from sharing.api.paging import Paging
from sharing.api.schema import Problem
from sharing.api.scopes import Scope
from sharing.api.strict import StrictSerializer
from sharing.api.words import Category, Instant, Purpose, Someone, Text, over, wrong
from sharing.withdrawal_form import WithdrawalForm, code_of, takers

TAG = ["accords"]
OPENED = "consent.opened"
KINDS = {Consent: "agreement", Refusal: "refusal", Objection: "objection", PriorInformation: "information"}
WORD_KINDS = list(KINDS.values())


class SpeakerShown(serializers.Serializer[Any]):
    """Somebody whose word counts; `code` is what `speaker` is given."""

    code = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    hint = serializers.CharField(allow_blank=True)
    do_not_contact = serializers.BooleanField()
    may_agree = serializers.BooleanField()


class Speakers(serializers.Serializer[Any]):
    """Who decides today, and the sentence that says why."""

    rule = serializers.CharField()
    minor = serializers.BooleanField()
    people = SpeakerShown(many=True)
    consulted = SpeakerShown(many=True)
    notes = serializers.ListField(child=serializers.CharField())


class WhichText(StrictSerializer):
    """Which text, filled in for whom and for what."""

    act = serializers.ChoiceField([acts.AGREEMENT, acts.REFUSAL, acts.OBJECTION, acts.INFORMATION])
    recipient = Someone()
    purpose = Purpose()
    form = serializers.ChoiceField(Form.choices, required=False, default=Form.IN_PERSON)
    style = serializers.ChoiceField(notices.Style.choices, required=False, default=notices.Style.STANDARD)  # type: ignore[assignment]
    language = serializers.ChoiceField(notices.Language.choices, required=False, default=notices.Language.FR)


class Section(serializers.Serializer[Any]):
    """A question, and its answer in short sentences."""

    question = serializers.CharField()
    sentences = serializers.ListField(child=serializers.CharField())


class TextShown(serializers.Serializer[Any]):
    """The exact words to read with her; what is read is what is kept."""

    code = serializers.CharField()
    version = serializers.IntegerField()
    digest = serializers.CharField()
    sections = Section(many=True)


class WordWritten(StrictSerializer):
    """What she says, how it was heard. What an act does not ask for is refused, as on its page."""

    act = serializers.ChoiceField(list(acts.ACTS))
    recipient = Someone()
    purpose = Purpose()
    categories = serializers.ListField(child=Category(), min_length=1, max_length=24)
    style = serializers.ChoiceField(notices.Style.choices, required=False)  # type: ignore[assignment]
    text_language = serializers.ChoiceField(notices.Language.choices, required=False)
    speaker = serializers.CharField(max_length=40, required=False)
    form = serializers.ChoiceField(Form.choices, required=False)
    collected_on = serializers.DateField(required=False)
    language = serializers.ChoiceField([*LANGUAGES, OTHER], required=False)
    other_language = Text(most=40, required=False)
    interpreter = Text(most=120, required=False)
    witness = Text(most=120, required=False)
    called_back = serializers.BooleanField(required=False)
    understanding = Text(most=300, lines=2, required=False)
    own_words = Text(most=OWN_WORDS_MOST, lines=3, required=False)
    conditions = Text(most=300, required=False)
    late_reason = Text(most=300, required=False)
    duration = serializers.ChoiceField([days for days, _label in DURATIONS], required=False, help_text="Days.")
    child_heard = serializers.BooleanField(required=False)
    presence_proposed = serializers.BooleanField(required=False)
    withheld = serializers.ChoiceField(["child_interest", "professional_comfort"], required=False)
    withheld_reason = Text(most=OWN_WORDS_MOST, lines=3, required=False)
    decided_with = Text(most=120, required=False)
    reexamine_in = serializers.ChoiceField(list(REEXAMINATIONS), required=False, help_text="Days.")

    def validate_categories(self, codes: list[str]) -> list[str]:
        """Those that a person may be asked about."""
        if set(codes) - set(open_categories()):
            raise ValidationError(
                [ErrorDetail(_("Aucun accord n’ouvre cette sorte d’information."), code="not_to_ask")]
            )
        return codes


OF_THE_QUESTION = ("act", "recipient", "purpose", "style", "text_language")


class WordLine(serializers.Serializer[Any]):
    """One act: whose word, towards whom, what for, about what, when; where it stands today."""

    id = serializers.UUIDField()
    kind = serializers.ChoiceField(WORD_KINDS)
    recipient = serializers.UUIDField(source="recipient_id")
    purpose = serializers.CharField()
    categories = serializers.ListField(child=serializers.CharField())
    given_by = serializers.UUIDField(source="given_by_id", allow_null=True, help_text="Null: the person herself.")
    form = serializers.CharField(allow_blank=True)
    collected_on = serializers.DateField()
    recorded_at = Instant()
    valid_until = Instant(allow_null=True)
    withheld = serializers.CharField(allow_blank=True)
    withdrawn_at = Instant(allow_null=True)
    in_error = serializers.BooleanField()


class WordRecorded(serializers.Serializer[Any]):
    """That it was recorded."""

    id = serializers.UUIDField()
    kind = serializers.ChoiceField(WORD_KINDS)
    recorded_at = Instant()


class WithdrawalWritten(StrictSerializer):
    """Who takes it back, and how it was said; no reason least of all."""

    speaker = serializers.CharField(max_length=40, required=False)
    form = serializers.ChoiceField(Form.choices)
    own_words = Text(most=600, lines=2, required=False, default="")


class WithdrawnShown(serializers.Serializer[Any]):
    """The withdrawal, and the communications whose use stops with it."""

    agreement = serializers.UUIDField()
    withdrawn_at = Instant()
    stopped = serializers.ListField(child=serializers.UUIDField())


class WithdrawnAll(serializers.Serializer[Any]):
    """Every agreement that was taken back."""

    withdrawals = WithdrawnShown(many=True)


class WhoDecides(ApiView):
    """Who decides."""

    scopes: ClassVar[dict[str, str]] = {"GET": Scope.CONSENT_READ}

    @extend_schema(operation_id="who_decides", responses=Speakers, tags=TAG)
    def get(self, request: Request, ref: str) -> Response:
        """Whose word counts for this person today: herself, or those who hold authority for her."""
        case = case_or_404(request, ref, action=OPENED)
        return Response(Speakers(speakers_for(case.person, clock.now())).data)


class TextToRead(ApiView):
    """The text that is read with her."""

    scopes: ClassVar[dict[str, str]] = {"GET": Scope.CONSENT_READ}
    query = WhichText

    @extend_schema(operation_id="text_to_read", responses=TextShown, tags=TAG)
    def get(self, request: Request, ref: str) -> Response:
        """The exact words to read with her before she answers; an act remembers its own."""
        case = case_or_404(request, ref, action=OPENED)
        said = self.asked
        minor = speakers_for(case.person, clock.now()).minor
        notice = acts.ACTS[said["act"]].notice
        code = acts.text_of(notice, minor=minor, form=said["form"], style=said["style"], language=said["language"])
        text = notices.TEXTS[code][-1]
        shown = {
            "code": code,
            "version": len(notices.TEXTS[code]),
            "digest": notices.digest_of(text),
            "sections": notices.filled(code, by=self.by, recipients=[said["recipient"]], purposes=[said["purpose"]]),
        }
        return Response(TextShown(shown).data)


class Words(ApiView):
    """Her word on a situation."""

    scopes: ClassVar[dict[str, str]] = {"GET": Scope.CONSENT_READ, "POST": Scope.CONSENT_WRITE}
    pagination_class = Paging

    @extend_schema(operation_id="words", responses=WordLine(many=True), tags=TAG)
    def get(self, request: Request, ref: str) -> Response:
        """What was recorded of her word on this situation, the newest first, by codes: what she said stays on the pages."""
        case = case_or_404(request, ref, action=OPENED)
        found: list[Any] = []
        for model in KINDS:
            found += model.objects.visible_to(self.by).filter(case=case)
        rows = sorted(found, key=lambda one: (one.recorded_at, one.pk), reverse=True)
        return self.page(rows, WordLine, self._lines)

    def _lines(self, rows: list[Any]) -> list[Any]:
        errors = invalidating.invalidations(rows[0].case, [one.pk for one in rows]) if rows else {}
        mistaken = Invalidation.objects.filter(withdrawal=OuterRef("pk"))
        taken_back = Withdrawal.objects.filter(~Exists(mistaken), consent__in=[one.pk for one in rows])
        taken = dict(taken_back.values_list("consent", "withdrawn_at"))
        for one in rows:
            one.kind = KINDS[type(one)]
            one.withheld = getattr(one, "exception", "")
            one.withdrawn_at = taken.get(one.pk)
            one.in_error = one.pk in errors
            if not isinstance(one, Consent):
                one.valid_until = None
        return rows

    @extend_schema(
        operation_id="word_record",
        request=WordWritten,
        responses={201: WordRecorded, (422, "application/problem+json"): Problem},
        tags=TAG,
        examples=[examples.WORD],
    )
    def post(self, request: Request, ref: str) -> Response:
        """Record what she says: an agreement, a refusal, an objection, that she was informed, or why not yet."""
        case = case_or_404(request, ref, action=OPENED)
        said = self.read(WordWritten)
        at = clock.now()
        speakers = speakers_for(case.person, at)
        act = next((one for one in acts.acts_for(minor=speakers.minor) if one.code == said["act"]), None)
        if act is None:
            raise Unprocessable(_("Cet acte n’existe pas pour cette personne."), "not_for_her")
        answers = {name: value for name, value in said.items() if name not in OF_THE_QUESTION}
        today = clock.day_of(at)
        if act.notice:
            answers = {"language": "fr", "collected_on": today} | answers
        form = act.form(answers, speakers=speakers, today=today)
        if unasked := sorted(set(answers) - set(form.fields)):
            raise ValidationError(
                {one: [ErrorDetail(_("Cet acte ne demande pas cela."), code="not_asked")] for one in unasked}
            )
        if not form.is_valid():
            raise wrong(form)
        scope = registry.Scope(
            case=case, recipient=said["recipient"], purpose=said["purpose"], categories=form.cleaned_data["categories"]
        )
        try:
            done = acts.said_to(
                act=act,
                form=form,
                scope=scope,
                minor=speakers.minor,
                by=self.by,
                at=at,
                style=said.get("style", notices.Style.STANDARD),
                language=said.get("text_language", notices.Language.FR),
            )
        except ScopeError as error:
            raise Unprocessable(str(error), "scope") from None
        row: PersonsWord = done.row
        told = {"id": row.pk, "kind": KINDS[type(row)], "recorded_at": row.recorded_at}
        return Response(WordRecorded(told).data, status=status.HTTP_201_CREATED)


def _form(said: dict[str, Any], people: dict[str, Any], givers: set[str]) -> WithdrawalForm:
    """The page's own form; where nobody but one may speak, whoever is named must be that one."""
    form = WithdrawalForm(said, speakers=[(code, one[0]) for code, one in people.items()], givers=givers)
    if not form.is_valid():
        raise wrong(form)
    if said.get("speaker") and said["speaker"] not in people:
        raise ValidationError({"speaker": [ErrorDetail(_("Choisissez qui retire l’accord."), code="invalid_choice")]})
    return form


def _told(done: withdrawal.Withdrawn) -> dict[str, Any]:
    return {
        "agreement": done.withdrawal.consent_id,
        "withdrawn_at": done.withdrawal.withdrawn_at,
        "stopped": [one.pk for one in done.told],
    }


class Withdrawing(ApiView):
    """She takes an agreement back."""

    scopes: ClassVar[dict[str, str]] = {"POST": Scope.CONSENT_WRITE}

    @extend_schema(
        operation_id="withdraw",
        request=WithdrawalWritten,
        responses={200: WithdrawnShown, (422, "application/problem+json"): Problem},
        tags=TAG,
    )
    def post(self, request: Request, ref: str, pk: uuid.UUID) -> Response:
        """Take one agreement back, at once: what was open closes, those who read are told. Twice is once."""
        case = case_or_404(request, ref, action=OPENED)
        consent = (
            Consent.objects.visible_to(self.by)
            .filter(case=case, pk=pk)
            .select_related("case", "recipient__professional", "recipient__institution", "given_by", "person")
            .first()
        )
        if consent is None:
            raise Http404
        said = self.read(WithdrawalWritten)
        if invalidating.invalidation_of(consent) is not None:
            raise over(_("Cet accord a été enregistré par erreur : il n’y a rien à retirer."), "recorded_in_error")
        people = takers(case, [consent.given_by])
        form = _form(said, people, {code_of(consent.given_by)})
        try:
            done = withdrawal.withdraw(
                consent=consent,
                form=said["form"],
                own_words=said["own_words"],
                given_by=people[form.said_by][1],
                by=self.by,
            )
        except withdrawal.NotWhoGave:
            sentence = _(
                "Cette personne n’avait pas donné cet accord : sa parole est un refus, à enregistrer comme tel."
            )
            raise Unprocessable(sentence, "not_who_gave") from None
        return Response(WithdrawnShown(_told(done)).data)


class WithdrawingAll(ApiView):
    """« Tout retirer »."""

    scopes: ClassVar[dict[str, str]] = {"POST": Scope.CONSENT_WRITE}

    @extend_schema(operation_id="withdraw_all", request=WithdrawalWritten, responses=WithdrawnAll, tags=TAG)
    def post(self, request: Request, ref: str) -> Response:
        """Take back every agreement in force in her institution: one withdrawal each, in one transaction."""
        case = case_or_404(request, ref, action=OPENED)
        said = self.read(WithdrawalWritten)
        standing = list(withdrawal.in_force(case, self.by, clock.now()))
        people = takers(case, [one.given_by for one in standing])
        form = _form(said, people, {code_of(one.given_by) for one in standing})
        done = withdrawal.withdraw_all(
            case=case, form=said["form"], own_words=said["own_words"], given_by=people[form.said_by][1], by=self.by
        )
        return Response(WithdrawnAll({"withdrawals": [_told(one) for one in done]}).data)
