"""Programs that want the door to break, to wait or to fill: bodies, headers and verbs that nobody writes by mistake."""

import json
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from partners import clock
from sharing.api import strict, throttles
from tests.api.ways import Program, program_of
from tests.personas import Territory

pytestmark = pytest.mark.django_db
KEY = {"Idempotency-Key": "cle-du-logiciel-1"}


def unbroken(program: Program) -> Program:
    program.client = Client(raise_request_exception=False)
    return program


def unreadable(answer: Any) -> str:
    assert answer.status_code == 400, answer.status_code
    assert answer.json()["type"] == "urn:tact:problem:unreadable"
    return str(answer.json()["detail"])


@pytest.mark.parametrize("body", [b'{"\\ud800": 1}', b'{"purpose": "x", "items": [{"\\udfff\\ud800": 1}]}'])
def test_a_name_that_is_half_a_character_is_refused_and_not_repeated(territory: Territory, body: bytes) -> None:
    """Named in the answer, it could not be written: the door would fail."""
    program = unbroken(program_of(territory.camille))
    unreadable(program.call("POST", f"situations/{territory.case.reference}/brouillons", body, **KEY))
    unreadable(program.call("POST", "demandes/verdict", body))


@pytest.mark.parametrize(
    "body",
    [
        json.dumps({f"a{n}": 0 for n in range(70_000)}),
        json.dumps({"items": [{}] * 100_000}),
        json.dumps({"circumstances": ["x"] * 100_000}),
    ],
)
def test_a_body_of_a_hundred_thousand_values_is_refused_before_each_is_looked_at(
    territory: Territory, body: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Looked at one by one, one call would keep a process for seconds and be answered several times its size."""
    program = program_of(territory.camille)
    where = f"situations/{territory.case.reference}/brouillons"
    answer = program.call("POST", where, body.encode(), **KEY)
    assert str(strict.VALUES_MOST) in unreadable(answer)
    assert len(answer.content) < 1_000


def test_a_long_text_full_of_commas_is_still_a_text(territory: Territory) -> None:
    program = program_of(territory.camille)
    where = f"situations/{territory.case.reference}/brouillons"
    assert program.post(where, {"benefit": "ceci, cela, " * 40}).status_code == 201


def read_by(statement: str) -> int:
    """How many lines of the access log this statement reads, wherever it looks for them."""

    def rows(plan: dict[str, Any]) -> int:
        within = sum(map(rows, plan.get("Plans", [])))
        scanned = "Scan" in plan["Node Type"]
        here = (plan["Actual Rows"] + plan.get("Rows Removed by Filter", 0)) * plan["Actual Loops"] if scanned else 0
        return int(within + here)

    with connection.cursor() as cursor:
        # What PostgreSQL chooses once it knows the table: here it has just been filled.
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off; SET LOCAL enable_sort = off")
        cursor.execute("EXPLAIN (ANALYZE, FORMAT JSON) " + statement)
        (found,) = cursor.fetchone()
    return rows((found if isinstance(found, list) else json.loads(found))[0]["Plan"])


def test_calls_of_before_do_not_make_those_of_today_wait(territory: Territory) -> None:
    """Three hundred calls a minute without a token, for hours: each call would count all of them again."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO audit_access (action, object_type, object_ref, granted)"
            " SELECT %s, %s, %s, false FROM generate_series(1, 20000)",
            [throttles.USED, throttles.OBJECT, throttles.NOBODYS],
        )
    assert throttles.wait_of(None, clock.now()) > 0
    with CaptureQueriesContext(connection) as asked:
        throttles.spent(None, clock.now())
    (statement,) = [one["sql"] for one in asked if "audit_access" in one["sql"]]
    assert read_by(statement) <= 2 * throttles.REFUSALS_A_MINUTE
