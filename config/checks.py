"""Start checks: what must be true of the database before Tact is trusted with anything."""

import sys
from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core import checks
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, connections

OWNER = "tact.E002"
DEMONSTRATION = "tact.E003"
DEMONSTRATION_ACCOUNTS = """
    SELECT count(*) FROM partners_professional p
    WHERE split_part(p.email, '@', 2) LIKE '%.example' AND p.is_active AND p.password !~ '^!'
"""
ROLE_POWERS = """
    SELECT r.rolsuper,
           EXISTS (SELECT 1 FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                   WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') AND pg_has_role(current_user, c.relowner, 'USAGE'))
           OR (SELECT pg_has_role(current_user, d.datdba, 'USAGE') FROM pg_database d WHERE d.datname = current_database())
    FROM pg_roles r WHERE r.rolname = current_user
"""


@checks.register(checks.Tags.database)
def application_role_owns_nothing(
    app_configs: Sequence[AppConfig] | None, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[checks.CheckMessage]:
    """An application that is owner or superuser bypasses every grant and trigger: the trail would be fiction."""
    if not databases or settings.DATABASE_ROLE != "app":
        return []
    try:
        with connections["default"].cursor() as cursor:
            cursor.execute(ROLE_POWERS)
            superuser, owner = cursor.fetchone()
    except DatabaseError as error:
        return [checks.Error(f"The database cannot be used: {first_line(error)}", id="tact.E001")]
    if not superuser and not owner:
        return []
    kind = "a superuser" if superuser else "the owner of the database or of its tables"
    sentence = f"DATABASE_URL connects as {kind}, whom PostgreSQL's grants and triggers do not bind."
    hint = "Give the application a role of its own, and the owner's to DATABASE_MIGRATOR_URL (docs/operations.md)."
    kind_of_message = checks.Error if settings.PRODUCTION else checks.Warning
    return [kind_of_message(sentence, hint=hint, id=OWNER)]


def refuse_owner() -> None:
    """Raise ImproperlyConfigured where a production would be served by the owner of its own trail.

    Asked once as the web starts; a database that does not answer yet is left for ``/readyz`` to say.
    """
    if not settings.PRODUCTION:
        return
    for message in application_role_owns_nothing(None, databases=["default"]):
        if message.id == OWNER:
            raise ImproperlyConfigured(f"{message.msg} {message.hint}")
    refuse_demonstration()
    connections.close_all()


@checks.register(checks.Tags.database)
def no_demonstration_account(
    app_configs: Sequence[AppConfig] | None, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[checks.CheckMessage]:
    """The demonstration's accounts have a public password, and addresses under `.example` that no letter reaches (RFC 2606)."""
    if not databases or not settings.PRODUCTION or settings.DATABASE_ROLE != "app":
        return []
    try:
        with connections["default"].cursor() as cursor:
            cursor.execute(DEMONSTRATION_ACCOUNTS)
            (many,) = cursor.fetchone()
    except DatabaseError:  # said by the other check; or the tables are not made yet
        return []
    if not many:
        return []
    sentence = f"{many} accounts of the demonstration are in this database: their password is public."
    hint = "Start production with an empty database, then `manage.py found` (docs/operations.md)."
    return [checks.Error(sentence, hint=hint, id=DEMONSTRATION)]


def refuse_demonstration() -> None:
    """Raise ImproperlyConfigured where a production would be served with accounts of the demonstration."""
    for message in no_demonstration_account(None, databases=["default"]):
        raise ImproperlyConfigured(f"{message.msg} {message.hint}")


def announce_first_start() -> None:
    """In production, say in the log how to begin where the database is empty: the code of /premier-demarrage/.

    A database that does not answer yet, or has no table yet, is left for ``/readyz`` to say.
    """
    if not settings.PRODUCTION:
        return
    from partners.accounts import founding

    try:
        told = founding.announcement()
    except DatabaseError:
        return
    finally:
        connections.close_all()
    if told:
        sys.stderr.write(f"{told}\n")


def first_line(error: BaseException) -> str:
    """The first line of a database error, which is the one that says what is wrong."""
    return str(error).strip().split("\n", 1)[0]
