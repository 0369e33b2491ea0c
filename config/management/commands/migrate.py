"""`manage.py migrate`, Django's, with the guards of the trail's schema set aside where a migration is due.

Only the bundled server's bootstrap can: on a server of one's own, `python -m config.roles --lower-guards` and
`--raise-guards` do the same before and after (docs/operations.md).
"""

import contextlib
from collections.abc import Callable, Mapping
from typing import Any

from django.conf import settings
from django.core.management.commands import migrate
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from audit import event_guards


class Command(migrate.Command):
    def handle(self, *args: Any, **options: Any) -> Any:
        if not settings.EMBEDDED_DATABASE or options["plan"] or options["check_unapplied"]:
            return super().handle(*args, **options)
        connection.ensure_connection()  # starts the bundled server where it does not run
        # Any app may close a table, or tie its acts to the trail. Where nothing is due, the guards are made anew and stay.
        as_superuser(event_guards.take_down if is_due(options) else event_guards.put_up)
        try:
            return super().handle(*args, **options)
        finally:
            # Whatever happened: each migration is a transaction, so the trail stands as one of them left it.
            as_superuser(event_guards.put_up)


def is_due(options: Mapping[str, Any]) -> bool:
    """Something is to be applied; or somebody asks for one migration by its name, forwards or backwards."""
    if options["app_label"]:
        return True
    with connection.cursor() as cursor:
        if not event_guards.stand(cursor):
            return True
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def as_superuser(act: Callable[[Any], bool]) -> None:
    """On the database that Django uses now, by the account that nothing else uses."""
    from config import embedded

    server, _redis = embedded.servers()
    with contextlib.closing(server.connect_as_superuser(str(connection.settings_dict["NAME"]))) as link:
        act(link)
