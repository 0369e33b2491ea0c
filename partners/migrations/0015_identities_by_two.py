"""An identity of ProConnect recognised for a colleague without a second factor: by two persons (docs/adr/0044)."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from audit import guards

# The second person is that of its membership, and the two others are those of the answer: the CHECK then compares persons, whatever
# the memberships (abuse 10).
PERSONS = """
    ALTER TABLE partners_proconnectanswer
        ADD CONSTRAINT identity_with_its_persons UNIQUE (id, professional_id, answerer_id);
    ALTER TABLE partners_proconnectconfirmation
        ADD CONSTRAINT identity_confirmed_by_its_person FOREIGN KEY (confirmed_by_id, confirmer_id)
            REFERENCES partners_membership (id, professional_id),
        ADD CONSTRAINT confirms_the_answer_of_these_persons FOREIGN KEY (answer_id, professional_id, answerer_id)
            REFERENCES partners_proconnectanswer (id, professional_id, answerer_id);
"""


def again(table: str, *actions: str) -> list[str]:
    """The same guard, with actions that it did not know."""
    return [f"DROP TRIGGER {table}_needs_entry ON {table};", guards.needs_entry(table, *actions)]


CLOSED = [
    guards.close("partners_proconnectconfirmation"),
    guards.needs_entry("partners_proconnectconfirmation", "proconnect.confirmed", "proconnect.confirmation_refused"),
    *again("partners_proconnectanswer", "proconnect.approved", "proconnect.proposed", "proconnect.refused"),
    *again("partners_proconnectlink", "proconnect.added", "proconnect.approved", "proconnect.confirmed"),
]


class Migration(migrations.Migration):
    dependencies = [
        ("audit", "0008_alarms_are_lifted_once"),
        ("partners", "0014_institutions_added_and_corrected"),
    ]

    operations = [
        migrations.CreateModel(
            name="ProConnectConfirmation",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("confirmed", models.BooleanField()),
                ("sentence", models.CharField(blank=True, max_length=300)),
                ("confirmed_at", models.DateTimeField()),
            ],
            options={
                "ordering": ["-confirmed_at"],
            },
        ),
        migrations.AddField(
            model_name="proconnectanswer",
            name="needs_second",
            field=models.BooleanField(default=False),
        ),
        migrations.AlterField(
            model_name="accountletter",
            name="kind",
            field=models.CharField(
                choices=[
                    ("password_reset", "Choisir un nouveau mot de passe"),
                    ("password_changed", "Votre mot de passe a changé"),
                    ("new_browser", "Une session ouverte depuis un nouveau navigateur"),
                    ("proconnect_added", "Une identité ProConnect a été reliée à votre compte"),
                    ("factor_added", "Un second facteur a été ajouté à votre compte"),
                    ("factor_removed", "Un second facteur a été retiré de votre compte"),
                    ("factor_codes", "De nouveaux codes de secours ont été faits"),
                    ("factor_used", "Un code de secours a servi"),
                    ("factor_reset", "Votre second facteur perdu a été retiré"),
                    ("factor_waiting", "Une perte signalée attend une deuxième personne"),
                    ("proconnect_waiting", "Une identité ProConnect attend une deuxième personne"),
                    ("proconnect_ended", "Une identité ProConnect a été déliée de votre compte"),
                ],
                max_length=30,
            ),
        ),
        migrations.AddConstraint(
            model_name="proconnectanswer",
            constraint=models.CheckConstraint(
                condition=models.Q(("needs_second", False), ("approved", True), _connector="OR"),
                name="only_a_yes_needs_a_second_person",
            ),
        ),
        migrations.AddField(
            model_name="proconnectconfirmation",
            name="answer",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="partners.proconnectanswer"
            ),
        ),
        migrations.AddField(
            model_name="proconnectconfirmation",
            name="answerer",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="proconnectconfirmation",
            name="confirmed_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="partners.membership"
            ),
        ),
        migrations.AddField(
            model_name="proconnectconfirmation",
            name="confirmer",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="proconnectconfirmation",
            name="entry",
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="audit.entry"),
        ),
        migrations.AddField(
            model_name="proconnectconfirmation",
            name="professional",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddConstraint(
            model_name="proconnectconfirmation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("confirmer", models.F("answerer")), _negated=True),
                    models.Q(("confirmer", models.F("professional")), _negated=True),
                ),
                name="an_identity_by_a_second_person",
            ),
        ),
        migrations.AddConstraint(
            model_name="proconnectconfirmation",
            constraint=models.CheckConstraint(
                condition=models.Q(("confirmed", True), models.Q(("sentence", ""), _negated=True), _connector="OR"),
                name="a_refused_identity_says_why",
            ),
        ),
        migrations.RunSQL([PERSONS, *CLOSED], migrations.RunSQL.noop),
    ]
