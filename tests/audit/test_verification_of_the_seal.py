"""What seals the trail, changed piece by piece by whoever holds the machine: the verification says which piece, and where."""

import contextlib
import io
import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings as django_settings
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connections

from audit import canonical, checkpoint, content, erasing, inspection, kept_heads, keys, ledger, verification
from audit.models import Checkpoint, Entry, Leaf
from audit.reading import Row
from config.postgres.account import become
from partners import clock
from tests.audit.forging import guards_asleep, superuser_undone
from tests.audit.sealing_ways import as_sealer, key_file, sealed, write
from tests.conftest import cloned_database, on_database

ERASED = 12


@pytest.fixture(scope="module")
def trail(schema_template: str, django_db_setup: None, django_db_blocker: Any, tmp_path_factory: Any) -> Iterator[str]:
    """560 entries sealed under three heads and two keys, one of them erased; five more that wait."""
    usual = django_settings.SEAL_KEY
    connections.close_all()
    with django_db_blocker.unblock(), cloned_database(schema_template) as name:
        with on_database(name):
            key_file(tmp_path_factory.mktemp("keys"), django_settings)
            write(300)
            sealed()
            with as_sealer():
                keys.rotate()
            write(250)
            sealed()
            erase(Entry.objects.order_by("pk")[ERASED])
            write(9)
            sealed()
            write(5)
        django_settings.SEAL_KEY = usual
        yield name


def erase(entry: Entry) -> None:
    become("erasure")
    try:
        erasing.erase(entries=[entry.uuid], reason="retention_ended", by=uuid4(), at=clock.now())
    finally:
        become("app")


@pytest.fixture
def superuser(trail: str, django_db_blocker: Any) -> Iterator[Any]:
    """Whoever holds the machine, in a transaction that also verifies what it did, and is rolled back."""
    with superuser_undone(trail, django_db_blocker) as cursor:
        yield cursor


Said = set[tuple[str, str, str]]


def said(report: verification.Report) -> Said:
    """Place (or leaf of the entry), code and detail of everything wrong, the guards apart: ours are asleep here."""
    leaves = dict(Leaf.objects.values_list("entry_ref", "index"))
    return {
        (
            fault.place if fault.entry is None else f"leaf {leaves.get(fault.entry, '?')}",
            flaw.code,
            flaw.detail if flaw.code != "key_statement" else "",
        )
        for fault in report.faults
        for flaw in fault.flaws
        if fault.entry is not None or fault.place != "guards"
    }


AT = "(SELECT entry_ref FROM audit_leaf WHERE index = {})"

# What is done, and everything that is said of it.
CHANGES: dict[str, tuple[str, Said]] = {
    "an entry gone with its personal part": (
        f"DELETE FROM audit_payload WHERE entry_id = {AT.format(7)}; DELETE FROM audit_entry WHERE id = {AT.format(7)}",
        {("leaf 7", "removed_leaving_leaf", "7")},
    ),
    "two entries exchanged": (
        "UPDATE audit_leaf SET entry_ref = -entry_ref WHERE index IN (4, 5);"
        "UPDATE audit_leaf l SET entry_ref = -o.entry_ref FROM audit_leaf o"
        " WHERE l.index IN (4, 5) AND o.index = 9 - l.index",
        {("leaf 4", "not_as_sealed", "4"), ("leaf 5", "not_as_sealed", "5")},
    ),
    "a leaf gone": (
        "DELETE FROM audit_leaf WHERE index = 7",
        {("leaf ?", "unsealed_below_horizon", ""), ("tree", "leaf_missing", "7")},
    ),
    "leaves gone that no tile holds": (
        "DELETE FROM audit_leaf WHERE index IN (520, 521, 523)",
        {("leaf ?", "unsealed_below_horizon", ""), ("tree", "leaf_missing", "520–521, 523")},
    ),
    "a leaf of another hash": (
        "UPDATE audit_leaf SET leaf_hash = sha256(leaf_hash) WHERE index = 530",
        {("leaf 530", "not_as_sealed", "530"), ("head", "head_root", "300–549"), ("head", "heads_after", "1")},
    ),
    "a tile gone": ("DELETE FROM audit_tile WHERE number = 1", {("tree", "tile_missing", "0/1")}),
    "a tile of other hashes": (
        "UPDATE audit_tile SET hashes = overlay(hashes PLACING sha256(hashes) FROM 33) WHERE number = 0",
        {("tree", "tile_changed", "0/0")},
    ),
    "a tile of another root": (
        "UPDATE audit_tile SET root = sha256(root) WHERE number = 1",
        {("tree", "tile_changed", "0/1")},
    ),
    "a tile too many": (
        "INSERT INTO audit_tile (level, number, hashes, root) SELECT 1, 0, hashes, root FROM audit_tile WHERE number = 0",
        {("tree", "tile_added", "1/0")},
    ),
    "the last head gone": (
        "DELETE FROM audit_checkpoint WHERE size = 560",
        {("tree", "leaves_beyond_head", "550–559")},
    ),
    "the last leaves gone": (
        "DELETE FROM audit_leaf WHERE index > 555",
        {("leaf ?", "unsealed_below_horizon", ""), ("head", "head_beyond", "556")},
    ),
    "a head of another root": (
        "UPDATE audit_checkpoint SET root = sha256(root) WHERE size = 300",
        {("head", "head_note", ""), ("head", "head_root", "0–299")},
    ),
    "a head whose note is another's": (
        "UPDATE audit_checkpoint SET note = (SELECT note FROM audit_checkpoint WHERE size = 560) WHERE size = 550",
        {("head", "head_note", "")},
    ),
    "a head whose note is no note": (
        "UPDATE audit_checkpoint SET note = '' WHERE size = 550",
        {("head", "head_note", "")},
    ),
    "a head whose signature is changed": (
        "UPDATE audit_checkpoint SET note = convert_to(regexp_replace(convert_from(note, 'UTF8'), '(.{20})(....)(==?\\n)$',"
        " '\\1AAAA\\3'), 'UTF8') WHERE size = 550",
        {("head", "head_signature", "")},
    ),
    "a key that nobody introduced": (
        "UPDATE audit_sealkey SET statement = NULL WHERE from_size > 0",
        {("tree", "key_statement", "")},
    ),
    "a key gone": (
        "DELETE FROM audit_sealkey WHERE from_size > 0",
        {("head", "head_signature", "")},
    ),
    "an entry sealed twice": (
        "ALTER TABLE audit_leaf DROP CONSTRAINT {unique};"
        "INSERT INTO audit_leaf (index, entry_ref, leaf_hash) SELECT 560, entry_ref, leaf_hash FROM audit_leaf WHERE index = 8",
        {("leaf 560", "sealed_twice", "8, 560"), ("tree", "leaves_beyond_head", "560–560")},
    ),
    "a personal part gone without an erasure": (
        f"DELETE FROM audit_payload WHERE entry_id = {AT.format(20)}",
        {("leaf 20", "payload_missing", "")},
    ),
    "an erasure that the trail does not say": (
        f"DELETE FROM audit_payload WHERE entry_id = {AT.format(20)};"
        f"INSERT INTO audit_erasure (erased_ref, entry_id) SELECT {AT.format(20)}, entry_id FROM audit_erasure",
        {("leaf 20", "erasure_unfounded", "")},
    ),
    "an erasure noted of what is there": (
        f"INSERT INTO audit_payload (entry_id, salt, body) SELECT {AT.format(ERASED)}, salt, body FROM audit_payload LIMIT 1",
        {(f"leaf {ERASED}", "commitment", ""), (f"leaf {ERASED}", "erased_yet_there", "")},
    ),
    "an erasure whose row is gone": (
        "DELETE FROM audit_erasure",
        {(f"leaf {ERASED}", "payload_missing", ""), ("leaf 550", "act_missing", "audit_erasure")},
    ),
    "an entry of before added below": (
        "INSERT INTO audit_entry (uuid, at, action, body, receipt, xid)"
        " SELECT gen_random_uuid(), at, action, body, receipt, '3' FROM audit_entry LIMIT 1",
        {("leaf ?", "column", "uuid"), ("leaf ?", "payload_missing", ""), ("leaf ?", "unsealed_below_horizon", "")},
    ),
}


@pytest.mark.parametrize("what", CHANGES)
def test_what_was_changed_is_named_and_nothing_else(superuser: Any, what: str) -> None:
    statements, expected = CHANGES[what]
    superuser.execute("SELECT conname FROM pg_constraint WHERE contype = 'u' AND conrelid = 'audit_leaf'::regclass")
    statements = statements.replace("{unique}", superuser.fetchone()[0])
    with guards_asleep(superuser):
        # Whatever else is open on this server while the tests run: what waits was written after the last head, the rest before.
        superuser.execute(
            "UPDATE audit_checkpoint SET horizon = (SELECT e.xid FROM audit_entry e LEFT JOIN audit_leaf l ON l.entry_ref = e.id"
            " WHERE l.index IS NULL ORDER BY e.xid LIMIT 1) WHERE size = (SELECT max(size) FROM audit_checkpoint)"
        )
        for statement in statements.split(";"):
            superuser.execute(statement)
    report = verification.verify()
    assert said(report) == expected
    assert not report.holds
    assert all(fault.sentence and fault.as_plain["sentence"] == fault.sentence for fault in report.faults)


def test_a_sealed_trail_holds_and_says_what_it_is_made_of(superuser: Any) -> None:
    report = verification.verify(receipts=True)
    assert report.holds, [fault.sentence for fault in report.faults]
    assert (report.entries, report.leaves, report.heads, report.size, report.unsealed) == (565, 560, 3, 560, 5)
    assert len(report.keys) == 2
    plain = json.loads(json.dumps(report.as_plain()))
    assert plain["tree"]["root"] == report.root
    assert (plain["holds"], plain["first"], plain["unsealed"]["count"]) == (True, None, 5)


def test_the_command_says_what_was_checked_what_was_not_and_what_to_do(superuser: Any, tmp_path: Path) -> None:
    (tmp_path / "kept").write_bytes(checkpoint_row(300))
    told = command("--since", str(tmp_path / "kept"))
    assert "565 entrées vérifiées, aucune anomalie." in told
    assert "560 feuilles, 3 têtes signées" in told
    assert "Le journal prolonge la tête gardée kept." in told
    assert told.count("[en place]") == len(inspection.guards_in_place())
    assert "Aucune tête gardée au dehors" not in told
    with guards_asleep(superuser):
        superuser.execute("DELETE FROM audit_tile")
    told = command()
    assert "la tuile 0/0 a disparu" in told
    assert "Que faire\u00a0: ne corrigez rien" in told
    assert "Aucune tête gardée au dehors n’a été donnée" in told
    assert "(--receipts les relit)" in told


def command(*options: str) -> str:
    out = io.StringIO()
    with contextlib.suppress(SystemExit):
        call_command("verify_audit", *options, stdout=out)
    return out.getvalue()


def test_the_newest_are_verified_upon_the_tiles_of_the_others(superuser: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("audit.verification.LEAVES", 256)
    monkeypatch.setattr("audit.window_readers.LEAVES", 256)
    seen: list[tuple[int, int]] = []
    report = verification.verify(newest=40, progress=lambda *how_far: seen.append(how_far))
    assert (report.holds, report.partial, report.leaves, report.heads) == (True, True, 560 - 512, 2)
    assert seen[-1] == (report.entries, 565)
    assert verification.verify(seconds=0).partial


def test_several_readers_find_what_one_finds(
    own_database: str, superuser_cursor: Any, monkeypatch: Any, settings: Any, tmp_path: Path
) -> None:
    key_file(tmp_path, settings)
    write(700)
    sealed()
    with guards_asleep(superuser_cursor):
        superuser_cursor.execute("UPDATE audit_entry SET action = 'disclosure.lost' WHERE id % 100 = 7")
        superuser_cursor.execute("DELETE FROM audit_leaf WHERE index = 300")
    alone = verification.verify()
    monkeypatch.setattr("audit.window_readers.LEAVES", 256)
    monkeypatch.setattr("audit.window_readers.ALONE_BELOW", 0)
    several = verification.verify()
    assert alone.fault_count == several.fault_count > 7
    assert [fault for fault in alone.faults if fault.place != "tree"] == [
        fault for fault in several.faults if fault.place != "tree"
    ]
    monkeypatch.setattr("audit.window_readers.BEGIN", "raise SystemExit(3)")
    with pytest.raises(CommandError, match="n’a pas pu être vérifié") as lost:
        call_command("verify_audit")
    assert lost.value.returncode == 2


def test_a_file_that_is_no_head_is_not_taken_for_one(trail: str, superuser: Any, tmp_path: Path) -> None:
    wrong = {"absent": None, "text": b"bonjour", "zip": b"PK\x05\x06" + bytes(18)}
    for name, content_of in wrong.items():
        if content_of is not None:
            (tmp_path / name).write_bytes(content_of)
        with pytest.raises(CommandError) as refused:
            call_command("verify_audit", "--since", str(tmp_path / name))
        assert refused.value.returncode == 2, name


def test_a_head_of_another_log_or_key_is_told(superuser: Any, tmp_path: Path) -> None:
    head = checkpoint.Checkpoint.parse(bytes(checkpoint_row(300)))
    forged = {
        "kept_key": head.signed(Ed25519PrivateKey.generate()),
        "kept_other_log": checkpoint.Checkpoint("elsewhere/journal", head.size, head.root).signed(
            Ed25519PrivateKey.generate()
        ),
    }
    for code, note in forged.items():
        (tmp_path / code).write_bytes(note)
        report = verification.verify(since=[kept_heads.read(tmp_path / code)])
        assert {flaw.code for fault in report.faults for flaw in fault.flaws} == {code}
    (tmp_path / "good").write_bytes(bytes(checkpoint_row(300)))
    assert verification.verify(since=[kept_heads.read(tmp_path / "good")]).holds


def checkpoint_row(size: int) -> bytes:
    return bytes(Checkpoint.objects.get(size=size).note)


def test_what_passes_at_a_glance_has_no_flaw() -> None:
    """A thousand changes of a byte, in every part of an entry: what the glance lets pass, the close look lets pass."""
    dice = random.Random(2026)  # noqa: S311  (no secret)
    sound = content.glance()
    passed = 0
    for _ in range(60):
        one = ledger.compose(
            action="disclosure.opened",
            at=clock.now(),
            actor=uuid4(),
            case=dice.choice([None, uuid4()]),
            refs={"person": uuid4(), "institutions": [uuid4(), uuid4()], "count": 3},
            codes={"verdict": "allow", "reasons": ["été", 'a"b\\c'], "n": [1, 2.5, None, True]},
            personal={"label": "x"},
        )
        row = Row(1, str(one.uuid).encode(), b"", b"", None, None, one.body, b"", b"", one.salt, one.payload)
        begin = one.body.index(b',"codes":') + 9
        says = one.body[:begin] + f',"uuid":"{one.uuid}","v":1}}'.encode()
        parsed = json.loads(one.body)
        columns = {
            "at": parsed["at"],
            "action": parsed["action"],
            "actor_ref": parsed["actor"],
            "case_ref": parsed["case"],
        }
        row = row._replace(**{name: value and value.encode() for name, value in columns.items()})
        assert sound(says, one.body, one.salt, one.payload)
        for _ in range(40):
            at = dice.randrange(len(one.body))
            body = one.body[:at] + bytes([dice.choice(b'"\\:,{}[]0a- \xc3')]) + one.body[at + dice.choice((0, 1)) :]
            if sound(says, body, one.salt, one.payload):
                passed += 1
                assert content.entry_flaws(row._replace(body=body, leaf_hash=canonical.leaf_hash(body)), None) == []
    assert passed, "changes inside an identifier stay canonical"


@pytest.mark.parametrize(
    "refs",
    [
        b'{"ffffffff-0000-4000-8000-000000000000":1,"0a":2}',
        b'{"a":"x"00000000-0000-4000-8000-000000000000"}',
        b'{"a":"00000000-0000-4000-8000-000000000000" }',
        b'{"a":1,"a":"00000000-0000-4000-8000-000000000000"}',
        b'["00000000-0000-4000-8000-000000000000"]',
    ],
)
def test_identifiers_where_they_should_not_be_are_looked_at_closely(refs: bytes) -> None:
    one = ledger.compose(action="disclosure.opened", at=clock.now(), actor=None, refs={})
    sound = content.glance()
    begin = one.body.index(b',"codes":') + 9
    says = one.body[:begin] + f',"uuid":"{one.uuid}","v":1}}'.encode()
    assert sound(says, one.body, one.salt, one.payload)
    assert not sound(says, one.body.replace(b'"refs":{}', b'"refs":' + refs), one.salt, one.payload)
