"""What the law said on the day of a decision is kept whole, and nobody rewrites it."""

import uuid

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

from audit import guards


class Migration(migrations.Migration):
    dependencies = [("sharing", "0002_closed_by_the_database"), ("audit", "0002_closed_by_the_database")]

    operations = [
        migrations.CreateModel(
            name="RulebookEdition",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("number", models.PositiveIntegerField(unique=True)),
                ("digest", models.CharField(max_length=64, unique=True)),
                ("rulebook", models.CharField(max_length=64)),
                ("files", models.JSONField()),
                (
                    "rules",
                    django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=120), size=None),
                ),
                ("first_used_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={"ordering": ["number"]},
        ),
        migrations.AddField(
            model_name="decisionrecord",
            name="edition",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="sharing.rulebookedition",
            ),
        ),
        migrations.RunSQL(
            [
                guards.close("sharing_rulebookedition"),
                guards.append_only("sharing_rulebookedition"),
                # NOT VALID: what was decided before has no edition; what is decided from here on has one.
                "ALTER TABLE sharing_decisionrecord ADD CONSTRAINT decided_under_an_edition"
                " CHECK (edition_id IS NOT NULL) NOT VALID;",
            ],
            ["ALTER TABLE sharing_decisionrecord DROP CONSTRAINT decided_under_an_edition;"],
        ),
    ]
