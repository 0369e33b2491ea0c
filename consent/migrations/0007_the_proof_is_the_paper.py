"""The proof of a written word is its signed paper (`Scan`), whose digest serves once; the agreement kept a second one."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("consent", "0006_a_withdrawal_recorded_in_error_is_followed_by_another")]

    operations = [
        migrations.RemoveConstraint(model_name="consent", name="an_evidence_serves_one_scope"),
        migrations.RemoveField(model_name="consent", name="evidence_digest"),
    ]
