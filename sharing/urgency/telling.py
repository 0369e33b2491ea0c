"""Who is told of an emergency at once, and the alarm of the third in thirty days: a letter, a line in a list; never a block."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet
from django.urls import reverse

from partners.models import BINDING, Function, Membership
from sharing.incidents.acts import answering
from sharing.models import Disclosure, Outbox, answers_for_her_institution
from sharing.outbox import promise

QUOTA = 3
WINDOW = timedelta(days=30)


def supervisors(by: Membership) -> list[Membership]:
    """Who examines it afterwards: the reviewers of her institution bound by secrecy, never herself; without any, who leads."""
    others = (
        Membership.objects.in_force().filter(institution=by.institution_id).exclude(professional=by.professional_id)
    )
    bound = Q(secrecy_status__in=BINDING, secrecy_verified_on__isnull=False)
    reviewers = others.filter(bound, functions__contains=[Function.REVIEWER])
    leads = others.filter(functions__contains=[Function.TEAM_LEAD])
    return list(reviewers.select_related("professional")) or list(leads.select_related("professional"))


def tell(*, disclosure: Disclosure, by: Membership, at: datetime) -> None:
    """Write to who supervises and to who protects data, now; and to the latter once more where it is the third in thirty days."""
    protecting = [one for one in answering(by.institution_id) if one.professional_id != by.professional_id]
    reached = {
        **{one.pk: (one, reverse("sharing:urgencies")) for one in protecting},
        **{one.pk: (one, where_examined(one)) for one in supervisors(by)},
    }
    for one, path in reached.values():
        promise(
            kind=Outbox.Kind.URGENCY_RECORDED,
            key=f"urgency_recorded:{disclosure.pk}:{one.pk}",
            recipient=one,
            reference=disclosure.reference,
            path=path,
        )
    if of_professional(by.professional_id, at) < QUOTA:
        return
    for one in protecting:
        promise(
            kind=Outbox.Kind.URGENCY_QUOTA,
            key=f"urgency_quota:{disclosure.pk}:{one.pk}",
            recipient=one,
            reference=disclosure.reference,
            path=reverse("sharing:urgencies"),
        )


def where_examined(reviewer: Membership) -> str:
    """The page on which she finds it: what is examined afterwards, or what falls to her."""
    return reverse("sharing:examinations" if reviewer.has_function(Function.REVIEWER) else "sharing:duties")


def of_professional(professional: UUID, at: datetime) -> int:
    """How many emergencies this person sent in the thirty days before, under whichever of her memberships."""
    return Disclosure.objects.filter(
        urgent=True, author__professional=professional, released_at__gt=at - WINDOW, released_at__lte=at
    ).count()


def watches(acting: Membership) -> bool:
    """Whether she is the one who answers for the protection of data in her institution, today."""
    if not Membership.objects.in_force().filter(pk=acting.pk).exists():
        return False
    return answers_for_her_institution(acting, Function.DPO, Function.DIRECTORY_ADMIN, Function.TEAM_LEAD)


def watched_by(acting: Membership) -> QuerySet[Disclosure]:
    """The emergencies of her institution, for who `watches`; nothing for anybody else. Circumstances, never what was said."""
    found = Disclosure.objects.filter(urgent=True, author__institution=acting.institution_id)
    return found if watches(acting) else found.none()


@dataclass(frozen=True, slots=True)
class Alarm:
    """Somebody's third emergency in thirty days, or one more: on which day, and the emergencies that make it one."""

    author: Membership
    at: datetime
    references: tuple[str, ...]


def alarms(emergencies: Sequence[Disclosure]) -> list[Alarm]:
    """The alarms that these emergencies raise, the latest first: in the order of time, never of number."""
    found: list[Alarm] = []
    before: dict[UUID, list[Disclosure]] = defaultdict(list)
    for one in sorted(emergencies, key=lambda each: each.released_at):
        recent = [each for each in before[one.author.professional_id] if each.released_at > one.released_at - WINDOW]
        before[one.author.professional_id] = [*recent, one]
        if len(recent) + 1 >= QUOTA:
            found.append(Alarm(one.author, one.released_at, tuple(each.reference for each in (*recent, one))))
    return found[::-1]
