"""Two sheets of the same person inside one institution: linked, never poured into one another, and unlinked at will (abuse 37)."""

import uuid

from django.db import models
from django.db.models import F, Q

from partners.models import Institution, Membership

from .files import Person


class PersonLinkQuerySet(models.QuerySet["PersonLink"]):
    def visible_to(self, acting: Membership) -> "PersonLinkQuerySet":
        """Those of one's own institution."""
        return self.filter(institution=acting.institution_id)


class PersonLink(models.Model):
    """Somebody believes that two sheets are of one person, and says why; it counts once a supervisor agreed.

    `asked` is the reference that was typed where the other sheet was named by one; `second` is None where no other sheet of the
    institution bears it, so that who asked is answered alike (abuse 29).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="+")
    first = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    second = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", null=True)
    asked = models.CharField(max_length=20, blank=True, default="")
    reason = models.CharField(max_length=300)
    at = models.DateTimeField()
    by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    entry = models.OneToOneField("audit.Entry", on_delete=models.PROTECT, related_name="+")

    objects = PersonLinkQuerySet.as_manager()

    class Meta:
        ordering = ["-at"]
        indexes = [models.Index(fields=["first"]), models.Index(fields=["second"])]
        constraints = [
            models.CheckConstraint(condition=~Q(first=F("second")), name="a_link_joins_two_sheets"),
            models.CheckConstraint(
                condition=Q(second__isnull=False) | ~Q(asked=""), name="a_link_names_its_second_sheet_or_a_reference"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.first_id} = {self.second_id}"


class PersonLinkAnswer(models.Model):
    """The supervisor's word on a link; never that of the one who proposed it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    link = models.OneToOneField(PersonLink, on_delete=models.PROTECT, related_name="+")
    approved = models.BooleanField()
    reason = models.CharField(max_length=300, blank=True, default="")
    at = models.DateTimeField()
    by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    entry = models.OneToOneField("audit.Entry", on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-at"]

    def __str__(self) -> str:
        return f"answer to {self.link_id}"


class PersonLinkEnd(models.Model):
    """That they were two persons after all: each sheet is again what it was."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    link = models.OneToOneField(PersonLink, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=300)
    at = models.DateTimeField()
    by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    entry = models.OneToOneField("audit.Entry", on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-at"]

    def __str__(self) -> str:
        return f"end of {self.link_id}"
