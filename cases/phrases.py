"""Expressions looked for in what somebody writes: whatever the accents, the capitals, the apostrophes, the gender, the number.

What stands between quotation marks is somebody's own words, and is never looked at.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

_LIKE_AN_APOSTROPHE = "’ʼ‘`´′"
_LIKE_A_HYPHEN = "-‐‑·•"
_QUOTES = re.compile(r"«[^«»]*»|“[^“”]*”|\"[^\"\n]*\"")
_GAP = "…"
_FEW_WORDS = r"(?:\s+|')(?:[^\s.;:!?]+\s+){0,4}?"
_ENDING = "(?:e?s?|x)"


@dataclass(frozen=True, slots=True)
class Found:
    """An expression, as it was written, and where: characters ``start`` to ``end`` of the text in NFC."""

    words: str
    start: int
    end: int


def spelt(text: str) -> str:
    """The text in NFC, the spelling in which places are counted."""
    return unicodedata.normalize("NFC", text)


def folded(text: str) -> str:
    """The same text and length, character by character, without capitals, accents or the several apostrophes and hyphens."""
    return "".join(_letter(each) for each in spelt(text))


@lru_cache(maxsize=4096)
def _letter(each: str) -> str:
    if each in _LIKE_AN_APOSTROPHE:
        return "'"
    if each in _LIKE_A_HYPHEN:
        return " "
    small = each.lower()
    return unicodedata.normalize("NFD", small)[0] if len(small) == 1 else each


def own_words(text: str) -> str:
    """`folded`, with blanks in place of what is quoted, quotations within quotations included."""
    left, before = folded(text), ""
    while left != before:
        before = left
        left = _QUOTES.sub(lambda quoted: " " * len(quoted[0]), left)
    return left


class Expressions:
    """Some expressions, save where they are part of others, or run into them (``but_not``)."""

    def __init__(self, expressions: Iterable[str], *, but_not: Iterable[str] = ()) -> None:
        self._looked_for = _any_of(expressions)
        self._left_alone = _any_of(but_not)

    def found(self, text: str) -> list[Found]:
        """Every place where one of them stands in the writer's own words, in order."""
        return self.found_in(own_words(text), spelt(text))

    def found_in(self, own: str, written: str) -> list[Found]:
        """The same, of a text that was already read (`own_words`, `spelt`)."""
        if self._looked_for is None:
            return []
        alone = [each.span() for each in self._left_alone.finditer(own)] if self._left_alone else []
        return [
            Found(" ".join(written[each.start() : each.end()].split()).lower(), *each.span())
            for each in self._looked_for.finditer(own)
            if not any(start < each.end() and each.start() < end for start, end in alone)
        ]

    def words_in(self, text: str) -> list[str]:
        """What was found, as it was written, each once."""
        return list(dict.fromkeys(each.words for each in self.found(text)))


def _any_of(expressions: Iterable[str]) -> "re.Pattern[str] | None":
    # The longest first: « pervers narcissique » before « pervers ».
    known = sorted({folded(each) for each in expressions}, key=len, reverse=True)
    if not known:
        return None
    return re.compile(rf"(?<!\w)(?:{'|'.join(_pattern(each) for each in known)})(?!\w)")


def _pattern(expression: str) -> str:
    parts = [part.split() for part in expression.split(_GAP)]
    return _FEW_WORDS.join(r"\s+".join(_inflected(word) for word in part) for part in parts)


def _inflected(word: str) -> str:
    return re.escape(word).replace("'", r"'\s?") + _ENDING
