"""Restoring where the server gives no superuser, and where the key of receipts was replaced."""

import contextlib
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction

from audit import event_guards, ledger, receipt_keys, receipt_rotation, verification
from config import places
from config.backup import age, restoring, saving, tools
from config.backup import rows as restoring_rows
from config.postgres import account as account_of_roles
from tests import personas
from tests.audit.sealing_ways import sealed, write
from tests.conftest import connect_as_superuser
from tests.operations.test_backup import empty_database, locker, refusal, rights, rows, said

__all__ = ["locker"]


def test_a_server_that_gives_no_superuser_is_restored_by_the_owner_with_the_same_rights(
    own_database: str, locker: Path, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    territory = personas.build()
    personas.parents_agree(territory)
    sealed()
    granted, counted = rights(), rows()
    path = Path(said("backup").splitlines()[-1])
    opened = (path, "--identity", locker / "identity.txt", "--nothing-was-erased")
    with empty_database() as name, monkeypatch.context() as patched:
        # A server of one's own: the house knows neither its superuser nor where it runs.
        patched.setattr(
            account_of_roles, "account", lambda role: {"USER": f"tact_{role}", "PASSWORD": places.secret(role)}
        )
        settings.EMBEDDED_DATABASE = False
        assert "--without-superuser" in refusal("restore", *opened)
        with monkeypatch.context() as failing:
            failing.setattr(tools, "last_words", lambda _said: "disk full")
            failing.setattr(restoring_rows, "LEFT_TO_A_SUPERUSER", ())
            assert "restée vide" in refusal("restore", *opened, "--without-superuser")
        told = said("restore", *opened, "--without-superuser")
        assert "aucune anomalie" in told
        assert "Les gardes du schéma du journal ne sont pas posées" in told
        back = rights()
        assert granted.pop("guards")
        assert back.pop("guards") == []
        assert {kind: set(granted[kind]) ^ set(back[kind]) for kind in granted} == {kind: set() for kind in granted}
        now = rows()
        assert now["audit_entry"] == counted["audit_entry"] + 1
        assert now["cases_item"] == counted["cases_item"]
        with connection.cursor() as cursor:
            cursor.execute("SHOW default_transaction_read_only")
            assert cursor.fetchone() == ("off",)
        personas.signed_in(territory.camille)
        settings.EMBEDDED_DATABASE = True
        with contextlib.closing(connect_as_superuser(name)) as link:
            assert event_guards.put_up(link)
        assert verification.verify().faults == []


def test_a_backup_knows_which_key_of_receipts_came_after_which(own_database: str, locker: Path, settings: Any) -> None:
    ours, settings.RECEIPT_KEY = settings.RECEIPT_KEY, locker / "keys" / "receipt.pem"
    write(1)
    first = settings.RECEIPT_KEY.read_bytes()
    receipt_rotation.rotate()
    path = Path(said("backup").splitlines()[-1])
    opened = (path, "--identity", locker / "identity.txt", "--nothing-was-erased")
    last = settings.RECEIPT_KEY.read_bytes()
    with empty_database():
        settings.RECEIPT_KEY = locker / "first.pem"
        settings.RECEIPT_KEY.write_bytes(first)
        assert "a été remplacée avant cette sauvegarde" in refusal("restore", *opened)
        settings.RECEIPT_KEY = locker / "last.pem"
        settings.RECEIPT_KEY.write_bytes(last)
        assert "aucune anomalie" in said("restore", *opened)
    # The newest entry comes from a machine that went on with the former, too late: the house is the same, and the entry is named.
    settings.RECEIPT_KEY = locker / "first.pem"
    until = max(one.until for one in receipt_keys.accepted_here() if one.until)
    with transaction.atomic():
        after = datetime.fromisoformat(until) + timedelta(seconds=1)
        late = ledger.record(action="disclosure.opened", at=after, actor=None)
    settings.RECEIPT_KEY = locker / "last.pem"
    opened = (Path(said("backup").splitlines()[-1]), *opened[1:])
    with empty_database():
        told = said("restore", *opened, status=1)
        assert [fault.entry for fault in verification.verify(receipts=True).faults if fault.entry] == [late], told
    settings.RECEIPT_KEY = ours


def test_what_a_backup_says_of_keys_stays_small_and_is_nothing_before_there_are_any(
    own_database: str, locker: Path, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(1)
    for number in range(5):
        with connection.cursor() as cursor:
            cursor.execute(receipt_keys.ADD, [f"large-{number}", b"x" * 1_000_000])
    identities = age.identities(locker / "identity.txt")
    path = Path(said("backup").splitlines()[-1])
    assert restoring.opened(path, identities).manifest["receipt_keys"] == []
    with monkeypatch.context() as patched:
        patched.setattr(saving, "RECEIPT_KEYS", "audit_of_no_release_yet")
        settings.BACKUPS = locker / "before"
        said("backup")
    settings.BACKUPS = locker / "never"
    monkeypatch.setattr(saving, "MOST_MANIFEST", 100)
    assert "audit_receiptkey" in refusal("backup")
