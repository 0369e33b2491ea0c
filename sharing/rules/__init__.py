"""The norms, by theme, in the order in which a refusal gives its reasons: silence first."""

from __future__ import annotations

from sharing.rules import purposes  # noqa: I001 (the order of the themes is the order of the reasons)
from sharing.rules import parties
from sharing.rules import person
from sharing.rules import information
from sharing.rules import items
from sharing.rules import conditions
from sharing.rules.norm import Rule, written

__all__ = ["RULES", "Rule", "conditions", "information", "items", "parties", "person", "purposes"]

RULES = written()
