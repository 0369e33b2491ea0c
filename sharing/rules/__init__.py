"""The norms, by theme, in the order in which a refusal gives its reasons: silence first."""

from __future__ import annotations

from sharing.rules import (
    conditions,
    information,
    items,
    parties,
    person,
    purposes,
)
from sharing.rules.norm import Rule, written

__all__ = ["RULES", "Rule", "conditions", "information", "items", "parties", "person", "purposes"]

RULES = written()
