"""« 1er février »: French says the first of a month as an ordinal, and Django's formats have no letter for it."""

from typing import Any

from django.utils import dateformat, translation


class DayInFrench(dateformat.DateFormat):
    """`j` gives « 1er » in French. Every `date` filter and every `date_format` comes through here, one rule for all pages."""

    def j(self) -> Any:
        number = super().j()
        return "1er" if number == 1 and (translation.get_language() or "").startswith("fr") else number


def write_firsts() -> None:
    """Have Django write dates so. Numeric formats (d/m/Y, Y-m-d) do not use `j` and stay as they are."""
    dateformat.DateFormat = DayInFrench  # type: ignore[misc]
