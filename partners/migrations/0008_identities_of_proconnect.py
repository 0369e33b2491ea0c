"""Identities of ProConnect: links, requests that wait, and what is answered to them (abuse 33)."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from audit import guards

# An answer's person is that of its membership: the CHECK that nobody recognises herself then compares persons (abuse 10).
PERSONS = """
    ALTER TABLE partners_proconnectanswer
        ADD CONSTRAINT proconnect_answered_by_its_person FOREIGN KEY (answered_by_id, answerer_id)
            REFERENCES partners_membership (id, professional_id);
"""
CLOSED = [
    guards.close("partners_proconnectrequest", update=("said_name", "said_email")),
    guards.close("partners_proconnectanswer"),
    guards.close("partners_proconnectlink", update=("ended_at",)),
    guards.needs_entry("partners_proconnectanswer", "proconnect.approved", "proconnect.refused"),
    guards.needs_entry("partners_proconnectlink", "proconnect.added", "proconnect.approved"),
    guards.written_once("partners_proconnectlink", "ended_at"),
]


class Migration(migrations.Migration):
    dependencies = [
        ("audit", "0008_alarms_are_lifted_once"),
        ("partners", "0007_the_people_of_a_house"),
    ]

    operations = [
        migrations.CreateModel(
            name="ProConnectRequest",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("issuer", models.CharField(max_length=255)),
                ("subject", models.CharField(max_length=255)),
                ("siret", models.CharField(blank=True, max_length=14)),
                ("said_name", models.CharField(blank=True, max_length=200)),
                ("said_email", models.CharField(blank=True, max_length=254)),
                ("asked_at", models.DateTimeField()),
                (
                    "professional",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["asked_at"],
            },
        ),
        migrations.CreateModel(
            name="ProConnectAnswer",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("approved", models.BooleanField()),
                ("answered_at", models.DateTimeField()),
                (
                    "answered_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="partners.membership"
                    ),
                ),
                (
                    "answerer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "entry",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="audit.entry"
                    ),
                ),
                (
                    "professional",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "request",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="partners.proconnectrequest"
                    ),
                ),
            ],
            options={
                "ordering": ["-answered_at"],
            },
        ),
        migrations.CreateModel(
            name="ProConnectLink",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("issuer", models.CharField(max_length=255)),
                ("subject", models.CharField(max_length=255)),
                ("made_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "entry",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="audit.entry"
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="partners.membership"
                    ),
                ),
                (
                    "professional",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ["made_at"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=("issuer", "subject"),
                        name="an_identity_is_one_professional",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("issuer", ""), _negated=True), models.Q(("subject", ""), _negated=True)
                        ),
                        name="link_names_an_identity",
                    ),
                ],
            },
        ),
        migrations.AddIndex(
            model_name="proconnectrequest",
            index=models.Index(fields=["issuer", "subject"], name="request_of_an_identity"),
        ),
        migrations.AddConstraint(
            model_name="proconnectanswer",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("professional__isnull", True),
                    models.Q(("professional", models.F("answerer")), _negated=True),
                    _connector="OR",
                ),
                name="nobody_recognises_herself",
            ),
        ),
        migrations.AddConstraint(
            model_name="proconnectanswer",
            constraint=models.CheckConstraint(
                condition=models.Q(("approved", False), ("professional__isnull", False), _connector="OR"),
                name="approved_for_somebody",
            ),
        ),
        migrations.RunSQL([PERSONS, *CLOSED], migrations.RunSQL.noop),
    ]
