"""Which sheets are of one person at an instant; and a link asked for by a reference that nobody of the institution bears."""

import django.db.models.deletion
from django.db import migrations, models

SHEETS_OF = """
    CREATE FUNCTION cases_sheets_of(sheet uuid, instant timestamptz) RETURNS uuid[] LANGUAGE sql STABLE
    SET search_path = pg_catalog, public, pg_temp AS $$
        WITH RECURSIVE joined(sheet, institution) AS (
            SELECT $1, NULL::uuid
            UNION
            SELECT CASE WHEN link.first_id = joined.sheet THEN link.second_id ELSE link.first_id END, link.institution_id
            FROM joined JOIN cases_personlink link
                ON (link.first_id = joined.sheet OR link.second_id = joined.sheet)
                AND link.second_id IS NOT NULL
                AND (joined.institution IS NULL OR link.institution_id = joined.institution)
            WHERE EXISTS (
                SELECT 1 FROM cases_personlinkanswer said
                WHERE said.link_id = link.id AND said.approved AND said.at <= $2
            )
            AND NOT EXISTS (
                SELECT 1 FROM cases_personlinkend over WHERE over.link_id = link.id AND over.at <= $2
            )
        )
        SELECT array_agg(DISTINCT joined.sheet) FROM joined
    $$;
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0005_what_stands_is_computed")]

    operations = [
        migrations.AddField(
            model_name="personlink",
            name="asked",
            field=models.CharField(blank=True, default="", max_length=20),
        ),
        migrations.AlterField(
            model_name="personlink",
            name="second",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="cases.person"
            ),
        ),
        migrations.AddConstraint(
            model_name="personlink",
            constraint=models.CheckConstraint(
                condition=models.Q(("second__isnull", False), models.Q(("asked", ""), _negated=True), _connector="OR"),
                name="a_link_names_its_second_sheet_or_a_reference",
            ),
        ),
        migrations.RunSQL(SHEETS_OF, "DROP FUNCTION cases_sheets_of(uuid, timestamptz)"),
    ]
