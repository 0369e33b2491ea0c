"""Mission sheets that two institutions recognise, what is done to an agreement, and the succession of an institution."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from audit import guards

# Four eyes are two persons, whatever the memberships: each act's person is that of its membership, and an answer's first person
# is that of what it answers. The CHECKs then compare persons (abuse 10).
PERSONS = """
    ALTER TABLE partners_missionsheet
        ADD CONSTRAINT sheet_with_its_writer UNIQUE (id, writer_id),
        ADD CONSTRAINT sheet_written_by_its_person FOREIGN KEY (written_by_id, writer_id)
            REFERENCES partners_membership (id, professional_id);
    ALTER TABLE partners_sheetanswer
        ADD CONSTRAINT sheet_answered_by_its_person FOREIGN KEY (answered_by_id, answerer_id)
            REFERENCES partners_membership (id, professional_id),
        ADD CONSTRAINT answers_the_sheet_the_writer_wrote FOREIGN KEY (sheet_id, writer_id)
            REFERENCES partners_missionsheet (id, writer_id);
    ALTER TABLE partners_sheetreading
        ADD CONSTRAINT sheet_read_by_its_person FOREIGN KEY (membership_id, reader_id)
            REFERENCES partners_membership (id, professional_id);
    ALTER TABLE partners_agreementact
        ADD CONSTRAINT agreement_act_of_its_person FOREIGN KEY (done_by_id, doer_id)
            REFERENCES partners_membership (id, professional_id);
    ALTER TABLE partners_succession
        ADD CONSTRAINT succession_with_its_proposer UNIQUE (id, proposer_id),
        ADD CONSTRAINT succession_proposed_by_its_person FOREIGN KEY (proposed_by_id, proposer_id)
            REFERENCES partners_membership (id, professional_id);
    ALTER TABLE partners_successionanswer
        ADD CONSTRAINT succession_answered_by_its_person FOREIGN KEY (answered_by_id, answerer_id)
            REFERENCES partners_membership (id, professional_id),
        ADD CONSTRAINT answers_the_succession_the_proposer_proposed FOREIGN KEY (succession_id, proposer_id)
            REFERENCES partners_succession (id, proposer_id);
"""
NEEDS = {
    "missionsheet": ("sheet.proposed",),
    "sheetanswer": ("sheet.approved", "sheet.refused"),
    "sheetreading": ("sheet.acknowledged",),
    "agreementact": (
        "agreement.proposed",
        "agreement.revision_proposed",
        "agreement.signed",
        "agreement.stopped",
        "agreement.reopened",
        "agreement.ended",
    ),
    "succession": ("succession.proposed",),
    "successionanswer": ("succession.approved", "succession.refused"),
}


class Migration(migrations.Migration):
    dependencies = [
        ("audit", "0002_closed_by_the_database"),
        ("partners", "0004_how_somebody_is_reached"),
    ]

    operations = [
        migrations.CreateModel(
            name="AgreementAct",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "move",
                    models.CharField(
                        choices=[
                            ("drafted", "rédigée"),
                            ("revised", "révision rédigée"),
                            ("signed", "signée"),
                            ("suspended", "suspendue"),
                            ("resumed", "reprise"),
                            ("ended", "terminée"),
                        ],
                        max_length=20,
                    ),
                ),
                ("why", models.CharField(blank=True, max_length=300)),
                ("done_at", models.DateTimeField()),
                ("effective_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "ordering": ["done_at"],
            },
        ),
        migrations.CreateModel(
            name="MissionSheet",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("version", models.PositiveSmallIntegerField()),
                ("missions", models.TextField()),
                ("limits", models.TextField()),
                ("may_ask", models.TextField()),
                ("may_receive", models.TextField()),
                ("secrecy", models.TextField()),
                ("written_at", models.DateTimeField()),
            ],
            options={
                "ordering": ["-version"],
            },
        ),
        migrations.CreateModel(
            name="SheetAnswer",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("validated", models.BooleanField()),
                ("sentence", models.CharField(blank=True, max_length=300)),
                ("answered_at", models.DateTimeField()),
            ],
            options={
                "ordering": ["-answered_at"],
            },
        ),
        migrations.CreateModel(
            name="SheetReading",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("read_at", models.DateTimeField()),
            ],
            options={
                "ordering": ["-read_at"],
            },
        ),
        migrations.CreateModel(
            name="Succession",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("closing_label", models.CharField(max_length=250)),
                ("successor_label", models.CharField(max_length=250)),
                ("why", models.CharField(max_length=300)),
                ("wanted_on", models.DateField()),
                ("proposed_at", models.DateTimeField()),
            ],
            options={
                "ordering": ["-proposed_at"],
            },
        ),
        migrations.CreateModel(
            name="SuccessionAnswer",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("accepted", models.BooleanField()),
                ("sentence", models.CharField(max_length=300)),
                ("answered_at", models.DateTimeField()),
                ("effective_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "ordering": ["-answered_at"],
            },
        ),
        migrations.AlterModelOptions(
            name="agreement",
            options={"ordering": ["number", "version"]},
        ),
        migrations.AddField(
            model_name="agreement",
            name="ended_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="agreement",
            name="version",
            field=models.PositiveSmallIntegerField(default=1),
        ),
        migrations.AlterField(
            model_name="agreement",
            name="number",
            field=models.CharField(max_length=40),
        ),
        migrations.AddConstraint(
            model_name="agreement",
            constraint=models.UniqueConstraint(fields=("number", "version"), name="one_agreement_a_version"),
        ),
        migrations.AddField(
            model_name="agreementact",
            name="agreement",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="partners.agreement"
            ),
        ),
        migrations.AddField(
            model_name="agreementact",
            name="doer",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="agreementact",
            name="done_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="partners.membership"
            ),
        ),
        migrations.AddField(
            model_name="agreementact",
            name="entry",
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="audit.entry"),
        ),
        migrations.AddField(
            model_name="agreementact",
            name="institution",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="partners.institution"
            ),
        ),
        migrations.AddField(
            model_name="missionsheet",
            name="about",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="partners.institution"
            ),
        ),
        migrations.AddField(
            model_name="missionsheet",
            name="entry",
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="audit.entry"),
        ),
        migrations.AddField(
            model_name="missionsheet",
            name="partner",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="partners.institution"
            ),
        ),
        migrations.AddField(
            model_name="missionsheet",
            name="writer",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="missionsheet",
            name="written_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="partners.membership"
            ),
        ),
        migrations.AddField(
            model_name="sheetanswer",
            name="answered_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="partners.membership"
            ),
        ),
        migrations.AddField(
            model_name="sheetanswer",
            name="answerer",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="sheetanswer",
            name="entry",
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="audit.entry"),
        ),
        migrations.AddField(
            model_name="sheetanswer",
            name="sheet",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="partners.missionsheet"
            ),
        ),
        migrations.AddField(
            model_name="sheetanswer",
            name="writer",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="sheetreading",
            name="entry",
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="audit.entry"),
        ),
        migrations.AddField(
            model_name="sheetreading",
            name="membership",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="partners.membership"
            ),
        ),
        migrations.AddField(
            model_name="sheetreading",
            name="reader",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="sheetreading",
            name="sheet",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="partners.missionsheet"
            ),
        ),
        migrations.AddField(
            model_name="succession",
            name="closing",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="partners.institution"
            ),
        ),
        migrations.AddField(
            model_name="succession",
            name="entry",
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="audit.entry"),
        ),
        migrations.AddField(
            model_name="succession",
            name="proposed_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="partners.membership"
            ),
        ),
        migrations.AddField(
            model_name="succession",
            name="proposer",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="succession",
            name="successor",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="partners.institution"
            ),
        ),
        migrations.AddField(
            model_name="successionanswer",
            name="answered_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="partners.membership"
            ),
        ),
        migrations.AddField(
            model_name="successionanswer",
            name="answerer",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="successionanswer",
            name="entry",
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="audit.entry"),
        ),
        migrations.AddField(
            model_name="successionanswer",
            name="proposer",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="successionanswer",
            name="succession",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="partners.succession"
            ),
        ),
        migrations.AddConstraint(
            model_name="agreementact",
            constraint=models.UniqueConstraint(
                condition=models.Q(("move", "signed")),
                fields=("agreement", "institution"),
                name="one_signature_an_institution",
            ),
        ),
        migrations.AddConstraint(
            model_name="agreementact",
            constraint=models.UniqueConstraint(
                condition=models.Q(("move", "signed")), fields=("agreement", "doer"), name="one_signature_a_person"
            ),
        ),
        migrations.AddConstraint(
            model_name="agreementact",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("move__in", ["drafted", "signed"]), models.Q(("why", ""), _negated=True), _connector="OR"
                ),
                name="agreement_act_says_why",
            ),
        ),
        migrations.AddConstraint(
            model_name="missionsheet",
            constraint=models.UniqueConstraint(fields=("about", "partner", "version"), name="one_sheet_a_version"),
        ),
        migrations.AddConstraint(
            model_name="missionsheet",
            constraint=models.CheckConstraint(
                condition=models.Q(("about", models.F("partner")), _negated=True), name="sheet_between_two_institutions"
            ),
        ),
        migrations.AddConstraint(
            model_name="missionsheet",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("missions", ""),
                    ("limits", ""),
                    ("may_ask", ""),
                    ("may_receive", ""),
                    ("secrecy", ""),
                    _connector="OR",
                    _negated=True,
                ),
                name="sheet_says_everything",
            ),
        ),
        migrations.AddConstraint(
            model_name="sheetanswer",
            constraint=models.CheckConstraint(
                condition=models.Q(("answerer", models.F("writer")), _negated=True), name="sheet_seen_by_four_eyes"
            ),
        ),
        migrations.AddConstraint(
            model_name="sheetanswer",
            constraint=models.CheckConstraint(
                condition=models.Q(("validated", True), models.Q(("sentence", ""), _negated=True), _connector="OR"),
                name="changes_are_said",
            ),
        ),
        migrations.AddConstraint(
            model_name="sheetreading",
            constraint=models.UniqueConstraint(fields=("sheet", "reader"), name="a_sheet_is_read_once"),
        ),
        migrations.AddConstraint(
            model_name="succession",
            constraint=models.CheckConstraint(
                condition=models.Q(("closing", models.F("successor")), _negated=True), name="nobody_succeeds_herself"
            ),
        ),
        migrations.AddConstraint(
            model_name="succession",
            constraint=models.CheckConstraint(
                condition=models.Q(("why", ""), _negated=True), name="succession_says_why"
            ),
        ),
        migrations.AddConstraint(
            model_name="successionanswer",
            constraint=models.CheckConstraint(
                condition=models.Q(("answerer", models.F("proposer")), _negated=True), name="succession_by_two_persons"
            ),
        ),
        migrations.AddConstraint(
            model_name="successionanswer",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("accepted", False), ("effective_at__isnull", True)),
                    models.Q(
                        ("accepted", True),
                        ("effective_at__gte", models.F("answered_at")),
                        ("effective_at__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="closed_once_accepted_and_not_before",
            ),
        ),
        migrations.AddConstraint(
            model_name="successionanswer",
            constraint=models.CheckConstraint(
                condition=models.Q(("sentence", ""), _negated=True), name="succession_answer_says_a_sentence"
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
