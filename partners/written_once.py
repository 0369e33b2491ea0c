"""A statement that is asked again and again with other values: written once by Django, then only filled in.

To write the statements of `consent.standing` took ten times longer than to have them answered, at each decision; so did the first
page's. What they say is still said to the ORM, with marks where the values will stand; PostgreSQL is sent the very same.
"""

import contextlib
from collections import namedtuple
from collections.abc import Callable, Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any, Generic, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Expression, Field, ForeignObject, Lookup, Model, QuerySet
from django.db.models.query import ModelIterable
from psycopg2.extras import Json

M = TypeVar("M", bound=Model)


NOTHING = ""
"""The statement of rows that Django knows there are none of, whatever the values."""
KINDS_OF_CONTENT = '"django_content_type"'


class AskedWhileWriting(Exception):
    """A statement that is being written asked the database something: the first answer would stand in it for everybody."""


@contextlib.contextmanager
def asking_nothing() -> Iterator[None]:
    """While a statement is written. Raises AskedWhileWriting; only how kinds of content are numbered may be looked up."""

    def refuse(execute: Callable[..., Any], sql: str, parameters: Any, many: bool, context: Any) -> Any:
        if KINDS_OF_CONTENT not in sql:
            raise AskedWhileWriting(sql)
        return execute(sql, parameters, many, context)

    with connection.execute_wrapper(refuse):
        yield


@ForeignObject.register_lookup
@Field.register_lookup
class OneOf(Lookup):
    """`person__one_of=mark`: several values, where their number is not known as the statement is written. A list at reading."""

    lookup_name = "one_of"
    prepare_rhs = False

    def get_db_prep_lookup(self, value: Any, connection: Any) -> Any:
        return "%s", [value]

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        left, before = self.process_lhs(compiler, connection)
        right, after = self.process_rhs(compiler, connection)
        return f"{left} = ANY({right})", [*before, *after]


class Inside(Expression):
    """A written statement of one column where a subquery would stand: `filter(pk__in=…)`.

    `first`: read whole before anything else, `filter(case__one_of=…)`: where they are few and lead to the rest by an index.
    """

    def __init__(self, sql: str, parameters: Sequence[Any], *, first: bool = False) -> None:
        super().__init__(output_field=Field())
        self.sql, self.parameters, self.first = sql, parameters, first

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        return f"{'ARRAY' if self.first else ''}({self.sql})", self.parameters


@dataclass(frozen=True, slots=True)
class _Written:
    """What PostgreSQL is sent, with marks among its parameters."""

    sql: str
    parameters: tuple[Any, ...]

    def filled(self, values: Mapping[Any, Any]) -> list[Any]:
        """The parameters, each mark replaced by its value; what is no mark stays. Raises KeyError for a mark that is not there."""
        if strangers := values.keys() - set(self.parameters):
            raise KeyError(strangers)
        # The driver writes on a JSON parameter which connection quotes it: never on the one that all threads share.
        return [copy(one) if isinstance(one, Json) else values.get(one, one) for one in self.parameters]


@dataclass(frozen=True, slots=True)
class Statement(_Written):
    """A written statement of plain columns."""

    row: type[Any]

    def read(self, values: Mapping[Any, Any]) -> list[Any]:
        """The rows. Raises KeyError for a mark that is not there."""
        with connection.cursor() as cursor:
            cursor.execute(self.sql, self.filled(values))
            return [self.row(*row) for row in cursor.fetchall()]

    def column(self, values: Mapping[Any, Any]) -> list[Any]:
        """The same, of a statement of one column: its values."""
        with connection.cursor() as cursor:
            cursor.execute(self.sql, self.filled(values))
            return [value for (value,) in cursor.fetchall()]

    def inside(self, values: Mapping[Any, Any], *, first: bool = False) -> Inside:
        """The same inside another statement, where it stands for a list of values; `first` as `Inside` says."""
        return Inside(self.sql, self.filled(values), first=first)


@dataclass(frozen=True, slots=True)
class Rows(_Written, Generic[M]):
    """A written statement of whole rows, with what is joined to them and what is computed with them."""

    compiler: Any

    def read(self, values: Mapping[Any, Any]) -> list[M]:
        """The rows, as Django makes them of what comes back. Raises KeyError for a mark that is not there."""
        filled = self.filled(values)
        if self.sql == NOTHING:
            return []
        compiler = copy(self.compiler)
        compiler.connection = connection
        compiler.as_sql = lambda: (self.sql, filled)
        asked = SimpleNamespace(
            db=connection.alias,
            query=SimpleNamespace(get_compiler=lambda using: compiler),
            _known_related_objects={},
        )
        return list(ModelIterable(asked))  # type: ignore[arg-type]


def written(rows: QuerySet[Any], columns: Sequence[str]) -> Statement:
    """The statement that reads these columns of these rows; `given_by__ends_on` comes back as `given_by_ends_on`.

    Raises ValueError where Django would turn what the database answers into something else: such a column is not plain.
    """
    compiler = rows.values_list(*columns).query.get_compiler(connection=connection)
    sql, parameters = compiler.as_sql()
    if turned := compiler.get_converters(column for column, _sql, _alias in compiler.select):
        raise ValueError(f"Not plain: {[columns[place] for place in turned]}")
    names = [name.replace("__", "_") for name in columns]
    return Statement(sql, tuple(parameters), namedtuple("Row", names))


def written_rows(rows: QuerySet[M]) -> Rows[M]:
    """The statement that reads these rows, with `select_related`, `defer` and what is annotated.

    Raises ValueError for what would not come back as asked: plain values, what is to be prefetched.
    """
    # Django's own attributes, which its stubs leave out: nothing public says what a queryset yields, nor what it prefetches.
    if rows._iterable_class is not ModelIterable or rows._prefetch_related_lookups:  # type: ignore[attr-defined]
        raise ValueError("Whole rows, and nothing prefetched")
    compiler = rows.query.get_compiler(connection=connection)
    try:
        sql, parameters = compiler.as_sql()
    except EmptyResultSet:
        return Rows(NOTHING, (), compiler)
    return Rows(sql, tuple(parameters), compiler)
