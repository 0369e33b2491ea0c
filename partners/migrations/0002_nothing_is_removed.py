"""Institutions, people and agreements are closed, never removed: the past keeps naming them."""

from django.db import migrations

from audit import guards

TABLES = ("institution", "professional", "membership", "agreement", "agreementparty")


class Migration(migrations.Migration):
    dependencies = [("partners", "0001_initial")]

    operations = [
        migrations.RunSQL([guards.keep(f"partners_{table}") for table in TABLES], migrations.RunSQL.noop),
    ]
