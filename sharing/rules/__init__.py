"""The norms, by theme, in the order in which a refusal gives its reasons: silence first."""

from __future__ import annotations

from sharing.rules import conditions, information, items, parties, person, purposes
from sharing.rules.norm import Rule, written

__all__ = ["RULES", "Rule"]

_THEMES = (purposes, parties, person, information, items, conditions)

RULES: tuple[Rule, ...] = tuple(rule for theme in _THEMES for rule in written() if rule.theme == theme.__name__)
