"""A statement that is asked again and again with other values: written once by Django, then only filled in.

To write the four statements of `consent.standing` took ten times longer than to have them answered, at each decision. What
they say is still said to the ORM, with marks where the values will stand; the same columns come back, in plain rows.
"""

from collections import namedtuple
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import QuerySet


@dataclass(frozen=True, slots=True)
class Statement:
    """What PostgreSQL is sent, with marks among its parameters."""

    sql: str
    parameters: tuple[Any, ...]
    row: type[Any]

    def read(self, values: Mapping[Any, Any]) -> list[Any]:
        """The rows, each mark replaced by its value; what is no mark stays. Raises KeyError for a mark that is not there."""
        if strangers := values.keys() - set(self.parameters):
            raise KeyError(strangers)
        with connection.cursor() as cursor:
            cursor.execute(self.sql, [values.get(one, one) for one in self.parameters])
            return [self.row(*row) for row in cursor.fetchall()]


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
