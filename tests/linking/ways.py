"""Two sheets of Milo at the house: Camille's, and one that Leïla opened without knowing, « ce n’est pas elle »."""

from dataclasses import dataclass

from cases import linking
from cases.models import Case, Person, PersonLink
from consent import registry
from consent.models import Refusal
from partners import clock
from partners.models import Membership
from tests import personas
from tests.personas import Territory

WHY = "Même mère, même adresse, dit-elle au téléphone."


@dataclass(frozen=True)
class Twins:
    """The territory, and the other sheet."""

    territory: Territory
    other: Case
    """Leïla's, for a sheet of the same name and birth date."""

    @property
    def first(self) -> Person:
        return self.territory.child

    @property
    def second(self) -> Person:
        return self.other.person


def another_sheet(territory: Territory, by: Membership, last_name: str = personas.CHILD_LAST_NAME) -> Case:
    """One more sheet of that first name and birth date at her service, with its case."""
    child = territory.child
    person = Person(title="M.", first_name=child.first_name, last_name=last_name, birth_date=child.birth_date)
    return personas.open_case_for(person, by)


def twins(territory: Territory) -> Twins:
    """With Leïla's sheet of the same name and day."""
    return Twins(territory, another_sheet(territory, territory.leila))


def proposed(both: Twins) -> PersonLink:
    """Camille proposes."""
    return linking.propose_link(first=both.first, second=both.second, reason=WHY, by=both.territory.camille)


def linked(both: Twins) -> PersonLink:
    """Camille proposed, Nadia agreed."""
    link = proposed(both)
    linking.answer_link(link=link, approved=True, by=both.territory.nadia)
    return link


def ended(both: Twins, link: PersonLink) -> None:
    """Two persons after all, says Camille."""
    linking.end_link(link=link, reason="Deux enfants, vus ensemble.", by=both.territory.camille)


def refused_elsewhere(both: Twins) -> Refusal:
    """On Leïla's sheet the child's family refuses what Camille's mother agreed to."""
    territory = both.territory
    return registry.refuse(
        scope=registry.Scope(
            case=both.other, recipient=territory.lantier, purpose="scolarite", categories=("consigne_pratique",)
        ),
        given_by=None,
        collected_on=clock.day_of(clock.now()),
        form="in_person",
        own_words="Non.",
        late_reason="",
        by=territory.leila,
    )
