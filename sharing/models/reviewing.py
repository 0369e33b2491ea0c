"""Opinions asked and given, before and after; and the motivated opening of what is not one's own to read."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from cases.models import Case
from partners.models import BINDING as BOUND
from partners.models import Function, Membership, Professional

from .decisions import DecisionRecord
from .disclosures import Disclosure
from .drafts import Draft


class ReviewQuerySet(models.QuerySet["Review"]):
    def visible_to(self, acting: Membership) -> "ReviewQuerySet":
        """The author's own, and those on which this membership may give an opinion."""
        if not Membership.objects.in_force().filter(pk=acting.pk).exists():
            return self.none()
        return self.filter(Q(author=acting) | Q(pk__in=Review.objects.to_be_answered_by(acting).values("pk")))

    def to_be_answered_by(self, acting: Membership) -> "ReviewQuerySet":
        """Of her institution, where she gives opinions; on the DPO's list where nobody else who is bound may, or if handed to her.

        Never her own by person, nor what she would receive, nor what she handed on for a conflict of interest.
        """
        her = acting.professional_id
        handed = Opinion.objects.filter(review=OuterRef("pk"), kind=Opinion.Kind.TRANSFER)
        apart = self.filter(
            ~Q(writer=her),
            ~Q(record__recipient__professional=her),
            ~Exists(handed.filter(reviewer=her)),
            author__institution=acting.institution_id,
        )
        if acting.has_function(Function.REVIEWER):
            return apart
        if not acting.has_function(Function.DPO):
            return self.none()
        conflicted = Opinion.objects.filter(
            review=OuterRef(OuterRef("pk")), kind=Opinion.Kind.TRANSFER, reviewer=OuterRef("professional")
        )
        others = Membership.objects.in_force().filter(
            ~Q(professional=OuterRef("writer")),
            ~Q(professional=OuterRef("record__recipient__professional")),
            ~Exists(conflicted),
            institution=acting.institution_id,
            functions__contains=[Function.REVIEWER],
            secrecy_status__in=BOUND,
            secrecy_verified_on__isnull=False,
        )
        return apart.filter(Exists(handed.filter(transferred_to=acting)) | ~Exists(others))


class Review(models.Model):
    """An opinion that the author asks: on this content and no other (`digest`), which only this opens to the reviewer."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    record = models.OneToOneField(DecisionRecord, on_delete=models.PROTECT, related_name="+")
    draft = models.ForeignKey(Draft, on_delete=models.PROTECT, related_name="+")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    author = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    # The person behind the membership: nobody gives an opinion on her own, whatever the title she acts under.
    writer = models.ForeignKey(Professional, on_delete=models.PROTECT, related_name="+")
    digest = models.CharField(max_length=64)
    asked = models.TextField(blank=True)
    submitted_at = models.DateTimeField()
    entry = models.OneToOneField("audit.Entry", on_delete=models.PROTECT, related_name="+")

    objects = ReviewQuerySet.as_manager()

    class Meta:
        ordering = ["submitted_at"]
        indexes = [models.Index(fields=["draft", "-submitted_at"]), models.Index(fields=["author", "-submitted_at"])]
        constraints = [models.UniqueConstraint(fields=["draft", "digest"], name="an_opinion_is_asked_once_a_content")]

    def __str__(self) -> str:
        return f"review {self.pk}"


class Opinion(models.Model):
    """What a reviewer answers. Numbered: of two at once, the first counts and the second is shown it. Never changed."""

    class Kind(models.TextChoices):
        FAVOURABLE = "favourable", _("avis favorable")
        REDUCE = "reduce", _("réduire")
        SUSPEND = "suspend", _("suspendre")
        UNFAVOURABLE = "unfavourable", _("avis défavorable")
        TRANSFER = "transfer", _("transmettre à quelqu’un d’autre")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=20, choices=Kind.choices)
    by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    reviewer = models.ForeignKey(Professional, on_delete=models.PROTECT, related_name="+")
    writer = models.ForeignKey(Professional, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField(blank=True)
    # Of « réduire »: the items that it advises to leave out.
    leave_out = ArrayField(models.UUIDField(), default=list, blank=True)
    transferred_to = models.ForeignKey(Membership, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    digest = models.CharField(max_length=64)
    at = models.DateTimeField()
    entry = models.OneToOneField("audit.Entry", on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["review", "number"], name="one_opinion_a_turn"),
            models.CheckConstraint(condition=~Q(reviewer=F("writer")), name="nobody_reviews_her_own"),
            models.CheckConstraint(condition=Q(kind="favourable") | ~Q(reason=""), name="an_opinion_says_why"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.review_id}"


class Conclusion(models.Model):
    """What a reviewer concludes afterwards of what left at once. Never changed; the next one has the next number."""

    class Kind(models.TextChoices):
        JUSTIFIED = "justified", _("justifié")
        UNJUSTIFIED = "unjustified", _("non justifié")
        TO_INVESTIGATE = "to_investigate", _("à instruire")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    disclosure = models.ForeignKey(Disclosure, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=20, choices=Kind.choices)
    reason = models.TextField()
    by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    reviewer = models.ForeignKey(Professional, on_delete=models.PROTECT, related_name="+")
    writer = models.ForeignKey(Professional, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    entry = models.OneToOneField("audit.Entry", on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["disclosure", "number"], name="one_conclusion_a_turn"),
            models.CheckConstraint(condition=~Q(reviewer=F("writer")), name="nobody_concludes_on_her_own"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.disclosure_id}"


class Unsealing(models.Model):
    """A motivated opening of content that nobody submitted: said at once to its author and to the DPO, over after some hours."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    record = models.ForeignKey(DecisionRecord, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField()
    at = models.DateTimeField()
    ends_at = models.DateTimeField()
    entry = models.OneToOneField("audit.Entry", on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-at"]
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="an_unsealing_says_why"),
            models.CheckConstraint(condition=Q(ends_at__gt=F("at")), name="an_unsealing_ends"),
        ]

    def __str__(self) -> str:
        return f"unsealing of {self.record_id}"
