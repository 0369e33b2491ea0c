"""The two registers: the trail of decisions (kept), the technical access log (purged).

Nothing here is ever changed or removed by the application: PostgreSQL refuses it (migration 0001). Rows are written by
`audit.ledger` alone, in the transaction of the act they speak of.
"""

from django.db import models
from django.db.models import Func


class Xid8Field(models.Field):
    """The identifier of the writing transaction; filled by PostgreSQL, outside the application's grant."""

    def db_type(self, connection) -> str:  # type: ignore[no-untyped-def]
        return "xid8"


class Entry(models.Model):
    """One act, in the exact bytes that were recorded: ids, codes and commitments; never a name, never content."""

    id = models.BigAutoField(primary_key=True)
    uuid = models.UUIDField(unique=True, editable=False)
    at = models.DateTimeField(db_index=True)
    action = models.CharField(max_length=60, db_index=True)
    actor_ref = models.UUIDField(null=True, db_index=True)
    case_ref = models.UUIDField(null=True, db_index=True)
    body = models.BinaryField()
    receipt = models.BinaryField()
    xid = Xid8Field(db_default=Func(function="pg_current_xact_id"), editable=False)
    leaf_hash = models.GeneratedField(
        expression=Func("body", template=r"sha256('\x00'::bytea || %(expressions)s)"),
        output_field=models.BinaryField(),
        db_persist=True,
    )

    class Meta:
        ordering = ["id"]
        # By which the sealer finds what was committed since the last checkpoint.
        indexes = [models.Index(fields=["xid"], name="audit_entry_xid")]

    def __str__(self) -> str:
        return f"{self.action} {self.uuid}"


class Payload(models.Model):
    """What is personal in an entry, apart, bound to it by a salted commitment: it can go, the proof stays."""

    entry = models.OneToOneField(Entry, primary_key=True, on_delete=models.PROTECT, related_name="+")
    salt = models.BinaryField()
    body = models.BinaryField()

    def __str__(self) -> str:
        return f"payload of {self.entry_id}"


class Access(models.Model):
    """Who opened, or tried to open, what: the technical access log, apart from the register of disclosures."""

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField(db_default=Func(function="clock_timestamp"), db_index=True)
    professional_ref = models.UUIDField(null=True)
    membership_ref = models.UUIDField(null=True)
    action = models.CharField(max_length=60)
    object_type = models.CharField(max_length=40)
    object_ref = models.CharField(max_length=64)
    case_ref = models.UUIDField(null=True)
    granted = models.BooleanField()

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["case_ref", "-id"]),
            models.Index(fields=["object_ref", "-id"]),
            models.Index(fields=["professional_ref", "-id"]),
        ]
        verbose_name_plural = "accesses"

    def __str__(self) -> str:
        return f"{self.action} {self.object_type}"
