"""Which of the facts that only the professional knows would change the answer: one to three plain questions, never sixty boxes."""

from __future__ import annotations

from collections.abc import Iterator

from partners.vocabulary import vocabulary
from sharing import law
from sharing.facts import Facts
from sharing.matter import WEAK_ARGUMENTS
from sharing.outcome import SEVERITY, Decision, Question
from sharing.weighing import weigh

MOST_QUESTIONS = 3

_DECLARED = tuple(each for each in vocabulary().circumstances.values() if each.source == "declared")
# What could make the answer stricter is asked too, where it is a protection; a fault of the author is not suspected.
_PROTECTIONS = ("by_telephone", "minor_health_secrecy")
_NEVER_SUSPECTED = WEAK_ARGUMENTS | {"exception_professional_comfort", "peril_unverified", "hierarchical_order"}

_ABOUT_A_CHILD = frozenset({"gravity", "minor_health_secrecy", "exception_child_interest", "exposed_to_violence"})


def questions(facts: Facts, decision: Decision) -> tuple[Question, ...]:
    """The declared circumstances whose answer would change the verdict, those already answered first so that they can be undone.

    Several are asked at once where they only matter together: all of them, or none.
    """
    codes: dict[str, None] = {}
    for several in _askable(facts, decision):
        more = [code for code in several if code not in codes]
        if len(codes) + len(more) <= MOST_QUESTIONS:
            codes.update(dict.fromkeys(more))
    words = vocabulary().circumstances
    return tuple(Question(code, words[code].question) for code in codes)


def _askable(facts: Facts, decision: Decision) -> Iterator[tuple[str, ...]]:
    now = SEVERITY[decision.verdict]
    for each in _DECLARED:
        if (
            each.code in facts.circumstances
            and _makes_sense(each.code, facts)
            and _severity(facts.but(circumstances=facts.circumstances - {each.code})) != now
        ):
            yield (each.code,)
    for each in _DECLARED:
        if (
            each.code not in facts.circumstances
            and each.code not in _NEVER_SUSPECTED
            and _makes_sense(each.code, facts)
        ):
            then = _severity(facts, each.code)
            if then < now or (then > now and each.code in _PROTECTIONS):
                yield (each.code,)
    for text in law.BY_PURPOSE.get(facts.purpose, ()):
        missing = [each for each in text.requires if each not in facts.circumstances]
        asked = tuple(each for each in missing if vocabulary().circumstances[each].source == "declared")
        if len(asked) > 1 and _severity(facts, *asked) < now:
            yield asked


def _makes_sense(code: str, facts: Facts) -> bool:
    """Nobody is asked about a child where there is none."""
    return facts.person.is_minor or code not in _ABOUT_A_CHILD


def _severity(facts: Facts, *more: str) -> int:
    return SEVERITY[weigh(facts.but(circumstances=facts.circumstances | set(more))).verdict]
