"""The sheets of one person inside one institution, at an instant: hers, and those that approved links join to it, near or far.

The walk along the links is PostgreSQL's (`cases_sheets_of`, migration 0006): it costs no statement of its own where it stands in
another. Sheets are read together; what each holds stays apart. ADR 0026.
"""

import uuid
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db.models import DateTimeField, F, Func, QuerySet, UUIDField, Value

from .models import Person

EVER = datetime(9999, 1, 1, tzinfo=UTC)
"""Where the instant does not matter: every link that was approved and not undone, as the statement sees them."""


class SheetsOf(Func):
    """The ids of the sheets of the person whose id this is, her own among them: `SheetsOf("person", at)`."""

    function = "cases_sheets_of"

    def __init__(self, person: str, at: datetime) -> None:
        super().__init__(F(person), Value(at, DateTimeField()), output_field=ArrayField(UUIDField()))


class _Each(Func):
    function = "unnest"
    set_returning = True
    output_field = UUIDField()


def sheet_ids(persons: Iterable[uuid.UUID], at: datetime) -> QuerySet[Any]:
    """The ids of the sheets of these persons, to be asked for with `__in`."""
    return _sheet_ids(Person.objects.filter(pk__in=list(persons)), at)


def sheet_ids_of(mark: Any, at: datetime) -> QuerySet[Any]:
    """The same for a statement written once: the mark stands where the list of persons will."""
    return _sheet_ids(Person.objects.filter(pk__one_of=mark), at)


def _sheet_ids(persons: QuerySet[Person], at: datetime) -> QuerySet[Any]:
    sheets: Any = SheetsOf("pk", at)
    return persons.order_by().values_list(_Each(sheets))
