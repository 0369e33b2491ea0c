"""A second factor lost, and what a human being decides of it: rows are acts, inserted with their entry, never changed."""

import uuid
from datetime import timedelta

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from .people import Function, Institution, Membership, Professional

KEPT = timedelta(days=1)
"""How long a reported loss waits for its second person; then it is reported again, and she is recognised again."""


class FactorLossQuerySet(models.QuerySet["FactorLoss"]):
    def visible_to(self, acting: Membership) -> "FactorLossQuerySet":
        """Those of her own institution, for who tends its directory or protects its data; nobody sees her own."""
        sees = Membership.objects.in_force().filter(
            pk=acting.pk, functions__overlap=[Function.DIRECTORY_ADMIN, Function.TEAM_LEAD, Function.DPO]
        )
        return self.filter(Exists(sees), institution=acting.institution_id).exclude(loser=acting.professional_id)

    def waiting(self) -> "FactorLossQuerySet":
        """Those that nobody answered, since yesterday at the earliest; the database's clock decides."""
        answered = FactorLossAnswer.objects.filter(loss=OuterRef("pk"))
        return self.filter(~Exists(answered), reported_at__gt=Now() - KEPT)


class FactorLoss(models.Model):
    """Somebody of the institution lost what proves that it is her; whoever reports it says how she was recognised."""

    class Recognised(models.TextChoices):
        """How it was made sure that it is she who asks."""

        IN_PERSON = "in_person", _("en personne")
        CALLED_BACK = "called_back", _("rappelée à un numéro déjà connu du service")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    loser = models.ForeignKey(Professional, on_delete=models.PROTECT, related_name="+")
    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="+")
    recognised = models.CharField(max_length=20, choices=Recognised.choices)
    why = models.CharField(max_length=300)
    reported_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    reporter = models.ForeignKey(Professional, on_delete=models.PROTECT, related_name="+")
    reported_at = models.DateTimeField()
    entry = models.OneToOneField("audit.Entry", on_delete=models.PROTECT, related_name="+")

    objects = FactorLossQuerySet.as_manager()

    class Meta:
        ordering = ["-reported_at"]
        indexes = [models.Index(fields=["institution", "-reported_at"])]
        constraints = [
            models.CheckConstraint(condition=~Q(reporter=F("loser")), name="nobody_reports_her_own_loss"),
            models.CheckConstraint(condition=~Q(why=""), name="a_loss_says_why"),
        ]

    def __str__(self) -> str:
        return f"loss {self.pk}"


class FactorLossAnswer(models.Model):
    """A second person removes what was lost, or refuses; whoever protects the data may be the first and the second (`alone`)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    loss = models.OneToOneField(FactorLoss, on_delete=models.PROTECT, related_name="+")
    removed = models.BooleanField()
    alone = models.BooleanField(default=False)
    sentence = models.CharField(max_length=300, blank=True)
    loser = models.ForeignKey(Professional, on_delete=models.PROTECT, related_name="+")
    reporter = models.ForeignKey(Professional, on_delete=models.PROTECT, related_name="+")
    answered_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    answerer = models.ForeignKey(Professional, on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField()
    entry = models.OneToOneField("audit.Entry", on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-answered_at"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(answerer=F("loser")) & (Q(alone=True) | ~Q(answerer=F("reporter"))),
                name="a_loss_is_answered_by_another",
            ),
            models.CheckConstraint(condition=Q(removed=True) | ~Q(sentence=""), name="a_refused_loss_says_why"),
        ]

    def __str__(self) -> str:
        return f"answer {self.pk}"
