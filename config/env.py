"""Typed readers of the environment. Every failure is one sentence that says what to set and to what."""

import os
from collections.abc import Mapping
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

TRUE_WORDS = frozenset({"1", "true", "yes", "on"})
FALSE_WORDS = frozenset({"0", "false", "no", "off", ""})
# libpq parameters that may stand after the "?" of a DATABASE_URL; anything else is a typing error.
LIBPQ_OPTIONS = frozenset(
    {"sslmode", "sslrootcert", "sslcert", "sslkey", "connect_timeout", "application_name", "target_session_attrs"}
)


class Environment:
    """Reads variables of one mapping, by default the environment of this very command."""

    def __init__(self, variables: Mapping[str, str] | None = None) -> None:
        self.variables = os.environ if variables is None else variables

    def text(self, name: str, default: str | None = None) -> str:
        """The variable's text, stripped. Raises ImproperlyConfigured where it is missing and has no default."""
        value = self.variables.get(name, "").strip()
        if value:
            return value
        if default is None:
            raise ImproperlyConfigured(f"{name} is not set. See .env.example for what it should hold.")
        return default

    def words(self, name: str, default: tuple[str, ...] | None = None) -> list[str]:
        """A list written with commas."""
        joined = self.text(name, None if default is None else ",".join(default))
        return [word.strip() for word in joined.split(",") if word.strip()]

    def flag(self, name: str, default: bool = False) -> bool:
        """A switch: 1 or 0, true or false, yes or no, on or off."""
        value = self.variables.get(name, "").strip().lower()
        if name not in self.variables or not value:
            return default
        if value in TRUE_WORDS:
            return True
        if value in FALSE_WORDS:
            return False
        raise ImproperlyConfigured(f"{name} is {value!r}. Write 1 or 0.")

    def integer(self, name: str, default: int, *, least: int = 0, most: int | None = None) -> int:
        """A whole number between bounds, both included."""
        value = self.variables.get(name, "").strip()
        if not value:
            return default
        bounds = f"between {least} and {most}" if most is not None else f"of at least {least}"
        try:
            number = int(value)
        except ValueError:
            raise ImproperlyConfigured(f"{name} is {value!r}. Write a whole number {bounds}.") from None
        if number < least or (most is not None and number > most):
            raise ImproperlyConfigured(f"{name} is {number}. Write a whole number {bounds}.")
        return number

    def choice(self, name: str, choices: tuple[str, ...], default: str) -> str:
        """One word among those allowed."""
        value = self.variables.get(name, "").strip() or default
        if value not in choices:
            raise ImproperlyConfigured(f"{name} is {value!r}. Write one of: {', '.join(choices)}.")
        return value


def postgres_from_url(name: str, url: str) -> dict[str, object]:
    """What Django's DATABASES wants, from ``postgres://user:password@host:5432/database?sslmode=require``.

    A socket folder is given by ``?host=/run/postgresql``; several servers, of which the one that can be written is wanted, by
    ``?host=first,second&target_session_attrs=read-write``. Raises ImproperlyConfigured, never showing the password.
    """
    shape = f"{name} should read postgres://user:password@host:5432/database"
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise ImproperlyConfigured(f"{shape}: its port is not a number.") from None
    if parts.scheme not in {"postgres", "postgresql"}:
        raise ImproperlyConfigured(f"{shape}: Tact runs on PostgreSQL only.")
    database = unquote(parts.path.lstrip("/"))
    if not database:
        raise ImproperlyConfigured(f"{shape}: the database's name is missing.")
    if not parts.username:
        raise ImproperlyConfigured(f"{shape}: the user is missing.")
    options = dict(parse_qsl(parts.query))
    host = options.pop("host", None) or unquote(parts.hostname or "")
    unknown = sorted(set(options) - LIBPQ_OPTIONS)
    if unknown:
        raise ImproperlyConfigured(f"{shape}: {', '.join(unknown)} is not an option that Tact knows.")
    return {
        "NAME": database,
        "USER": unquote(parts.username),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": str(port or ""),
        "OPTIONS": options,
    }
