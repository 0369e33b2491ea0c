"""What is examined afterwards: what left at once, as the duty asks; and two ordinary communications in a hundred, drawn.

Only what surrounds a communication is read here, never what it says (law.md, P-19).
"""

import uuid
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, TextField, Value
from django.db.models.functions import Cast, Now, Right

from partners.models import BINDING as BOUND
from partners.models import Function, Membership
from sharing.models import Conclusion, Disclosure, Duty, DutyAct
from sharing.models.duties import answers_for_her_institution
from sharing.owing import Owed, states
from sharing.reviewing import who

DUTY = "review_after"
DRAWN_BELOW = "052"  # of the last three digits of an id, in hexadecimal: 82 of 4 096, two in a hundred
DRAWN_FOR = timedelta(days=90)  # what was drawn and not examined by then is left


@dataclass(frozen=True, slots=True, kw_only=True)
class Examined:
    """A communication to examine: its duty, or none where it was drawn; what was concluded so far, the first first."""

    disclosure: Disclosure
    owed: Owed | None
    conclusions: tuple[Conclusion, ...]

    @property
    def drawn(self) -> bool:
        """Whether no duty asks for it: it was drawn."""
        return self.owed is None

    @property
    def waits(self) -> bool:
        """Whether it is still to be concluded."""
        if self.owed is not None:
            return self.owed.waiting
        return not self.conclusions

    @property
    def due_at(self) -> datetime | None:
        """By when; what was drawn has no date."""
        return self.owed.due_at if self.owed else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Overdue:
    """An examination that is late, and who protects data where its author works: it is on their list from then on."""

    disclosure: Disclosure
    duty: Duty
    due_at: datetime
    dpos: tuple[Membership, ...]


def drawn() -> Q:
    """Two communications in a hundred, by their id alone: nobody chooses which."""
    return Q(last_digits__lt=DRAWN_BELOW, urgent=False, released_at__gt=Now() - Value(DRAWN_FOR))


def concluded_by(acting: Membership) -> QuerySet[Disclosure]:
    """What this membership may conclude on: never what she sent or received, by person.

    Who gives opinions in the author's institution; its DPO where nobody else who is bound does, and for what is late. Without a
    DPO either, who tends its directory, for what a duty asks: it falls to her (`DutyQuerySet`).
    """
    her = acting.professional_id
    at_work = Membership.objects.in_force().filter(pk=acting.pk)
    owed = Duty.objects.filter(record=OuterRef("record"), code=DUTY)
    everything = (
        Disclosure.objects.annotate(last_digits=Right(Cast("pk", TextField()), 3))
        .annotate(is_owed=Exists(owed))
        .filter(
            Q(is_owed=True) | drawn(),
            Exists(at_work),
            ~Q(author__professional=her),
            ~Q(recipient__professional=her),
            author__institution=acting.institution_id,
        )
    )
    if acting.has_function(Function.REVIEWER):
        return everything
    if not answers_for_her_institution(acting, Function.DPO, Function.DIRECTORY_ADMIN):
        return Disclosure.objects.none()
    others = (
        Membership.objects.in_force()
        .filter(
            institution=acting.institution_id,
            functions__contains=[Function.REVIEWER],
            secrecy_status__in=BOUND,
            secrecy_verified_on__isnull=False,
        )
        .exclude(professional=OuterRef("author__professional"))
        .exclude(professional=OuterRef("recipient__professional"))
    )
    if not acting.has_function(Function.DPO):
        return everything.filter(~Exists(others), is_owed=True)
    late = owed.filter(due_at__lte=Now())
    return everything.filter(~Exists(others) | Exists(late))


def awaited(disclosures: QuerySet[Disclosure]) -> QuerySet[Disclosure]:
    """Those on which nothing was concluded, nor declared; a duty that was opened again is exact in `examinations` only."""
    concluded = Conclusion.objects.filter(disclosure=OuterRef("pk"))
    declared = DutyAct.objects.filter(duty__record=OuterRef("record"), duty__code=DUTY)
    done = declared.filter(kind=DutyAct.Kind.DISCHARGED)
    again = declared.filter(kind=DutyAct.Kind.REOPENED)
    return disclosures.filter(Exists(again) | (~Exists(concluded) & ~Exists(done)))


def examinations(disclosures: Iterable[Disclosure], duties: Iterable[Owed] | None = None) -> list[Examined]:
    """Where each stands, in the same order; a constant number of statements. `duties`: theirs, where they are known already."""
    rows = list(disclosures)
    concluded: dict[uuid.UUID, list[Conclusion]] = defaultdict(list)
    found = Conclusion.objects.filter(disclosure__in=[one.pk for one in rows]).order_by("number")
    for conclusion in found.select_related("by__professional"):
        concluded[conclusion.disclosure_id].append(conclusion)
    if duties is None:
        duties = states(Duty.objects.filter(record__in=[one.record_id for one in rows], code=DUTY))
    owed = {one.duty.record_id: one for one in duties}
    return [
        Examined(disclosure=one, owed=owed.get(one.record_id), conclusions=tuple(concluded[one.pk])) for one in rows
    ]


def to_conclude(acting: Membership) -> list[Examined]:
    """What waits for this membership: the most pressing first, what was drawn last."""
    return in_order(examinations(around(awaited(concluded_by(acting)))))


def read_for(by: Membership, at: datetime) -> QuerySet[Disclosure]:
    """For the first page of who gives opinions: what `to_conclude` looks at."""
    return around(awaited(concluded_by(by)))


def in_order(found: Iterable[Examined]) -> list[Examined]:
    """Those that wait: the most pressing first, what was drawn last."""
    waiting = [one for one in found if one.waits]
    return sorted(waiting, key=lambda one: (one.drawn, one.due_at or one.disclosure.released_at))


def around(disclosures: QuerySet[Disclosure]) -> QuerySet[Any]:
    """With what their lines say."""
    return disclosures.select_related(
        "case__person",
        "author__professional",
        "author__institution",
        "recipient__professional",
        "recipient__institution",
    )


def overdue_reviews(at: datetime) -> list[Overdue]:
    """Every examination that is late at this instant, the oldest first, with those to whom it escalates."""
    late = Duty.objects.filter(code=DUTY, due_at__lte=at).values("record")
    rows = around(awaited(Disclosure.objects.filter(record__in=late)))
    found = [one for one in examinations(rows) if one.owed is not None and one.owed.late(at)]
    institutions = {one.disclosure.author.institution_id for one in found}
    protecting = {one: who.dpos(one) for one in institutions}
    return sorted(
        (
            Overdue(
                disclosure=one.disclosure,
                duty=one.owed.duty,
                due_at=one.owed.due_at,
                dpos=tuple(
                    each
                    for each in protecting[one.disclosure.author.institution_id]
                    if each.professional_id
                    not in {one.disclosure.author.professional_id, one.disclosure.recipient.professional_id}
                ),
            )
            for one in found
            if one.owed is not None and one.owed.due_at is not None
        ),
        key=lambda one: one.due_at,
    )
