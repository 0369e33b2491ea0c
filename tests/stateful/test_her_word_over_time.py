"""Agreements, refusals, withdrawals, errors, judgments, conventions, links and months, in any order: what always holds."""

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta

from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from cases import files
from cases.models import Case, Item, Person, Representative
from partners import clock
from partners.models import Membership
from tests import personas
from tests.personas import Territory
from tests.stateful import moving
from tests.stateful.machine import CATEGORIES, HerWord

EXAMPLES, STEPS = 12, 35
"""About 400 steps, a minute of processor. What else is loaded changes which: numbers are drawn among those it writes, too."""
DAYS_BEFORE_MAJORITY = 75


@dataclass(frozen=True)
class Scene:
    """The territory, the child soon of age, a second sheet of hers in the same house, who may resume what Nadia suspends."""

    territory: Territory
    items: list[Item]
    other_sheet: Person
    other_case: Case
    other_parent: Representative
    second: Membership


def scene() -> Scene:
    territory = personas.build()
    child = territory.child
    of_age_on = clock.day_of(clock.now()) + timedelta(days=DAYS_BEFORE_MAJORITY)
    child.birth_date = of_age_on.replace(year=of_age_on.year - 18, day=min(of_age_on.day, 28))
    child.save(update_fields=["birth_date"])
    territory.case.person = child
    items = [territory.absences] + [
        personas.write_down(territory.case, territory.camille, label=one, text=one, category=one)
        for one in CATEGORIES[1:]
    ]
    twin = Person(title="M.", first_name=child.first_name, last_name=child.last_name, birth_date=child.birth_date)
    other_case = files.open_case(
        person=twin, domain="insertion", reason="Permanence", by=territory.leila, at=clock.now()
    )
    other_parent = Representative.objects.create(
        person=twin, kind=Representative.Kind.MOTHER, title="Mme", first_name="Inès", last_name="Bertin",
        holds_parental_authority=True,
    )  # fmt: skip
    second = personas.tends_the_directory(territory, territory.house, name="Armelle")
    return Scene(territory, items, twin, other_case, other_parent, second)


def test_whatever_is_said_in_whatever_order_what_leaves_had_a_basis_and_every_act_one_entry(own_database: str) -> None:
    moving.prepare()
    made, walked = scene(), Counter[str]()

    class Machine(HerWord):
        pass

    Machine.scene, Machine.walked = made, walked
    run_state_machine_as_test(
        Machine,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=STEPS,
            deadline=None,
            derandomize=True,
            database=None,
            print_blob=False,
            phases=[Phase.generate, Phase.shrink],
            suppress_health_check=list(HealthCheck),
        ),
    )
    # What was walked is enough to have met what is looked for.
    assert walked["disclosure.released"] > 15
    assert walked["readings compared with an opening"] > 300
    assert (
        sum(walked[one] for one in ("consent.withdrawn", "consent.refused", "objection.recorded", "word.invalidated"))
        > 30
    )
