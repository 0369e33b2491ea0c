"""Shorter ways to say what stands for somebody: a measure with its judgment, a state, somebody beside her."""

from datetime import date, timedelta
from typing import Any

from cases import files, standing_acts
from cases.models import Case, Person, PersonStatus, Representative, RepresentativeAct
from cases.standing_acts import Paper
from partners import clock
from tests import personas
from tests.personas import Territory

PAPER = Paper(authority="Tribunal judiciaire de Vallières", act_reference="RG 25/00412", decided_on=date(2025, 3, 4))
WORD = "Dit par elle, en entretien."


def adult(territory: Territory, **fields: Any) -> Case:
    """Mme Ana Da Silva, 39 years old, of whom Camille opens the case."""
    fields = {"first_name": "Ana", "last_name": "Da Silva", "birth_date": personas.born_years_ago(39)} | fields
    return files.open_case(
        person=Person(title="Mme", **fields),
        domain="insertion",
        reason="Permanence",
        by=territory.camille,
        at=clock.now(),
    )


def records(case: Case, territory: Territory, kind: str, **typed: Any) -> PersonStatus:
    """Camille records this; what a judge decides comes with its judgment, the rest with a word."""
    on_paper = kind in standing_acts.ON_PAPER
    usual: dict[str, Any] = {"paper": PAPER if on_paper else standing_acts.NO_PAPER, "note": "" if on_paper else WORD}
    return standing_acts.record_status(case=case, kind=kind, by=territory.camille, **(usual | typed))


def adds(case: Case, territory: Territory, kind: str, first_name: str = "Guy", **fields: Any) -> Representative:
    """Camille adds somebody beside her."""
    parent = kind in {"mother", "father", "parent"}
    return standing_acts.add_representative(
        case=case,
        representative=Representative(
            kind=kind, first_name=first_name, last_name="Or", holds_parental_authority=parent, **fields
        ),
        paper=PAPER if kind in standing_acts.BY_JUDGMENT else standing_acts.NO_PAPER,
        reason="" if kind in standing_acts.BY_JUDGMENT else WORD,
        by=territory.camille,
    )


def changes(case: Case, territory: Territory, one: Representative, move: str, **typed: Any) -> RepresentativeAct:
    """Camille records what changed for her."""
    typed = dict[str, Any](paper=PAPER, reason=WORD) | typed
    return standing_acts.change_representative(case=case, representative=one, move=move, by=territory.camille, **typed)


def tomorrow() -> date:
    return clock.day_of(clock.now()) + timedelta(days=1)
