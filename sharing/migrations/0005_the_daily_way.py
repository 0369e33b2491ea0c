"""What professionals do with each other beyond sending: asking, advising, sending back, calling back, speaking without a name."""

import uuid

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("audit", "0002_closed_by_the_database"),
        ("cases", "0003_dissent"),
        ("partners", "0004_how_somebody_is_reached"),
        ("sharing", "0004_what_was_done_of_a_duty"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="NotShared",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("purpose", models.CharField(blank=True, max_length=60)),
                ("code", models.CharField(max_length=40)),
                ("reason", models.TextField()),
                ("at", models.DateTimeField()),
            ],
            options={
                "ordering": ["-at"],
            },
        ),
        migrations.CreateModel(
            name="Opinion",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("number", models.PositiveSmallIntegerField()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("favourable", "avis favorable"),
                            ("reduce", "réduire"),
                            ("suspend", "suspendre"),
                            ("unfavourable", "avis défavorable"),
                            ("transfer", "transmettre à quelqu’un d’autre"),
                        ],
                        max_length=20,
                    ),
                ),
                ("reason", models.TextField(blank=True)),
                (
                    "leave_out",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.UUIDField(), blank=True, default=list, size=None
                    ),
                ),
                ("digest", models.CharField(max_length=64)),
                ("at", models.DateTimeField()),
            ],
            options={
                "ordering": ["number"],
            },
        ),
        migrations.CreateModel(
            name="Recalled",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
                ("reason", models.TextField()),
            ],
            options={
                "ordering": ["-at"],
            },
        ),
        migrations.CreateModel(
            name="RequestAct",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("opened", "lue"),
                            ("declined", "non"),
                            ("ask_her", "voyez avec la personne"),
                            ("without_name", "voici, sans le nom"),
                            ("answered", "répondu par une communication"),
                            ("withdrawn", "demande retirée"),
                        ],
                        max_length=20,
                    ),
                ),
                ("at", models.DateTimeField()),
                ("text", models.TextField(blank=True)),
                ("seen_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "ordering": ["entry"],
            },
        ),
        migrations.CreateModel(
            name="Returned",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
                ("reason", models.TextField(blank=True)),
            ],
            options={
                "ordering": ["-at"],
            },
        ),
        migrations.CreateModel(
            name="Review",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("digest", models.CharField(max_length=64)),
                ("asked", models.TextField(blank=True)),
                ("submitted_at", models.DateTimeField()),
            ],
            options={
                "ordering": ["submitted_at"],
            },
        ),
        migrations.CreateModel(
            name="Unsealing",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("reason", models.TextField()),
                ("at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
            ],
            options={
                "ordering": ["-at"],
            },
        ),
        migrations.CreateModel(
            name="Usefulness",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "side",
                    models.CharField(
                        choices=[("author", "qui a communiqué"), ("recipient", "qui a reçu")], max_length=20
                    ),
                ),
                (
                    "served",
                    models.CharField(
                        choices=[
                            ("yes", "oui"),
                            ("partly", "en partie"),
                            ("no", "non"),
                            ("too_soon", "il est trop tôt pour le dire"),
                        ],
                        max_length=20,
                    ),
                ),
                ("decision", models.TextField(blank=True)),
                ("at", models.DateTimeField()),
            ],
            options={
                "ordering": ["-at"],
            },
        ),
        migrations.AddField(
            model_name="disclosure",
            name="channel",
            field=models.CharField(
                choices=[
                    ("in_app", "dans Tact"),
                    ("spoken", "de vive voix"),
                    ("handed_over", "par remise d’un document"),
                ],
                default="in_app",
                max_length=20,
            ),
        ),
        migrations.AddField(
            model_name="disclosure",
            name="said_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="disclosure",
            name="urgent",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="draft",
            name="channel",
            field=models.CharField(
                choices=[
                    ("in_app", "dans Tact"),
                    ("spoken", "de vive voix"),
                    ("handed_over", "par remise d’un document"),
                ],
                default="in_app",
                max_length=20,
            ),
        ),
        migrations.AddField(
            model_name="draft",
            name="said_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="draft",
            name="second_look_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="draft",
            name="urgent",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="outbox",
            name="counts",
            field=models.JSONField(default=dict),
        ),
        migrations.CreateModel(
            name="Call",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("reference", models.CharField(max_length=24, unique=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("telephone", "un appel"),
                            ("visit", "une visite"),
                            ("requisition", "une réquisition écrite"),
                            ("summons", "une convocation comme témoin"),
                            ("search", "une perquisition"),
                        ],
                        max_length=20,
                    ),
                ),
                ("called_at", models.DateTimeField()),
                ("caller", models.CharField(max_length=160)),
                ("service", models.CharField(blank=True, max_length=160)),
                ("number", models.CharField(blank=True, max_length=40)),
                ("asked", models.TextField()),
                ("called_back", models.BooleanField(default=False)),
                (
                    "answer",
                    models.CharField(
                        choices=[
                            ("nothing", "ni confirmé, ni infirmé"),
                            ("peril", "péril : rappel par le numéro officiel"),
                            ("to_legal", "transmis à la direction"),
                            ("attended", "j’ai comparu"),
                            ("institution_replied", "l’institution a répondu, hors de Tact"),
                        ],
                        max_length=30,
                    ),
                ),
                ("note", models.TextField(blank=True)),
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
                "ordering": ["-called_at"],
            },
        ),
        migrations.CreateModel(
            name="Conclusion",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("number", models.PositiveSmallIntegerField()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("justified", "justifié"),
                            ("unjustified", "non justifié"),
                            ("to_investigate", "à instruire"),
                        ],
                        max_length=20,
                    ),
                ),
                ("reason", models.TextField()),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="partners.membership"
                    ),
                ),
                (
                    "disclosure",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="sharing.disclosure"
                    ),
                ),
                (
                    "entry",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="audit.entry"
                    ),
                ),
                (
                    "reviewer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "writer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ["number"],
            },
        ),
        migrations.CreateModel(
            name="Consultation",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("reference", models.CharField(max_length=24, unique=True)),
                ("sealed_case", models.BinaryField()),
                ("domain", models.CharField(max_length=60)),
                ("age_band", models.CharField(max_length=20)),
                ("situation", models.TextField()),
                ("question", models.TextField()),
                ("opened_at", models.DateTimeField()),
                (
                    "author",
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
            ],
            options={
                "ordering": ["-opened_at"],
            },
        ),
        migrations.CreateModel(
            name="ConsultationAct",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("unknown", "ne reconnaît pas la personne"),
                            ("recognised", "pense reconnaître la personne"),
                            ("advised", "a donné un avis"),
                            ("closed", "close"),
                        ],
                        max_length=20,
                    ),
                ),
                ("text", models.TextField(blank=True)),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="partners.membership"
                    ),
                ),
                (
                    "consultation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="sharing.consultation"
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
                "ordering": ["entry"],
            },
        ),
        migrations.CreateModel(
            name="ConsultationParticipant",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("invited_at", models.DateTimeField()),
                (
                    "consultation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="sharing.consultation"
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
                "ordering": ["invited_at"],
            },
        ),
        migrations.CreateModel(
            name="Delivery",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "how",
                    models.CharField(
                        choices=[
                            ("telephone", "par téléphone"),
                            ("by_hand", "en main propre"),
                            ("post", "par la poste"),
                            ("secure_mail", "par messagerie sécurisée"),
                            ("meeting", "en réunion"),
                        ],
                        max_length=20,
                    ),
                ),
                ("received_by", models.CharField(max_length=160)),
                ("received_at", models.DateTimeField()),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="partners.membership"
                    ),
                ),
                (
                    "disclosure",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="sharing.disclosure"
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
                "ordering": ["-received_at"],
            },
        ),
        migrations.CreateModel(
            name="Incident",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("reference", models.CharField(max_length=24, unique=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("wrong_recipient", "reçu par qui ne devait pas le recevoir"),
                            ("unjustified", "communiqué sans que cela se justifie"),
                            ("said_without_ground", "dit de vive voix sans fondement"),
                            ("to_investigate", "à instruire"),
                        ],
                        max_length=30,
                    ),
                ),
                ("opened_at", models.DateTimeField()),
                ("due_at", models.DateTimeField()),
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
                    "disclosure",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="sharing.disclosure",
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
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="partners.institution"
                    ),
                ),
            ],
            options={
                "ordering": ["due_at"],
            },
        ),
        migrations.CreateModel(
            name="IncidentAct",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("noted", "noté"),
                            ("authority_told", "notifié à la CNIL"),
                            ("person_told", "dit à la personne"),
                            ("closed", "clos"),
                        ],
                        max_length=20,
                    ),
                ),
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
                    "incident",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="sharing.incident"
                    ),
                ),
            ],
            options={
                "ordering": ["entry"],
            },
        ),
        migrations.CreateModel(
            name="InformationRequest",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("reference", models.CharField(max_length=24, unique=True)),
                ("purpose", models.CharField(max_length=60)),
                (
                    "categories",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=60), default=list, size=None
                    ),
                ),
                ("decision_at_stake", models.TextField()),
                ("own_role", models.TextField(blank=True)),
                ("needed_on", models.DateField(blank=True, null=True)),
                ("sent_at", models.DateTimeField()),
                ("verdict", models.CharField(blank=True, max_length=10)),
                ("stopped", models.CharField(blank=True, max_length=60)),
                ("facts", models.JSONField(blank=True, null=True)),
                ("decision", models.JSONField(blank=True, null=True)),
                (
                    "about",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="sharing.disclosure",
                    ),
                ),
                (
                    "asked",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="partners.membership"
                    ),
                ),
                (
                    "asker",
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
                    "edition",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="sharing.rulebookedition",
                    ),
                ),
                (
                    "entry",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="audit.entry"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="cases.person",
                    ),
                ),
            ],
            options={
                "ordering": ["-sent_at"],
            },
        ),
        migrations.AddField(
            model_name="disclosure",
            name="answers",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="sharing.informationrequest",
            ),
        ),
        migrations.AddField(
            model_name="draft",
            name="answers",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="sharing.informationrequest",
            ),
        ),
        migrations.AddConstraint(
            model_name="disclosure",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("said_at__isnull", True),
                    models.Q(("channel", "spoken"), ("said_at__lte", models.F("released_at"))),
                    _connector="OR",
                ),
                name="what_is_written_down_was_said_before",
            ),
        ),
        migrations.AddConstraint(
            model_name="disclosure",
            constraint=models.CheckConstraint(
                condition=models.Q(("channel", "in_app"), ("opened_at__isnull", True), _connector="OR"),
                name="only_what_reaches_an_account_is_opened_there",
            ),
        ),
        migrations.AddConstraint(
            model_name="draft",
            constraint=models.CheckConstraint(
                condition=models.Q(("said_at__isnull", True), ("channel", "spoken"), _connector="OR"),
                name="what_was_said_was_said_aloud",
            ),
        ),
        migrations.AddField(
            model_name="notshared",
            name="by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="partners.membership"
            ),
        ),
        migrations.AddField(
            model_name="notshared",
            name="case",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="cases.case"),
        ),
        migrations.AddField(
            model_name="notshared",
            name="draft",
            field=models.ForeignKey(
                blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="sharing.draft"
            ),
        ),
        migrations.AddField(
            model_name="notshared",
            name="entry",
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="audit.entry"),
        ),
        migrations.AddField(
            model_name="notshared",
            name="recipient",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="partners.membership",
            ),
        ),
        migrations.AddField(
            model_name="notshared",
            name="request",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="sharing.informationrequest",
            ),
        ),
        migrations.AddField(
            model_name="opinion",
            name="by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="partners.membership"
            ),
        ),
        migrations.AddField(
            model_name="opinion",
            name="entry",
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="audit.entry"),
        ),
        migrations.AddField(
            model_name="opinion",
            name="reviewer",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="opinion",
            name="transferred_to",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="partners.membership",
            ),
        ),
        migrations.AddField(
            model_name="opinion",
            name="writer",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="recalled",
            name="by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="partners.membership"
            ),
        ),
        migrations.AddField(
            model_name="recalled",
            name="disclosure",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="sharing.disclosure"
            ),
        ),
        migrations.AddField(
            model_name="recalled",
            name="entry",
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="audit.entry"),
        ),
        migrations.AddField(
            model_name="requestact",
            name="by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="partners.membership"
            ),
        ),
        migrations.AddField(
            model_name="requestact",
            name="disclosure",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="sharing.disclosure",
            ),
        ),
        migrations.AddField(
            model_name="requestact",
            name="entry",
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="audit.entry"),
        ),
        migrations.AddField(
            model_name="requestact",
            name="request",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="sharing.informationrequest"
            ),
        ),
        migrations.AddField(
            model_name="returned",
            name="by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="partners.membership"
            ),
        ),
        migrations.AddField(
            model_name="returned",
            name="disclosure",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="sharing.disclosure"
            ),
        ),
        migrations.AddField(
            model_name="returned",
            name="entry",
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="audit.entry"),
        ),
        migrations.AddField(
            model_name="review",
            name="author",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="partners.membership"
            ),
        ),
        migrations.AddField(
            model_name="review",
            name="case",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="cases.case"),
        ),
        migrations.AddField(
            model_name="review",
            name="draft",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="sharing.draft"),
        ),
        migrations.AddField(
            model_name="review",
            name="entry",
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="audit.entry"),
        ),
        migrations.AddField(
            model_name="review",
            name="record",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="sharing.decisionrecord"
            ),
        ),
        migrations.AddField(
            model_name="review",
            name="writer",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="opinion",
            name="review",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="sharing.review"),
        ),
        migrations.AddField(
            model_name="unsealing",
            name="by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="partners.membership"
            ),
        ),
        migrations.AddField(
            model_name="unsealing",
            name="entry",
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="audit.entry"),
        ),
        migrations.AddField(
            model_name="unsealing",
            name="record",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="sharing.decisionrecord"
            ),
        ),
        migrations.AddField(
            model_name="usefulness",
            name="by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="partners.membership"
            ),
        ),
        migrations.AddField(
            model_name="usefulness",
            name="disclosure",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="sharing.disclosure"
            ),
        ),
        migrations.AddField(
            model_name="usefulness",
            name="entry",
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="audit.entry"),
        ),
        migrations.AddIndex(
            model_name="call",
            index=models.Index(fields=["by", "-called_at"], name="sharing_cal_by_id_667569_idx"),
        ),
        migrations.AddConstraint(
            model_name="call",
            constraint=models.CheckConstraint(
                condition=models.Q(("called_at__lte", models.F("at"))), name="a_call_is_noted_after_it_came"
            ),
        ),
        migrations.AddConstraint(
            model_name="conclusion",
            constraint=models.UniqueConstraint(fields=("disclosure", "number"), name="one_conclusion_a_turn"),
        ),
        migrations.AddConstraint(
            model_name="conclusion",
            constraint=models.CheckConstraint(
                condition=models.Q(("reviewer", models.F("writer")), _negated=True), name="nobody_concludes_on_her_own"
            ),
        ),
        migrations.AddIndex(
            model_name="consultation",
            index=models.Index(fields=["author", "-opened_at"], name="sharing_con_author__d0cd55_idx"),
        ),
        migrations.AddConstraint(
            model_name="consultationact",
            constraint=models.UniqueConstraint(
                condition=models.Q(("kind", "closed")), fields=("consultation",), name="a_consultation_closes_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="consultationact",
            constraint=models.UniqueConstraint(
                condition=models.Q(("kind__in", ["unknown", "recognised"])),
                fields=("consultation", "by"),
                name="a_participant_declares_once",
            ),
        ),
        migrations.AddIndex(
            model_name="consultationparticipant",
            index=models.Index(fields=["membership", "-invited_at"], name="sharing_con_members_16eafd_idx"),
        ),
        migrations.AddConstraint(
            model_name="consultationparticipant",
            constraint=models.UniqueConstraint(fields=("consultation", "membership"), name="asked_once_a_consultation"),
        ),
        migrations.AddConstraint(
            model_name="delivery",
            constraint=models.CheckConstraint(
                condition=models.Q(("received_at__lte", models.F("at"))), name="received_before_it_is_noted"
            ),
        ),
        migrations.AddIndex(
            model_name="incident",
            index=models.Index(fields=["institution", "due_at"], name="sharing_inc_institu_c6531b_idx"),
        ),
        migrations.AddConstraint(
            model_name="incident",
            constraint=models.CheckConstraint(
                condition=models.Q(("due_at__gt", models.F("opened_at"))), name="an_incident_is_due_after_it_opens"
            ),
        ),
        migrations.AddConstraint(
            model_name="incidentact",
            constraint=models.UniqueConstraint(
                condition=models.Q(("kind", "closed")), fields=("incident",), name="an_incident_closes_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="incidentact",
            constraint=models.CheckConstraint(
                condition=models.Q(("text", ""), _negated=True), name="what_is_done_of_an_incident_is_said"
            ),
        ),
        migrations.AddIndex(
            model_name="informationrequest",
            index=models.Index(fields=["asked", "-sent_at"], name="sharing_inf_asked_i_62de55_idx"),
        ),
        migrations.AddIndex(
            model_name="informationrequest",
            index=models.Index(fields=["asker", "-sent_at"], name="sharing_inf_asker_i_145670_idx"),
        ),
        migrations.AddIndex(
            model_name="informationrequest",
            index=models.Index(fields=["person", "-sent_at"], name="sharing_inf_person__02c924_idx"),
        ),
        migrations.AddConstraint(
            model_name="informationrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("person__isnull", False), models.Q(("stopped", ""), _negated=True), _connector="OR"
                ),
                name="a_request_that_was_sent_names_somebody",
            ),
        ),
        migrations.AddIndex(
            model_name="notshared",
            index=models.Index(fields=["case", "-at"], name="sharing_not_case_id_b37f2a_idx"),
        ),
        migrations.AddConstraint(
            model_name="notshared",
            constraint=models.CheckConstraint(
                condition=models.Q(("reason", ""), _negated=True), name="not_sharing_says_why"
            ),
        ),
        migrations.AddConstraint(
            model_name="requestact",
            constraint=models.UniqueConstraint(
                condition=models.Q(("kind__in", ["declined", "ask_her", "without_name", "answered", "withdrawn"])),
                fields=("request",),
                name="a_request_ends_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="requestact",
            constraint=models.UniqueConstraint(
                condition=models.Q(("kind", "opened")), fields=("request",), name="a_request_is_first_opened_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="requestact",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("disclosure__isnull", False), ("kind", "answered")),
                    models.Q(("kind", "answered"), _negated=True),
                    _connector="OR",
                ),
                name="an_answer_is_a_communication",
            ),
        ),
        migrations.AddIndex(
            model_name="review",
            index=models.Index(fields=["draft", "-submitted_at"], name="sharing_rev_draft_i_cf3f7e_idx"),
        ),
        migrations.AddIndex(
            model_name="review",
            index=models.Index(fields=["author", "-submitted_at"], name="sharing_rev_author__283bce_idx"),
        ),
        migrations.AddConstraint(
            model_name="review",
            constraint=models.UniqueConstraint(fields=("draft", "digest"), name="an_opinion_is_asked_once_a_content"),
        ),
        migrations.AddConstraint(
            model_name="opinion",
            constraint=models.UniqueConstraint(fields=("review", "number"), name="one_opinion_a_turn"),
        ),
        migrations.AddConstraint(
            model_name="opinion",
            constraint=models.CheckConstraint(
                condition=models.Q(("reviewer", models.F("writer")), _negated=True), name="nobody_reviews_her_own"
            ),
        ),
        migrations.AddConstraint(
            model_name="opinion",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind", "favourable"), models.Q(("reason", ""), _negated=True), _connector="OR"),
                name="an_opinion_says_why",
            ),
        ),
        migrations.AddConstraint(
            model_name="unsealing",
            constraint=models.CheckConstraint(
                condition=models.Q(("reason", ""), _negated=True), name="an_unsealing_says_why"
            ),
        ),
        migrations.AddConstraint(
            model_name="unsealing",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends_at__gt", models.F("at"))), name="an_unsealing_ends"
            ),
        ),
        migrations.AddConstraint(
            model_name="usefulness",
            constraint=models.UniqueConstraint(
                condition=models.Q(("served", "too_soon"), _negated=True),
                fields=("disclosure", "side"),
                name="each_side_says_once_if_it_served",
            ),
        ),
    ]
