"""Django's PostgreSQL, with three things more: the bundled server is started by the first connection; COMMITs are counted; a
standby is read only once it has caught up.
"""

from typing import Any

from django.conf import settings
from django.db.backends.postgresql import base

from . import standby


class DatabaseWrapper(base.DatabaseWrapper):
    """A command that never opens a connection never starts a server. Counts the COMMITs it sends (`config.errors`)."""

    commits_sent = 0

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        if settings.EMBEDDED_DATABASE:
            from config import embedded

            embedded.ensure_postgres()
        link = super().get_new_connection(conn_params)
        if settings.READS_STANDBY:
            try:
                standby.catch_up(link)
            except BaseException:
                link.close()
                raise
        return link

    def _commit(self) -> None:
        # Before it is sent: from here on, and until its answer comes, nobody knows.
        self.commits_sent += 1
        super()._commit()  # type: ignore[misc]
