"""What the pages of incidents show: the time left, what happened, who had opened, what must be asked. Never content."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from partners import wording
from partners.dates import instant
from partners.models import Membership
from partners.vocabulary import vocabulary
from sharing.models import DisclosedItem, Disclosure, Incident, IncidentAct, Recalled, Returned
from sharing.returning.openings import openings

HOUR = timedelta(hours=1)
SENSITIVE = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """An incident in the list."""

    incident: Incident
    what: str
    chip: dict[str, str]


def hours_in_words(span: timedelta) -> str:
    """« 2 jours et 5 heures », « 40 minutes »."""
    hours, minutes = span // HOUR, (span % HOUR) // timedelta(minutes=1)
    if not hours:
        return ngettext("%(many)d minute", "%(many)d minutes", minutes) % {"many": minutes}
    days, hours = divmod(hours, 24)
    in_hours = ngettext("%(many)d heure", "%(many)d heures", hours) % {"many": hours}
    if not days:
        return in_hours
    in_days = ngettext("%(many)d jour", "%(many)d jours", days) % {"many": days}
    return _("%(days)s et %(hours)s") % {"days": in_days, "hours": in_hours} if hours else in_days


def chip(incident: Incident, *, closed: bool, notified: bool, at: datetime) -> dict[str, str]:
    """Where its clock stands: it stops once the authority is told, or the incident closed."""
    if closed:
        return {"kind": "ended", "text": _("Clos")}
    if notified:
        return {"kind": "given", "text": _("CNIL notifiée")}
    if at >= incident.due_at:
        return {
            "kind": "overdue",
            "text": _("Délai dépassé de %(span)s") % {"span": hours_in_words(at - incident.due_at)},
        }
    left = hours_in_words(incident.due_at - at)
    urgent = incident.due_at - at < timedelta(hours=24)
    return {"kind": "urgent" if urgent else "pending", "text": _("Il reste %(span)s") % {"span": left}}


def rows(by: Membership, at: datetime) -> tuple[list[Row], list[Row]]:
    """Those to follow, the most urgent first, and those that are closed, the latest first; one statement."""

    def has(kind: str) -> Exists:
        return Exists(IncidentAct.objects.filter(incident=OuterRef("pk"), kind=kind))

    found = (
        Incident.objects.visible_to(by)
        .select_related("disclosure")
        .annotate(closed=has(IncidentAct.Kind.CLOSED), notified=has(IncidentAct.Kind.AUTHORITY_TOLD))
        .order_by("due_at", "reference")
    )
    made: list[tuple[bool, Row]] = []
    for one in found:
        flags: Any = one
        shown = chip(one, closed=flags.closed, notified=flags.notified, at=at)
        made.append((flags.closed, Row(incident=one, what=str(Incident.Kind(one.kind).label), chip=shown)))
    return [row for closed, row in made if not closed], [row for closed, row in made if closed][::-1]


def acts_of(incident: Incident) -> list[dict[str, str]]:
    """What was done, in order, each with who and when."""
    found = IncidentAct.objects.filter(incident=incident).select_related("by__professional", "by__institution")
    return [
        {
            "kind": one.kind,
            "what": str(IncidentAct.Kind(one.kind).label),
            "text": one.text,
            "at": instant(one.at),
            "who": f"{one.by.professional.full_name}, {one.by.institution.name}",
        }
        for one in found.order_by("entry")
    ]


def about(disclosure: Disclosure) -> dict[str, Any]:
    """The communication that it is about, by its labels: from whom, to whom, what families, how it ended, who had opened it."""
    categories = sorted(set(DisclosedItem.objects.filter(disclosure=disclosure).values_list("category", flat=True)))
    known = vocabulary().categories
    returned = (
        Returned.objects.filter(disclosure=disclosure).select_related("by__professional", "by__institution").first()
    )
    recalled = (
        Recalled.objects.filter(disclosure=disclosure).select_related("by__professional", "by__institution").first()
    )
    opened = openings(disclosure)
    closed = min((one.at for one in (returned, recalled) if one is not None), default=None)
    return {
        "disclosure": disclosure,
        "purpose": wording.purpose(disclosure.purpose),
        "categories": [wording.category(code) for code in categories],
        "sensitive": [
            wording.category(code) for code in categories if code in known and known[code].sensitivity >= SENSITIVE
        ],
        "openings": opened,
        "readers_bound": all(one.bound for one in opened),
        "returned": returned,
        "recalled": recalled,
        "closed_at": closed,
    }


def questions(shown: dict[str, Any] | None) -> list[dict[str, str]]:
    """What to weigh before telling the authority and the person: each question with what Tact knows of the answer.

    The text only gives the delay (RGPD art. 33) and the duty to tell (art. 34): where the threshold lies is the jurist's to say.
    """
    if shown is None:
        return _asked()
    read = _read_by(shown["openings"])
    bound = ""
    if shown["openings"]:
        bound = _("Oui, selon l’annuaire.") if shown["readers_bound"] else _("Non, ou pas pour tous, selon l’annuaire.")
    sensitive = (
        _("Oui : %(what)s.") % {"what": ", ".join(shown["sensitive"])}
        if shown["sensitive"]
        else _("Non, d’après les catégories.")
    )
    return [
        {"ask": _("L’information a-t-elle été lue, et par qui ?"), "known": read},
        {"ask": _("Qui l’a lue est-il tenu au secret ?"), "known": bound},
        {
            "ask": _("Touche-t-elle à ce qu’il y a de plus sensible : santé, violences, justice, parole d’un enfant ?"),
            "known": sensitive,
        },
        *_asked(),
    ]


def _asked() -> list[dict[str, str]]:
    return [
        {
            "ask": _("La personne ou ses proches courent-ils un danger de ce fait (adresse connue, représailles) ?"),
            "known": "",
        },
        {"ask": _("Peut-elle y perdre un droit, un logement, un emploi, sa place auprès des siens ?"), "known": ""},
        {"ask": _("Existe-t-il des copies hors de Tact : impression, note, répétition à d’autres ?"), "known": ""},
        {"ask": _("Cela peut-il se reproduire demain, pour la même raison ?"), "known": ""},
    ]


def _read_by(opened: Iterable[Any]) -> str:
    several = list(opened)
    if not several:
        return _("Non : personne ne l’avait ouverte.")
    return _("Oui : %(who)s.") % {
        "who": " ; ".join(
            _("%(who)s, le %(at)s") % {"who": one.who or _("quelqu’un du service"), "at": instant(one.first_at)}
            for one in several
        )
    }
