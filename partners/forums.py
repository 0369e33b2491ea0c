"""What follows from sitting in a forum: what its rules leave out, who is present, what is signed (law.md, P-13)."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from .models import BINDING, Forum, ForumMember, Membership
from .vocabulary import vocabulary

Kind = Forum.Kind
# Under which role somebody receives as a member of each forum; a membership in another role that sits there receives as before.
ROLES: dict[str, frozenset[str]] = {
    Kind.ESS: frozenset({"ess_membre"}),
    Kind.CRIP_EVALUATION: frozenset({"equipe_evaluation_ip"}),
    Kind.CCAPEX_INSTRUCTION: frozenset({"ccapex_instructeur"}),
    Kind.CLSPD_GROUPE: frozenset({"clspd_groupe", "clspd_membre_police"}),
    Kind.RESAD_CLSM: frozenset({"resad_groupe"}),
    Kind.SYNTHESE_ASE: frozenset({"referent_ase", "responsable_ase_designe", "educateur_aemo", "educateur_mecs"}),
    Kind.EQUIPE_PLURI_RSA: frozenset({"equipe_pluri_rsa"}),
    Kind.SIAO_COMMISSION: frozenset({"siao"}),
    Kind.DAC_RCP: frozenset({"dac"}),
}
SEATED_ROLES = frozenset(chain.from_iterable(ROLES.values()))
# Roles that are nothing but a place in a forum: outside their forum, they receive nothing.
ONLY_THERE = frozenset({"ess_membre", "clspd_groupe", "clspd_membre_police", "resad_groupe", "equipe_pluri_rsa"})


@dataclass(frozen=True, slots=True)
class Place:
    """A place recorded for a recipient: the forum, whether she sits there now, whether somebody unbound does too."""

    forum: Forum
    sits: bool
    unbound: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Seating:
    """In which forums a disclosure falls, and what follows: it can only take away."""

    forums: tuple[UUID, ...] = ()
    outside: frozenset[str] = frozenset()
    """Categories that one of these forums does not take."""
    closed: frozenset[str] = frozenset()
    """Where her role is only a place in a forum: the purposes for which none of hers is open to names."""
    circumstances: frozenset[str] = frozenset()


NOWHERE = Seating()


def places(recipients: Iterable[Membership], at: datetime) -> defaultdict[UUID, list[Place]]:
    """The places recorded for each of these recipients, by her id. One statement, none where no role sits in a forum."""
    found: defaultdict[UUID, list[Place]] = defaultdict(list)
    seats = {one.pk for one in recipients if one.role in SEATED_ROLES}
    if not seats:
        return found
    rows = ForumMember.objects.filter(membership__in=seats).select_related("forum")
    for one in rows.annotate(
        sits=Exists(ForumMember.objects.sitting_at(at).filter(pk=OuterRef("pk"))),
        unbound=Exists(unbound_at(at).filter(forum=OuterRef("forum"))),
    ):
        found[one.membership_id].append(Place(forum=one.forum, sits=one.sits, unbound=one.unbound))
    return found


def unbound_at(at: datetime) -> QuerySet[ForumMember]:
    """Places of those whom neither their own proven status nor a text about this forum binds to secrecy."""
    proven = Q(membership__secrecy_status__in=BINDING, membership__secrecy_verified_on__isnull=False)
    return ForumMember.objects.sitting_at(at).filter(~proven, bound_by="")


def seated(places: Iterable[Place], *, role: str, purpose: str, at: datetime) -> Seating:
    """What these places come to. Several forums for one purpose: what any of them leaves out is left out."""
    hers = [one for one in places if role in ROLES[one.forum.kind]]
    if not hers:
        return NOWHERE
    words = vocabulary()
    meeting = [one for one in hers if one.sits and one.forum.open_at(at) and one.forum.nominative]
    closed = frozenset(words.purposes).difference(*(one.forum.purposes for one in meeting))
    here = [one for one in meeting if purpose in one.forum.purposes]
    every = frozenset(words.categories)
    found = {"unbound_guest_present"} if any(one.unbound for one in here) else set()
    if here and all(one.forum.rules_signed_at(at) for one in here):
        found.add("internal_rules_signed")
    return Seating(
        forums=tuple(one.forum.pk for one in here),
        outside=frozenset().union(*(every.difference(one.forum.categories) for one in here)),
        closed=closed if role in ONLY_THERE else frozenset(),
        circumstances=frozenset(found),
    )
