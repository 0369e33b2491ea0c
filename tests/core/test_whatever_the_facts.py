"""What must hold whatever the facts (law.md, part 6.2; design.md, parts 2 and 4)."""

from dataclasses import replace

from hypothesis import assume, given, settings

from partners.vocabulary import vocabulary
from sharing import law
from sharing.decision import decide
from sharing.facts import Facts
from sharing.matter import Matter
from sharing.outcome import DENY, SEVERITY
from tests.core.strategies import disclosures

some = settings(max_examples=60, deadline=None)


@some
@given(disclosures)
def test_every_outcome_cites_a_text_that_can_be_read(facts: Facts) -> None:
    decision = decide(facts, paths=True)
    assert decision.verdict == "allow" or decision.findings
    assert all(finding.article in law.ARTICLES for finding in decision.findings)
    assert all(reason in vocabulary().reasons for reason in decision.reasons)
    assert all(duty.code in vocabulary().duties for duty in decision.duties)
    assert decision.basis is None or decision.basis in law.ARTICLES
    assert decision.say.endswith((".", "?"))
    assert decision.rulebook == vocabulary().digest


@some
@given(disclosures)
def test_the_whole_is_as_strict_as_its_strictest_item(facts: Facts) -> None:
    decision = decide(facts)
    whole = SEVERITY[decision.verdict]
    assert all(SEVERITY[each.verdict] <= whole for each in decision.items)
    about_the_whole = [finding for finding in decision.findings if not finding.items]
    if facts.items and not about_the_whole:
        assert max(SEVERITY[each.verdict] for each in decision.items) == whole


@some
@given(disclosures)
def test_what_came_from_a_concern_report_never_leaves_child_protection(facts: Facts) -> None:
    assume(not Matter(facts).gate and facts.items)
    locked = facts.but(items=tuple(replace(item, origin="ip") for item in facts.items))
    purpose = vocabulary().purposes.get(facts.purpose)
    if decide(locked).verdict != DENY:
        assert purpose is not None
        assert purpose.domain == "protection_enfance" or purpose.code in {
            "signaler_sevices",
            "secours",
            "requisition",
            "droit_acces",
        }


@some
@given(disclosures)
def test_a_refusal_owes_nothing_and_opens_nothing(facts: Facts) -> None:
    decision = decide(facts)
    if decision.verdict == DENY:
        assert decision.duties == ()
        assert decision.access_until is None


@some
@given(disclosures)
def test_what_is_opened_is_not_yet_closed(facts: Facts) -> None:
    until = decide(facts).access_until
    assert until is None or until > facts.at


@some
@given(disclosures)
def test_the_same_facts_give_the_same_decision(facts: Facts) -> None:
    assert decide(facts, paths=True) == decide(facts, paths=True)
