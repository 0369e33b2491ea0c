"""Who decides for somebody, what she asks of what is written about her, two sheets of one person: rows that are only added."""

import uuid

import django.db.models.deletion
from django.db import migrations, models

from audit import guards


class Migration(migrations.Migration):
    dependencies = [
        ("audit", "0002_closed_by_the_database"),
        ("cases", "0003_dissent"),
        ("partners", "0005_the_directory_way"),
    ]

    operations = [
        migrations.AlterField(
            model_name="representative",
            name="kind",
            field=models.CharField(
                choices=[
                    ("mother", "mère"),
                    ("father", "père"),
                    ("parent", "parent"),
                    ("guardian", "tuteur ou tutrice"),
                    ("curator", "curateur ou curatrice"),
                    ("delegate", "délégataire de l’autorité parentale"),
                    ("authorised", "personne habilitée par le juge des contentieux de la protection"),
                    ("mandatary", "mandataire de protection future"),
                    ("trusted", "personne de confiance"),
                ],
                max_length=20,
            ),
        ),
        migrations.CreateModel(
            name="Limitation",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "ground",
                    models.CharField(
                        choices=[
                            ("accuracy", "elle conteste l’exactitude de ce qui est écrit"),
                            (
                                "unlawful",
                                "ce qui est écrit ne devrait pas l’être ; elle préfère la limitation à l’effacement",
                            ),
                            ("claim", "elle en a besoin pour faire valoir un droit en justice"),
                            ("objection", "elle s’y oppose, et son opposition est à l’examen"),
                        ],
                        max_length=20,
                    ),
                ),
                ("text", models.TextField(blank=True, default="")),
                ("at", models.DateTimeField()),
                (
                    "asked_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="cases.representative",
                    ),
                ),
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
                (
                    "item",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="cases.item",
                    ),
                ),
            ],
            options={
                "ordering": ["at"],
            },
        ),
        migrations.CreateModel(
            name="LimitationLift",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("reason", models.CharField(max_length=300)),
                ("person_told_on", models.DateField()),
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
                    "limitation",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="cases.limitation"
                    ),
                ),
            ],
            options={
                "ordering": ["at"],
            },
        ),
        migrations.CreateModel(
            name="PersonLink",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("reason", models.CharField(max_length=300)),
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
                    "first",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="cases.person"),
                ),
                (
                    "institution",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="partners.institution"
                    ),
                ),
                (
                    "second",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="cases.person"),
                ),
            ],
            options={
                "ordering": ["-at"],
            },
        ),
        migrations.CreateModel(
            name="PersonLinkAnswer",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("approved", models.BooleanField()),
                ("reason", models.CharField(blank=True, default="", max_length=300)),
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
                    "link",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="cases.personlink"
                    ),
                ),
            ],
            options={
                "ordering": ["-at"],
            },
        ),
        migrations.CreateModel(
            name="PersonLinkEnd",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("reason", models.CharField(max_length=300)),
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
                    "link",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="cases.personlink"
                    ),
                ),
            ],
            options={
                "ordering": ["-at"],
            },
        ),
        migrations.CreateModel(
            name="PersonStatus",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("sauvegarde", "sauvegarde de justice"),
                            ("curatelle", "curatelle"),
                            ("tutelle", "tutelle"),
                            ("habilitation_familiale", "habilitation familiale"),
                            ("mandat_protection_future", "mandat de protection future"),
                            ("unable", "temporairement hors d’état d’exprimer sa volonté"),
                            ("vulnerable", "hors d’état de se protéger, en raison de l’âge ou d’une incapacité"),
                            ("emancipated", "mineur·e émancipé·e"),
                            ("entrusted", "confié·e à l’aide sociale à l’enfance"),
                            ("parents_disagree", "désaccord connu entre les titulaires de l’autorité parentale"),
                            ("discernment", "discernement de l’enfant"),
                            ("do_not_contact", "ne pas contacter"),
                            ("protected_address", "adresse protégée"),
                        ],
                        max_length=30,
                    ),
                ),
                (
                    "scope",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("property", "sur les biens"),
                            ("personal_assistance", "assistance relative à la personne"),
                            ("personal_representation", "représentation relative à la personne"),
                        ],
                        default="",
                        max_length=30,
                    ),
                ),
                ("authority", models.CharField(blank=True, default="", max_length=160)),
                ("act_reference", models.CharField(blank=True, default="", max_length=80)),
                ("decided_on", models.DateField(blank=True, null=True)),
                ("note", models.TextField(blank=True, default="")),
                ("starts_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField(blank=True, null=True)),
                ("recorded_at", models.DateTimeField()),
                (
                    "entry",
                    models.OneToOneField(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="audit.entry"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="cases.person"),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="partners.membership",
                    ),
                ),
            ],
            options={
                "ordering": ["-starts_at"],
            },
        ),
        migrations.CreateModel(
            name="PersonStatusEnd",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("ended_at", models.DateTimeField()),
                ("reason", models.CharField(max_length=300)),
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
                    "status",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="cases.personstatus"
                    ),
                ),
            ],
            options={
                "ordering": ["-ended_at"],
            },
        ),
        migrations.CreateModel(
            name="Rectification",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("text", models.TextField()),
                ("at", models.DateTimeField()),
                (
                    "asked_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="cases.representative",
                    ),
                ),
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
                (
                    "item",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="cases.item"),
                ),
            ],
            options={
                "ordering": ["at"],
            },
        ),
        migrations.CreateModel(
            name="RectificationAnswer",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("accepted", models.BooleanField()),
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
                    "rectification",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="cases.rectification"
                    ),
                ),
            ],
            options={
                "ordering": ["at"],
            },
        ),
        migrations.CreateModel(
            name="RepresentativeAct",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "move",
                    models.CharField(
                        choices=[
                            ("added", "ajouté à la situation"),
                            ("exclusive", "exerce seul·e l’autorité parentale"),
                            ("joint", "exerce l’autorité parentale avec l’autre titulaire"),
                            ("delegated", "reçoit délégation de l’autorité parentale"),
                            ("withdrawn", "n’exerce plus l’autorité parentale"),
                            ("do_not_contact", "ne pas contacter"),
                            ("contact_again", "peut de nouveau être contacté·e"),
                            ("ended", "ne représente plus la personne"),
                        ],
                        max_length=20,
                    ),
                ),
                ("authority", models.CharField(blank=True, default="", max_length=160)),
                ("act_reference", models.CharField(blank=True, default="", max_length=80)),
                ("decided_on", models.DateField(blank=True, null=True)),
                ("reason", models.CharField(blank=True, default="", max_length=300)),
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
                    "representative",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="cases.representative"
                    ),
                ),
            ],
            options={
                "ordering": ["-at"],
            },
        ),
        migrations.AddIndex(
            model_name="limitation",
            index=models.Index(fields=["case", "at"], name="cases_limit_case_id_fd88ce_idx"),
        ),
        migrations.AddIndex(
            model_name="personlink",
            index=models.Index(fields=["first"], name="cases_perso_first_i_4d8e23_idx"),
        ),
        migrations.AddIndex(
            model_name="personlink",
            index=models.Index(fields=["second"], name="cases_perso_second__3e3083_idx"),
        ),
        migrations.AddConstraint(
            model_name="personlink",
            constraint=models.CheckConstraint(
                condition=models.Q(("first", models.F("second")), _negated=True), name="a_link_joins_two_sheets"
            ),
        ),
        migrations.AddIndex(
            model_name="personstatus",
            index=models.Index(fields=["person", "-starts_at"], name="cases_perso_person__78028c_idx"),
        ),
        migrations.AddConstraint(
            model_name="personstatus",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends_at__isnull", True), ("ends_at__gt", models.F("starts_at")), _connector="OR"),
                name="a_status_ends_after_it_starts",
            ),
        ),
        migrations.AddConstraint(
            model_name="personstatus",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("entry__isnull", True), ("recorded_by__isnull", True)),
                    models.Q(("entry__isnull", False), ("recorded_by__isnull", False)),
                    _connector="OR",
                ),
                name="a_status_has_its_author_and_its_entry",
            ),
        ),
        migrations.AddIndex(
            model_name="rectification",
            index=models.Index(fields=["item", "at"], name="cases_recti_item_id_ba0f21_idx"),
        ),
        migrations.AddConstraint(
            model_name="rectification",
            constraint=models.CheckConstraint(
                condition=models.Q(("text", ""), _negated=True), name="a_rectification_says_what"
            ),
        ),
        migrations.AddConstraint(
            model_name="rectificationanswer",
            constraint=models.CheckConstraint(
                condition=models.Q(("text", ""), _negated=True), name="a_rectification_is_answered_in_words"
            ),
        ),
        migrations.AddIndex(
            model_name="representativeact",
            index=models.Index(fields=["representative", "-at"], name="cases_repre_represe_ffaa17_idx"),
        ),
        migrations.RunSQL(
            [
                guards.close("cases_personstatus"),
                guards.append_only("cases_personstatus"),
                guards.needs_entry("cases_personstatus", "status.recorded"),
                guards.close("cases_personstatusend"),
                guards.append_only("cases_personstatusend"),
                guards.needs_entry("cases_personstatusend", "status.ended"),
                guards.close("cases_representativeact"),
                guards.append_only("cases_representativeact"),
                guards.needs_entry("cases_representativeact", "representative.added", "representative.changed"),
                guards.close("cases_rectification"),
                guards.append_only("cases_rectification"),
                guards.needs_entry("cases_rectification", "rectification.requested"),
                guards.close("cases_rectificationanswer"),
                guards.append_only("cases_rectificationanswer"),
                guards.needs_entry("cases_rectificationanswer", "rectification.accepted", "rectification.refused"),
                guards.close("cases_limitation"),
                guards.append_only("cases_limitation"),
                guards.needs_entry("cases_limitation", "limitation.started"),
                guards.close("cases_limitationlift"),
                guards.append_only("cases_limitationlift"),
                guards.needs_entry("cases_limitationlift", "limitation.ended"),
                guards.close("cases_personlink"),
                guards.append_only("cases_personlink"),
                guards.needs_entry("cases_personlink", "link.proposed"),
                guards.close("cases_personlinkanswer"),
                guards.append_only("cases_personlinkanswer"),
                guards.needs_entry("cases_personlinkanswer", "link.approved", "link.refused"),
                guards.close("cases_personlinkend"),
                guards.append_only("cases_personlinkend"),
                guards.needs_entry("cases_personlinkend", "link.ended"),
            ],
            migrations.RunSQL.noop,
        ),
    ]
