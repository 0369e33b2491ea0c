"""A leaf keeps the hash that was sealed; a key that was never used may be followed by another at the same size (ADR 0030)."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("audit", "0006_an_access_log_by_month")]

    operations = [
        migrations.AddField("leaf", "leaf_hash", models.BinaryField(default=b""), preserve_default=False),
        migrations.AlterModelOptions("sealkey", {"ordering": ["from_size", "at"]}),
        migrations.AlterField("sealkey", "from_size", models.BigIntegerField()),
    ]
