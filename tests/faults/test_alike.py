"""The house of these tests is restored from a dump: what its PostgreSQL refuses is what all the others refuse."""

from typing import Any

from django.db import connection

from tests.faults.house import House, in_its_database
from tests.personas import Territory

RIGHTS = """
    SELECT 'table', c.relname, c.relkind::text, c.relowner::regrole::text,
           coalesce(c.relacl, acldefault(CASE c.relkind WHEN 'S' THEN 's' ELSE 'r' END::"char", c.relowner))::text[]
      FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace
    UNION ALL SELECT 'column', c.relname, a.attname, '', a.attacl::text[]
      FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid WHERE c.relnamespace = 'public'::regnamespace AND a.attnum > 0
       AND NOT a.attisdropped
    UNION ALL SELECT 'trigger', t.tgrelid::regclass::text, t.tgname, t.tgenabled::text, ARRAY[pg_get_triggerdef(t.oid)]
      FROM pg_trigger t WHERE NOT t.tgisinternal
    UNION ALL SELECT 'function', p.proname, p.prosrc, p.proowner::regrole::text,
           coalesce(p.proacl, acldefault('f', p.proowner))::text[]
      FROM pg_proc p WHERE p.pronamespace = 'public'::regnamespace
    UNION ALL SELECT 'constraint', c.conrelid::regclass::text, c.conname, c.contype::text, ARRAY[c.convalidated::text]
      FROM pg_constraint c WHERE c.connamespace = 'public'::regnamespace
    UNION ALL SELECT 'default', d.defaclobjtype::text, '', d.defaclrole::regrole::text, d.defaclacl::text[] FROM pg_default_acl d
"""


def rights() -> set[tuple[Any, ...]]:
    """Who owns what, who may do what with it, what watches over it. The order in which rights were given does not count.

    Rights that are nobody's but the owner's may be written or not: a dump leaves them out.
    A constraint by its name: its expression is written otherwise once it was read again.
    """
    with connection.cursor() as cursor:
        cursor.execute(RIGHTS)
        return {(*row[:-1], tuple(sorted(row[-1] or ()))) for row in cursor.fetchall()}


def test_the_house_refuses_what_every_database_of_the_tests_refuses(
    django_db_setup: None, opened_house: tuple[House, Territory], django_db_blocker: Any
) -> None:
    with django_db_blocker.unblock():
        usual = rights()
        with in_its_database(opened_house[0]):
            assert rights() == usual
    assert {kind for kind, *_rest in usual} == {"table", "column", "trigger", "function", "constraint", "default"}
