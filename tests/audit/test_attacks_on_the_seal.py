"""The attacks of trust.md, each done for real: what the verification says alone, with a head kept outside, and what a partner's
own program says. What is *not* seen is asserted too, so that no document promises more than what is.
"""

import io
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from django.core.management import call_command

from audit.bundle import KEYS, PROGRAM, NotBefore, bundle
from audit.models import Checkpoint, Entry, Leaf
from tests.audit import forging
from tests.audit.forging import Attack, Forger
from tests.audit.sealing_ways import key_file, sealed, write

BEFORE, PINNED, AFTER = 280, 300, 330
IN_A_TILE, IN_THE_TAIL, NEWER = 5, 290, 310


@dataclass(frozen=True)
class Expected:
    """What each says: words of its first fault, or of its reason; None where it sees nothing."""

    attack: Attack
    alone: str | None
    kept: str | None
    partner: str | None
    leaf: int = IN_A_TILE
    named: bool = False
    receipts: str | None = None


REWRITTEN, INCONSISTENT = "le journal a été réécrit depuis", "le journal a été réécrit, ou la preuve"
NOTHING = "entry.tlog-proof manque"
NOT_INCLUDED = "son chemin ne mène pas"
LEAF, RECEIPT = "n’est pas celle de sa feuille scellée", "son reçu n’a pas été signé pour ces octets"
NO_HEAD = "aucune tête signée"
ROOT = "ne mènent pas à sa racine"

ATTACKS: dict[str, Expected] = {
    "a superuser edits a row": Expected(forging.edit, LEAF, LEAF, NOT_INCLUDED, named=True, receipts=LEAF),
    "a superuser edits a row that no tile holds yet": Expected(
        forging.edit, LEAF, LEAF, NOT_INCLUDED, leaf=IN_THE_TAIL, named=True, receipts=LEAF
    ),
    "edits, and recomputes every hash": Expected(
        forging.edit_and_recompute, RECEIPT, RECEIPT, NOT_INCLUDED, named=True, receipts=RECEIPT
    ),
    "the same, and deletes the heads, nothing else": Expected(
        forging.edit_and_delete_heads, NO_HEAD, NO_HEAD, "n’a signé ce reçu", receipts=RECEIPT
    ),
    "the same, deletes all that was sealed, and lets it be sealed again": Expected(
        forging.edit_and_begin_again, None, REWRITTEN, INCONSISTENT, receipts=RECEIPT
    ),
    "deletes a row, and recomputes": Expected(forging.remove_and_recompute, ROOT, ROOT, NOTHING, receipts=ROOT),
    "cuts the tail": Expected(forging.cut_the_tail, None, "sa fin a été coupée", "aucune preuve de 280 à 300"),
    "restores a backup and goes on": Expected(forging.restore_and_go_on, None, REWRITTEN, INCONSISTENT),
    "an operator who holds the keys rewrites and signs again": Expected(
        forging.rewrite_and_sign_again, None, REWRITTEN, INCONSISTENT
    ),
    "the same, on an entry newer than what was kept": Expected(
        forging.rewrite_and_sign_again, None, None, None, leaf=NEWER
    ),
}


@pytest.fixture
def forger(own_database: str, superuser_cursor: Any, settings: Any, tmp_path: Path) -> Forger:
    """A trail of 280, then 300, then 330 entries, each sealed; a bundle kept at 300, and a later one at 330."""
    path = key_file(tmp_path, settings)
    write(BEFORE)
    sealed()
    write(PINNED - BEFORE)
    sealed()
    keep(tmp_path, "kept.zip")
    write(AFTER - PINNED)
    sealed()
    keep(tmp_path, "later.zip")
    key = load_pem_private_key(path.read_bytes(), password=None)
    return Forger(superuser_cursor, key)  # type: ignore[arg-type]


def at(leaf: int) -> Entry:
    return Entry.objects.get(pk=Leaf.objects.get(index=leaf).entry_ref)


def keep(folder: Path, name: str) -> None:
    """What a partner keeps: the bundle of an entry of hers, and apart from it the public keys."""
    (folder / name).write_bytes(bundle(at(IN_A_TILE), payload=False))
    with zipfile.ZipFile(folder / name) as archive:
        (folder / KEYS).write_bytes(archive.read(KEYS))


def owner(*options: str) -> tuple[int, str]:
    """`verify_audit`: its exit status and what it printed."""
    out = io.StringIO()
    try:
        call_command("verify_audit", *options, stdout=out)
    except SystemExit as end:
        return int(str(end.code)), out.getvalue()
    return 0, out.getvalue()


def partner(folder: Path, entry: int, kept: str, pin: Checkpoint) -> tuple[int, str]:
    """A partner asks for the bundle of her entry again (of another, where it is gone), and judges it with her own program."""
    asked = Entry.objects.filter(pk=entry).first() or Entry.objects.earliest("pk")
    try:
        given = bundle(asked, payload=False, since=pin)
    except NotBefore:
        given = bundle(asked, payload=False)
    (folder / "given.zip").write_bytes(given)
    ran = subprocess.run(
        [sys.executable, PROGRAM, "given.zip", "--since", kept, "--key", KEYS, "--lang", "fr"],
        cwd=folder, capture_output=True, text=True, check=False,
    )  # fmt: skip
    return ran.returncode, ran.stdout


def as_expected(answer: tuple[int, str], wanted: str | None) -> None:
    status, text = answer
    assert (status, wanted is None or wanted in text) == (0 if wanted is None else 1, True), text


@pytest.mark.parametrize("attack", ATTACKS)
def test_an_attack_is_seen_by_whom_the_table_says_and_by_nobody_else(
    attack: str, forger: Forger, tmp_path: Path
) -> None:
    expected = ATTACKS[attack]
    victim, pin = at(expected.leaf), Checkpoint.objects.get(size=PINNED)
    kept = str(tmp_path / "kept.zip")
    as_expected(owner("--since", kept), None)
    as_expected(partner(tmp_path, victim.pk, "kept.zip", pin), None)
    expected.attack(forger, victim.pk)
    status, text = owner()
    as_expected((status, text), expected.alone)
    assert (f"Entrée n° {victim.pk} (" in text) is expected.named, text
    as_expected(owner("--since", kept), expected.kept)
    as_expected(owner("--receipts"), expected.receipts)
    as_expected(partner(tmp_path, victim.pk, "kept.zip", pin), expected.partner)


def test_what_is_newer_than_a_pin_is_seen_by_a_later_one(forger: Forger, tmp_path: Path) -> None:
    forging.rewrite_and_sign_again(forger, at(NEWER).pk)
    as_expected(owner("--since", str(tmp_path / "later.zip")), REWRITTEN)
    as_expected(partner(tmp_path, at(NEWER).pk, "later.zip", Checkpoint.objects.get(size=AFTER)), REWRITTEN)
