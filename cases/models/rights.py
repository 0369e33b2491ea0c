"""What the person may ask of what is written about her: to have it corrected, and to have its sharing stopped (law.md, part 4).

A correction is an annotation that follows the item to those who received it; nothing that was said is rewritten.
"""

import uuid

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from partners.models import Membership

from .files import Case, Item, Representative


class OfVisibleCases(models.QuerySet):
    """Rows that stand on a case, by way of `case`."""

    def visible_to(self, acting: Membership):  # type: ignore[no-untyped-def]
        """What concerns the cases that this membership may open."""
        return self.filter(Exists(Case.objects.visible_to(acting).filter(pk=OuterRef("case"))))


class Rectification(models.Model):
    """She, or who represents her, asks that an item be corrected: what is wrong, in her words (RGPD 16)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="+")
    asked_by = models.ForeignKey(Representative, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    text = models.TextField()
    at = models.DateTimeField()
    by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    entry = models.OneToOneField("audit.Entry", on_delete=models.PROTECT, related_name="+")

    objects = OfVisibleCases.as_manager()

    class Meta:
        ordering = ["at"]
        indexes = [models.Index(fields=["item", "at"])]
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="a_rectification_says_what")]

    def __str__(self) -> str:
        return f"rectification of {self.item_id}"


class RectificationAnswer(models.Model):
    """What was done of it: the correction, which goes to those who received the item; or why not, with her way of complaint."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    rectification = models.OneToOneField(Rectification, on_delete=models.PROTECT, related_name="+")
    accepted = models.BooleanField()
    text = models.TextField()
    at = models.DateTimeField()
    by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    entry = models.OneToOneField("audit.Entry", on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["at"]
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="a_rectification_is_answered_in_words")]

    def __str__(self) -> str:
        return f"answer to {self.rectification_id}"


class Limitation(models.Model):
    """Sharing of an item, or of the whole case where `item` is None, stops until this is lifted (law.md, part 4, "Rights")."""

    class Ground(models.TextChoices):
        ACCURACY = "accuracy", _("elle conteste l’exactitude de ce qui est écrit")
        UNLAWFUL = "unlawful", _("ce qui est écrit ne devrait pas l’être ; elle préfère la limitation à l’effacement")
        CLAIM = "claim", _("elle en a besoin pour faire valoir un droit en justice")
        OBJECTION = "objection", _("elle s’y oppose, et son opposition est à l’examen")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    item = models.ForeignKey(Item, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    ground = models.CharField(max_length=20, choices=Ground.choices)
    asked_by = models.ForeignKey(Representative, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    text = models.TextField(blank=True, default="")
    at = models.DateTimeField()
    by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    entry = models.OneToOneField("audit.Entry", on_delete=models.PROTECT, related_name="+")

    objects = OfVisibleCases.as_manager()

    class Meta:
        ordering = ["at"]
        indexes = [models.Index(fields=["case", "at"])]

    def __str__(self) -> str:
        return f"limitation of {self.item_id or self.case_id}"


class LimitationLift(models.Model):
    """That a limitation is over, and why; the person is told before (law.md, part 4)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    limitation = models.OneToOneField(Limitation, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=300)
    person_told_on = models.DateField()
    at = models.DateTimeField()
    by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    entry = models.OneToOneField("audit.Entry", on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["at"]

    def __str__(self) -> str:
        return f"lift of {self.limitation_id}"
