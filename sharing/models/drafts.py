"""A disclosure being composed: saved as it is typed, sent at most once."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from cases.models import Case, Item, opened_by
from partners.models import Membership, Reached


class DraftQuerySet(models.QuerySet["Draft"]):
    def visible_to(self, acting: Membership) -> "DraftQuerySet":
        """One's own drafts, on cases that one may still open."""
        return self.filter(author=acting, case__one_of=opened_by(acting))


class Draft(models.Model):
    """A disclosure being composed: saved as it is typed, sent at most once (its id is the idempotency key)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    author = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    purpose = models.CharField(max_length=60, blank=True)
    recipient = models.ForeignKey(Membership, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    benefit = models.TextField(blank=True)
    circumstances = ArrayField(models.CharField(max_length=60), default=list, blank=True)
    # The request it answers, if it answers one.
    answers = models.ForeignKey(
        "sharing.InformationRequest", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    # The one that it takes over, of a colleague who left: put away with the opinions that were asked on it.
    continues = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    channel = models.CharField(max_length=20, choices=Reached.choices, default=Reached.IN_APP)
    # Of what was said aloud before being written down: when it was said.
    said_at = models.DateTimeField(null=True, blank=True)
    urgent = models.BooleanField(default=False)
    # « Relire demain »: until when its author gave herself time; it stops nothing.
    second_look_at = models.DateTimeField(null=True, blank=True)
    started_at = models.DateTimeField(db_default=Now())
    saved_at = models.DateTimeField(db_default=Now())
    sent_at = models.DateTimeField(null=True, blank=True)
    discarded_at = models.DateTimeField(null=True, blank=True)

    objects = DraftQuerySet.as_manager()

    class Meta:
        ordering = ["-saved_at"]
        indexes = [
            models.Index(fields=["author", "-saved_at"]),
            # What may still leave: few, whatever the number of those that left.
            models.Index(
                fields=["author"],
                condition=Q(sent_at__isnull=True, discarded_at__isnull=True),
                name="draft_that_may_still_leave",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(said_at__isnull=True) | Q(channel=Reached.SPOKEN), name="what_was_said_was_said_aloud"
            ),
        ]

    def __str__(self) -> str:
        return f"draft {self.pk}"


class DraftItem(models.Model):
    """An item chosen for a draft, and why this recipient cannot do without it."""

    id = models.BigAutoField(primary_key=True)
    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="+")
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="+")
    necessity = models.TextField(blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["draft", "item"], name="an_item_once_a_draft")]

    def __str__(self) -> str:
        return f"{self.draft_id} · {self.item_id}"
