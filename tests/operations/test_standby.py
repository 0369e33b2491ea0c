"""A hot standby carries the long readings, shows what was committed, refuses pages in words, and takes over once promoted."""

import contextlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg2
import pytest
from django.conf import settings
from django.db import InternalError, OperationalError, connection
from django.test import override_settings

from audit import event_guards, verification
from config.env import postgres_from_url
from config.postgres import standby
from config.postgres_server import DATABASE, PostgresServer
from consent.models import Withdrawal
from sharing import service, withdrawal
from sharing.service import Outcome
from tests import personas
from tests.audit.sealing_ways import key_file, sealed
from tests.faults.house import dump_of, restore
from tests.operations.two_servers import Follower, follower_of, kill, on, server, url
from tests.sharing.ways import draft_of, seen, send
from tests.site import manage, unmarked_environment


@pytest.fixture
def primary(schema_template: str, django_db_blocker: Any) -> Iterator[PostgresServer]:
    """A server with an empty trail."""
    with django_db_blocker.unblock(), server(PostgresServer) as one:
        one.start()
        restore(one, dump_of(schema_template))
        with contextlib.closing(one.connect_as_superuser(DATABASE)) as link:
            event_guards.put_up(link)
        yield one


@pytest.fixture
def follower(primary: PostgresServer) -> Iterator[Follower]:
    with follower_of(primary) as one:
        yield one


def caught_up(one: PostgresServer, *, follows: str) -> None:
    """What a command asks of the server that it is about to read. `follows`: the primary's address."""
    read = postgres_from_url("DATABASE_URL", follows)
    with (
        override_settings(PRIMARY_DATABASE=read, STANDBY_SECONDS=1),
        contextlib.closing(psycopg2.connect(**libpq(url(one)))) as link,
    ):
        standby.catch_up(link)


def libpq(address: str) -> dict[str, Any]:
    read = postgres_from_url("DATABASE_URL", address)
    return {"dbname": read["NAME"], "user": read["USER"], "password": read["PASSWORD"], "host": read["HOST"],
            "port": read["PORT"], **dict(read["OPTIONS"])}  # type: ignore[call-overload]  # fmt: skip


def say(one: PostgresServer, statement: str) -> None:
    with contextlib.closing(one.connect_as_superuser(DATABASE)) as link, link.cursor() as cursor:
        cursor.execute(statement)
        link.commit()


def test_a_standby_reads_for_the_commands_writes_for_nobody_and_takes_over(
    primary: PostgresServer, follower: Follower, tmp_path: Path, settings: Any
) -> None:
    key_file(tmp_path, settings)
    with on(primary):
        territory = personas.build()
        agreed = personas.parents_agree(territory)
        assert send(draft_of(territory), territory.camille).outcome is Outcome.RELEASED
        assert sealed() is not None
        camille, waiting = personas.signed_in(territory.camille), draft_of(territory)
        token = seen(waiting, territory.camille)
        entries = verification.entries_in_all()
    camille.raise_request_exception = False

    # The long readings: each says what it says on the primary, and PostgreSQL's log says who came to the standby.
    before = follower.log.read_text()
    commands = environment(tmp_path, primary, follower)
    verified = manage(commands, "verify_audit", "--receipts", "--json")
    assert (verified.returncode, json.loads(verified.stdout)["entries"]) == (0, entries), verified.stderr
    replayed = manage(commands, "replay", "--json")
    assert replayed.returncode == 0, replayed.stdout + replayed.stderr
    assert json.loads(replayed.stdout.splitlines()[-1])["replayed"] == 1
    saved = manage(commands, "backup", "--to", str(tmp_path / "backups"))
    assert saved.returncode == 0, saved.stdout + saved.stderr
    assert len(list((tmp_path / "backups").glob("*.age"))) == 1
    came = follower.log.read_text().removeprefix(before)
    assert "user=tact_migrator" in came
    assert "application_name=pg_dump" in came
    assert came.count("user=tact_app") >= 2

    # What was committed is seen there; nothing is written there, and whoever tries is told, not shown an error.
    with on(primary):
        withdrawal.withdraw(consent=agreed, form="in_person", own_words="Plus maintenant.", by=territory.camille)
    caught_up(follower, follows=url(primary))
    with on(follower):
        assert Withdrawal.objects.filter(consent=agreed).exists()
        for answer in (camille.get("/"), camille.get("/situations/"), camille.post("/langue/", {"language": "en"})):
            page = answer.content.decode()
            assert (answer.status_code, answer["Retry-After"]) == (503, "10"), page
            assert "Rien n’a été communiqué" in page
            assert "119, 17, 15, 112" in page
            assert "read-only" not in page
        assert camille.get("/readyz").json()["parts"]["database"] == "down"
        with pytest.raises(InternalError, match="read-only transaction"):
            service.share(draft_id=waiting.pk, previewed=token, by=territory.camille)

    # A standby that is late, that is none, or whose primary nobody can ask, is not read.
    say(follower, "SELECT pg_wal_replay_pause()")
    with on(primary):
        personas.parents_agree(territory)
    with pytest.raises(OperationalError, match="encore en retard après 1\u00a0s"):
        caught_up(follower, follows=url(primary))
    say(follower, "SELECT pg_wal_replay_resume()")
    caught_up(follower, follows=url(primary))
    with pytest.raises(OperationalError, match="ne mène pas à un serveur qui suit"):
        caught_up(primary, follows=url(primary))
    with pytest.raises(OperationalError, match="mène à un serveur de secours"):
        caught_up(follower, follows=url(follower))

    # The machine of the primary is lost. Whoever knows both addresses finds the one that is written.
    both = f"{url(primary)}%2C{url(follower).partition('host=')[2]}&target_session_attrs=read-write"
    assert first_port_of_call(both) == str(primary.home.sockets)
    kill(primary)
    with pytest.raises(OperationalError, match="principal ne répond pas"):
        caught_up(follower, follows=url(primary))
    refused = manage(commands, "verify_audit")
    assert refused.returncode == 2
    assert "principal ne répond pas" in refused.stderr
    assert "Traceback" not in refused.stderr
    with pytest.raises(psycopg2.OperationalError):
        first_port_of_call(both)
    follower.promote()
    assert first_port_of_call(both) == str(follower.home.sockets)
    with on(follower):
        report = verification.verify(receipts=True)
        assert report.faults == []
        assert report.entries > entries
        assert camille.get("/").status_code == 200
        assert send(waiting, territory.camille).outcome is Outcome.RELEASED
        assert sealed() is not None
        report = verification.verify(receipts=True)
        assert (report.faults, report.unsealed) == ([], 0)


def environment(folder: Path, primary: PostgresServer, follower: Follower) -> dict[str, str]:
    """That of a command of a house which has both servers."""
    return {
        **unmarked_environment(),
        "TACT_ENV": "demo",
        "TACT_VAR": str(folder / "var"),
        "TACT_RECEIPT_KEY": str(settings.RECEIPT_KEY),
        "TACT_SUPERVISED": "1",
        "DATABASE_URL": url(primary),
        "DATABASE_MIGRATOR_URL": url(primary, "migrator"),
        "DATABASE_STANDBY_URL": url(follower),
        "TACT_STANDBY_SECONDS": "30",
        "REDIS_URL": "redis://127.0.0.1:1/0",
    }


def first_port_of_call(address: str) -> str:
    """The socket's folder of the server that this address leads to."""
    with contextlib.closing(psycopg2.connect(**libpq(address))) as link:
        return str(link.info.host)


def test_pages_never_read_a_standby() -> None:
    """Only three commands are told to, and one that writes is not among them."""
    from manage import READ_THE_STANDBY, ROLES

    assert not settings.READS_STANDBY
    assert frozenset({"backup", "replay", "verify_audit"}) == READ_THE_STANDBY
    assert not READ_THE_STANDBY & ROLES.keys()
    assert connection.settings_dict["HOST"] == settings.PRIMARY_DATABASE["HOST"]
