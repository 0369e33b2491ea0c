"""Where a consultation stands, as a whole and for each of those who are asked: computed from what was said."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, QuerySet

from partners.models import Membership
from sharing import graphs
from sharing.models import Consultation, ConsultationAct, ConsultationParticipant

CLOSED = ConsultationAct.Kind.CLOSED


def state_of(consultation: Consultation) -> str:
    """`open`, `advised` or `closed`; one statement."""
    kinds = set(ConsultationAct.objects.filter(consultation=consultation).values_list("kind", flat=True))
    if CLOSED in kinds:
        return "closed"
    return "advised" if ConsultationAct.Kind.ADVISED in kinds else "open"


def participation_of(consultation: Consultation, who: Membership) -> str:
    """Where it stands for one of those asked: `asked`, `unknown`, `advised`, `recognised` or `over`; one statement."""
    acts = ConsultationAct.objects.filter(consultation=consultation).order_by("entry")
    return standing_in(who, list(acts.values_list("kind", "by")))


def standing_in(who: Membership, acts: Iterable[tuple[str, object]]) -> str:
    """The state that these acts lead this participant to, by the table."""
    moves = [kind for kind, by in acts if by == who.pk or kind == CLOSED]
    state = graphs.PARTICIPATION.first
    for move in moves:
        if graphs.PARTICIPATION.allows(state, move):
            state = graphs.PARTICIPATION.after(state, move)
    return state


@dataclass(frozen=True, slots=True, kw_only=True)
class Participant:
    """Somebody asked, where it stands for her, and what she advised."""

    membership: Membership
    state: str
    advice: tuple[ConsultationAct, ...] = ()


def participants(consultation: Consultation) -> list[Participant]:
    """Those asked, in the order of their names; two statements."""
    rows = ConsultationParticipant.objects.filter(consultation=consultation).select_related(
        "membership__professional", "membership__institution"
    )
    acts = list(ConsultationAct.objects.filter(consultation=consultation).order_by("entry"))
    said = [(act.kind, act.by_id) for act in acts]
    found = [
        Participant(
            membership=row.membership,
            state=standing_in(row.membership, said),
            advice=tuple(
                act for act in acts if act.by_id == row.membership_id and act.kind == ConsultationAct.Kind.ADVISED
            ),
        )
        for row in rows
    ]
    return sorted(found, key=lambda one: (one.membership.professional.last_name, str(one.membership.pk)))


def _said(kinds: Iterable[str]) -> Exists:
    return Exists(ConsultationAct.objects.filter(consultation=OuterRef("pk"), kind__in=list(kinds)))


def asked_of(by: Membership) -> QuerySet[Consultation]:
    """Those that wait for this participant: she has neither advised nor recognised, they are not over, and somebody waits."""
    mine = ConsultationAct.objects.filter(consultation=OuterRef("pk"), by=by, kind__in=["advised", "recognised"])
    return (
        Consultation.objects.visible_to(by)
        .exclude(author=by)
        .filter(~_said([CLOSED]), ~Exists(mine), author__in=Membership.objects.in_force())
        .select_related("author__institution")
        .order_by("opened_at")
    )


def answered_to(by: Membership) -> QuerySet[Consultation]:
    """Her own that were answered and that she has not ended."""
    return (
        Consultation.objects.visible_to(by)
        .filter(_said(["advised", "recognised"]), ~_said([CLOSED]), author=by)
        .order_by("opened_at")
    )


def since(consultation: Consultation) -> datetime:
    """Since when it is whose turn it is: the last thing said, or its opening."""
    last = (
        ConsultationAct.objects.filter(consultation=consultation).order_by("-at").values_list("at", flat=True).first()
    )
    return last or consultation.opened_at
