"""Django's PostgreSQL, with one thing more: the bundled server is started by the first connection that needs it."""

from typing import Any

from django.conf import settings
from django.db.backends.postgresql import base


class DatabaseWrapper(base.DatabaseWrapper):
    """A command that never opens a connection never starts a server."""

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        if settings.EMBEDDED_DATABASE:
            from config import embedded

            embedded.ensure_postgres()
        return super().get_new_connection(conn_params)
