"""The spaces where information circulates, and their rules (law.md, P-13): an instance, who sits in it, bound by what."""

import uuid
from datetime import date, datetime

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from partners import clock

from .people import Institution, Membership


class ForumQuerySet(models.QuerySet["Forum"]):
    def open(self) -> "ForumQuerySet":
        """Those that meet today; the database's clock decides."""
        return self.filter(Q(closed_at__isnull=True) | Q(closed_at__gt=Now()))

    def visible_to(self, acting: Membership) -> "ForumQuerySet":
        """Forums and their rules are part of the directory: open to professionals at work."""
        return self.filter(Exists(Membership.objects.in_force().filter(pk=acting.pk)))


class Forum(models.Model):
    """Where professionals of several institutions speak of somebody: what may be said there. Never deleted: closed."""

    class Kind(models.TextChoices):
        ESS = "ess", _("équipe de suivi de la scolarisation (ESS)")
        CRIP_EVALUATION = "crip_evaluation", _("évaluation d’une information préoccupante (CRIP)")
        CCAPEX_INSTRUCTION = "ccapex_instruction", _("instruction de la CCAPEX")
        CLSPD_GROUPE = "clspd_groupe", _("groupe de travail d’un CLSPD")
        RESAD_CLSM = "resad_clsm", _("RESAD ou conseil local de santé mentale (CLSM)")
        SYNTHESE_ASE = "synthese_ase", _("synthèse de l’aide sociale à l’enfance (ASE)")
        EQUIPE_PLURI_RSA = "equipe_pluri_rsa", _("équipe pluridisciplinaire du RSA")
        SIAO_COMMISSION = "siao_commission", _("commission d’orientation du SIAO")
        DAC_RCP = "dac_rcp", _("concertation d’un dispositif d’appui (DAC, RCP)")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=30, choices=Kind.choices)
    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=160)
    purposes = ArrayField(models.CharField(max_length=60), default=list)
    categories = ArrayField(models.CharField(max_length=60), default=list)
    nominative = models.BooleanField(default=False)
    presence_proposed = models.BooleanField(default=True)
    minutes_rule = models.TextField(blank=True)
    rules_signed_on = models.DateField(null=True, blank=True)
    opened_on = models.DateField()
    closed_at = models.DateTimeField(null=True, blank=True)

    objects = ForumQuerySet.as_manager()

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def open_at(self, at: datetime) -> bool:
        """Whether it meets at this instant: from its first day in Paris until it is closed."""
        return clock.covers(at, self.opened_on, None) and (self.closed_at is None or at < self.closed_at)

    def rules_signed_at(self, at: datetime) -> bool:
        """Whether its internal rules are signed at this instant (CSI L132-5); unsigned where no day is known."""
        signed: date | None = self.rules_signed_on
        return signed is not None and at >= clock.start_of(signed)


class ForumMemberQuerySet(models.QuerySet["ForumMember"]):
    def sitting_at(self, at: datetime) -> "ForumMemberQuerySet":
        """Those who sit at this instant: their place and their membership both run, half-open."""
        return self.filter(
            Q(starts_at__lte=at),
            Q(ends_at__isnull=True) | Q(ends_at__gt=at),
            Q(membership__starts_at__lte=at),
            Q(membership__ends_at__isnull=True) | Q(membership__ends_at__gt=at),
            membership__professional__is_active=True,
        )


class ForumMember(models.Model):
    """A place in a forum: who, from when to when, and the text that binds her to secrecy as its member, if one does."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    forum = models.ForeignKey(Forum, on_delete=models.PROTECT, related_name="+")
    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    bound_by = models.CharField(max_length=120, blank=True)
    starts_at = models.DateTimeField(db_default=Now())
    ends_at = models.DateTimeField(null=True, blank=True)

    objects = ForumMemberQuerySet.as_manager()

    class Meta:
        ordering = ["membership__professional__last_name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__isnull=True) | Q(ends_at__gte=F("starts_at")),
                name="forum_place_ends_after_it_starts",
            ),
            models.UniqueConstraint(
                fields=["forum", "membership"], condition=Q(ends_at__isnull=True), name="one_open_place_in_a_forum"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.forum_id} · {self.membership_id}"
