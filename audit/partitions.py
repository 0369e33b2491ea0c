"""The months of the access log: how they are made, filled, guarded and dropped inside PostgreSQL (ADR 0034).

One partition a month, in UTC: bounds that no change of legal time moves. A parent's statement triggers do not fire for a
statement on a partition, and a new table comes with the application's default rights: each month gets its own triggers, and
loses every right. The application reaches them through the parent, and through two functions of the owner that do nothing else.
"""

import re
from collections.abc import Iterator
from typing import Any

from django.db import connection

from . import guards
from .faults import Flaw

PARENT = "audit_access"
DEFAULT = f"{PARENT}_default"
"""Where a row goes whose month nobody made: a page is never refused for it; the row moves as the month is made."""
MOVING = f"{PARENT}_moving"
"""The default partition of before, within the transaction in which its rows move."""
MONTH = re.compile(rf"{PARENT}_\d{{4}}_\d{{2}}")
COLUMNS = "id, at, professional_ref, membership_ref, action, object_type, object_ref, case_ref, granted"
MONTHS_AHEAD_MOST = 3
MONTHS_KEPT_LEAST = 6
"""Written in the function too: whoever holds the application cannot drop what is younger (CNIL, délibération 2021-122)."""
PURGED = "access_log.purged"
# With what a definer's function is pinned to: a caller's schema, clock zone or patience never count.
PINNED = ["search_path=pg_catalog, pg_temp", "TimeZone=UTC", "lock_timeout=5s"]
_PINS = "SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' SET lock_timeout = '5s'"

FUNCTIONS = f"""
    CREATE FUNCTION audit_access_guard(partition text) RETURNS void LANGUAGE plpgsql
    {_PINS} AS $$
    DECLARE
        holder oid;
    BEGIN
        FOR holder IN
            SELECT DISTINCT a.grantee FROM pg_class c, aclexplode(c.relacl) a
            WHERE c.oid = to_regclass('public.' || partition) AND a.grantee <> c.relowner
        LOOP
            EXECUTE format('REVOKE ALL ON public.%I FROM %s', partition,
                           CASE WHEN holder = 0 THEN 'PUBLIC' ELSE holder::regrole::text END);
        END LOOP;
        EXECUTE format('CREATE TRIGGER %I BEFORE UPDATE OR DELETE ON public.%I
                        FOR EACH STATEMENT EXECUTE FUNCTION public.audit_refuse_change()', partition || '_no_change', partition);
        EXECUTE format('CREATE TRIGGER %I BEFORE TRUNCATE ON public.%I
                        FOR EACH STATEMENT EXECUTE FUNCTION public.audit_refuse_change()', partition || '_no_truncate', partition);
        EXECUTE format('ALTER TABLE public.%I ENABLE ALWAYS TRIGGER %I', partition, partition || '_no_change');
        EXECUTE format('ALTER TABLE public.%I ENABLE ALWAYS TRIGGER %I', partition, partition || '_no_truncate');
    END $$;

    CREATE FUNCTION audit_access_add_default() RETURNS void LANGUAGE plpgsql
    {_PINS} AS $$
    BEGIN
        CREATE TABLE public.{DEFAULT} (LIKE public.{PARENT} INCLUDING DEFAULTS);
        PERFORM public.audit_access_guard('{DEFAULT}');
        ALTER TABLE public.{PARENT} ATTACH PARTITION public.{DEFAULT} DEFAULT;
    END $$;

    CREATE FUNCTION audit_access_add_month(month date) RETURNS boolean LANGUAGE plpgsql
    {_PINS} AS $$
    DECLARE
        partition text := '{PARENT}_' || to_char(month::timestamp, 'YYYY_MM');
    BEGIN
        IF to_regclass('public.' || partition) IS NOT NULL THEN
            RETURN false;
        END IF;
        EXECUTE format('CREATE TABLE public.%I (LIKE public.{PARENT} INCLUDING DEFAULTS)', partition);
        PERFORM public.audit_access_guard(partition);
        EXECUTE format('ALTER TABLE public.{PARENT} ATTACH PARTITION public.%I FOR VALUES FROM (%L) TO (%L)', partition,
                       month::timestamp AT TIME ZONE 'UTC', (month + interval '1 month') AT TIME ZONE 'UTC');
        RETURN true;
    END $$;

    CREATE FUNCTION audit_access_make_month(month date) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER
    {_PINS} AS $$
    DECLARE
        running date := date_trunc('month', clock_timestamp() AT TIME ZONE 'UTC')::date;
        one date;
        found bigint;
        moved bigint;
    BEGIN
        IF month IS NULL OR month <> date_trunc('month', month::timestamp)::date
           OR month > running + interval '{MONTHS_AHEAD_MOST} months' THEN
            RAISE EXCEPTION 'a month of the access log is its first day, {MONTHS_AHEAD_MOST} months ahead at most'
                USING ERRCODE = 'invalid_parameter_value';
        END IF;
        -- One at a time: whoever comes second finds it made.
        LOCK TABLE public.{PARENT} IN SHARE UPDATE EXCLUSIVE MODE;
        IF to_regclass('public.{PARENT}_' || to_char(month::timestamp, 'YYYY_MM')) IS NOT NULL THEN
            RETURN false;
        END IF;
        IF month < running AND NOT EXISTS (
            SELECT 1 FROM public.{DEFAULT} WHERE at >= month::timestamp AT TIME ZONE 'UTC'
            AND at < (month + interval '1 month') AT TIME ZONE 'UTC'
        ) THEN
            RAISE EXCEPTION 'a past month of the access log is made for the rows that wait for it: none does'
                USING ERRCODE = 'invalid_parameter_value';
        END IF;
        IF NOT EXISTS (SELECT 1 FROM public.{DEFAULT}) THEN
            RETURN public.audit_access_add_month(month);
        END IF;
        -- All that the default partition holds goes to its months at once; nothing is deleted, a whole table is left behind.
        LOCK TABLE public.{PARENT} IN ACCESS EXCLUSIVE MODE;
        ALTER TABLE public.{PARENT} DETACH PARTITION public.{DEFAULT};
        ALTER TABLE public.{DEFAULT} RENAME TO {MOVING};
        FOR one IN SELECT DISTINCT date_trunc('month', at AT TIME ZONE 'UTC')::date FROM public.{MOVING} ORDER BY 1 LOOP
            PERFORM public.audit_access_add_month(one);
        END LOOP;
        PERFORM public.audit_access_add_month(month);
        INSERT INTO public.{PARENT} ({COLUMNS}) SELECT {COLUMNS} FROM public.{MOVING} ORDER BY id;
        GET DIAGNOSTICS moved = ROW_COUNT;
        SELECT count(*) INTO found FROM public.{MOVING};
        IF moved <> found THEN
            RAISE EXCEPTION 'the access log would lose rows: % found, % moved', found, moved;
        END IF;
        DROP TABLE public.{MOVING};
        PERFORM public.audit_access_add_default();
        RETURN true;
    END $$;

    CREATE FUNCTION audit_access_drop_month(month date) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER
    {_PINS} AS $$
    DECLARE
        partition text := '{PARENT}_' || to_char(month::timestamp, 'YYYY_MM');
        dropped bigint;
    BEGIN
        IF month IS NULL OR month <> date_trunc('month', month::timestamp)::date THEN
            RAISE EXCEPTION 'a month of the access log is its first day' USING ERRCODE = 'invalid_parameter_value';
        END IF;
        IF (month + interval '1 month') AT TIME ZONE 'UTC' > clock_timestamp() - interval '{MONTHS_KEPT_LEAST} months' THEN
            RAISE EXCEPTION 'the access log is kept {MONTHS_KEPT_LEAST} months at least: % is refused', partition
                USING ERRCODE = 'insufficient_privilege';
        END IF;
        IF NOT EXISTS (SELECT 1 FROM public.audit_entry
                       WHERE xid = pg_current_xact_id() AND action = '{PURGED}'
                         AND convert_from(body, 'UTF8')::jsonb #> '{{codes,months}}'
                             @> to_jsonb(to_char(month::timestamp, 'YYYY-MM'))) THEN
            RAISE EXCEPTION 'no purge without its entry: % needs one written by the same transaction', partition
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        IF NOT EXISTS (SELECT 1 FROM pg_inherits WHERE inhparent = 'public.{PARENT}'::regclass
                       AND inhrelid = to_regclass('public.' || partition)) THEN
            RAISE EXCEPTION 'the access log has no such month: %', partition USING ERRCODE = 'undefined_table';
        END IF;
        LOCK TABLE public.{PARENT} IN ACCESS EXCLUSIVE MODE;
        EXECUTE format('SELECT count(*) FROM public.%I', partition) INTO dropped;
        EXECUTE format('DROP TABLE public.%I', partition);
        RETURN dropped;
    END $$;

    REVOKE ALL ON FUNCTION audit_access_guard(text), audit_access_add_default(), audit_access_add_month(date),
        audit_access_make_month(date), audit_access_drop_month(date) FROM PUBLIC;
    GRANT EXECUTE ON FUNCTION audit_access_make_month(date), audit_access_drop_month(date) TO {guards.APP_ROLE};
"""  # noqa: S608  (constants only)
CALLED_BY_THE_APPLICATION = ("audit_access_make_month", "audit_access_drop_month")

PARTITIONS = f"""
    SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
    WHERE i.inhparent = to_regclass('{PARENT}') ORDER BY 1
"""  # noqa: S608
HELD = """
    SELECT coalesce(r.rolname, 'PUBLIC'), a.privilege_type
    FROM pg_class c
    CROSS JOIN LATERAL (
        SELECT * FROM aclexplode(c.relacl)
        UNION SELECT x.* FROM pg_attribute t, aclexplode(t.attacl) x WHERE t.attrelid = c.oid
    ) a LEFT JOIN pg_roles r ON r.oid = a.grantee
    WHERE c.oid = to_regclass(%s) AND a.grantee <> c.relowner ORDER BY 1, 2
"""
GUARDED = """
    SELECT t.tgname, t.tgenabled, t.tgtype, p.proname, p.pronamespace = 'public'::regnamespace,
        t.tgqual IS NULL AND cardinality(t.tgattr::int2[]) = 0
    FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid WHERE t.tgrelid = to_regclass(%s) AND NOT t.tgisinternal
"""
# pg_trigger.tgtype: 2 before, 8 delete, 16 update, 32 truncate.
WANTED = {"no_change": 2 + 8 + 16, "no_truncate": 2 + 32}


def months() -> list[str]:
    """The months that stand, « 2026-11 », the oldest first."""
    names = [name for (name,) in _rows(PARTITIONS) if MONTH.fullmatch(name)]
    return [name.removeprefix(f"{PARENT}_").replace("_", "-") for name in names]


def flaws() -> Iterator[Flaw]:
    """What is no longer as it was made: a month without its triggers, with a right too many, a function replaced."""
    found = [name for (name,) in _rows(PARTITIONS)]
    if DEFAULT not in found:
        yield Flaw("partition_missing", DEFAULT)
    for name in found:
        if name != DEFAULT and not MONTH.fullmatch(name):
            yield Flaw("partition_added", name)
        yield from _partition_flaws(name)
    yield from _function_flaws()


def _rows(query: str, parameters: list[Any] | None = None) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, parameters)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows


def _partition_flaws(name: str) -> Iterator[Flaw]:
    there = {row[0]: row[1:] for row in _rows(GUARDED, [name])}
    for ending, kind in WANTED.items():
        trigger = f"{name}_{ending}"
        if trigger not in there:
            yield Flaw("trigger_missing", trigger)
            continue
        enabled, *made = there[trigger]
        if made != [kind, "audit_refuse_change", True, True]:
            yield Flaw("trigger_changed", trigger)
        if enabled != "A":
            yield Flaw("trigger_not_always", trigger)
    for holder, right in _rows(HELD, [name]):
        yield Flaw("right_too_many", f"{right} ({holder}, {name})")
    for (rule,) in _rows("SELECT rulename FROM pg_rewrite WHERE ev_class = to_regclass(%s)", [name]):
        yield Flaw("rule_added", f"{name}.{rule}")
    if _rows("SELECT 1 FROM pg_class WHERE oid = to_regclass(%s) AND relrowsecurity", [name]):
        yield Flaw("rows_hidden", name)


def _function_flaws() -> Iterator[Flaw]:
    wanted = re.findall(r"CREATE FUNCTION (\w+)\(.*?AS \$\$(.*?)\$\$", FUNCTIONS, re.DOTALL)
    rows = _rows(
        "SELECT proname, prosrc, proconfig, prosecdef, has_function_privilege(%s, oid, 'EXECUTE'),"
        " coalesce((SELECT bool_or(grantee = 0) FROM aclexplode(proacl)), true)"
        " FROM pg_proc WHERE proname = ANY (%s) AND pronamespace = 'public'::regnamespace",
        [guards.APP_ROLE, [name for name, _ in wanted]],
    )
    there = {name: (source.split(), pins, *rest) for name, source, pins, *rest in rows}
    for name, source in wanted:
        called = name in CALLED_BY_THE_APPLICATION
        if there.get(name) != (source.split(), PINNED, called, called, False):
            yield Flaw("function_changed", name)
