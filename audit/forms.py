"""What the auditor may search by: an action, a period, a pseudonym, a verdict."""

import re
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.db import connection
from django.db.models import Exists, F, Func, IntegerField, OuterRef, Q, Value
from django.db.models.lookups import GreaterThan
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from . import heads
from .models import Leaf
from .wording import ACTIONS, FAMILIES, VERDICTS, of_family

PREFIX = re.compile(r"[0-9a-f]{8,32}")
NUMBER = re.compile(r"\d{4}-\d{4,}")
HYPHENS_AFTER = (8, 12, 16, 20)
# The index of actions narrows it to one entry a situation.
CASE_OF_NUMBER = """
    SELECT e.case_ref FROM audit_entry e JOIN audit_payload p ON p.entry_id = e.id
    WHERE e.action = 'case.opened' AND convert_from(p.body, 'UTF8')::jsonb ->> 'reference' = %s
    ORDER BY e.id LIMIT 1
"""
Bounds = tuple[UUID, UUID]


class PseudonymField(forms.CharField):
    """A reference, whole or by its first eight characters at least; cleaned to the first and last that begin so."""

    default_error_messages = {
        "pseudonym": _("Écrivez au moins les huit premiers caractères d’une référence (chiffres, et lettres de a à f).")
    }

    def __init__(self, **options: Any) -> None:
        super().__init__(required=False, max_length=36, **options)

    def clean(self, value: Any) -> Bounds | None:
        """The range of references to look for, None where nothing is asked. Raises ValidationError."""
        text = str(super().clean(value)).lower().replace("-", "")
        if not text:
            return None
        if not PREFIX.fullmatch(text):
            raise forms.ValidationError(self.default_error_messages["pseudonym"], code="pseudonym")
        return UUID(text.ljust(32, "0")), UUID(text.ljust(32, "f"))


class CaseField(PseudonymField):
    """A situation, by its reference in the trail or by the number that people write (« 2026-0143 »)."""

    def clean(self, value: Any) -> Bounds | None:
        """As for a pseudonym; a number is looked up in what was recorded as the situation was opened."""
        number = str(value or "").strip()
        if not NUMBER.fullmatch(number):
            return super().clean(value)
        with connection.cursor() as cursor:
            cursor.execute(CASE_OF_NUMBER, [number])
            found = cursor.fetchone()
        if found is None:
            raise forms.ValidationError(_("Aucune situation de ce numéro dans le journal."), code="unknown")
        return found[0], found[0]


def _day(label: Any) -> forms.DateField:
    return forms.DateField(
        label=label,
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )


class CitedField(forms.CharField):
    """Any reference that an entry cites (an institution, a recipient, a person), by its first eight characters at least.

    Cleaned to the bytes that an entry's body holds where it cites it: an opening quote, and the reference as it is written there.
    """

    def clean(self, value: Any) -> bytes | None:
        """The bytes to look for, None where nothing is asked. Raises ValidationError."""
        text = str(super().clean(value)).lower().replace("-", "")
        if not text:
            return None
        if not PREFIX.fullmatch(text):
            raise forms.ValidationError(PseudonymField.default_error_messages["pseudonym"], code="pseudonym")
        whole = str(UUID(text.ljust(32, "0")))
        return f'"{whole[: len(text) + sum(len(text) > cut for cut in HYPHENS_AFTER)]}'.encode()


def _actions() -> list[tuple[str, Any]]:
    return [("", _("Tout")), *ACTIONS.items()]


def _families() -> list[tuple[str, Any]]:
    return [("", _("Tout")), *((code, label) for code, (label, _begins) in FAMILIES.items())]


def _verdicts() -> list[tuple[str, Any]]:
    return [("", _("Toutes")), *((code, label) for code, (label, _actions) in VERDICTS.items())]


class SearchForm(forms.Form):
    """What the two registers share: a period, somebody, a situation."""

    since = _day(_("Du"))
    until = _day(_("Au"))
    actor = PseudonymField(label=_("Qui agit"), help_text=_("Les premiers caractères de sa référence."))
    case = CaseField(label=_("Situation"), help_text=_("Son numéro, ou les premiers caractères de sa référence."))

    def period(self) -> Q:
        """From the first instant of the first day to the last of the last one, in Paris."""
        since, until = self.cleaned_data["since"], self.cleaned_data["until"]
        within = Q()
        if since:
            within &= Q(at__gte=_start_of(since))
        if until:
            within &= Q(
                at__lt=_start_of(until + timedelta(days=1)) if until < date.max else datetime.max.replace(tzinfo=UTC)
            )
        return within

    def case_asked(self) -> Q:
        """Those of the situation asked for."""
        bounds: Bounds | None = self.cleaned_data["case"]
        return Q(case_ref__range=bounds) if bounds else Q()

    def actor_asked(self) -> Bounds | None:
        """The range of references of whoever is asked for."""
        bounds: Bounds | None = self.cleaned_data["actor"]
        return bounds


class TrailForm(SearchForm):
    """A search in the trail."""

    family = forms.ChoiceField(label=_("De quoi il s’agit"), required=False, choices=_families)
    action = forms.ChoiceField(label=_("Ce qui s’est passé"), required=False, choices=_actions)
    verdict = forms.ChoiceField(label=_("Réponse"), required=False, choices=_verdicts)
    sealed = forms.ChoiceField(
        label=_("Scellement"),
        required=False,
        choices=[("", _("Toutes")), ("yes", _("Scellées")), ("no", _("Pas encore scellées"))],
    )
    cited = CitedField(
        label=_("Référence citée"),
        required=False,
        max_length=36,
        help_text=_("Une institution, un destinataire, une personne : les premiers caractères de sa référence."),
    )
    field_order = ("family", "action", "verdict", "since", "until", "actor", "case", "cited", "sealed")

    def condition(self) -> Q:
        """Everything asked for, together. Only once the form is valid."""
        asked = self.period() & self.case_asked()
        if bounds := self.actor_asked():
            asked &= Q(actor_ref__range=bounds)
        if action := self.cleaned_data["action"]:
            asked &= Q(action=action)
        if verdict := self.cleaned_data["verdict"]:
            asked &= Q(action__in=VERDICTS[verdict][1])
        if family := self.cleaned_data["family"]:
            asked &= Q(action__in=of_family(family))
        if cited := self.cleaned_data["cited"]:
            # Bytes, not text: an entry that somebody altered may be no text any more, and is looked through all the same.
            place = Func(Value(cited), F("body"), function="position", arg_joiner=" IN ", output_field=IntegerField())
            asked &= Q(GreaterThan(place, 0))
        if sealed := self.cleaned_data["sealed"]:
            leaf = Q(Exists(Leaf.objects.filter(entry_ref=OuterRef("pk"))))
            asked &= leaf if sealed == "yes" else ~leaf & since_last_horizon()
        return asked


def since_last_horizon() -> Q:
    """Below it everything is sealed: what is not is looked for above, by index."""
    with connection.cursor() as cursor:
        cursor.execute(heads.LAST_HORIZON)
        row = cursor.fetchone()
    return Q(xid__gte=row[0]) if row else Q()


class AccessForm(SearchForm):
    """A search in the access log."""

    granted = forms.ChoiceField(
        label=_("Accès"),
        required=False,
        choices=[("", _("Tous")), ("yes", _("Accordés")), ("no", _("Refusés"))],
    )
    field_order = ("granted", "since", "until", "actor", "case")

    def condition(self) -> Q:
        """Everything asked for, together. Only once the form is valid."""
        asked = self.period() & self.case_asked()
        if bounds := self.actor_asked():
            asked &= Q(membership_ref__range=bounds) | Q(professional_ref__range=bounds)
        if granted := self.cleaned_data["granted"]:
            asked &= Q(granted=granted == "yes")
        return asked


def _start_of(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min), timezone.get_default_timezone())
