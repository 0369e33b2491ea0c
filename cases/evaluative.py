"""Words that judge where a fact is expected (law.md, P-07): a hint to whoever writes, never a block.

The words are those of ``rulebook/words_that_judge.yaml``, which practitioners own; a rulebook without that file keeps the
bundled one.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from cases.phrases import Expressions, Found, folded, own_words, spelt
from partners.vocabulary import RULEBOOK, Entry, RulebookError, read_yaml

FILE = "words_that_judge.yaml"
BUNDLED = Path(__file__).resolve().parent.parent / "rulebook"
_TOKENS = re.compile(r"\w+|[.,;:!?()\n]")
_CONTENT_WORDS = 2


@dataclass(frozen=True, slots=True)
class Judgement:
    """A word that judges, as it was written, and what to write instead (a text of the rulebook, to translate)."""

    word: str
    ask: str


@dataclass(frozen=True, slots=True)
class Family:
    """Words that judge in the same way, and what to write instead of any of them."""

    code: str
    ask: str
    expressions: Expressions


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgingWords:
    """The whole list, as it was read."""

    families: Mapping[str, Family]
    things: frozenset[str]
    negations: frozenset[str]
    links: frozenset[str]
    stops: frozenset[str]


def file_of(name: str) -> Path:
    """Where a word list stands: in the rulebook in service, else the bundled one."""
    there = RULEBOOK / name
    return there if there.is_file() else BUNDLED / name


def texts_of(entry: Entry, name: str) -> tuple[str, ...]:
    """A list of pieces of text. Raises RulebookError where one of them is not."""
    found = entry.sequence(name)
    for each in found:
        if not isinstance(each, str) or not each.strip():
            raise entry.error(f"« {name} » : {each!r} n’est pas un texte")
    return found


def read(path: Path) -> JudgingWords:
    """The list of a file. Raises RulebookError where it does not hold together."""
    whole = Entry(path.name, "début", read_yaml(path))
    families = {}
    for code, fields in whole.mapping("judging").items():
        entry = Entry(path.name, f"judging.{code}", fields)
        expressions = Expressions(texts_of(entry, "words"), but_not=texts_of(entry, "but_not"))
        families[code] = Family(code, entry.shown("ask"), expressions)
        entry.end()
    if not families:
        raise RulebookError(path.name, "judging", "la section manque")
    around = {name: _words(whole, name) for name in ("things", "negations", "links", "stops")}
    whole.end()
    return JudgingWords(families=MappingProxyType(families), **around)


def _words(whole: Entry, name: str) -> frozenset[str]:
    return frozenset(folded(each) for each in texts_of(whole, name))


WORDS = read(file_of(FILE))


def judgements(text: str, words: JudgingWords = WORDS) -> list[Judgement]:
    """The judging words of a text, in order, each once, in the writer's own words alone."""
    own, written = own_words(text), spelt(text)
    found = [
        (each, family)
        for family in words.families.values()
        for each in family.expressions.found_in(own, written)
        if not _judges_nobody(own, each, words)
    ]
    known: dict[str, Judgement] = {}
    for each, family in sorted(_widest(found), key=lambda one: one[0].start):
        known.setdefault(each.words, Judgement(each.words, family.ask))
    return list(known.values())


def judging_words(text: str) -> list[str]:
    """The judging words of a text, in order, each once; what is between quotation marks is somebody's own words."""
    return [each.word for each in judgements(text)]


def _widest(found: list[tuple[Found, Family]]) -> Iterator[tuple[Found, Family]]:
    """« pervers narcissique » is not also « pervers »."""
    for one in found:
        inside = any(
            other[0] != one[0] and other[0].start <= one[0].start and one[0].end <= other[0].end for other in found
        )
        if not inside:
            yield one


def _judges_nobody(own: str, found: Found, words: JudgingWords) -> bool:
    """Denied, or said of a thing: « eau non toxique », « un logement actuellement instable »."""
    content = 0
    for token in reversed(_TOKENS.findall(own[: found.start])[-8:]):
        if not token[0].isalnum() or token in words.stops:
            return False
        if token in words.negations:
            return True
        if token in words.links:
            continue
        if token in words.things or token.rstrip("sx") in words.things:
            return True
        content += 1
        if content == _CONTENT_WORDS:
            return False
    return False
