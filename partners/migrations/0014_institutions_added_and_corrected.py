"""What is asked of the directory (an institution added, corrected, opened), and what a second person answers."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from audit import guards

# Each act's person is that of its membership, and an answer's first person is that of what it answers: the CHECK then compares
# persons, whatever the memberships (abuse 10).
PERSONS = """
    ALTER TABLE partners_institutionchange
        ADD CONSTRAINT directory_change_with_its_proposer UNIQUE (id, proposer_id),
        ADD CONSTRAINT directory_change_by_its_person FOREIGN KEY (proposed_by_id, proposer_id)
            REFERENCES partners_membership (id, professional_id);
    ALTER TABLE partners_institutionanswer
        ADD CONSTRAINT directory_change_answered_by_its_person FOREIGN KEY (answered_by_id, answerer_id)
            REFERENCES partners_membership (id, professional_id),
        ADD CONSTRAINT answers_the_directory_change_as_proposed FOREIGN KEY (change_id, proposer_id)
            REFERENCES partners_institutionchange (id, proposer_id);
"""
NEEDS = {
    "institutionchange": (
        "institution.proposed",
        "institution.change_proposed",
        "institution.opening_proposed",
        "institution.changed",
        "institution.verified",
    ),
    "institutionanswer": (
        "institution.added",
        "institution.refused",
        "institution.change_approved",
        "institution.change_refused",
        "institution.opened",
        "institution.opening_refused",
    ),
}


class Migration(migrations.Migration):
    dependencies = [
        ("audit", "0008_alarms_are_lifted_once"),
        ("partners", "0013_a_post_changes_by_its_act"),
    ]

    operations = [
        migrations.CreateModel(
            name="InstitutionChange",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "kind",
                    models.CharField(choices=[("add", "Add"), ("correct", "Correct"), ("open", "Open")], max_length=10),
                ),
                ("before", models.JSONField(default=dict)),
                ("after", models.JSONField(default=dict)),
                ("why", models.CharField(blank=True, max_length=300)),
                ("needs_second", models.BooleanField()),
                ("proposed_at", models.DateTimeField()),
                (
                    "entry",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="audit.entry"
                    ),
                ),
                (
                    "house",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="partners.institution"
                    ),
                ),
                (
                    "institution",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="partners.institution",
                    ),
                ),
                (
                    "proposed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="partners.membership"
                    ),
                ),
                (
                    "proposer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ["-proposed_at"],
            },
        ),
        migrations.CreateModel(
            name="InstitutionAnswer",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("accepted", models.BooleanField()),
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
                    "institution",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="partners.institution",
                    ),
                ),
                (
                    "proposer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "change",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="partners.institutionchange"
                    ),
                ),
            ],
            options={
                "ordering": ["-answered_at"],
            },
        ),
        migrations.AddIndex(
            model_name="institutionchange",
            index=models.Index(fields=["house", "-proposed_at"], name="partners_in_house_i_8db654_idx"),
        ),
        migrations.AddIndex(
            model_name="institutionchange",
            index=models.Index(fields=["institution", "-proposed_at"], name="partners_in_institu_c581e7_idx"),
        ),
        migrations.AddConstraint(
            model_name="institutionchange",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("institution__isnull", True), ("kind", "add")),
                    models.Q(models.Q(("kind", "add"), _negated=True), ("institution__isnull", False)),
                    _connector="OR",
                ),
                name="a_change_is_about_an_institution",
            ),
        ),
        migrations.AddConstraint(
            model_name="institutionchange",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind", "correct"), ("needs_second", True), _connector="OR"),
                name="two_persons_add_and_open_an_institution",
            ),
        ),
        migrations.AddConstraint(
            model_name="institutionchange",
            constraint=models.CheckConstraint(
                condition=models.Q(("needs_second", False), models.Q(("why", ""), _negated=True), _connector="OR"),
                name="a_change_of_the_directory_says_why",
            ),
        ),
        migrations.AddConstraint(
            model_name="institutionanswer",
            constraint=models.CheckConstraint(
                condition=models.Q(("answerer", models.F("proposer")), _negated=True),
                name="the_directory_changes_by_two_persons",
            ),
        ),
        migrations.AddConstraint(
            model_name="institutionanswer",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("accepted", True), ("institution__isnull", False)),
                    models.Q(
                        ("accepted", False), ("institution__isnull", True), models.Q(("sentence", ""), _negated=True)
                    ),
                    _connector="OR",
                ),
                name="an_accepted_change_is_of_an_institution",
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
