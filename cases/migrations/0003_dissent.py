"""A note of dissent stays with the item it is about; nobody rewrites it."""

import uuid

import django.db.models.deletion
from django.db import migrations, models

from audit import guards


class Migration(migrations.Migration):
    dependencies = [
        ("audit", "0002_closed_by_the_database"),
        ("cases", "0002_closed_by_the_database"),
        ("partners", "0004_how_somebody_is_reached"),
    ]

    operations = [
        migrations.CreateModel(
            name="DissentNote",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "voice",
                    models.CharField(
                        choices=[
                            ("professional", "un·e professionnel·le"),
                            ("person", "la personne"),
                            ("representative", "un parent ou un représentant"),
                        ],
                        max_length=20,
                    ),
                ),
                ("text", models.TextField()),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="partners.membership"
                    ),
                ),
                (
                    "entry",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="audit.entry"
                    ),
                ),
                (
                    "item",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="cases.item"),
                ),
            ],
            options={
                "ordering": ["at"],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("text", ""), _negated=True), name="a_dissent_says_what")
                ],
            },
        ),
        migrations.RunSQL(
            [
                guards.close("cases_dissentnote"),
                guards.append_only("cases_dissentnote"),
                guards.needs_entry("cases_dissentnote", "dissent.noted"),
            ],
            migrations.RunSQL.noop,
        ),
    ]
