"""A draft, the rules in force, the decision that was taken, what left, to whom, and what must follow."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from cases.models import Case, Item
from partners.models import Function, Membership, SecrecyStatus

CONTROLLING = (Function.AUDITOR, Function.DPO)
BOUND = (SecrecyStatus.PROFESSION, SecrecyStatus.MISSION, SecrecyStatus.FONCTION, SecrecyStatus.INSTANCE)


class DraftQuerySet(models.QuerySet["Draft"]):
    def visible_to(self, acting: Membership) -> "DraftQuerySet":
        """One's own drafts, on cases that one may still open."""
        return self.filter(author=acting, case__in=Case.objects.visible_to(acting))


class Draft(models.Model):
    """A disclosure being composed: saved as it is typed, sent at most once (its id is the idempotency key)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    author = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    purpose = models.CharField(max_length=60, blank=True)
    recipient = models.ForeignKey(Membership, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    benefit = models.TextField(blank=True)
    circumstances = ArrayField(models.CharField(max_length=60), default=list, blank=True)
    started_at = models.DateTimeField(db_default=Now())
    saved_at = models.DateTimeField(db_default=Now())
    sent_at = models.DateTimeField(null=True, blank=True)
    discarded_at = models.DateTimeField(null=True, blank=True)

    objects = DraftQuerySet.as_manager()

    class Meta:
        ordering = ["-saved_at"]
        indexes = [models.Index(fields=["author", "-saved_at"])]

    def __str__(self) -> str:
        return f"draft {self.pk}"


class DraftItem(models.Model):
    """An item chosen for a draft, and why this recipient cannot do without it."""

    id = models.BigAutoField(primary_key=True)
    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="+")
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="+")
    necessity = models.TextField(blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["draft", "item"], name="an_item_once_a_draft")]

    def __str__(self) -> str:
        return f"{self.draft_id} · {self.item_id}"


class RulebookEdition(models.Model):
    """The law as it stood from one day on: the rulebook's exact files and the core's norms; written once, never touched.

    ``digest`` is of both; ``rulebook`` is of the files alone, as decisions and their entries cite it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.PositiveIntegerField(unique=True)
    digest = models.CharField(max_length=64, unique=True)
    rulebook = models.CharField(max_length=64)
    files = models.JSONField()
    rules = ArrayField(models.CharField(max_length=120))
    first_used_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["number"]

    def __str__(self) -> str:
        return f"rulebook {self.number}"


class DecisionRecordQuerySet(models.QuerySet["DecisionRecord"]):
    def visible_to(self, acting: Membership) -> "DecisionRecordQuerySet":
        """The decisions of the cases that this membership may open."""
        return self.filter(case__in=Case.objects.visible_to(acting))


class DecisionRecord(models.Model):
    """A decision as it was taken: its facts, its outcome, the edition of the rules. Release and refusal alike."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    author = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    recipient = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    draft = models.ForeignKey(Draft, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField()
    purpose = models.CharField(max_length=60)
    verdict = models.CharField(max_length=10)
    basis = models.CharField(max_length=60, blank=True)
    facts = models.JSONField()
    decision = models.JSONField()
    rulebook = models.CharField(max_length=64)
    # None for what was decided before editions were kept; the database refuses it since.
    edition = models.ForeignKey(RulebookEdition, null=True, on_delete=models.PROTECT, related_name="+")
    entry = models.OneToOneField("audit.Entry", on_delete=models.PROTECT, related_name="+")

    objects = DecisionRecordQuerySet.as_manager()

    class Meta:
        ordering = ["-decided_at"]
        indexes = [models.Index(fields=["case", "-decided_at"])]

    def __str__(self) -> str:
        return f"{self.verdict} {self.pk}"


class DisclosureQuerySet(models.QuerySet["Disclosure"]):
    def received_by(self, acting: Membership) -> "DisclosureQuerySet":
        """Addressed to this membership; or to its service, where the one addressed receives for the service.

        The service is those who work in it: neither who controls it, nor who sits in a forum for it. What went to somebody
        bound by secrecy is read by those who are bound.
        """
        addressed = Q(recipient=acting)
        if not acting.has_function(*CONTROLLING) and acting.secrecy_status != SecrecyStatus.INSTANCE:
            service = Q(recipient__institution=acting.institution_id, recipient__receives_for_service=True)
            if acting.proven_status not in BOUND:
                service &= ~Q(recipient__secrecy_status__in=BOUND, recipient__secrecy_verified_on__isnull=False)
            addressed |= service
        return self.filter(addressed, recipient__in=Membership.objects.in_force())

    def sent_from(self, acting: Membership) -> "DisclosureQuerySet":
        """Sent from the cases that this membership may open."""
        return self.filter(case__in=Case.objects.visible_to(acting))

    def visible_to(self, acting: Membership) -> "DisclosureQuerySet":
        """Received by this membership, or sent from a case that it may open, as long as it is itself in force."""
        if not Membership.objects.in_force().filter(pk=acting.pk).exists():
            return self.none()
        return self.filter(
            Q(pk__in=Disclosure.objects.received_by(acting).values("pk"))
            | Q(pk__in=Disclosure.objects.sent_from(acting).values("pk"))
        )


class Disclosure(models.Model):
    """What left: one person's decision, about named items, to a named recipient, for one purpose."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    reference = models.CharField(max_length=24, unique=True)
    record = models.OneToOneField(DecisionRecord, on_delete=models.PROTECT, related_name="+")
    draft = models.OneToOneField(Draft, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    author = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    recipient = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    recipient_label = models.CharField(max_length=300)
    purpose = models.CharField(max_length=60)
    basis = models.CharField(max_length=60, blank=True)
    benefit = models.TextField(blank=True)
    released_at = models.DateTimeField()
    access_until = models.DateTimeField(null=True, blank=True)
    opened_at = models.DateTimeField(null=True, blank=True)
    acknowledged_at = models.DateTimeField(null=True, blank=True)
    entry = models.OneToOneField("audit.Entry", on_delete=models.PROTECT, related_name="+")

    objects = DisclosureQuerySet.as_manager()

    class Meta:
        ordering = ["-released_at"]
        indexes = [
            models.Index(fields=["recipient", "-released_at"]),
            models.Index(fields=["case", "-released_at"]),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(acknowledged_at__isnull=True)
                | Q(opened_at__isnull=False, acknowledged_at__gte=F("opened_at")),
                name="acknowledged_after_it_was_opened",
            ),
        ]

    def __str__(self) -> str:
        return self.reference


class DisclosedItem(models.Model):
    """An item as it left: its labels at that moment, and why it was necessary."""

    id = models.BigAutoField(primary_key=True)
    disclosure = models.ForeignKey(Disclosure, on_delete=models.PROTECT, related_name="+")
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="+")
    label = models.CharField(max_length=120)
    category = models.CharField(max_length=60)
    nature = models.CharField(max_length=40)
    necessity = models.TextField()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["disclosure", "item"], name="an_item_once_a_disclosure"),
        ]

    def __str__(self) -> str:
        return f"{self.disclosure_id} · {self.label}"


class Duty(models.Model):
    """What must follow a decision, who owes it and by when; written with it, or nothing is."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    record = models.ForeignKey(DecisionRecord, on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=60)
    owed_by = models.CharField(max_length=30)
    due_at = models.DateTimeField(null=True, blank=True)
    discharged_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["due_at"]
        constraints = [models.UniqueConstraint(fields=["record", "code"], name="a_duty_once_a_decision")]

    def __str__(self) -> str:
        return f"{self.code} of {self.record_id}"


class Outbox(models.Model):
    """An effect promised in the transaction, carried out after it; done once a business key."""

    class Kind(models.TextChoices):
        DISCLOSURE_WAITING = "disclosure_waiting", _("Une information vous attend")
        CONSENT_WITHDRAWN = "consent_withdrawn", _("Un accord a été retiré")

    id = models.BigAutoField(primary_key=True)
    key = models.CharField(max_length=120, unique=True)
    kind = models.CharField(max_length=40)
    recipient = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    reference = models.CharField(max_length=24)
    path = models.CharField(max_length=120)
    created_at = models.DateTimeField(db_default=Now())
    done_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField(db_default=Now())
    last_error = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["next_attempt_at"], condition=Q(done_at__isnull=True), name="outbox_waiting")]

    def __str__(self) -> str:
        return self.key
