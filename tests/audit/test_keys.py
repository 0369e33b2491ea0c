"""One key follows another, in the open: introduced by the former, or said to have been lost; never silently."""

from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command

from audit import checkpoint, keys, ledger, notes, receipt_keys, sealing, signing
from audit.models import Alarm, Checkpoint, SealKey
from partners import clock
from tests.audit.sealing_ways import as_sealer, assert_sealed_whole, key_file, sealed, write


@pytest.fixture(autouse=True)
def own_key(tmp_path: Path, settings: Any) -> Path:
    """A key that no other test has."""
    return key_file(tmp_path, settings)


class Cut(BaseException):
    """The process dies here."""


def rotated(*, lost: bool = False) -> SealKey:
    with as_sealer():
        return keys.rotate(lost=lost)


def signer_of(head: Checkpoint | None) -> str:
    assert head is not None
    return next(key.vkey for key in keys.log_vkeys() if key.id == notes.parse(bytes(head.note)).signatures[0].key_id)


def test_the_former_key_introduces_the_next_which_signs_the_heads_after_it(own_database: str, own_key: Path) -> None:
    with pytest.raises(keys.NothingToRotate):
        rotated()
    write(2)
    first = sealed()
    new = rotated()
    assert new.from_size == 2
    assert SealKey.objects.count() == 2
    former, present = keys.log_vkeys()
    assert (former.vkey, present.vkey) == (signer_of(first), new.vkey)
    assert keys.introduced(new, former)
    assert not keys.introduced(new, present)
    assert not keys.introduced(keys.log_keys()[0], former)
    assert sealed() is None
    write()
    second = sealed()
    assert signer_of(second) == new.vkey
    assert (signer_of(first), signer_of(second)) == tuple(
        row.vkey for row in (keys.in_force(keys.log_keys(), 2), keys.in_force(keys.log_keys(), 3)) if row
    )
    assert keys.in_force(keys.log_keys(), 0) is None
    # What the former key signs is a statement, that nobody can take for a head.
    with pytest.raises(notes.NoteError):
        checkpoint.Checkpoint.opened(bytes(new.statement or b""), keys.log_vkeys())
    aside = own_key.with_name(f"seal.pem.{former.id.hex()}")
    assert {one.name for one in own_key.parent.iterdir()} == {"seal.pem", aside.name}
    assert all(one.stat().st_mode & 0o777 == 0o600 for one in own_key.parent.iterdir())
    assert_sealed_whole()


def test_a_key_that_has_signed_nothing_may_be_replaced_again(own_database: str) -> None:
    write()
    sealed()
    rotated()
    last = rotated()
    assert [row.from_size for row in keys.log_keys()] == [0, 1, 1]
    write()
    assert signer_of(sealed()) == last.vkey
    former = keys.log_vkeys()
    assert keys.introduced(last, former[1])
    assert_sealed_whole()


@pytest.mark.parametrize("by", ["the sealer", "the command"])
@pytest.mark.parametrize("step", ["key made", "row written", "former aside"])
def test_an_interrupted_rotation_is_finished_by_the_sealer_or_by_the_command(
    step: str, by: str, own_database: str, own_key: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write()
    former = signer_of(sealed())
    finish, rename = keys._finish, Path.rename

    def make_then_die(path: Path) -> bool:
        signing.make_key(path)
        raise Cut

    def die_once_written(path: Path, vkey: str) -> bool:
        if SealKey.objects.count() == 2:
            raise Cut
        return finish(path, vkey)

    def rename_then_die(path: Path, target: Path) -> None:
        rename(path, target)
        raise Cut

    with monkeypatch.context() as patched:
        match step:
            case "key made":
                patched.setattr(keys, "make_seal_key", make_then_die)
            case "row written":
                patched.setattr(keys, "_finish", die_once_written)
            case _:
                patched.setattr(Path, "rename", rename_then_die)
        with as_sealer(), pytest.raises(Cut):
            keys.rotate()
    keys._known.clear()  # whoever comes next has just started
    waiting = own_key.with_name("seal.pem.next")
    assert waiting.exists()
    if by == "the command":
        new = rotated().vkey
    else:
        write()
        new = signer_of(sealed())
    if (step, by) == ("key made", "the sealer"):  # nothing was announced: it goes on with the key that it has
        assert new == former
        assert waiting.exists()
    else:
        assert new != former
        assert SealKey.objects.count() == 2
        assert not waiting.exists()
    write()
    assert signer_of(sealed()) == new
    assert_sealed_whole()


def test_a_lost_key_is_replaced_by_one_that_nobody_introduces_and_an_alarm_says_so(
    own_database: str, own_key: Path
) -> None:
    write()
    sealed()
    with pytest.raises(ImproperlyConfigured, match="is not lost"):
        rotated(lost=True)
    own_key.unlink()
    keys._known.clear()
    with pytest.raises(ImproperlyConfigured, match="cannot be read"):
        rotated()
    assert SealKey.objects.count() == 1
    new = rotated(lost=True)
    assert new.statement is None
    (alarm,) = Alarm.objects.all()
    assert (alarm.kind, alarm.found) == (
        "key_introduced_without_the_former",
        {"key": new.vkey, "from_size": 1},
    )
    write()
    assert signer_of(sealed()) == new.vkey
    assert_sealed_whole()


def test_a_key_lost_before_it_signed_anything_is_replaced_too(own_database: str, own_key: Path) -> None:
    sealed()
    own_key.unlink()
    keys._known.clear()
    new = rotated(lost=True)
    write()
    assert signer_of(sealed()) == new.vkey
    assert_sealed_whole()


def test_a_key_that_is_missing_unreadable_or_another_one_seals_nothing(own_database: str, own_key: Path) -> None:
    write()
    sealed()
    write()
    pem = own_key.read_bytes()
    keys._known.clear()  # as a process that has just started
    for wrong, says in ((None, "cannot be read"), (b"-----", "not a private key")):
        own_key.unlink(missing_ok=True)
        if wrong is not None:
            own_key.write_bytes(wrong)
        with as_sealer(), pytest.raises(ImproperlyConfigured, match=says):
            sealing.seal()
    own_key.unlink()
    keys.make_seal_key(own_key)
    with as_sealer(), pytest.raises(ImproperlyConfigured, match="this trail is sealed with"):
        sealing.seal()
    assert Checkpoint.objects.count() == SealKey.objects.count() == 1
    own_key.write_bytes(pem)
    sealed()
    assert_sealed_whole()


def test_a_trail_keeps_its_name_for_good(own_database: str, settings: Any) -> None:
    write()
    sealed()
    write()
    settings.TRAIL_ORIGIN = "elsewhere.example/journal"
    with as_sealer(), pytest.raises(ImproperlyConfigured, match="TACT_TRAIL_ORIGIN="):
        sealing.seal()
    with as_sealer(), pytest.raises(ImproperlyConfigured, match="for good"):
        keys.rotate()


def test_in_production_no_key_is_made_unasked(own_database: str, settings: Any, own_key: Path) -> None:
    settings.PRODUCTION = True
    write()
    with as_sealer(), pytest.raises(ImproperlyConfigured, match="make_seal_key"):
        sealing.seal()
    assert not own_key.exists()
    assert keys.make_seal_key(own_key)
    assert own_key.stat().st_mode & 0o777 == 0o600
    assert not keys.make_seal_key(own_key)
    assert sealed() is not None


def test_the_key_of_receipts_verifies_them_under_its_own_name(db: None, settings: Any) -> None:
    key = receipt_keys.own()
    assert key.name == f"{settings.TRAIL_ORIGIN}/recus"
    one = ledger.compose(action="disclosure.opened", at=clock.now(), actor=None)
    assert notes.VerifierKey.parse(key.vkey) == key
    assert key.made(one.receipt, (signing.RECEIPT_DOMAIN + one.body).decode())
    assert key.vkey not in [row.vkey for row in keys.log_keys()]


def test_the_commands_say_what_they_did_in_a_sentence(
    own_database: str, own_key: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with as_sealer(), pytest.raises(CommandError, match="Aucune clé"):
        call_command("rotate_seal_key")
    call_command("make_seal_key")
    call_command("make_seal_key")
    write(3)
    with as_sealer():
        call_command("seal", "--once")
        call_command("seal", "--once")
        call_command("rotate_seal_key")
    said = capsys.readouterr().out
    for sentence in ("Clé du sceau écrite", "n’a pas été touchée", "sa tête couvre 3 entrées", "Rien à sceller"):
        assert sentence in said
    assert keys.log_keys()[-1].vkey in said
