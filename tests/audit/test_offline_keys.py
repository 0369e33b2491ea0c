"""Keys kept apart lead, by signed notes, to those that took their place: `verify.py` follows them, and no others."""

import base64
import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from audit import keys, notes, receipt_keys, signing
from audit.offline import verify
from tests.audit.bundles import BODY, LOG, ORIGIN, RECEIPTS, STRANGER, Files, bundle, kept, proof, vkey

RECUS = f"{ORIGIN}/recus"
NEXT_LOG, NEXT = (Ed25519PrivateKey.from_private_bytes(seed * 32) for seed in (b"m", b"t"))
AT = datetime(2026, 11, 22, 9, tzinfo=UTC)
Run = Callable[..., tuple[int, str]]


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    def verified(files: Files, *arguments: str) -> tuple[int, str]:
        folder = tmp_path / "lot"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        for name, content in files.items():
            (folder / name).write_bytes(content)
        status = verify.main([str(folder), "--lang", "fr", *arguments])
        return status, capsys.readouterr().out

    return verified


def remark(note: bytes) -> str:
    return "# Annoncée\n" + "".join(f"#   {line}".rstrip() + "\n" for line in note.decode().splitlines())


def succession(former: Ed25519PrivateKey, new: Ed25519PrivateKey, *by: Ed25519PrivateKey, until: datetime = AT) -> str:
    one, other = (notes.VerifierKey.of(RECUS, key) for key in (former, new))
    return remark(receipt_keys.statement(former=one, new=other, until=until, by=by))


def introduction(former: Ed25519PrivateKey, new: Ed25519PrivateKey, settings: Any) -> str:
    settings.TRAIL_ORIGIN = ORIGIN
    return remark(keys.statement(former, vkey(ORIGIN, new).strip(), 3))


def receipt(by: Ed25519PrivateKey) -> bytes:
    return base64.b64encode(by.sign(signing.RECEIPT_DOMAIN + BODY))


def only_receipt(by: Ed25519PrivateKey, lines: str) -> Files:
    return bundle(entry__tlog_proof=None, consistency__txt=None, receipt__sig=receipt(by), keys__txt=lines.encode())


def test_a_key_kept_from_before_leads_to_the_one_that_took_its_place(run: Run, tmp_path: Path, settings: Any) -> None:
    old = kept(tmp_path, (vkey(ORIGIN, LOG) + vkey(RECUS, RECEIPTS)).encode(), "old")
    lines = (
        vkey(ORIGIN, LOG) + introduction(LOG, NEXT_LOG, settings) + vkey(ORIGIN, NEXT_LOG) + "# Clés des reçus\n"
        + vkey(RECUS, RECEIPTS) + succession(RECEIPTS, NEXT, NEXT, RECEIPTS) + vkey(RECUS, NEXT)
    )  # fmt: skip
    status, said = run(bundle(entry__tlog_proof=proof(key=NEXT_LOG), keys__txt=lines.encode()), "--key", old)
    assert (status, said.count("une note signée y mène")) == (0, 2), said
    status, said = run(only_receipt(NEXT, lines), "--key", old)
    assert (status, "PAS ENCORE SCELLÉE" in said) == (0, True), said
    # The other way: whoever keeps the present key of receipts reads what the former signed in its time.
    new = kept(tmp_path, vkey(RECUS, NEXT).encode(), "new")
    assert run(only_receipt(RECEIPTS, lines), "--key", new)[0] == 0
    # Lost, it announced nobody: only the present one speaks.
    lost = vkey(RECUS, RECEIPTS) + succession(RECEIPTS, NEXT, NEXT) + vkey(RECUS, NEXT)
    assert run(only_receipt(RECEIPTS, lost), "--key", new)[0] == 0
    assert run(only_receipt(NEXT, lost), "--key", old)[0] == 1
    assert run(only_receipt(NEXT, lost))[0] == 0


def test_a_former_key_that_leaked_leads_nowhere_else_and_makes_no_receipt_of_what_came_after(
    run: Run, tmp_path: Path, settings: Any
) -> None:
    new = kept(tmp_path, vkey(RECUS, NEXT).encode(), "new")
    true = vkey(RECUS, RECEIPTS) + succession(RECEIPTS, NEXT, NEXT, RECEIPTS) + vkey(RECUS, NEXT)
    forged = true + succession(RECEIPTS, STRANGER, STRANGER, RECEIPTS) + vkey(RECUS, STRANGER)
    assert run(only_receipt(STRANGER, forged), "--key", new)[0] == 1
    early = succession(RECEIPTS, NEXT, NEXT, RECEIPTS, until=AT - timedelta(microseconds=1))
    late = vkey(RECUS, RECEIPTS) + early + vkey(RECUS, NEXT)
    for arguments in ((), ("--key", new)):
        status, said = run(only_receipt(RECEIPTS, late), *arguments)
        assert (status, "ses reçus ne valent que jusqu’au" in said) == (1, True), said
    # What fills the bundle's file hides no note of the kept one.
    own = kept(tmp_path, late.encode(), "own")
    filled = "#   tact/x\n" * 100 + vkey(RECUS, RECEIPTS)
    assert run(only_receipt(RECEIPTS, filled), "--key", own)[0] == 1
    assert run(bundle(keys__txt=(vkey(ORIGIN, LOG) + late).encode()))[0] == 1


def test_a_former_key_that_leaked_vouches_for_none_that_counts_longer_than_itself(run: Run, tmp_path: Path) -> None:
    before = AT - timedelta(microseconds=1)
    lines = (
        vkey(RECUS, STRANGER) + succession(STRANGER, RECEIPTS, STRANGER, RECEIPTS, until=AT + timedelta(days=9999))
        + vkey(RECUS, RECEIPTS) + succession(RECEIPTS, NEXT, NEXT, RECEIPTS, until=before) + vkey(RECUS, NEXT)
    )  # fmt: skip
    for pinned in (NEXT, RECEIPTS):
        status, said = run(only_receipt(STRANGER, lines), "--key", kept(tmp_path, vkey(RECUS, pinned).encode(), "kept"))
        assert (status, "ses reçus ne valent que jusqu’au" in said) == (1, True), said
    assert run(only_receipt(STRANGER, lines))[0] == 1


@pytest.mark.parametrize(
    "change",
    [
        lambda note: note.replace(f"#   {RECUS}\n", "#   other.example/recus\n", 1),
        lambda note: note.replace("2026", "2027"),
        lambda note: note.replace("#   tact/receipt-key/v1", "#   tact/receipt-key/v2"),
        lambda note: note.replace("— ", "- "),
        lambda note: note.replace("#\n", ""),
        lambda note: "\n".join(note.split("\n")[:-3]) + "\n",
    ],
)
def test_a_note_that_was_changed_leads_nowhere(run: Run, tmp_path: Path, change: Callable[[str], str]) -> None:
    old = kept(tmp_path, vkey(RECUS, RECEIPTS).encode(), "old")
    note = succession(RECEIPTS, NEXT, NEXT, RECEIPTS)
    assert run(only_receipt(NEXT, note + vkey(RECUS, NEXT)), "--key", old)[0] == 0
    assert change(note) != note
    assert run(only_receipt(NEXT, change(note) + vkey(RECUS, NEXT)), "--key", old)[0] == 1


def test_the_note_of_one_house_is_read_by_both_programs_alike(settings: Any) -> None:
    until = AT + timedelta(days=1)
    note = receipt_keys.statement(
        former=notes.VerifierKey.of(RECUS, RECEIPTS),
        new=notes.VerifierKey.of(RECUS, NEXT),
        until=until,
        by=[NEXT, RECEIPTS],
    )
    ours, theirs = receipt_keys.Succession.read(note), verify.Succession(note, [])
    assert (ours.by_former, ours.by_new, ours.until) == (theirs.by_former, theirs.by_new, theirs.until)
    assert (theirs.former[2], theirs.new[2]) == (ours.former.public, ours.new.public)
