"""Unreadable or unknown means refused (design.md, law 5): each fact of each allowed scenario, removed or made unreadable.

A stored decision is read again field by field: what is missing or is not of its kind is no fact. Facts that were built without
being read (another module's fault) are refused by the decision itself, which never raises.
"""

import copy
import json
from collections.abc import Iterator
from dataclasses import fields, replace
from typing import Any

import pytest

from sharing import law
from sharing.decision import decide
from sharing.facts import (
    CAME_LATER,
    OF_AN_ITEM_CAME_LATER,
    ConsentFact,
    Facts,
    Information,
    Item,
    Party,
    Subject,
    UnreadableFactsError,
)
from sharing.matter import Matter
from sharing.outcome import ALLOW, DENY
from tests.core.strategies import AT, allowed
from tests.core.sweeps import over_each

ALLOWED = allowed()
every_allowed = over_each(sorted(ALLOWED))

# What no value of this kind may be. A number is no truth, a truth is no number, an instant is no day.
NO_WORD: tuple[Any, ...] = (None, 3, True, [], ["logement"], {})
NO_TRUTH: tuple[Any, ...] = (None, 0, 1, "", "oui", [])
NO_DAY: tuple[Any, ...] = (12, True, "hier", "2026-13-45", [])
NO_INSTANT: tuple[Any, ...] = (12, True, "hier", "2026-11-21T12:00:00", [])
NO_WORDS: tuple[Any, ...] = (None, 3, "logement", [3], [None], {"logement": 1})
NO_AGE: tuple[Any, ...] = ("9", 9.5, True, -1, 1000, [])
NO_DAYS: tuple[Any, ...] = ("9", 9.5, True, 0, -1, [])

UNKNOWN = "mot_inconnu"
SETTINGS = ("narrowed", "kept_here", "closed_purposes", "opinion_on")
UNREADABLE: dict[str, tuple[Any, ...]] = {
    "at": (None, *NO_INSTANT),
    **{f"{who}.{field}": NO_WORD for who in ("sender", "recipient") for field in ("ref", "institution")},
    **{f"{who}.role": (*NO_WORD, "", UNKNOWN) for who in ("sender", "recipient")},
    **{f"{who}.bound": (*NO_WORD[1:], "", UNKNOWN) for who in ("sender", "recipient")},
    **{f"{who}.in_force": NO_TRUTH for who in ("sender", "recipient")},
    "purpose": (*NO_WORD, "", UNKNOWN),
    "items.ref": NO_WORD,
    "items.category": (*NO_WORD, "", UNKNOWN),
    "items.nature": (*NO_WORD, "", UNKNOWN),
    "items.necessity": (*NO_WORD[1:], "", " "),
    "items.origin": (*NO_WORD, UNKNOWN),
    "items.third_parties": NO_TRUTH,
    "items.depositary": NO_TRUTH,
    "items.received": NO_TRUTH,
    "items.limited": NO_TRUTH,
    "items.observed_on": NO_DAY,
    "person.age": NO_AGE,
    "person.measure": (*NO_WORD, UNKNOWN),
    "person.vulnerable": NO_TRUTH,
    "person.unable": NO_TRUTH,
    "person.identifiable": NO_TRUTH,
    "person.many": NO_TRUTH,
    "consents.state": NO_WORD,
    "consents.ref": NO_WORD,
    "consents.recipient": NO_WORD,
    "consents.institution": NO_WORD,
    "consents.purpose": NO_WORD,
    "consents.categories": NO_WORDS,
    "consents.valid_from": NO_INSTANT,
    "consents.valid_until": NO_INSTANT,
    "consents.said_at": NO_INSTANT,
    "informed.state": (*NO_WORD, "", UNKNOWN),
    "informed.categories": NO_WORDS[1:],
    "informed.on": NO_DAY,
    "informed.reexamine_on": NO_DAY,
    "circumstances": (*NO_WORDS, [UNKNOWN]),
    "basis": (3, True, [], {}, "", UNKNOWN),
    "justification": NO_WORD,
    **{field: (*NO_WORDS, [UNKNOWN]) for field in SETTINGS},
    "at_most_days": NO_DAYS,
    "sheet_missing": NO_TRUTH,
    "sheet_unread": NO_TRUTH,
    **{whole: (None, 3, "x", [3]) for whole in ("sender", "recipient", "person", "informed")},
    **{several: (None, 3, "x", [3], [None], {}) for several in ("items", "consents")},
}
PARTS = {
    "sender": Party,
    "recipient": Party,
    "items": Item,
    "person": Subject,
    "consents": ConsentFact,
    "informed": Information,
}


def _leaves() -> Iterator[str]:
    for field in fields(Facts):
        yield field.name
        if field.name in PARTS:
            yield from (f"{field.name}.{inner.name}" for inner in fields(PARTS[field.name]))


def _places(plain: dict[str, Any], path: str) -> list[dict[str, Any]]:
    """The plain mappings in which the last name of the path stands, as many as there are items or consents."""
    whole, _dot, inner = path.partition(".")
    if not inner:
        return [plain]
    within = plain[whole]
    return within if isinstance(within, list) else [within]


def _read(plain: dict[str, Any]) -> str:
    """The verdict on facts stored so; a refusal to read them is one too."""
    try:
        facts = Facts.from_plain(json.loads(json.dumps(plain)))
    except UnreadableFactsError:
        return DENY
    return decide(facts).verdict


def _stored(name: str) -> dict[str, Any]:
    """The scenario as it would be stored, an agreement and every optional fact said in full."""
    return json.loads(json.dumps(ALLOWED[name].to_plain()))


def test_every_fact_is_tried() -> None:
    assert set(_leaves()) == set(UNREADABLE)


@every_allowed
def test_a_stored_fact_made_unreadable_is_a_refusal(name: str) -> None:
    whole, passed = _stored(name), []
    for path, values in UNREADABLE.items():
        for place in range(len(_places(whole, path))):
            for value in values:
                changed = copy.deepcopy(whole)
                _places(changed, path)[place][path.rpartition(".")[2]] = value
                if _read(changed) == ALLOW and not _no_choice_among_statements(name, path, value):
                    passed.append((path, value))
    assert passed == []


@every_allowed
def test_a_stored_fact_removed_is_a_refusal(name: str) -> None:
    whole, passed = _stored(name), []
    for path in UNREADABLE.keys() - CAME_LATER - {f"items.{name}" for name in OF_AN_ITEM_CAME_LATER}:
        for place in range(len(_places(whole, path))):
            changed = copy.deepcopy(whole)
            del _places(changed, path)[place][path.rpartition(".")[2]]
            if _read(changed) == ALLOW:
                passed.append(path)
    assert passed == []


@every_allowed
def test_facts_built_unreadable_are_refused_and_nothing_is_raised(name: str) -> None:
    facts, passed = ALLOWED[name], []
    for path, values in UNREADABLE.items():
        for value in (*values, *BUILT.get(path, ())):
            for changed in _built(facts, path, value):
                if decide(changed).verdict == ALLOW and not _no_choice_among_statements(name, path, value):
                    passed.append((path, value))
    assert passed == []
    assert decide(_but(facts, "person.identifiable", None), paths=True).verdict == DENY


@pytest.mark.parametrize("nothing", [None, 3, "facts", {}, []])
def test_what_is_no_facts_at_all_is_refused(nothing: Any) -> None:
    for paths in (False, True):
        decision = decide(nothing, paths=paths)
        assert (decision.verdict, decision.reasons) == (DENY, ("no_basis",))
        assert decision.findings[0].rule == "what_cannot_be_read_is_refused"


# Whoever calls for help, answers an authority, or gives the person what is hers does not choose among statements: how an item was
# known, and why each is necessary, are not asked there (law.md, P-02 and P-07).
_NOT_ASKED = frozenset(
    {("items.nature", ""), ("items.nature", UNKNOWN), ("items.necessity", ""), ("items.necessity", " ")}
)


def _no_choice_among_statements(name: str, path: str, value: Any) -> bool:
    if not isinstance(value, str) or (path, value) not in _NOT_ASKED:
        return False
    text = law.BY_CODE.get(decide(ALLOWED[name]).basis or "")
    return text is not None and (text.rescue or text.is_requisition or text.opens_blocked)


# Values that no stored form can carry.
NAIVE = AT.replace(tzinfo=None)
BUILT: dict[str, tuple[Any, ...]] = {
    "at": (NAIVE, AT.date()),
    "items.observed_on": (AT,),
    "informed.on": (AT, NAIVE),
    "informed.reexamine_on": (AT, NAIVE),
    **{f"consents.{field}": (NAIVE, AT.date()) for field in ("valid_from", "valid_until", "said_at")},
    **{field: (frozenset({3}), frozenset({UNKNOWN})) for field in SETTINGS},
    "circumstances": (frozenset({3}), frozenset({UNKNOWN}), {"same_care"}),
    "consents.categories": (frozenset({3}), {"logement"}),
    "informed.categories": (frozenset({3}), {"logement"}),
}


def _built(facts: Facts, path: str, value: Any) -> Iterator[Facts]:
    whole, _dot, inner = path.partition(".")
    if inner and whole in ("items", "consents"):
        several = getattr(facts, whole)
        for place, one in enumerate(several):
            yield facts.but(**{whole: (*several[:place], replace(one, **{inner: value}), *several[place + 1 :])})
    else:
        yield _but(facts, path, value)


def _but(facts: Facts, path: str, value: Any) -> Facts:
    whole, _dot, inner = path.partition(".")
    return facts.but(**{whole: replace(getattr(facts, whole), **{inner: value}) if inner else value})


# --- what is taken away and can be read still --------------------------------------------------------------------------------


@every_allowed
def test_without_any_item_nothing_passes(name: str) -> None:
    facts = ALLOWED[name]
    text = law.BY_CODE.get(decide(facts).basis or "")
    # At a gate nobody is named, or the parents ask; help is called for, an authority or the person herself asks for what there is.
    if text is not None and not (text.rescue or text.is_requisition or text.opens_blocked):
        assert decide(facts.but(items=())).verdict == DENY


@every_allowed
def test_without_the_agreement_that_a_text_rests_on_nothing_passes_under_it(name: str) -> None:
    facts = ALLOWED[name]
    text = law.BY_CODE.get(decide(facts).basis or "")
    m = Matter(facts)
    m.text = text
    if text is not None and text.asks_agreement and not m.agreement_exempt:
        assert decide(facts.but(consents=(), basis=text.code)).verdict == DENY


@every_allowed
def test_without_what_a_text_requires_nothing_passes_under_it(name: str) -> None:
    facts = ALLOWED[name]
    text = law.BY_CODE.get(decide(facts).basis or "")
    for circumstance in text.requires if text is not None else ():
        less = facts.but(circumstances=facts.circumstances - {circumstance}, basis=decide(facts).basis)
        assert decide(less).verdict != ALLOW, circumstance


@every_allowed
def test_where_she_must_be_told_before_nothing_passes_untold(name: str) -> None:
    facts = ALLOWED[name]
    text = law.BY_CODE.get(decide(facts).basis or "")
    m = Matter(facts)
    m.text = text
    if text is None or not text.owes_information or text.supervision_if_not_informed == "ex_post" or m.emergency:
        return  # what delay would endanger is never stopped by it (law.md, part 1.4)
    for state in ("not_done", "excepted", "not_applicable"):
        untold = facts.but(informed=replace(facts.informed, state=state), basis=text.code)
        assert decide(untold).verdict != ALLOW, state
