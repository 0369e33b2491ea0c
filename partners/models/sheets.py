"""Mission sheets (law.md, P-11): what an institution does and does not do, as it and one partner both recognise it.

Rows are acts: inserted with their entry, never changed. Where a sheet stands is computed from them (`partners.sheets`).
"""

import uuid

from django.db import models
from django.db.models import Exists, F, Q

from .people import Institution, Membership, Professional


class MissionSheetQuerySet(models.QuerySet["MissionSheet"]):
    def between(self, one: uuid.UUID, other: uuid.UUID) -> "MissionSheetQuerySet":
        """The versions of both sheets of these two institutions."""
        return self.filter(Q(about=one, partner=other) | Q(about=other, partner=one))

    def visible_to(self, acting: Membership) -> "MissionSheetQuerySet":
        """Those of her own institution and of its partners for it: what two institutions tell each other is theirs."""
        house = acting.institution_id
        at_work = Exists(Membership.objects.in_force().filter(pk=acting.pk))
        return self.filter(at_work, Q(about=house) | Q(partner=house))


class MissionSheet(models.Model):
    """A version of the sheet that tells `partner` of the missions of `about`: written by one of the two, kept for good."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    about = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="+")
    partner = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="+")
    version = models.PositiveSmallIntegerField()
    missions = models.TextField()
    limits = models.TextField()
    may_ask = models.TextField()
    may_receive = models.TextField()
    secrecy = models.TextField()
    written_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    writer = models.ForeignKey(Professional, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField()
    entry = models.OneToOneField("audit.Entry", on_delete=models.PROTECT, related_name="+")

    objects = MissionSheetQuerySet.as_manager()

    class Meta:
        ordering = ["-version"]
        constraints = [
            models.UniqueConstraint(fields=["about", "partner", "version"], name="one_sheet_a_version"),
            models.CheckConstraint(condition=~Q(about=F("partner")), name="sheet_between_two_institutions"),
            models.CheckConstraint(
                condition=~(Q(missions="") | Q(limits="") | Q(may_ask="") | Q(may_receive="") | Q(secrecy="")),
                name="sheet_says_everything",
            ),
        ]

    def __str__(self) -> str:
        return f"sheet {self.pk}"


class SheetAnswer(models.Model):
    """What the other side answers to a version: it recognises it, or asks for changes, in a sentence."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    sheet = models.OneToOneField(MissionSheet, on_delete=models.PROTECT, related_name="+")
    validated = models.BooleanField()
    sentence = models.CharField(max_length=300, blank=True)
    writer = models.ForeignKey(Professional, on_delete=models.PROTECT, related_name="+")
    answered_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    answerer = models.ForeignKey(Professional, on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField()
    entry = models.OneToOneField("audit.Entry", on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-answered_at"]
        constraints = [
            models.CheckConstraint(condition=~Q(answerer=F("writer")), name="sheet_seen_by_four_eyes"),
            models.CheckConstraint(condition=Q(validated=True) | ~Q(sentence=""), name="changes_are_said"),
        ]

    def __str__(self) -> str:
        return f"answer {self.pk}"


class SheetReading(models.Model):
    """Somebody has opened a validated sheet and says so: before her first voluntary disclosure to that institution."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    sheet = models.ForeignKey(MissionSheet, on_delete=models.PROTECT, related_name="+")
    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    reader = models.ForeignKey(Professional, on_delete=models.PROTECT, related_name="+")
    read_at = models.DateTimeField()
    entry = models.OneToOneField("audit.Entry", on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-read_at"]
        constraints = [models.UniqueConstraint(fields=["sheet", "reader"], name="a_sheet_is_read_once")]

    def __str__(self) -> str:
        return f"reading {self.pk}"
