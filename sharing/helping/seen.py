"""What the help looks at: the texts and the rows of one draft, as plain values."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """An item of the draft: what it says, what kind of statement it is, why it is necessary."""

    ref: str
    label: str
    category: str
    nature: str
    provenance: str
    text: str
    necessity: str
    observed_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class HerWord:
    """What the person, or whoever speaks for her, said of this recipient one day, whatever the purpose."""

    state: str  # "given" | "refused" | "objected" | "withdrawn"
    purpose: str
    categories: frozenset[str]
    own_words: str
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """One draft. ``sent_to_her``: disclosures of its author to this recipient over the last seven days, ``here`` on this case."""

    today: date
    purpose: str = ""
    recipient: str = ""  # how she is called; empty: not chosen
    benefit: str = ""
    circumstances: frozenset[str] = frozenset()
    pressing: bool = False  # an emergency, or already said aloud
    items: tuple[Chosen, ...] = ()
    speaking_elsewhere: tuple[str, ...] = ()  # labels of the items left aside that carry the person's own words
    words: tuple[HerWord, ...] = ()
    sent_to_her: int = 0
    sent_here: int = 0
    verdict: str = ""  # empty: not decided yet
    rests_on_agreement: bool = False  # the text retained asks for her agreement
    drafted_in: timedelta | None = None  # since the draft was begun


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """One thing to look at. ``place`` is where it is shown: "benefit", "recipient", "items", "word", "sending", "item", "need".

    ``ref``: the item, of the last two. ``words``: those it is about, as they were written. Others by their name.
    """

    code: str
    place: str
    ref: str = ""
    words: tuple[str, ...] = ()
    number: int = 0
    here: int = 0
    ask: str = ""  # a text of the rulebook, to translate
    said: tuple[HerWord, ...] = ()


def in_order(notes: Iterable[Note]) -> tuple[Note, ...]:
    """As the page goes down: the benefit, the recipient, each item with its necessity, the person's word, the sending."""
    places = ("benefit", "recipient", "item", "need", "items", "word", "sending")
    return tuple(sorted(notes, key=lambda one: places.index(one.place)))
