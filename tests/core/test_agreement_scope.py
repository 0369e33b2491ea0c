"""What the person said, and about what exactly: recipient, purpose, category, instant; her last word."""

from datetime import timedelta
from typing import Any

import pytest

from sharing.decision import decide
from sharing.facts import ConsentFact, Facts
from tests.core.intended import ON_AGREEMENT, intended
from tests.core.strategies import AT

HERS: dict[str, Any] = {
    "state": "given",
    "recipient": "caf_conseiller",
    "purpose": "acces_droits",
    "categories": frozenset({"situation_admin"}),
    "said_at": AT - timedelta(days=3),
}


def said(*consents: ConsentFact) -> Facts:
    return intended(ON_AGREEMENT, facts={"at": AT, "consents": consents})


def given(**changes: Any) -> ConsentFact:
    return ConsentFact(**{**HERS, **changes})


def verdict(*consents: ConsentFact) -> str:
    return decide(said(*consents)).verdict


def test_an_agreement_covers_what_it_names() -> None:
    assert verdict(given()) == "allow"


@pytest.mark.parametrize(
    "change",
    [
        {"recipient": ""},
        {"recipient": "m-roche"},
        {"institution": "ailleurs"},
        {"purpose": ""},
        {"purpose": "demarche_demandee"},
        {"categories": frozenset()},
        {"categories": frozenset({"logement"})},
        {"valid_from": AT + timedelta(seconds=1)},
        {"valid_until": AT},
        {"state": "perhaps"},
    ],
)
def test_an_agreement_covers_nothing_else(change: dict[str, Any]) -> None:
    assert verdict(given(**change)) == "deny"


def test_an_agreement_runs_from_its_first_instant_to_the_one_before_its_end() -> None:
    assert verdict(given(valid_from=AT, valid_until=AT + timedelta(microseconds=1))) == "allow"


@pytest.mark.parametrize(
    "against",
    [
        {},
        {"recipient": "caf_conseiller"},
        {"purpose": "acces_droits", "categories": frozenset({"situation_admin"})},
        {"said_at": AT - timedelta(days=3)},
        {"said_at": AT},
    ],
)
def test_a_refusal_is_read_widely_and_prevails_over_an_agreement_not_known_to_be_later(against: dict[str, Any]) -> None:
    assert verdict(given(), ConsentFact("refused", **against)) == "deny"


@pytest.mark.parametrize(
    "elsewhere", [{"recipient": "m-roche"}, {"purpose": "scolarite"}, {"categories": frozenset({"logement"})}]
)
def test_a_refusal_that_names_something_else_leaves_the_rest(elsewhere: dict[str, Any]) -> None:
    assert verdict(given(), ConsentFact("refused", **elsewhere)) == "allow"


def test_an_agreement_given_after_a_refusal_is_her_last_word() -> None:
    before = AT - timedelta(days=9)
    assert verdict(ConsentFact("refused", said_at=before), given()) == "allow"
    assert verdict(ConsentFact("refused", valid_from=before), given()) == "allow"
    assert verdict(ConsentFact("withdrawn", valid_until=before), given(said_at=None, valid_from=AT)) == "allow"


def test_an_agreement_of_unknown_date_does_not_undo_a_refusal() -> None:
    assert verdict(ConsentFact("refused", said_at=AT - timedelta(days=9)), given(said_at=None)) == "deny"


def test_a_withdrawal_is_told_as_such() -> None:
    assert decide(said(given(state="withdrawn"))).reasons == ("consent_withdrawn",)


def test_part_of_what_is_asked_may_be_agreed_to() -> None:
    both = intended(ON_AGREEMENT, categories=["situation_admin", "ressources_budget"])
    decision = decide(both.but(at=AT, consents=(given(),)))
    assert [item.verdict for item in decision.items] == ["allow", "deny"]
    assert decision.basis == "ACCORD"
    assert decision.say == "La CAF peut connaître la situation administrative. Le budget reste ici."
