"""What a restored house must not find again as it was: open sessions, tokens in force, letters that perhaps left."""

from datetime import datetime

from django.db import connection, transaction

from sharing.models import ApiToken, Outbox

SESSIONS = ("django_session", "usersessions_usersession")


@transaction.atomic
def forget_what_must_not_come_back(*, at: datetime) -> None:
    """Everybody signs in again, programs included: what was closed since the backup would otherwise be open.

    Letters that waited may have left since, and say so when they leave (ADR 0019).
    """
    there = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        for table in SESSIONS:
            if table in there:
                cursor.execute(f'DELETE FROM "{table}"')  # noqa: S608  (our own names)
    ApiToken.objects.filter(revoked_at=None).update(revoked_at=at)
    Outbox.objects.filter(done_at=None, handed_at=None).update(handed_at=at)
