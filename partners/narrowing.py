"""Narrow what may pass, or take a narrowing away: proposed by one person, decided by another, from a day that is written.

Each act first takes the row that a disclosure under way holds (`sharing.anchors`): the institution, the agreement or the forum.
Without `at`, its instant is the database's, read under that lock.
"""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext as _

from audit import ledger

from . import clock
from .models import (
    Agreement,
    AgreementParty,
    Forum,
    Institution,
    Membership,
    Narrowing,
    NarrowingDecision,
    NarrowingLift,
)
from .models.narrowings import GOVERNING
from .text import plain
from .vocabulary import vocabulary

LONGEST_DAYS = 365
FURTHEST = timedelta(days=366)
Place = Institution | Agreement | Forum
Proposal = Narrowing | NarrowingLift


class NarrowingError(ValueError):
    """It cannot be recorded so; the message says what to do, in the user's language."""


class NotGoverned(Exception):
    """She neither tends the directory nor protects data there: answered like a page that does not exist."""


class SameEyes(Exception):
    """Whoever proposed does not decide, under whatever membership (abuse 10)."""


class AlreadyDecided(Exception):
    """Somebody decided first; the decision stands."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Takes:
    """What is taken away: categories, purposes, categories that ask an opinion first, days of reading at most."""

    categories: tuple[str, ...] = ()
    purposes: tuple[str, ...] = ()
    opinion_on: tuple[str, ...] = ()
    at_most_days: int | None = None

    def checked(self) -> "Takes":
        """The same in a stable order. Raises NarrowingError where it takes nothing away or names what is unknown."""
        words = vocabulary()
        if not {*self.categories, *self.opinion_on} <= words.categories.keys():
            raise NarrowingError(_("Choisissez, dans la liste, les sortes d’information."))
        if not set(self.purposes) <= words.purposes.keys():
            raise NarrowingError(_("Choisissez, dans la liste, les finalités."))
        if self.at_most_days is not None and not 1 <= self.at_most_days <= LONGEST_DAYS:
            raise NarrowingError(_("La durée de lecture va de 1 à %(days)d jours.") % {"days": LONGEST_DAYS})
        if not (self.categories or self.purposes or self.opinion_on or self.at_most_days):
            raise NarrowingError(_("Dites ce qui ne passera plus : un réglage vide ne change rien."))
        return Takes(
            categories=tuple(sorted(set(self.categories))),
            purposes=tuple(sorted(set(self.purposes))),
            opinion_on=tuple(sorted(set(self.opinion_on) - set(self.categories))),
            at_most_days=self.at_most_days,
        )


def place_of(narrowing: Narrowing) -> Place:
    """The institution, the agreement or the forum that is narrowed."""
    found = narrowing.institution or narrowing.agreement or narrowing.forum
    if found is None:
        raise LookupError("narrowing_of_one_place holds: there is one")
    return found


def of(proposal: Proposal) -> Narrowing:
    """The narrowing that is proposed, or whose lift is."""
    return proposal.narrowing if isinstance(proposal, NarrowingLift) else proposal


def governing(place: Place) -> frozenset[uuid.UUID]:
    """The institutions whose directory tenders and DPOs propose and decide: itself, each party, or the one that holds it."""
    if isinstance(place, Agreement):
        return frozenset(AgreementParty.objects.filter(agreement=place).values_list("institution", flat=True))
    return frozenset({place.institution_id if isinstance(place, Forum) else place.pk})


def may_govern(by: Membership, place: Place) -> bool:
    """Whether she holds one of these functions there, now."""
    return _holds(by, governing(place))


def deciders_of(proposal: Proposal) -> models.QuerySet[Membership]:
    """Who may decide it today: the same functions, another person. A lift is decided where the narrowing was proposed."""
    found = Membership.objects.in_force().filter(
        functions__overlap=list(GOVERNING), institution__in=_deciding(proposal)
    )
    return found.exclude(professional=proposal.proposer_id)


def _deciding(proposal: Proposal) -> frozenset[uuid.UUID]:
    if isinstance(proposal, Narrowing):
        return governing(place_of(proposal))
    # What one party closed, the other does not open again without it.
    return frozenset({proposal.narrowing.proposed_by.institution_id})


def _holds(by: Membership, institutions: Iterable[uuid.UUID]) -> bool:
    at_work = Membership.objects.in_force().filter(pk=by.pk, functions__overlap=list(GOVERNING))
    return at_work.filter(institution__in=list(institutions)).exists()


def _held(place: Place) -> None:
    """Hold the row that disclosures under way hold too: each is strictly before this act, or after it."""
    type(place)._default_manager.select_for_update(no_key=True).get(pk=place.pk)


def _said(text: str, missing: str) -> str:
    said = " ".join(plain(text).split())
    if not said:
        raise NarrowingError(missing)
    return said


def checked_day(wanted_on: date, today: date) -> date:
    """The same day. Raises NarrowingError where it is gone by, or beyond a year: a lift for another century locks what it lifts."""
    if wanted_on < today:
        raise NarrowingError(_("La date d’effet ne peut pas être déjà passée."))
    if wanted_on > today + FURTHEST:
        raise NarrowingError(_("La date d’effet est trop lointaine : un an au plus."))
    return wanted_on


def refs_of(narrowing: Narrowing) -> dict[str, uuid.UUID | None]:
    """What an entry points at: the narrowing, and the place by its kind."""
    return {
        "narrowing": narrowing.pk,
        **{
            name: getattr(narrowing, f"{name}_id")
            for name in ("institution", "agreement", "forum")
            if getattr(narrowing, f"{name}_id")
        },
    }


def codes_of(narrowing: Narrowing) -> dict[str, Any]:
    """What is taken away, as an entry says it."""
    return {
        "categories": list(narrowing.categories),
        "purposes": list(narrowing.purposes),
        "opinion_on": list(narrowing.opinion_on),
        "at_most_days": narrowing.at_most_days,
    }


def proposal_of(
    *, place: Place, takes: Takes, why: str, wanted_on: date, by: Membership, at: datetime
) -> tuple[Narrowing, dict[str, Any]]:
    """The row, not yet written, and the fields of its entry."""
    takes = takes.checked()
    row = Narrowing(
        **{type(place)._meta.model_name or "": place},
        categories=list(takes.categories),
        purposes=list(takes.purposes),
        opinion_on=list(takes.opinion_on),
        at_most_days=takes.at_most_days,
        why=why,
        wanted_on=wanted_on,
        proposed_by=by,
        proposer_id=by.professional_id,
        proposed_at=at,
    )
    entry = {
        "action": "narrowing.proposed",
        "at": at,
        "actor": by.pk,
        "refs": refs_of(row),
        "codes": codes_of(row) | {"wanted_on": wanted_on.isoformat()},
        "personal": {"why": why},
    }
    return row, entry


@transaction.atomic
def propose(
    *, place: Place, takes: Takes, why: str, wanted_on: date, by: Membership, at: datetime | None = None
) -> Narrowing:
    """Propose that something no longer pass there, from that day in Paris. Nothing changes until another person approves.

    The same proposal, still waiting, is returned when it is made twice. Raises NotGoverned, NarrowingError.
    """
    _held(place)
    if not may_govern(by, place):
        raise NotGoverned
    at = at or clock.now()
    why = _said(why, _("Dites pourquoi : la personne qui décide le lira."))
    row, entry = proposal_of(
        place=place, takes=takes, why=why, wanted_on=checked_day(wanted_on, clock.day_of(at)), by=by, at=at
    )
    same = {name: getattr(row, name) for name in ("institution", "agreement", "forum", "wanted_on", "why", "proposer")}
    waiting = Narrowing.objects.filter(**{name: one for name, one in same.items() if one is not None}, **codes_of(row))
    for earlier in waiting:
        if not NarrowingDecision.objects.filter(narrowing=earlier).exists():
            return earlier
    row.entry_id = ledger.record(**entry)
    row.save(force_insert=True)
    return row


@transaction.atomic
def propose_lift(
    *, narrowing: Narrowing, why: str, wanted_on: date, by: Membership, at: datetime | None = None
) -> NarrowingLift:
    """Propose that an approved narrowing end, from that day in Paris. It stands until another person approves.

    One lift at a time: the one that waits is returned. Raises NotGoverned, NarrowingError.
    """
    place = place_of(narrowing)
    _held(place)
    if not may_govern(by, place):
        raise NotGoverned
    at = at or clock.now()
    why = _said(why, _("Dites pourquoi : la personne qui décide le lira."))
    wanted_on = checked_day(wanted_on, clock.day_of(at))
    if not NarrowingDecision.objects.filter(narrowing=narrowing, approved=True).exists():
        raise NarrowingError(_("Seul un réglage approuvé peut être levé."))
    for lift in NarrowingLift.objects.filter(narrowing=narrowing):
        decision = NarrowingDecision.objects.filter(lift=lift).first()
        if decision is None:
            return lift
        if decision.approved:
            raise NarrowingError(_("La levée de ce réglage est déjà décidée."))
    row, entry = lift_of(narrowing=narrowing, why=why, wanted_on=wanted_on, by=by, at=at)
    row.entry_id = ledger.record(**entry)
    row.save(force_insert=True)
    return row


def lift_of(
    *, narrowing: Narrowing, why: str, wanted_on: date, by: Membership, at: datetime
) -> tuple[NarrowingLift, dict[str, Any]]:
    """The row of a lift, not yet written, and the fields of its entry."""
    row = NarrowingLift(
        narrowing=narrowing,
        why=why,
        wanted_on=wanted_on,
        proposed_by=by,
        proposer_id=by.professional_id,
        proposed_at=at,
    )
    entry = {
        "action": "narrowing.lift_proposed",
        "at": at,
        "actor": by.pk,
        "refs": refs_of(narrowing) | {"lift": row.pk},
        "codes": codes_of(narrowing) | {"wanted_on": wanted_on.isoformat()},
        "personal": {"why": why},
    }
    return row, entry


ACTIONS = {
    (Narrowing, True): "narrowing.approved",
    (Narrowing, False): "narrowing.refused",
    (NarrowingLift, True): "narrowing.lift_approved",
    (NarrowingLift, False): "narrowing.lift_refused",
}


def decision_of(
    *, proposal: Proposal, approved: bool, sentence: str, by: Membership, at: datetime
) -> tuple[NarrowingDecision, dict[str, Any]]:
    """The row, not yet written, and the fields of its entry. It counts from the day that was wanted, never before it is decided."""
    narrowing = of(proposal)
    lift = proposal if isinstance(proposal, NarrowingLift) else None
    effective_at = max(clock.start_of(proposal.wanted_on), at) if approved else None
    row = NarrowingDecision(
        narrowing=narrowing if lift is None else None,
        lift=lift,
        approved=approved,
        sentence=sentence,
        proposer_id=proposal.proposer_id,
        decided_by=by,
        decider_id=by.professional_id,
        decided_at=at,
        effective_at=effective_at,
    )
    entry = {
        "action": ACTIONS[type(proposal), approved],
        "at": at,
        "actor": by.pk,
        "refs": refs_of(narrowing) | ({"lift": lift.pk} if lift is not None else {}),
        "codes": codes_of(narrowing)
        | ({"effective_on": clock.day_of(effective_at).isoformat()} if effective_at is not None else {}),
        "personal": {"sentence": sentence},
    }
    return row, entry


@transaction.atomic
def decide(
    *, proposal: Proposal, approved: bool, sentence: str, by: Membership, at: datetime | None = None
) -> NarrowingDecision:
    """Approve or refuse, in a sentence, what another person proposed: a narrowing, or its lift.

    Approved, it counts from the day that was wanted, and never before this act. The same answer given twice is given once.
    Raises NotGoverned, SameEyes, AlreadyDecided, NarrowingError.
    """
    _held(place_of(of(proposal)))
    if not _holds(by, _deciding(proposal)):
        raise NotGoverned
    if by.professional_id == proposal.proposer_id:
        raise SameEyes
    known = {"lift": proposal} if isinstance(proposal, NarrowingLift) else {"narrowing": proposal}
    earlier = NarrowingDecision.objects.filter(**known).first()
    if earlier is not None:
        if (earlier.decider_id, earlier.approved) == (by.professional_id, approved):
            return earlier
        raise AlreadyDecided
    at = at or clock.now()
    sentence = _said(sentence, _("Dites pourquoi, en une phrase : elle reste avec la décision."))
    row, entry = decision_of(proposal=proposal, approved=approved, sentence=sentence, by=by, at=at)
    row.entry_id = ledger.record(**entry)
    row.save(force_insert=True)
    return row
