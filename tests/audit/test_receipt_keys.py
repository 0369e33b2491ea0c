"""One key of receipts follows another: what the former signed holds, what it signs afterwards does not, nobody adds one."""

import contextlib
import io
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.urls import reverse

from audit import (
    alarms,
    bundle,
    canonical,
    findings,
    keys,
    ledger,
    monitoring,
    notes,
    receipt_keys,
    receipt_rotation,
    signing,
    verification,
)
from audit.models import Alarm, Entry, ReceiptKey
from audit.receipt_keys import ROTATED
from audit.receipt_rotation import Rotated, rotate
from partners import clock
from tests import personas
from tests.audit.sealing_ways import key_file, sealed, write
from tests.conftest import connect_as_superuser

A_DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def own_key(tmp_path: Path, settings: Any) -> Path:
    """Keys that no other test has."""
    key_file(tmp_path / "seal", settings)
    settings.RECEIPT_KEY = tmp_path / "keys" / "receipt.pem"
    return Path(settings.RECEIPT_KEY)


class Cut(BaseException):
    """The process dies here."""


@contextlib.contextmanager
def signing_with(private: Ed25519PrivateKey) -> Iterator[None]:
    """Whoever holds this key signs receipts with it."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(signing, "private_key", lambda: private)
        yield


def entry(*, at: datetime) -> int:
    with transaction.atomic():
        return ledger.record(action="disclosure.opened", at=at, actor=None)


def wrong() -> dict[int | None, set[str]]:
    """The entries at fault (None: the keys), each with its flaws."""
    return {
        fault.entry: {flaw.code for flaw in fault.flaws}
        for fault in verification.verify(receipts=True).faults
        if fault.place != "guards" or fault.entry is not None
    }


def signer_of(pk: int) -> str:
    one = Entry.objects.get(pk=pk)
    (signer,) = (
        key.key.vkey
        for key in receipt_keys.accepted_here()
        if signing.holds(bytes(one.body), bytes(one.receipt), key.public)
    )
    return signer


def test_the_former_vouches_for_the_next_and_the_receipts_of_both_hold(own_database: str, own_key: Path) -> None:
    (first,) = write()
    former = receipt_keys.own()
    sealed()
    own_key.chmod(0o640)
    done = rotate()
    assert (done.former, done.lost) == (former, False)
    assert receipt_keys.own() == done.key != former, "taken up without a restart"
    (waiting,) = write()
    assert (signer_of(first), signer_of(waiting)) == (former.vkey, done.key.vkey)
    assert wrong() == {}
    sealed()
    assert wrong() == {}
    assert [row.vkey for row in receipt_keys.rows()] == [former.vkey, done.key.vkey]
    said = Entry.objects.get(action=ROTATED)
    assert signer_of(said.pk) == done.key.vkey
    # The former file is kept aside, under its id; both may be read by whom the first could be.
    aside = f"receipt.pem.{former.id.hex()}"
    assert {one.name for one in own_key.parent.iterdir()} == {"receipt.pem", aside}
    assert {one.stat().st_mode & 0o777 for one in own_key.parent.iterdir()} == {0o640}
    # Again: three keys, each leading to the one before it.
    last = rotate()
    assert [one.key for one in receipt_keys.accepted_here()] == [former, done.key, last.key]
    assert wrong() == {}
    assert bundle.public_keys()[-3:] == [former.vkey, done.key.vkey, last.key.vkey]
    page = personas.signed_in(personas.build().yann).get(reverse("audit:keys")).content.decode()
    assert page.count("annoncée, par une note signée") == 2
    assert page.count("Ses reçus valent") == 2


def test_a_former_key_that_leaked_makes_no_receipt_of_what_comes_after(own_database: str) -> None:
    write()
    leaked = signing.private_key()
    done = rotate(overlap=timedelta(0))
    at = clock.now()
    with signing_with(leaked):
        in_flight = entry(at=at)
    assert wrong() == {}, "composed as the key was replaced"
    with signing_with(leaked):
        late = entry(at=done.until + timedelta(seconds=1))
    assert wrong() == {late: {"receipt"}}
    # One that says an earlier instant is betrayed by its place.
    entry(at=done.until + timedelta(minutes=11))
    with signing_with(leaked):
        backdated = entry(at=at)
    assert wrong() == {late: {"receipt"}, backdated: {"receipt"}}
    assert in_flight not in wrong()


def test_a_key_that_whoever_holds_the_database_adds_makes_no_receipt_hold(own_database: str) -> None:
    write()
    leaked, theirs = signing.private_key(), Ed25519PrivateKey.generate()
    former = receipt_keys.own()
    rotate(overlap=timedelta(0))
    stranger = receipt_keys.vkey_of(theirs)
    for by in ([theirs], [theirs, leaked]):
        with transaction.atomic():
            note = receipt_keys.statement(former=former, new=stranger, until=clock.now() + A_DAY, by=by)
            receipt_keys.add(stranger, note)
            with signing_with(theirs):
                forged = ledger.compose(action="disclosure.opened", at=clock.now(), actor=None)
            (forged_id,) = ledger.record_many([forged])
            found = wrong()
            assert found == {None: {"receipt_key"}, forged_id: {"receipt"}}
            (fault,) = (one for one in verification.verify().faults if one.place == "keys")
            assert stranger.id.hex() in fault.sentence
            assert findings.kind_of(fault) == keys.LOST
            transaction.set_rollback(True)
    # What is no note, and no key, leads nowhere and breaks nothing.
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(receipt_keys.ADD, ["no key", b"no note"])
        assert wrong() == {None: {"receipt_key"}}
        transaction.set_rollback(True)
    assert wrong() == {}


def test_a_former_key_that_leaked_vouches_for_none_that_counts_longer_than_itself(own_database: str) -> None:
    write()
    leaked, theirs = signing.private_key(), Ed25519PrivateKey.generate()
    former, stranger = receipt_keys.own(), receipt_keys.vkey_of(theirs)
    done = rotate(overlap=timedelta(0))
    never = datetime(2099, 1, 1, tzinfo=UTC)
    receipt_keys.add(stranger, receipt_keys.statement(former=stranger, new=former, until=never, by=[theirs, leaked]))
    said = canonical.instant(done.until)
    for present, led in ((done.key, [stranger, former, done.key]), (former, [stranger, former, done.key])):
        accepted = receipt_keys.accepted(present, receipt_keys.statements(receipt_keys.rows()))
        assert [one.key for one in accepted] == led
        assert [one.until for one in accepted] == [said, said, None]
    with signing_with(theirs):
        forged = entry(at=done.until + timedelta(seconds=1))
    assert wrong() == {forged: {"receipt"}}


def test_a_row_that_a_stranger_adds_last_changes_nothing_for_the_key_of_the_house(
    own_database: str, own_key: Path
) -> None:
    write()
    receipt_keys.remember()
    theirs = Ed25519PrivateKey.generate()
    former, stranger = receipt_keys.own(), receipt_keys.vkey_of(theirs)
    forever = receipt_keys.statement(
        former=former, new=stranger, until=datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC), by=[theirs]
    )
    receipt_keys.add(stranger, forever)
    for beyond in (b"0001-01-01T00:00:00+14:00", b"9999-12-31T23:59:59-14:00"):
        assert receipt_keys.read(forever.replace(b"9999-12-31T23:59:59.000000Z", beyond)) is None
    monitoring.watch()
    done = rotate()
    assert (done.former, receipt_keys.own()) == (former, done.key)
    said = Entry.objects.get(action=ROTATED)
    assert json.loads(bytes(said.body))["codes"]["key"] == done.key.vkey
    with connection.cursor() as cursor:
        cursor.execute(receipt_keys.ADD, ["no key", None])
    again = rotate()
    monitoring.watch()
    own_key.unlink()
    lost = rotate(lost=True)
    assert (lost.former, lost.lost) == (again.key, True)
    own_key.unlink()
    assert rotate(lost=True).former == lost.key, "an entry says that one"
    write()
    assert wrong() == {None: {"receipt_key"}}


@pytest.mark.parametrize("step", ["key made", "row written", "former aside", "in its place"])
def test_an_interrupted_rotation_is_ended_by_the_same_command(
    step: str, own_database: str, own_key: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write()
    former = receipt_keys.own()

    def die(*_args: Any, **_options: Any) -> None:
        raise Cut

    with monkeypatch.context() as patched:
        match step:
            case "key made":
                receipt_keys.remember()
                patched.setattr(receipt_keys, "add", die)
            case "row written":
                patched.setattr(receipt_rotation, "_take_its_place", die)
            case "former aside":
                patched.setattr(Path, "replace", die)
            case _:
                patched.setattr(receipt_rotation, "_say", die)
        with pytest.raises(Cut):
            rotate()
    (between,) = write()
    assert wrong() == {}, "whatever signs meanwhile, its receipts hold"
    assert (signer_of(between) == former.vkey) == (step != "in its place")
    done = rotate()
    assert receipt_keys.own() == done.key != former
    assert (ReceiptKey.objects.count(), Entry.objects.filter(action=ROTATED).count()) == (2, 1)
    assert not own_key.with_name("receipt.pem.next").exists()
    write()
    assert wrong() == {}


def test_the_file_changes_while_no_other_rotation_can(own_database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    taken: list[bool] = []
    take = receipt_rotation._take_its_place

    def beside(path: Path, new: Any) -> None:
        with contextlib.closing(connect_as_superuser(own_database)) as other, other.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(%s)", [receipt_rotation.LOCK])
            taken.append(cursor.fetchone()[0])
        take(path, new)

    write()
    monkeypatch.setattr(receipt_rotation, "_take_its_place", beside)
    rotate()
    assert taken == [False]


def test_a_new_key_that_went_before_it_took_its_place_is_said_to_be_missing_and_can_be_told_lost(
    own_database: str, own_key: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def vanish(path: Path, _new: Any) -> None:
        path.with_name(f"{path.name}.next").unlink()

    write()
    former = receipt_keys.own()
    with monkeypatch.context() as patched:
        patched.setattr(receipt_rotation, "_take_its_place", vanish)
        with pytest.raises(ImproperlyConfigured, match="which was announced"):
            rotate()
    with pytest.raises(ImproperlyConfigured, match="the last known"):
        rotate()
    assert receipt_keys.own() == former
    assert not Entry.objects.filter(action=ROTATED).exists()
    own_key.rename(own_key.with_name("former.pem"))
    done = rotate(lost=True)
    assert (done.lost, receipt_keys.own()) == (True, done.key)
    assert [one.key for one in receipt_keys.accepted_here()] == [former, done.former, done.key]
    write()
    assert wrong() == {}


def test_a_lost_key_is_replaced_by_one_that_it_does_not_announce_and_an_alarm_says_so(
    own_database: str, own_key: Path
) -> None:
    write()
    monitoring.watch()
    former = receipt_keys.own()
    with pytest.raises(ImproperlyConfigured, match="is not lost"):
        rotate(lost=True)
    own_key.unlink()
    with pytest.raises(ImproperlyConfigured, match="cannot be read"):
        rotate()
    done = rotate(lost=True)
    assert (done.former, done.lost) == (former, True)
    alarm = Alarm.objects.get(kind=keys.LOST)
    assert alarm.found == {"key": done.key.vkey, "receipts": True}
    assert not alarms.sharing_suspended()
    write()
    assert wrong() == {}
    territory = personas.build()
    page = personas.signed_in(territory.yann).get(reverse("audit:keys")).content.decode()
    assert "perdue, ne l’a pas annoncée" in page
    said = Entry.objects.get(action=ROTATED)
    page = personas.signed_in(territory.yann).get(reverse("audit:entry", args=[said.uuid])).content.decode()
    assert f"à la place de {former.id.hex()}" in page
    # Somebody made another in the place of the lost one, and it has signed: it is the one that is taken.
    own_key.unlink()
    signing.make_key(own_key)
    made = receipt_keys.own()
    (since,) = write()
    with pytest.raises(ImproperlyConfigured, match="the last known"):
        rotate()
    assert rotate(lost=True).key == made
    assert signer_of(since) == made.vkey
    assert wrong() == {}


def test_a_key_lost_before_it_was_written_down_is_told_from_a_bundle(own_database: str, own_key: Path) -> None:
    write()
    former = receipt_keys.own()
    own_key.unlink()
    with pytest.raises(CommandError, match="--former"):
        call_command("rotate_receipt_key", "--lost")
    with pytest.raises(CommandError, match="pas une clé publique"):
        call_command("rotate_receipt_key", "--lost", "--former", "x")
    call_command("rotate_receipt_key", "--lost", "--former", former.vkey, stdout=io.StringIO())
    assert wrong() == {}


def test_a_key_lost_and_made_again_before_any_was_written_down_is_told_all_the_same(
    own_database: str, own_key: Path
) -> None:
    (old,) = write()
    former = receipt_keys.own()
    own_key.unlink()
    signing.make_key(own_key)
    made = receipt_keys.own()
    monitoring.watch()
    write()
    assert wrong() == {old: {"receipt"}}
    other = notes.VerifierKey("another.example/log", former.public).vkey
    with pytest.raises(CommandError, match="no key of receipts"):
        call_command("rotate_receipt_key", "--lost", "--former", other)
    done = rotate(lost=True, former=former.vkey)
    assert (done.key, done.former, done.lost) == (made, former, True)
    assert Entry.objects.filter(action=ROTATED).count() == 1
    assert wrong() == {}
    page = personas.signed_in(personas.build().yann).get(reverse("audit:keys")).content.decode()
    assert page.count("perdue, ne l’a pas annoncée") == page.count("C’est la première") == 1
    following = rotate()
    assert [one.key for one in receipt_keys.accepted_here()] == [former, made, following.key]
    assert wrong() == {}


def test_a_machine_that_goes_on_with_the_former_key_is_told_of_and_its_receipts_hold_meanwhile(
    own_database: str, own_key: Path
) -> None:
    write()
    former = signing.private_key()
    rotate()
    at = clock.now() + timedelta(minutes=6)
    monitoring._receipt_keys(at)
    assert not Alarm.objects.exists()
    with signing_with(former):
        entry(at=clock.now() + timedelta(minutes=5))
        monitoring._receipt_keys(at)
        assert wrong() == {}, "there too: the former leads to the one that replaced it"
    alarm = Alarm.objects.get()
    assert alarm.kind == "former_receipt_key_used"
    page = personas.signed_in(personas.build().yann).get(reverse("audit:alarm", args=[alarm.pk])).content.decode()
    assert "valent jusqu’au" in page
    # A file that was replaced by hand, by nobody's announcement, rings.
    own_key.unlink()
    signing.make_key(own_key)
    monitoring._receipt_keys(at)
    assert Alarm.objects.filter(kind=keys.LOST).exists()


def test_the_command_says_what_to_do_next_and_refuses_in_a_sentence(own_database: str, own_key: Path) -> None:
    with pytest.raises(CommandError, match="cannot be read") as refused:
        call_command("rotate_receipt_key")
    assert refused.value.returncode == 2
    write()
    with pytest.raises(CommandError, match="720"):
        call_command("rotate_receipt_key", "--hours", "721")
    out = io.StringIO()
    call_command("rotate_receipt_key", stdout=out)
    assert receipt_keys.own().vkey in out.getvalue()
    assert "sur chaque machine" in out.getvalue()
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(receipt_rotation, "_draft", full_disk)
        with pytest.raises(CommandError, match="reprendra où elle en était"):
            call_command("rotate_receipt_key")


def full_disk(_path: Path) -> Rotated:
    raise OSError(28, "No space left on device")
