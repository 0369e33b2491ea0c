"""Long reading commands on a hot standby, a server that follows the log of ours, so that pages do not pay for them (ADR 0043).

Never a page: an agreement that was just taken back must be seen by the next decision, and a session is written. Which commands:
`manage.py`. What they read is at least as late as the moment when they began, or they do not read.
"""

import contextlib
import time
from collections.abc import Mapping
from typing import Any

import psycopg2
from django.conf import settings
from django.db import OperationalError
from django.utils.translation import gettext as _

FOLLOWED_EVERY_SECONDS = 0.05
CONNECT_SECONDS = 10
WRITTEN_SO_FAR = "SELECT pg_current_wal_lsn()::text, system_identifier FROM pg_control_system()"
WHOSE = "SELECT pg_is_in_recovery(), system_identifier FROM pg_control_system()"
REACHED = "SELECT pg_last_wal_replay_lsn() >= %s::pg_lsn"
IN_RECOVERY = "55000"


def catch_up(standby: Any) -> None:
    """Return once this connection's server holds all that the primary had committed when it was asked.

    Raises OperationalError, in one sentence: it is no standby (it was promoted), not that of this primary, too far behind after
    ``TACT_STANDBY_SECONDS``, or the primary does not answer and nobody knows what is missing.
    """
    target, system = _written_so_far(settings.PRIMARY_DATABASE)
    deadline = time.monotonic() + settings.STANDBY_SECONDS
    with standby.cursor() as cursor:
        cursor.execute(WHOSE)
        follows, its_system = cursor.fetchone()
        if not follows or its_system != system:
            raise OperationalError(
                _(
                    "DATABASE_STANDBY_URL ne mène pas à un serveur qui suit celui de DATABASE_URL\u00a0: rien n’y a été lu."
                )
            )
        while True:
            cursor.execute(REACHED, [target])
            if cursor.fetchone()[0]:
                break
            if time.monotonic() > deadline:
                raise OperationalError(
                    _("Le serveur de secours est encore en retard après %(seconds)s\u00a0s\u00a0: rien n’y a été lu.")
                    % {"seconds": settings.STANDBY_SECONDS}
                )
            time.sleep(FOLLOWED_EVERY_SECONDS)
    standby.rollback()  # as Django wants it: in no transaction


def _written_so_far(primary: Mapping[str, Any]) -> tuple[str, int]:
    """Where the primary's log stands, and which system it is."""
    try:
        with (
            contextlib.closing(psycopg2.connect(**_libpq(primary), connect_timeout=CONNECT_SECONDS)) as link,
            link.cursor() as cursor,
        ):
            cursor.execute(WRITTEN_SO_FAR)
            position, system = cursor.fetchone()
    except psycopg2.Error as error:
        if error.pgcode == IN_RECOVERY:
            raise OperationalError(
                _("DATABASE_URL mène à un serveur de secours\u00a0: on ne sait pas ce qui manque, rien n’a été lu.")
            ) from error
        raise OperationalError(
            _("Le serveur principal ne répond pas\u00a0: on ne sait pas ce qui manque au secours, rien n’y a été lu.")
        ) from error
    return str(position), int(system)


def _libpq(database: Mapping[str, Any]) -> dict[str, Any]:
    """A server of Django's settings, as libpq names things."""
    names = {"NAME": "dbname", "USER": "user", "PASSWORD": "password", "HOST": "host", "PORT": "port"}
    account = {libpq: database[ours] for ours, libpq in names.items() if database.get(ours)}
    return account | {name: value for name, value in database.get("OPTIONS", {}).items() if name != "connect_timeout"}
