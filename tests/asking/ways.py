"""The short way to a request, for tests: Camille asks Mme Lantier what the school knows of the child's needs."""

import uuid
from datetime import timedelta

from cases.models import Case, Representative
from consent.models import Consent
from partners import clock
from partners.models import Membership
from sharing import service
from sharing.asking import acts
from sharing.asking.acts import Asked
from sharing.asking.deciding import Wish, facts_of, fingerprint
from sharing.models import InformationRequest
from tests import personas
from tests.personas import Territory

DECISION = "La commission décide le 12 de l’aide en classe : sans cela, elle ne peut pas la fixer."
ROLE = "Je suis sa référente et je prépare la demande avec ses parents."
NEEDS = ("besoins_scolaires",)


def parents_let_camille_know(territory: Territory, *, categories: tuple[str, ...] = NEEDS) -> Consent:
    """The mother agrees that the school tells Camille."""
    return personas.parents_agree(territory, recipient=territory.camille, purpose="scolarite", categories=categories)


def wish_of(territory: Territory, **changes: object) -> Wish:
    """What Camille would ask of Mme Lantier unless said otherwise."""
    given = {
        "case": territory.case,
        "asked": territory.lantier,
        "purpose": "scolarite",
        "categories": NEEDS,
        "decision_at_stake": DECISION,
        "own_role": ROLE,
        "needed_on": clock.day_of(clock.now()) + timedelta(days=5),
    } | changes
    return Wish(**given)  # type: ignore[arg-type]


def seen(wish: Wish, by: Membership) -> str:
    """The fingerprint of what the asker has on her screen."""
    facts = facts_of(wish=wish, asker=by, at=clock.now())
    return fingerprint(wish, facts, service.explained(facts))


def ask(territory: Territory, *, key: uuid.UUID | None = None, **changes: object) -> Asked:
    """Look, then send at once."""
    wish = wish_of(territory, **changes)
    by = territory.camille
    return acts.ask(key=key or uuid.uuid4(), wish=wish, previewed=seen(wish, by), by=by)


def parents_agree_at(case: Case, by: Membership, territory: Territory) -> Consent:
    """What the mother says to the service that answers, on the sheet of its own, of what it would tell Camille."""
    mother = Representative.objects.create(
        person=case.person,
        kind=Representative.Kind.MOTHER,
        title="Mme",
        first_name="Inès",
        last_name="Bertin",
        holds_parental_authority=True,
    )
    there = Territory(**{**vars(territory), "case": case, "mother": mother, "camille": by})
    return personas.parents_agree(there, recipient=territory.camille, purpose="scolarite", categories=NEEDS)


def sent(territory: Territory, **changes: object) -> InformationRequest:
    """A request that left, with the parents' agreement that its answer needs."""
    parents_let_camille_know(territory, categories=tuple(changes.get("categories", NEEDS)))  # type: ignore[arg-type]
    asked = ask(territory, key=None, **changes)
    assert asked.request is not None, asked
    assert asked.outcome == "sent", asked.request.stopped
    return asked.request
