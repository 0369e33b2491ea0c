"""What is asked again and again for whoever acts, at one instant or another: written once for all who are alike.

Alike: the same role, functions, secrecy and way of being reached. Of two such memberships the statements differ by three ids and by
instants, and nothing else: marks stand in their place (`written_once`). What builds the rows asks nothing of the database, which
is refused, reads of the membership nothing but its ids and what makes it alike, and counts from the instant in days, hours or
minutes only: a month, or the start of a day in Paris, is not the same in the century of the marks.
"""

import uuid
from collections.abc import Iterator
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any, Protocol, TypeVar

from django.db.models import Count, Model, QuerySet, Window

from .clock import day_of
from .models import Membership, Professional
from .written_once import Inside, Rows, Statement, asking_nothing, written, written_rows

M = TypeVar("M", bound=Model)
M_co = TypeVar("M_co", bound=Model, covariant=True)
Alike = tuple[str, tuple[str, ...], str, str, date | None, bool]


class Build(Protocol[M_co]):
    """What says to the ORM what a membership would read at an instant; a function of a module, known by its name."""

    def __call__(self, by: Membership, at: datetime, /) -> QuerySet[M_co]: ...

    def __hash__(self) -> int: ...


_ACTING, _SIGNED_IN, _HOUSE = (uuid.UUID(int=1 << 64 | place) for place in (1, 2, 3))
_AT = datetime(1600, 1, 1, tzinfo=UTC)
_DAY = day_of(_AT)
_CENTURY = range(1500, 1700)
"""What stands where the membership, its professional, its institution and the instant will. Nothing of that century is ever asked:
an instant or a day near the mark is as near the instant of the reading."""


def rows(build: Build[M], *, by: Membership, at: datetime = _AT, most: int | None = None) -> list[M]:
    """The rows that this would read for this membership, at this instant; the first ones, where at `most` so many are wanted."""
    found = _rows(build, _alike(by), most)
    return found.read(dict(_values(found.parameters, by, at)))


def first(build: Build[M], *, by: Membership, at: datetime = _AT, most: int) -> tuple[list[M], int]:
    """The first `most` of these rows, and how many there are in all. One statement."""
    found = _counted(build, _alike(by), most)
    shown = found.read(dict(_values(found.parameters, by, at)))
    return shown, shown[0].many if shown else 0


def column(build: Build[Any], *, by: Membership, at: datetime = _AT) -> list[Any]:
    """The same, of their ids alone."""
    found = _ids(build, _alike(by))
    return found.column(dict(_values(found.parameters, by, at)))


def inside(build: Build[Any], *, by: Membership, at: datetime = _AT) -> Inside:
    """The same inside another statement: `filter(pk__in=…)`."""
    found = _ids(build, _alike(by))
    return found.inside(dict(_values(found.parameters, by, at)))


def _alike(by: Membership) -> Alike:
    return (
        by.role,
        tuple(by.functions),
        by.secrecy_status,
        by.reached_by,
        by.secrecy_verified_on and _DAY,
        by.receives_for_service,
    )


def _anybody(alike: Alike) -> Membership:
    """A membership like these, with marks for ids."""
    role, functions, secrecy_status, reached_by, secrecy_verified_on, receives_for_service = alike
    return Membership(
        pk=_ACTING,
        professional=Professional(pk=_SIGNED_IN),
        institution_id=_HOUSE,
        role=role,
        functions=list(functions),
        secrecy_status=secrecy_status,
        reached_by=reached_by,
        secrecy_verified_on=secrecy_verified_on,
        receives_for_service=receives_for_service,
    )


@lru_cache(maxsize=1024)
def _rows(build: Build[M], alike: Alike, most: int | None) -> Rows[M]:
    with asking_nothing():
        return written_rows(build(_anybody(alike), _AT)[:most])


@lru_cache(maxsize=1024)
def _counted(build: Build[M], alike: Alike, most: int) -> Rows[M]:
    with asking_nothing():
        counted: Any = build(_anybody(alike), _AT).annotate(many=Window(Count("*")))
        return written_rows(counted[:most])


@lru_cache(maxsize=1024)
def _ids(build: Build[Any], alike: Alike) -> Statement:
    with asking_nothing():
        found = build(_anybody(alike), _AT)
        return written(found if found.query.combinator else found.order_by(), ("pk",))


def forget() -> None:
    """Write every statement anew when it is next asked: what a build is made of has changed."""
    for kept in (_rows, _counted, _ids):
        kept.cache_clear()


def _values(parameters: tuple[Any, ...], by: Membership, at: datetime) -> Iterator[tuple[Any, Any]]:
    """Each mark that stands there, with its value."""
    ids = {_ACTING: by.pk, _SIGNED_IN: by.professional_id, _HOUSE: by.institution_id}
    for one in parameters:
        if isinstance(one, uuid.UUID):
            if one in ids:
                yield one, ids[one]
        elif isinstance(one, datetime):
            if one.year in _CENTURY:
                yield one, at + (one - _AT)
        elif isinstance(one, date) and one.year in _CENTURY:
            yield one, day_of(at) + (one - _DAY)
