"""An agreement opens exactly what it names; a refusal never widens anything (law.md, part 6.2; facts.ConsentFact)."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from partners.vocabulary import vocabulary
from sharing import law
from sharing.decision import decide
from sharing.facts import ConsentFact, Facts
from sharing.matter import Matter
from sharing.outcome import ALLOW, DENY, SEVERITY
from tests.core.strategies import consents, disclosures, near, written
from tests.core.sweeps import over_each

some = settings(max_examples=120, deadline=None)

WORDS = vocabulary()
near_agreed = near({name: facts for name, facts in written().items() if facts.consents})

OPEN = {"valid_from": None, "valid_until": None}
FOREIGN: dict[str, Callable[[ConsentFact, Facts], ConsentFact]] = {
    "another recipient": lambda given, facts: replace(given, recipient=f"{facts.recipient.ref}-autre"),
    "no recipient": lambda given, facts: replace(given, recipient=""),
    "another purpose": lambda given, facts: replace(given, purpose="curiosite"),
    "no purpose": lambda given, facts: replace(given, purpose=""),
    "other categories": lambda given, facts: replace(given, categories=_others(facts)),
    "no category": lambda given, facts: replace(given, categories=frozenset()),
    "another institution": lambda given, facts: replace(given, institution=f"{facts.recipient.institution}-autre"),
    "not yet": lambda given, facts: replace(given, valid_from=facts.at + timedelta(microseconds=1)),
    "no more": lambda given, facts: replace(given, valid_until=facts.at),
}


def _others(facts: Facts) -> frozenset[str]:
    return frozenset(WORDS.categories) - {item.category for item in facts.items}


def _exact(facts: Facts) -> ConsentFact:
    """The agreement that opens just this, now."""
    return ConsentFact(
        "given",
        recipient=facts.recipient.ref or "mme-lantier",
        institution=facts.recipient.institution,
        purpose=facts.purpose,
        categories=frozenset(item.category for item in facts.items),
        valid_from=facts.at,
        valid_until=facts.at + timedelta(days=1),
    )


@pytest.mark.parametrize("departs", FOREIGN.values(), ids=FOREIGN.keys())
@settings(max_examples=50, deadline=None)
@given(facts=st.one_of(disclosures, near_agreed))
def test_an_agreement_for_something_else_changes_nothing(
    departs: Callable[[ConsentFact, Facts], ConsentFact], facts: Facts
) -> None:
    # Where « another purpose » is what is intended, it is no other.
    foreign = departs(_exact(facts), facts)
    if foreign.purpose != facts.purpose or departs is not FOREIGN["another purpose"]:
        assert decide(facts.but(consents=(*facts.consents, foreign))) == decide(facts)


RESTING = {
    name: facts
    for name, facts in written().items()
    if facts.consents
    and decide(facts).verdict == ALLOW
    and law.BY_CODE[decide(facts).basis or law.ACCORD].asks_agreement
}


def test_every_text_that_asks_for_an_agreement_is_tried() -> None:
    asking = {text.code for text in law.BASES if text.asks_agreement}
    assert {decide(facts).basis for facts in RESTING.values()} == asking


@pytest.mark.parametrize("departs", FOREIGN.values(), ids=FOREIGN.keys())
@over_each(sorted(RESTING))
def test_what_rests_on_an_agreement_for_something_else_is_refused(
    name: str, departs: Callable[[ConsentFact, Facts], ConsentFact]
) -> None:
    facts = RESTING[name]
    text = decide(facts).basis
    m = Matter(facts)
    m.text = law.BY_CODE[text or ""]
    assert decide(facts.but(consents=(_exact(facts),))).verdict == ALLOW
    if not m.agreement_exempt:
        assert decide(facts.but(consents=(departs(_exact(facts), facts),), basis=text)).verdict == DENY


@some
@given(st.one_of(disclosures, near_agreed), consents)
def test_an_agreement_opens_at_most_the_recipient_purpose_and_categories_it_names(
    facts: Facts, more: ConsentFact
) -> None:
    more = replace(more, state="given")
    before, after = decide(facts), decide(facts.but(consents=(*facts.consents, more)))
    if SEVERITY[after.verdict] < SEVERITY[before.verdict]:
        assert more.recipient == facts.recipient.ref != ""
        assert more.purpose == facts.purpose
        assert more.categories & {item.category for item in facts.items}
        assert more.institution in ("", facts.recipient.institution)
        assert more.valid_from is None or more.valid_from <= facts.at
        assert more.valid_until is None or facts.at < more.valid_until


@some
@given(st.one_of(disclosures, near_agreed), consents, st.sampled_from(("refused", "withdrawn", "mot_inconnu", "")))
def test_a_refusal_or_a_withdrawal_never_makes_the_verdict_milder(facts: Facts, more: ConsentFact, state: str) -> None:
    against = replace(more, state=state)
    after = decide(facts.but(consents=(*facts.consents, against)))
    assert SEVERITY[after.verdict] >= SEVERITY[decide(facts).verdict]


@some
@given(
    st.one_of(disclosures, near_agreed),
    st.sampled_from(("person_objects", "parents_known_to_disagree", "minor_objects")),
)
def test_an_objection_never_makes_the_verdict_milder(facts: Facts, objection: str) -> None:
    after = decide(facts.but(circumstances=facts.circumstances | {objection}))
    assert SEVERITY[after.verdict] >= SEVERITY[decide(facts).verdict]


@pytest.mark.parametrize("state", ["refused", "withdrawn"])
@over_each(sorted(RESTING))
def test_a_word_against_that_is_not_understood_is_read_widely(name: str, state: str) -> None:
    facts = RESTING[name]
    text = law.BY_CODE[decide(facts).basis or ""]
    agreed = replace(_exact(facts), valid_from=facts.at - timedelta(days=2))
    later = ConsentFact(state, said_at=facts.at - timedelta(days=1))
    if text.consent_exempt.isdisjoint(Matter(facts).subjects):
        for against in (
            later,
            replace(later, purpose="mot_inconnu"),
            replace(later, categories=frozenset({"mot_inconnu"})),
            replace(later, recipient=facts.recipient.ref, purpose=facts.purpose),
        ):
            assert decide(facts.but(consents=(agreed, against), basis=text.code)).verdict == DENY
        for elsewhere in (
            replace(later, recipient="m-roche"),
            replace(later, purpose="secours" if facts.purpose != "secours" else "requisition"),
            replace(later, categories=_others(facts)),
        ):
            assert decide(facts.but(consents=(agreed, elsewhere))).verdict == ALLOW


@some
@given(st.one_of(disclosures, near_agreed))
def test_what_she_said_last_counts(facts: Facts) -> None:
    """An agreement known to be later than every word against it stands alone; any other is no agreement."""
    against = ConsentFact("refused", said_at=facts.at - timedelta(days=2))
    exact = replace(_exact(facts), recipient=facts.recipient.ref, said_at=facts.at - timedelta(days=1))
    earlier = replace(exact, said_at=facts.at - timedelta(days=3))
    unknown = replace(exact, said_at=None, valid_from=None)
    alone = facts.but(consents=(exact,))
    assert decide(facts.but(consents=(against, exact))).verdict == decide(alone).verdict
    for agreed in (earlier, unknown):
        after = decide(facts.but(consents=(against, agreed)))
        assert after.verdict == decide(facts.but(consents=(against,))).verdict


@some
@given(st.one_of(disclosures, near_agreed))
def test_the_recipient_reads_no_longer_than_the_agreement_lasts(facts: Facts) -> None:
    agreed = facts.but(consents=(_exact(facts),))
    decision = decide(agreed)
    text = law.BY_CODE.get(decision.basis or "")
    rests = any(each.consent == "given" for each in Matter(agreed).items)
    if decision.verdict == ALLOW and text is not None and text.asks_agreement and text.access_months and rests:
        assert decision.access_until is not None
        assert decision.access_until <= facts.at + timedelta(days=1)
