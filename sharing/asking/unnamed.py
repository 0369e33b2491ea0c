"""Whether a text « sans le nom » is without it: compared with the identity of the person herself and of those around her."""

import re
from datetime import date

from cases.models import Person, Representative
from partners.search import normalised

SHORTEST = 2
MONTHS = (
    "janvier",
    "fevrier",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "aout",
    "septembre",
    "octobre",
    "novembre",
    "decembre",
)
_WORD = re.compile(r"[a-z0-9]+")
_MAIL = re.compile(r"\S+@\S+\.\S+")
_PHONE = re.compile(r"(?:\+33|0)\s*[1-9](?:[\s.\-]*\d{2}){4}")
# The number of the social security: thirteen digits, and two of key.
_NIR = re.compile(
    r"\b[12]\s*\d{2}\s*(?:0[1-9]|1[0-2]|[2-9]\d)\s*(?:\d{2}|2[AB])\s*\d{3}\s*\d{3}(?:\s*\d{2})?\b", re.IGNORECASE
)
_ADDRESS = re.compile(
    r"\b\d{1,4}\s*(?:bis|ter)?,?\s+(?:rue|avenue|av\.?|boulevard|bd|impasse|allée|place|chemin|route|quai|cours|square)\s+\S+",
    re.IGNORECASE,
)


def marks(*, text: str, person: Person) -> tuple[str, ...]:
    """The words by which she would be recognised, as they are written, each once; none where the text names nobody.

    Her names, those of who represents her, her birth date, any address, telephone, e-mail or social-security number. One statement.
    """
    names = {person.first_name, person.last_name}
    for one in Representative.objects.filter(person=person):
        names |= {one.first_name, one.last_name}
    found = [match.group().strip() for pattern in (_MAIL, _PHONE, _NIR, _ADDRESS) for match in pattern.finditer(text)]
    found += _names_in(text, names)
    found += _dates_in(text, person.birth_date)
    return tuple(dict.fromkeys(found))


def _names_in(text: str, names: set[str]) -> list[str]:
    """Each word of the text that is a name, or one of the parts of a compound one that stands with a capital."""
    said = f" {' '.join(_WORD.findall(normalised(text)))} "
    whole = {" ".join(_WORD.findall(normalised(name))) for name in names}
    found = [name for name in sorted(whole) if len(name) >= SHORTEST and f" {name} " in said]
    parts = {part for name in whole for part in name.split() if len(part) > SHORTEST}
    for word in re.findall(r"[^\W\d_]+", text):
        if word[:1].isupper() and normalised(word) in parts and normalised(word) not in found:
            found.append(word)
    return found


def _dates_in(text: str, born: date) -> list[str]:
    said = normalised(text)
    spelt = (
        rf"\b0?{born.day}\s*[/.]\s*0?{born.month}\s*[/.]\s*(?:{born.year}|{born.year % 100:02d})\b",
        rf"\b{born.year}[ /.]0?{born.month}[ /.]0?{born.day}\b",
        rf"\b0?{born.day}(?:er)? {MONTHS[born.month - 1]}\b",
        rf"\bnee? en {born.year}\b",
    )
    return [match.group() for pattern in spelt for match in re.finditer(pattern, said)]
