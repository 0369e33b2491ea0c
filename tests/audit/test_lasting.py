"""How long an entry has waited is said as people say it."""

import pytest
from django.utils.translation import override

from audit import lasting


def said(seconds: float) -> str:
    return lasting.in_words(seconds).replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize(
    ("seconds", "french", "english"),
    [
        (0, "0 s", "0 s"),
        (61.4, "61 s", "61 s"),
        (240, "4 minutes", "4 minutes"),
        (3 * 3600 + 60, "3 heures, 1 minute", "3 hours, 1 minute"),
        (26 * 3600, "1 jour, 2 heures", "1 day, 2 hours"),
    ],
)
def test_a_duration_is_said_in_seconds_then_in_its_two_largest_units(seconds: float, french: str, english: str) -> None:
    with override("fr"):
        assert said(seconds) == french
    with override("en"):
        assert said(seconds) == english
