"""Speaking of a situation without the person being identified: a question, those who are asked, their advice."""

import uuid

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from partners.models import Membership


class ConsultationQuerySet(models.QuerySet["Consultation"]):
    def visible_to(self, acting: Membership) -> "ConsultationQuerySet":
        """Her own, and those in which she is asked, as long as she is at work."""
        asked = ConsultationParticipant.objects.filter(consultation=OuterRef("pk"), membership=acting)
        at_work = Membership.objects.in_force().filter(pk=acting.pk)
        return self.filter(Q(author=acting) | Exists(asked), Exists(at_work))


class Consultation(models.Model):
    """A professional's question to peers, about a situation that nobody can recognise.

    `sealed_case` is the case's id under a key of the house: nothing in the row says of whom it is, and only its author is shown.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    reference = models.CharField(max_length=24, unique=True)
    author = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    sealed_case = models.BinaryField()
    domain = models.CharField(max_length=60)
    age_band = models.CharField(max_length=20)
    situation = models.TextField()
    question = models.TextField()
    opened_at = models.DateTimeField()
    entry = models.OneToOneField("audit.Entry", on_delete=models.PROTECT, related_name="+")

    objects = ConsultationQuerySet.as_manager()

    class Meta:
        ordering = ["-opened_at"]
        indexes = [models.Index(fields=["author", "-opened_at"])]

    def __str__(self) -> str:
        return self.reference


class ConsultationParticipant(models.Model):
    """Somebody whose advice is asked."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    consultation = models.ForeignKey(Consultation, on_delete=models.PROTECT, related_name="+")
    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    invited_at = models.DateTimeField()

    class Meta:
        ordering = ["invited_at"]
        indexes = [models.Index(fields=["membership", "-invited_at"])]
        constraints = [
            models.UniqueConstraint(fields=["consultation", "membership"], name="asked_once_a_consultation"),
        ]

    def __str__(self) -> str:
        return f"{self.membership_id} in {self.consultation_id}"


class ConsultationAct(models.Model):
    """What a participant declares or advises, and the end. Added to, never changed."""

    class Kind(models.TextChoices):
        UNKNOWN = "unknown", _("ne reconnaît pas la personne")
        RECOGNISED = "recognised", _("pense reconnaître la personne")
        ADVISED = "advised", _("a donné un avis")
        CLOSED = "closed", _("close")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    consultation = models.ForeignKey(Consultation, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    text = models.TextField(blank=True)
    by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    entry = models.OneToOneField("audit.Entry", on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["entry"]
        constraints = [
            models.UniqueConstraint(
                fields=["consultation"], condition=Q(kind="closed"), name="a_consultation_closes_once"
            ),
            models.UniqueConstraint(
                fields=["consultation", "by"],
                condition=Q(kind__in=["unknown", "recognised"]),
                name="a_participant_declares_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.consultation_id}"
