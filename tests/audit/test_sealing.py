"""Whatever is committed is sealed, once, in a tree that anyone can verify; whatever happens meanwhile."""

import contextlib
from pathlib import Path
from typing import Any

import psycopg2
import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.test.utils import CaptureQueriesContext

from audit import findings, heads, keys, sealing, tree
from audit.models import Alarm, Checkpoint, Entry, Leaf, Tile
from tests.audit.sealing_ways import (
    Writers,
    as_sealer,
    assert_sealed_whole,
    credentials,
    insert,
    key_file,
    sealed,
    write,
)


@pytest.fixture(autouse=True)
def own_key(tmp_path: Path, settings: Any) -> Path:
    """A key that no other test has."""
    return key_file(tmp_path, settings)


def test_what_is_committed_is_sealed_in_order_under_heads_that_extend_each_other(own_database: str) -> None:
    assert sealed() is None
    assert [row.from_size for row in keys.log_keys()] == [0]
    written: list[int] = []
    for many in (1, 2, 253, 1, 255, 513, 7):
        written += write(many)
        head = sealed()
        assert head is not None
        assert (head.size, head.system) == (len(written), system())
        assert sealed() is None
    assert [one.entry_ref for one in Leaf.objects.order_by("index")] == written
    assert_sealed_whole()
    assert list(Tile.objects.order_by("level", "number").values_list("level", "number")) == [
        (0, 0),
        (0, 1),
        (0, 2),
        (0, 3),
    ]


def test_a_tree_of_three_heights_is_reopened_and_proved_in_a_constant_number_of_statements(
    own_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # 65 536 leaves fill the first tile of height 1; written by PostgreSQL itself, a tenth of a second each thousand otherwise.
    many(256 * 256 + 300)
    with as_sealer():
        first = sealing.seal(limit=30_000)
        while sealing.seal(limit=30_000):
            pass
    assert first is not None
    assert first.size == 30_000
    write(2)
    assert sealed() is not None
    hashes = [bytes(one) for one in Leaf.objects.order_by("index").values_list("leaf_hash", flat=True)]
    head = heads.latest()
    assert head is not None
    assert (head.size, bytes(head.root)) == (65_838, tree.root(hashes))
    assert Tile.objects.filter(level=1).count() == 1
    entries = dict(Leaf.objects.values_list("index", "entry_ref"))
    for index in (0, 255, 256, 40_000, 65_535, 65_536, 65_800, 65_837):
        entry = Entry.objects.get(pk=entries[index])
        with CaptureQueriesContext(connection) as asked:
            proof = heads.proof_of(entry.pk)
        assert len(asked) == 2
        assert proof is not None
        proof.verify(bytes(entry.body), keys.log_vkeys())
        earlier = heads.proof_of(entry.pk, head=first)
        assert (earlier is None) == (index >= first.size)
        if earlier is not None:
            assert earlier.verify(bytes(entry.body), keys.log_vkeys()).size == first.size
    for old in (1, 256, 30_000, 65_536, 65_837):
        with CaptureQueriesContext(connection) as asked:
            path = heads.consistency(old, head.size)
        assert len(asked) == 1
        assert tree.verify_consistency(old, head.size, tree.root(hashes[:old]), bytes(head.root), path)
    node = heads.node()
    assert tree.root_at(head.size, node) == bytes(head.root)


def test_a_transaction_that_stays_open_keeps_only_its_own_entries_waiting(own_database: str) -> None:
    with contextlib.closing(psycopg2.connect(**credentials())) as link, link.cursor() as cursor:
        insert(cursor)
        cursor.execute("SAVEPOINT one")
        insert(cursor)
        cursor.execute("ROLLBACK TO one")
        insert(cursor)
        after = write(3)
        for _ in range(2):  # the range that the open transaction keeps in view is looked at again, and passed over
            sealed()
            assert list(Leaf.objects.order_by("index").values_list("entry_ref", flat=True)) == after
        assert heads.unsealed().count == 0
        link.commit()
        assert heads.unsealed().count == 2
        with link.cursor() as given_up:
            insert(given_up)
        link.rollback()
        head = sealed()
    assert head is not None
    assert head.size == 5
    assert_sealed_whole()


def test_what_many_clients_write_while_it_seals_is_sealed_once_and_nothing_is_missed(own_database: str) -> None:
    rounds = 0
    with Writers(8) as clients, as_sealer():
        while rounds < 60:
            rounds += sealing.seal(limit=40 if rounds % 3 else None) is not None
        clients.stopped.set()
    sealed()
    assert Checkpoint.objects.count() >= 60
    assert_sealed_whole()
    assert not Alarm.objects.exists()


class Cut(BaseException):
    """The process dies here."""


@pytest.mark.parametrize("step", ["leaves", "tiles", "head", "commit"])
def test_cut_at_any_step_it_leaves_the_tree_as_it_was_and_the_next_round_takes_it_up(
    step: str, own_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(200)
    sealed()
    write(400)
    copied, publish = sealing._copy, sealing._publish

    def copy_then_die(columns: str, rows: bytes) -> None:
        copied(columns, rows)
        if columns.startswith({"leaves": "audit_leaf", "tiles": "audit_tile"}.get(step, "-")):
            raise Cut

    def publish_then_die(*arguments: Any, **named: Any) -> Checkpoint:
        if step == "commit":
            publish(*arguments, **named)
        raise Cut

    with monkeypatch.context() as patched:
        patched.setattr(sealing, "_copy", copy_then_die)
        if step in ("head", "commit"):
            patched.setattr(sealing, "_publish", publish_then_die)
        with as_sealer(), pytest.raises(Cut):
            sealing.seal()
    assert (Leaf.objects.count(), Tile.objects.count(), Checkpoint.objects.count()) == (200, 0, 1)
    head = sealed()
    assert head is not None
    assert head.size == 600
    assert_sealed_whole()


def test_an_entry_altered_before_its_seal_is_named_and_the_others_are_sealed(
    own_database: str, superuser_cursor: Any
) -> None:
    first, altered, last = write(3)
    original = bytes(Entry.objects.get(pk=altered).body)
    freed(superuser_cursor, "audit_entry")
    superuser_cursor.execute("ALTER TABLE audit_entry ALTER COLUMN leaf_hash DROP EXPRESSION")
    superuser_cursor.execute("UPDATE audit_entry SET body = body || 'x' WHERE id = %s", [altered])
    head = sealed()
    assert head is not None
    assert head.size == 3
    (alarm,) = Alarm.objects.all()
    assert alarm.kind == "entry_altered_before_seal"
    assert [one.entry for one in findings.read(alarm.found)] == [altered]
    proof = heads.proof_of(altered)
    assert proof is not None
    # What was recorded can be proved by whoever kept it; what stands there now cannot.
    proof.verify(original, keys.log_vkeys())
    with pytest.raises(ValueError, match="path"):
        proof.verify(original + b"x", keys.log_vkeys())
    write()
    assert sealed() is not None
    assert {first, last} < set(Leaf.objects.values_list("entry_ref", flat=True))


def test_an_entry_altered_after_its_seal_changes_neither_the_tree_nor_the_next_heads(
    own_database: str, superuser_cursor: Any
) -> None:
    entries = write(5)
    before = sealed()
    freed(superuser_cursor, "audit_entry")
    superuser_cursor.execute("UPDATE audit_entry SET body = body || 'x' WHERE id = %s", [entries[2]])
    write()
    after = sealed()
    assert before is not None
    assert after is not None
    path = heads.consistency(before.size, after.size)
    assert tree.verify_consistency(before.size, after.size, bytes(before.root), bytes(after.root), path)


@pytest.mark.parametrize(
    "harm",
    [
        "DELETE FROM audit_checkpoint WHERE size = 3",
        "DELETE FROM audit_checkpoint",
        "DELETE FROM audit_leaf WHERE index = 2",
        "UPDATE audit_leaf SET leaf_hash = sha256('another') WHERE index = 1",
        "UPDATE audit_checkpoint SET root = sha256('another') WHERE size = 3",
        "UPDATE audit_checkpoint SET note = '— nobody' WHERE size = 3",
        "DELETE FROM audit_sealkey",
    ],
)
def test_nothing_is_signed_over_a_sealed_tree_that_was_changed(
    harm: str, own_database: str, superuser_cursor: Any
) -> None:
    for _ in range(3):
        write()
        sealed()
    tables = ("audit_checkpoint", "audit_leaf", "audit_sealkey")
    for table in tables:
        freed(superuser_cursor, table)
    superuser_cursor.execute(harm)
    write()
    signed = Checkpoint.objects.count()
    with as_sealer(), pytest.raises(sealing.SealBroken):
        sealing.seal()
    (alarm,) = Alarm.objects.all()
    assert alarm.kind == "heads_inconsistent"
    assert Checkpoint.objects.count() == signed
    assert heads.unsealed().count >= 1


def test_restored_on_another_system_everything_is_looked_at_and_nothing_sealed_twice(
    own_database: str, superuser_cursor: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(300)
    with monkeypatch.context() as elsewhere:
        elsewhere.setattr(
            sealing, "STATE", sealing.STATE.replace("(SELECT system_identifier FROM pg_control_system())", "42")
        )
        sealed()
    # Copied with the rows: entries of a system whose transactions were numbered far beyond ours, one not sealed there yet.
    freed(superuser_cursor, "audit_entry", "audit_checkpoint")
    superuser_cursor.execute("UPDATE audit_entry SET xid = (xid::text::bigint + 1000000000)::text::xid8")
    superuser_cursor.execute("UPDATE audit_checkpoint SET horizon = '1000000500'")
    (left,) = write()
    superuser_cursor.execute("UPDATE audit_entry SET xid = '2000000000' WHERE id = %s", [left])
    write(2)
    assert heads.unsealed().count == 3
    with as_sealer():
        cut = sealing.seal(limit=1)
        assert cut is not None
        assert (cut.size, cut.system) == (301, 0)
        head = sealing.seal(limit=2)
        assert head is not None
        assert head.size == 303
        assert sealing.seal() is None
    write()
    head = sealed()
    assert head is not None
    assert (head.size, head.system) == (304, system())
    assert_sealed_whole()
    assert not Alarm.objects.exists()


def test_looked_for_everywhere_in_vain_it_is_not_looked_for_everywhere_again(
    own_database: str, superuser_cursor: Any
) -> None:
    write(4)
    with as_sealer():
        sealing.seal(limit=4)
        assert Checkpoint.objects.get().system == system()  # the limit left nothing behind
    freed(superuser_cursor, "audit_checkpoint")
    superuser_cursor.execute("UPDATE audit_checkpoint SET system = 42")
    with as_sealer():
        asked = []
        for _ in range(2):
            assert sealing.seal() is None
            asked.append(sealing._state().same_clock)
        assert asked == [True, True]
        (first,) = {horizon for _, horizon in sealing._looked.values()}
    write(2)
    head = sealed()
    assert head is not None
    assert (head.size, head.system) == (6, system())
    assert int(str(head.horizon)) >= first
    assert_sealed_whole()


def test_a_horizon_above_this_systems_transactions_is_not_believed(own_database: str, superuser_cursor: Any) -> None:
    write()
    sealed()
    freed(superuser_cursor, "audit_checkpoint")
    superuser_cursor.execute("UPDATE audit_checkpoint SET horizon = '9000000000'")
    write(2)
    assert heads.unsealed().count == 2
    head = sealed()
    assert head is not None
    assert head.size == 3
    assert_sealed_whole()


def test_what_was_passed_over_is_found_by_the_nightly_search_which_says_so(
    own_database: str, superuser_cursor: Any
) -> None:
    write(2)
    sealed()
    # As a partial copy of another database would bring it: numbered as if it had been written long ago.
    (copied,) = write()
    freed(superuser_cursor, "audit_entry")
    superuser_cursor.execute("UPDATE audit_entry SET xid = '3' WHERE id = %s", [copied])
    assert sealed() is None
    with as_sealer():
        head = sealing.seal(search=True)
        assert sealing.seal(search=True) is None
    assert head is not None
    assert head.size == 3
    (alarm,) = Alarm.objects.all()
    assert alarm.kind == "entry_sealed_late"
    assert [one.entry for one in findings.read(alarm.found)] == [copied]
    assert_sealed_whole()


def test_only_the_sealers_role_seals_and_it_reads_nothing_personal(own_database: str) -> None:
    write()
    with pytest.raises(ProgrammingError, match="permission denied"):
        sealing.seal()
    with as_sealer(), connection.cursor() as cursor:
        for table in ("audit_payload", "audit_access", "cases_person"):
            with pytest.raises(ProgrammingError, match="permission denied"):
                cursor.execute(f"SELECT * FROM {table}")
        with pytest.raises(ProgrammingError, match="permission denied"):
            cursor.execute("SELECT receipt FROM audit_entry")


def test_a_leaf_is_written_once(own_database: str) -> None:
    write()
    sealed()
    with as_sealer(), pytest.raises(IntegrityError), transaction.atomic():
        Leaf.objects.create(index=1, entry_ref=Leaf.objects.get().entry_ref, leaf_hash=bytes(32))
    with as_sealer(), pytest.raises(ProgrammingError, match=r"append-only|permission denied"):
        Leaf.objects.update(leaf_hash=bytes(32))


def system() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT system_identifier FROM pg_control_system()")
        (number,) = cursor.fetchone()
    return int(number)


def many(count: int) -> None:
    """Entries written by PostgreSQL itself: for a tree of many leaves, what they say does not matter."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO audit_entry (uuid, at, action, body, receipt)"
            " SELECT gen_random_uuid(), now(), 'disclosure.opened', convert_to(number::text, 'UTF8'), 'none'"
            " FROM generate_series(1, %s) AS number",
            [count],
        )


def freed(cursor: Any, *tables: str) -> None:
    """Whoever holds the machine takes the guards away."""
    cursor.execute("SET event_triggers = off")
    for table in tables:
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
