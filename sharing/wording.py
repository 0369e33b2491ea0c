"""The words of the core. Sentences are French; a page that speaks another language lends its translation for the while.

Nothing here knows Django, and what is said never changes what is decided: a stored decision is said in French.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_translate: ContextVar[Callable[[str], str]] = ContextVar("translate", default=str)


def _(text: str) -> str:
    """The text in the language lent, French otherwise; the name is what the extraction of messages looks for."""
    return _translate.get()(text)


@contextmanager
def spoken_in(translate: Callable[[str], str]) -> Iterator[None]:
    """Say sentences through this translation (`gettext`) inside the block."""
    token = _translate.set(translate)
    try:
        yield
    finally:
        _translate.reset(token)


class Said(str):
    """Words that end up in a sentence; `plural` as the French has it, whatever the language they are said in."""

    plural: bool

    def __new__(cls, text: str, *, plural: bool) -> Said:
        self = super().__new__(cls, text)
        self.plural = plural
        return self


def said(french: str) -> Said:
    """« les parents », « l’école »: words of the rulebook, said in the language lent."""
    return Said(_(french), plural=french.startswith(("les ", "ses ")) or " et " in french)


def joined(parts: list[Said]) -> Said:
    """« a », « a et b », « a, b et c »; « a, ainsi que b et c » where one of two says « et » itself."""
    if len(parts) < 2:
        return parts[0] if parts else Said("", plural=False)
    if len(parts) == 2 and any(f" {_('et')} " in part for part in parts):
        return Said(f"{parts[0]}, {_('ainsi que')} {parts[1]}", plural=True)
    return Said(f"{', '.join(parts[:-1])} {_('et')} {parts[-1]}", plural=True)


def quoted(text: str) -> str:
    """The text between the quotation marks of the language lent: « le texte »."""
    return _("«\u00a0{}\u00a0»").format(text)


def capitalised(sentence: str) -> str:
    """The sentence with its first letter in capital."""
    return sentence[:1].upper() + sentence[1:]


def uncapitalised(words: str) -> str:
    """The words as they stand inside a sentence."""
    return words[:1].lower() + words[1:]


def to_whom(french: str) -> str:
    """« au procureur », « à la PMI », « aux parents »."""
    translated = _(french)
    if translated != french:
        return f"{_('à')} {translated}"
    if " et " in french:
        first, _et, second = french.partition(" et ")
        return f"{to_whom(first)} et {to_whom(second)}"
    if french.startswith("le "):
        return "au " + french.removeprefix("le ")
    if french.startswith("les "):
        return "aux " + french.removeprefix("les ")
    return "à " + french
