"""What an institution, an agreement or a forum narrows: a row can only say what no longer passes, no column widens.

Rows are acts: inserted with their entry, never changed. Where a narrowing stands is computed from them (`partners.narrowed`).
"""

import uuid
from datetime import datetime

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from .agreements import Agreement, AgreementParty
from .forums import Forum
from .people import Function, Institution, Membership, Professional

GOVERNING = (Function.DIRECTORY_ADMIN, Function.DPO)
"""The functions that propose and decide."""


class NarrowingQuerySet(models.QuerySet["Narrowing"]):
    def approved_by(self, at: datetime) -> "NarrowingQuerySet":
        """Those that a second pair of eyes has approved, in force or to come, and not lifted at this instant."""
        decided = NarrowingDecision.objects.filter(approved=True)
        return self.filter(
            Exists(decided.filter(narrowing=OuterRef("pk"))),
            ~Exists(decided.filter(lift__narrowing=OuterRef("pk"), effective_at__lte=at)),
        )

    def in_force_at(self, at: datetime) -> "NarrowingQuerySet":
        """Those that count at this instant: approved, their effective instant reached, not lifted."""
        decided = NarrowingDecision.objects.filter(approved=True, effective_at__lte=at)
        return self.filter(
            Exists(decided.filter(narrowing=OuterRef("pk"))), ~Exists(decided.filter(lift__narrowing=OuterRef("pk")))
        )

    def governed_by(self, acting: Membership) -> "NarrowingQuerySet":
        """Those of her own institution, of its agreements and of its forums, if she tends the directory or is its DPO."""
        if not acting.has_function(*GOVERNING):
            return self.none()
        house = acting.institution_id
        party = AgreementParty.objects.filter(agreement=OuterRef("agreement"), institution=house)
        return self.visible_to(acting).filter(Q(institution=house) | Q(forum__institution=house) | Exists(party))

    def visible_to(self, acting: Membership) -> "NarrowingQuerySet":
        """What is narrowed is part of the directory: open to professionals at work."""
        return self.filter(Exists(Membership.objects.in_force().filter(pk=acting.pk)))


class Narrowing(models.Model):
    """The proposal to narrow: where, what no longer passes, why, from which day; it counts once another person approves it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    institution = models.ForeignKey(Institution, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    agreement = models.ForeignKey(Agreement, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    forum = models.ForeignKey(Forum, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    categories = ArrayField(models.CharField(max_length=60), default=list, blank=True)
    purposes = ArrayField(models.CharField(max_length=60), default=list, blank=True)
    opinion_on = ArrayField(models.CharField(max_length=60), default=list, blank=True)
    at_most_days = models.PositiveSmallIntegerField(null=True, blank=True)
    why = models.CharField(max_length=300)
    wanted_on = models.DateField()
    proposed_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    proposer = models.ForeignKey(Professional, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    entry = models.OneToOneField("audit.Entry", on_delete=models.PROTECT, related_name="+")

    objects = NarrowingQuerySet.as_manager()

    class Meta:
        ordering = ["-proposed_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(institution__isnull=False, agreement__isnull=True, forum__isnull=True)
                | Q(institution__isnull=True, agreement__isnull=False, forum__isnull=True)
                | Q(institution__isnull=True, agreement__isnull=True, forum__isnull=False),
                name="narrowing_of_one_place",
            ),
            models.CheckConstraint(
                condition=~Q(categories=[], purposes=[], opinion_on=[], at_most_days__isnull=True),
                name="narrowing_takes_something_away",
            ),
            models.CheckConstraint(
                condition=Q(at_most_days__isnull=True) | Q(at_most_days__gte=1), name="narrowing_lasts_a_day_at_least"
            ),
            models.CheckConstraint(condition=~Q(why=""), name="narrowing_says_why"),
        ]

    def __str__(self) -> str:
        return f"narrowing {self.pk}"


class NarrowingLift(models.Model):
    """The proposal to take a narrowing away again: why, from which day; it counts once another person approves it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    narrowing = models.ForeignKey(Narrowing, on_delete=models.PROTECT, related_name="+")
    why = models.CharField(max_length=300)
    wanted_on = models.DateField()
    proposed_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    proposer = models.ForeignKey(Professional, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    entry = models.OneToOneField("audit.Entry", on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-proposed_at"]
        constraints = [models.CheckConstraint(condition=~Q(why=""), name="lift_says_why")]

    def __str__(self) -> str:
        return f"lift {self.pk}"


class NarrowingDecision(models.Model):
    """The second pair of eyes, on a narrowing or on its lift: yes or no, in a sentence, and from which instant it counts."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    narrowing = models.OneToOneField(Narrowing, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    lift = models.OneToOneField(NarrowingLift, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    approved = models.BooleanField()
    sentence = models.CharField(max_length=300)
    proposer = models.ForeignKey(Professional, on_delete=models.PROTECT, related_name="+")
    decided_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    decider = models.ForeignKey(Professional, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField()
    effective_at = models.DateTimeField(null=True, blank=True)
    entry = models.OneToOneField("audit.Entry", on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-decided_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(narrowing__isnull=False, lift__isnull=True) | Q(narrowing__isnull=True, lift__isnull=False),
                name="decision_on_one_proposal",
            ),
            models.CheckConstraint(condition=~Q(decider=F("proposer")), name="four_eyes_are_two_persons"),
            models.CheckConstraint(
                condition=Q(approved=False, effective_at__isnull=True)
                | Q(approved=True, effective_at__isnull=False, effective_at__gte=F("decided_at")),
                name="effective_once_approved_and_not_before",
            ),
            models.CheckConstraint(condition=~Q(sentence=""), name="decision_says_a_sentence"),
        ]

    def __str__(self) -> str:
        return f"decision {self.pk}"
