"""What stood at an instant never depends on what was recorded after it."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cases.standing import majority_of
from consent import registry
from consent.models import Consent, PersonsWord, Withdrawal
from consent.standing import standing
from partners import clock
from sharing.stopping import anomalies, errors
from tests import personas
from tests.personas import Territory
from tests.sharing.ways import draft_of, send

pytestmark = pytest.mark.django_db
MOVES = ("agree", "refuse", "object", "inform", "defer", "withdraw", "invalidate")


def said(territory: Territory, form: str = "in_person") -> dict[str, object]:
    return {
        "scope": registry.Scope(
            case=territory.case, recipient=territory.lantier, purpose="scolarite", categories=["consigne_pratique"]
        ),
        "given_by": territory.mother,
        "collected_on": clock.day_of(clock.now()),
        "form": form,
        "by": territory.camille,
    }


def make(territory: Territory, move: str, said_so_far: list[PersonsWord | Withdrawal]) -> None:
    word = said(territory)
    consents = [one for one in said_so_far if isinstance(one, Consent)]
    if move == "agree":
        said_so_far.append(personas.parents_agree(territory))
    elif move == "refuse":
        said_so_far.append(registry.refuse(**word, own_words=str(len(said_so_far))))  # type: ignore[arg-type]
    elif move == "object":
        said_so_far.append(registry.object_to(**word, own_words=str(len(said_so_far))))  # type: ignore[arg-type]
    elif move == "inform":
        said_so_far.append(registry.inform(**word, own_words=str(len(said_so_far))))  # type: ignore[arg-type]
    elif move == "defer":
        deferred = registry.inform(
            **word | {"form": ""},  # type: ignore[arg-type]
            withheld="child_interest",
            withheld_reason=f"Pression sur l’enfant {len(said_so_far)}",
            decided_with="Nadia Benali",
            reexamine_on=clock.day_of(clock.now()) + timedelta(days=3),
        )
        said_so_far.append(deferred)
    elif move == "withdraw" and consents:
        taken = registry.withdraw(consent=consents[-1], form="in_person", own_words="", by=territory.camille)
        said_so_far.append(taken)
    elif move == "invalidate" and said_so_far:
        errors.invalidate(word=said_so_far[-1], note="Jamais dit", by=territory.camille)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(moves=st.lists(st.sampled_from(MOVES), min_size=2, max_size=6))
def test_what_stood_then_stands_the_same_whatever_is_recorded_afterwards(
    territory: Territory, moves: list[str]
) -> None:
    def stood(at: object) -> object:
        return standing(person=territory.child.pk, recipient=territory.lantier.pk, purpose="scolarite", at=at)  # type: ignore[arg-type]

    seen = []
    words: list[PersonsWord | Withdrawal] = []
    for move in moves:
        make(territory, move, words)
        at = clock.now()
        seen.append((at, stood(at)))
    for at, then in seen:
        assert stood(at) == then


def test_who_is_born_on_the_last_day_of_february_comes_of_age_on_the_first_of_march() -> None:
    from datetime import date

    assert clock.day_of(majority_of(date(2008, 2, 29))) == date(2026, 3, 1)
    assert clock.day_of(majority_of(date(2008, 5, 3))) == date(2026, 5, 3)


def test_an_exception_ends_when_she_was_told_since_of_the_same(territory: Territory) -> None:
    def word() -> object:
        return standing(
            person=territory.child.pk, recipient=territory.lantier.pk, purpose="scolarite", at=clock.now()
        ).withheld

    make(territory, "defer", [])
    assert word() == "child_interest"
    make(territory, "inform", [])
    assert word() == ""
    make(territory, "defer", [])
    assert word() == "child_interest"


def test_abuse_06_what_left_on_an_agreement_that_was_none_is_listed_for_who_protects_data_and_for_its_author(
    territory: Territory, sign_in: Callable[..., object]
) -> None:
    """Abuse 6: neither an error nor an agreement written down afterwards covers what had left."""
    consent = personas.parents_agree(territory)
    sent = send(draft_of(territory), territory.camille).disclosure
    assert sent is not None
    assert anomalies.of_institution(territory.camille) == []
    errors.invalidate(word=consent, note="Jamais dit", by=territory.camille)
    (found,) = anomalies.of_institution(territory.camille)
    assert (found.disclosure, found.late) == (sent, False)
    personas.parents_agree(territory)
    (found,) = anomalies.of_institution(territory.camille)
    assert found.late
    dpo = personas.signed_in(personas.second_dpo_post(territory))
    shown = dpo.get("/controle/incidents/").content.decode()
    assert sent.reference in shown
    assert "Sans accord au moment" in sign_in("camille").get("/").content.decode()  # type: ignore[attr-defined]
