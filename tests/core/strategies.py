"""Any intended disclosure, lawful or not: what Hypothesis draws from the words of the rulebook and from its scenarios.

Drawn from words alone, one disclosure in eighty was allowed by a text, and the theorems proved little. Two in three start from a
scenario that jurists wrote, and depart from it by a few changes: ``test_strategies.py`` holds the share of each verdict.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any

from hypothesis import strategies as st

from partners.vocabulary import RULEBOOK, vocabulary
from sharing import scenarios
from sharing.decision import decide
from sharing.facts import ConsentFact, Facts, Information, Item, Party, Subject
from sharing.matter import Matter
from sharing.outcome import ALLOW, REVIEW

WORDS = vocabulary()
AT = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
RECIPIENTS = ("", "mme-lantier", "m-roche")

instants = st.one_of(
    st.none(),
    st.datetimes(datetime(2025, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC)),  # noqa: DTZ001 (naive bounds)
)
days = st.one_of(st.none(), st.dates(date(2025, 1, 1), date(2027, 12, 31)))
categories = st.sampled_from(sorted(WORDS.categories))
some_categories = st.frozensets(categories, max_size=4)
roles = st.sampled_from(sorted(WORDS.roles))
purposes = st.sampled_from(sorted(WORDS.purposes.keys() | WORDS.forbidden_purposes.keys()))
circumstances = st.frozensets(st.sampled_from(sorted(WORDS.circumstances)), max_size=8)

parties = st.builds(
    Party,
    role=roles,
    bound=st.one_of(st.none(), st.sampled_from(sorted(WORDS.bounds))),
    ref=st.sampled_from(RECIPIENTS),
    institution=st.sampled_from(("", "ecole-jean-mace")),
    in_force=st.booleans(),
)
items = st.builds(
    Item,
    category=categories,
    ref=st.uuids().map(str),
    nature=st.sampled_from(sorted(WORDS.natures)),
    necessity=st.sampled_from((None, "", "Sans cela, aucune sortie.")),
    origin=st.sampled_from(("", "ip", "controle_rsa")),
    third_parties=st.booleans(),
    depositary=st.booleans(),
    received=st.booleans(),
    limited=st.booleans(),
    observed_on=days,
)
persons = st.builds(
    Subject,
    age=st.one_of(st.none(), st.integers(0, 17)),
    measure=st.sampled_from(("", "sauvegarde", "curatelle", "tutelle_personal", "tutelle_property")),
    vulnerable=st.booleans(),
    unable=st.booleans(),
    identifiable=st.sampled_from((True, True, True, False)),
    many=st.sampled_from((False, False, False, True)),
)
consents = st.builds(
    ConsentFact,
    state=st.sampled_from(("given", "given", "refused", "withdrawn")),
    ref=st.just("x"),
    recipient=st.sampled_from(RECIPIENTS),
    institution=st.sampled_from(("", "ecole-jean-mace")),
    purpose=st.one_of(st.just(""), purposes),
    categories=some_categories,
    valid_from=instants,
    valid_until=instants,
    said_at=instants,
)
informed = st.builds(
    Information,
    state=st.sampled_from(("done", "done", "not_done", "excepted", "not_applicable")),
    categories=st.one_of(st.none(), some_categories),
    on=days,
    reexamine_on=days,
)
anything = st.builds(
    Facts,
    at=st.just(AT),
    sender=parties,
    recipient=parties,
    purpose=purposes,
    items=st.lists(items, max_size=3).map(tuple),
    person=persons,
    consents=st.lists(consents, max_size=3).map(tuple),
    informed=informed,
    circumstances=circumstances,
    basis=st.one_of(st.none(), st.none(), st.sampled_from(("ACCORD", "CASF-L226-2-2", "PERIL-CP-223-6"))),
    justification=st.text(max_size=20),
    narrowed=some_categories,
    kept_here=some_categories,
    opinion_on=some_categories,
    closed_purposes=st.frozensets(purposes, max_size=3),
    at_most_days=st.one_of(st.none(), st.integers(min_value=1, max_value=400)),
    sheet_missing=st.booleans(),
    sheet_unread=st.booleans(),
)


def _plausible(drawn: tuple[Facts, list[str], frozenset[str], bool]) -> Facts:
    facts, codes, more, agreed = drawn
    plain = tuple(Item(category, ref=str(n)) for n, category in enumerate(codes, start=1))
    given = ConsentFact("given", recipient="mme-lantier", purpose=facts.purpose, categories=frozenset(codes))
    return facts.but(
        sender=Party(facts.sender.role, ref="camille"),
        recipient=Party(facts.recipient.role, ref="mme-lantier"),
        items=plain,
        person=Subject(age=facts.person.age, vulnerable=facts.person.vulnerable),
        consents=(given,) if agreed else (),
        informed=Information("done"),
        circumstances=more,
        basis=None,
        narrowed=frozenset(),
        kept_here=frozenset(),
        closed_purposes=frozenset(),
        opinion_on=frozenset(),
        at_most_days=None,
        sheet_missing=False,
        sheet_unread=False,
    )


# Disclosures with few faults, so that many are allowed.
FRIENDLY = frozenset(
    {"same_care", "named_recipient", "same_care_team", "both_work_with_person", "coordinator_designated", "gravity"}
)
plausible = st.tuples(
    anything,
    st.lists(categories, min_size=1, max_size=3),
    st.frozensets(st.sampled_from(sorted(WORDS.circumstances)), max_size=2).map(lambda few: few | FRIENDLY),
    st.booleans(),
).map(_plausible)


# --- what jurists wrote, and what is next to it ----------------------------------------------------------------------------


@cache
def written() -> dict[str, Facts]:
    """The facts of every scenario of the rulebook, by its name."""
    texts = (path.read_text(encoding="utf-8") for path in sorted((RULEBOOK / "scenarios").glob("*.yaml")))
    read = (each for text in texts for each in scenarios.read(text))
    return {each.id: each.facts for each in read if isinstance(each, scenarios.Scenario)}


@cache
def allowed() -> dict[str, Facts]:
    """Those that are allowed, by a text or because nobody is identified, or the parents ask."""
    return {name: facts for name, facts in written().items() if decide(facts).verdict == ALLOW}


@cache
def permitted() -> dict[str, Facts]:
    """Those that a text permits."""
    return {name: facts for name, facts in allowed().items() if not Matter(facts).gate}


Change = Callable[[Facts], Facts]


def _with(change: Callable[[Facts, Any], Facts]) -> Callable[[Any], Change]:
    return lambda drawn: lambda facts: change(facts, drawn)


def _each_item(facts: Facts, **fields: Any) -> Facts:
    return facts.but(items=tuple(replace(item, **fields) for item in facts.items))


def _agreement(facts: Facts, drawn: tuple[str, int, bool]) -> Facts:
    state, days, elsewhere = drawn
    said = facts.at - timedelta(days=days)
    scope = frozenset(item.category for item in facts.items)
    recipient = "m-roche" if elsewhere else facts.recipient.ref
    more = ConsentFact(state, recipient=recipient, purpose=facts.purpose, categories=scope, valid_from=said)
    return facts.but(consents=(*facts.consents, more))


def _but_one(circumstances: frozenset[str], nth: int) -> frozenset[str]:
    return circumstances - {code for place, code in enumerate(sorted(circumstances)) if place == nth}


changes: st.SearchStrategy[Change] = st.one_of(
    roles.map(_with(lambda facts, role: facts.but(sender=replace(facts.sender, role=role)))),
    roles.map(_with(lambda facts, role: facts.but(recipient=replace(facts.recipient, role=role)))),
    purposes.map(_with(lambda facts, purpose: facts.but(purpose=purpose))),
    st.lists(items, max_size=2).map(_with(lambda facts, more: facts.but(items=(*facts.items, *more)))),
    categories.map(_with(lambda facts, category: facts.but(items=(*facts.items, Item(category, ref="+"))))),
    st.just(lambda facts: facts.but(items=facts.items[1:])),
    st.sampled_from(["depositary", "third_parties", "received", "limited"]).flatmap(
        lambda name: st.booleans().map(_with(lambda facts, value: _each_item(facts, **{name: value})))
    ),
    persons.map(_with(lambda facts, person: facts.but(person=person))),
    st.one_of(st.none(), st.integers(0, 17)).map(
        _with(lambda facts, age: facts.but(person=replace(facts.person, age=age)))
    ),
    st.just(lambda facts: facts.but(consents=())),
    consents.map(_with(lambda facts, consent: facts.but(consents=(*facts.consents, consent)))),
    st.tuples(st.sampled_from(("given", "refused", "withdrawn")), st.integers(-3, 3), st.booleans()).map(
        _with(_agreement)
    ),
    informed.map(_with(lambda facts, told: facts.but(informed=told))),
    circumstances.map(_with(lambda facts, more: facts.but(circumstances=facts.circumstances | more))),
    st.sampled_from(sorted(WORDS.circumstances)).map(
        _with(lambda facts, one: facts.but(circumstances=facts.circumstances | {one}))
    ),
    st.integers(0, 5).map(_with(lambda facts, nth: facts.but(circumstances=_but_one(facts.circumstances, nth)))),
    some_categories.map(_with(lambda facts, fewer: facts.but(narrowed=fewer))),
    some_categories.map(_with(lambda facts, some: facts.but(opinion_on=some))),
    st.sampled_from(["sheet_missing", "sheet_unread"]).map(_with(lambda facts, name: facts.but(**{name: True}))),
)


def _depart(drawn: tuple[Facts, list[Change]]) -> Facts:
    facts, several = drawn
    for change in several:
        facts = change(facts)
    return facts


def near(known: dict[str, Facts]) -> st.SearchStrategy[Facts]:
    """These disclosures, and those that depart from them by a change or two."""
    return st.tuples(st.sampled_from(list(known.values())), st.lists(changes, max_size=2)).map(_depart)


near_lawful = near(permitted())
near_reviewed = near({name: facts for name, facts in written().items() if decide(facts).verdict == REVIEW})
near_written = near(written())
at_a_gate = near({name: facts for name, facts in written().items() if Matter(facts).gate})
# `one_of` would keep each once: the weights are those of a draw.
_WEIGHTED = [near_lawful] * 5 + [near_reviewed] * 2 + [near_written] * 2 + [plausible, anything]
disclosures = st.sampled_from(_WEIGHTED).flatmap(lambda each: each)
