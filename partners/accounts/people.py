"""Who works in an institution, who is invited, where each stands and whose turn it is; computed, never stored."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q, Value
from django.db.models.functions import Concat
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partners import clock
from partners.models import (
    BINDING,
    Function,
    FunctionChange,
    FunctionChangeQuerySet,
    Invitation,
    InvitationEnd,
    Membership,
    MembershipEnd,
    SecrecyCheck,
)
from partners.search import Normalised, normalised

from .inviting import state_of
from .proving import CHECKING

SEEING = CHECKING
"""The functions that see who works in their institution and what is waited for: those that tend it, and its DPO."""
STATES = {
    "": gettext_lazy("En poste"),
    "a-verifier": gettext_lazy("Secret à vérifier"),
    "part": gettext_lazy("Départ prévu"),
    "partis": gettext_lazy("Partis"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One member of the list."""

    membership: Membership
    state: str
    chip: str
    turn: str
    functions: tuple[str, ...]


def members(by: Membership, *, state: str, function: str, words: str) -> list[Membership]:
    """Those of her institution, by name: in force (all, to be checked, leaving) or gone; what is unknown filters nothing."""
    # A former member is no row of the directory: whoever tends the institution is shown hers alone.
    every = Membership.objects.filter(institution=by.institution_id).select_related("professional", "institution")
    at_work = Membership.objects.in_force().values("pk")
    found = every.exclude(pk__in=at_work) if state == "partis" else every.filter(pk__in=at_work)
    if state == "a-verifier":
        found = found.filter(secrecy_status__in=BINDING, secrecy_verified_on__isnull=True)
    if state == "part":
        found = found.filter(ends_at__isnull=False)
    if function in Function.values:
        found = found.filter(functions__contains=[function])
    wanted = normalised(words).split()[:5]
    if wanted:
        space = Value(" ")
        text = Concat("professional__first_name", space, "professional__last_name", space, "job_title")
        found = found.annotate(text=Normalised(text))
        for word in wanted:
            found = found.filter(text__contains=word)
    return list(found.order_by("professional__last_name", "professional__first_name", "pk"))


def lines(found: Iterable[Membership], by: Membership, at: datetime) -> list[Line]:
    """Each as the list says it, with whose turn it is; one statement more, whatever their number."""
    every = list(found)
    waiting = set(
        FunctionChange.objects.visible_to(by)
        .waiting()
        .filter(membership__in=every)
        .values_list("membership", flat=True)
    )
    return [_line(one, by, at, change=one.pk in waiting) for one in every]


def _line(one: Membership, by: Membership, at: datetime, *, change: bool) -> Line:
    mine = one.professional_id == by.professional_id
    if one.ends_at is not None and one.ends_at <= at:
        day = date_format(clock.day_of(one.ends_at), "j F Y")
        state, chip, turn = _("partie le %(day)s") % {"day": day}, "ended", ""
    elif one.ends_at is not None:
        day = date_format(clock.last_day(one.ends_at), "j F Y")
        state, chip, turn = _("part le %(day)s") % {"day": day}, "pending", _("À vous : préparer le relais.")
    elif one.awaits_proof:
        turn = (
            _("À quelqu’un d’autre que vous : vérifier.") if mine else _("À vous : vérifier ce qui l’engage au secret.")
        )
        state, chip = _("secret à vérifier"), "pending"
    elif change:
        state, chip, turn = _("changement de fonctions proposé"), "pending", _("À une deuxième personne : répondre.")
    else:
        state, chip, turn = _("en poste"), "given", ""
    named = tuple(str(Function(one_of).label) for one_of in one.functions if one_of in Function.values)
    return Line(membership=one, state=state, chip=chip, turn=turn, functions=named)


def changes_for(by: Membership) -> list[FunctionChange]:
    """The changes of functions that wait for a second person in her institution."""
    found: FunctionChangeQuerySet = FunctionChange.objects.visible_to(by).waiting()
    return list(
        found.select_related("membership__professional", "membership__institution", "proposed_by__professional")
    )


def invitations(by: Membership, at: datetime) -> list[tuple[Invitation, str]]:
    """Those that may still be accepted, and those that died lately without being, each with where it stands."""
    ended = InvitationEnd.objects.values("invitation")
    found = (
        Invitation.objects.visible_to(by)
        .filter(~Q(pk__in=ended), expires_at__gt=at - timedelta(days=30))
        .select_related("institution", "invited_by__professional")
    )
    return [(one, state_of(one, at)) for one in found]


def to_check(by: Membership) -> list[Membership]:
    """Those of her institution whose proof nobody saw yet and that she may look at: never her own."""
    found = Membership.objects.in_force().filter(
        institution=by.institution_id, secrecy_status__in=BINDING, secrecy_verified_on__isnull=True
    )
    return list(found.exclude(professional=by.professional_id).select_related("professional").order_by("starts_at"))


def history(membership: Membership) -> list[tuple[datetime, str, str]]:
    """What was done of a post, the latest first: when, what, by whom."""
    told: list[tuple[datetime, str, str]] = []
    joined = InvitationEnd.objects.filter(membership=membership, kind=InvitationEnd.Kind.ACCEPTED).first()
    if joined is not None:
        told.append((joined.at, _("Invitation acceptée"), ""))
    for check in SecrecyCheck.objects.filter(membership=membership).select_related("checker"):
        what = _("Secret vérifié : %(seen)s") if check.proven else _("Secret non prouvé : %(seen)s")
        told.append((check.checked_at, what % {"seen": check.seen}, check.checker.full_name))
    for change in FunctionChange.objects.filter(membership=membership).select_related("proposer"):
        what = (
            _("Changement de fonctions proposé : %(why)s") if change.needs_second else _("Fonctions changées : %(why)s")
        )
        told.append((change.proposed_at, what % {"why": change.why}, change.proposer.full_name))
    for end in MembershipEnd.objects.filter(membership=membership).select_related("ender"):
        day = date_format(
            clock.day_of(end.ends_at) if end.ends_at == end.recorded_at else clock.last_day(end.ends_at), "j F Y"
        )
        told.append(
            (
                end.recorded_at,
                _("Fin décidée, dernier jour le %(day)s : %(why)s") % {"day": day, "why": end.why},
                end.ender.full_name,
            )
        )
    return sorted(told, key=lambda one: one[0], reverse=True)
