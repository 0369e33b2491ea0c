"""What a post may do, what was proven of its secrecy and when it ends change with their act alone, whoever writes them (docs/adr/0044)."""

from django.db import migrations

# What each act says is compared with what is written, in the transaction that recorded it: an older act allows nothing any more.
# Three functions take a second person's answer (`partners.accounts.posts.BY_TWO`). Whose post it is, where and in what role never
# changes: somebody who changes work has another post.
GUARD = """
    CREATE FUNCTION partners_post_changes_by_its_act() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp AS $$
    BEGIN
        IF (NEW.id, NEW.professional_id, NEW.institution_id, NEW.role)
            IS DISTINCT FROM (OLD.id, OLD.professional_id, OLD.institution_id, OLD.role)
        THEN
            RAISE EXCEPTION 'a post stays whose it is: neither its person, its institution nor its role changes'
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        IF NEW.functions IS DISTINCT FROM OLD.functions AND NOT EXISTS (
            SELECT FROM public.partners_functionchange c
            LEFT JOIN public.partners_functionanswer a ON a.change_id = c.id AND a.accepted
            CROSS JOIN LATERAL (
                SELECT ARRAY(SELECT unnest(c.before) EXCEPT SELECT unnest(c.after)) AS gone,
                       ARRAY(SELECT unnest(c.after) EXCEPT SELECT unnest(c.before)) AS come
            ) moved
            JOIN public.audit_entry e ON e.xid = pg_current_xact_id() AND e.id = CASE
                WHEN gone || come && ARRAY['directory_admin', 'dpo', 'auditor']::varchar[] THEN a.entry_id
                ELSE coalesce(a.entry_id, c.entry_id) END
            WHERE c.membership_id = NEW.id
                AND ARRAY(SELECT DISTINCT unnest(NEW.functions) ORDER BY 1)
                    = ARRAY(SELECT unnest(OLD.functions) EXCEPT SELECT unnest(gone) UNION SELECT unnest(come) ORDER BY 1)
        ) THEN
            RAISE EXCEPTION 'no function without its act: those of post % stay', OLD.id
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        IF (NEW.secrecy_status, NEW.secrecy_proof, NEW.secrecy_verified_on)
            IS DISTINCT FROM (OLD.secrecy_status, OLD.secrecy_proof, OLD.secrecy_verified_on) AND NOT EXISTS (
            SELECT FROM public.partners_secrecycheck c JOIN public.audit_entry e ON e.id = c.entry_id
            WHERE c.membership_id = NEW.id AND e.xid = pg_current_xact_id() AND CASE
                WHEN c.proven THEN (NEW.secrecy_status, NEW.secrecy_proof, NEW.secrecy_verified_on)
                    = (c.status, c.proof, (c.checked_at AT TIME ZONE 'Europe/Paris')::date)
                ELSE NEW.secrecy_verified_on IS NULL
                    AND (NEW.secrecy_status, NEW.secrecy_proof) = (OLD.secrecy_status, OLD.secrecy_proof) END
        ) THEN
            RAISE EXCEPTION 'no secrecy without its check: that of post % stays', OLD.id
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        IF NEW.ends_at IS DISTINCT FROM OLD.ends_at AND NOT EXISTS (
            SELECT FROM public.partners_membershipend m JOIN public.audit_entry e ON e.id = m.entry_id
            WHERE m.membership_id = NEW.id AND e.xid = pg_current_xact_id()
                AND NEW.ends_at = greatest(m.ends_at, NEW.starts_at)
        ) THEN
            RAISE EXCEPTION 'no end without its act: that of post % stays', OLD.id
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;
    END $$;

    CREATE TRIGGER partners_membership_by_its_act BEFORE UPDATE ON partners_membership
        FOR EACH ROW EXECUTE FUNCTION partners_post_changes_by_its_act();
    ALTER TABLE partners_membership ENABLE ALWAYS TRIGGER partners_membership_by_its_act;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("audit", "0008_alarms_are_lifted_once"),
        ("partners", "0012_letters_about_second_factors"),
    ]

    operations = [migrations.RunSQL(GUARD, migrations.RunSQL.noop)]
