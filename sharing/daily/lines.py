"""What the first page shows: sections of short lines, each with its way there, and how many there are in all."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

SHOWN = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One thing that waits: what it is, where it leads, a few soft words, a chip where time presses."""

    text: str
    url: str
    soft: str = ""
    kind: str = ""
    chip: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """Things of one kind. `count` may be more than the lines shown; `all_url` then leads to the rest.

    `presses`: whether somebody else waits for it, or a date does: the digest counts those, and they come first.
    """

    name: str
    title: str
    lines: tuple[Line, ...]
    count: int
    all_url: str = ""
    presses: bool = True
    late: int = 0

    @property
    def rest(self) -> int:
        """How many are not shown."""
        return self.count - len(self.lines)


def section(
    name: str,
    title: str,
    lines: Iterable[Line],
    *,
    count: int | None = None,
    all_url: str = "",
    presses: bool = True,
    late: int = 0,
) -> Section | None:
    """A section, or None where nothing is in it. `count` where there may be more than what is shown."""
    shown = tuple(lines)
    many = len(shown) if count is None else count
    if not shown:
        return None
    return Section(
        name=name,
        title=title,
        lines=shown[:SHOWN],
        count=max(many, len(shown)),
        all_url=all_url,
        presses=presses,
        late=late,
    )


def taken(rows: QuerySet[Any]) -> tuple[list[Any], int]:
    """The first rows, and how many there are: one statement where they all fit, two otherwise."""
    shown = list(rows[: SHOWN + 1])
    return shown[:SHOWN], len(shown) if len(shown) <= SHOWN else rows.count()
