"""What one professional asks of another, and what became of it."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cases.models import Case, Person
from partners.models import Membership

from .decisions import RulebookEdition
from .disclosures import Disclosure, addressed


class InformationRequestQuerySet(models.QuerySet["InformationRequest"]):
    def received_by(self, acting: Membership) -> "InformationRequestQuerySet":
        """Sent to this membership, or to its service as a communication is; what the rules stopped reached nobody.

        Never her own, by person: she does not answer herself under another membership.
        """
        theirs = self.exclude(asker__professional=acting.professional_id)
        return theirs.filter(addressed(acting, "asked"), stopped="")

    def sent_by(self, acting: Membership) -> "InformationRequestQuerySet":
        """Her own: what became of them is hers to know, even once the case is no longer."""
        return self.filter(asker=acting, asker__in=Membership.objects.in_force())

    def visible_to(self, acting: Membership) -> "InformationRequestQuerySet":
        """Asked by, or asked of, this membership, as long as it is in force."""
        if not Membership.objects.in_force().filter(pk=acting.pk).exists():
            return self.none()
        return self.filter(
            Q(pk__in=InformationRequest.objects.sent_by(acting).values("pk"))
            | Q(pk__in=InformationRequest.objects.received_by(acting).values("pk"))
        )


class InformationRequest(models.Model):
    """A question to a partner: the decision at stake, one's own role, which categories, by when. It names one person.

    `stopped` says why it was refused at once and reached nobody ("" where it was sent). `about` is the communication on which a
    precision is asked; the one who asks may then have no case of her own. `continues` is the one that it takes over, where
    whoever asked it, or whom it was asked of, left.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    reference = models.CharField(max_length=24, unique=True)
    person = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    case = models.ForeignKey(Case, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    about = models.ForeignKey(Disclosure, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    asker = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    asked = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    purpose = models.CharField(max_length=60)
    categories = ArrayField(models.CharField(max_length=60), default=list)
    decision_at_stake = models.TextField()
    own_role = models.TextField(blank=True)
    needed_on = models.DateField(null=True, blank=True)
    continues = models.OneToOneField("self", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    sent_at = models.DateTimeField()
    verdict = models.CharField(max_length=10, blank=True)
    stopped = models.CharField(max_length=60, blank=True)
    facts = models.JSONField(null=True, blank=True)
    decision = models.JSONField(null=True, blank=True)
    edition = models.ForeignKey(RulebookEdition, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    entry = models.OneToOneField("audit.Entry", on_delete=models.PROTECT, related_name="+")

    objects = InformationRequestQuerySet.as_manager()

    class Meta:
        ordering = ["-sent_at"]
        indexes = [
            models.Index(fields=["asked", "-sent_at"]),
            models.Index(fields=["asker", "-sent_at"]),
            models.Index(fields=["person", "-sent_at"]),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(person__isnull=False) | ~Q(stopped=""), name="a_request_that_was_sent_names_somebody"
            ),
        ]

    def __str__(self) -> str:
        return self.reference


class RequestAct(models.Model):
    """What was done of a request: seen, declined, answered, taken back, handed over. Added to, never changed."""

    class Kind(models.TextChoices):
        OPENED = "opened", _("lue")
        DECLINED = "declined", _("non")
        ASK_HER = "ask_her", _("voyez avec la personne")
        WITHOUT_NAME = "without_name", _("voici, sans le nom")
        ANSWERED = "answered", _("répondu par une communication")
        WITHDRAWN = "withdrawn", _("demande retirée")
        TRANSFERRED = "transferred", _("reprise par quelqu’un d’autre")
        CLOSED = "closed", _("close après un départ")

    ENDING = (
        Kind.DECLINED,
        Kind.ASK_HER,
        Kind.WITHOUT_NAME,
        Kind.ANSWERED,
        Kind.WITHDRAWN,
        Kind.TRANSFERRED,
        Kind.CLOSED,
    )

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    request = models.ForeignKey(InformationRequest, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    text = models.TextField(blank=True)
    disclosure = models.ForeignKey(Disclosure, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    # When the one who asked read the outcome.
    seen_at = models.DateTimeField(null=True, blank=True)
    entry = models.OneToOneField("audit.Entry", on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["entry"]
        constraints = [
            models.UniqueConstraint(
                fields=["request"],
                condition=Q(
                    kind__in=["declined", "ask_her", "without_name", "answered", "withdrawn", "transferred", "closed"]
                ),
                name="a_request_ends_once",
            ),
            models.UniqueConstraint(
                fields=["request"], condition=Q(kind="opened"), name="a_request_is_first_opened_once"
            ),
            models.CheckConstraint(
                condition=Q(kind="answered", disclosure__isnull=False) | ~Q(kind="answered"),
                name="an_answer_is_a_communication",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.request_id}"
