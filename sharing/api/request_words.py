"""A request as programs write it and read it."""

from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError

from consent.forms import open_categories
from partners import clock
from partners.models import Reached
from sharing import composing
from sharing.api.deciding import DecisionShown
from sharing.api.schema import Problem
from sharing.api.strict import StrictSerializer
from sharing.api.words import Category, Circumstance, Instant, Purpose, Somebody, Someone, Text
from sharing.asking import doors
from sharing.asking.forms import ANSWER_MOST, DECISION_MOST, REASON_MOST, ROLE_MOST
from sharing.asking.standing import OUTCOMES, STOPPED, turn_of
from sharing.models import RequestAct

Kind = RequestAct.Kind
ENDINGS = [kind.value for kind in RequestAct.ENDING]
ANSWERS = [kind.value for kind in (Kind.DECLINED, Kind.ASK_HER, Kind.WITHOUT_NAME)]
STATES = ["sent", "opened", *ENDINGS, STOPPED]


class WhichRequests(StrictSerializer):
    """On which side, in which state."""

    side = serializers.ChoiceField([doors.RECEIVED, doors.SENT], required=False, default=doors.RECEIVED)
    state = serializers.ChoiceField(STATES, required=False)


class RequestLine(serializers.Serializer[Any]):
    """A line: a reference, both sides, a purpose, dates; never the person."""

    id = serializers.UUIDField()
    reference = serializers.CharField()
    asker = Somebody()
    asked = Somebody()
    purpose = serializers.CharField()
    precision = serializers.SerializerMethodField()
    state = serializers.ChoiceField(STATES)
    turn = serializers.SerializerMethodField(help_text="asked, asker, or empty where it is over")
    sent_at = Instant()
    needed_on = serializers.DateField(allow_null=True)
    opened_at = Instant(allow_null=True)
    ended_at = Instant(allow_null=True)

    def get_precision(self, one: Any) -> bool:
        """Whether it asks a precision on a communication."""
        return one.about_id is not None

    def get_turn(self, one: Any) -> str:
        """Whose turn it is."""
        if one.state in OUTCOMES and one.outcome_seen_at is None:
            return "asker"
        return turn_of(one.state)


class OutcomeShown(serializers.Serializer[Any]):
    """What became of it: its words for who may still read the content."""

    kind = serializers.ChoiceField(ENDINGS)
    by = Somebody()
    at = Instant()
    text = serializers.CharField(allow_blank=True)
    hidden = serializers.BooleanField(help_text="There are words, which one may no longer read.")
    disclosure = serializers.UUIDField(allow_null=True)
    seen = serializers.BooleanField()


class RequestShown(RequestLine):
    """What is asked, as far as whoever reads may know it."""

    person = serializers.CharField(allow_null=True)
    situation = serializers.CharField(allow_null=True)
    about = serializers.UUIDField(allow_null=True, help_text="The communication on which a precision is asked.")
    categories = serializers.ListField(child=serializers.CharField())
    decision_at_stake = serializers.CharField(allow_blank=True, allow_null=True)
    own_role = serializers.CharField(allow_blank=True, allow_null=True)
    stopped = serializers.CharField(allow_blank=True, help_text="Why it reached nobody; empty where it was sent.")
    outcome = OutcomeShown(allow_null=True)


class WishWritten(StrictSerializer):
    """What one would ask, of whom, on the person of one of one's situations."""

    situation = serializers.RegexField("^[0-9]{4}-[0-9]{4,9}$")
    asked = Someone()
    purpose = Purpose()
    categories = serializers.ListField(child=Category(), min_length=1, max_length=24)
    decision_at_stake = Text(most=DECISION_MOST, lines=3)
    own_role = Text(most=ROLE_MOST, lines=2)
    needed_on = serializers.DateField()
    circumstances = serializers.ListField(child=Circumstance(), required=False, default=list, max_length=60)

    def validate_asked(self, one: Any) -> Any:
        """Another institution's, with an account."""
        if one.institution_id == self.context["by"].institution_id or one.reached_by != Reached.IN_APP:
            raise ValidationError(
                [ErrorDetail(_("On ne demande ainsi qu’à un partenaire qui a un compte."), code="not_a_partner")]
            )
        return one

    def validate_categories(self, codes: list[str]) -> list[str]:
        """Those that may be asked for."""
        if set(codes) - set(open_categories()):
            raise ValidationError([ErrorDetail(_("Cette sorte d’information ne se demande pas."), code="not_to_ask")])
        return codes

    def validate_circumstances(self, codes: list[str]) -> list[str]:
        """Those that one declares."""
        if set(codes) - composing.declared():
            raise ValidationError([ErrorDetail(_("Cette circonstance ne se déclare pas."), code="not_declared")])
        return codes

    def validate_needed_on(self, day: date) -> date:
        """Today, or a day to come."""
        if day < clock.day_of(clock.now()):
            raise ValidationError([ErrorDetail(_("Choisissez aujourd’hui ou un jour à venir."), code="past")])
        return day


class RequestWritten(WishWritten):
    """And what was seen: the `fingerprint` of the preview."""

    fingerprint = serializers.CharField(max_length=400)


class RequestPreview(serializers.Serializer[Any]):
    """May the one asked answer? `stopped`: why it would reach nobody, whatever the texts say."""

    stopped = serializers.CharField(allow_blank=True)
    why = serializers.CharField(allow_blank=True)
    decision = DecisionShown()
    fingerprint = serializers.CharField(allow_null=True)


class RequestChanged(Problem):
    """409: nothing was asked; what would become of it now."""

    preview = RequestPreview()


class RequestMade(serializers.Serializer[Any]):
    """What became of it: sent; or stopped, kept with its reason, and known to nobody else."""

    id = serializers.UUIDField()
    reference = serializers.CharField()
    outcome = serializers.ChoiceField(["sent", "stopped"])
    stopped = serializers.CharField(allow_blank=True)


class AnswerWritten(StrictSerializer):
    """One of the answers that need no communication."""

    kind = serializers.ChoiceField(ANSWERS)
    text = Text(most=ANSWER_MOST, lines=4, required=False, default="")

    def validate(self, said: dict[str, Any]) -> dict[str, Any]:
        """« Voici, sans le nom » says something; a « non » needs no reason, and a short one where it has one."""
        if said["kind"] == Kind.WITHOUT_NAME and not said["text"]:
            sentence = _("Écrivez ce que vous pouvez dire sans nommer la personne.")
            raise ValidationError({"text": [ErrorDetail(sentence, code="required")]})
        if said["kind"] != Kind.WITHOUT_NAME and len(said["text"]) > REASON_MOST:
            raise ValidationError({"text": [ErrorDetail(_("Raccourcissez ce texte."), code="too_long")]})
        return said


class Moved(serializers.Serializer[Any]):
    """What was just done of it."""

    id = serializers.UUIDField(source="request_id")
    kind = serializers.CharField()
    at = Instant()
