"""Agreements between institutions: they may narrow what the law allows, never widen it."""

import uuid
from datetime import datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from partners import clock

from .people import Institution, Membership, Professional


def parties(agreement: str) -> ArraySubquery:
    """The institutions that are parties to the agreement in this column, signed or not."""
    return ArraySubquery(AgreementParty.objects.filter(agreement=OuterRef(agreement)).order_by().values("institution"))


class AgreementQuerySet(models.QuerySet["Agreement"]):
    def between(self, one: uuid.UUID, other: uuid.UUID) -> "AgreementQuerySet":
        """Those to which both institutions are parties, signed or not."""
        party = AgreementParty.objects.filter(agreement=OuterRef("pk"))
        return self.filter(Exists(party.filter(institution=one)), Exists(party.filter(institution=other)))

    def among(self, ones: Any, others: Any) -> "AgreementQuerySet":
        """Those that may stand between one of these institutions and one of those: `parties` says which. Lists, or their marks."""
        party = AgreementParty.objects.filter(agreement=OuterRef("pk"))
        return self.filter(
            Exists(party.filter(institution__one_of=ones)), Exists(party.filter(institution__one_of=others))
        )

    def followed(self) -> "AgreementQuerySet":
        """With `newer`, whether a later version was written, and `newer_signed`, whether one is signed by every party."""
        later = Agreement.objects.filter(number=OuterRef("number"), version__gt=OuterRef("version"))
        unsigned = AgreementParty.objects.filter(agreement=OuterRef("pk"), signed_on__isnull=True)
        return self.annotate(newer=Exists(later), newer_signed=Exists(later.filter(~Exists(unsigned))))

    def visible_to(self, acting: Membership) -> "AgreementQuerySet":
        """Agreements are part of the directory: open to professionals at work."""
        return self.filter(Exists(Membership.objects.in_force().filter(pk=acting.pk)))


class Agreement(models.Model):
    """A version of a convention between institutions: it may narrow what the law allows, never widen it.

    Its terms are never changed: a revision is another row, of the same number.
    """

    class Kind(models.TextChoices):
        VOLUNTARY = "voluntary", _("volontaire")
        STATUTORY = "statutory", _("prévue par un texte")
        FORUM = "forum", _("instance")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.CharField(max_length=40)
    version = models.PositiveSmallIntegerField(default=1)
    title = models.CharField(max_length=200)
    kind = models.CharField(max_length=20, choices=Kind.choices)
    purposes = ArrayField(models.CharField(max_length=60), default=list)
    categories = ArrayField(models.CharField(max_length=60), default=list)
    starts_on = models.DateField()
    ends_on = models.DateField()
    suspended_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = AgreementQuerySet.as_manager()

    class Meta:
        ordering = ["number", "version"]
        constraints = [
            models.UniqueConstraint(fields=["number", "version"], name="one_agreement_a_version"),
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="agreement_ends_after_it_starts"),
        ]

    def __str__(self) -> str:
        return f"{self.number} · {self.title}"

    def in_force_at(self, at: datetime, *, signed: bool) -> bool:
        """In force from its first to its last day in Paris, once every party has signed, until it is suspended or ended."""
        return (
            signed
            and clock.covers(at, self.starts_on, self.ends_on)
            and (self.suspended_at is None or at < self.suspended_at)
            and (self.ended_at is None or at < self.ended_at)
        )


class AgreementParty(models.Model):
    """An institution's place in an agreement, and its signature."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="+")
    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="+")
    signed_on = models.DateField(null=True, blank=True)
    signed_by = models.CharField(max_length=160, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agreement", "institution"], name="one_place_a_party"),
        ]

    def __str__(self) -> str:
        return f"{self.agreement_id} · {self.institution_id}"


class AgreementAct(models.Model):
    """What somebody did to an agreement, for one of its parties: inserted with its entry, never changed."""

    class Move(models.TextChoices):
        DRAFTED = "drafted", _("rédigée")
        REVISED = "revised", _("révision rédigée")
        SIGNED = "signed", _("signée")
        SUSPENDED = "suspended", _("suspendue")
        RESUMED = "resumed", _("reprise")
        ENDED = "ended", _("terminée")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="+")
    move = models.CharField(max_length=20, choices=Move.choices)
    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="+")
    why = models.CharField(max_length=300, blank=True)
    done_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    doer = models.ForeignKey(Professional, on_delete=models.PROTECT, related_name="+")
    done_at = models.DateTimeField()
    effective_at = models.DateTimeField(null=True, blank=True)
    entry = models.OneToOneField("audit.Entry", on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["done_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["agreement", "institution"], condition=Q(move="signed"), name="one_signature_an_institution"
            ),
            models.UniqueConstraint(
                fields=["agreement", "doer"], condition=Q(move="signed"), name="one_signature_a_person"
            ),
            models.CheckConstraint(
                condition=Q(move__in=["drafted", "signed"]) | ~Q(why=""), name="agreement_act_says_why"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.move} {self.agreement_id}"
