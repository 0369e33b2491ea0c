"""A local setting narrows what the law allows, and never widens it (design.md, part 4), whatever the facts, alone or together."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from partners.vocabulary import vocabulary
from sharing import law
from sharing.decision import decide
from sharing.facts import Facts
from sharing.outcome import ALLOW, DENY, REVIEW, SEVERITY, Decision
from tests.core.strategies import disclosures, permitted, purposes
from tests.core.sweeps import over_each

some = settings(max_examples=120, deadline=None)

more_categories = st.frozensets(st.sampled_from(sorted(vocabulary().categories)))
NONE: dict[str, Any] = {
    "narrowed": frozenset(),
    "kept_here": frozenset(),
    "opinion_on": frozenset(),
    "closed_purposes": frozenset(),
    "at_most_days": None,
    "sheet_missing": False,
    "sheet_unread": False,
}
MORE: dict[str, st.SearchStrategy[Any]] = {
    "narrowed": more_categories,
    "kept_here": more_categories,
    "opinion_on": more_categories,
    "closed_purposes": st.frozensets(purposes),
    "at_most_days": st.one_of(st.none(), st.integers(1, 400)),
    "sheet_missing": st.booleans(),
    "sheet_unread": st.booleans(),
}


def _with_more(facts: Facts, more: dict[str, Any]) -> Facts:
    """The settings there are, and these on top: the union of what is closed, the shortest time."""
    changed = {name: getattr(facts, name) | value for name, value in more.items() if isinstance(value, frozenset)}
    changed |= {name: getattr(facts, name) or more[name] for name in ("sheet_missing", "sheet_unread") if name in more}
    days = [each for each in (facts.at_most_days, more.get("at_most_days")) if each is not None]
    return facts.but(**changed, at_most_days=min(days, default=None))


def _no_longer(after: Decision, before: Decision) -> bool:
    if after.verdict == DENY or before.access_until is None:
        return True
    return after.access_until is not None and after.access_until <= before.access_until


@pytest.mark.parametrize("setting", sorted(MORE))
@settings(max_examples=60, deadline=None)
@given(facts=disclosures, drawn=st.data())
def test_no_setting_makes_a_verdict_milder_or_an_access_longer(
    setting: str, facts: Facts, drawn: st.DataObject
) -> None:
    before, after = decide(facts), decide(_with_more(facts, {setting: drawn.draw(MORE[setting])}))
    assert SEVERITY[after.verdict] >= SEVERITY[before.verdict]
    assert _no_longer(after, before)


@some
@given(disclosures, st.fixed_dictionaries(MORE))
def test_all_settings_together_make_nothing_milder_nor_any_access_longer(facts: Facts, more: dict[str, Any]) -> None:
    before, after = decide(facts), decide(_with_more(facts, more))
    assert SEVERITY[after.verdict] >= SEVERITY[before.verdict]
    assert _no_longer(after, before)


@some
@given(disclosures, st.fixed_dictionaries(MORE))
def test_what_the_law_obliges_to_is_out_of_the_reach_of_settings(facts: Facts, more: dict[str, Any]) -> None:
    """An obligation, a report, a rescue, an authority's demand: no setting of an institution stops or delays it."""
    before, after = decide(facts.but(**NONE)), decide(facts.but(**{**NONE, **more}))
    text = law.BY_CODE.get(before.basis or "")
    if text is not None and not text.voluntary:
        assert SEVERITY[after.verdict] == SEVERITY[before.verdict]


VOLUNTARY = {name: facts for name, facts in permitted().items() if law.BY_CODE[decide(facts).basis or ""].voluntary}


@over_each(sorted(VOLUNTARY))
def test_each_setting_does_what_it_says_to_voluntary_sharing(name: str) -> None:
    facts = VOLUNTARY[name].but(basis=decide(VOLUNTARY[name]).basis)
    its = facts.items[0].category
    others = frozenset(vocabulary().categories) - {item.category for item in facts.items}
    assert decide(facts.but(narrowed=frozenset({its}))).verdict == DENY
    assert decide(facts.but(kept_here=frozenset({its}))).verdict == DENY
    assert decide(facts.but(opinion_on=frozenset({its}))).verdict == REVIEW
    assert decide(facts.but(closed_purposes=frozenset({facts.purpose}))).verdict == DENY
    assert decide(facts.but(sheet_missing=True)).verdict == decide(facts.but(sheet_unread=True)).verdict == DENY
    every = frozenset(vocabulary().categories)
    all_purposes = frozenset([*vocabulary().purposes, *vocabulary().forbidden_purposes])
    assert decide(facts.but(opinion_on=every)).verdict == REVIEW
    for closed, reason in (
        ({"narrowed": every}, "category_excluded"),
        ({"kept_here": every}, "category_excluded"),
        ({"closed_purposes": all_purposes}, "purpose_narrowed"),
    ):
        reasons = decide(facts.but(**closed)).reasons
        assert reason in reasons
        assert "no_basis" not in reasons  # everything may be closed: each word is known
    assert decide(facts.but(narrowed=others, kept_here=others, opinion_on=others)).verdict == ALLOW
    assert decide(facts.but(closed_purposes=frozenset(vocabulary().purposes) - {facts.purpose})).verdict == ALLOW


@over_each(sorted(VOLUNTARY))
def test_what_is_shared_on_a_setting_of_some_days_is_read_no_longer(name: str) -> None:
    facts = VOLUNTARY[name]
    for days in (1, 30):
        until = decide(facts.but(at_most_days=days)).access_until
        assert until is not None
        assert until <= facts.at + timedelta(days=days)
