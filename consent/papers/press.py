"""From what a paper says to its bytes: PDF/UA-1, A4, the same bytes for the same words, nothing fetched, nothing run.

Every text goes as data (JSON), never as markup: `#eval("1")` in a name is printed as it is written (abuse 16). The fonts are those
of the compiler alone, whatever is installed: Latin, Greek, Cyrillic, Arabic and Hebrew letters are drawn; a character that
none of them has (Chinese, an emoji) is printed □, and the paper says so.
"""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import structlog
import typst
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import override

from partners.text import plain

FOLDER = Path(__file__).parent
TEMPLATE = (FOLDER / "paper.typ").read_bytes()
STANDARD = "ua-1"
PLACEHOLDER = "\N{WHITE SQUARE}"
_UNDRAWN = re.compile(r'the text `"((?:[^"\\]|\\.)*)"` could not be displayed')
_ESCAPED = re.compile(r"\\u\{([0-9a-f]+)\}")
_OUTSIDE_LATIN = re.compile("[^\n -~\u00a0-\u024f\u2010-\u2027\u202f\u2030-\u203a\u20ac\u25a1\u2610]")

log = structlog.get_logger(__name__)

Block = dict[str, Any]


class PaperNotMade(RuntimeError):
    """The compiler did not answer a paper; nothing is lost, it may be asked again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """What a paper says. `at` is its date: the same words on the same date are the same bytes."""

    title: str
    language: str
    footer: str
    blocks: tuple[Block, ...]
    at: datetime
    watermark: str = ""
    airy: bool = False
    """More room between lines, for who reads slowly."""


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True)


def _each(words: Any, say: Callable[[str], str]) -> Any:
    """The same blocks, each text said otherwise."""
    if isinstance(words, str):
        return say(words)
    if isinstance(words, dict):
        return {name: _each(one, say) for name, one in words.items()}
    if isinstance(words, list | tuple):
        return [_each(one, say) for one in words]
    return words


def _compiled(said: dict[str, Any], at: datetime) -> bytes:
    # The wheel's own types ask for one type for all these paths; it takes each as it is.
    asked: dict[str, Any] = {
        "root": str(FOLDER),
        "font_paths": _fonts(),
        "ignore_system_fonts": True,
        "format": "pdf",
        "sys_inputs": {"paper": json.dumps(said, ensure_ascii=False, sort_keys=True)},
        "pdf_standards": [STANDARD],
        "package_path": str(FOLDER / "no-packages"),
        "package_cache_path": str(FOLDER / "no-packages"),
        "timestamp": int(at.timestamp()),
    }
    written: Any = typst.compile(TEMPLATE, **asked)
    if not isinstance(written, bytes):
        raise PaperNotMade("several documents")
    return written


def _undrawn(error: typst.TypstError) -> set[str]:
    """The characters that no font has, as the compiler names them."""
    named = "".join(_UNDRAWN.findall(f"{error.message}\n{error.diagnostic}"))
    return set(_ESCAPED.sub(lambda one: chr(int(one[1], 16)), named)) - {" ", "\\"}


def _replaced(said: dict[str, Any], strange: Callable[[str], str], language: str) -> dict[str, Any]:
    with override(language):
        note = _("Le signe %(sign)s remplace un caractère que ce papier ne sait pas écrire.") % {"sign": PLACEHOLDER}
    texts: dict[str, Any] = _each(said, strange)
    if not any(one.get("text") == note for one in texts["blocks"]):
        texts["blocks"].append({"kind": "small", "text": note})
    return texts


def pdf(paper: Paper) -> bytes:
    """The bytes of a paper. Raises PaperNotMade."""
    said: dict[str, Any] = _each(
        {
            "title": paper.title,
            "footer": paper.footer,
            "watermark": paper.watermark,
            "blocks": list(paper.blocks),
        },
        plain,
    )
    said |= {"lang": paper.language, "airy": paper.airy}
    try:
        return _compiled(said, paper.at)
    except typst.TypstError as error:
        strange = _undrawn(error)
    except Exception as error:  # what the wheel raises otherwise has no name of its own
        raise PaperNotMade(type(error).__name__) from error
    named = str.maketrans(dict.fromkeys(strange, PLACEHOLDER))
    attempts: tuple[Callable[[str], str], ...] = (
        lambda text: text.translate(named),
        lambda text: _OUTSIDE_LATIN.sub(PLACEHOLDER, text),
    )
    for say in attempts:
        said = _replaced(said, say, paper.language)
        try:
            return _compiled(said, paper.at)
        except typst.TypstError:
            continue
    raise PaperNotMade("the compiler refuses it")


def answer(request: HttpRequest, paper: Paper, name: str) -> HttpResponse:
    """The paper as a file to save, whose name names nobody; a clear sentence, and 503, where it cannot be made."""
    try:
        written = pdf(paper)
    except PaperNotMade as error:
        log.error("paper_not_made", paper=name, why=str(error))
        return render(request, "consent/paper_not_made.html", status=503)
    response = HttpResponse(written, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{name}.pdf"'
    response["X-Content-Type-Options"] = "nosniff"
    return response
