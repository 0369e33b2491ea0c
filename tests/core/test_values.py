"""What the core takes and gives are values: they cannot be changed, nor carry anything that their fields do not say."""

import inspect
from dataclasses import FrozenInstanceError, fields, is_dataclass
from types import ModuleType
from typing import Any

import pytest

from partners import words
from sharing import facts, law, outcome, steps
from sharing.rules import norm

VALUES = [
    kind
    for module in (facts, law, outcome, steps, norm, words)
    for _name, kind in inspect.getmembers(module, inspect.isclass)
    if is_dataclass(kind) and kind.__module__ == module.__name__
]


def test_the_values_of_the_core_are_found() -> None:
    assert {facts.Facts, outcome.Decision, law.Basis, norm.Rule, words.Role} <= set(VALUES)


@pytest.mark.parametrize("kind", VALUES, ids=lambda kind: kind.__name__)
def test_a_value_cannot_be_changed(kind: type) -> None:
    value: Any = object.__new__(kind)
    for field in fields(kind):
        with pytest.raises(FrozenInstanceError):
            setattr(value, field.name, None)
    assert not hasattr(value, "__dict__")
    with pytest.raises((AttributeError, TypeError)):
        value.something_else = None


@pytest.mark.parametrize("module", [facts, law, outcome, words])
def test_everything_said_of_a_disclosure_or_a_text_is_a_value(module: ModuleType) -> None:
    own = [kind for _name, kind in inspect.getmembers(module, inspect.isclass) if kind.__module__ == module.__name__]
    others = [kind for kind in own if not is_dataclass(kind) and not issubclass(kind, str | Exception)]
    assert others == []
