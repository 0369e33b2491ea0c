"""How a norm is written: an article, an effect, a reason, a sentence, a remedy, and the question "does it apply?"."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from partners.vocabulary import vocabulary
from sharing import law
from sharing.law import Basis
from sharing.matter import ItemMatter, Matter
from sharing.outcome import Effect, Finding
from sharing.wording import _

# A norm may answer yes or no, or yes with the labels that make its sentence precise.
Answer = bool | str
WholeQuestion = Callable[[Matter], Answer]
ItemQuestion = Callable[[Matter, ItemMatter], Answer]

UNREADABLE = _("Cette règle n’a pas pu être vérifiée : dans le doute, rien n’est communiqué.")


@dataclass(frozen=True, slots=True)
class Rule:
    """One norm. ``article`` may be left to the text that is tried, where the norm is that text's own."""

    name: str
    article: str | None
    effect: str
    reason: str
    message: str
    remedy: str
    about_item: bool
    applies: Callable[..., Answer]
    theme: str = ""

    def finding(self, matter: Matter) -> Finding | None:
        """What this norm says here; None where it does not apply. A norm that errs refuses, and says that it erred."""
        try:
            return self._finding(matter)
        except Exception:
            article = self.article or law.CP_226_13
            return Finding(self.name, "no_basis", Effect.DENY.value, article, UNREADABLE)

    def _finding(self, matter: Matter) -> Finding | None:
        applies = self.applies
        if not self.about_item:
            answer = applies(matter)
            if answer is False or answer == "":
                return None
            return self._say(matter, answer, ())
        refs: tuple[str, ...] | None = None
        said: Answer = False
        for each in matter.items:
            answer = applies(matter, each)
            if answer is not False and answer != "":
                refs = (each.ref,) if refs is None else (*refs, each.ref)
                said = answer
        return None if refs is None else self._say(matter, said, refs)

    def _say(self, matter: Matter, answer: Answer, items: tuple[str, ...]) -> Finding:
        detail = answer if isinstance(answer, str) else ""
        article = self.article or _article(matter.text)
        return Finding(self.name, self.reason, self.effect, article, self.message, self.remedy, items, detail)


def _article(text: Basis | None) -> str:
    return law.CP_226_13 if text is None else text.code


_RULES: list[Rule] = []


def rule(
    article: str | None, effect: Effect, *, reason: str, message: str, remedy: str = ""
) -> Callable[[Callable[..., Answer]], Callable[..., Answer]]:
    """Add a norm to those that every decision evaluates, in the order in which they are written.

    ``article`` is required: a code of articles.yaml, or None where it is the text being tried. The function takes the matter,
    and the item too where the norm is about one item. Raises KeyError where the article or the reason is not in the rulebook.
    """
    if article is not None:
        law.cited(article)
    vocabulary().reasons[reason]

    def add(applies: Callable[..., Any]) -> Callable[..., Any]:
        about_item = len(inspect.signature(applies).parameters) == 2
        name, theme = applies.__name__, applies.__module__
        _RULES.append(Rule(name, article, effect.value, reason, message, str(remedy), about_item, applies, theme))
        return applies

    return add


def written() -> tuple[Rule, ...]:
    """The norms written so far."""
    return tuple(_RULES)
