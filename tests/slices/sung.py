"""Twelve items of which every part sings a word that exists nowhere else, and how to hear them in anything that comes out."""

import html
import io
import json
import re
from collections.abc import Iterable
from typing import Any

from pypdf import PdfReader

TITLE, TEXT, SOURCE, THIRD, NEED, DISSENT, CORRECTED = (
    *("titre", "texte", "source", "tiers", "besoin", "divergence", "rectifie"),
)
HOW_MANY, CHOSEN = 12, (3, 7, 11)
OTHERS = frozenset(range(1, HOW_MANY + 1)) - set(CHOSEN)
GOOD, OWN_WORDS, CONDITIONS = "Xanthebienfait", "Xantheparole", "Xanthecondition"
WORDS = (GOOD, OWN_WORDS, CONDITIONS)

FIRST, LAST = "Zéphirine", "Quillebœuf"
MOTHER, FATHER = "Ombeline", "Fulgence"
PHONE, STREET = "0199887755", "impasse-des-Ocarinas"
FAMILY = (FIRST, LAST, "Quilleb", MOTHER, FATHER, PHONE, STREET)
COLLEAGUES = ("Roussel", "Lantier", "Benali", "Perrin", "Haddad")

Heard = frozenset[tuple[int, str]]


def word(number: int, part: str) -> str:
    """What this part of this item sings: « Zorille07texte »."""
    return f"Zorille{number:02d}{part}"


def parts(*kinds: str, numbers: Iterable[int] = CHOSEN) -> Heard:
    """These parts of these items."""
    return frozenset((number, kind) for number in numbers for kind in kinds)


def heard(text: str) -> Heard:
    """The parts of items that sing in a text, however it was escaped, cut or encoded."""
    plain = html.unescape(text)
    if "\\u" in plain:
        plain = plain.encode().decode("unicode_escape", errors="ignore")
    return frozenset(
        (int(number), part.lower())
        for number, part in re.findall(r"zorille(\d\d)([a-z]+?)(?![a-z])", plain, re.IGNORECASE)
    )


def names(text: str, *more: str) -> list[str]:
    """The names of the family and the words of the agreement that sing in a text."""
    plain = html.unescape(text).lower()
    spaced = re.sub(r"[\s.]", "", plain)
    return [one for one in (*FAMILY, *WORDS, *more) if one.lower() in plain or one.lower() in spaced]


def silent(text: str, *more: str) -> bool:
    """Nothing sings in it."""
    return not heard(text) and not names(text, *more)


def on_paper(written: bytes) -> str:
    """The words of a PDF and all that it says of itself; lines are cut by the compiler."""
    reader = PdfReader(io.BytesIO(written))
    text = " ".join(page.extract_text() for page in reader.pages)
    whole = re.sub(r"(?<=\w)-\s+(?=\w)", "", text.replace("\u00ad", ""))
    return " ".join([whole, title_of_paper(written)])


def title_of_paper(written: bytes) -> str:
    """What a PDF says of itself: its properties and its metadata."""
    reader = PdfReader(io.BytesIO(written))
    root: Any = reader.trailer["/Root"]
    xmp = root["/Metadata"].get_object().get_data().decode()
    return f"{json.dumps(dict(reader.metadata or {}), default=str, ensure_ascii=False)} {xmp}"
