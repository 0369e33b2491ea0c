"""What pages say of duties: what is to be done, for which situation, by when in words, since which communication, where."""

import uuid
from collections.abc import Container, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cases.models import Assignment, Case
from cases.standing import stands
from partners.clock import PARIS, day_of, last_day, start_of
from partners.models import Membership
from partners.vocabulary import vocabulary
from sharing.models import DecisionRecord, Disclosure, Duty, DutyAct, DutyQuerySet
from sharing.owing import EXCEPTION, SOON, Owed, in_order, states
from sharing.panel import ALWAYS_DUE

SHOWN = 8
RECENTLY_DAYS = 30
# What the pages of the person's word call the act that discharges; "" where whichever act will do.
WORD_ACTS = {
    "information": "information",
    "exception": "postponed",
    "child_heard": "information",
    "objection": "objection",
    "written_agreement": "agreement",
    "her_word": "",
}
FOR_CHILDREN = {"exception"}


def due_in_words(due_at: datetime | None, at: datetime) -> str:
    """« aujourd’hui », « dans 2 jours », « en retard de 3 jours »; days are counted on the calendar of Paris."""
    if due_at is None:
        return _("dès que possible")
    days = (last_day(due_at) - day_of(at)).days
    if due_at <= at:
        if not days:
            return _("en retard depuis %(time)s") % {"time": date_format(due_at.astimezone(PARIS), "H:i")}
        return ngettext("en retard d’un jour", "en retard de %(days)d jours", -days) % {"days": -days}
    if days:
        return _("demain") if days == 1 else _("dans %(days)d jours") % {"days": days}
    if due_at == start_of(day_of(due_at)):
        return _("aujourd’hui")
    return _("aujourd’hui, avant %(time)s") % {"time": date_format(due_at.astimezone(PARIS), "H:i")}


def due_exactly(due_at: datetime) -> str:
    """« le 21 novembre 2026 » for the whole of a day, « le 21 novembre 2026, 14:32 » otherwise."""
    if due_at == start_of(day_of(due_at)):
        return date_format(last_day(due_at), "j F Y")
    return date_format(due_at.astimezone(PARIS), "j F Y, H:i")


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A duty as a list shows it. `kind` and `due` are its chip; `where` and `since` name a situation and a communication."""

    owed: Owed
    text: str
    kind: str
    due: str
    exactly: str
    where: str
    since: str
    towards: str
    owner: str
    url: str = ""


def line(owed: Owed, at: datetime, *, mine: bool = False, followers: Container[uuid.UUID] = ()) -> Line:
    """`mine`: said to whoever owes it, with the way to do it; otherwise said of her (`followers`: who follows the case)."""
    record, done = owed.duty.record, owed.done_at
    late = owed.late(at)
    if not owed.to_do:
        kind, due = "read", _("tant que dure la communication")
    elif done is not None:
        kind, due = "given", _("fait le %(day)s") % {"day": date_format(done.astimezone(PARIS), "j F Y")}
    else:
        urgent = owed.due_at is not None and owed.due_at <= at + SOON
        kind = "overdue" if late else "pending" if urgent else "ended"
        due = _("maintenant") if owed.now(at) else due_in_words(owed.due_at, at)
    sent = owed.disclosure
    to_recipient = owed.duty.owed_by == "recipient"
    return Line(
        owed=owed,
        text=owed.word.to_do if owed.to_do else owed.word.label,
        kind=kind,
        due=due,
        exactly=due_exactly(owed.due_at) if owed.due_at and owed.waiting else "",
        # The sender's own reference of a situation is not the recipient's to know.
        where="" if to_recipient and mine else record.case.reference,
        since=sent.reference if sent else "",
        towards=(record.author if to_recipient and mine else record.recipient).institution.name,
        owner="" if mine else owner_of(owed.duty, followers),
        url=reverse("sharing:duty", args=[owed.duty.pk]) if mine and owed.to_do else "",
    )


def owner_of(duty: Duty, followers: Container[uuid.UUID]) -> str:
    """Who owes it, in a few words."""
    record = duty.record
    match duty.owed_by:
        case "author":
            if record.author_id in followers:
                return record.author.professional.full_name
            return _("qui suit la situation")
        case "recipient":
            who = record.recipient.professional
            return f"{who.formal_name or who.full_name}, {record.recipient.institution.name}"
        case "reviewer":
            return _("qui donne un avis, %(place)s") % {"place": record.author.institution.name}
        case _:
            return _("qui répond des informations, %(place)s") % {"place": record.author.institution.name}


def to_be_done(by: Membership) -> DutyQuerySet:
    """The acts that this membership owes, done or not; what lasts is left out."""
    lasting = [code for code, word in vocabulary().duties.items() if word.kept]
    return Duty.objects.visible_to(by).exclude(code__in=lasting)


def of_membership(by: Membership, at: datetime) -> dict[str, list[Line]]:
    """What this membership owes: late, due within a week, later, done lately."""
    found = states(to_be_done(by))
    waiting = [line(one, at, mine=True) for one in in_order(found, at)]
    soon = [one for one in waiting if not one.owed.late(at) and (one.owed.due_at or at) <= at + SOON]
    done = sorted(
        (one for one in found if one.done_at is not None and (at - one.done_at).days < RECENTLY_DAYS),
        key=lambda one: one.done_at or at,
        reverse=True,
    )
    return {
        "late": [one for one in waiting if one.owed.late(at)],
        "soon": soon,
        "later": [one for one in waiting if one.owed.due_at is not None and one.owed.due_at > at + SOON],
        "done": [line(one, at, mine=True) for one in done],
    }


def nearest(found: Iterable[Owed], at: datetime) -> dict[str, Any] | None:
    """Of what she owes, for « À faire aujourd’hui »: the nearest first, how many in all and late; None where there is none."""
    waiting = in_order(found, at)
    if not waiting:
        return None
    return {
        "lines": [line(one, at, mine=True) for one in waiting[:SHOWN]],
        "count": len(waiting),
        "late": sum(one.late(at) for one in waiting),
    }


def of_case(case: Case, by: Membership, at: datetime) -> dict[str, list[Line]] | None:
    """Every duty of a case, whoever owes it: still to do, done, and what lasts; None where nothing was communicated."""
    found = states(Duty.objects.filter(record__case=case).exclude(code__in=ALWAYS_DUE))
    if not found:
        return None
    lines = _told(found, case.pk, by, at)
    return {
        "waiting": [one for one in lines if one.owed.waiting],
        "done": [one for one in lines if one.owed.to_do and not one.owed.waiting],
        "lasting": [one for one in lines if not one.owed.to_do],
    }


def of_record(record: DecisionRecord, by: Membership, at: datetime) -> list[Line]:
    """What goes with one communication, whoever owes it: what is to be done first, then what lasts."""
    found = states(Duty.objects.filter(record=record).exclude(code__in=ALWAYS_DUE))
    return _told(found, record.case_id, by, at)


def _told(found: list[Owed], case: uuid.UUID, by: Membership, at: datetime) -> list[Line]:
    """Lines for whoever may open the case, the way to do it where she is the one who owes it; two statements."""
    own = set(Duty.objects.visible_to(by).filter(record__case=case).values_list("pk", flat=True))
    followers = set(Assignment.objects.in_force().filter(case=case).values_list("membership", flat=True))
    acts = [*in_order(found, at), *(one for one in found if one.to_do and not one.waiting)]
    return [
        line(one, at, mine=one.duty.pk in own, followers=followers)
        for one in (*acts, *(one for one in found if not one.to_do))
    ]


def of_disclosure(disclosure: Disclosure, by: Membership, at: datetime) -> list[Line]:
    """What the reader of a disclosure owes with it, done or not."""
    found = Duty.objects.visible_to(by).filter(record=disclosure.record_id, owed_by="recipient")
    return [line(one, at, mine=True) for one in states(found) if one.to_do]


def acts_of(owed: Owed, at: datetime, *, may_open: bool) -> list[dict[str, str]]:
    """Where the act that discharges it is done, for whoever may open the case: [{url, label}]."""
    record = owed.duty.record
    if "conclusion" in owed.word.done_by and owed.disclosure is not None:
        page = reverse("sharing:examination", args=[owed.disclosure.pk])
        return [{"url": page, "label": _("Examiner et conclure")}]
    if not may_open:
        return []
    minor = stands(record.case.person, at).minor
    labels = {
        "information": _("Enregistrer l’information donnée"),
        "exception": _("Enregistrer le report et son motif"),
        "child_heard": _("Enregistrer que l’enfant a été entendu"),
        "objection": _("Enregistrer l’opposition"),
        "written_agreement": _("Enregistrer l’accord écrit"),
        "her_word": _("Enregistrer sa parole"),
        "copy": _("Communiquer la même chose au département"),
    }
    found = []
    for code in owed.word.done_by:
        if code == "copy":
            found.append({"url": reverse("sharing:case", args=[record.case.reference]), "label": labels[code]})
        elif code in WORD_ACTS and (minor or code not in FOR_CHILDREN):
            query = {
                "act": WORD_ACTS[code],
                "recipient": str(record.recipient_id),
                "purpose": record.purpose,
                "categories": ",".join(owed.categories),
                "next": reverse("sharing:duty", args=[owed.duty.pk]),
            }
            page = reverse("consent:new", args=[record.case.reference])
            asked = urlencode({name: value for name, value in query.items() if value})
            found.append({"url": f"{page}?{asked}", "label": labels[code]})
    return found


def chain(owed: Owed, *, may_open: bool) -> list[dict[str, str]]:
    """What was said of it, in order. Why the person is not told yet is only for whoever may open her case."""
    words = {
        DutyAct.Kind.DISCHARGED: _("Déclaré fait"),
        DutyAct.Kind.POSTPONED: _("Reporté"),
        DutyAct.Kind.EXCEPTION_ENDED: _("L’exception n’est plus fondée : informer sans attendre"),
        DutyAct.Kind.REOPENED: _("À refaire"),
        EXCEPTION: _("Information différée"),
    }
    return [
        {
            "what": str(words[step.kind]),
            "at": date_format(step.at.astimezone(PARIS), "j F Y, H:i"),
            "who": step.who,
            "text": step.text if may_open or step.kind in {"discharged", "reopened"} else "",
            "until": due_exactly(step.until) if step.until else "",
            "done_on": date_format(step.done_on, "j F Y") if step.done_on else "",
        }
        for step in owed.steps
    ]


def why_owed(owed: Owed, by: Membership) -> str:
    """« Vous avez décidé cette communication. »: why this page is open to whoever reads it."""
    record = owed.duty.record
    author = record.author.professional.full_name
    match owed.duty.owed_by:
        case "author" if record.author_id == by.pk:
            return _("Vous avez décidé cette communication : ce qui la suit vous revient.")
        case "author":
            return _("%(who)s ne suit plus cette situation : ce qui suit sa communication vous revient.") % {
                "who": author
            }
        case "recipient" if record.recipient_id == by.pk:
            return _("Cette communication vous est adressée : ce retour vous revient.")
        case "recipient":
            return _("Cette communication est adressée à votre service : ce retour vous revient.")
        case "reviewer":
            return _(
                "Vous donnez un avis dans le service de %(who)s et n’êtes pas l’auteur de cette communication. Vous en "
                "voyez les circonstances, pas le contenu."
            ) % {"who": author}
        case _:
            return _("Vous répondez des informations pour votre institution.")
