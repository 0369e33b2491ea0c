"""Whether facts are what they say they are: unreadable means refused (design.md, law 5).

Facts are read from a stored decision, written in a scenario or gathered from rows. Whatever way they came, each is of the kind its
field declares, or nothing is decided on it: « oui » is no truth, a day is no instant, an instant without zone is at no time.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, is_dataclass
from datetime import datetime
from operator import attrgetter, contains
from types import NoneType, UnionType
from typing import Any, get_args, get_origin, get_type_hints

from sharing.facts import Facts

OLDEST = 130  # years

Check = Callable[[Any], bool]


def readable(facts: Facts) -> bool:
    """Every fact is of its kind, and possible: an age, in years; a number of days."""
    if not _are_facts(facts):
        return False
    age, days = facts.person.age, facts.at_most_days
    return (age is None or 0 <= age <= OLDEST) and (days is None or days > 0)


def _parts(hint: Any) -> tuple[Any, ...]:
    return get_args(hint) if isinstance(hint, UnionType) else (hint,)


def _whole(kind: type) -> Check:
    """Whether a value is of this dataclass, field by field: plain ones by their exact type, at once, the others one by one."""
    hints = get_type_hints(kind)
    simple = {name: hint for name, hint in hints.items() if not any(map(_deeper, _parts(hint)))}
    kinds = tuple(frozenset(_parts(hint)) for hint in simple.values())
    plain = attrgetter(*simple)
    deeper = tuple((field.name, _deep(hints[field.name])) for field in fields(kind) if field.name not in simple)

    def check(value: Any) -> bool:
        if type(value) is not kind:
            return False
        found = plain(value)
        exact = all(map(contains, kinds, map(type, found))) or all(map(_one_of, found, kinds))
        return exact and all(each(getattr(value, name)) for name, each in deeper)

    return check


def _one_of(value: Any, kinds: frozenset[Any]) -> bool:
    """A word may be of a finer type: a member of an enumeration of words."""
    return type(value) in kinds or (str in kinds and isinstance(value, str))


def _deeper(hint: Any) -> bool:
    return hint is datetime or get_origin(hint) is not None or is_dataclass(hint)


def _deep(hint: Any) -> Check:
    """For a field that is an instant, several things, a thing with fields of its own; perhaps absent."""
    parts = _parts(hint)
    if NoneType in parts:
        (present,) = (_deep(part) for part in parts if part is not NoneType)
        return lambda value: value is None or present(value)
    if hint is datetime:
        return lambda value: isinstance(value, datetime) and value.tzinfo is not None
    if is_dataclass(hint):
        return _whole(hint)  # type: ignore[arg-type]
    several, (each, *_and_so_on) = get_origin(hint), get_args(hint)
    if each is str:
        return lambda value: type(value) is several and all(isinstance(word, str) for word in value)
    one = _deep(each)
    return lambda value: type(value) is several and all(map(one, value))


_are_facts = _whole(Facts)
