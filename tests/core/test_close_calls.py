"""Where two answers lie close together: which reason is given, which way is offered, and which is not."""

from dataclasses import replace

from sharing import ways
from sharing.decision import decide
from sharing.facts import Facts, Item
from sharing.outcome import Way
from tests.core.intended import CONCERN_REPORT, ON_AGREEMENT, TO_MAYOR, intended


def _norms(facts: Facts) -> set[str]:
    return {finding.rule for finding in decide(facts).findings}


def _ways(facts: Facts) -> dict[str, str]:
    """The ways offered, and what comes out of each."""
    return {way.code: way.verdict for way in decide(facts, paths=True).paths}


def test_where_the_convention_has_expired_the_recipient_is_not_said_to_be_outside_its_mission() -> None:
    expired = _norms(intended(ON_AGREEMENT, also=["agreement_expired"]))
    assert "voluntary_sharing_supposes_an_agreement_in_force" in expired
    assert "recipient_is_among_those_the_text_names" not in expired
    assert "recipient_is_among_those_the_text_names" in _norms(intended(ON_AGREEMENT, recipient="prefecture"))
    elsewhere = intended(CONCERN_REPORT, recipient="maire", also=["agreement_expired"])
    assert "recipient_is_among_those_the_text_names" in _norms(elsewhere)


def test_what_was_heard_from_others_gives_way_to_what_one_saw() -> None:
    assert _ways(intended(CONCERN_REPORT, also=["hearsay"])) == {"say_what_was_seen": "allow"}
    assert _ways(intended(CONCERN_REPORT, item={"nature": "rumeur"})) == {"say_what_was_seen": "allow"}


def test_nobody_else_is_proposed_where_saying_why_or_leaving_out_is_enough() -> None:
    untold = intended(TO_MAYOR, informed="not_done")
    unsaid = Item("emploi_insertion", ref="2", necessity="")
    ways = _ways(replace(untold, items=(*untold.items, unsaid)))
    assert set(ways) >= {"say_why_necessary", "leave_out"}
    assert "address_someone_else" not in ways


def test_of_two_ways_that_lead_as_far_the_one_that_asks_for_less_is_offered() -> None:
    facts = intended()

    def solution(verdict: str, *labels: str) -> list[ways.Found]:
        return [(Way("establish", label, verdict=verdict), facts) for label in labels]

    told, told_and_agreed = solution("allow", "informer"), solution("allow", "informer", "recueillir l’accord")
    reviewed, another = solution("review", "informer", "motiver"), solution("review", "adresser")
    offered = list(ways._smallest([told_and_agreed, [], another, reviewed, told]))
    assert offered == [told, another]


def test_an_order_about_something_confided_to_another_founds_nothing_even_beside_what_is_ones_own() -> None:
    ordered = intended(also=["hierarchical_order"])
    another_s = Item("sante_fonctionnel", ref="2", depositary=False)
    norms = _norms(replace(ordered, items=(*ordered.items, another_s)))
    assert "an_order_founds_nothing" in norms
    assert "an_order_spoils_nothing" not in norms
    assert "an_order_spoils_nothing" in _norms(ordered)
    assert "an_order_founds_nothing" in _norms(intended(also=["hierarchical_order", "not_depositary"]))


def test_those_of_ones_own_role_are_proposed_after_the_others() -> None:
    asked_elsewhere = intended(
        sender="referent_rsa",
        recipient="conseiller_mission_locale",
        purpose="insertion_rsa",
        categories=["emploi_insertion"],
        circumstances=[],
    )
    others = [way.role for way in decide(asked_elsewhere, paths=True).paths if way.code == "address_someone_else"]
    assert others
    assert others[0] != "referent_rsa"


def test_a_victim_whose_agreement_is_sought_may_always_say_it_herself() -> None:
    """CP 226-14 3°: the agreement of the victim is sought, hence she is spoken with before anything else."""
    reported = intended(
        sender="infirmier_hopital",
        recipient="procureur",
        purpose="signaler_violence_couple",
        categories=["violences"],
        circumstances=[],
    )
    assert "say_it_herself" in _ways(reported)


def test_one_item_confided_to_somebody_else_is_enough_for_her_to_be_asked() -> None:
    another_s = Item("sante_fonctionnel", ref="2", received=True)
    asked = intended(sender="enseignant")
    assert "ask_depositary" in _ways(replace(asked, items=(*asked.items, another_s)))
    assert "ask_depositary" not in _ways(asked)
