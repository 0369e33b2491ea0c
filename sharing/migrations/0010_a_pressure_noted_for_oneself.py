"""A pressure is noted with its entry, never changed nor removed; the auditor's role reads that it was, and not a word of it."""

import uuid

import django.db.models.deletion
from django.db import migrations, models

from audit import guards

TABLE = "sharing_pressurenote"
CLOSED = [
    guards.close(TABLE),
    guards.append_only(TABLE),
    guards.needs_entry(TABLE, "pressure.noted"),
    f"REVOKE ALL ON {TABLE} FROM {guards.AUDITOR_ROLE};",
    f"GRANT SELECT (id, entry_id) ON {TABLE} TO {guards.AUDITOR_ROLE};",
]


class Migration(migrations.Migration):
    dependencies = [
        ("audit", "0002_closed_by_the_database"),
        ("cases", "0003_dissent"),
        ("partners", "0005_the_directory_way"),
        ("sharing", "0009_what_a_call_was_answered"),
    ]

    operations = [
        migrations.CreateModel(
            name="PressureNote",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("who", models.CharField(max_length=160)),
                ("asked", models.TextField()),
                ("happened_at", models.DateTimeField()),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="partners.membership"
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="cases.case",
                    ),
                ),
                (
                    "entry",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="audit.entry"
                    ),
                ),
            ],
            options={
                "ordering": ["-happened_at"],
                "indexes": [models.Index(fields=["by", "-happened_at"], name="sharing_pre_by_id_8a8227_idx")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("happened_at__lte", models.F("at"))),
                        name="a_pressure_is_noted_after_it_came",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("who", ""), _negated=True), models.Q(("asked", ""), _negated=True)
                        ),
                        name="a_pressure_says_who_and_what",
                    ),
                ],
            },
        ),
        migrations.RunSQL(CLOSED, migrations.RunSQL.noop),
    ]
