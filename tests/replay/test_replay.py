"""Abuse 42, a rule changed after the fact: every stored decision can be taken again, and says what would be otherwise, and why."""

import io
import json
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from partners import clock
from sharing import editions, replay
from sharing.facts import CAME_LATER
from sharing.management.commands.replay import Progress
from sharing.models import DecisionRecord
from sharing.rules import RULES
from tests import personas
from tests.personas import Territory
from tests.sharing.ways import BENEFIT, NECESSITY, draft_of, send

SAME, DIFFER, UNREADABLE = 0, 1, 2


def run(*arguments: str) -> tuple[str, str, int]:
    """What `manage.py replay` says, on both outputs, and its status."""
    out, err = io.StringIO(), io.StringIO()
    status: Any = 0
    try:
        call_command("replay", *arguments, stdout=out, stderr=err, no_color=True, skip_checks=True)
    except SystemExit as end:
        status = end.code
    return out.getvalue(), err.getvalue(), int(status or 0)


def objects(*arguments: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in run("--json", *arguments)[0].splitlines()]


def some_decisions(territory: Territory) -> list[DecisionRecord]:
    """A refusal, then a release, by the real act."""
    made = [send(draft_of(territory), territory.camille).record]
    personas.parents_agree(territory)
    made.append(send(draft_of(territory), territory.camille).record)
    return [one for one in made if one is not None]


def rewrite(cursor: Any, record: DecisionRecord, column: str, path: str, value: Any) -> None:
    """What whoever holds the machine may do to a stored decision; `path` as `{items,0,category}`."""
    cursor.execute(
        f"UPDATE sharing_decisionrecord SET {column} = jsonb_set({column}, %s, %s) WHERE id = %s",
        [path, json.dumps(value), str(record.pk)],
    )


@pytest.mark.django_db
def test_what_was_just_decided_comes_out_the_same(territory: Territory) -> None:
    some_decisions(territory)
    out, err, status = run()
    assert (err, status) == ("", SAME)
    assert "2 décisions reprises\u00a0: aucune autre." in out
    assert "Sous les règles n°\u00a01." in out


@pytest.mark.django_db
def test_nothing_decided_is_nothing_to_replay(db: None) -> None:
    out, _err, status = run()
    assert status == SAME
    assert "Aucune décision à reprendre." in out
    assert editions.in_service() is None


def test_facts_that_were_altered_come_out_otherwise_and_the_norm_is_named(
    own_database: str, superuser_cursor: Any
) -> None:
    _refusal, release = some_decisions(personas.build())
    rewrite(superuser_cursor, release, "facts", "{items,0,category}", "sante_diagnostic")
    out, _err, status = run()
    assert status == DIFFER
    assert "2 décisions reprises\u00a0: 1 autre." in out
    assert "verdict\u00a0: Autorisé → Pas en l’état" in out
    assert "texte\u00a0: ACCORD → aucun" in out
    rules, found, summary = objects()
    assert (rules["kind"], rules["edition"]) == ("rules", 1)
    assert (found["kind"], found["record"], found["case"]) == ("differs", str(release.pk), release.case.reference)
    assert found["verdict"] == {"then": "allow", "now": "deny"}
    assert "silence_is_the_rule" in found["rules"]["newly"]
    assert set(found["rules"]["newly"]) <= {rule.name for rule in RULES}
    assert "parents_consent_on_record" in found["duties"]["no_longer"]
    assert summary["verdicts"] == [{"then": "allow", "now": "deny", "decisions": 1}]
    assert {one["rule"] for one in summary["rules"] if one["newly"]} == set(found["rules"]["newly"])


def test_a_term_or_a_due_date_that_moved_by_an_hour_is_a_difference(own_database: str, superuser_cursor: Any) -> None:
    release = some_decisions(personas.build())[1]
    until = clock.now() + timedelta(days=3)
    rewrite(superuser_cursor, release, "decision", "{access_until}", until.isoformat())
    rewrite(superuser_cursor, release, "decision", "{duties,0,due_at}", until.isoformat())
    out, _err, status = run()
    assert status == DIFFER
    assert f"{until.astimezone(clock.PARIS):%H:%M} → " in out
    assert "devoir autre\u00a0: minimise" in out
    assert "terme de la lecture\u00a0: 1" in out
    summary = objects()[-1]
    assert (summary["access_until"], summary["duties"], summary["rules"]) == (1, {"minimise": 1}, [])


def test_the_output_holds_neither_a_name_nor_a_content(own_database: str, superuser_cursor: Any) -> None:
    territory = personas.build()
    _refusal, release = some_decisions(territory)
    rewrite(superuser_cursor, release, "facts", "{items,0,category}", "sante_diagnostic")
    names = [personas.CHILD_FIRST_NAME, personas.CHILD_LAST_NAME, territory.camille.professional.last_name]
    names += [territory.lantier.professional.last_name, BENEFIT, NECESSITY, territory.absences.label]
    for said in (run()[0], run("--json")[0]):
        assert release.case.reference in said
        assert not [name for name in names if name in said]


@pytest.mark.parametrize(
    ("column", "path", "value", "what"),
    [
        ("facts", "{sender}", {"who": "somebody"}, "facts"),
        ("facts", "{at}", "hier", "facts"),
        ("facts", "{items}", "rien", "facts"),
        ("facts", "{mood}", "good", "facts"),
        ("decision", "{findings}", "aucune", "decision"),
        ("decision", "{duties}", [{"code": "trace"}], "decision"),
        ("decision", "{verdict}", "deny", "decision"),
    ],
)
def test_what_cannot_be_read_is_told_and_hides_no_other(
    own_database: str, superuser_cursor: Any, column: str, path: str, value: Any, what: str
) -> None:
    refusal, release = some_decisions(personas.build())
    rewrite(superuser_cursor, release, column, path, value)
    rewrite(superuser_cursor, refusal, "facts", "{purpose}", "curiosite")
    lines = objects()
    assert [one["kind"] for one in lines] == ["rules", "differs", "unreadable", "summary"]
    assert (lines[2]["record"], lines[2]["what"]) == (str(release.pk), what)
    out, _err, status = run()
    assert status == UNREADABLE
    assert "1 autre, 1 illisible" in out


def test_facts_without_the_names_that_came_later_are_read(own_database: str, superuser_cursor: Any) -> None:
    release = some_decisions(personas.build())[1]
    superuser_cursor.execute(
        "UPDATE sharing_decisionrecord SET facts = facts - %s WHERE id = %s", [sorted(CAME_LATER), str(release.pk)]
    )
    assert run()[2] == SAME


def test_an_edition_whose_text_was_altered_is_told(own_database: str, superuser_cursor: Any) -> None:
    some_decisions(personas.build())
    superuser_cursor.execute("SET session_replication_role = replica")
    superuser_cursor.execute("ALTER TABLE sharing_rulebookedition DISABLE TRIGGER USER")
    superuser_cursor.execute("""UPDATE sharing_rulebookedition SET files = jsonb_set(files, '{bases.yaml}', '"[]"')""")
    out, _err, status = run()
    assert status == UNREADABLE
    assert "Règles n°\u00a01\u00a0: leur texte conservé a été altéré." in out
    assert objects()[1] == {"kind": "altered_edition", "edition": 1}


def test_a_decision_that_cites_other_rules_than_its_edition_is_told(own_database: str, superuser_cursor: Any) -> None:
    release = some_decisions(personas.build())[1]
    superuser_cursor.execute(
        "UPDATE sharing_decisionrecord SET rulebook = %s WHERE id = %s", ["0" * 64, str(release.pk)]
    )
    assert [one.get("what") for one in objects() if one["kind"] == "unreadable"] == ["edition"]


@pytest.mark.django_db
def test_a_day_and_a_case_choose_which_decisions_are_taken_again(territory: Territory) -> None:
    some_decisions(territory)
    tomorrow = clock.day_of(clock.now()) + timedelta(days=1)
    assert objects("--since", f"{clock.day_of(clock.now())}")[-1]["replayed"] == 2
    assert objects("--since", f"{tomorrow}")[-1]["replayed"] == 0
    assert objects("--case", territory.case.reference)[-1]["replayed"] == 2
    with pytest.raises(CommandError, match="Aucune décision pour la situation") as none:
        run("--case", "1999-0001")
    assert none.value.returncode == UNREADABLE


@pytest.mark.django_db
def test_a_reading_stores_no_decision_to_replay(territory: Territory) -> None:
    from sharing import reading

    personas.parents_agree(territory)
    sent = send(draft_of(territory), territory.camille).disclosure
    assert sent is not None
    reading.open_disclosure(disclosure_id=sent.pk, by=territory.lantier)
    assert objects()[-1]["replayed"] == 1


@pytest.mark.django_db
def test_decisions_come_in_the_order_of_the_trail(territory: Territory) -> None:
    made = some_decisions(territory)
    assert [one.record for one in replay.replay(DecisionRecord.objects.all())] == [one.pk for one in made]


class Terminal(io.StringIO):
    """A stream that says that it is one, or is not."""

    def __init__(self, *, terminal: bool) -> None:
        super().__init__()
        self._terminal = terminal

    def isatty(self) -> bool:
        return self._terminal

    def write(self, text: str, ending: str = "\n") -> int:
        return super().write(text + ending)


@pytest.mark.parametrize(("terminal", "asked", "lines"), [(False, False, 0), (False, True, 10), (True, False, 1)])
def test_progress_is_quiet_unless_somebody_watches_or_asks(terminal: bool, asked: bool, lines: int) -> None:
    stream = Terminal(terminal=terminal)
    progress = Progress(stream, 200, asked=asked)
    for done in range(1, 201):
        progress(done)
    said = stream.getvalue()
    assert said.count("\n") == lines
    assert ("100 %, 200 décisions sur 200" in said) is bool(lines)
    assert ("par seconde" in said) is bool(lines)
