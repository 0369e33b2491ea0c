"""What is tried against the guards of the trail (abuse 18 and 19, trust.md), and what PostgreSQL answers to whom.

`{t}` is each of `TABLES`, `{c}` its first column. An answer is an SQLSTATE and the words after it; `OBEYED` where it was done.
The application, the auditor, the sealer and the erasure role are answered 42501 each time, but for `OTHERWISE`.
"""

from typing import NamedTuple

TABLES = {
    "audit_entry": "id",
    "audit_payload": "entry_id",
    "audit_access": "id",
    "audit_leaf": "index",
    "audit_checkpoint": "size",
    "audit_erasure": "erased_ref",
}
OBEYED = "obeyed"
APPEND_ONLY = "42501 the trail is append-only"
GUARDED = "42501 the trail is guarded"
DENIED = "42501 permission denied"


class Attempt(NamedTuple):
    """`owner`: to the migrator, who is the owner. `superuser`: while the guards are up, to whom is not the bootstrap's program."""

    statement: str
    owner: str
    superuser: str
    seen: str = (
        ""  # the flaw by which `verify_audit` sees what a superuser did, awake or after he put the guards to sleep
    )


def rows(statement: str) -> Attempt:
    """Statement triggers, ENABLE ALWAYS: whatever the rows, whoever asks."""
    return Attempt(statement, APPEND_ONLY, APPEND_ONLY)


def schema(statement: str, seen: str = "schema_changed") -> Attempt:
    """The event triggers."""
    return Attempt(statement, GUARDED, GUARDED, seen)


def power(statement: str, seen: str = "", *, owner: str = "42501") -> Attempt:
    """What PostgreSQL keeps for superusers, who are then seen or have gained nothing."""
    return Attempt(statement, owner, OBEYED, seen)


NEW_ENTRY = "INSERT INTO audit_entry (uuid, at, action, body, receipt{more}) VALUES (gen_random_uuid(), now(), 'x', '', ''{value})"
ATTEMPTS = {
    "change rows": rows("UPDATE {t} SET {c} = {c}"),
    "change no row": rows("UPDATE {t} SET {c} = {c} WHERE false"),
    "delete rows": rows("DELETE FROM {t}"),
    "delete no row": rows("DELETE FROM {t} WHERE false"),
    "truncate": rows("TRUNCATE {t} CASCADE"),
    "merge into a deletion": rows("MERGE INTO {t} t USING {t} s ON t.{c} = s.{c} WHEN MATCHED THEN DELETE"),
    "merge into a change": rows("MERGE INTO {t} t USING {t} s ON t.{c} = s.{c} WHEN MATCHED THEN UPDATE SET {c} = s.{c}"),
    "delete inside a WITH": rows("WITH gone AS (DELETE FROM {t} RETURNING {c}) SELECT count(*) FROM gone"),
    "change by inserting twice": rows(NEW_ENTRY.format(more="", value="") + " ON CONFLICT (uuid) DO UPDATE SET body = ''"),
    "change a payload by inserting twice": rows(
        "INSERT INTO audit_payload (entry_id, salt, body) SELECT entry_id, salt, body FROM audit_payload"
        " ON CONFLICT (entry_id) DO UPDATE SET body = ''"
    ),
    "delete in an anonymous block": rows("DO $$ BEGIN DELETE FROM public.{t}; END $$"),
    "delete from a month": rows("DELETE FROM audit_access_default"),
    "delete as a replica": Attempt("SET session_replication_role = replica; DELETE FROM {t}", DENIED, APPEND_ONLY),
    "copy into the trail": power("COPY audit_entry FROM STDIN", owner=OBEYED),
    "copy another transaction's number": power("COPY audit_entry (uuid, at, action, body, receipt, xid) FROM STDIN", owner=OBEYED),
    "choose the transaction's number": power(NEW_ENTRY.format(more=", xid", value=", '3'"), owner=OBEYED),
    "choose the place": power(NEW_ENTRY.format(more=", id", value=", 1000000"), owner=OBEYED),
    "choose the hash": Attempt(NEW_ENTRY.format(more=", leaf_hash", value=", ''"), "428C9", "428C9"),
    "add a leaf": power("INSERT INTO audit_leaf (index, entry_ref, leaf_hash) VALUES (9, 9, '')", owner=OBEYED),
    "note an erasure without its entry": Attempt(
        "INSERT INTO audit_erasure (erased_ref, entry_id) SELECT id, id FROM audit_entry", "23000 no act", "23000 no act"
    ),
    "copy from a file": power("COPY audit_payload FROM '/dev/null'"),
    "run a program": power("COPY (SELECT 1) TO PROGRAM 'cat > /dev/null'"),
    "put a trigger to sleep": schema("ALTER TABLE {t} DISABLE TRIGGER {t}_no_truncate", "trigger_not_always"),
    "wake a trigger for replicas only": schema("ALTER TABLE {t} ENABLE REPLICA TRIGGER {t}_no_change", "trigger_not_always"),
    "put foreign keys to sleep": Attempt("ALTER TABLE audit_payload DISABLE TRIGGER ALL", DENIED, GUARDED, "constraint_disabled"),
    "drop a trigger": schema("DROP TRIGGER {t}_no_change ON {t}", "trigger_missing"),
    "rename a trigger": schema("ALTER TRIGGER {t}_no_change ON {t} RENAME TO mine", "trigger_missing"),
    "swallow what is written": schema(
        "CREATE TRIGGER mine BEFORE INSERT ON {t} FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger()",
        "trigger_added",
    ),
    "rewrite by a rule": schema("CREATE RULE mine AS ON INSERT TO {t} DO INSTEAD NOTHING", "rule_added"),
    "add a policy": schema("CREATE POLICY mine ON {t} USING (false)"),
    "hide rows": schema("ALTER TABLE {t} ENABLE ROW LEVEL SECURITY", "rows_hidden"),
    "add a column": schema("ALTER TABLE {t} ADD COLUMN mine text"),
    "drop a column": schema("ALTER TABLE {t} DROP COLUMN {c} CASCADE", "foreign_key_missing"),
    "rename a column": schema("ALTER TABLE {t} RENAME COLUMN {c} TO mine"),
    "change a column's type": schema("ALTER TABLE audit_leaf ALTER COLUMN index TYPE numeric"),
    "a domain that refuses all": schema(
        "CREATE DOMAIN mine AS bytea CHECK (value = ''); ALTER TABLE audit_checkpoint ALTER COLUMN note TYPE mine"
    ),
    "a hash that is no longer computed": schema("ALTER TABLE audit_entry ALTER COLUMN leaf_hash DROP EXPRESSION", "column_changed"),
    "one transaction's number for all": schema("ALTER TABLE audit_entry ALTER COLUMN xid SET DEFAULT '3'", "column_changed"),
    "rename a table": schema("ALTER TABLE {t} RENAME TO elsewhere", "table_missing"),
    "move a table": schema("CREATE SCHEMA mine; ALTER TABLE {t} SET SCHEMA mine", "table_missing"),
    "drop a table": schema("DROP TABLE {t} CASCADE", "table_missing"),
    "rows added by a child": schema("CREATE TABLE mine () INHERITS (audit_entry)"),
    "rows added by a new partition": schema(
        "CREATE TABLE mine PARTITION OF audit_access FOR VALUES FROM ('2001-01-01') TO ('2001-02-01')"
    ),
    "a month made by hand": schema(
        "CREATE TABLE audit_access_2001_01 PARTITION OF audit_access FOR VALUES FROM ('2001-01-01') TO ('2001-02-01')"
    ),
    "attach a partition": schema(
        "CREATE TABLE mine (LIKE audit_access);"
        "ALTER TABLE audit_access ATTACH PARTITION mine FOR VALUES FROM ('2001-01-01') TO ('2001-02-01')"
    ),
    "detach a partition": schema("ALTER TABLE audit_access DETACH PARTITION audit_access_default", "partition_missing"),
    "drop a partition": schema("DROP TABLE audit_access_default", "partition_missing"),
    "give a table away": Attempt("ALTER TABLE {t} OWNER TO tact_app", "42501 must be able", GUARDED, "owner_signs_in"),
    "without a journal": schema("ALTER TABLE audit_erasure SET UNLOGGED"),
    "add an index": schema("CREATE INDEX mine ON {t} ({c})"),
    "add statistics": schema("CREATE STATISTICS mine ON id, at FROM audit_entry"),
    "look through a view": schema("CREATE VIEW mine AS SELECT * FROM {t}"),
    "publish": schema("CREATE PUBLICATION mine FOR TABLE {t}"),
    "comment": Attempt("COMMENT ON TABLE {t} IS 'mine'", GUARDED, GUARDED),
    "a table of the same name, elsewhere": Attempt("CREATE SCHEMA mine; CREATE TABLE mine.{t} AS SELECT 1 AS id", GUARDED, GUARDED),
    "a schema with a table of the same name": Attempt("CREATE SCHEMA mine CREATE TABLE {t} (id int)", GUARDED, GUARDED),
    "a temporary table of the same name": Attempt("CREATE TEMP TABLE {t} (id int)", GUARDED, GUARDED),
    "a selection of the same name": Attempt("SELECT 1 AS id INTO TEMP {t}", GUARDED, GUARDED),
    "put an act's guard to sleep": schema(
        "ALTER TABLE consent_consent DISABLE TRIGGER consent_consent_needs_entry", "trigger_not_always"
    ),
    "drop an act's guard": schema("DROP TRIGGER consent_consent_needs_entry ON consent_consent", "trigger_missing"),
    "untie an act from its entry": schema("ALTER TABLE consent_consent DROP COLUMN entry_id CASCADE", "foreign_key_missing"),
    "empty a guard's function": schema(
        "CREATE OR REPLACE FUNCTION audit_refuse_change() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'",
        "function_changed",
    ),
    "unpin a guard's search path": schema("ALTER FUNCTION audit_refuse_change() RESET search_path", "function_changed"),
    "rename a guard's function": schema("ALTER FUNCTION audit_refuse_change() RENAME TO mine", "function_changed"),
    "drop a guard's function": schema("DROP FUNCTION audit_refuse_change() CASCADE", "trigger_missing"),
    "a function of the same name": schema("CREATE FUNCTION audit_refuse_change(int) RETURNS int LANGUAGE sql AS 'SELECT 1'"),
    "lend the owner's rights": Attempt(
        "CREATE FUNCTION mine() RETURNS int LANGUAGE sql SECURITY DEFINER AS 'DELETE FROM public.audit_entry; SELECT 1';"
        "SELECT mine()",
        GUARDED,
        APPEND_ONLY,
    ),
    "lend the owner's rights later": Attempt(
        "CREATE FUNCTION mine() RETURNS int LANGUAGE sql AS 'SELECT 1'; ALTER FUNCTION mine() SECURITY DEFINER", GUARDED, OBEYED
    ),
    "become the owner": power("SET ROLE tact_owner", owner=OBEYED),
    "become the erasure role, and delete": Attempt("SET ROLE tact_erasure; DELETE FROM audit_payload", DENIED, "23000 no erasure"),
    "become the sealer's session": power("SET SESSION AUTHORIZATION tact_sealer"),
    "make the application an owner": power("GRANT tact_owner TO tact_app", "role_too_strong"),
    "make the owner an eraser": power("GRANT tact_erasure TO tact_owner", "role_too_strong"),
    "make a superuser": power("CREATE ROLE mine SUPERUSER", "role_too_strong"),
    "strengthen a role": power("ALTER ROLE tact_app BYPASSRLS", "role_too_strong"),
    "let the owner sign in": power("ALTER ROLE tact_owner LOGIN", "owner_signs_in"),
    "drop everything": Attempt("DROP OWNED BY tact_owner", GUARDED, GUARDED),
    "rename the schema": schema("ALTER SCHEMA public RENAME TO mine", "table_missing"),
    "drop the schema": Attempt("DROP SCHEMA public CASCADE", GUARDED, GUARDED),
    "sleep over triggers in every session": power("ALTER ROLE tact_owner SET session_replication_role = replica"),
    "restart the places": schema("ALTER SEQUENCE audit_entry_id_seq RESTART", ""),
    "drop a guard of the schema": power("DROP EVENT TRIGGER tact_guard_drop", "event_guard_missing"),
    "put a guard of the schema to sleep": power("ALTER EVENT TRIGGER tact_guard_change DISABLE", "event_guard_changed"),
    "wake a guard of the schema for replicas only": power(
        "ALTER EVENT TRIGGER tact_guard_drop ENABLE REPLICA", "event_guard_changed"
    ),
    "drop the guards of the schema": power("DROP SCHEMA tact_guards CASCADE", "event_guard_missing"),
    "empty a guard of the schema": power(
        "CREATE OR REPLACE FUNCTION tact_guards.refuse_drop() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END'",
        "event_guard_changed",
    ),
    "forge what the guards of the schema keep": power(
        "CREATE OR REPLACE FUNCTION tact_guards.digest() RETURNS text LANGUAGE sql AS 'SELECT tact_guards.kept()'",
        "event_guard_changed",
    ),
    "make an event trigger of one's own": power("CREATE EVENT TRIGGER mine ON sql_drop EXECUTE FUNCTION tact_guards.refuse_drop()"),
    "edit PostgreSQL's own catalogue": power(
        "SET allow_system_table_mods = on; UPDATE pg_trigger SET tgenabled = 'D' WHERE tgname = 'audit_entry_no_change'",
        "trigger_not_always",
    ),
    "keep everybody out": power("LOCK TABLE {t} IN ACCESS EXCLUSIVE MODE", owner=OBEYED),
    "keep writers out": power("LOCK TABLE {t} IN SHARE MODE", owner=OBEYED),
    "lock rows": power("SELECT {c} FROM {t} FOR UPDATE", owner=OBEYED),
    "set the next place": power("SELECT setval('audit_entry_id_seq', 1)", owner=OBEYED),
    "read a file": power("SELECT pg_read_file('/etc/hostname')"),
    "bring a file in": power("SELECT lo_import('/etc/hostname')"),
    "a restore point": power("SELECT pg_create_restore_point('mine')"),
    "a function in C": Attempt("CREATE FUNCTION mine() RETURNS int LANGUAGE c AS 'nowhere', 'system'", DENIED, "58P01"),
    "make a table": power("CREATE TABLE mine (id int)", owner=OBEYED),
    "make a schema": power("CREATE SCHEMA mine", owner=OBEYED),
    "reindex": power("REINDEX TABLE audit_leaf", owner=OBEYED),
    "write in the journal, and nowhere else": power("SELECT pg_logical_emit_message(true, 'mine', 'mine')", owner=OBEYED),
    "read on": power("LOCK TABLE audit_checkpoint IN ACCESS SHARE MODE", owner=OBEYED),
}  # fmt: skip
NO_ERASURE = "23000 no erasure without its entry"
# What a role is granted, or what harms nothing: (attempt, role, table, or "" for all) to its answer.
OTHERWISE = {
    ("delete rows", "erasure", "audit_payload"): NO_ERASURE,
    ("delete no row", "erasure", "audit_payload"): OBEYED,
    ("delete inside a WITH", "erasure", "audit_payload"): NO_ERASURE,
    ("merge into a deletion", "erasure", "audit_payload"): NO_ERASURE,
    ("delete in an anonymous block", "erasure", "audit_payload"): NO_ERASURE,
    ("become the erasure role, and delete", "erasure", ""): NO_ERASURE,
    ("become the sealer's session", "sealer", ""): OBEYED,
    ("keep everybody out", "erasure", "audit_payload"): OBEYED,
    ("keep writers out", "erasure", "audit_payload"): OBEYED,
    ("add a leaf", "sealer", ""): OBEYED,
    ("note an erasure without its entry", "erasure", ""): "23000 no act without its entry",
    ("read on", "app", ""): OBEYED,
    ("read on", "auditor", ""): OBEYED,
    ("read on", "sealer", ""): OBEYED,
} | {
    (attempt, role, ""): answer
    for role in ("app", "auditor", "sealer", "erasure")
    for attempt, answer in (("choose the hash", "428C9"), ("write in the journal, and nowhere else", OBEYED))
}
