"""Everything that happened, in order: her words and their ends, what was communicated, read, taken back. Seven statements."""

import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from cases.models import Case
from consent.counting import counting, with_stop
from consent.models import Consent, Objection, PriorInformation, Refusal
from partners import dates
from partners.models import Institution, Reached
from partners.vocabulary import vocabulary
from sharing.knows import Told, families_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One line of the table: when, what, towards whom, about which families, and where it can be read."""

    at: datetime
    chip: str
    what: str
    towards: Institution
    who: str
    families: tuple[str, ...]
    url: str


def consents_of(case: Case) -> list[Any]:
    """The agreements that this institution recorded of the person, each with when it was taken back or found in error.

    Towards whom she agreed elsewhere is the secret of who recorded it, even where one sheet of her answers a request.
    """
    return list(_recorded_here(with_stop(Consent.objects.all()), case))


def against(case: Case) -> list[Refusal | Objection]:
    """Her refusals and objections that this institution recorded, the newest first; two statements."""
    said = [one for model in (Refusal, Objection) for one in _recorded_here(counting(model.objects.all()), case)]
    return sorted(said, key=lambda one: one.recorded_at, reverse=True)


def told_to_her(case: Case) -> list[PriorInformation]:
    """What she was told beforehand, or was not told yet."""
    return list(_recorded_here(counting(PriorInformation.objects.all()), case))


def _recorded_here(words: QuerySet, case: Case) -> QuerySet:
    return words.filter(person=case.person_id, case__institution=case.institution_id).select_related(
        "recipient__professional", "recipient__institution", "case"
    )


def events(
    *,
    told: Iterable[Told],
    consents: Iterable[Any],
    no: Iterable[Refusal | Objection],
    informed: Iterable[PriorInformation],
    at: datetime,
) -> list[Event]:
    """All of it, the newest first; what is not yet over at this instant has no end."""
    found = [event for one in told for event in _of_disclosure(one, at)]
    found += [event for one in consents for event in _of_consent(one, at)]
    found += [_word(one, "refused", _("Opposition") if isinstance(one, Objection) else _("Refus")) for one in no]
    found += [
        _word(
            one, "pending" if one.exception else "given", _("Information différée") if one.exception else _("Informée")
        )
        for one in informed
    ]
    return sorted(found, key=lambda event: event.at, reverse=True)


def _labels(codes: Iterable[str]) -> tuple[str, ...]:
    families = vocabulary().families
    held = set(codes)
    return tuple(_(one.label) for code, one in families.items() if code in held)


def _of_disclosure(one: Told, at: datetime) -> Iterator[Event]:
    sent = one.disclosure
    around = {
        "towards": sent.recipient.institution,
        "who": sent.recipient.professional.formal_name or sent.recipient.professional.full_name,
        "families": _labels(one.families),
        "url": reverse("sharing:sent_one", args=[sent.pk]),
    }
    urgent = one.urgent
    said = _("Communiqué de vive voix") if sent.channel == Reached.SPOKEN else _("Communiqué")
    yield Event(
        at=sent.said_at or sent.released_at,
        chip="urgent" if urgent else "given",
        what=_("Communiqué en urgence") if urgent else said,
        **around,
    )
    if sent.opened_at is not None:
        yield Event(at=sent.opened_at, chip="read", what=_("Lu"), **around)
    if one.closed is not None:
        when, what = one.closed
        yield Event(at=when, chip="ended", what=what.capitalize(), **around)
    elif sent.channel == Reached.IN_APP and sent.access_until is not None and sent.access_until <= at:
        yield Event(at=sent.access_until, chip="ended", what=_("Lecture terminée"), **around)


def _of_consent(one: Any, at: datetime) -> Iterator[Event]:
    until = _("Accord donné, jusqu’au %(day)s") % {"day": dates.last_day(one.valid_until)}
    yield _word(one, "given", until)
    if one.withdrawn_at is not None:
        yield _word(one, "ended", _("Accord retiré"), at=one.withdrawn_at)
    elif one.in_error_at is not None:
        yield _word(one, "ended", _("Accord enregistré par erreur"), at=one.in_error_at)
    elif one.valid_until <= at:
        yield _word(one, "ended", _("Accord terminé"), at=one.valid_until)


def _word(one: Any, chip: str, what: str, *, at: datetime | None = None) -> Event:
    return Event(
        at=at or one.recorded_at,
        chip=chip,
        what=what,
        towards=one.recipient.institution,
        who=one.recipient.professional.formal_name or one.recipient.professional.full_name,
        families=_labels(families_of(one.categories)),
        url=reverse("consent:list", args=[one.case.reference]),
    )


def towards(every: Iterable[Event]) -> dict[uuid.UUID, str]:
    """The institutions of these events, for the filter, by name."""
    return dict(sorted({event.towards.pk: event.towards.name for event in every}.items(), key=lambda pair: pair[1]))
