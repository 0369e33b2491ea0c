"""What the page of a request posts: read field by field, nothing of it trusted, nothing typed lost."""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases.models import Case
from consent.forms import ISO_DAY, open_categories
from partners.fields import PlainTextField
from partners.models import Membership, Reached
from partners.vocabulary import vocabulary
from sharing.asking.deciding import Wish
from sharing.composing import ANSWER, YES, Gap, known_purpose
from sharing.models import InformationRequest

DECISION_MOST, ROLE_MOST, ANSWER_MOST, REASON_MOST = 600, 300, 1500, 300
DECLARED = "declared"
LEAVE_OUT = "leave_out"
# What a check page carries from the form to the sending, as it was typed.
CARRIED = (
    "situation",
    "key",
    "purpose",
    "recipient",
    "categories",
    "decision_at_stake",
    "own_role",
    "needed_on",
    DECLARED,
)


class RequestForm(forms.Form):
    """The decision at stake, one's own role, by when. What is missing is said when one asks to read it again."""

    decision_at_stake = PlainTextField(
        label=gettext_lazy("Quelle décision en dépend ?"),
        help_text=gettext_lazy(
            "Ce qui ne pourra pas être décidé sans cette information. Votre partenaire lira cette phrase."
        ),
        most=DECISION_MOST,
        lines=3,
        error_messages={"required": gettext_lazy("Dites quelle décision dépend de cette information.")},
    )
    own_role = PlainTextField(
        label=gettext_lazy("Quel est votre rôle auprès de la personne, et dans cette décision ?"),
        most=ROLE_MOST,
        lines=2,
        error_messages={
            "required": gettext_lazy("Dites quel est votre rôle : votre partenaire doit savoir qui demande.")
        },
    )
    needed_on = forms.DateField(
        label=gettext_lazy("Pour quel jour ?"),
        help_text=gettext_lazy(
            "Le jour où la décision se prend. Passé ce jour, la demande se dit en retard ; rien d’autre."
        ),
        widget=forms.DateInput(format=ISO_DAY, attrs={"type": "date"}),
        error_messages={
            "required": gettext_lazy("Dites pour quel jour il vous faut une réponse."),
            "invalid": gettext_lazy("Écrivez la date ainsi : 21/11/2026."),
        },
    )

    def __init__(self, *args: Any, today: date, **options: Any) -> None:
        super().__init__(*args, **options)
        self.today = today
        self.fields["needed_on"].widget.attrs["min"] = today.isoformat()

    def clean_needed_on(self) -> date:
        day: date = self.cleaned_data["needed_on"]
        if day < self.today:
            raise ValidationError(_("Choisissez aujourd’hui ou un jour à venir."))
        return day


class UnnamedForm(forms.Form):
    """« Voici, sans le nom »."""

    text = PlainTextField(
        label=gettext_lazy("Ce que vous pouvez dire sans nommer la personne"),
        help_text=gettext_lazy(
            "Qui demande sait de qui il s’agit : ce qui ne vaut que pour cette personne se communique, et se décide. Ici, ce "
            "que vous feriez pour n’importe qui. Ni nom, ni date, ni adresse, ni numéro : le texte est comparé à ce qui "
            "l’identifie."
        ),
        most=ANSWER_MOST,
        lines=4,
        error_messages={"required": gettext_lazy("Écrivez ce que vous pouvez dire sans nommer la personne.")},
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """A request as it is being written."""

    case: Case
    key: uuid.UUID
    purpose: str = ""
    asked: Membership | None = None
    categories: tuple[str, ...] = ()
    circumstances: tuple[str, ...] = ()
    form: RequestForm
    search: str = ""
    purpose_search: str = ""
    given: Mapping[str, Any] = field(default_factory=dict)

    @property
    def wish(self) -> Wish | None:
        """What can be decided on; None while a purpose, somebody or a category is missing."""
        if not (self.purpose and self.asked and self.categories):
            return None
        return Wish(
            case=self.case,
            asked=self.asked,
            purpose=self.purpose,
            categories=self.categories,
            circumstances=self.circumstances,
            decision_at_stake=self._said("decision_at_stake"),
            own_role=self._said("own_role"),
            needed_on=getattr(self.form, "cleaned_data", {}).get("needed_on"),
        )

    def _said(self, name: str) -> str:
        cleaned = getattr(self.form, "cleaned_data", {})
        return str(cleaned.get(name, self.given.get(name, "")) or "")

    def gaps(self) -> list[Gap]:
        """What is to be completed, apart from the form's own fields."""
        found = []
        if not self.purpose:
            found.append(Gap(_("Dites pour quoi faire : choisissez une finalité."), "purpose"))
        if self.asked is None:
            found.append(Gap(_("Dites à qui : choisissez un partenaire."), "recipient"))
        if not self.categories:
            found.append(Gap(_("Choisissez au moins une sorte d’information."), "id_categories"))
        return found


def typed_in(posted: QueryDict, *, case: Case, by: Membership, today: date) -> Typed:
    """Read what the page posts."""
    form = RequestForm(posted, today=today)
    form.full_clean()
    purpose = posted.get("purpose", "")
    left_out = set(posted.get(LEAVE_OUT, "").split(","))
    return Typed(
        case=case,
        key=_uuid(posted.get("key", "")) or uuid.uuid4(),
        purpose=purpose if known_purpose(purpose) else "",
        asked=partner(posted.get("recipient", ""), by=by),
        categories=_known(posted.getlist("categories"), left_out),
        circumstances=_declared(posted),
        form=form,
        search=posted.get("q", "")[:80],
        purpose_search=posted.get("pq", "")[:80],
        given={name: posted.get(name, "") for name in RequestForm.base_fields},
    )


def taken_up(row: InformationRequest | None, *, case: Case, by: Membership, today: date) -> Typed:
    """A blank page, or one that takes up a request that was stopped."""
    initial: dict[str, Any] = {}
    if row is not None:
        initial = {"decision_at_stake": row.decision_at_stake, "own_role": row.own_role}
        if row.needed_on and row.needed_on >= today:
            initial["needed_on"] = row.needed_on
    return Typed(
        case=case,
        key=uuid.uuid4(),
        purpose=row.purpose if row and known_purpose(row.purpose) else "",
        asked=partner(str(row.asked_id), by=by) if row else None,
        categories=_known(row.categories, set()) if row else (),
        form=RequestForm(initial=initial, today=today),
        given=initial,
    )


def partner(value: str, *, by: Membership) -> Membership | None:
    """Somebody of the directory who can be asked: another institution's, with an account. None for anything else."""
    pk = _uuid(value)
    if pk is None:
        return None
    return (
        Membership.objects.visible_to(by)
        .exclude(institution=by.institution_id)
        .exclude(professional=by.professional_id)
        .filter(reached_by=Reached.IN_APP, pk=pk)
        .select_related("professional", "institution")
        .first()
    )


def _uuid(value: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(value)
    except ValueError:
        return None


def _known(codes: Iterable[str], left_out: set[str]) -> tuple[str, ...]:
    """Those of the rulebook that may be asked for, in its order."""
    wanted = set(codes) - left_out
    return tuple(code for code in open_categories() if code in wanted)


def _declared(posted: QueryDict) -> tuple[str, ...]:
    """The circumstances declared: those carried, unless answered otherwise now, and those answered yes."""
    known = {code for code, word in vocabulary().circumstances.items() if word.source == "declared"}
    answered = {name.removeprefix(ANSWER): value for name, value in posted.items() if name.startswith(ANSWER)}
    carried = {code for code in posted.get(DECLARED, "").split(",") if code not in answered}
    return tuple(sorted((carried | {code for code, value in answered.items() if value == YES}) & known))
