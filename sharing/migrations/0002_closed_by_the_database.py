"""No disclosure without its decision and its entry, in one transaction; what left is never rewritten."""

from django.db import migrations

from audit import guards


class Migration(migrations.Migration):
    dependencies = [("sharing", "0001_initial"), ("audit", "0002_closed_by_the_database")]

    operations = [
        migrations.RunSQL("CREATE SEQUENCE sharing_reference START 101", "DROP SEQUENCE sharing_reference"),
        migrations.RunSQL(
            [
                guards.keep("sharing_draft"),
                guards.keep("sharing_outbox"),
                guards.close("sharing_decisionrecord"),
                guards.close("sharing_disclosure", update=("opened_at", "acknowledged_at")),
                guards.close("sharing_discloseditem"),
                guards.close("sharing_duty", update=("discharged_at",)),
                guards.written_once("sharing_disclosure", "opened_at", "acknowledged_at"),
                guards.written_once("sharing_duty", "discharged_at"),
                guards.needs_entry(
                    "sharing_decisionrecord",
                    "disclosure.released",
                    "disclosure.refused",
                    "disclosure.not_sent",
                    "disclosure.awaiting_opinion",
                ),
                guards.needs_entry("sharing_disclosure", "disclosure.released"),
            ],
            migrations.RunSQL.noop,
        ),
    ]
