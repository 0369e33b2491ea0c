"""The eight theorems of Cedar's authorizer (trust.md), held for nominative sharing; each is named by its sentence.

A permit is a text of ``bases.yaml``, a forbid is a norm of ``sharing.rules``. Between texts the mildest outcome is retained, under
one text the strictest norm wins. Before the theorems stand the two gates where no text is needed (``law.py``): there the norms are
heard, and the theorems about norms hold too.
"""

from collections.abc import Iterable
from dataclasses import replace
from types import MappingProxyType
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from partners.vocabulary import vocabulary
from sharing import duties, law
from sharing.decision import decide
from sharing.facts import Facts
from sharing.law import Basis
from sharing.matter import Matter
from sharing.outcome import ALLOW, DENY, REVIEW, SEVERITY, Decision
from sharing.rules import RULES, Rule
from sharing.weighing import weigh
from tests.core.strategies import at_a_gate, disclosures, near_lawful

# A drawing is small and the machine is shared: fewer examples, no deadline.
some = settings(max_examples=100, deadline=None)

Texts = MappingProxyType[str, tuple[Basis, ...]]
subsets_of_texts = st.frozensets(st.sampled_from(sorted(law.BY_CODE)))
subsets_of_rules = st.frozensets(st.sampled_from(RULES))


def _texts(*texts: Basis) -> Texts:
    return MappingProxyType(dict(law.by_purpose(texts)))


def _named(codes: Iterable[str]) -> Texts:
    return _texts(*(law.BY_CODE[code] for code in sorted(codes)))


def _norm(name: str, effect: str, about: int | None = None) -> Rule:
    """A norm that nobody wrote: about the whole, or about the nth item alone."""
    if about is None:
        return Rule(name, law.CP_226_13, effect, "no_basis", "Essai.", "", False, lambda _matter: True)
    return Rule(name, law.CP_226_13, effect, "no_basis", "Essai.", "", True, lambda m, item: item is m.items[about])


def _needs_a_text(facts: Facts) -> bool:
    return not Matter(facts).gate


def _severity(decision: Decision) -> int:
    return SEVERITY[decision.verdict]


def _said_under(facts: Facts, text: Basis) -> list[str] | None:
    """What each norm says under this text, worked out plainly; None where the text does not fit."""
    m = Matter(facts)
    if m.missing(text):
        return None
    m.text = text
    return [finding.effect for rule in RULES if (finding := rule.finding(m)) is not None]


# --- 1. forbid trumps permit -----------------------------------------------------------------------------------------------


@some
@given(disclosures)
def test_forbid_trumps_permit(facts: Facts) -> None:
    decision = weigh(facts, rules=(*RULES, _norm("forbid", DENY)))
    assert decision.verdict == DENY
    assert "forbid" in {finding.rule for finding in decision.findings}
    assert {each.verdict for each in decision.items} <= {DENY}
    assert decision.duties == ()


@some
@given(disclosures, st.integers(0, 2))
def test_what_is_forbidden_of_one_item_forbids_the_whole_and_no_other_item(facts: Facts, nth: int) -> None:
    assume(nth < len(facts.items) and len({item.ref for item in facts.items}) == len(facts.items))
    before, after = decide(facts), weigh(facts, rules=(*RULES, _norm("forbid", DENY, about=nth)))
    assert after.verdict == DENY
    assert after.items[nth].verdict == DENY
    if before.verdict == ALLOW:
        others = [each.verdict for place, each in enumerate(after.items) if place != nth]
        assert set(others) <= {ALLOW}


@some
@given(disclosures)
def test_nothing_is_allowed_beside_a_norm_that_speaks_against_it(facts: Facts) -> None:
    decision = decide(facts)
    effects = {finding.effect for finding in decision.findings}
    assert (decision.verdict == DENY) == (DENY in effects)
    assert (decision.verdict == ALLOW) == effects.isdisjoint({DENY, REVIEW})


# --- 2. default deny -------------------------------------------------------------------------------------------------------


@some
@given(disclosures)
def test_without_any_text_everything_nominative_is_refused(facts: Facts) -> None:
    assume(_needs_a_text(facts))
    decision = weigh(facts, texts={})
    assert decision.verdict == DENY
    assert decision.basis is None
    assert decision.reasons[0] == "no_basis"
    assert decision.findings[0].article == law.CP_226_13


@some
@given(disclosures, subsets_of_rules)
def test_refusal_by_default_rests_on_no_norm(facts: Facts, kept: frozenset[Rule]) -> None:
    assume(_needs_a_text(facts))
    for rules in ((), tuple(rule for rule in RULES if rule in kept)):
        decision = weigh(facts, texts={}, rules=rules)
        assert (decision.verdict, decision.basis) == (DENY, None)
        assert decision.reasons


# --- 3. allowed if and only if explicitly permitted and not forbidden ------------------------------------------------------


@some
@given(disclosures)
def test_allowed_if_and_only_if_a_text_permits_and_no_norm_forbids(facts: Facts) -> None:
    assume(_needs_a_text(facts))
    decision = decide(facts)
    serving = [text for text in law.BASES if facts.purpose in text.purposes and facts.basis in (None, text.code)]
    said = {text.code: _said_under(facts, text) for text in serving}
    permitting = {code for code, effects in said.items() if effects is not None and set(effects) <= {ALLOW}}
    reviewed = {code for code, effects in said.items() if effects is not None and DENY not in effects}
    assert (decision.verdict == ALLOW) == bool(permitting)
    assert (decision.verdict == DENY) == (not reviewed)
    if decision.verdict == ALLOW:
        assert decision.basis in permitting
    elif decision.verdict == REVIEW:
        assert decision.basis in reviewed


@some
@given(at_a_gate)
def test_at_a_gate_all_is_allowed_if_and_only_if_no_norm_forbids(facts: Facts) -> None:
    assume(not _needs_a_text(facts))
    m = Matter(facts)
    effects = {finding.effect for rule in RULES if (finding := rule.finding(m)) is not None}
    assert (decide(facts).verdict == ALLOW) == effects.isdisjoint({DENY, REVIEW})


# --- 4. order and duplicates do not matter ---------------------------------------------------------------------------------


def _same(before: Decision, after: Decision) -> bool:
    """But for the order in which reasons, duties and items are told."""

    def told(decision: Decision) -> tuple[Any, ...]:
        items = {(each.ref, each.category, each.verdict) for each in decision.items}
        norms = {(finding.rule, finding.effect, frozenset(finding.items)) for finding in decision.findings}
        return (decision.verdict, decision.basis, norms, set(decision.duties), items, decision.access_until)

    return told(before) == told(after)


@some
@given(disclosures, st.randoms(use_true_random=False))
def test_the_order_of_items_consents_texts_and_norms_does_not_matter(facts: Facts, chance: Any) -> None:
    items, consents, rules, texts = list(facts.items), list(facts.consents), list(RULES), list(law.BASES)
    for each in (items, consents, rules, texts):
        chance.shuffle(each)
    changed = facts.but(items=tuple(items), consents=tuple(consents))
    assert _same(decide(facts), weigh(changed, texts=_texts(*texts), rules=tuple(rules)))


@some
@given(disclosures)
def test_duplicates_of_items_consents_texts_and_norms_do_not_matter(facts: Facts) -> None:
    twice = facts.but(items=facts.items * 2, consents=facts.consents * 2)
    before, after = decide(facts), weigh(twice, texts=_texts(*law.BASES, *law.BASES), rules=RULES * 2)
    assert (before.verdict, before.basis, before.access_until) == (after.verdict, after.basis, after.access_until)
    assert before.reasons == after.reasons
    assert before.duties == after.duties
    assert {(each.ref, each.verdict) for each in before.items} == {(each.ref, each.verdict) for each in after.items}


# --- 5. adding a permit never removes an allow -----------------------------------------------------------------------------


@some
@given(disclosures, subsets_of_texts, subsets_of_texts)
def test_adding_texts_never_makes_the_verdict_stricter(facts: Facts, few: frozenset[str], more: frozenset[str]) -> None:
    if facts.purpose in law.BY_PURPOSE:  # so that the texts kept are often about this purpose
        few |= {text.code for text in law.BY_PURPOSE[facts.purpose][:1]}
    least, most = weigh(facts, texts=_named(few)), weigh(facts, texts=_named(few | more))
    assert _severity(decide(facts)) <= _severity(most) <= _severity(least)


@some
@given(disclosures, st.sampled_from(law.BASES))
def test_adding_a_text_that_nobody_wrote_never_removes_an_allow(facts: Facts, like: Basis) -> None:
    wide = replace(like, code=law.ACCORD, sender="any", recipients=("any",), purposes=frozenset({facts.purpose}))
    wide = replace(wide, allowed={facts.purpose: frozenset(vocabulary().categories)}, order=like.order + 100)
    assert _severity(weigh(facts, texts=_texts(*law.BASES, wide))) <= _severity(decide(facts))


# --- 6. adding a forbid never removes a deny -------------------------------------------------------------------------------


@some
@given(disclosures, subsets_of_rules, subsets_of_rules)
def test_adding_norms_never_makes_the_verdict_milder(
    facts: Facts, without: frozenset[Rule], and_without: frozenset[Rule]
) -> None:
    most = tuple(rule for rule in RULES if rule not in without)
    least = tuple(rule for rule in most if rule not in and_without)
    assert _severity(decide(facts)) >= _severity(weigh(facts, rules=most)) >= _severity(weigh(facts, rules=least))


@some
@given(disclosures, st.sampled_from((ALLOW, REVIEW, DENY)), st.one_of(st.none(), st.integers(0, 2)))
def test_adding_a_norm_that_nobody_wrote_never_removes_a_deny(facts: Facts, effect: str, about: int | None) -> None:
    assume(about is None or about < len(facts.items))
    after = weigh(facts, rules=(*RULES, _norm("more", effect, about)))
    assert _severity(after) == max(_severity(decide(facts)), SEVERITY[effect])


# --- 7. the determining rules are exactly those that decided ---------------------------------------------------------------


@some
@given(disclosures)
def test_norms_milder_than_the_verdict_decide_nothing(facts: Facts) -> None:
    decision = decide(facts)
    deciding = tuple(rule for rule in RULES if SEVERITY[rule.effect] >= _severity(decision))
    assert weigh(facts, rules=deciding).verdict == decision.verdict


@some
@given(disclosures)
def test_without_the_norms_that_decided_the_verdict_is_milder(facts: Facts) -> None:
    decision = decide(facts)
    assume(decision.verdict != ALLOW)
    decided = {finding.rule for finding in decision.findings if finding.effect == decision.verdict}
    after = weigh(facts, rules=tuple(rule for rule in RULES if rule.name not in decided))
    if decision.basis is not None or not _needs_a_text(facts):
        assert _severity(after) < _severity(decision)
    else:  # no text fits: silence needs no norm
        assert after.verdict == DENY
        assert after.findings[0].rule == "nothing_permits_it"


@some
@given(disclosures)
def test_the_norms_told_are_exactly_those_that_speak_under_the_text_retained(facts: Facts) -> None:
    decision = decide(facts)
    assume(decision.basis is not None)
    alone = _named([decision.basis or ""])
    told = {finding.rule: finding for finding in decision.findings}
    silent = tuple(rule for rule in RULES if rule.name not in told)
    assert weigh(facts, texts=alone, rules=silent).findings == ()
    for rule in RULES:
        if rule.name in told:
            by_itself = weigh(facts, texts=alone, rules=(rule,))
            assert by_itself.verdict == rule.effect
            assert told[rule.name] in by_itself.findings


# --- 8. an erring rule never decides an allow ------------------------------------------------------------------------------

ERRORS = (KeyError("unreadable"), TypeError("unreadable"), ZeroDivisionError(), RecursionError())


@some
@given(disclosures, st.sampled_from(RULES), st.sampled_from(ERRORS))
def test_an_erring_norm_never_permits(facts: Facts, erring: Rule, error: Exception) -> None:
    def errs(*_anything: object) -> bool:
        raise error

    broken = tuple(replace(rule, applies=errs) if rule is erring else rule for rule in RULES)
    decision = weigh(facts, rules=broken)
    if facts.items or not erring.about_item:
        assert decision.verdict == DENY
        recorded = [finding for finding in decision.findings if finding.rule == erring.name]
        assert [(each.effect, each.reason) for each in recorded] == [(DENY, "no_basis")]
    assert _severity(decision) >= _severity(decide(facts))


@some
@given(near_lawful, st.sampled_from(RULES))
def test_a_norm_that_errs_on_the_last_item_alone_refuses_the_whole(facts: Facts, erring: Rule) -> None:
    assume(facts.items and erring.about_item)

    def errs_last(m: Matter, item: Any) -> bool:
        if item is m.items[-1]:
            raise KeyError("unreadable")
        return False

    broken = tuple(replace(rule, applies=errs_last) if rule is erring else rule for rule in RULES)
    assert weigh(facts, rules=broken).verdict == DENY


@some
@given(facts=near_lawful)
@pytest.mark.parametrize("part", ["owed", "access_until"])
def test_a_duty_that_cannot_be_worked_out_refuses(part: str, facts: Facts) -> None:
    def errs(*_anything: object) -> None:
        raise KeyError("unreadable")

    with pytest.MonkeyPatch.context() as broken:
        broken.setattr(duties, part, errs)
        decision = decide(facts, paths=True)
    assert decision.verdict == DENY
    assert decision.duties == ()
    assert decision.findings
