"""Abuse 29: what is not one's own and what does not exist are answered alike: same page, same work, same time."""

from collections.abc import Callable
from statistics import median
from time import perf_counter
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.personas import Territory

pytestmark = pytest.mark.django_db

NOWHERE = "2020-9999"
"""As long as a real one: the page repeats its own address."""
ROUNDS = 24
AT_MOST = 1.35
"""How far apart the two medians may be: a look-up more would double them; one machine's noise is well under."""


@pytest.mark.parametrize("door", ["sharing:case", "consent:list", "consent:new", "cases:identity", "consent:grid"])
def test_abuse_29_a_case_that_exists_is_not_told_from_one_that_does_not(
    door: str, territory: Territory, sign_in: Callable[[str], Client]
) -> None:
    stranger = sign_in("lantier")
    there, nowhere = reverse(door, args=[territory.case.reference]), reverse(door, args=[NOWHERE])

    def asked(address: str) -> tuple[int, bytes, int, float]:
        with CaptureQueriesContext(connection) as seen:
            began = perf_counter()
            response: Any = stranger.get(address)
            took = perf_counter() - began
        return response.status_code, response.content, len(seen), took

    asked(there), asked(nowhere)
    # In turn, so that whatever the machine does meanwhile falls on both.
    rounds = [(asked(there), asked(nowhere)) for _round in range(ROUNDS)]
    for one, other in rounds:
        assert one[:1] == other[:1] == (404,)
        assert len(one[1]) == len(other[1])
        assert one[2] == other[2]
    times = sorted((median(pair[0][3] for pair in rounds), median(pair[1][3] for pair in rounds)))
    assert times[1] / times[0] < AT_MOST
