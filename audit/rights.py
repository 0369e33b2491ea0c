"""Who may do what on each table of the trail, role by role, and whether PostgreSQL still says so (trust.md, point 3)."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.conf import settings
from django.db import connection

from . import guards
from .faults import Flaw

OWNER_ROLE, MIGRATOR_ROLE = "tact_owner", "tact_migrator"
ROLES = (guards.APP_ROLE, guards.SEALER_ROLE, guards.ERASURE_ROLE, guards.AUDITOR_ROLE)
RIGHTS = ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER", "MAINTAIN")
BY_COLUMN = ("SELECT", "INSERT", "UPDATE", "REFERENCES")
# The columns that the application may insert; everything else about these tables is closed to it.
INSERTABLE = {
    "audit_entry": {"uuid", "at", "action", "actor_ref", "case_ref", "body", "receipt"},
    "audit_payload": {"entry_id", "salt", "body"},
    "audit_access": {
        "action", "object_type", "object_ref", "granted", "professional_ref", "membership_ref", "case_ref",
    },
    "audit_receiptkey": {"vkey", "statement"},
}  # fmt: skip
SEALED = ("audit_leaf", "audit_tile", "audit_checkpoint", "audit_sealkey")
APPEND_ONLY = (*INSERTABLE, *SEALED, "audit_erasure")
# What is followed until it ends: of these columns, filled in later, never removed.
FOLLOWED = {
    "audit_alarm": {"lifted_at", "lifted_by", "lifted_why"},
    "audit_verification": {"started_at", "beat_at", "checked", "total", "ended_at", "holds", "found"},
}
TABLES = (*APPEND_ONLY, *FOLLOWED)

Columns = set[str] | None
"""The columns of a right; None where it is a right on the whole table."""


def expected() -> dict[tuple[str, str], Mapping[str, Columns]]:
    """For each table and role, the rights it holds. What is not here is a right too many."""
    app, sealer, erasure, auditor = ROLES
    held: dict[tuple[str, str], Mapping[str, Columns]] = {(table, auditor): {"SELECT": None} for table in TABLES}
    for table, columns in INSERTABLE.items():
        held[table, app] = {"SELECT": None, "INSERT": columns}
    for table in SEALED:
        held[table, app] = {"SELECT": None}
        held[table, sealer] = {"SELECT": None, "INSERT": None}
    for table, later in FOLLOWED.items():
        held[table, app] = {"SELECT": None, "INSERT": None, "UPDATE": later}
    return held | {
        ("audit_alarm", sealer): {"SELECT": None, "INSERT": None},
        ("audit_entry", sealer): {"SELECT": {"id", "uuid", "xid", "body", "leaf_hash"}},
        ("audit_entry", erasure): {"SELECT": {"id", "uuid", "xid", "action"}, "INSERT": INSERTABLE["audit_entry"]},
        ("audit_payload", erasure): {
            "SELECT": {"entry_id"}, "INSERT": INSERTABLE["audit_payload"], "DELETE": None,
        },
        ("audit_erasure", app): {"SELECT": None},
        ("audit_erasure", erasure): {"SELECT": None, "INSERT": None},
    }  # fmt: skip


TABLE_RIGHTS = """
    SELECT r.rolname, t.relname, p.privilege
    FROM pg_roles r CROSS JOIN pg_class t CROSS JOIN unnest(%s::text[]) p (privilege)
    WHERE r.rolname = ANY (%s) AND t.oid = ANY (SELECT to_regclass('public.' || one) FROM unnest(%s::text[]) one)
    AND CASE WHEN p.privilege <> 'MAINTAIN' OR current_setting('server_version_num')::int >= 170000
             THEN has_table_privilege(r.oid, t.oid, p.privilege) END
"""
COLUMN_RIGHTS = """
    SELECT r.rolname, t.relname, p.privilege, a.attname
    FROM pg_roles r CROSS JOIN pg_class t CROSS JOIN unnest(%s::text[]) p (privilege)
    JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum > 0 AND NOT a.attisdropped
    WHERE r.rolname = ANY (%s) AND t.oid = ANY (SELECT to_regclass('public.' || one) FROM unnest(%s::text[]) one)
    AND has_column_privilege(r.oid, t.oid, a.attnum, p.privilege) AND NOT has_table_privilege(r.oid, t.oid, p.privilege)
"""
# Of tables and their sequences: to whoever has no business there, be it everybody.
STRANGERS = """
    SELECT DISTINCT coalesce(g.rolname, 'PUBLIC'), t.relname, x.privilege_type
    FROM pg_class t CROSS JOIN LATERAL (
        SELECT * FROM aclexplode(t.relacl)
        UNION ALL SELECT c.* FROM pg_attribute a, aclexplode(a.attacl) c WHERE a.attrelid = t.oid
    ) x LEFT JOIN pg_roles g ON g.oid = x.grantee
    WHERE t.relnamespace = 'public'::regnamespace AND t.relname ~ '^audit_' AND x.grantee <> t.relowner
    AND (coalesce(g.rolname, 'PUBLIC') <> ALL (%s) OR t.relkind = 'S' AND x.privilege_type = 'UPDATE')
"""
ON_ACTS = ("DELETE", "TRUNCATE", "TRIGGER")


def flaws(acts: list[str]) -> Iterator[Flaw]:
    """What is no longer as it was granted, on the trail's tables and on those of acts; and the roles themselves."""
    yield from _role_flaws()
    yield from _membership_flaws()
    yield from _right_flaws()
    for role, table, right in _rows(STRANGERS, [list(ROLES)]):
        yield Flaw("right_too_many", f"{right} ({role}, {table})")
    for role, table, right in sorted(_rows(TABLE_RIGHTS, [list(ON_ACTS), list(ROLES), acts])):
        if table not in TABLES:
            yield Flaw("right_too_many", f"{right} ({role}, {table})")


def _rows(query: str, parameters: list[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, parameters)
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found


def _right_flaws() -> Iterator[Flaw]:
    whole = set(_rows(TABLE_RIGHTS, [list(RIGHTS), list(ROLES), list(TABLES)]))
    parts = set(_rows(COLUMN_RIGHTS, [list(BY_COLUMN), list(ROLES), list(TABLES)]))
    wanted = expected()
    wanted_whole = {
        (role, table, right)
        for (table, role), held in wanted.items()
        for right, columns in held.items()
        if columns is None
    }
    wanted_parts = {
        (role, table, right, column)
        for (table, role), held in wanted.items()
        for right, columns in held.items()
        for column in columns or ()
    }
    for role, table, right in sorted(whole - wanted_whole):
        yield Flaw("right_too_many", f"{right} ({role}, {table})")
    for role, table, right, column in sorted(parts - wanted_parts):
        if (role, table, right) not in wanted_whole:
            yield Flaw("right_too_many", f"{right} ({role}, {table}.{column})")
    there = {role for role in ROLES if _rows("SELECT 1 FROM pg_roles WHERE rolname = %s", [role])}
    for role, table, right in sorted(wanted_whole - whole):
        if role in there:
            yield Flaw("right_missing", f"{right} ({role}, {table})")
    for role, table, right, column in sorted(wanted_parts - parts):
        if role in there and (role, table, right) not in whole:
            yield Flaw("right_missing", f"{right} ({role}, {table}.{column})")


OWNERS = """
    SELECT DISTINCT r.rolname FROM pg_class c JOIN pg_roles r ON r.oid = c.relowner
    WHERE c.relnamespace = 'public'::regnamespace AND c.relname ~ '^audit_'
    AND (r.rolcanlogin OR r.rolsuper OR r.rolbypassrls OR r.rolcreaterole OR r.rolreplication)
"""
POWERS = """
    SELECT r.rolsuper OR r.rolbypassrls OR r.rolcreaterole OR r.rolreplication
        OR has_parameter_privilege(r.rolname, 'session_replication_role', 'SET')
        OR pg_has_role(r.oid, 'pg_write_server_files', 'MEMBER') OR pg_has_role(r.oid, 'pg_execute_server_program', 'MEMBER')
        OR pg_has_role(r.oid, 'pg_write_all_data', 'MEMBER')
        OR (r.rolname <> %s AND EXISTS (
            SELECT FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relname ~ '^audit_'
            AND pg_has_role(r.oid, c.relowner, 'MEMBER')))
    FROM pg_roles r WHERE r.rolname = %s
"""
# Superusers are members of everything; whoever else becomes one of these was made so.
BECOMES = """
    SELECT m.rolname, g.rolname FROM pg_auth_members x
    JOIN pg_roles m ON m.oid = x.member JOIN pg_roles g ON g.oid = x.roleid
    WHERE g.rolname = ANY (%s) AND NOT m.rolsuper AND (m.rolname, g.rolname) <> (%s, %s) ORDER BY 1, 2
"""


# The bundled server has one superuser, the bootstrap's own (its oid is 10 from `initdb` on).
OTHER_SUPERUSERS = "SELECT rolname FROM pg_roles WHERE rolsuper AND oid <> 10 AND rolname <> ALL (%s)"


def _role_flaws() -> Iterator[Flaw]:
    for (other,) in (
        _rows(OTHER_SUPERUSERS, [[OWNER_ROLE, MIGRATOR_ROLE, *ROLES]]) if settings.EMBEDDED_DATABASE else ()
    ):
        yield Flaw("role_too_strong", other)
    for (owner,) in _rows(OWNERS, []):
        yield Flaw("owner_signs_in", owner)
    for role in (MIGRATOR_ROLE, *ROLES):
        found = _rows(POWERS, [MIGRATOR_ROLE, role])
        if not found:
            yield Flaw("role_missing", role)
        elif found[0][0]:
            yield Flaw("role_too_strong", role)


def _membership_flaws() -> Iterator[Flaw]:
    closed = [OWNER_ROLE, MIGRATOR_ROLE, *ROLES]
    for member, role in _rows(BECOMES, [closed, MIGRATOR_ROLE, OWNER_ROLE]):
        yield Flaw("role_too_strong", f"{member} ({role})")
