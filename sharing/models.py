"""A draft, the rules in force, the decision that was taken, what left, to whom, and what must follow."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from cases.models import Assignment, Case, Item
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


def answers_for_her_institution(acting: Membership, *functions: str) -> bool:
    """Whether it falls to her: she holds the first of these functions that somebody at work in her institution holds."""
    colleagues = Membership.objects.in_force().filter(institution=acting.institution_id)
    for function in functions:
        if acting.has_function(function):
            return True
        if colleagues.filter(functions__contains=[function]).exists():
            return False
    return False


class DutyQuerySet(models.QuerySet["Duty"]):
    def visible_to(self, acting: Membership) -> "DutyQuerySet":
        """Those that this membership owes now. Owing is worked out from who is there: a duty outlives whoever leaves."""
        at_work = Membership.objects.in_force()
        if not at_work.filter(pk=acting.pk).exists():
            return self.none()
        return self.filter(
            Q(owed_by="author") & self._as_author(acting)
            | Q(owed_by="recipient") & self._as_recipient(acting)
            | Q(owed_by="reviewer") & self._as_reviewer(acting)
            | Q(owed_by="institution") & self._for_the_institution(acting)
        )

    def _as_author(self, acting: Membership) -> Q:
        """The author while she follows the case; then whoever follows it; where nobody does, the head of the team."""
        following = Assignment.objects.in_force().filter(
            case=OuterRef("record__case"), membership__in=Membership.objects.in_force()
        )
        there = Exists(following.filter(membership=OuterRef("record__author")))
        mine = Q(there, record__author=acting) | (~Q(there) & Q(record__case__in=Case.objects.visible_to(acting)))
        if answers_for_her_institution(acting, Function.TEAM_LEAD, Function.DPO, Function.DIRECTORY_ADMIN):
            mine |= ~Q(Exists(following)) & Q(record__case__institution=acting.institution_id)
        return mine

    def _as_recipient(self, acting: Membership) -> Q:
        """Whoever may read it; once she left and nobody may, who answers for information in her institution."""
        mine = Q(record__in=Disclosure.objects.received_by(acting).values("record"))
        if answers_for_her_institution(acting, Function.DPO, Function.DIRECTORY_ADMIN, Function.TEAM_LEAD):
            there = Exists(Membership.objects.in_force().filter(pk=OuterRef("record__recipient")))
            mine |= ~Q(there) & Q(record__recipient__institution=acting.institution_id)
        return mine

    def _as_reviewer(self, acting: Membership) -> Q:
        """Those of the author's institution who give opinions and are bound, never herself; where there is none, its DPO."""
        elsewhere = Q(record__author__institution=acting.institution_id) & ~Q(
            record__author__professional=acting.professional_id
        )
        if acting.has_function(Function.REVIEWER) and acting.proven_status in BOUND:
            return elsewhere
        if not answers_for_her_institution(acting, Function.DPO, Function.DIRECTORY_ADMIN):
            return Q(pk__in=[])
        reviewers = (
            Membership.objects.in_force()
            .filter(
                institution=OuterRef("record__author__institution"),
                functions__contains=[Function.REVIEWER],
                secrecy_status__in=BOUND,
                secrecy_verified_on__isnull=False,
            )
            .exclude(professional=OuterRef("record__author__professional"))
        )
        return elsewhere & ~Q(Exists(reviewers))

    def _for_the_institution(self, acting: Membership) -> Q:
        """Its DPO; without one, who keeps its directory; without either, the head of the team."""
        if answers_for_her_institution(acting, Function.DPO, Function.DIRECTORY_ADMIN, Function.TEAM_LEAD):
            return Q(record__author__institution=acting.institution_id)
        return Q(pk__in=[])


class Duty(models.Model):
    """What must follow a decision, who owes it and by when; written with it, or nothing is.

    Whether it is done is computed (`sharing.owing`): from the acts of the house, or from what was declared of it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    record = models.ForeignKey(DecisionRecord, on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=60)
    owed_by = models.CharField(max_length=30)
    due_at = models.DateTimeField(null=True, blank=True)

    objects = DutyQuerySet.as_manager()

    class Meta:
        ordering = ["due_at"]
        constraints = [models.UniqueConstraint(fields=["record", "code"], name="a_duty_once_a_decision")]

    def __str__(self) -> str:
        return f"{self.code} of {self.record_id}"


class DutyAct(models.Model):
    """What somebody declared of a duty: done, put off, no longer to be put off, to be done again. Added to, never changed."""

    class Kind(models.TextChoices):
        DISCHARGED = "discharged", _("fait")
        POSTPONED = "postponed", _("reporté")
        EXCEPTION_ENDED = "exception_ended", _("l’exception n’est plus fondée")
        REOPENED = "reopened", _("à refaire")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    duty = models.ForeignKey(Duty, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    how = models.TextField(blank=True)
    done_on = models.DateField(null=True, blank=True)
    due_at = models.DateTimeField(null=True, blank=True)
    entry = models.OneToOneField("audit.Entry", on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["entry"]
        indexes = [models.Index(fields=["duty", "at"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="exception_ended") | ~Q(how=""), name="what_is_declared_of_a_duty_is_said"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["postponed", "exception_ended"], due_at__isnull=False)
                | Q(kind__in=["discharged", "reopened"], due_at__isnull=True),
                name="a_duty_put_off_has_a_new_date",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.duty_id}"


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
