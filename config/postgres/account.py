"""Which of the database's accounts this process signs in with. Commands have one; preparing and testing take both."""

from django.conf import settings
from django.db import connection, connections

from config import places
from config.env import postgres_from_url


def account(role: str) -> dict[str, object]:
    """``USER`` and ``PASSWORD`` of ``app`` or ``migrator``; one account plays both where only DATABASE_URL is set."""
    if settings.EMBEDDED_DATABASE:
        return {"USER": f"tact_{role}", "PASSWORD": places.secret(role)}
    if role == "migrator" and settings.DATABASE_MIGRATOR_URL:
        read = postgres_from_url("DATABASE_MIGRATOR_URL", settings.DATABASE_MIGRATOR_URL)
    else:
        read = postgres_from_url("DATABASE_URL", settings.DATABASE_URL)
    return {key: read[key] for key in ("USER", "PASSWORD")}


def become(role: str) -> None:
    """From here on, connect as ``app`` or ``migrator``, to the same server and database."""
    connections.close_all()
    connection.settings_dict.update(account(role))
