"""`manage.py migrate`, Django's, with the guards of the trail's schema set aside where a migration is due.

Only the bundled server's bootstrap can: on a server of one's own, `python -m config.roles --lower-guards` and
`--raise-guards` do the same before and after (docs/operations.md).
"""

import contextlib
from collections.abc import Callable
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.management.commands import migrate
from django.db import connection
from django.db.models.signals import pre_migrate

from audit import event_guards

# Django tells each app of a migration; one of them is enough.
TOLD = "audit"


class Command(migrate.Command):
    def handle(self, *args: Any, **options: Any) -> Any:
        if not settings.EMBEDDED_DATABASE or options["plan"] or options["check_unapplied"]:
            return super().handle(*args, **options)
        connection.ensure_connection()  # starts the bundled server where it does not run
        pre_migrate.connect(lower_guards, sender=apps.get_app_config(TOLD))
        try:
            return super().handle(*args, **options)
        finally:
            pre_migrate.disconnect(lower_guards, sender=apps.get_app_config(TOLD))
            # Whatever happened: each migration is a transaction, so the trail stands as one of them left it.
            as_superuser(event_guards.put_up)


def lower_guards(plan: list[tuple[Any, bool]], **kwargs: Any) -> None:
    """The guards leave until it is done: any app may close a table, or tie its acts to the trail. Nothing due: they stay."""
    as_superuser(event_guards.take_down if plan else event_guards.put_up)


def as_superuser(act: Callable[[Any], bool]) -> None:
    """On the database that Django uses now, by the account that nothing else uses."""
    from config import embedded

    server, _redis = embedded.servers()
    with contextlib.closing(server.connect_as_superuser(str(connection.settings_dict["NAME"]))) as link:
        act(link)
