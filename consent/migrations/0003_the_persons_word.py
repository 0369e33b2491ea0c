"""How a word was collected, the paper it stands on, and that it was recorded in error."""

import uuid

import django.db.models.deletion
from django.db import migrations, models

from audit import guards


class Migration(migrations.Migration):
    dependencies = [
        ("audit", "0002_closed_by_the_database"),
        ("cases", "0004_the_persons_word"),
        ("consent", "0002_closed_by_the_database"),
        ("partners", "0005_the_directory_way"),
    ]

    operations = [
        migrations.CreateModel(
            name="Scan",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("sitting", models.UUIDField(editable=False, unique=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[("application/pdf", "PDF"), ("image/jpeg", "JPEG"), ("image/png", "PNG")],
                        max_length=20,
                    ),
                ),
                ("size", models.PositiveIntegerField()),
                ("pages", models.PositiveSmallIntegerField(default=1)),
                ("received_digest", models.CharField(max_length=64, unique=True)),
                ("digest", models.CharField(max_length=64)),
                ("kept_at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="partners.membership"
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="cases.case"),
                ),
                (
                    "entry",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="audit.entry"
                    ),
                ),
            ],
            options={
                "ordering": ["-kept_at"],
            },
        ),
        migrations.AddField(
            model_name="consent",
            name="called_back",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="consent",
            name="interpreter",
            field=models.CharField(blank=True, default="", max_length=120),
        ),
        migrations.AddField(
            model_name="consent",
            name="language",
            field=models.CharField(blank=True, default="", max_length=40),
        ),
        migrations.AddField(
            model_name="consent",
            name="sitting",
            field=models.UUIDField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="consent",
            name="understanding",
            field=models.CharField(blank=True, default="", max_length=300),
        ),
        migrations.AddField(
            model_name="consent",
            name="witness",
            field=models.CharField(blank=True, default="", max_length=120),
        ),
        migrations.AddField(
            model_name="objection",
            name="called_back",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="objection",
            name="conditions",
            field=models.CharField(blank=True, default="", max_length=300),
        ),
        migrations.AddField(
            model_name="objection",
            name="interpreter",
            field=models.CharField(blank=True, default="", max_length=120),
        ),
        migrations.AddField(
            model_name="objection",
            name="language",
            field=models.CharField(blank=True, default="", max_length=40),
        ),
        migrations.AddField(
            model_name="objection",
            name="notice",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="consent.notice"
            ),
        ),
        migrations.AddField(
            model_name="objection",
            name="sitting",
            field=models.UUIDField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="objection",
            name="understanding",
            field=models.CharField(blank=True, default="", max_length=300),
        ),
        migrations.AddField(
            model_name="objection",
            name="witness",
            field=models.CharField(blank=True, default="", max_length=120),
        ),
        migrations.AddField(
            model_name="priorinformation",
            name="called_back",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="priorinformation",
            name="conditions",
            field=models.CharField(blank=True, default="", max_length=300),
        ),
        migrations.AddField(
            model_name="priorinformation",
            name="interpreter",
            field=models.CharField(blank=True, default="", max_length=120),
        ),
        migrations.AddField(
            model_name="priorinformation",
            name="language",
            field=models.CharField(blank=True, default="", max_length=40),
        ),
        migrations.AddField(
            model_name="priorinformation",
            name="notice",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="consent.notice"
            ),
        ),
        migrations.AddField(
            model_name="priorinformation",
            name="sitting",
            field=models.UUIDField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="priorinformation",
            name="understanding",
            field=models.CharField(blank=True, default="", max_length=300),
        ),
        migrations.AddField(
            model_name="priorinformation",
            name="witness",
            field=models.CharField(blank=True, default="", max_length=120),
        ),
        migrations.AddField(
            model_name="refusal",
            name="called_back",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="refusal",
            name="conditions",
            field=models.CharField(blank=True, default="", max_length=300),
        ),
        migrations.AddField(
            model_name="refusal",
            name="interpreter",
            field=models.CharField(blank=True, default="", max_length=120),
        ),
        migrations.AddField(
            model_name="refusal",
            name="language",
            field=models.CharField(blank=True, default="", max_length=40),
        ),
        migrations.AddField(
            model_name="refusal",
            name="notice",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="consent.notice"
            ),
        ),
        migrations.AddField(
            model_name="refusal",
            name="sitting",
            field=models.UUIDField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="refusal",
            name="understanding",
            field=models.CharField(blank=True, default="", max_length=300),
        ),
        migrations.AddField(
            model_name="refusal",
            name="witness",
            field=models.CharField(blank=True, default="", max_length=120),
        ),
        migrations.AddField(
            model_name="withdrawal",
            name="given_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="cases.representative",
            ),
        ),
        migrations.AlterField(
            model_name="consent",
            name="conditions",
            field=models.CharField(blank=True, default="", max_length=300),
        ),
        migrations.AlterField(
            model_name="consent",
            name="notice",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="consent.notice"
            ),
        ),
        migrations.CreateModel(
            name="Invalidation",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("note", models.CharField(max_length=300)),
                ("invalidated_at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="partners.membership"
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="cases.case"),
                ),
                (
                    "consent",
                    models.OneToOneField(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="consent.consent"
                    ),
                ),
                (
                    "entry",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="audit.entry"
                    ),
                ),
                (
                    "information",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="consent.priorinformation",
                    ),
                ),
                (
                    "objection",
                    models.OneToOneField(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="consent.objection"
                    ),
                ),
                (
                    "refusal",
                    models.OneToOneField(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="consent.refusal"
                    ),
                ),
                (
                    "withdrawal",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="consent.withdrawal",
                    ),
                ),
            ],
            options={
                "ordering": ["-invalidated_at"],
            },
        ),
        migrations.CreateModel(
            name="ScanContent",
            fields=[
                (
                    "scan",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="consent.scan",
                    ),
                ),
                ("content", models.BinaryField()),
            ],
        ),
        migrations.AddField(
            model_name="consent",
            name="scan",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="consent.scan"
            ),
        ),
        migrations.AddField(
            model_name="objection",
            name="scan",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="consent.scan"
            ),
        ),
        migrations.AddField(
            model_name="priorinformation",
            name="scan",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="consent.scan"
            ),
        ),
        migrations.AddField(
            model_name="refusal",
            name="scan",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="consent.scan"
            ),
        ),
        migrations.AddConstraint(
            model_name="consent",
            constraint=models.CheckConstraint(
                condition=models.Q(("notice__isnull", False)), name="an_agreement_remembers_its_text"
            ),
        ),
        migrations.AddConstraint(
            model_name="invalidation",
            constraint=models.CheckConstraint(
                condition=models.Q(("note", ""), _negated=True), name="an_invalidation_says_why"
            ),
        ),
        migrations.AddConstraint(
            model_name="invalidation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("consent__isnull", False),
                        ("information__isnull", True),
                        ("objection__isnull", True),
                        ("refusal__isnull", True),
                        ("withdrawal__isnull", True),
                    ),
                    models.Q(
                        ("consent__isnull", True),
                        ("information__isnull", True),
                        ("objection__isnull", True),
                        ("refusal__isnull", False),
                        ("withdrawal__isnull", True),
                    ),
                    models.Q(
                        ("consent__isnull", True),
                        ("information__isnull", True),
                        ("objection__isnull", False),
                        ("refusal__isnull", True),
                        ("withdrawal__isnull", True),
                    ),
                    models.Q(
                        ("consent__isnull", True),
                        ("information__isnull", False),
                        ("objection__isnull", True),
                        ("refusal__isnull", True),
                        ("withdrawal__isnull", True),
                    ),
                    models.Q(
                        ("consent__isnull", True),
                        ("information__isnull", True),
                        ("objection__isnull", True),
                        ("refusal__isnull", True),
                        ("withdrawal__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="an_invalidation_is_of_one_act",
            ),
        ),
        migrations.RunSQL(
            [
                guards.close("consent_invalidation"),
                guards.append_only("consent_invalidation"),
                guards.needs_entry("consent_invalidation", "word.invalidated"),
                guards.close("consent_scan"),
                guards.append_only("consent_scan"),
                guards.needs_entry("consent_scan", "scan.kept"),
                guards.close("consent_scancontent"),
                guards.append_only("consent_scancontent"),
            ],
            migrations.RunSQL.noop,
        ),
    ]
