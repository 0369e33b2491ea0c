"""When a letter was last handed to the mail server: not yet noted as done, whether it left is in doubt (ADR 0019)."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("sharing", "0006_the_daily_way_is_closed")]

    operations = [
        migrations.AddField(model_name="outbox", name="handed_at", field=models.DateTimeField(blank=True, null=True)),
    ]
