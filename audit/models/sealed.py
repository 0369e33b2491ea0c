"""What seals the trail (trust.md, points 4, 5 and 7): leaves, tiles, heads, keys; what was erased, verified, what rang.

Leaves, tiles, checkpoints and keys are written by the sealer alone (`audit.sealing`), in a transaction that reads no content;
PostgreSQL refuses to change them (migration 0003).
"""

import uuid

from django.db import models
from django.db.models import Func

from .registers import Entry, Xid8Field


class Leaf(models.Model):
    """The place of an entry in the tree: dense, from 0, in the order of sealing; and the hash that was sealed there.

    No foreign key: a leaf whose entry has gone is what a verification looks for. The hash is the sealer's own copy: until its
    tile is full, an entry changed afterwards would otherwise change the tree that the next head is made of (ADR 0030).
    """

    index = models.BigIntegerField(primary_key=True)
    entry_ref = models.BigIntegerField(unique=True)
    leaf_hash = models.BinaryField()

    class Meta:
        ordering = ["index"]
        verbose_name_plural = "leaves"

    def __str__(self) -> str:
        return f"leaf {self.index}: entry {self.entry_ref}"


class Tile(models.Model):
    """256 hashes of one level of the tree, whole, and their root (C2SP tlog-tiles).

    Level 0 holds the hashes of leaves, level 1 the roots of level 0's tiles, and so on. A tile is written once it is full.
    """

    pk = models.CompositePrimaryKey("level", "number")
    level = models.SmallIntegerField()
    number = models.BigIntegerField()
    hashes = models.BinaryField()
    root = models.BinaryField()

    def __str__(self) -> str:
        return f"tile {self.level}/{self.number}"


class Checkpoint(models.Model):
    """A signed head of the tree (C2SP tlog-checkpoint); the note in its exact bytes.

    Everything written by a transaction below `horizon` is in it; `system` is the database system that gave these numbers.
    """

    size = models.BigIntegerField(primary_key=True)
    root = models.BinaryField()
    note = models.BinaryField()
    at = models.DateTimeField(db_default=Func(function="clock_timestamp"), db_index=True)
    horizon = Xid8Field()
    system = models.BigIntegerField()

    class Meta:
        ordering = ["size"]

    def __str__(self) -> str:
        return f"checkpoint {self.size}"


class SealKey(models.Model):
    """A public key under which checkpoints larger than `from_size` are signed (`vkey`, C2SP signed-note), until the next key.

    `statement`: for each key but the first, the note by which the one before it introduced it; none where that one was lost.
    Two keys may share a size: the first of them has then signed nothing.
    """

    vkey = models.TextField(primary_key=True)
    from_size = models.BigIntegerField()
    at = models.DateTimeField(db_default=Func(function="clock_timestamp"))
    statement = models.BinaryField(null=True)

    class Meta:
        ordering = ["from_size", "at"]

    def __str__(self) -> str:
        return self.vkey


class ReceiptKey(models.Model):
    """A public key under which receipts are signed, since its row was written (`vkey`, C2SP signed-note), until the next one.

    `statement`: for each key but the first, the note by which it says which one it replaces (`audit.receipt_keys`). The application
    writes these rows: one is worth what the key of the house, which is no row, says of it.
    """

    vkey = models.TextField(primary_key=True)
    at = models.DateTimeField(db_default=Func(function="clock_timestamp"))
    statement = models.BinaryField(null=True)

    class Meta:
        ordering = ["at", "vkey"]

    def __str__(self) -> str:
        return self.vkey


class Erasure(models.Model):
    """That an entry's personal part was removed, by the act that `entry` records; the entry itself stays, and its proof."""

    erased_ref = models.BigIntegerField(primary_key=True)
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"erasure of the payload of {self.erased_ref}"


class Verification(models.Model):
    """A verification of the whole trail, asked for by somebody or by the schedule: how far it is, what it found."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    asked_by = models.UUIDField(null=True)
    asked_at = models.DateTimeField(db_index=True)
    started_at = models.DateTimeField(null=True)
    beat_at = models.DateTimeField(null=True)
    checked = models.BigIntegerField(default=0)
    total = models.BigIntegerField(default=0)
    ended_at = models.DateTimeField(null=True)
    holds = models.BooleanField(null=True)
    found = models.JSONField(default=dict)

    class Meta:
        ordering = ["-asked_at"]

    def __str__(self) -> str:
        return f"verification of {self.asked_at:%Y-%m-%d %H:%M}"


class Alarm(models.Model):
    """Something is wrong with the trail: what (`kind`, a word of `audit.alarms`), since when, until somebody lifted it, and why."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=40)
    raised_at = models.DateTimeField(db_index=True)
    found = models.JSONField(default=dict)
    lifted_at = models.DateTimeField(null=True)
    lifted_by = models.UUIDField(null=True)
    lifted_why = models.TextField(blank=True)

    class Meta:
        ordering = ["-raised_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind"], condition=models.Q(lifted_at=None), name="one_alarm_of_a_kind_at_a_time"
            )
        ]

    def __str__(self) -> str:
        return f"alarm {self.kind}"
