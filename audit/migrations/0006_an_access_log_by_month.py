"""The access log, by month (trust.md, point 8): its rows are kept, with their ids; whole months are made and dropped by the owner.

A sequence of its own rather than an identity: PostgreSQL 15 and 16 know no identity on a partitioned table.
"""

from django.db import migrations

from audit import guards, partitions

ACCESS = ("action", "object_type", "object_ref", "granted", "professional_ref", "membership_ref", "case_ref")
BEFORE = "audit_access_before"


class Migration(migrations.Migration):
    dependencies = [("audit", "0005_erased_by_its_role")]

    operations = [
        migrations.RunSQL(
            [
                f"ALTER TABLE audit_access RENAME TO {BEFORE};",
                f"ALTER SEQUENCE audit_access_id_seq RENAME TO {BEFORE}_id_seq;",
                "CREATE SEQUENCE audit_access_id_seq AS bigint;",
                f"SELECT setval('audit_access_id_seq', last_value, is_called) FROM {BEFORE}_id_seq;",  # noqa: S608
                """
                CREATE TABLE audit_access (
                    id bigint NOT NULL DEFAULT nextval('audit_access_id_seq'::regclass),
                    at timestamp with time zone NOT NULL DEFAULT clock_timestamp(),
                    professional_ref uuid NULL,
                    membership_ref uuid NULL,
                    action varchar(60) NOT NULL,
                    object_type varchar(40) NOT NULL,
                    object_ref varchar(64) NOT NULL,
                    case_ref uuid NULL,
                    granted boolean NOT NULL
                ) PARTITION BY RANGE (at);
                """,
                "ALTER SEQUENCE audit_access_id_seq OWNED BY audit_access.id;",
                partitions.FUNCTIONS,
                "SELECT audit_access_add_default();",
                f"""
                DO $$
                DECLARE
                    one date;
                    running date := date_trunc('month', clock_timestamp() AT TIME ZONE 'UTC')::date;
                BEGIN
                    FOR one IN
                        SELECT date_trunc('month', at AT TIME ZONE 'UTC')::date FROM {BEFORE}
                        UNION SELECT (running + n * interval '1 month')::date FROM generate_series(0, 2) n ORDER BY 1
                    LOOP
                        PERFORM audit_access_add_month(one);
                    END LOOP;
                END $$;
                """,  # noqa: S608  (constants only)
                f"INSERT INTO audit_access ({partitions.COLUMNS}) SELECT {partitions.COLUMNS} FROM {BEFORE} ORDER BY id;",  # noqa: S608
                f"DROP TABLE {BEFORE};",
                "ALTER TABLE audit_access ADD CONSTRAINT audit_access_pkey PRIMARY KEY (id, at);",
                "CREATE INDEX audit_access_at_ba2c0643 ON audit_access (at);",
                "CREATE INDEX audit_acces_case_re_9f572e_idx ON audit_access (case_ref, id DESC);",
                "CREATE INDEX audit_acces_object__1d3e5f_idx ON audit_access (object_ref, id DESC);",
                "CREATE INDEX audit_acces_profess_709f48_idx ON audit_access (professional_ref, id DESC);",
                guards.close("audit_access", insert=ACCESS),
                guards.append_only("audit_access"),
            ],
            migrations.RunSQL.noop,
        ),
    ]
