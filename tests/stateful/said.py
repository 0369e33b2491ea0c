"""What was said, told again in the plainest way: who said what last. It reads no row, and none of the code that decides."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

YES, NO, NOTHING = "yes", "no", "nothing"


class Towards(NamedTuple):
    """To whom, what for."""

    recipient: Any
    purpose: str


@dataclass
class Said:
    """An act of the person's word: on which sheet, by whom (None: herself), about what. `until`: an agreement's end."""

    row: Any
    sheet: Any
    speaker: Any
    towards: Towards
    categories: frozenset[str]
    state: str
    at: datetime
    until: datetime | None = None
    in_error: bool = False
    taken_back: list["Said"] = field(default_factory=list)
    """The withdrawals of an agreement; those recorded in error take nothing back."""

    @property
    def last(self) -> tuple[str, datetime]:
        """What it amounts to, and when that was said."""
        gone = [one for one in self.taken_back if not one.in_error]
        return (NO, gone[-1].at) if gone else (self.state, self.at)


@dataclass
class Memory:
    """All that was said, and what bears on it. `majority`: from then on nobody speaks for her any more."""

    sheet: Any
    majority: datetime
    words: list[Said] = field(default_factory=list)
    told: list[Said] = field(default_factory=list)
    without_authority: set[Any] = field(default_factory=set)

    def counts(self, word: Said, at: datetime) -> bool:
        """Not an error, and said by somebody who still speaks for her."""
        if word.in_error:
            return False
        if word.speaker is None:
            return True
        return word.speaker not in self.without_authority and not word.at < self.majority <= at

    def last_words(self, towards: Towards, category: str, at: datetime, linked: Iterable[Any]) -> dict[Any, Said]:
        """Each speaker's last word on this, on her sheet and on those linked to it."""
        found: dict[Any, Said] = {}
        sheets = {self.sheet, *linked}
        for word in sorted(self.words, key=lambda one: one.last[1]):
            if (
                word.sheet in sheets
                and word.towards == towards
                and category in word.categories
                and self.counts(word, at)
            ):
                found[word.sheet, word.speaker] = word
        return found

    def agreed(self, towards: Towards, category: str, at: datetime, linked: Iterable[Any]) -> str:
        """YES where an agreement on her own sheet is in force and nobody's last word is a no; NO where somebody's is."""
        last = self.last_words(towards, category, at, linked).values()
        if any(word.last[0] == NO for word in last):
            return NO
        mine = [word for word in last if word.sheet == self.sheet and word.until is not None and at < word.until]
        return YES if mine else NOTHING

    def nobody_agrees(self, towards: Towards, category: str, at: datetime) -> bool:
        """No agreement of anybody who speaks for her stands."""
        last = self.last_words(towards, category, at, ()).values()
        return not any(word.last[0] == YES and word.until is not None and at < word.until for word in last)

    def was_told(self, towards: Towards, category: str, at: datetime) -> bool:
        """Somebody who counts was told of this beforehand; an agreement tells too, even once taken back."""
        agreements = [one for one in self.words if one.state == YES]
        return any(
            one.towards == towards and category in one.categories and one.sheet == self.sheet and self.counts(one, at)
            for one in (*self.told, *agreements)
        )
