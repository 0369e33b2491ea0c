"""Which of the database's accounts this process signs in with. Commands have one; preparing and testing take both."""

from django.conf import settings
from django.db import connection, connections

from config import places
from config.env import postgres_from_url


def account(role: str) -> dict[str, object]:
    """``USER`` and ``PASSWORD`` of one of `config.roles.ACCOUNTS`; DATABASE_URL's where this one has no address of its own."""
    if settings.EMBEDDED_DATABASE:
        return {"USER": f"tact_{role}", "PASSWORD": places.secret(role)}
    variable, url = f"DATABASE_{role.upper()}_URL", settings.DATABASE_OTHER_URLS.get(role, "")
    read = postgres_from_url(variable, url) if url else postgres_from_url("DATABASE_URL", settings.DATABASE_URL)
    return {key: read[key] for key in ("USER", "PASSWORD")}


def become(role: str) -> None:
    """From here on, connect as this one of `config.roles.ACCOUNTS`, to the same server and database."""
    connections.close_all()
    connection.settings_dict.update(account(role))
