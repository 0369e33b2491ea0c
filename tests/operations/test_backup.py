"""A backup is made, something is erased, the database is lost: it comes back whole, without what was erased; nothing false does."""

import contextlib
import io
import os
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import DatabaseError, InterfaceError, OperationalError, connection
from django.test import Client

from audit import alarms, erasing, event_guards, heads, shred_list, signing, verification
from audit.models import Alarm, Entry, Payload
from config import roles
from config.backup import afterwards, age, asking, keys, saving, tools
from partners import clock
from sharing.api.scopes import Scope
from sharing.api.tokens import create_token
from sharing.models import ApiToken, Outbox
from tests import personas
from tests.audit.sealing_ways import key_file, sealed, write
from tests.audit.test_erasing import as_erasure
from tests.conftest import connect_as_superuser, drop_database, on_database

BY = uuid.uuid4()


@pytest.fixture
def locker(tmp_path: Path, settings: Any) -> Path:
    """A folder for backups, with the keys of whoever may open them; the trail's own keys and list are this test's."""
    key_file(tmp_path, settings)
    settings.BACKUPS = tmp_path / "backups"
    settings.SHRED_LIST = str(tmp_path / "shredded" / "list.jsonl")
    public = age.make_identity(tmp_path / "identity.txt")
    (tmp_path / "recipients.txt").write_text(f"# who may restore\n\n{public}\n")
    age.make_identity(tmp_path / "another.txt")
    settings.BACKUP_RECIPIENTS = settings.KEY_RECIPIENTS = str(tmp_path / "recipients.txt")
    return tmp_path


@contextlib.contextmanager
def empty_database() -> Iterator[str]:
    """Made as `config.roles` makes it, and nothing in it; Django is on it meanwhile."""
    name = f"test_restored_{os.getpid()}_{uuid.uuid4().hex[:6]}"
    with contextlib.closing(connect_as_superuser("postgres")) as link:
        roles.make_databases(link, connect_as_superuser, name)
    try:
        with on_database(name):
            yield name
    finally:
        drop_database(name)


def said(command: str, *arguments: Any, status: int = 0) -> str:
    """What the command printed, and the status it ended with."""
    out = io.StringIO()
    try:
        call_command(command, *map(str, arguments), stdout=out, stderr=io.StringIO())
        ended = 0
    except SystemExit as ending:
        ended = int(ending.code or 0)
    assert ended == status, out.getvalue()
    return out.getvalue()


def refusal(command: str, *arguments: Any) -> str:
    with pytest.raises(CommandError) as refused:
        call_command(command, *map(str, arguments), stdout=io.StringIO())
    assert refused.value.returncode == 2
    return str(refused.value)


def rights() -> dict[str, list[tuple[Any, ...]]]:
    """Tables with their rights, triggers and owners, as PostgreSQL has them."""
    asked = {
        "tables": "SELECT relname, relkind::text, pg_get_userbyid(relowner), grantee, privilege_type FROM pg_class,"
        " aclexplode(coalesce(relacl, acldefault(CASE relkind WHEN 'S' THEN 's' ELSE 'r' END::\"char\", relowner)))"
        " WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'S', 'v')",
        "columns": "SELECT attrelid::regclass::text, attname, grantee, privilege_type FROM pg_attribute, aclexplode(attacl)",
        "triggers": "SELECT tgrelid::regclass::text, tgname, tgenabled::text FROM pg_trigger WHERE NOT tgisinternal",
        "guards": "SELECT evtname, evtenabled FROM pg_event_trigger",
        "defaults": "SELECT defaclobjtype, defaclacl::text FROM pg_default_acl",
    }
    found = {}
    with connection.cursor() as cursor:
        for name, query in asked.items():
            cursor.execute(query)
            found[name] = sorted(cursor.fetchall())
    return found


def rows() -> dict[str, int]:
    found = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT count(*) FROM "{table}"')
            found[table] = cursor.fetchone()[0]
    return found


def test_what_was_saved_comes_back_and_what_was_erased_since_does_not(
    own_database: str, locker: Path, client: Any
) -> None:
    territory = personas.build()
    personas.parents_agree(territory)
    client.force_login(territory.camille.professional)
    in_a_month = (clock.now() + timedelta(days=30)).date()
    create_token(name="tableur", scopes=[next(iter(Scope))], expires_on=in_a_month, by=territory.camille)
    before = sealed()
    assert before is not None
    erased, kept = Entry.objects.filter(action__in=("consent.given", "case.opened")).order_by("pk")[:2]
    promised = Outbox.objects.filter(done_at=None, handed_at=None).count()
    counted, granted = rows(), rights()

    path = Path(said("backup").splitlines()[-1])
    assert path.parent == locker / "backups"
    assert path.stat().st_mode & 0o777 == 0o600
    assert b"Camille" not in path.read_bytes()

    # The house goes on: something is erased, something is written, a head is signed and leaves the house.
    with as_erasure():
        erasing.erase(entries=[erased.uuid], reason="erasure_granted", by=BY, at=clock.now())
    write(3)
    after = sealed()
    assert after is not None
    (locker / "head").write_bytes(bytes(after.note))
    (locker / "earlier").write_bytes(bytes(before.note))
    opened = ("--identity", locker / "identity.txt")

    assert "n’est pas vide" in refusal("restore", path, *opened)
    with empty_database() as name:
        told = said("restore", path, *opened, "--since", locker / "earlier", "--since", locker / "head")
        assert "1 part personnelle effacée depuis a été effacée à nouveau" in told
        assert "PERDU" in told
        assert (
            f"La tête head a été signée après la sauvegarde\u00a0: {after.size - before.size} entrées scellées" in told
        )
        assert "aucune anomalie" in told

        assert not Payload.objects.filter(pk=erased.pk).exists()
        assert Payload.objects.filter(pk=kept.pk).exists()
        restored = rights()
        assert {kind: set(granted[kind]) ^ set(restored[kind]) for kind in granted} == {kind: set() for kind in granted}
        now = rows()
        assert now["django_session"] == 0
        assert ApiToken.objects.get().revoked_at is not None
        assert {name for name in counted if now[name] != counted[name]} <= {
            "django_session", "usersessions_usersession", "tact_cache",
            "audit_entry", "audit_payload", "audit_erasure", "audit_alarm",
        }  # fmt: skip
        assert now["audit_entry"] == counted["audit_entry"] + 2
        assert list(Entry.objects.order_by("-pk").values_list("action", flat=True)[:2]) == [
            "payload.erased",
            "trail.restored",
        ]
        assert Outbox.objects.filter(done_at=None, handed_at=None).count() == 0
        assert Outbox.objects.filter(done_at=None).count() == promised
        assert alarms.sharing_suspended()
        assert Alarm.objects.get().kind == "trail_restored"
        with contextlib.closing(connect_as_superuser(name)) as link, link.cursor() as cursor:
            assert event_guards.stand(cursor)

        # It is sealed on, and a second restoration refuses.
        assert sealed() is not None
        assert heads.unsealed().count == 0
        assert verification.verify(receipts=True).faults == []
        assert "n’est pas vide" in refusal("restore", path, *opened)
    # The house that was not lost is as it was left.
    assert Entry.objects.filter(action="payload.erased").count() == 1
    assert not Alarm.objects.exists()


def test_nothing_comes_back_of_a_file_that_is_cut_or_altered_nor_with_a_wrong_key(
    own_database: str, locker: Path, settings: Any
) -> None:
    personas.build()
    path = Path(said("backup").splitlines()[-1])
    whole = path.read_bytes()
    opened = ("--identity", locker / "identity.txt", "--nothing-was-erased")
    bad = locker / "bad.age"
    with empty_database() as name:
        for content, why in (
            (whole[:-1], "abîmé ou coupé"),
            (whole[: len(whole) // 65_552 * 65_552 - 1], "abîmé ou coupé"),
            (whole[:60], "n’est pas un fichier age entier"),
            (b"", "n’est pas un fichier age entier"),
            (whole[:-4000] + bytes([whole[-4000] ^ 1]) + whole[-3999:], "abîmé ou coupé"),
            (whole[:100] + bytes([whole[100] ^ 1]) + whole[101:], ""),
        ):
            bad.write_bytes(content)
            assert why in refusal("restore", bad, *opened)
        with (locker / "other.age").open("wb") as file:
            age.encrypt(io.BytesIO(b"a letter\nand nothing else\n"), file, age.recipients(locker / "recipients.txt"))
        assert "n’est pas une sauvegarde de Tact" in refusal("restore", locker / "other.age", *opened)
        assert "n’ouvre pas" in refusal("restore", path, "--identity", locker / "another.txt", "--nothing-was-erased")
        assert "clé privée" in refusal("restore", path, "--identity", locker / "recipients.txt", "--nothing-was-erased")
        assert "ne peut pas être lu" in refusal("restore", locker / "nowhere.age", *opened)
        # Without the list of what was erased, or with one that cannot be read, what was erased could come back.
        assert "n’est pas là" in refusal("restore", path, "--identity", locker / "identity.txt")
        (locker / "list").write_text('{"key": "no"}\n')
        assert "La ligne 1" in refusal(
            "restore", path, "--identity", locker / "identity.txt", "--shredded", locker / "list"
        )
        # Another key of receipts would sign what follows.
        ours = settings.RECEIPT_KEY
        settings.RECEIPT_KEY = locker / "missing.pem"
        assert "Remettez d’abord la clé des reçus" in refusal("restore", path, *opened)
        assert signing.make_key(locker / "missing.pem")
        assert "n’est pas celle de cette sauvegarde" in refusal("restore", path, *opened)
        settings.RECEIPT_KEY = ours
        assert rows_of(name) == 0
        assert "aucune anomalie" in said("restore", path, *opened)


def test_a_restoration_that_dies_leaves_a_database_that_serves_nobody(
    own_database: str, locker: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    territory = personas.build()
    path = Path(said("backup").splitlines()[-1])
    with empty_database():
        with monkeypatch.context() as patched:
            patched.setattr(afterwards, "forget_what_must_not_come_back", die)
            with pytest.raises(MachineDied):
                call_command("restore", str(path), "--identity", str(locker / "identity.txt"), "--nothing-was-erased")
        with pytest.raises(DatabaseError, match="read-only"):
            Client().force_login(territory.camille.professional)
        assert Entry.objects.exists()
    with empty_database():
        with monkeypatch.context() as patched:
            patched.setattr(tools, "program", lambda name, *, server: "/bin/false")
            assert "la base est restée vide" in refusal(
                "restore", path, "--identity", locker / "identity.txt", "--nothing-was-erased"
            )
        with connection.cursor() as cursor:
            cursor.execute("SHOW default_transaction_read_only")
            assert cursor.fetchone() == ("off",)


class MachineDied(Exception):
    """The process was killed."""


def die(**_given: Any) -> None:
    raise MachineDied


def rows_of(name: str) -> int:
    with contextlib.closing(connect_as_superuser(name)) as link, link.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace")
        return int(cursor.fetchone()[0])


def test_a_backup_that_fails_leaves_nothing_and_says_why(
    own_database: str, locker: Path, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "ne contient aucune clé publique" in refusal("backup", "--recipients", empty(locker / "nobody.txt"))
    (locker / "wrong.txt").write_text("age1notakey\n")
    assert "ligne 1" in refusal("backup", "--recipients", locker / "wrong.txt")
    assert "clé privée" not in refusal("backup", "--recipients", locker / "nowhere.txt")
    with monkeypatch.context() as patched:
        patched.setattr(saving, "LEFT_OUT", ("x", "y"))
        patched.setattr(tools, "arguments", lambda account: ["--dbname=dbname=no_such_database"])
        assert "pg_dump a échoué" in refusal("backup")
    (locker / "a-file").touch()
    assert "ne peut pas être écrit" in refusal("backup", "--to", locker / "a-file" / "under")
    assert not list((locker / "backups").glob("*"))
    assert not list((locker / "backups").glob(".*"))
    settings.PRODUCTION, settings.BACKUP_RECIPIENTS = True, ""
    assert "TACT_BACKUP_RECIPIENTS" in refusal("backup")


def empty(path: Path) -> Path:
    path.touch()
    return path


def test_old_backups_go_and_never_the_newest(tmp_path: Path) -> None:
    at = datetime(2026, 11, 22, tzinfo=UTC)
    for days in (0, 29, 31, 400):
        (tmp_path / saving.NAME.format(at=at - timedelta(days=days))).touch()
    (tmp_path / "receipt-key-00000000.age").touch()
    assert len(saving.forget(folder=tmp_path, days=30, at=at)) == 2
    assert len(list(tmp_path.iterdir())) == 3
    (one,) = saving.forget(folder=tmp_path, days=30, at=at + timedelta(days=900))
    assert one.name == "tact-2026-10-24-000000.age"


def test_each_key_is_saved_apart_and_comes_back_as_it_was(own_database: str, locker: Path, settings: Any) -> None:
    personas.build()
    sealed()
    for which in keys.KEYS:
        path = Path(said("backup_key", which).splitlines()[-1])
        assert path.parent == locker / "backups" / which
        assert "déjà sauvegardée" in said("backup_key", which)
        place = keys.place(which)
        pem = place.read_bytes()
        opened = ("--identity", locker / "identity.txt")
        assert "existe déjà" in refusal("restore_key", which, path, *opened)
        setting = "RECEIPT_KEY" if which == "receipt" else "SEAL_KEY"
        setattr(settings, setting, locker / "back" / f"{which}.pem")
        said("restore_key", which, path, *opened)
        back = keys.place(which)
        assert back.read_bytes() == pem
        assert back.stat().st_mode & 0o777 == 0o600
        assert "n’ouvre pas" in refusal("restore_key", which, path, "--identity", locker / "another.txt")
    settings.SEAL_KEY = locker / "none.pem"
    assert "ne peut pas être lue" in refusal("backup_key", "seal")
    assert "pas encore de clé" in said("backup_key", "seal", "--if-made")


def test_a_pair_of_keys_is_made_to_try_outside_production_only(tmp_path: Path, settings: Any) -> None:
    settings.VAR = tmp_path
    to, remark = asking.recipients(None, "")
    assert "hors de la machine" in remark
    assert len(to) == len(asking.identities(None)) == 1
    out = io.BytesIO()
    age.encrypt(io.BytesIO(b"a word"), out, to)
    (tmp_path / "word.age").write_bytes(out.getvalue())
    clear = io.BytesIO()
    age.decrypt(tmp_path / "word.age", clear, asking.identities(None))
    assert clear.getvalue() == b"a word"
    with pytest.raises(CommandError, match="ne peut pas être écrit"):
        call_command("make_backup_identity", str(asking.own_identity()))


@pytest.mark.parametrize(
    "lost", [OperationalError("server closed the connection"), InterfaceError("closed"), KeyboardInterrupt()]
)
def test_an_erasure_whose_commit_may_have_been_done_stands_in_the_list(
    tmp_path: Path, settings: Any, lost: BaseException
) -> None:
    """The answer of a COMMIT is lost: a list that called it off would bring back what was erased."""
    listed = tmp_path / "shredded.jsonl"
    settings.SHRED_LIST = str(listed)
    with (
        pytest.raises(type(lost)),
        shred_list.noting(entries=[BY], reason="recorded_in_error", by=BY, at=datetime(2026, 11, 22, tzinfo=UTC)),
    ):
        raise lost
    assert [one.entries for one in shred_list.read(listed)] == [(BY,)]


def test_an_erasure_is_listed_before_it_is_done_and_called_off_if_it_is_not(
    own_database: str, locker: Path, settings: Any
) -> None:
    listed = Path(settings.SHRED_LIST)
    with (
        contextlib.suppress(RuntimeError),
        shred_list.noting(entries=[BY], reason="recorded_in_error", by=BY, at=clock.now()),
    ):
        assert shred_list.read(listed)[0].entries == (BY,)
        raise RuntimeError
    assert shred_list.read(listed) == []
    one, two = write(2)
    uuids = dict(Entry.objects.values_list("pk", "uuid"))
    with as_erasure():
        assert erasing.erase(entries=[uuids[one]], reason="retention_ended", by=BY, at=clock.now()) == 1
        assert erasing.erase(entries=[uuids[one]], reason="retention_ended", by=BY, at=clock.now()) == 0
    assert [standing.entries for standing in shred_list.read(listed)] == [(uuids[one],)]
    # Cut short by the death of the machine: that line was never followed by a commit, and the next one stands by itself.
    with listed.open("a") as file:
        file.write('{"key": "4f')
    assert len(shred_list.read(listed)) == 1
    with as_erasure():
        assert erasing.erase(entries=[uuids[two]], reason="retention_ended", by=BY, at=clock.now()) == 1
    assert shred_list.entries_of(shred_list.read(listed)) == {uuids[one], uuids[two]}
    # Where it cannot be listed, it is not done.
    third = write(1)[0]
    settings.SHRED_LIST = str(listed / "under" / "list")
    uuid_of_third = Entry.objects.get(pk=third).uuid
    with as_erasure(), pytest.raises(CommandError, match="Rien n’a été effacé"):
        call_command("erase_payload", str(uuid_of_third), "--reason", "retention_ended", "--by", str(BY))
    assert Payload.objects.filter(pk=third).exists()
