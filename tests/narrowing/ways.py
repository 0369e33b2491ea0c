"""The short way to a narrowing, for tests: proposed by one person of the house, approved by another."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from consent import registry
from partners import clock, narrowing
from partners.models import Membership, Narrowing, NarrowingDecision
from partners.narrowing import Place, Takes
from sharing import service
from sharing.models import Draft
from tests import personas
from tests.personas import Territory
from tests.sharing.ways import send

ORDER = ("released", "awaiting_opinion", "refused")


@dataclass(frozen=True)
class House:
    """Who may narrow what the house communicates: one tends its directory, the other protects its data."""

    tender: Membership
    dpo: Membership


def house(territory: Territory) -> House:
    return House(
        tender=personas.tends_the_directory(territory, territory.house),
        dpo=personas.post(
            personas.professional("Basile", "Arnoux", title="M."), territory.house, "responsable_traitement",
            "Délégué à la protection des données", "fonction", "RGPD art. 4", "dpo",
        ),
    )  # fmt: skip


def proposed(
    place: Place, by: Membership, takes: Takes | None = None, *, in_days: int = 0, at: datetime | None = None
) -> Narrowing:
    """What the school receives most, left out, unless said otherwise."""
    day = clock.day_of(at or clock.now()) + timedelta(days=in_days)
    return narrowing.propose(
        place=place, takes=takes or Takes(categories=("consigne_pratique",)), why="Bilan.", wanted_on=day, by=by, at=at
    )


def narrowed(
    place: Place, who: House, takes: Takes | None = None, *, in_days: int = 0, at: datetime | None = None
) -> Narrowing:
    """Proposed by the one, approved by the other."""
    made = proposed(place, who.tender, takes, in_days=in_days, at=at)
    approve(made, who.dpo, at=at)
    return made


def approve(proposal: narrowing.Proposal, by: Membership, *, at: datetime | None = None) -> NarrowingDecision:
    return narrowing.decide(proposal=proposal, approved=True, sentence="Proportionné.", by=by, at=at)


def lifted(made: Narrowing, who: House, *, in_days: int = 0, at: datetime | None = None) -> None:
    """Its lift, proposed by the one and approved by the other."""
    day = clock.day_of(at or clock.now()) + timedelta(days=in_days)
    lift = narrowing.propose_lift(narrowing=made, why="Plus utile.", wanted_on=day, by=who.dpo, at=at)
    approve(lift, who.tender, at=at)


def outcome(draft: Draft, by: Membership) -> str:
    """What submitting it would come to; forgotten at once."""
    with transaction.atomic():
        answer = str(send(draft, by).outcome)
        transaction.set_rollback(True)
    return answer


def reasons(draft: Draft, by: Membership, at: datetime | None = None) -> tuple[str, ...]:
    """Why a draft would not leave at this instant."""
    _facts, decision = service.preview(draft=draft, by=by, at=at)
    return tuple(decision.reasons)


def parents_invited(territory: Territory, recipient: Membership, categories: Sequence[str]) -> None:
    """They were told, invited, and their child was heard: what the follow-up team asks."""
    at = clock.now()
    registry.inform(
        scope=registry.Scope(case=territory.case, recipient=recipient, purpose="scolarite", categories=categories),
        given_by=territory.mother,
        collected_on=clock.day_of(at),
        form="in_person",
        own_words="",
        late_reason="",
        child_heard=True,
        understanding="Il a compris à qui c’est dit.",
        presence_proposed=True,
        by=territory.camille,
        at=at,
    )
