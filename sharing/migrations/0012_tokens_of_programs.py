"""Tokens of programs are made with their entry, ended once, never removed; the calls of programs are done once each."""

import datetime
import uuid

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models
from django.db.models.functions import Now

from audit import guards

TABLE = "sharing_apitoken"
CLOSED = [
    guards.close(TABLE, update=["revoked_at"]),
    guards.needs_entry(TABLE, "api_token.created"),
    guards.written_once(TABLE, "revoked_at"),
    # Neither the digest of a token, nor what a program was answered, is for the auditor.
    f"REVOKE ALL ON {TABLE}, sharing_idempotentcall FROM {guards.AUDITOR_ROLE};",
    f"GRANT SELECT (id, membership_id, scopes, at, expires_at, revoked_at, entry_id) ON {TABLE} TO {guards.AUDITOR_ROLE};",
]


class Migration(migrations.Migration):
    dependencies = [
        ("audit", "0002_closed_by_the_database"),
        ("partners", "0005_the_directory_way"),
        ("sharing", "0011_letters_about_the_trail"),
    ]

    operations = [
        migrations.CreateModel(
            name="ApiToken",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=80)),
                ("digest", models.BinaryField(max_length=32, unique=True)),
                ("ending", models.CharField(max_length=4)),
                (
                    "scopes",
                    django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), size=None),
                ),
                (
                    "networks",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=49), blank=True, default=list, size=None
                    ),
                ),
                ("calls_a_day", models.PositiveIntegerField()),
                ("at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("revoked_at", models.DateTimeField(blank=True, null=True)),
                (
                    "entry",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="audit.entry"
                    ),
                ),
                (
                    "membership",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="partners.membership"
                    ),
                ),
            ],
            options={
                "ordering": ["-at"],
                "indexes": [models.Index(fields=["membership", "-at"], name="sharing_api_members_3e965d_idx")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("expires_at__gt", models.F("at")),
                            (
                                "expires_at__lte",
                                models.F("at") + datetime.timedelta(days=366),
                            ),
                        ),
                        name="a_token_ends_within_the_year",
                    ),
                    models.CheckConstraint(condition=models.Q(("scopes__len__gt", 0)), name="a_token_may_something"),
                    models.CheckConstraint(condition=models.Q(("name", ""), _negated=True), name="a_token_has_a_name"),
                ],
            },
        ),
        migrations.CreateModel(
            name="IdempotentCall",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("key", models.CharField(max_length=64)),
                ("asked", models.BinaryField(max_length=32)),
                ("status", models.PositiveSmallIntegerField(null=True)),
                ("content_type", models.CharField(blank=True, max_length=60)),
                ("answer", models.TextField(blank=True)),
                ("at", models.DateTimeField(db_default=Now(), db_index=True)),
                (
                    "token",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="sharing.apitoken"
                    ),
                ),
            ],
            options={
                "ordering": ["-at"],
                "constraints": [models.UniqueConstraint(fields=("token", "key"), name="one_call_a_key")],
            },
        ),
        migrations.RunSQL(CLOSED, migrations.RunSQL.noop),
    ]
