"""A second factor that is lost: reported by one person, removed by another, or by who protects the data; each act with its entry."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from audit import guards

# Each act's person is that of its membership, and an answer's persons are those of the loss: the CHECKs then compare persons,
# whatever the memberships (abuse 10). Whoever answers alone is who reported.
PERSONS = """
    ALTER TABLE partners_factorloss
        ADD CONSTRAINT loss_with_its_persons UNIQUE (id, loser_id, reporter_id),
        ADD CONSTRAINT loss_reported_by_its_person FOREIGN KEY (reported_by_id, reporter_id)
            REFERENCES partners_membership (id, professional_id);
    ALTER TABLE partners_factorlossanswer
        ADD CONSTRAINT loss_answered_by_its_person FOREIGN KEY (answered_by_id, answerer_id)
            REFERENCES partners_membership (id, professional_id),
        ADD CONSTRAINT answers_the_loss_of_these_persons FOREIGN KEY (loss_id, loser_id, reporter_id)
            REFERENCES partners_factorloss (id, loser_id, reporter_id),
        ADD CONSTRAINT alone_is_who_reported CHECK (NOT alone OR answerer_id = reporter_id);
"""
NEEDS = {
    "factorloss": ("factor.reported",),
    "factorlossanswer": ("factor.reset", "factor.reset_refused"),
}


class Migration(migrations.Migration):
    dependencies = [
        ("audit", "0008_alarms_are_lifted_once"),
        ("partners", "0008_identities_of_proconnect"),
    ]

    operations = [
        migrations.CreateModel(
            name="FactorLoss",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "recognised",
                    models.CharField(
                        choices=[
                            ("in_person", "en personne"),
                            ("called_back", "rappelée à un numéro déjà connu du service"),
                        ],
                        max_length=20,
                    ),
                ),
                ("why", models.CharField(max_length=300)),
                ("reported_at", models.DateTimeField()),
                (
                    "entry",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="audit.entry"
                    ),
                ),
                (
                    "institution",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="partners.institution"
                    ),
                ),
                (
                    "loser",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "reported_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="partners.membership"
                    ),
                ),
                (
                    "reporter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ["-reported_at"],
            },
        ),
        migrations.CreateModel(
            name="FactorLossAnswer",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("removed", models.BooleanField()),
                ("alone", models.BooleanField(default=False)),
                ("sentence", models.CharField(blank=True, max_length=300)),
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
                    "loser",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "loss",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="partners.factorloss"
                    ),
                ),
                (
                    "reporter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ["-answered_at"],
            },
        ),
        migrations.AddIndex(
            model_name="factorloss",
            index=models.Index(fields=["institution", "-reported_at"], name="partners_fa_institu_b225d6_idx"),
        ),
        migrations.AddConstraint(
            model_name="factorloss",
            constraint=models.CheckConstraint(
                condition=models.Q(("reporter", models.F("loser")), _negated=True), name="nobody_reports_her_own_loss"
            ),
        ),
        migrations.AddConstraint(
            model_name="factorloss",
            constraint=models.CheckConstraint(condition=models.Q(("why", ""), _negated=True), name="a_loss_says_why"),
        ),
        migrations.AddConstraint(
            model_name="factorlossanswer",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("answerer", models.F("loser")), _negated=True),
                    models.Q(
                        ("alone", True), models.Q(("answerer", models.F("reporter")), _negated=True), _connector="OR"
                    ),
                ),
                name="a_loss_is_answered_by_another",
            ),
        ),
        migrations.AddConstraint(
            model_name="factorlossanswer",
            constraint=models.CheckConstraint(
                condition=models.Q(("removed", True), models.Q(("sentence", ""), _negated=True), _connector="OR"),
                name="a_refused_loss_says_why",
            ),
        ),
        migrations.RunSQL(
            [
                PERSONS,
                *(guards.close(f"partners_{table}") for table in NEEDS),
                *(guards.needs_entry(f"partners_{table}", *actions) for table, actions in NEEDS.items()),
            ],
            migrations.RunSQL.noop,
        ),
    ]
