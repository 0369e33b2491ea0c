"""What went wrong: who opened it, by when the authority may have to be told (RGPD art. 33), what was done."""

import uuid

from django.db import models
from django.db.models import Exists, F, Q
from django.utils.translation import gettext_lazy as _

from cases.models import Case
from partners.models import Function, Institution, Membership

from .disclosures import Disclosure


class IncidentQuerySet(models.QuerySet["Incident"]):
    def visible_to(self, acting: Membership) -> "IncidentQuerySet":
        """The DPO's of the institution that answers for it; where there is none at work, who keeps its directory or leads."""
        from .duties import answers_for_her_institution

        if not answers_for_her_institution(acting, Function.DPO, Function.DIRECTORY_ADMIN, Function.TEAM_LEAD):
            return self.none()
        at_work = Membership.objects.in_force().filter(pk=acting.pk)
        return self.filter(Exists(at_work), institution=acting.institution_id)


class Incident(models.Model):
    """Something that reached the wrong hands, or left without ground. The clock runs from when it was known."""

    class Kind(models.TextChoices):
        WRONG_RECIPIENT = "wrong_recipient", _("reçu par qui ne devait pas le recevoir")
        UNJUSTIFIED = "unjustified", _("communiqué sans que cela se justifie")
        SAID_WITHOUT_GROUND = "said_without_ground", _("dit de vive voix sans fondement")
        TO_INVESTIGATE = "to_investigate", _("à instruire")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    reference = models.CharField(max_length=24, unique=True)
    kind = models.CharField(max_length=30, choices=Kind.choices)
    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="+")
    disclosure = models.ForeignKey(Disclosure, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    case = models.ForeignKey(Case, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField()
    entry = models.OneToOneField("audit.Entry", on_delete=models.PROTECT, related_name="+")

    objects = IncidentQuerySet.as_manager()

    class Meta:
        ordering = ["due_at"]
        indexes = [models.Index(fields=["institution", "due_at"])]
        constraints = [
            models.CheckConstraint(condition=Q(due_at__gt=F("opened_at")), name="an_incident_is_due_after_it_opens"),
        ]

    def __str__(self) -> str:
        return self.reference


class IncidentAct(models.Model):
    """What was done of an incident. Added to, never changed."""

    class Kind(models.TextChoices):
        NOTED = "noted", _("noté")
        AUTHORITY_TOLD = "authority_told", _("notifié à la CNIL")
        PERSON_TOLD = "person_told", _("dit à la personne")
        CLOSED = "closed", _("clos")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    text = models.TextField()
    by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    entry = models.OneToOneField("audit.Entry", on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["entry"]
        constraints = [
            models.UniqueConstraint(fields=["incident"], condition=Q(kind="closed"), name="an_incident_closes_once"),
            models.CheckConstraint(condition=~Q(text=""), name="what_is_done_of_an_incident_is_said"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.incident_id}"
