"""The person's word is never rewritten: a later word is another row."""

from django.db import migrations

from audit import guards


class Migration(migrations.Migration):
    dependencies = [("consent", "0001_initial"), ("audit", "0002_closed_by_the_database")]

    operations = [
        migrations.RunSQL(
            [
                guards.close("consent_notice"),
                guards.close("consent_consent"),
                guards.close("consent_withdrawal"),
                guards.close("consent_priorinformation"),
                guards.close("consent_refusal"),
                guards.close("consent_objection"),
                guards.needs_entry("consent_consent", "consent.given"),
                guards.needs_entry("consent_withdrawal", "consent.withdrawn"),
                guards.needs_entry("consent_refusal", "consent.refused"),
                guards.needs_entry("consent_objection", "objection.recorded"),
                guards.needs_entry("consent_priorinformation", "information.given", "information.withheld"),
            ],
            migrations.RunSQL.noop,
        ),
    ]
