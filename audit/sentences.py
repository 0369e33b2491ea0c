"""Entries and accesses as an auditor reads them: parsed, with the sentence of their action. Never a name, never content."""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from .access_wording import ACCESSES
from .models import Access, Entry
from .places import Place
from .wording import ACTIONS, CHIPS

FOLDER = "audit/sentences"
FALLBACK = f"{FOLDER}/unknown.html"
UNREADABLE = f"{FOLDER}/unreadable.html"
ACTION_SHAPE = re.compile(r"[a-z_]+\.[a-z_]+")
# References that a page can say by role and institution; the others (person, case, items) stay pseudonyms.
PLACES = ("membership", "recipient", "institution", "institutions")


@dataclass(frozen=True, slots=True)
class Line:
    """One entry of the trail and what its sentence needs."""

    entry: Entry
    templates: tuple[str, ...]
    label: str
    chip: str
    body: dict[str, Any] = field(default_factory=dict)
    sealed: Place | None = None

    @property
    def refs(self) -> dict[str, Any]:
        """Ids of the body."""
        return dict(self.body.get("refs", {}))

    @property
    def codes(self) -> dict[str, Any]:
        """Words of the rulebook in the body."""
        return dict(self.body.get("codes", {}))

    @property
    def text(self) -> str:
        """The exact bytes, as text; what is not UTF-8 is shown as what it is not."""
        return bytes(self.entry.body).decode(errors="replace")


def line(entry: Entry, sealed: Place | None = None) -> Line:
    """An entry ready to be said, with its place in the sealed tree where it has one.

    One whose bytes cannot be read says so: a page never fails on a damaged trail.
    """
    label = str(ACTIONS.get(entry.action, entry.action))
    chip = CHIPS.get(entry.action, "current")
    try:
        body = json.loads(bytes(entry.body))
        readable = all(isinstance(body[name], dict) for name in ("refs", "codes"))
    except (ValueError, RecursionError, KeyError, TypeError):
        readable, body = False, {}
    if not readable:
        return Line(entry=entry, templates=(UNREADABLE,), label=label, chip="overdue", sealed=sealed)
    known = (f"{FOLDER}/{entry.action}.html",) if ACTION_SHAPE.fullmatch(entry.action) else ()
    return Line(entry=entry, templates=(*known, FALLBACK), label=label, chip=chip, body=body, sealed=sealed)


def places_in(lines: Iterable[Line]) -> list[str]:
    """The references of memberships and institutions that these sentences name."""
    found: set[str] = set()
    for one in lines:
        found.add(str(one.body.get("actor") or ""))
        for name in PLACES:
            value = one.refs.get(name)
            found.update(map(str, value) if isinstance(value, list) else [str(value or "")])
    return sorted(found - {""})


@dataclass(frozen=True, slots=True)
class AccessLine:
    """One row of the access log, and what somebody did or could not do."""

    access: Access
    said: str


def access_line(access: Access) -> AccessLine:
    """« a lu une situation », « n’a pas pu lire une situation »; an unknown code is shown as it is."""
    done, attempted = ACCESSES.get(access.action, (None, None))
    if done is None or attempted is None:
        pattern = _("a ouvert (%(action)s)") if access.granted else _("n’a pas pu ouvrir (%(action)s)")
        return AccessLine(access, pattern % {"action": access.action})
    return AccessLine(access, str(done) if access.granted else _("n’a pas pu %(do)s") % {"do": attempted})
