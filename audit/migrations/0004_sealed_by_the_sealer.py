"""Leaves, tiles, checkpoints and keys are written by the sealer alone, and never changed (trust.md, points 3 and 4)."""

from django.db import migrations

from audit import guards

SEALED = ("audit_leaf", "audit_tile", "audit_checkpoint", "audit_sealkey")


class Migration(migrations.Migration):
    dependencies = [("audit", "0003_what_seals_the_trail")]

    operations = [
        migrations.RunSQL(
            [
                *(guards.sealed(table) for table in SEALED),
                *(guards.append_only(table) for table in SEALED),
                guards.close("audit_erasure"),
                f"REVOKE INSERT ON audit_erasure FROM {guards.APP_ROLE};",
                f"GRANT SELECT, INSERT ON audit_erasure TO {guards.ERASURE_ROLE};",
                guards.append_only("audit_erasure"),
                guards.needs_entry("audit_erasure", "payload.erased"),
                # Neither content nor who acted: the bytes that are hashed, and what orders them.
                f"GRANT SELECT (id, uuid, xid, body, leaf_hash) ON audit_entry TO {guards.SEALER_ROLE};",
                f"GRANT SELECT, INSERT ON audit_alarm TO {guards.SEALER_ROLE};",
                guards.keep("audit_alarm"),
                guards.keep("audit_verification"),
            ],
            migrations.RunSQL.noop,
        ),
    ]
