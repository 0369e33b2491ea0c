"""The guards of the trail's own schema: two event triggers that refuse to change what guards the rows (trust.md, point 3).

Only a superuser makes, changes or drops them: the bundled server's bootstrap, or whoever holds a server of one's own. Their
schema and functions are the superuser's too. No Django here: `config.roles` uses this before there are settings.

Three questions are asked after each DDL command, whoever gives it, replication and the superuser included. Does an object that
it made, changed or dropped bear a name of the trail (`object_identity`: the schema's name is NULL for a rule)? Does it lend the
owner's rights to others (SECURITY DEFINER)? Is the trail's schema still, word for word, what it was when the guards were put
up? The last one sees what has no identity at all: a GRANT, an index, a view, a table that inherits, a name taken away.
"""

from typing import Any

SCHEMA = "tact_guards"
OWNER = "tact_owner"
# Each with its event and its function.
EVENTS = {
    "tact_guard_change": ("ddl_command_end", "refuse_change"),
    "tact_guard_drop": ("sql_drop", "refuse_drop"),
}
LOCK = 0x7AC7_6A2D

# A text for each table, sequence and function of the trail, with everything that hangs on it, and for what ties each act to its
# entry. Every month of the access log is the same text, so that months come and go.
STATE = """
    CREATE OR REPLACE FUNCTION tact_guards.state() RETURNS SETOF text LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp AS $body$
    WITH kept AS (
        SELECT c.* FROM pg_class c
        WHERE c.relnamespace = to_regnamespace('public') AND c.relname ~ '^audit_' AND c.relkind IN ('r', 'p', 'S', 'v', 'm', 'f')
    ), said AS (
        SELECT concat_ws(E'\\n', c.relname, c.relkind, pg_get_userbyid(c.relowner), c.relacl::text, c.relpersistence,
            c.relrowsecurity, c.relforcerowsecurity, c.reloptions::text,
            (SELECT string_agg(concat_ws(' ', a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attidentity,
                                         a.attgenerated, a.attacl::text, pg_get_expr(d.adbin, d.adrelid)), E'\\n' ORDER BY a.attnum)
             FROM pg_attribute a LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
             WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped),
            (SELECT string_agg(pg_get_triggerdef(t.oid) || t.tgenabled::text, E'\\n' ORDER BY t.tgname)
             FROM pg_trigger t WHERE t.tgrelid = c.oid AND NOT t.tgisinternal),
            (SELECT bool_or(t.tgenabled <> 'O') FROM pg_trigger t WHERE t.tgrelid = c.oid AND t.tgisinternal)
                IS TRUE,
            (SELECT string_agg(concat_ws(' ', k.conname, pg_get_constraintdef(k.oid), k.convalidated), E'\\n' ORDER BY k.conname)
             FROM pg_constraint k WHERE k.conrelid = c.oid),
            (SELECT string_agg(pg_get_indexdef(i.indexrelid) || i.indisvalid::text, E'\\n' ORDER BY i.indexrelid::regclass::text)
             FROM pg_index i WHERE i.indrelid = c.oid),
            (SELECT string_agg(pg_get_ruledef(r.oid) || r.ev_enabled::text, E'\\n' ORDER BY r.rulename)
             FROM pg_rewrite r WHERE r.ev_class = c.oid),
            (SELECT string_agg(concat_ws(' ', p.polname, p.polcmd, p.polpermissive, p.polroles::regrole[]::text,
                                         pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid)), E'\\n'
                               ORDER BY p.polname) FROM pg_policy p WHERE p.polrelid = c.oid),
            (SELECT string_agg(s.stxname, ' ' ORDER BY s.stxname) FROM pg_statistic_ext s WHERE s.stxrelid = c.oid),
            (SELECT count(*) FROM pg_publication_rel b WHERE b.prrelid = c.oid),
            (SELECT string_agg(i.inhparent::regclass::text, ' ' ORDER BY i.inhseqno) FROM pg_inherits i WHERE i.inhrelid = c.oid),
            (SELECT string_agg(i.inhrelid::regclass::text, ' ' ORDER BY i.inhrelid::regclass::text) FROM pg_inherits i
             WHERE i.inhparent = c.oid AND i.inhrelid::regclass::text !~ '^public.audit_access_\\d{4}_\\d{2}$'),
            (SELECT string_agg(DISTINCT r.ev_class::regclass::text, ' ') FROM pg_depend d JOIN pg_rewrite r ON r.oid = d.objid
             WHERE d.classid = 'pg_rewrite'::regclass AND d.refclassid = 'pg_class'::regclass AND d.refobjid = c.oid
             AND r.ev_class <> c.oid)) AS line
        FROM kept c
        UNION ALL
        SELECT concat_ws(E'\\n', pg_get_functiondef(p.oid), pg_get_userbyid(p.proowner), p.proacl::text)
        FROM pg_proc p
        WHERE p.pronamespace = to_regnamespace('public') AND p.proname ~ '^audit_' AND p.prokind IN ('f', 'p')
        UNION ALL
        SELECT concat_ws(' ', pg_get_triggerdef(t.oid), t.tgenabled)
        FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid JOIN pg_class c ON c.oid = t.tgrelid
        WHERE p.pronamespace = to_regnamespace('public') AND p.proname ~ '^audit_' AND c.relname !~ '^audit_'
        UNION ALL
        SELECT concat_ws(' ', k.conrelid::regclass, k.conname, pg_get_constraintdef(k.oid), k.convalidated,
            (SELECT bool_or(t.tgenabled <> 'O') FROM pg_trigger t WHERE t.tgconstraint = k.oid))
        FROM pg_constraint k WHERE k.contype = 'f' AND k.confrelid = to_regclass('public.audit_entry')
        UNION ALL
        SELECT concat_ws(' ', 'schema', pg_get_userbyid(nspowner), nspacl::text) FROM pg_namespace WHERE nspname = 'public'
    )
    SELECT DISTINCT regexp_replace(line, '_\\d{4}_\\d{2}(?!\\d)', '_*', 'g') FROM said
    $body$
"""
DIGEST = f"""
    CREATE OR REPLACE FUNCTION {SCHEMA}.digest() RETURNS text LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp AS $body$
    SELECT encode(sha256(convert_to(string_agg(line, E'\\n\\n' ORDER BY line COLLATE "C"), 'UTF8')), 'hex')
    FROM {SCHEMA}.state() AS said (line)
    $body$
"""  # noqa: S608  (constants only)
# The digest of the state that is kept, written by `put_up` into a function that only a superuser replaces.
KEPT = f"CREATE OR REPLACE FUNCTION {SCHEMA}.kept() RETURNS text LANGUAGE sql IMMUTABLE AS $body$ SELECT '{{digest}}' $body$"

# Within one of the owner's own functions, called by somebody who cannot become the owner (the application): the months of the
# access log come and go there, and nothing else does. Neither of the two names can be forged without a superuser.
LENT = f"""
    CREATE OR REPLACE FUNCTION {SCHEMA}.lent() RETURNS boolean LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp AS $body$
    SELECT current_user = '{OWNER}' AND NOT pg_has_role(session_user, '{OWNER}', 'MEMBER')
    $body$
"""
NAMES, MONTHS = r'(^|[ .("])audit_', r'(^|[ .("])audit_access(_|\W|$)'


def refusal(what: str, where: str) -> str:
    """The statement by which a guard answers: what was tried (a column or variable), on what."""
    return (
        f"RAISE EXCEPTION 'the trail is guarded: % on % is refused', {what}, {where} USING ERRCODE = 'insufficient_privilege',"
        " HINT = 'CONTRIBUTING.md says how a migration of the trail is made.'"
    )


CHANGE = f"""
    CREATE OR REPLACE FUNCTION {SCHEMA}.refuse_change() RETURNS event_trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp AS $body$
    DECLARE
        one record;
        lent boolean := {SCHEMA}.lent();
    BEGIN
        FOR one IN SELECT * FROM pg_event_trigger_ddl_commands() WHERE command_tag <> 'REINDEX' LOOP
            IF one.object_identity ~ '{NAMES}' AND NOT (lent AND one.object_identity ~ '{MONTHS}') THEN
                {refusal("one.command_tag", "one.object_identity")};
            END IF;
            IF one.classid = 'pg_proc'::regclass AND EXISTS (
                SELECT FROM pg_proc p WHERE p.oid = one.objid AND p.prosecdef AND pg_get_userbyid(p.proowner) = '{OWNER}'
            ) THEN
                {refusal("'SECURITY DEFINER'", "one.object_identity")};
            END IF;
        END LOOP;
        IF NOT lent AND {SCHEMA}.digest() IS DISTINCT FROM {SCHEMA}.kept() THEN
            {refusal("tg_tag", "'the schema of the trail'")};
        END IF;
    END $body$
"""  # noqa: S608  (constants only)
# Dropping a table that cites an entry takes PostgreSQL's own trigger away from the trail: it is the constraint's, not ours.
DROP = f"""
    CREATE OR REPLACE FUNCTION {SCHEMA}.refuse_drop() RETURNS event_trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp AS $body$
    DECLARE
        one record;
        lent boolean := {SCHEMA}.lent();
    BEGIN
        FOR one IN SELECT * FROM pg_event_trigger_dropped_objects() WHERE object_identity ~ '{NAMES}'
            AND NOT (NOT original AND object_type = 'trigger' AND object_identity ~ '^"RI_ConstraintTrigger_[ac]_\\d+" on ')
        LOOP
            IF NOT (lent AND one.object_identity ~ '{MONTHS}') THEN
                {refusal("tg_tag", "one.object_identity")};
            END IF;
        END LOOP;
    END $body$
"""  # noqa: S608  (constants only)
FUNCTIONS = {"state": STATE, "digest": DIGEST, "lent": LENT, "refuse_change": CHANGE, "refuse_drop": DROP}


def sources() -> dict[str, str]:
    """The body of each function, as `pg_proc` keeps it."""
    return {name: definition.split("$body$")[1] for name, definition in FUNCTIONS.items()}


def put_up(connection: Any) -> bool:
    """Guard the trail as it stands in this database; False where there is none yet. ``connection``: a superuser's, of psycopg2.

    In one transaction: nobody sees the guards down while they are renewed.
    """
    with connection, connection.cursor() as cursor:
        take_turns(cursor)
        cursor.execute("SELECT to_regclass('public.audit_entry') IS NOT NULL")
        if not cursor.fetchone()[0]:
            return False
        drop_triggers(cursor)
        cursor.execute(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}; GRANT USAGE ON SCHEMA {SCHEMA} TO PUBLIC")
        for definition in (STATE, DIGEST, LENT):
            cursor.execute(definition)
        cursor.execute(f"SELECT {SCHEMA}.digest()")
        cursor.execute(KEPT.format(digest=cursor.fetchone()[0]))
        for definition in (CHANGE, DROP):
            cursor.execute(definition)
        make_triggers(cursor)
    return True


def take_down(connection: Any) -> bool:
    """Let a migration change the trail's schema, until `put_up`; whether the guards were there."""
    with connection, connection.cursor() as cursor:
        take_turns(cursor)
        were = stand(cursor)
        drop_triggers(cursor)
    return were


def take_turns(cursor: Any) -> None:
    """Two commands that renew the guards at once would trip over each other's rows of the catalogue."""
    cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


def stand(cursor: Any) -> bool:
    """Whether both are there; whether they are as they were made is a question for `audit.inspection`."""
    cursor.execute("SELECT count(*) FROM pg_event_trigger WHERE evtname = ANY (%s)", [list(EVENTS)])
    return bool(cursor.fetchone()[0] == len(EVENTS))


def make_triggers(cursor: Any) -> None:
    """Always: for replication too (`session_replication_role`)."""
    for name, (event, function) in EVENTS.items():
        cursor.execute(f"CREATE EVENT TRIGGER {name} ON {event} EXECUTE FUNCTION {SCHEMA}.{function}()")
        cursor.execute(f"ALTER EVENT TRIGGER {name} ENABLE ALWAYS")


def drop_triggers(cursor: Any) -> None:
    """Event triggers do not fire for what is done to event triggers."""
    for name in EVENTS:
        cursor.execute(f"DROP EVENT TRIGGER IF EXISTS {name}")
