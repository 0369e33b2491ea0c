"""The spaces where information circulates in Vallières, and what is narrowed there: in force, or waiting for a second person."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from partners import clock, forums, narrowed, narrowing
from partners.models import Agreement, AgreementParty, Forum, ForumMember, Membership, Narrowing, NarrowingDecision
from sharing import between

from .batch import Batch
from .calendar import Calendar
from .sheets import Known
from .territory import Territory

ESS_TEXT = "C. éduc. D351-11"
CLSPD_TEXT = "CSI L132-5"
IN_FORCE_FOR = 75  # days
WAITING_FOR = 2
WANTED_IN = 12
PROPOSER, DECIDER = "crip", "responsable_traitement"  # at the département: who tends the directory, who protects data


@dataclass(frozen=True, slots=True, kw_only=True)
class Space:
    """A forum of the plan: who holds it (a key of `territory.INSTITUTIONS`), who sits there (roles), bound by which text."""

    kind: Forum.Kind
    where: str
    name: str
    purposes: tuple[str, ...]
    categories: tuple[str, ...]
    nominative: bool
    presence_proposed: bool
    minutes_rule: str
    members: tuple[str, ...]
    bound_by: str


SPACES = (
    Space(
        kind=Forum.Kind.ESS,
        where="ecole",
        name="Équipe de suivi de la scolarisation de l’école Jean-Macé",
        purposes=("scolarite",),
        categories=("consigne_pratique", "besoins_scolaires", "sante_fonctionnel"),
        nominative=True,
        presence_proposed=True,
        minutes_rule="Le compte rendu ne garde que les aménagements décidés ; les parents le relisent et le reçoivent.",
        members=("ess_membre", "medecin_scolaire", "psyen", "psychologue_cmpp"),
        bound_by=ESS_TEXT,
    ),
    Space(
        kind=Forum.Kind.CLSPD_GROUPE,
        where="ccas",
        name="Groupe « tranquillité résidentielle » du CLSPD de Vallières",
        purposes=("prevention_delinquance",),
        categories=("logement", "besoin_coordination"),
        nominative=False,
        presence_proposed=False,
        minutes_rule="Le relevé de décisions ne cite personne ; rien n’en sort.",
        members=("clspd_groupe",),
        bound_by=CLSPD_TEXT,
    ),
)


class LocalRules:
    """The forums and the narrowings of a territory, and its mission sheets; what follows is computed as `gather` reads it."""

    def __init__(self, known: Known) -> None:
        self._known = known
        self._forums: list[tuple[Forum, list[ForumMember]]] = []
        self._narrowings: list[tuple[Narrowing, NarrowingDecision]] = []

    def settings(self, *, recipient: Membership, sender: Membership, purpose: str, at: datetime) -> between.Settings:
        """The local settings that bear on this, at this instant."""
        places = (
            forums.Place(forum=forum, sits=_sits(member, at), unbound=any(_unbound(one, at) for one in members))
            for forum, members in self._forums
            for member in members
            if member.membership_id == recipient.pk
        )
        bearing = (
            one
            for one, decision in self._narrowings
            if one.institution_id == sender.institution_id
            and decision.effective_at is not None
            and decision.effective_at <= at
        )
        return between.Settings(
            seating=forums.seated(places, role=recipient.role, purpose=purpose, at=at),
            narrowings=narrowed.together(bearing, purpose),
            known=self._known.of(sender=sender, recipient=recipient, at=at),
        )


def _sits(member: ForumMember, at: datetime) -> bool:
    return member.starts_at <= at and (member.ends_at is None or at < member.ends_at)


def _unbound(member: ForumMember, at: datetime) -> bool:
    return _sits(member, at) and not member.membership.is_bound and not member.bound_by


def make(*, territory: Territory, calendar: Calendar, batch: Batch, known: Known) -> LocalRules:
    """Make the forums and the narrowings, and put them aside to be written; the sheets are `known`."""
    made = LocalRules(known)
    for space in SPACES:
        forum = Forum(
            kind=space.kind,
            institution=territory.institutions[space.where],
            name=space.name,
            purposes=list(space.purposes),
            categories=list(space.categories),
            nominative=space.nominative,
            presence_proposed=space.presence_proposed,
            minutes_rule=space.minutes_rule,
            rules_signed_on=calendar.day(430),
            opened_on=calendar.day(447),
        )
        members = [
            ForumMember(forum=forum, membership=one, bound_by=space.bound_by, starts_at=calendar.at(447, 9))
            for role in space.members
            for one in territory.memberships
            if one.role == role
        ]
        made._forums.append((forum, members))
        batch.add(forum, *members)
    made._narrowings.append(_kept_by_the_departement(territory, calendar, batch))
    _waiting_on_an_agreement(territory, calendar, batch)
    return made


def _kept_by_the_departement(
    territory: Territory, calendar: Calendar, batch: Batch
) -> tuple[Narrowing, NarrowingDecision]:
    at = calendar.at(IN_FORCE_FOR, 11, 20)
    proposal, entry = narrowing.proposal_of(
        place=territory.institutions["departement"],
        takes=narrowing.Takes(categories=("judiciaire_infraction", "vie_affective_sexuelle")),
        why="Deux situations où ces informations ont circulé sans utilité pour ceux qui les recevaient.",
        wanted_on=clock.day_of(at) + timedelta(days=1),
        by=territory.first(PROPOSER),
        at=at,
    )
    batch.act(proposal, case=None, **entry)
    decision, entry = narrowing.decision_of(
        proposal=proposal,
        approved=True,
        sentence="Proportionné : une obligation ou un signalement ne sont pas touchés.",
        by=territory.first(DECIDER),
        at=at + timedelta(hours=3),
    )
    batch.act(decision, case=None, **entry)
    return proposal, decision


def _waiting_on_an_agreement(territory: Territory, calendar: Calendar, batch: Batch) -> None:
    proposal, entry = narrowing.proposal_of(
        place=_agreement(territory.agreements, "26"),
        takes=narrowing.Takes(
            categories=("appreciation_sociale",), opinion_on=("mesure_protection_enfance",), at_most_days=90
        ),
        why="Bilan de la convention avec l’école : les appréciations sociales n’y ont servi à aucune décision.",
        wanted_on=calendar.day(-WANTED_IN),
        by=territory.first(PROPOSER),
        at=calendar.at(WAITING_FOR, 10, 5),
    )
    batch.act(proposal, case=None, **entry)


def _agreement(agreements: Iterable[tuple[Agreement, list[AgreementParty]]], number: str) -> Agreement:
    return next(agreement for agreement, _parties in agreements if agreement.number == number)
