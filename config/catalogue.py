"""The English catalogue: every text that a page, a form, a rule or the rulebook can say, gathered without GNU gettext.

Python is read as a syntax tree, templates by Django's own `templatize`, the rulebook through the vocabulary that the application
uses: what is shown is what is gathered. The source texts are French; `locale/en` holds their translation, with the compiled `.mo`.
Babel is installed to develop and to test only: pages read the `.mo`.
"""

import ast
import io
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

from config.places import BASE_DIR

APPS = ("audit", "partners", "cases", "consent", "sharing", "config")
FOLDER = BASE_DIR / "locale" / "en" / "LC_MESSAGES"
KEYWORDS: dict[str, Any] = {
    **DEFAULT_KEYWORDS,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
SAID = (
    *("label", "i_want", "why", "answer", "say", "says", "title", "hint"),
    *("ask", "question", "to_do", "proves", "kept", "disputed"),
)
"""Fields of the rulebook that pages show, translated."""
SAID_OF_READING = (*SAID, "version", "source")
"""Those of an article, which also says which wording was read, and where."""
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w*\}|%%")
# The catalogue says nothing of when it was made: two runs on the same texts give the same bytes.
NO_DATE = datetime(2026, 1, 1, tzinfo=UTC)

Text = tuple[str, str | tuple[str, str], str | None]
"""(file, text or (singular, plural), context)."""


def from_python(path: Path, source: str) -> Iterator[Text]:
    """The marked texts of Python source: calls of a known name with literal texts, whatever else they are given."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        name = (
            node.func.id
            if isinstance(node.func, ast.Name)
            else node.func.attr
            if isinstance(node.func, ast.Attribute)
            else ""
        )
        if name in KEYWORDS:
            literals = [one.value if isinstance(one, ast.Constant) else None for one in node.args]
            yield from marked(path, name, literals)


def marked(path: Path, function: str, said: list[Any]) -> Iterator[Text]:
    """One text, with its plural and its context, from the arguments of the function that marks it."""
    places = KEYWORDS[function] or (1,)
    context = next((said[place[0] - 1] for place in places if isinstance(place, tuple) and len(said) >= place[0]), None)
    ids = [said[place - 1] for place in places if isinstance(place, int) and len(said) >= place]
    if ids and all(isinstance(one, str) and one for one in ids):
        yield str(path.relative_to(BASE_DIR)), (ids[0] if len(ids) == 1 else (ids[0], ids[1])), context


def from_template(path: Path) -> Iterator[Text]:
    """The texts of a template, made Python by Django; margins go, since Python would read them."""
    python = templatize(path.read_text(encoding="utf-8"), origin=str(path))
    lines = io.BytesIO("\n".join(line.strip() for line in python.splitlines()).encode())
    found: Iterator[Any] = extract_python(lines, KEYWORDS, [], {"encoding": "utf-8"})
    for _line, function, said, _comments in found:
        yield from marked(path, function, [said] if isinstance(said, str) else list(said))


def from_rulebook() -> Iterator[Text]:
    """The words of the vocabulary and the texts of the law, as the application reads them."""
    from cases.evaluative import FILE, WORDS
    from partners.vocabulary import vocabulary
    from sharing.law import ARTICLES
    from sharing.urgency import dangers

    words = vocabulary()
    sections = [
        ("vocabulary.yaml", section)
        for name, section in vars(words).items()
        if hasattr(section, "values") and name not in {"files", "roles"}
    ]
    sections += [("roles.yaml", words.roles), ("articles.yaml", ARTICLES), (FILE, WORDS.families)]
    sections += [(dangers.FILE, dangers.BY_CODE), (dangers.FILE, dangers.CRITERIA)]
    for file, section in sections:
        for entry in section.values():
            yield from from_entry(file, entry, SAID_OF_READING if section is ARTICLES else SAID)


def from_entry(file: str, entry: object, fields: tuple[str, ...]) -> Iterator[Text]:
    """What an entry says, then what its former versions said, which pages keep showing."""
    for said in (entry, *getattr(entry, "earlier", ())):
        for name in fields:
            text = getattr(said, name, "")
            if text:
                yield f"rulebook/{file}", text, None


def texts() -> Iterator[Text]:
    """Every text of the house, in the order of the files."""
    for app in APPS:
        for path in sorted((BASE_DIR / app).rglob("*.py")):
            if "migrations" not in path.parts and path.name != "catalogue.py":
                yield from from_python(path, path.read_text(encoding="utf-8"))
    for path in sorted((BASE_DIR / "templates").rglob("*")):
        if path.suffix in {".html", ".txt"}:
            yield from from_template(path)
    yield from from_rulebook()


def gathered() -> Catalog:
    """The texts of now, with the translations that already exist; a text that is gone goes."""
    known = written()
    catalogue = Catalog(
        locale="en",
        project="Tact",
        copyright_holder="Tact contributors",
        header_comment="# English texts of Tact. Made by: manage.py catalogue. The texts are French in the source.",
        creation_date=NO_DATE,
        revision_date=NO_DATE,
        fuzzy=False,
    )
    for where, text, context in texts():
        catalogue.add(text, locations=[(where, 0)], context=context)
    for message in catalogue:
        before = known.get(message.id, message.context) if message.id else None
        if before is not None and same_shape(before.id, message.id):
            message.string = before.string
        if "python-format" in message.flags:
            message.flags.discard("python-format")
    return catalogue


def same_shape(one: Any, other: Any) -> bool:
    return isinstance(one, str) == isinstance(other, str)


def written() -> Catalog:
    """The catalogue as it lies on the disk; empty where there is none."""
    path = FOLDER / "django.po"
    if not path.exists():
        return Catalog(locale="en")
    with path.open("rb") as file:
        return read_po(file, locale="en")


def flaws(catalogue: Catalog) -> list[str]:
    """What a reader of English would miss: texts without translation, or with other placeholders than theirs."""
    found = []
    for message in catalogue:
        if not message.id:
            continue
        originals, translated = both(message)
        if not all(translated):
            found.append(f"not translated: {originals[0]!r}")
            continue
        for original, text in zip(originals, translated, strict=False):
            if (
                set(PLACEHOLDER.findall(original)) - {"%%"} != set(PLACEHOLDER.findall(text)) - {"%%"}
                and len(originals) == 1
            ):
                found.append(f"placeholders differ: {original!r} → {text!r}")
    return found


def both(message: Message) -> tuple[list[str], list[str]]:
    """The forms of a text, and those of its translation."""
    originals = [message.id] if isinstance(message.id, str) else list(message.id)
    strings = [message.string] if isinstance(message.string, str) else list(message.string or ())
    return [str(one) for one in originals], [str(one or "") for one in strings] or [""]


def po_bytes(catalogue: Catalog) -> bytes:
    buffer = io.BytesIO()
    write_po(buffer, catalogue, width=110, include_lineno=False, sort_by_file=False, omit_header=False)
    return buffer.getvalue()


def mo_bytes(catalogue: Catalog) -> bytes:
    buffer = io.BytesIO()
    write_mo(buffer, catalogue)
    return buffer.getvalue()


def write() -> Catalog:
    """Bring the catalogue up to date on the disk, both files; returns it."""
    catalogue = gathered()
    FOLDER.mkdir(parents=True, exist_ok=True)
    (FOLDER / "django.po").write_bytes(po_bytes(catalogue))
    (FOLDER / "django.mo").write_bytes(mo_bytes(catalogue))
    return catalogue


def stale() -> list[str]:
    """Why the committed catalogue is not that of these texts; empty where it is, whole."""
    catalogue = gathered()
    found = flaws(catalogue)
    now = {(message.id, message.context) for message in catalogue if message.id}
    found += [f"no longer said: {one.id!r}" for one in written() if one.id and (one.id, one.context) not in now]
    if not found:
        for name, content in (("django.po", po_bytes(catalogue)), ("django.mo", mo_bytes(catalogue))):
            path = FOLDER / name
            if not path.exists() or path.read_bytes() != content:
                found.append(f"{name} is not that of these texts: run manage.py catalogue")
    return found
