"""Who takes over each situation, and each request that still waits."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partners.fields import PlainTextField
from partners.models import Membership
from partners.tending import SENTENCE_MOST
from sharing.leaving.left import Followed, Waiting

LATER, CLOSE = "", "close"
EVERYTHING = "everything"


class HandoverForm(forms.Form):
    """For each situation and each request: later, somebody, or nobody; and why, once.

    A request about a situation goes with it, unless something else is chosen.
    """

    why = PlainTextField(
        label=gettext_lazy("Pourquoi"),
        help_text=gettext_lazy("Une phrase, que le journal garde et que lira la personne qui reprend."),
        most=SENTENCE_MOST,
        error_messages={"required": gettext_lazy("Dites pourquoi, en une phrase : le journal la garde.")},
    )

    use_required_attribute = False

    def __init__(
        self,
        *args: Any,
        followed: Sequence[Followed],
        waiting: Sequence[Waiting],
        colleagues: Sequence[Membership],
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        self.followed = {f"case_{one.assignment.pk}": one for one in followed}
        self.waiting = {f"request_{one.request.pk}": one for one in waiting}
        of_cases: dict[UUID | None, str] = {one.assignment.case_id: name for name, one in self.followed.items()}
        self.goes_with = {name: of_cases.get(one.case, "") for name, one in self.waiting.items()}
        self.by_id = {str(one.pk): one for one in colleagues}
        here = {"invalid_choice": _("Choisissez dans la liste : cette personne ne travaille plus dans votre service.")}
        everybody = forms.ChoiceField(
            label=_("Tout confier à la même personne"),
            help_text=_("Sauf ce pour quoi vous choisissez autre chose ci-dessous."),
            required=False,
            error_messages=here,
        )
        people = [(key, f"{one.professional.full_name}, {one.job_title}") for key, one in self.by_id.items()]
        everybody.choices = [("", _("Non, une par une")), *people]
        if len(self.followed) + len(self.waiting) > 1 and people:
            self.fields[EVERYTHING] = everybody
        for name, one in self.followed.items():
            self.fields[name] = forms.ChoiceField(
                label=_("Situation %(reference)s") % {"reference": one.assignment.case.reference},
                choices=[(LATER, _("Plus tard")), *people, (CLOSE, _("À personne : mettre fin, sans relais"))],
                required=False,
                error_messages=here,
            )
        for name, waits in self.waiting.items():
            first = _("Avec la situation %(reference)s") % {"reference": waits.case_reference}
            self.fields[name] = forms.ChoiceField(
                label=_("Demande %(reference)s") % {"reference": waits.request.reference},
                choices=[
                    (LATER, first if self.goes_with[name] else _("Plus tard")),
                    *people,
                    (CLOSE, _("À personne : la clore, en prévenant l’autre service")),
                ],
                required=False,
                error_messages=here,
            )
        self.order_fields([EVERYTHING, *self.followed, *self.waiting, "why"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not self.errors and not any(cleaned.get(name) for name in (EVERYTHING, *self.followed, *self.waiting)):
            raise forms.ValidationError(
                _("Choisissez qui reprend au moins une situation ou une demande, ou revenez plus tard.")
            )
        return cleaned

    def lines(self) -> list[tuple[Followed, forms.BoundField]]:
        """Each situation with its field."""
        return [(one, self[name]) for name, one in self.followed.items()]

    def requests(self, *, hers: bool) -> list[tuple[Waiting, forms.BoundField]]:
        """Each request that she asked (`hers`), or that was asked of her, with its field."""
        return [(one, self[name]) for name, one in self.waiting.items() if one.hers == hers]

    def asked_by_her(self) -> list[tuple[Waiting, forms.BoundField]]:
        """Those that she asked."""
        return self.requests(hers=True)

    def asked_of_her(self) -> list[tuple[Waiting, forms.BoundField]]:
        """Those asked of her."""
        return self.requests(hers=False)

    def decided(self) -> list[tuple[str, Followed, Membership | None]]:
        """What was chosen of situations, those left for later apart."""
        return [(name, one, self._who(name)) for name, one in self.followed.items() if self._told(name)]

    def decided_requests(self) -> list[tuple[str, Waiting, Membership | None]]:
        """What was chosen of requests, those left for later apart."""
        return [(name, one, self._who(name)) for name, one in self.waiting.items() if self._told(name)]

    def by_default(self, name: str) -> bool:
        """Whether nothing was chosen for this request alone: it goes where its situation goes, or where everything goes."""
        return not self.cleaned_data[name]

    def _told(self, name: str) -> str:
        chosen: str = self.cleaned_data[name]
        goes_with = self.goes_with.get(name, "")
        return chosen or (self._told(goes_with) if goes_with else self.cleaned_data.get(EVERYTHING, LATER))

    def _who(self, name: str) -> Membership | None:
        return self.by_id.get(self._told(name))

    def everything(self) -> forms.BoundField | None:
        """The field that entrusts all of it at once, where there are several."""
        return self[EVERYTHING] if EVERYTHING in self.fields else None
