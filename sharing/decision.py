"""The decision: facts in, decision out. Pure: no database, clock, user, setting or network."""

from __future__ import annotations

from sharing.outcome import Decision, DutyDue, Finding, ItemDecision, Question, Way

__all__ = ["Decision", "DutyDue", "Finding", "ItemDecision", "Question", "Way"]
