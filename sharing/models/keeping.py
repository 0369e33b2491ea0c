"""What was kept: the decision not to share, what was answered to who called or came to ask, a pressure that was noted."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from cases.models import Case, opened_by
from partners.models import Membership

from .asking import InformationRequest
from .drafts import Draft


class NotSharedQuerySet(models.QuerySet["NotShared"]):
    def visible_to(self, acting: Membership) -> "NotSharedQuerySet":
        """Those of the cases that this membership may open."""
        return self.filter(case__one_of=opened_by(acting))


class NotShared(models.Model):
    """Not sharing, as a professional's decision, with its reason: recorded, and respected."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    recipient = models.ForeignKey(Membership, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    purpose = models.CharField(max_length=60, blank=True)
    request = models.ForeignKey(InformationRequest, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    draft = models.ForeignKey(Draft, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=40)
    reason = models.TextField()
    by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    entry = models.OneToOneField("audit.Entry", on_delete=models.PROTECT, related_name="+")

    objects = NotSharedQuerySet.as_manager()

    class Meta:
        ordering = ["-at"]
        indexes = [models.Index(fields=["case", "-at"])]
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="not_sharing_says_why"),
        ]

    def __str__(self) -> str:
        return f"not shared {self.pk}"


class CallQuerySet(models.QuerySet["Call"]):
    def visible_to(self, acting: Membership) -> "CallQuerySet":
        """Her own, and those about the cases that this membership may open."""
        return self.filter(Q(by=acting, by__in=Membership.objects.in_force()) | Q(case__one_of=opened_by(acting)))


class Call(models.Model):
    """« La police m’appelle »: who called or came, what was asked, what was answered. Nothing of a file is in it."""

    class Kind(models.TextChoices):
        TELEPHONE = "telephone", _("un appel")
        VISIT = "visit", _("une visite")
        REQUISITION = "requisition", _("une réquisition écrite")
        SUMMONS = "summons", _("une convocation comme témoin")
        SEARCH = "search", _("une perquisition")

    class Answer(models.TextChoices):
        NOTHING = "nothing", _("ni confirmé, ni infirmé")
        PERIL = "peril", _("péril : rappel par le numéro officiel")
        TO_LEGAL = "to_legal", _("transmis à la direction")
        ATTENDED = "attended", _("j’ai comparu")
        INSTITUTION_REPLIED = "institution_replied", _("l’institution a répondu, hors de Tact")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    reference = models.CharField(max_length=24, unique=True)
    kind = models.CharField(max_length=20, choices=Kind.choices)
    case = models.ForeignKey(Case, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    called_at = models.DateTimeField()
    caller = models.CharField(max_length=160)
    service = models.CharField(max_length=160, blank=True)
    number = models.CharField(max_length=40, blank=True)
    asked = models.TextField()
    called_back = models.BooleanField(default=False)
    answer = models.CharField(max_length=30, choices=Answer.choices)
    note = models.TextField(blank=True)
    by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    entry = models.OneToOneField("audit.Entry", on_delete=models.PROTECT, related_name="+")

    objects = CallQuerySet.as_manager()

    class Meta:
        ordering = ["-called_at"]
        indexes = [models.Index(fields=["by", "-called_at"])]
        constraints = [
            models.CheckConstraint(condition=Q(called_at__lte=F("at")), name="a_call_is_noted_after_it_came"),
        ]

    def __str__(self) -> str:
        return self.reference


class PressureNoteQuerySet(models.QuerySet["PressureNote"]):
    def visible_to(self, acting: Membership) -> "PressureNoteQuerySet":
        """Her own, and nobody else's: neither who leads her, nor who protects data, nor the auditor."""
        return self.filter(by=acting, by__in=Membership.objects.in_force())


class PressureNote(models.Model):
    """Who pressed her to say something, what was asked, when: written for herself alone (law.md, P-09). Never removed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    who = models.CharField(max_length=160)
    asked = models.TextField()
    happened_at = models.DateTimeField()
    by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    entry = models.OneToOneField("audit.Entry", on_delete=models.PROTECT, related_name="+")

    objects = PressureNoteQuerySet.as_manager()

    class Meta:
        ordering = ["-happened_at"]
        indexes = [models.Index(fields=["by", "-happened_at"])]
        constraints = [
            models.CheckConstraint(condition=Q(happened_at__lte=F("at")), name="a_pressure_is_noted_after_it_came"),
            models.CheckConstraint(condition=~Q(who="") & ~Q(asked=""), name="a_pressure_says_who_and_what"),
        ]

    def __str__(self) -> str:
        return f"pressure {self.pk}"
