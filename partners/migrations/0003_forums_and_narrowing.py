"""The spaces where information circulates, and what institutions, agreements and forums narrow. Nothing of it is removed or changed."""

import uuid

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

from audit import guards

# Four eyes are two persons, whatever the memberships: each act's person is that of its membership, and a decision's proposer is
# that of what it decides. `four_eyes_are_two_persons` then compares persons.
PERSONS = """
    ALTER TABLE partners_membership ADD CONSTRAINT membership_of_a_person UNIQUE (id, professional_id);
    ALTER TABLE partners_narrowing
        ADD CONSTRAINT narrowing_with_its_proposer UNIQUE (id, proposer_id),
        ADD CONSTRAINT narrowing_proposed_by_its_person FOREIGN KEY (proposed_by_id, proposer_id)
            REFERENCES partners_membership (id, professional_id);
    ALTER TABLE partners_narrowinglift
        ADD CONSTRAINT lift_with_its_proposer UNIQUE (id, proposer_id),
        ADD CONSTRAINT lift_proposed_by_its_person FOREIGN KEY (proposed_by_id, proposer_id)
            REFERENCES partners_membership (id, professional_id);
    ALTER TABLE partners_narrowingdecision
        ADD CONSTRAINT decided_by_its_person FOREIGN KEY (decided_by_id, decider_id)
            REFERENCES partners_membership (id, professional_id),
        ADD CONSTRAINT decides_what_the_proposer_proposed FOREIGN KEY (narrowing_id, proposer_id)
            REFERENCES partners_narrowing (id, proposer_id),
        ADD CONSTRAINT decides_the_lift_the_proposer_proposed FOREIGN KEY (lift_id, proposer_id)
            REFERENCES partners_narrowinglift (id, proposer_id);
"""


class Migration(migrations.Migration):
    dependencies = [
        ("audit", "0002_closed_by_the_database"),
        ("partners", "0002_nothing_is_removed"),
    ]

    operations = [
        migrations.CreateModel(
            name="Forum",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("ess", "équipe de suivi de la scolarisation (ESS)"),
                            ("crip_evaluation", "évaluation d’une information préoccupante (CRIP)"),
                            ("ccapex_instruction", "instruction de la CCAPEX"),
                            ("clspd_groupe", "groupe de travail d’un CLSPD"),
                            ("resad_clsm", "RESAD ou conseil local de santé mentale (CLSM)"),
                            ("synthese_ase", "synthèse de l’aide sociale à l’enfance (ASE)"),
                            ("equipe_pluri_rsa", "équipe pluridisciplinaire du RSA"),
                            ("siao_commission", "commission d’orientation du SIAO"),
                            ("dac_rcp", "concertation d’un dispositif d’appui (DAC, RCP)"),
                        ],
                        max_length=30,
                    ),
                ),
                ("name", models.CharField(max_length=160)),
                (
                    "purposes",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=60), default=list, size=None
                    ),
                ),
                (
                    "categories",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=60), default=list, size=None
                    ),
                ),
                ("nominative", models.BooleanField(default=False)),
                ("presence_proposed", models.BooleanField(default=True)),
                ("minutes_rule", models.TextField(blank=True)),
                ("rules_signed_on", models.DateField(blank=True, null=True)),
                ("opened_on", models.DateField()),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "institution",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="partners.institution"
                    ),
                ),
            ],
            options={
                "ordering": ["name"],
            },
        ),
        migrations.CreateModel(
            name="Narrowing",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "categories",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=60), blank=True, default=list, size=None
                    ),
                ),
                (
                    "purposes",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=60), blank=True, default=list, size=None
                    ),
                ),
                (
                    "opinion_on",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=60), blank=True, default=list, size=None
                    ),
                ),
                ("at_most_days", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("why", models.CharField(max_length=300)),
                ("wanted_on", models.DateField()),
                ("proposed_at", models.DateTimeField()),
                (
                    "agreement",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="partners.agreement",
                    ),
                ),
                (
                    "entry",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="audit.entry"
                    ),
                ),
                (
                    "forum",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="partners.forum",
                    ),
                ),
                (
                    "institution",
                    models.ForeignKey(
                        blank=True,
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
            name="NarrowingLift",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("why", models.CharField(max_length=300)),
                ("wanted_on", models.DateField()),
                ("proposed_at", models.DateTimeField()),
                (
                    "entry",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="audit.entry"
                    ),
                ),
                (
                    "narrowing",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="partners.narrowing"
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
            name="NarrowingDecision",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("approved", models.BooleanField()),
                ("sentence", models.CharField(max_length=300)),
                ("decided_at", models.DateTimeField()),
                ("effective_at", models.DateTimeField(blank=True, null=True)),
                (
                    "decided_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="partners.membership"
                    ),
                ),
                (
                    "decider",
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
                    "narrowing",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="partners.narrowing",
                    ),
                ),
                (
                    "proposer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "lift",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="partners.narrowinglift",
                    ),
                ),
            ],
            options={
                "ordering": ["-decided_at"],
            },
        ),
        migrations.CreateModel(
            name="ForumMember",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("bound_by", models.CharField(blank=True, max_length=120)),
                ("starts_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("ends_at", models.DateTimeField(blank=True, null=True)),
                (
                    "forum",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="partners.forum"
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
                "ordering": ["membership__professional__last_name"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ends_at__isnull", True), ("ends_at__gte", models.F("starts_at")), _connector="OR"
                        ),
                        name="forum_place_ends_after_it_starts",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("ends_at__isnull", True)),
                        fields=("forum", "membership"),
                        name="one_open_place_in_a_forum",
                    ),
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="narrowing",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("agreement__isnull", True), ("forum__isnull", True), ("institution__isnull", False)),
                    models.Q(("agreement__isnull", False), ("forum__isnull", True), ("institution__isnull", True)),
                    models.Q(("agreement__isnull", True), ("forum__isnull", False), ("institution__isnull", True)),
                    _connector="OR",
                ),
                name="narrowing_of_one_place",
            ),
        ),
        migrations.AddConstraint(
            model_name="narrowing",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("at_most_days__isnull", True),
                    ("categories", []),
                    ("opinion_on", []),
                    ("purposes", []),
                    _negated=True,
                ),
                name="narrowing_takes_something_away",
            ),
        ),
        migrations.AddConstraint(
            model_name="narrowing",
            constraint=models.CheckConstraint(
                condition=models.Q(("at_most_days__isnull", True), ("at_most_days__gte", 1), _connector="OR"),
                name="narrowing_lasts_a_day_at_least",
            ),
        ),
        migrations.AddConstraint(
            model_name="narrowing",
            constraint=models.CheckConstraint(
                condition=models.Q(("why", ""), _negated=True), name="narrowing_says_why"
            ),
        ),
        migrations.AddConstraint(
            model_name="narrowinglift",
            constraint=models.CheckConstraint(condition=models.Q(("why", ""), _negated=True), name="lift_says_why"),
        ),
        migrations.AddConstraint(
            model_name="narrowingdecision",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("lift__isnull", True), ("narrowing__isnull", False)),
                    models.Q(("lift__isnull", False), ("narrowing__isnull", True)),
                    _connector="OR",
                ),
                name="decision_on_one_proposal",
            ),
        ),
        migrations.AddConstraint(
            model_name="narrowingdecision",
            constraint=models.CheckConstraint(
                condition=models.Q(("decider", models.F("proposer")), _negated=True), name="four_eyes_are_two_persons"
            ),
        ),
        migrations.AddConstraint(
            model_name="narrowingdecision",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("approved", False), ("effective_at__isnull", True)),
                    models.Q(
                        ("approved", True),
                        ("effective_at__gte", models.F("decided_at")),
                        ("effective_at__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="effective_once_approved_and_not_before",
            ),
        ),
        migrations.AddConstraint(
            model_name="narrowingdecision",
            constraint=models.CheckConstraint(
                condition=models.Q(("sentence", ""), _negated=True), name="decision_says_a_sentence"
            ),
        ),
        migrations.RunSQL(
            [
                PERSONS,
                guards.keep("partners_forum"),
                guards.keep("partners_forummember"),
                guards.close("partners_narrowing"),
                guards.close("partners_narrowinglift"),
                guards.close("partners_narrowingdecision"),
                guards.needs_entry("partners_narrowing", "narrowing.proposed"),
                guards.needs_entry("partners_narrowinglift", "narrowing.lift_proposed"),
                guards.needs_entry(
                    "partners_narrowingdecision",
                    "narrowing.approved",
                    "narrowing.refused",
                    "narrowing.lift_approved",
                    "narrowing.lift_refused",
                ),
            ],
            migrations.RunSQL.noop,
        ),
    ]
