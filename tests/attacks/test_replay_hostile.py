"""Decisions rewritten by hand by whoever holds the machine: the replay tells of them, prints none of it, and goes on."""

import json
from datetime import date
from typing import Any

from partners import clock
from tests import personas
from tests.replay.test_replay import UNREADABLE, objects, rewrite, run, some_decisions

NAME = "Zorglub Duval"
ESCAPE = "\x1b]0;Zorglub\x07\x1b[2J"
LONG = "zorglub" * 20_000

DECIDES_NOTHING_HERE = {"{items,0,observed_on}"}

HOSTILE: list[tuple[str, str, Any]] = [
    *(
        ("decision", path, value)
        for path in ("{findings,0,rule}", "{duties,0,code}", "{duties,0,owed_by}", "{findings,0,effect}")
        for value in (NAME, ESCAPE, LONG)
    ),
    ("decision", "{access_until}", "9999-12-31T23:59:59+00:00"),
    ("decision", "{access_until}", "0001-01-01T00:00:00+14:00"),
    ("decision", "{access_until}", NAME),
    ("decision", "{findings}", {"a": NAME}),
    ("decision", "{findings}", [NAME]),
    ("decision", "{findings,0,items}", 12),
    ("decision", "{findings,0,items}", [[NAME]]),
    ("decision", "{duties}", None),
    ("decision", "{duties,0,due_at}", "9999-12-31T23:59:59-12:00"),
    ("facts", "{at}", "9999-12-31T23:59:59+00:00"),
    ("facts", "{at}", "0001-01-01T00:00:00+14:00"),
    ("facts", "{at}", "2026-01-01T00:00:00"),
    ("facts", "{items}", [[[[NAME]]]]),
    ("facts", "{items,0,category}", NAME),
    ("facts", "{items,0,observed_on}", "0001-01-01"),
    ("facts", "{purpose}", ESCAPE),
    ("facts", "{person,age}", 10**400),
    ("facts", "{person,age}", NAME),
    ("facts", "{person}", NAME),
    ("facts", "{sender,role}", {"x": NAME}),
    ("facts", "{circumstances}", [LONG]),
    ("facts", "{at_most_days}", 10**12),
    ("facts", "{consents}", [{"state": NAME}]),
]


def test_whatever_was_written_over_is_counted_printed_nowhere_and_hides_no_other(
    own_database: str, superuser_cursor: Any
) -> None:
    refusal, release = some_decisions(personas.build())
    for column, path, value in HOSTILE:
        target = refusal if "findings" in path else release
        superuser_cursor.execute("SELECT facts, decision FROM sharing_decisionrecord WHERE id = %s", [str(target.pk)])
        kept = superuser_cursor.fetchone()
        rewrite(superuser_cursor, target, column, path, value)
        for arguments in ([], ["--json"]):
            out, err, status = run(*arguments)
            where = (column, path, str(value)[:30], out[:300])
            assert status != 0 or path in DECIDES_NOTHING_HERE, where
            for never in ("Zorglub", "zorglub", "\x1b", "Traceback"):
                assert never not in out + err, where
        assert objects()[-1]["replayed"] == 2, where
        superuser_cursor.execute(
            "UPDATE sharing_decisionrecord SET facts = %s, decision = %s WHERE id = %s",
            [json.dumps(kept[0]), json.dumps(kept[1]), str(target.pk)],
        )
    assert run()[2] == 0


def test_a_decision_of_the_year_9999_is_told_of_like_another(own_database: str, superuser_cursor: Any) -> None:
    refusal, _release = some_decisions(personas.build())
    for column in ("facts", "decision"):
        superuser_cursor.execute(
            f"UPDATE sharing_decisionrecord SET {column} = %s WHERE id = %s", [json.dumps([]), str(refusal.pk)]
        )
    superuser_cursor.execute("UPDATE sharing_decisionrecord SET decided_at = '9999-12-31 23:59:59+00'")
    for arguments in ([], ["--json"]):
        _out, err, status = run(*arguments)
        assert (err, status) == ("", UNREADABLE)


def test_an_agreement_until_the_last_of_all_days_is_in_force() -> None:
    assert clock.covers(clock.start_of(date(2026, 1, 1)), None, date.max)
    assert clock.day_of(clock.end_of(date.max)) == date.max
