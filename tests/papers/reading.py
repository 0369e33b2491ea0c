"""Read a paper as those who are handed it do: its pages, its words, and what a screen reader is told of it."""

import io
import re
from dataclasses import dataclass
from typing import Any

from pypdf import PdfReader

A4 = (595, 842)


@dataclass(frozen=True)
class Read:
    """What a paper says, and how it is made. `words`: its text, spaces and line ends being one space."""

    pages: int
    words: str
    title: str
    language: str
    tagged: bool
    accessible: bool
    sizes: frozenset[tuple[int, int]]
    headings: tuple[str, ...]


def read(written: bytes) -> Read:
    """Open a paper."""
    reader = PdfReader(io.BytesIO(written))
    root: Any = reader.trailer["/Root"]
    xmp = root["/Metadata"].get_object().get_data().decode()
    text = " ".join(page.extract_text() for page in reader.pages)
    return Read(
        pages=len(reader.pages),
        words=said(text),
        title=str(reader.metadata.title if reader.metadata else ""),
        language=str(root["/Lang"]),
        tagged=bool(root["/MarkInfo"]["/Marked"]) and "/StructTreeRoot" in root,
        accessible=bool(re.search(r"<pdfuaid:part>1</pdfuaid:part>", xmp)),
        sizes=frozenset(
            (round(float(page.mediabox.width)), round(float(page.mediabox.height))) for page in reader.pages
        ),
        headings=tuple(_headings(root["/StructTreeRoot"])),
    )


def said(text: str) -> str:
    """One space wherever there are some, none after a hyphen: lines are cut by the compiler."""
    return re.sub(r"(?<=\w)- (?=\w)", "-", re.sub(r"\s+", " ", text)).strip()


def _headings(node: Any) -> list[str]:
    """The kinds of headings, in reading order: H1, H2 …"""
    found: list[str] = []
    waiting: list[Any] = [node]
    while waiting:
        one = waiting.pop()
        one = one.get_object() if hasattr(one, "get_object") else one
        if isinstance(one, list):
            waiting.extend(reversed(one))
        elif isinstance(one, dict):
            kind = str(one.get("/S", ""))
            if re.fullmatch(r"/H[1-6]", kind):
                found.append(kind[1:])
            if "/K" in one:
                waiting.append(one["/K"])
    return found
