"""The SQL by which migrations close a table: what the application's role may no longer do, and what an act needs.

Used by the migrations of every app (`RunSQL`), so that a table is closed where it is made.
"""

from collections.abc import Sequence

APP_ROLE = "tact_app"
SEALER_ROLE = "tact_sealer"
ERASURE_ROLE = "tact_erasure"
AUDITOR_ROLE = "tact_auditor"


def close(table: str, *, insert: Sequence[str] | None = None, update: Sequence[str] = ()) -> str:
    """Take every right from the application but SELECT, INSERT (of these columns) and UPDATE of the named columns."""
    rights = [f"REVOKE ALL ON {table} FROM {APP_ROLE};", f"GRANT SELECT ON {table} TO {APP_ROLE};"]
    columns = f" ({', '.join(insert)})" if insert else ""
    rights.append(f"GRANT INSERT{columns} ON {table} TO {APP_ROLE};")
    if update:
        rights.append(f"GRANT UPDATE ({', '.join(update)}) ON {table} TO {APP_ROLE};")
    return "\n".join(rights)


def sealed(table: str) -> str:
    """Written by the sealer alone; read by the application and the auditor."""
    return f"""
        REVOKE ALL ON {table} FROM {APP_ROLE};
        GRANT SELECT ON {table} TO {APP_ROLE};
        GRANT SELECT, INSERT ON {table} TO {SEALER_ROLE};
    """


def keep(table: str) -> str:
    """Governed rows are changed, never removed."""
    return f"REVOKE DELETE, TRUNCATE ON {table} FROM {APP_ROLE};"


def append_only(table: str) -> str:
    """Statement triggers that refuse every change, to the owner and to replication too (ENABLE ALWAYS)."""
    return f"""
        CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table}
            FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse_change();
        CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table}
            FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse_change();
        ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_no_change;
        ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_no_truncate;
    """


def needs_entry(table: str, *actions: str) -> str:
    """An act is inserted only with an entry written by the same transaction, for one of these actions."""
    listed = ", ".join(f"'{action}'" for action in actions)
    return f"""
        CREATE TRIGGER {table}_needs_entry BEFORE INSERT ON {table}
            FOR EACH ROW EXECUTE FUNCTION audit_entry_of_this_act({listed});
        ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_needs_entry;
    """


def written_once(table: str, *columns: str) -> str:
    """The instants that an act fills in later are written once: neither moved nor taken back."""
    listed = ", ".join(f"'{column}'" for column in columns)
    return f"""
        CREATE TRIGGER {table}_once BEFORE UPDATE ON {table}
            FOR EACH ROW EXECUTE FUNCTION audit_written_once({listed});
        ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_once;
    """


# Each pins its search path to PostgreSQL's own catalogue: no table, function or operator of anybody else's, be it the
# owner's, ever stands for the trail or for an equal sign.
FUNCTIONS = """
    CREATE FUNCTION audit_refuse_change() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp AS $$
    BEGIN
        RAISE EXCEPTION 'the trail is append-only: % on % is refused', TG_OP, TG_TABLE_NAME
            USING ERRCODE = 'insufficient_privilege';
    END $$;

    CREATE FUNCTION audit_written_once() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp AS $$
    DECLARE
        name text;
    BEGIN
        FOREACH name IN ARRAY TG_ARGV LOOP
            IF to_jsonb(OLD) ->> name <> coalesce(to_jsonb(NEW) ->> name, '') THEN
                RAISE EXCEPTION 'written once: % of % is refused another value', name, TG_TABLE_NAME
                    USING ERRCODE = 'insufficient_privilege';
            END IF;
        END LOOP;
        RETURN NEW;
    END $$;

    CREATE FUNCTION audit_entry_of_this_act() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp AS $$
    DECLARE
        entry record;
    BEGIN
        SELECT xid, action INTO entry FROM public.audit_entry WHERE id = NEW.entry_id;
        IF NOT FOUND OR entry.xid <> pg_current_xact_id() OR NOT entry.action = ANY (TG_ARGV) THEN
            RAISE EXCEPTION 'no act without its entry: % needs one written by the same transaction', TG_TABLE_NAME
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;
    END $$;
"""

# The one thing that is ever removed: what is personal in an entry, by the erasure role, in the transaction that says so.
ERASING_FUNCTIONS = f"""
    CREATE FUNCTION audit_refuse_unless_erasing() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp AS $$
    BEGIN
        IF current_user <> '{ERASURE_ROLE}' THEN
            RAISE EXCEPTION 'the trail is append-only: % on % is refused to %', TG_OP, TG_TABLE_NAME, current_user
                USING ERRCODE = 'insufficient_privilege';
        END IF;
        RETURN NULL;
    END $$;

    CREATE FUNCTION audit_erased_by_its_entry() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp AS $$
    BEGIN
        IF NOT EXISTS (
            SELECT FROM public.audit_erasure r JOIN public.audit_entry e ON e.id = r.entry_id
            WHERE r.erased_ref = OLD.entry_id AND e.xid = pg_current_xact_id() AND e.action = 'payload.erased'
        ) THEN
            RAISE EXCEPTION 'no erasure without its entry: the payload of % stays', OLD.entry_id
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN OLD;
    END $$;

    CREATE FUNCTION audit_records_erasures_only() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp AS $$
    BEGIN
        IF NEW.action <> 'payload.erased' THEN
            RAISE EXCEPTION 'the erasure role records erasures and nothing else: % is refused', NEW.action
                USING ERRCODE = 'insufficient_privilege';
        END IF;
        RETURN NEW;
    END $$;
"""
# In place of what `append_only` made: UPDATE is refused to all, DELETE to all but the erasure role, row by row.
ERASED_BY_ITS_ROLE = f"""
    DROP TRIGGER audit_payload_no_change ON audit_payload;
    CREATE TRIGGER audit_payload_no_change BEFORE UPDATE ON audit_payload
        FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse_change();
    CREATE TRIGGER audit_payload_by_erasure BEFORE DELETE ON audit_payload
        FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse_unless_erasing();
    CREATE TRIGGER audit_payload_with_entry BEFORE DELETE ON audit_payload
        FOR EACH ROW EXECUTE FUNCTION audit_erased_by_its_entry();
    CREATE TRIGGER audit_entry_of_erasure BEFORE INSERT ON audit_entry
        FOR EACH ROW WHEN (current_user = '{ERASURE_ROLE}') EXECUTE FUNCTION audit_records_erasures_only();
    ALTER TABLE audit_payload ENABLE ALWAYS TRIGGER audit_payload_no_change;
    ALTER TABLE audit_payload ENABLE ALWAYS TRIGGER audit_payload_by_erasure;
    ALTER TABLE audit_payload ENABLE ALWAYS TRIGGER audit_payload_with_entry;
    ALTER TABLE audit_entry ENABLE ALWAYS TRIGGER audit_entry_of_erasure;
"""
