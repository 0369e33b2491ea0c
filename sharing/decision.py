"""The decision: facts in, decision out. Pure: no database, clock, user, setting or network."""

from __future__ import annotations

from partners.vocabulary import vocabulary
from sharing import law
from sharing.facts import Facts
from sharing.outcome import DENY, Decision, DutyDue, Effect, Finding, ItemDecision, Question, Way
from sharing.rules.norm import UNREADABLE
from sharing.ways import with_ways
from sharing.weighing import weigh

__all__ = ["Decision", "DutyDue", "Finding", "ItemDecision", "Question", "Way", "decide"]


def decide(facts: Facts, *, paths: bool = False) -> Decision:
    """May this pass, on what text, with which duties; and if not, why. With ``paths``, also what would make it possible.

    Never raises: what cannot be read is a refusal. Ways out that cannot be found are left out: they explain the verdict, and
    never make it.
    """
    try:
        decision = weigh(facts)
    except Exception:
        return _unreadable()
    return _explained(facts, decision) if paths else decision


def _explained(facts: Facts, decision: Decision) -> Decision:
    try:
        return with_ways(facts, decision)
    except Exception:
        return decision


def _unreadable() -> Decision:
    """The refusal of facts that cannot be read at all."""
    finding = Finding("what_cannot_be_read_is_refused", "no_basis", Effect.DENY.value, law.CP_226_13, UNREADABLE)
    return Decision(verdict=DENY, basis=None, findings=(finding,), say=UNREADABLE, rulebook=vocabulary().digest)
