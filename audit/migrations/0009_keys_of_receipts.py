"""The public keys of receipts (ADR 0048); and the functions of the access log name no schema of others in their search path."""

from django.db import migrations, models

from audit import guards, partitions


class Migration(migrations.Migration):
    dependencies = [("audit", "0008_alarms_are_lifted_once")]

    operations = [
        migrations.CreateModel(
            name="ReceiptKey",
            fields=[
                ("vkey", models.TextField(primary_key=True, serialize=False)),
                ("at", models.DateTimeField(db_default=models.Func(function="clock_timestamp"))),
                ("statement", models.BinaryField(null=True)),
            ],
            options={"ordering": ["at", "vkey"]},
        ),
        migrations.RunSQL(
            [
                guards.close("audit_receiptkey", insert=("vkey", "statement")),
                guards.append_only("audit_receiptkey"),
                # Of a database made before today: their search path named `public`.
                partitions.FUNCTIONS.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION"),
            ],
            migrations.RunSQL.noop,
        ),
    ]
