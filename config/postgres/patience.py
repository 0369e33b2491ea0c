"""How long a page waits for PostgreSQL: one statement, a row that somebody else holds, a transaction left open. And what it says.

For what serves pages alone: a migration, a verification, a dump take the time that they take.
"""

from django.conf import settings
from django.db import InternalError, OperationalError, connection

IDLE_SECONDS = 60
"""A transaction that does nothing for so long is a page that died with its rows held."""
# PostgreSQL's codes: a statement that was cancelled, a lock that did not come.
TOO_LONG = frozenset({"57014", "55P03"})
READ_ONLY = "25006"


def serve_pages() -> None:
    """From here on, the connections of this process wait so long and no longer. Called once, before the first."""
    options = connection.settings_dict.setdefault("OPTIONS", {})
    limits = {
        "statement_timeout": settings.STATEMENT_SECONDS,
        "lock_timeout": min(settings.LOCK_SECONDS, settings.STATEMENT_SECONDS),
        "idle_in_transaction_session_timeout": IDLE_SECONDS,
    }
    options["options"] = " ".join(f"-c {name}={seconds}s" for name, seconds in limits.items())


def waited_too_long(error: BaseException | None) -> bool:
    """Whether PostgreSQL answers, and gave up at one of these limits: nothing of the statement was done."""
    return isinstance(error, OperationalError) and getattr(error.__cause__, "pgcode", "") in TOO_LONG


def refused_to_write(error: BaseException | None) -> bool:
    """Whether PostgreSQL takes no writing now: a standby that nobody promoted, a database that is being put back."""
    return isinstance(error, InternalError) and getattr(error.__cause__, "pgcode", "") == READ_ONLY
