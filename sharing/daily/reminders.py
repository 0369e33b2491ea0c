"""What the schedule reminds of, each once by its business key. Found again at each run: a reminder that was due stays due.

Nothing is reminded of what is over: an agreement taken back, a communication recalled, sent back or ended.
"""

import uuid
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse

from cases.models import Assignment, Case
from consent.counting import counting, still_given
from consent.models import Consent, Refusal
from consent.withheld import Waiting
from partners.clock import day_of
from partners.models import Agreement, AgreementParty, Function, Membership, Reached
from sharing import states
from sharing.daily import deferred
from sharing.models import Disclosure, Duty, Outbox
from sharing.outbox import promise
from sharing.owing import Owed
from sharing.owing import states as duties_states
from sharing.reviewing import examined
from sharing.rights import waiting as rectifying

ENDING = timedelta(days=30)
UNREAD = timedelta(days=5)
FEEDBACK = timedelta(days=14)  # before the three months are over
REEXAMINED = timedelta(days=3)
REVIEWED = timedelta(hours=24)
# How long before its due date each duty is reminded.
DUTIES_AHEAD = {
    "feedback_within_3_months": FEEDBACK,
    "reexamine_information": REEXAMINED,
    "review_after": REVIEWED,
}
# What is late by more than this is in everybody's list already: writing again each day helps nobody.
STILL_REMINDED = timedelta(days=60)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reminder:
    """One letter that is due: what, to whom, under which key it is sent once."""

    kind: str
    key: str
    recipient: Membership
    reference: str
    path: str


def due(at: datetime) -> Iterator[Reminder]:
    """Every reminder that is due at this instant, sent already or not."""
    yield from conventions_ending(at)
    yield from consents_ending(at)
    yield from unread(at)
    yield from duties_due(at)
    yield from deferred_due(at)
    yield from reviews_overdue(at)
    yield from rectifications_due(at)


def remind(at: datetime) -> int:
    """Promise whatever is due and was not promised yet; returns how many are new."""
    found = {one.key: one for one in due(at)}
    known = set(Outbox.objects.filter(key__in=found).values_list("key", flat=True))
    fresh = [one for key, one in found.items() if key not in known]
    for one in fresh:
        promise(kind=one.kind, key=one.key, recipient=one.recipient, reference=one.reference, path=one.path)
    return len(fresh)


def conventions_ending(at: datetime) -> Iterator[Reminder]:
    """Agreements between institutions that end within thirty days: to who keeps the directory or heads a team, on each side."""
    today = day_of(at)
    ending = {
        one.pk: one
        for one in Agreement.objects.filter(
            ends_on__gte=today, ends_on__lte=today + ENDING, starts_on__lte=today, suspended_at__isnull=True
        )
    }
    parties = AgreementParty.objects.filter(agreement__in=ending).values_list("agreement", "institution")
    places = defaultdict(list)
    for agreement, institution in parties:
        places[institution].append(ending[agreement])
    for who in _who_answers(set(places), Function.DIRECTORY_ADMIN, Function.TEAM_LEAD):
        for one in places[who.institution_id]:
            yield Reminder(
                kind=Outbox.Kind.CONVENTION_ENDING,
                key=f"convention_ending:{one.pk}:{one.ends_on}:{who.pk}",
                recipient=who,
                reference=one.number[:24],
                path=reverse("partners:agreement", args=[one.pk]),
            )


def _who_answers(institutions: set[uuid.UUID], *functions: str) -> list[Membership]:
    """In each institution, those who hold the first of these functions that somebody there holds."""
    wanted = Q(*[("functions__contains", [one]) for one in functions], _connector=Q.OR)
    holders = Membership.objects.in_force().filter(wanted, institution__in=institutions)
    by_place: dict[uuid.UUID, dict[str, list[Membership]]] = defaultdict(lambda: defaultdict(list))
    for one in holders.filter(reached_by=Reached.IN_APP).select_related("professional"):
        for function in functions:
            if one.has_function(function):
                by_place[one.institution_id][function].append(one)
    return [one for held in by_place.values() for one in next(held[each] for each in functions if held[each])]


def consents_ending(at: datetime) -> Iterator[Reminder]:
    """Agreements of persons that end within thirty days, to who follows the case; none once taken back, refused or given anew."""
    scope = {"person": OuterRef("person"), "recipient": OuterRef("recipient"), "purpose": OuterRef("purpose")}
    given_anew = counting(Consent.objects.all()).filter(
        valid_until__gt=OuterRef("valid_until"), categories__contains=OuterRef("categories"), **scope
    )
    ending = (
        still_given(Consent.objects.all())
        .filter(
            ~Exists(counting(Refusal.objects.all()).filter(recorded_at__gt=OuterRef("recorded_at"), **scope)),
            ~Exists(given_anew),
            valid_from__lte=at,
            valid_until__gt=at,
            valid_until__lte=at + ENDING,
            case__closed_on__isnull=True,
        )
        .select_related("case")
    )
    rows = list(ending)
    followers = _followers({one.case_id for one in rows})
    for one in rows:
        for who in _hers_or_theirs(one.collected_by_id, followers[one.case_id]):
            yield Reminder(
                kind=Outbox.Kind.CONSENT_ENDING,
                key=f"consent_ending:{one.pk}:{who.pk}",
                recipient=who,
                reference=one.case.reference,
                path=reverse("consent:list", args=[one.case.reference]),
            )


def _followers(cases: set[uuid.UUID]) -> dict[uuid.UUID, list[Membership]]:
    """Who follows each of these cases now, being at work."""
    rows = Assignment.objects.in_force().filter(case__in=cases, membership__in=Membership.objects.in_force())
    found: dict[uuid.UUID, list[Membership]] = defaultdict(list)
    for row in rows.select_related("membership__professional"):
        found[row.case_id].append(row.membership)
    return found


def _hers_or_theirs(one: uuid.UUID, followers: list[Membership]) -> list[Membership]:
    """The one whose act it was where she still follows the case; whoever follows it otherwise."""
    return [who for who in followers if who.pk == one] or followers


def unread(at: datetime) -> Iterator[Reminder]:
    """What was not opened five days after it came: to whom it came, once, while it can still be read."""
    waiting = states.with_state(
        Disclosure.objects.filter(
            opened_at__isnull=True,
            channel=Reached.IN_APP,
            released_at__lte=at - UNREAD,
            released_at__gt=at - STILL_REMINDED,
            recipient__in=Membership.objects.in_force(),
        )
    ).filter(state=states.NEW)
    for one in waiting.select_related("recipient__professional"):
        yield Reminder(
            kind=Outbox.Kind.UNREAD,
            key=f"unread:{one.pk}",
            recipient=one.recipient,
            reference=one.reference,
            path=reverse("sharing:received", args=[one.pk]),
        )


def duties_due(at: datetime) -> Iterator[Reminder]:
    """What is owed soon and would be forgotten: the return within three months, the re-examination, the review after the event."""
    rows = Duty.objects.filter(
        code__in=DUTIES_AHEAD, due_at__gt=at - STILL_REMINDED, due_at__lte=at + max(DUTIES_AHEAD.values())
    )
    waiting = [one for one in duties_states(rows) if one.waiting and _near(one, at)]
    for owed, who in _owed_to(waiting):
        yield Reminder(
            kind=Outbox.Kind.DUTY_DUE,
            key=f"duty_due:{owed.duty.pk}:{owed.due_at:%Y%m%d}:{who.pk}",
            recipient=who,
            reference=owed.disclosure.reference if owed.disclosure else owed.duty.record.case.reference,
            path=reverse("sharing:duty", args=[owed.duty.pk]),
        )


def _near(owed: Owed, at: datetime) -> bool:
    return owed.due_at is not None and owed.due_at <= at + DUTIES_AHEAD[owed.duty.code]


def _owed_to(waiting: list[Owed]) -> Iterator[tuple[Owed, Membership]]:
    """Who owes each: one statement a professional of the institutions concerned, asked as her own list asks."""
    by_pk = {one.duty.pk: one for one in waiting}
    places = {
        place
        for one in waiting
        for place in (one.duty.record.author.institution_id, one.duty.record.recipient.institution_id)
    }
    at_work = Membership.objects.in_force().filter(institution__in=places, reached_by=Reached.IN_APP)
    for who in at_work.select_related("professional"):
        for pk in Duty.objects.visible_to(who).filter(pk__in=by_pk).values_list("pk", flat=True):
            yield by_pk[pk], who


def rectifications_due(at: datetime) -> Iterator[Reminder]:
    """What nobody answered a week before the month is over, and once more when it is: to whoever answers."""
    for one in rectifying.near(at):
        for who in one.answerers:
            yield Reminder(
                kind=Outbox.Kind.RECTIFICATION_WAITING,
                key=f"rectification_due:{one.pk}:{'late' if one.late else 'soon'}:{who.pk.hex}",
                recipient=who,
                reference=one.reference,
                path=one.url,
            )


def deferred_due(at: datetime) -> Iterator[Reminder]:
    """Information put off, three days before it is to be given or looked at again: to who put it off, or follows the case."""
    open_cases = Case.objects.filter(closed_on__isnull=True).values("pk")
    rows = [one for one in deferred.without_duty(cases=open_cases, at=at) if _again_soon(one, at)]
    followers = _followers({one.row.case_id for one in rows})
    for one in rows:
        for who in _hers_or_theirs(one.row.collected_by_id, followers[one.row.case_id]):
            yield Reminder(
                kind=Outbox.Kind.DUTY_DUE,
                key=f"deferred:{one.row.pk}:{who.pk}",
                recipient=who,
                reference=one.row.case.reference,
                path=reverse("consent:list", args=[one.row.case.reference]),
            )


def _again_soon(one: Waiting, at: datetime) -> bool:
    day = one.row.reexamine_on
    today = day_of(at)
    return day is not None and today - STILL_REMINDED <= day <= today + REEXAMINED


def reviews_overdue(at: datetime) -> Iterator[Reminder]:
    """What nobody examined in time escalates to who protects data in the author's institution."""
    for one in examined.overdue_reviews(at):
        for who in one.dpos:
            yield Reminder(
                kind=Outbox.Kind.REVIEW_OVERDUE,
                key=f"review_overdue:{one.disclosure.pk}:{who.pk}",
                recipient=who,
                reference=one.disclosure.reference,
                path=reverse("sharing:examination", args=[one.disclosure.pk]),
            )
