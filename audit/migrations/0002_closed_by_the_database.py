"""PostgreSQL itself refuses to change the trail (trust.md, point 3)."""

from django.db import migrations

from audit import guards

ENTRY = ("uuid", "at", "action", "actor_ref", "case_ref", "body", "receipt")
ACCESS = ("action", "object_type", "object_ref", "granted", "professional_ref", "membership_ref", "case_ref")


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]

    operations = [
        migrations.RunSQL(guards.FUNCTIONS, migrations.RunSQL.noop),
        migrations.RunSQL(
            [
                "ALTER TABLE audit_entry ALTER COLUMN xid SET NOT NULL;",
                guards.close("audit_entry", insert=ENTRY),
                guards.close("audit_payload", insert=("entry_id", "salt", "body")),
                guards.close("audit_access", insert=ACCESS),
                guards.append_only("audit_entry"),
                guards.append_only("audit_payload"),
                guards.append_only("audit_access"),
            ],
            migrations.RunSQL.noop,
        ),
    ]
