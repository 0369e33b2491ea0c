"""What is personal in an entry can go, by the erasure role alone and with an entry that says so (trust.md, point 7)."""

from django.db import migrations

from audit import guards

ENTRY = ("uuid", "at", "action", "actor_ref", "case_ref", "body", "receipt")


class Migration(migrations.Migration):
    dependencies = [("audit", "0004_sealed_by_the_sealer")]

    operations = [
        migrations.RunSQL(
            [
                # Of a database made before today: their search path left out PostgreSQL's word on operators.
                guards.FUNCTIONS.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION"),
                guards.ERASING_FUNCTIONS,
                guards.ERASED_BY_ITS_ROLE,
                # It finds an entry by its uuid and reads no content, neither in an entry nor in what it removes.
                f"GRANT SELECT (id, uuid, xid, action), INSERT ({', '.join(ENTRY)}) ON audit_entry TO {guards.ERASURE_ROLE};",
                f"GRANT SELECT (entry_id), INSERT (entry_id, salt, body), DELETE ON audit_payload TO {guards.ERASURE_ROLE};",
            ],
            migrations.RunSQL.noop,
        ),
    ]
