"""An institution closes and another succeeds it (abuse 36): by an explicit act of both. No access passes by itself."""

import uuid

from django.db import models
from django.db.models import Exists, F, Q

from .people import Institution, Membership, Professional


class SuccessionQuerySet(models.QuerySet["Succession"]):
    def visible_to(self, acting: Membership) -> "SuccessionQuerySet":
        """Those of her own institution; once accepted, a succession is part of the directory."""
        at_work = Exists(Membership.objects.in_force().filter(pk=acting.pk))
        accepted = Exists(SuccessionAnswer.objects.filter(succession=models.OuterRef("pk"), accepted=True))
        house = acting.institution_id
        return self.filter(at_work, Q(closing=house) | Q(successor=house) | accepted)


class Succession(models.Model):
    """The proposal: this institution closes on that day, that one succeeds it. Labels are those of the day, for good."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    closing = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="+")
    closing_label = models.CharField(max_length=250)
    successor = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="+")
    successor_label = models.CharField(max_length=250)
    why = models.CharField(max_length=300)
    wanted_on = models.DateField()
    proposed_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    proposer = models.ForeignKey(Professional, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    entry = models.OneToOneField("audit.Entry", on_delete=models.PROTECT, related_name="+")

    objects = SuccessionQuerySet.as_manager()

    class Meta:
        ordering = ["-proposed_at"]
        constraints = [
            models.CheckConstraint(condition=~Q(closing=F("successor")), name="nobody_succeeds_herself"),
            models.CheckConstraint(condition=~Q(why=""), name="succession_says_why"),
        ]

    def __str__(self) -> str:
        return f"succession {self.pk}"


class SuccessionAnswer(models.Model):
    """What the successor answers, by another person: yes, from which instant the other is closed; or no, in a sentence."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    succession = models.OneToOneField(Succession, on_delete=models.PROTECT, related_name="+")
    accepted = models.BooleanField()
    sentence = models.CharField(max_length=300)
    proposer = models.ForeignKey(Professional, on_delete=models.PROTECT, related_name="+")
    answered_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    answerer = models.ForeignKey(Professional, on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField()
    effective_at = models.DateTimeField(null=True, blank=True)
    entry = models.OneToOneField("audit.Entry", on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-answered_at"]
        constraints = [
            models.CheckConstraint(condition=~Q(answerer=F("proposer")), name="succession_by_two_persons"),
            models.CheckConstraint(
                condition=Q(accepted=False, effective_at__isnull=True)
                | Q(accepted=True, effective_at__isnull=False, effective_at__gte=F("answered_at")),
                name="closed_once_accepted_and_not_before",
            ),
            models.CheckConstraint(condition=~Q(sentence=""), name="succession_answer_says_a_sentence"),
        ]

    def __str__(self) -> str:
        return f"answer {self.pk}"
