"""What somebody who leaves leaves behind, and whose turn it is for each; computed from what stands, never stored.

References, institutions, days and numbers: neither the name of a person nor a word of content.
"""

from collections import Counter
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef

from cases.models import Assignment
from partners.models import Function, Membership, Reached
from sharing.asking.standing import OPEN, with_state
from sharing.models import Disclosure, Draft, InformationRequest, Recalled
from sharing.reviewing.standing import of_author


@dataclass(frozen=True, slots=True, kw_only=True)
class Followed:
    """A situation that she still follows on paper."""

    assignment: Assignment
    others: int
    """How many colleagues at work follow it too."""
    drafts: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """All that she leaves."""

    followed: tuple[Followed, ...]
    asked_of_her: tuple[InformationRequest, ...]
    """Requests that only she could read: whoever asked is to address somebody else."""
    asked_by_her: tuple[InformationRequest, ...]
    """Her own that still wait: whoever takes the situation over asks again, or does without."""
    opinions: int
    """Opinions that she asked on drafts and that are still awaited: asked again by who takes the draft over."""
    unread: int
    reviewer_needed: bool
    """Whether nobody else of the institution gives opinions."""

    @property
    def anything(self) -> bool:
        return bool(
            self.followed
            or self.asked_of_her
            or self.asked_by_her
            or self.opinions
            or self.unread
            or self.reviewer_needed
        )


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


def left_by(leaver: Membership) -> Left:
    """All of it; a constant number of statements."""
    open_requests = with_state(InformationRequest.objects.filter(stopped="")).filter(state__in=OPEN)
    around = ("asker__institution", "asked__institution", "case")
    hers = open_requests.filter(asked=leaver).select_related(*around).order_by("sent_at")
    own = open_requests.filter(asker=leaver).select_related(*around).order_by("sent_at")
    return Left(
        followed=tuple(followed_by(leaver)),
        asked_of_her=tuple(hers),
        asked_by_her=tuple(own),
        opinions=sum(one.waits for one in of_author(leaver)),
        unread=_unread(leaver),
        reviewer_needed=leaver.has_function(Function.REVIEWER) and not _others_review(leaver),
    )


def _unread(leaver: Membership) -> int:
    """What reached her here, that she never opened and that nobody recalled."""
    found = Disclosure.objects.filter(recipient=leaver, opened_at=None, channel=Reached.IN_APP)
    return found.exclude(pk__in=Recalled.objects.values("disclosure")).count()


def _others_review(leaver: Membership) -> bool:
    others = Membership.objects.in_force().filter(institution=leaver.institution_id).exclude(pk=leaver.pk)
    return others.filter(functions__contains=[Function.REVIEWER]).exists()


def leaving(by: Membership) -> list[Membership]:
    """Those of her institution who left, or are to leave, and still follow situations, by name."""
    follows = Assignment.objects.filter(membership=OuterRef("pk"), ends_at=None, case__closed_on=None)
    found = Membership.objects.filter(Exists(follows), institution=by.institution_id, ends_at__isnull=False)
    return list(found.select_related("professional").order_by("ends_at", "pk"))
