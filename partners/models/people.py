"""Institutions and the people who work there."""

import uuid
from datetime import datetime
from typing import Any

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from partners.siret import check_siret, spaced


class Function(models.TextChoices):
    """What a membership does in Tact beside its profession; not a legal role."""

    REVIEWER = "reviewer", _("donne un avis")
    TEAM_LEAD = "team_lead", _("encadre une équipe")
    DPO = "dpo", _("délégué·e à la protection des données")
    AUDITOR = "auditor", _("contrôle le journal")
    DIRECTORY_ADMIN = "directory_admin", _("tient l’annuaire")


class SecrecyStatus(models.TextChoices):
    """How somebody is bound by secrecy; only the first four bind (roles.yaml)."""

    PROFESSION = "profession", _("secret : par profession")
    MISSION = "mission", _("secret : par mission")
    FONCTION = "fonction", _("secret : par fonction")
    INSTANCE = "instance", _("secret : au sein d’une instance")
    DISCRETION = "discretion", _("discrétion professionnelle")
    NONE = "none", _("non soumis au secret")
    AUTHORITY = "authority", _("autorité")


class Reached(models.TextChoices):
    """By what channel somebody may be reached: an account here, a voice, or paper put into hands."""

    IN_APP = "in_app", _("dans Tact")
    SPOKEN = "spoken", _("de vive voix")
    HANDED_OVER = "handed_over", _("par remise d’un document")


BINDING = (SecrecyStatus.PROFESSION, SecrecyStatus.MISSION, SecrecyStatus.FONCTION, SecrecyStatus.INSTANCE)


class Institution(models.Model):
    """A service, an establishment, an association, an authority. Never deleted: closed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=160)
    kind = models.CharField(max_length=80)
    mission = models.TextField(blank=True)
    city = models.CharField(max_length=80, blank=True)
    territory = models.CharField(max_length=120, blank=True)
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=30, blank=True)
    dpo_contact = models.CharField(max_length=160, blank=True)
    # The establishment's number, where it is known: what ProConnect says of whoever signs in is compared with it.
    siret = models.CharField(max_length=14, blank=True, default="", validators=[check_siret])
    verified_on = models.DateField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(siret="") | Q(siret__regex=r"^[0-9]{14}$"), name="siret_is_fourteen_digits"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def siret_written(self) -> str:
        """The establishment's number as people write it, empty where it is not known."""
        return spaced(self.siret)


class ProfessionalManager(BaseUserManager["Professional"]):
    """Makes professionals; the e-mail address is their only user name, in lower case."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "Professional":
        if not email:
            raise ValueError("a professional has an e-mail address")
        user = self.model(email=email.lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> "Professional":
        return self.get(email=(username or "").lower())


class Professional(AbstractBaseUser, PermissionsMixin):
    """Somebody who signs in. What she may do depends on the membership as which she acts."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    email = models.EmailField(unique=True)
    title = models.CharField(_("civilité"), max_length=12, blank=True)
    first_name = models.CharField(_("prénom"), max_length=80)
    last_name = models.CharField(_("nom"), max_length=80)
    phone = models.CharField(max_length=30, blank=True)
    is_active = models.BooleanField(default=True)
    joined_at = models.DateTimeField(db_default=Now())

    objects = ProfessionalManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["first_name", "last_name"]

    class Meta:
        ordering = ["last_name", "first_name"]

    def __str__(self) -> str:
        return self.full_name

    @property
    def full_name(self) -> str:
        """First and last name, for those who may know them: colleagues and partners."""
        return f"{self.first_name} {self.last_name}"

    @property
    def formal_name(self) -> str:
        """« Mme Lantier »."""
        return f"{self.title} {self.last_name}".strip()

    def get_full_name(self) -> str:
        return self.full_name


class MembershipQuerySet(models.QuerySet["Membership"]):
    def in_force(self) -> "MembershipQuerySet":
        """Those of today, of active professionals in open institutions; the database's clock decides."""
        return self.filter(
            Q(starts_at__lte=Now()),
            Q(ends_at__isnull=True) | Q(ends_at__gt=Now()),
            Q(institution__closed_at__isnull=True) | Q(institution__closed_at__gt=Now()),
            professional__is_active=True,
        )

    def proven(self) -> "MembershipQuerySet":
        """Those whose secrecy, where their status binds, was seen proven by somebody else: only they open a case."""
        return self.exclude(secrecy_status__in=BINDING, secrecy_verified_on__isnull=True)

    def visible_to(self, acting: "Membership") -> "MembershipQuerySet":
        """The directory is open to every professional whose own membership is in force; the person's file is not in it."""
        return self.in_force().filter(Exists(Membership.objects.in_force().filter(pk=acting.pk)))


class Membership(models.Model):
    """A professional at work in an institution: her role, her secrecy and its proof, her functions, from when to when."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    professional = models.ForeignKey(Professional, on_delete=models.PROTECT, related_name="+")
    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=60)
    job_title = models.CharField(max_length=120)
    secrecy_status = models.CharField(max_length=20, choices=SecrecyStatus.choices)
    secrecy_proof = models.CharField(max_length=200, blank=True)
    secrecy_verified_on = models.DateField(null=True, blank=True)
    functions = ArrayField(models.CharField(max_length=30, choices=Function.choices), default=list, blank=True)
    receives_for_service = models.BooleanField(default=False)
    # How a communication reaches her: those without an account (the 17, a prosecutor) are called, or handed a sheet.
    reached_by = models.CharField(max_length=20, choices=Reached.choices, default=Reached.IN_APP)
    starts_at = models.DateTimeField(db_default=Now())
    ends_at = models.DateTimeField(null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        ordering = ["institution__name", "professional__last_name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__isnull=True) | Q(ends_at__gte=F("starts_at")),
                name="membership_ends_after_it_starts",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.professional} · {self.institution}"

    def has_function(self, *wanted: str) -> bool:
        """Whether one of these functions is held."""
        return any(one in self.functions for one in wanted)

    def in_force_at(self, at: datetime) -> bool:
        """Whether the membership, its professional and its institution are all at work at this instant."""
        return (
            self.starts_at <= at
            and (self.ends_at is None or at < self.ends_at)
            and self.professional.is_active
            and (self.institution.closed_at is None or at < self.institution.closed_at)
        )

    @property
    def proven_status(self) -> str:
        """The secrecy that counts: a status without a checked proof binds nobody (law.md, part 2)."""
        if self.secrecy_verified_on is None and self.secrecy_status in BINDING:
            return SecrecyStatus.NONE
        return self.secrecy_status

    @property
    def awaits_proof(self) -> bool:
        """Whether she says to be bound and nobody has seen the proof yet: until then, no case is opened to her."""
        return self.secrecy_verified_on is None and self.secrecy_status in BINDING

    @property
    def is_bound(self) -> bool:
        """Whether a proven status binds her to secrecy."""
        return self.proven_status in BINDING
