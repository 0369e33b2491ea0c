"""Of an alarm, the application fills in that it was lifted, once; of a verification, how far it is and, once, what it found."""

from django.db import migrations

from audit import guards

LATER = {
    "audit_alarm": ("lifted_at", "lifted_by", "lifted_why"),
    "audit_verification": ("started_at", "beat_at", "checked", "total", "ended_at", "holds", "found"),
}


class Migration(migrations.Migration):
    dependencies = [("audit", "0007_leaves_keep_their_hash")]

    operations = [
        migrations.RunSQL(
            [
                *(guards.close(table, update=columns) for table, columns in LATER.items()),
                guards.written_once("audit_alarm", "lifted_at", "lifted_by"),
                guards.written_once("audit_verification", "ended_at", "holds"),
            ],
            migrations.RunSQL.noop,
        ),
    ]
