"""The measure, the vulnerability, the inability and the disagreement of a person's sheet become dated statuses.

They are brought over as they stood since the sheet was made, without author nor entry: nobody recorded them as such.
"""

from django.db import migrations, models

GUARDED = """
    ALTER TABLE cases_personstatus DISABLE TRIGGER cases_personstatus_needs_entry;
    ALTER TABLE cases_personstatus DISABLE TRIGGER cases_personstatus_no_change;
"""
# Rows wait for their foreign keys to be checked until then, and a table that waits cannot be altered.
GUARDED_AGAIN = """
    SET CONSTRAINTS ALL IMMEDIATE;
    ALTER TABLE cases_personstatus ENABLE ALWAYS TRIGGER cases_personstatus_needs_entry;
    ALTER TABLE cases_personstatus ENABLE ALWAYS TRIGGER cases_personstatus_no_change;
    SET CONSTRAINTS ALL DEFERRED;
"""
OPEN = """
    s.person_id = p.id AND s.starts_at <= now() AND (s.ends_at IS NULL OR s.ends_at > now())
    AND NOT EXISTS (SELECT 1 FROM cases_personstatusend e WHERE e.status_id = s.id)
"""
BRING_OVER = f"""
    INSERT INTO cases_personstatus
        (id, person_id, kind, scope, authority, act_reference, note, starts_at, recorded_at)
    SELECT gen_random_uuid(), p.id, found.kind, found.scope, '', '', '', p.created_at, p.created_at
    FROM cases_person p
    CROSS JOIN LATERAL (VALUES
        (CASE p.measure WHEN 'tutelle_personal' THEN 'tutelle' WHEN 'tutelle_property' THEN 'tutelle' ELSE p.measure END,
         CASE p.measure WHEN 'tutelle_personal' THEN 'personal_representation' WHEN 'tutelle_property' THEN 'property'
                        ELSE '' END,
         p.measure <> ''),
        ('vulnerable', '', p.vulnerable),
        ('unable', '', p.unable),
        ('parents_disagree', '', p.parents_disagree)
    ) AS found (kind, scope, stands)
    WHERE found.stands AND NOT EXISTS (SELECT 1 FROM cases_personstatus s WHERE {OPEN} AND s.kind = found.kind);
"""  # noqa: S608  (constants only)
TAKE_BACK = f"""
    UPDATE cases_person p SET
        measure = coalesce((
            SELECT CASE WHEN s.kind IN ('sauvegarde', 'curatelle') THEN s.kind
                        WHEN s.scope = 'personal_representation' THEN 'tutelle_personal'
                        WHEN s.scope = 'personal_assistance' THEN 'curatelle' ELSE 'tutelle_property' END
            FROM cases_personstatus s WHERE {OPEN}
              AND s.kind IN ('sauvegarde', 'curatelle', 'tutelle', 'habilitation_familiale', 'mandat_protection_future')
            ORDER BY s.scope = 'personal_representation' DESC, s.starts_at DESC LIMIT 1), ''),
        vulnerable = EXISTS (SELECT 1 FROM cases_personstatus s WHERE {OPEN} AND s.kind = 'vulnerable'),
        unable = EXISTS (SELECT 1 FROM cases_personstatus s WHERE {OPEN} AND s.kind = 'unable'),
        parents_disagree = EXISTS (SELECT 1 FROM cases_personstatus s WHERE {OPEN} AND s.kind = 'parents_disagree');
    DELETE FROM cases_personstatus s WHERE s.recorded_by_id IS NULL
        AND NOT EXISTS (SELECT 1 FROM cases_personstatusend e WHERE e.status_id = s.id);
"""  # noqa: S608  (constants only)


class Migration(migrations.Migration):
    dependencies = [("cases", "0004_the_persons_word")]

    operations = [
        migrations.AlterField(
            model_name="personstatus",
            name="kind",
            field=models.CharField(
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
                    ("objects_to_parents", "l’enfant s’oppose à ce que ses parents sachent"),
                    ("do_not_contact", "ne pas contacter"),
                    ("protected_address", "adresse protégée"),
                ],
                max_length=30,
            ),
        ),
        migrations.RunSQL(
            [GUARDED, BRING_OVER, GUARDED_AGAIN],
            [GUARDED, TAKE_BACK, GUARDED_AGAIN],
        ),
        migrations.RemoveField(model_name="person", name="measure"),
        migrations.RemoveField(model_name="person", name="vulnerable"),
        migrations.RemoveField(model_name="person", name="unable"),
        migrations.RemoveField(model_name="person", name="parents_disagree"),
    ]
