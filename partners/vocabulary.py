"""The words of the rulebook: purposes, categories, roles, circumstances, reasons, duties.

Read once from ``rulebook/*.yaml``, or from the folder that ``TACT_RULEBOOK`` names, and checked as they are read: an unknown name,
a missing label or a repeated entry stops the application with a sentence that names the file and the entry. Nothing here knows
Django or the database, so that the decision core may import it. Labels are French, as jurists wrote them; pages translate them.
"""

from __future__ import annotations

import hashlib
import os
import re
import stat
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

import yaml

from partners.strict_yaml import parse_yaml
from partners.words import (
    DISCHARGING,
    Bound,
    Category,
    Circumstance,
    Duty,
    ForbiddenPurpose,
    Group,
    Instead,
    Kind,
    Nature,
    Purpose,
    Role,
    WeakArgument,
    Word,
)

__all__ = [
    "RULEBOOK",
    "TO_CONFIRM",
    "Bound",
    "Category",
    "Circumstance",
    "Duty",
    "Entry",
    "ForbiddenPurpose",
    "Group",
    "Instead",
    "Kind",
    "Nature",
    "Purpose",
    "Role",
    "RulebookError",
    "Vocabulary",
    "WeakArgument",
    "Word",
    "digest_of",
    "french",
    "listed",
    "parse_yaml",
    "read_yaml",
    "vocabulary",
]

# The edition in service: the bundled one, or a jurist's. The only word of the environment that the core obeys, read here
# and once (docs/adr/0012-editions-and-replay.md).
RULEBOOK = Path(
    os.environ.get("TACT_RULEBOOK", "").strip() or Path(__file__).resolve().parent.parent / "rulebook"
).resolve()

# What stands in a text where a date is not known.
TO_CONFIRM = "à confirmer"

# What the digest covers: the words and the texts, not the scenarios that try them.
_DIGESTED = ("articles.yaml", "bases.yaml", "roles.yaml", "vocabulary.yaml")


LARGEST_FILE = 4_000_000  # bytes


class RulebookError(ValueError):
    """The rulebook does not hold together; the message names the file and the entry."""

    def __init__(self, file: str, entry: str, what: str) -> None:
        super().__init__(f"rulebook/{file}, {entry} : {what}")


WordT = TypeVar("WordT", bound=Word)


def read_yaml(path: Path) -> Any:
    """The content of a YAML file. Raises RulebookError where it cannot be read."""
    try:
        return parse_yaml(_text(path))
    except yaml.YAMLError as error:
        raise RulebookError(path.name, "lecture", str(error)) from error


def _text(path: Path) -> str:
    """A file's exact text; of the edition in service, the one that was digested, whatever the disk holds since."""
    in_service = path.parent == RULEBOOK and path.name in _DIGESTED
    return _in_service()[path.name] if in_service else _read(path)


def _read(path: Path) -> str:
    try:
        found = path.stat()
        if not stat.S_ISREG(found.st_mode) or found.st_size > LARGEST_FILE:
            raise RulebookError(path.name, "lecture", f"ce n’est pas un fichier de {LARGEST_FILE} octets au plus")
        return path.read_bytes().decode()
    except (OSError, UnicodeDecodeError) as error:
        raise RulebookError(path.name, "lecture", str(error)) from error


def _digested(folder: Path) -> Mapping[str, str]:
    return MappingProxyType({name: _read(folder / name) for name in _DIGESTED})


@cache
def _in_service() -> Mapping[str, str]:
    return _digested(RULEBOOK)


def french(text: str) -> str:
    """The text as it is printed: typographic apostrophes, no-break spaces before : ; ? ! » and after «."""
    return re.sub(r"(?<=«) | (?=[:;?!»])", "\u00a0", text.replace("'", "’"))


class Entry:
    """One entry of a rulebook file, whose fields are taken one by one; what is left over is an error."""

    def __init__(self, file: str, code: str, fields: Any) -> None:
        if not isinstance(fields, Mapping):
            raise RulebookError(file, code, "une entrée est une liste de noms et de valeurs")
        self.file, self.code = file, code
        self._fields: dict[str, Any] = dict(fields)

    def error(self, what: str) -> RulebookError:
        """An error that names this entry."""
        return RulebookError(self.file, self.code, what)

    def text(self, name: str, default: str | None = None, *, among: Any = None) -> str:
        """A piece of text; an error where it is missing without default, empty, or not ``among`` those known."""
        value = self._fields.pop(name, default)
        if not isinstance(value, str) or (default is None and not value.strip()):
            raise self.error(f"« {name} » manque ou n’est pas un texte")
        if among is not None and value and value not in among:
            raise self.error(f"« {name} » : « {value} » est inconnu")
        return value

    def shown(self, name: str, default: str | None = None) -> str:
        """A piece of text that readers see, with its typography."""
        return french(self.text(name, default))

    def flag(self, name: str, *, default: bool = False) -> bool:
        """True or false; the default where it is not said."""
        value = self._fields.pop(name, default)
        if not isinstance(value, bool):
            raise self.error(f"« {name} » doit être true ou false")
        return value

    def number(self, name: str, default: int | None = None) -> int:
        """A whole number."""
        value = self._fields.pop(name, default)
        if not isinstance(value, int) or isinstance(value, bool):
            raise self.error(f"« {name} » doit être un nombre entier")
        return value

    def day(self, name: str) -> date | None:
        """A day; None where the rulebook says that it is « à confirmer »."""
        value = self._fields.pop(name, None)
        if value == TO_CONFIRM:
            return None
        if type(value) is not date:
            raise self.error(f"« {name} » doit être un jour (AAAA-MM-JJ) ou « {TO_CONFIRM} »")
        return value

    def names(self, name: str, *, among: Any) -> tuple[str, ...] | None:
        """A list of names, each ``among`` those known; None where it is not said at all."""
        if name not in self._fields:
            return None
        value = self.sequence(name)
        for each in value:
            if not isinstance(each, str) or each not in among:
                raise self.error(f"« {name} » : « {each} » est inconnu")
        return value

    def sequence(self, name: str) -> tuple[Any, ...]:
        """A list of anything; empty where it is not said."""
        value = self._fields.pop(name, [])
        if not isinstance(value, list):
            raise self.error(f"« {name} » doit être une liste")
        return tuple(value)

    def mapping(self, name: str) -> dict[str, Any]:
        """Names and values; empty where it is not said."""
        value = self._fields.pop(name, {})
        if not isinstance(value, dict):
            raise self.error(f"« {name} » doit être une liste de noms et de valeurs")
        return value

    def end(self) -> None:
        """Nothing may be left: a field that nobody reads is a mistake, not a comment."""
        if self._fields:
            raise self.error(f"champ inconnu : {', '.join(sorted(map(str, self._fields)))}")


def listed(path: Path) -> Iterator[Entry]:
    """The entries of a file that is a list, each with its ``code``, none twice."""
    content = read_yaml(path)
    if not isinstance(content, list):
        raise RulebookError(path.name, "début", "le fichier doit être une liste")
    seen: set[str] = set()
    for position, fields in enumerate(content, start=1):
        entry = Entry(path.name, f"entrée {position}", fields)
        entry.code = entry.text("code")
        if entry.code in seen:
            raise entry.error("écrit deux fois")
        seen.add(entry.code)
        yield entry


def _frozen(words: Iterable[WordT]) -> Mapping[str, WordT]:
    return MappingProxyType({word.code: word for word in words})


def _optional(names: tuple[str, ...] | None) -> frozenset[str] | None:
    return None if names is None else frozenset(names)


class Vocabulary:
    """The words of one rulebook folder, checked.

    ``files``: the exact text of the whole rulebook, scenarios apart, by name; ``digest``: sha256, hex, of its bytes.
    """

    def __init__(self, folder: Path) -> None:
        self.files = _in_service() if folder == RULEBOOK else _digested(folder)
        self.digest = digest_of(self.files)
        self._file = "vocabulary.yaml"
        content = read_yaml(folder / self._file)
        self._content = Entry(self._file, "début", content)
        self.domains = self._plain("domains")
        self.families = self._plain("families")
        self.reasons = self._plain("reasons")
        self.duties = _frozen(self._duty(e) for e in self._entries("duties"))
        self.purposes = _frozen(self._purpose(e) for e in self._entries("purposes"))
        self.forbidden_purposes = _frozen(self._forbidden(e) for e in self._entries("forbidden_purposes"))
        self.categories = _frozen(self._category(e) for e in self._entries("categories"))
        self.natures = _frozen(self._nature(e) for e in self._entries("natures"))
        self.weak_arguments = _frozen(self._weak(e) for e in self._entries("weak_arguments"))
        self.circumstances = _frozen(self._circumstance(e) for e in self._entries("circumstances"))
        self.groups = _frozen(self._group(e) for e in self._entries("groups"))
        self.bounds = _frozen(self._bound(e) for e in self._entries("bound"))
        self.kinds = _frozen(self._kind(e) for e in self._entries("kinds"))
        self._content.end()
        both = self.purposes.keys() & self.forbidden_purposes.keys()
        if both:
            raise RulebookError(self._file, "forbidden_purposes", f"aussi dans purposes : {', '.join(sorted(both))}")
        self.roles = _frozen(self._role(e) for e in listed(folder / "roles.yaml"))
        for role in self.roles.values():
            for other in role.instead:
                if other.role not in self.roles:
                    raise RulebookError("roles.yaml", role.code, f"« instead » : « {other.role} » est inconnu")

    def _entries(self, section: str) -> Iterator[Entry]:
        for code, fields in self._section(section).items():
            entry = Entry(self._file, f"{section}.{code}", fields)
            yield entry
            entry.end()

    def _section(self, section: str) -> dict[str, Any]:
        entries = self._content.mapping(section)
        if not entries:
            raise RulebookError(self._file, section, "la section manque")
        return entries

    def _plain(self, section: str) -> Mapping[str, Word]:
        labels = self._section(section)
        return _frozen(
            Word(c, Entry(self._file, f"{section}.{c}", {"label": labels[c]}).shown("label")) for c in labels
        )

    def _duty(self, e: Entry) -> Duty:
        kept = e.shown("kept", "")
        if kept:
            return Duty(_short(e), e.shown("label"), kept=kept)
        return Duty(
            _short(e),
            e.shown("label"),
            to_do=e.shown("to_do"),
            proves=e.shown("proves"),
            ask=e.shown("ask", ""),
            done_by=e.names("done_by", among=DISCHARGING) or (),
            by_hand=e.flag("by_hand", default=True),
        )

    def _purpose(self, e: Entry) -> Purpose:
        return Purpose(_short(e), e.shown("label"), e.shown("i_want"), e.text("domain", among=self.domains))

    def _forbidden(self, e: Entry) -> ForbiddenPurpose:
        return ForbiddenPurpose(
            _short(e),
            e.shown("label"),
            e.shown("i_want"),
            e.shown("why"),
            e.shown("answer"),
            e.flag("systematic"),
            e.flag("purpose_behind"),
        )

    def _category(self, e: Entry) -> Category:
        sensitivity = e.number("sensitivity")
        if sensitivity not in (1, 2, 3):
            raise e.error("« sensitivity » va de 1 à 3")
        family = e.text("family", among=self.families)
        return Category(_short(e), e.shown("label"), sensitivity, family, e.shown("say"), e.flag("blocked"))

    def _nature(self, e: Entry) -> Nature:
        return Nature(_short(e), e.shown("label"), e.flag("shareable", default=True))

    def _weak(self, e: Entry) -> WeakArgument:
        return WeakArgument(_short(e), e.shown("label"), e.shown("ask"))

    def _circumstance(self, e: Entry) -> Circumstance:
        source = e.text("source", among=("computed", "recorded", "declared"))
        question = e.shown("question") if source == "declared" else ""
        return Circumstance(_short(e), e.shown("label"), source, question, e.shown("to_do", ""))

    def _group(self, e: Entry) -> Group:
        return Group(_short(e), e.shown("label"), e.flag("derived"))

    def _bound(self, e: Entry) -> Bound:
        return Bound(_short(e), e.shown("label"), e.flag("bound"))

    def _kind(self, e: Entry) -> Kind:
        return Kind(_short(e), e.shown("label"), e.flag("voluntary"))

    def _role(self, e: Entry) -> Role:
        role = Role(
            code=e.code,
            label=e.shown("label"),
            say=e.shown("say"),
            bound=e.text("bound", among=self.bounds),
            proof=e.text("proof", ""),
            groups=frozenset(e.names("groups", among=[g.code for g in self.groups.values() if not g.derived]) or ()),
            accepts=_optional(e.names("accepts", among=self.categories)),
            on_agreement_for=_optional(e.names("on_agreement_for", among=self.purposes)),
            without_agreement=_optional(e.names("without_agreement", among=self.categories)),
            under_measure=e.text("under_measure", ""),
            parental=e.flag("parental"),
            instead=tuple(self._instead(Entry(e.file, e.code, each)) for each in e.sequence("instead")),
        )
        e.end()
        return role

    def _instead(self, e: Entry) -> Instead:
        asked_for = _optional(e.names("for", among=self.purposes))
        other = Instead(e.text("role"), e.text("purpose", "", among=self.purposes), asked_for)
        e.end()
        return other


def _short(entry: Entry) -> str:
    return entry.code.rpartition(".")[2]


def digest_of(files: Mapping[str, str]) -> str:
    """The sha256, hex, of a rulebook's files: each by its name, its length in bytes, its bytes."""
    whole = hashlib.sha256()
    for name in sorted(files):
        content = files[name].encode()
        whole.update(f"{name} {len(content)}\n".encode())
        whole.update(content)
    return whole.hexdigest()


@cache
def vocabulary() -> Vocabulary:
    """The words of the edition in service, read once. Raises RulebookError where it does not hold together."""
    return Vocabulary(RULEBOOK)
