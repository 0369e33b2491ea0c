"""Whether a duty is done is computed; what somebody declares of it is a row that nobody rewrites.

The column that said when it was done goes: what it held becomes a declaration of its own, with its entry.
"""

import uuid
from typing import Any

import django.db.models.deletion
from django.db import migrations, models

from audit import guards, ledger

TAKEN_OVER = "Date reprise de l’ancienne colonne."


def declare_what_was_done(apps: Any, _editor: Any) -> None:
    """One declaration for each date, held in the name of the one whose communication it was; in the trail, nobody's act."""
    duty_act = apps.get_model("sharing", "DutyAct")
    done = apps.get_model("sharing", "Duty").objects.filter(discharged_at__isnull=False)
    for duty in done.select_related("record").iterator():
        by = duty.record.recipient_id if duty.owed_by == "recipient" else duty.record.author_id
        pk = uuid.uuid4()
        entry = ledger.record(
            action="duty.discharged",
            at=duty.discharged_at,
            actor=None,
            case=duty.record.case_id,
            refs={"duty": duty.pk, "decision": duty.record_id},
            codes={"duty": duty.code, "owed_by": duty.owed_by, "done_on": None},
            personal={"how": TAKEN_OVER},
        )
        duty_act.objects.create(
            pk=pk,
            duty=duty,
            kind="discharged",
            by_id=by,
            at=duty.discharged_at,
            how=TAKEN_OVER,
            entry_id=entry,
        )


class Migration(migrations.Migration):
    dependencies = [
        ("sharing", "0003_rulebook_edition"),
        ("audit", "0002_closed_by_the_database"),
        ("partners", "0002_nothing_is_removed"),
    ]

    operations = [
        migrations.CreateModel(
            name="DutyAct",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("discharged", "fait"),
                            ("postponed", "reporté"),
                            ("exception_ended", "l’exception n’est plus fondée"),
                            ("reopened", "à refaire"),
                        ],
                        max_length=20,
                    ),
                ),
                ("at", models.DateTimeField()),
                ("how", models.TextField(blank=True)),
                ("done_on", models.DateField(blank=True, null=True)),
                ("due_at", models.DateTimeField(blank=True, null=True)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="partners.membership"
                    ),
                ),
                (
                    "duty",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="sharing.duty"),
                ),
                (
                    "entry",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="audit.entry"
                    ),
                ),
            ],
            options={
                "ordering": ["entry"],
                "indexes": [models.Index(fields=["duty", "at"], name="sharing_dut_duty_id_0b2563_idx")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind", "exception_ended"), models.Q(("how", ""), _negated=True), _connector="OR"
                        ),
                        name="what_is_declared_of_a_duty_is_said",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("due_at__isnull", False), ("kind__in", ["postponed", "exception_ended"])),
                            models.Q(("due_at__isnull", True), ("kind__in", ["discharged", "reopened"])),
                            _connector="OR",
                        ),
                        name="a_duty_put_off_has_a_new_date",
                    ),
                ],
            },
        ),
        migrations.RunSQL(
            [
                guards.close("sharing_dutyact"),
                guards.append_only("sharing_dutyact"),
                guards.needs_entry(
                    "sharing_dutyact",
                    "duty.discharged",
                    "duty.postponed",
                    "duty.exception_ended",
                    "duty.reopened",
                ),
            ],
            migrations.RunSQL.noop,
        ),
        migrations.RunPython(declare_what_was_done, migrations.RunPython.noop),
        migrations.RunSQL(
            [
                "SET CONSTRAINTS ALL IMMEDIATE;",
                "DROP TRIGGER sharing_duty_once ON sharing_duty;",
                "SET CONSTRAINTS ALL DEFERRED;",
            ],
            [
                guards.written_once("sharing_duty", "discharged_at"),
                f"GRANT UPDATE (discharged_at) ON sharing_duty TO {guards.APP_ROLE};",
            ],
        ),
        migrations.RemoveField(model_name="duty", name="discharged_at"),
        migrations.RunSQL(
            [guards.append_only("sharing_duty")],
            [
                "DROP TRIGGER sharing_duty_no_change ON sharing_duty;",
                "DROP TRIGGER sharing_duty_no_truncate ON sharing_duty;",
            ],
        ),
    ]
