"""What a restored house must not find again as it was: open sessions, tokens in force, letters that perhaps left."""

from datetime import datetime

from django.db import connection, transaction

from audit.models import Entry
from sharing.models import Outbox

# Rows that open a door: none is in a backup (`saving.LEFT_OUT`), unless it was made otherwise.
SESSIONS = ("django_session", "usersessions_usersession")


@transaction.atomic
def forget_what_must_not_come_back(*, at: datetime) -> None:
    """Everybody signs in again; letters that waited may have left since, and say so when they leave (ADR 0019)."""
    there = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        for table in SESSIONS:
            if table in there:
                cursor.execute(f'DELETE FROM "{table}"')  # noqa: S608  (our own names)
    if Entry.objects.exists():
        Outbox.objects.filter(done_at=None, handed_at=None).update(handed_at=at)
