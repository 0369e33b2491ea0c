"""The rules in force, and the decisions that were taken."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now

from cases.models import Case, opened_by
from partners.models import Membership

from .drafts import Draft


class RulebookEdition(models.Model):
    """The law as it stood from one day on: the rulebook's exact files and the core's norms; written once, never touched.

    ``digest`` is of both; ``rulebook`` is of the files alone, as decisions and their entries cite it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.PositiveIntegerField(unique=True)
    digest = models.CharField(max_length=64, unique=True)
    rulebook = models.CharField(max_length=64)
    files = models.JSONField()
    rules = ArrayField(models.CharField(max_length=120))
    first_used_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["number"]

    def __str__(self) -> str:
        return f"rulebook {self.number}"


class DecisionRecordQuerySet(models.QuerySet["DecisionRecord"]):
    def visible_to(self, acting: Membership) -> "DecisionRecordQuerySet":
        """The decisions of the cases that this membership may open."""
        return self.filter(case__one_of=opened_by(acting))


class DecisionRecord(models.Model):
    """A decision as it was taken: its facts, its outcome, the edition of the rules. Release and refusal alike."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    author = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    recipient = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    draft = models.ForeignKey(Draft, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField()
    purpose = models.CharField(max_length=60)
    verdict = models.CharField(max_length=10)
    basis = models.CharField(max_length=60, blank=True)
    facts = models.JSONField()
    decision = models.JSONField()
    rulebook = models.CharField(max_length=64)
    # None for what was decided before editions were kept; the database refuses it since.
    edition = models.ForeignKey(RulebookEdition, null=True, on_delete=models.PROTECT, related_name="+")
    entry = models.OneToOneField("audit.Entry", on_delete=models.PROTECT, related_name="+")

    objects = DecisionRecordQuerySet.as_manager()

    class Meta:
        ordering = ["-decided_at"]
        indexes = [models.Index(fields=["case", "-decided_at"])]

    def __str__(self) -> str:
        return f"{self.verdict} {self.pk}"
