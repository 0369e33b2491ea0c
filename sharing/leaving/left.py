"""What somebody who leaves leaves behind, and whose turn it is for each; computed from what stands, never stored.

References, institutions, days and numbers: neither the name of a person nor a word of content.
"""

from collections import Counter
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q

from cases.models import Assignment
from partners.models import Function, Membership, Reached
from sharing.asking.standing import OPEN, with_state
from sharing.models import (
    Consultation,
    ConsultationAct,
    ConsultationParticipant,
    Disclosure,
    Draft,
    InformationRequest,
    Recalled,
    RequestAct,
)
from sharing.reviewing.standing import of_author


@dataclass(frozen=True, slots=True, kw_only=True)
class Followed:
    """A situation that she still follows on paper."""

    assignment: Assignment
    others: int
    """How many colleagues at work follow it too."""
    drafts: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A request that still waits: `hers` where she asked it."""

    request: InformationRequest
    hers: bool

    @property
    def case(self) -> UUID | None:
        """The situation of her own institution that it is about, and that she may have followed; None where there is none."""
        about = self.request.about
        return self.request.case_id if self.hers else about.case_id if about else None

    @property
    def case_reference(self) -> str:
        """As people call it; "" where there is none."""
        about = self.request.about
        case = self.request.case if self.hers else about.case if about else None
        return case.reference if case else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """All that she leaves."""

    followed: tuple[Followed, ...]
    waiting: tuple[Waiting, ...]
    """Requests that she asked, or that were asked of her, and that still wait."""
    opinions: int
    """Opinions that she asked on drafts and that are still awaited: asked again by who takes the draft over."""
    consultations: int
    """Questions without a name that she asked, or in which her advice is awaited: nobody waits for her in them any more."""
    unread: int
    reviewer_needed: bool
    """Whether nobody else of the institution gives opinions."""

    @property
    def anything(self) -> bool:
        return bool(self.followed or self.waiting or self.opinions or self.unread or self.reviewer_needed)


def followed_by(leaver: Membership) -> list[Followed]:
    """The situations that nobody took over yet, by reference; three statements."""
    open_ones = list(
        Assignment.objects.filter(membership=leaver, ends_at=None, case__closed_on=None)
        .select_related("case", "membership__professional", "membership__institution")
        .order_by("case__reference")
    )
    cases = [one.case_id for one in open_ones]
    there = Assignment.objects.in_force().filter(case__in=cases, membership__in=Membership.objects.in_force())
    others = Counter(there.exclude(membership=leaver).values_list("case", flat=True))
    waiting = Draft.objects.filter(author=leaver, case__in=cases, sent_at=None, discarded_at=None)
    drafts = dict(waiting.order_by().values_list("case").annotate(many=Count("pk")))
    return [
        Followed(assignment=one, others=others[one.case_id], drafts=drafts.get(one.case_id, 0)) for one in open_ones
    ]


def waiting_for(leaver: Membership) -> list[Waiting]:
    """The requests that she asked and those asked of her that still wait, the oldest first; one statement."""
    open_ones = with_state(InformationRequest.objects.filter(Q(asked=leaver) | Q(asker=leaver), stopped=""))
    around = ("asker__institution", "asked__institution", "case", "about__case")
    found = open_ones.filter(state__in=OPEN).select_related(*around).order_by("sent_at", "pk")
    return [Waiting(request=one, hers=one.asker_id == leaver.pk) for one in found]


def left_by(leaver: Membership) -> Left:
    """All of it; a constant number of statements."""
    return Left(
        followed=tuple(followed_by(leaver)),
        waiting=tuple(waiting_for(leaver)),
        opinions=sum(one.waits for one in of_author(leaver)),
        consultations=_consultations(leaver),
        unread=_unread(leaver),
        reviewer_needed=leaver.has_function(Function.REVIEWER) and not _others_review(leaver),
    )


def _consultations(leaver: Membership) -> int:
    ended = ConsultationAct.objects.filter(consultation=OuterRef("pk"), kind=ConsultationAct.Kind.CLOSED)
    answered = ConsultationAct.objects.filter(consultation=OuterRef("consultation"), by=leaver)
    asked = ConsultationParticipant.objects.filter(~Exists(answered), membership=leaver).values("consultation")
    return Consultation.objects.filter(Q(author=leaver) | Q(pk__in=asked), ~Exists(ended)).count()


def _unread(leaver: Membership) -> int:
    """What reached her here, that she never opened and that nobody recalled."""
    found = Disclosure.objects.filter(recipient=leaver, opened_at=None, channel=Reached.IN_APP)
    return found.exclude(pk__in=Recalled.objects.values("disclosure")).count()


def _others_review(leaver: Membership) -> bool:
    others = Membership.objects.in_force().filter(institution=leaver.institution_id).exclude(pk=leaver.pk)
    return others.filter(functions__contains=[Function.REVIEWER]).exists()


def leaving(by: Membership) -> list[Membership]:
    """Those of her institution who left, or are to leave, and still follow situations or have requests that wait."""
    follows = Assignment.objects.filter(membership=OuterRef("pk"), ends_at=None, case__closed_on=None)
    ended = RequestAct.objects.filter(request=OuterRef("pk"), kind__in=RequestAct.ENDING)
    open_ones = InformationRequest.objects.filter(~Exists(ended), stopped="")
    waits = [Exists(open_ones.filter(**{side: OuterRef("pk")})) for side in ("asked", "asker")]
    found = Membership.objects.filter(
        Exists(follows) | waits[0] | waits[1], institution=by.institution_id, ends_at__isnull=False
    )
    return list(found.select_related("professional").order_by("ends_at", "pk"))
