"""What would let somebody be recognised in a text: names, dates, places, numbers, an exact age. Text in, marks out.

A mark that is certain (`sure`) has to go; a word that only looks like a name is shown, and its author says whether it is one.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from partners.search import normalised

SHORTEST_NAME = 2

_MONTH = "janvier|février|fevrier|mars|avril|mai|juin|juillet|août|aout|septembre|octobre|novembre|décembre|decembre"
_WEEKDAY = "lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche"
_STREET = (
    "rue|avenue|av\\.|boulevard|bd|impasse|allée|place|chemin|route|quai|cours|square|résidence|hameau|lotissement"
)
# Each kind of mark that is certain, with how it is written.
CERTAIN: dict[str, re.Pattern[str]] = {
    "number": re.compile(
        r"\b[12][ .]?\d{2}[ .]?(?:0[1-9]|1[0-2]|[2-9]\d)[ .]?(?:\d{2}|2[AB])[ .]?\d{3}[ .]?\d{3}(?:[ .]?\d{2})?\b", re.I
    ),
    "phone": re.compile(r"(?:\+33|\b0)[ .\-]?[1-9](?:[ .\-]?\d{2}){4}\b"),
    "mail": re.compile(r"\S+@\S+\.\w{2,}"),
    "reference": re.compile(r"\b(?:[CDIQA]-)?20\d{2}-\d{3,9}\b"),
    "address": re.compile(rf"\b\d{{1,4}}\s*(?:bis|ter)?,?\s+(?:{_STREET})\s+\w+", re.I),
    "postcode": re.compile(r"\b(?:0[1-9]|[1-8]\d|9[0-8])\d{3}\b(?!\s*(?:€|euros?))"),
    "date": re.compile(
        rf"\b(?:(?:{_WEEKDAY})\s+)?(?:le\s+)?\d{{1,2}}(?:er)?\s*(?:[/.\-]\s*\d{{1,2}}(?:\s*[/.\-]\s*\d{{2,4}})?|\s(?:{_MONTH})\b(?:\s+\d{{4}})?)",
        re.I,
    ),
    "month": re.compile(rf"\b(?:{_MONTH})\s+\d{{4}}\b", re.I),
    "year": re.compile(r"\b(?:19|20)\d{2}\b"),
    "age": re.compile(r"\b\d{1,3}\s+(?:ans?|mois)\b(?!\s+(?:de|plus|avant|après))", re.I),
}
_NOT_A_DATE = re.compile(r"^\d{1,2}\s*[.\-]\s*\d{1,2}$")  # « 2-3 fois », « 1.5 »
# Words that begin with a capital without naming anybody: sentences begin, institutions are called, months are not capitalised.
COMMON = frozenset(
    """
    aide allocation assistante association caf ccas centre chef cheffe code commission conseil crip département docteur dr école
    éducation état europe europe europeenne france français française foyer hôpital hopital institut juge lycée collège madame
    mademoiselle maison mairie maître messieurs ministère mission mme mmes monsieur mr m mlle noel pâques parquet police
    préfecture président présidente protection république samu savs sessad siao sécurité service tribunal union
    """.split()  # noqa: SIM905
)
_SENTENCE = re.compile(r"(?:^|[.!?…:;\n«\"(\-–—]\s*|[.!?…]\s+)$")
_CAPITALISED = re.compile(r"\b[A-ZÀ-ÖØ-Þ][a-zà-öø-ÿ]+(?:[-’'][A-ZÀ-ÖØ-Þ]?[a-zà-öø-ÿ]+)*")


@dataclass(frozen=True, slots=True, order=True)
class Mark:
    """A piece of the text by which somebody might be recognised, and of what kind."""

    start: int
    text: str
    kind: str
    sure: bool = True


def marks(text: str, *, names: Iterable[str] = (), places: Iterable[str] = ()) -> tuple[Mark, ...]:
    """Every mark of the text, in its order; the same word twice is two marks. `names` and `places` are certain wherever they stand.

    Pure: whoever calls says whose names these are (the person's own identity, for her own professional only: comparing a partner's
    text with it would tell the partner whose name it is).
    """
    found = [
        Mark(match.start(), match.group().strip(), kind)
        for kind, pattern in CERTAIN.items()
        for match in pattern.finditer(text)
        if not (kind == "date" and _NOT_A_DATE.match(match.group().strip()))
    ]
    found += [one for kind, words in (("name", names), ("place", places)) for one in _known(text, words, kind)]
    found += _looks_like_a_name(text)
    return _widest(found)


def certain(found: Iterable[Mark]) -> tuple[Mark, ...]:
    """Those that have to go."""
    return tuple(one for one in found if one.sure)


def doubtful(found: Iterable[Mark]) -> tuple[Mark, ...]:
    """Those that only look like a name."""
    return tuple(one for one in found if not one.sure)


def _known(text: str, words: Iterable[str], kind: str) -> list[Mark]:
    """A known word wherever it stands, whatever its case and its accents; a compound one by each of its parts of some length."""
    wanted = set()
    for word in words:
        whole = normalised(word).strip()
        parts = [part for part in re.split(r"[\s’'-]+", whole) if len(part) > SHORTEST_NAME]
        wanted |= {one for one in (whole, *parts) if len(one) >= SHORTEST_NAME and one not in COMMON}
    found = []
    for match in re.finditer(r"[^\W\d_]+(?:[-’'][^\W\d_]+)*", text):
        word = normalised(match.group())
        # « l’Émile »: what stands after the apostrophe counts too.
        if wanted & {word, *re.split(r"[’'-]", word)} or word.rstrip("s") in wanted:
            found.append(Mark(match.start(), match.group(), kind))
    spaced = [one for one in wanted if " " in one]
    flat = normalised(text)
    if len(flat) == len(text):
        found += [
            Mark(match.start(), text[match.start() : match.end()], kind)
            for one in spaced
            for match in re.finditer(rf"\b{re.escape(one)}\b", flat)
        ]
    return found


def _looks_like_a_name(text: str) -> list[Mark]:
    """Words with a capital that do not begin a sentence; a word in capitals throughout is an acronym."""
    found = []
    for match in _CAPITALISED.finditer(text):
        word = match.group()
        if _SENTENCE.search(text[: match.start()]) or normalised(word) in COMMON or word.casefold() in COMMON:
            continue
        found.append(Mark(match.start(), word, "capital", sure=False))
    return found


def _widest(found: list[Mark]) -> tuple[Mark, ...]:
    """Of marks that overlap, the certain one, then the longest."""
    kept: list[Mark] = []
    for one in sorted(found, key=lambda each: (not each.sure, -len(each.text), each.start)):
        end = one.start + len(one.text)
        if all(end <= other.start or one.start >= other.start + len(other.text) for other in kept):
            kept.append(one)
    return tuple(sorted(kept))
