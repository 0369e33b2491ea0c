"""What is known of somebody is written once; a case and a person are never removed; references come from a sequence."""

from django.db import migrations

from audit import guards


class Migration(migrations.Migration):
    dependencies = [("cases", "0001_initial"), ("audit", "0002_closed_by_the_database")]

    operations = [
        migrations.RunSQL("CREATE SEQUENCE cases_reference START 101", "DROP SEQUENCE cases_reference"),
        migrations.RunSQL(
            [
                guards.keep("cases_person"),
                guards.keep("cases_representative"),
                guards.keep("cases_case"),
                guards.close("cases_item"),
                guards.close("cases_itemcontent"),
                guards.close("cases_assignment", update=("ends_at",)),
                guards.close("cases_involvement", update=("ends_at",)),
                guards.written_once("cases_assignment", "ends_at"),
                guards.written_once("cases_involvement", "ends_at"),
                guards.needs_entry("cases_involvement", "involvement.recorded"),
                guards.needs_entry("cases_item", "item.added"),
                guards.needs_entry("cases_assignment", "case.assigned"),
            ],
            migrations.RunSQL.noop,
        ),
    ]
