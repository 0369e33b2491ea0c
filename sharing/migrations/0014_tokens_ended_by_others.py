"""The end of a token by somebody else than its owner, for the institution: with its entry and its reason, once."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from audit import guards

TABLE = "sharing_tokenrevocation"
CLOSED = [
    """
    ALTER TABLE sharing_apitoken ADD CONSTRAINT token_with_its_membership UNIQUE (id, membership_id);
    ALTER TABLE sharing_tokenrevocation
        ADD CONSTRAINT ends_the_token_of_this_membership FOREIGN KEY (token_id, membership_id)
            REFERENCES sharing_apitoken (id, membership_id),
        ADD CONSTRAINT ends_the_token_of_its_owner FOREIGN KEY (membership_id, owner_id)
            REFERENCES partners_membership (id, professional_id),
        ADD CONSTRAINT token_ended_by_its_person FOREIGN KEY (revoked_by_id, revoker_id)
            REFERENCES partners_membership (id, professional_id);
    """,
    guards.close(TABLE),
    guards.needs_entry(TABLE, "api_token.revoked_by_house"),
]


class Migration(migrations.Migration):
    dependencies = [
        ("audit", "0008_alarms_are_lifted_once"),
        ("partners", "0012_letters_about_second_factors"),
        ("sharing", "0013_what_who_leaves_leaves"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="TokenRevocation",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("why", models.CharField(max_length=300)),
                ("at", models.DateTimeField()),
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
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "revoked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="partners.membership"
                    ),
                ),
                (
                    "revoker",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "token",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="sharing.apitoken"
                    ),
                ),
            ],
            options={
                "ordering": ["-at"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("revoker", models.F("owner")), _negated=True),
                        name="a_token_is_ended_for_the_house_by_another",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("why", ""), _negated=True), name="the_end_of_a_token_says_why"
                    ),
                ],
            },
        ),
        migrations.RunSQL(CLOSED, migrations.RunSQL.noop),
    ]
