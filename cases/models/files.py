"""The person, her situation, who follows it, and what is known of it."""

import uuid
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from guardian.models import UserObjectPermissionBase
from guardian.shortcuts import get_objects_for_user

from partners.clock import day_of
from partners.models import Institution, Membership, Professional
from partners.written_once import Inside, Statement, written

OPEN_CASE = "open_case"


class Person(models.Model):
    """Somebody who is supported. She is the first anchor: whatever changes what may be said of her locks her row."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    title = models.CharField(_("civilité"), max_length=12, blank=True)
    first_name = models.CharField(_("prénom"), max_length=80)
    last_name = models.CharField(_("nom"), max_length=80)
    birth_date = models.DateField(_("date de naissance"))
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["last_name", "first_name"]

    def __str__(self) -> str:
        return self.short_name

    @property
    def short_name(self) -> str:
        """« M. B. »: what pages and titles show; the whole identity is a traced click away."""
        return f"{self.first_name[:1]}. {self.last_name[:1]}."

    @property
    def full_name(self) -> str:
        return f"{self.first_name} {self.last_name}"

    def age_on(self, day: date) -> int:
        """Age in whole years on this day."""
        birth = self.birth_date
        return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))

    def is_minor_at(self, at: datetime) -> bool:
        """Under eighteen in Paris at this instant (C. civ. 388)."""
        return self.age_on(day_of(at)) < 18


class Representative(models.Model):
    """Who holds parental authority over a minor, or represents or assists a protected adult."""

    class Kind(models.TextChoices):
        MOTHER = "mother", _("mère")
        FATHER = "father", _("père")
        PARENT = "parent", _("parent")
        GUARDIAN = "guardian", _("tuteur ou tutrice")
        CURATOR = "curator", _("curateur ou curatrice")
        DELEGATE = "delegate", _("délégataire de l’autorité parentale")
        AUTHORISED = "authorised", _("personne habilitée par le juge des contentieux de la protection")
        MANDATARY = "mandatary", _("mandataire de protection future")
        TRUSTED = "trusted", _("personne de confiance")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    title = models.CharField(max_length=12, blank=True)
    first_name = models.CharField(max_length=80)
    last_name = models.CharField(max_length=80)
    holds_parental_authority = models.BooleanField(default=False)
    phone = models.CharField(max_length=30, blank=True)
    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["last_name", "first_name"]

    def __str__(self) -> str:
        return f"{self.formal_name} ({self.get_kind_display()})"

    @property
    def formal_name(self) -> str:
        return f"{self.title} {self.first_name} {self.last_name}".strip()


class CaseQuerySet(models.QuerySet["Case"]):
    def visible_to(self, acting: Membership) -> "CaseQuerySet":
        """Those this membership may open now: guardian's row AND a dated assignment, both; drift can only close.

        None before the secrecy that she is said to be bound by was seen proven (ADR 0038).
        """
        return self.filter(pk__one_of=opened_by(acting))


def opened_by(acting: Membership) -> Inside:
    """The ids of these, for another statement (`case__one_of=…`): few and read first, they lead to the rest by an index."""
    values = {_ACTING: acting.pk, _SIGNED_IN: acting.professional_id}
    return _opened(ContentType.objects.get_for_model(Case).pk).inside(values, first=True)


_ACTING, _SIGNED_IN = uuid.UUID(int=1), uuid.UUID(int=2)
"""What stands where the membership, and whoever acts under it, will."""


@lru_cache(maxsize=4)
def _opened(_type: int) -> Statement:
    """The cases that somebody may open, written once: every page asks. Of a kind of content, as this database numbers it."""
    allowed = get_objects_for_user(
        Professional(pk=_SIGNED_IN),
        f"cases.{OPEN_CASE}",
        klass=Case,
        use_groups=False,
        with_superuser=False,
        accept_global_perms=False,
    )
    assigned = Assignment.objects.in_force().filter(case=OuterRef("pk"), membership=_ACTING)
    at_work = Membership.objects.in_force().proven().filter(pk=_ACTING)
    return written(allowed.filter(Exists(assigned), Exists(at_work)).order_by(), ("pk",))


class Case(models.Model):
    """A situation followed by a service: it belongs to an institution and is opened only by those assigned to it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    reference = models.CharField(max_length=20, unique=True)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="+")
    domain = models.CharField(max_length=60)
    opened_on = models.DateField()
    closed_on = models.DateField(null=True, blank=True)
    created_at = models.DateTimeField(db_default=Now())

    objects = CaseQuerySet.as_manager()

    class Meta:
        ordering = ["-opened_on", "-reference"]
        default_permissions = ()
        permissions = [(OPEN_CASE, "may open this case")]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "institution"],
                condition=Q(closed_on__isnull=True),
                name="one_open_case_a_person_and_institution",
            ),
        ]

    def __str__(self) -> str:
        return self.reference


class AssignmentQuerySet(models.QuerySet["Assignment"]):
    def in_force(self) -> "AssignmentQuerySet":
        """Those of now, by the database's clock."""
        return self.filter(Q(starts_at__lte=Now()), Q(ends_at__isnull=True) | Q(ends_at__gt=Now()))


class Assignment(models.Model):
    """That somebody follows a case, since when, until when, and who decided it. Never deleted: ended."""

    class Kind(models.TextChoices):
        REFERENT = "referent", _("référent·e")
        COLLEAGUE = "colleague", _("en relais")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20, choices=Kind.choices, default=Kind.REFERENT)
    reason = models.CharField(max_length=300)
    assigned_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True, blank=True)
    review_due_on = models.DateField(null=True, blank=True)
    entry = models.OneToOneField("audit.Entry", on_delete=models.PROTECT, related_name="+")

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        ordering = ["-starts_at"]
        indexes = [models.Index(fields=["membership", "case"])]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "membership"],
                condition=Q(ends_at__isnull=True),
                name="one_open_assignment_a_case_and_membership",
            ),
            models.CheckConstraint(
                condition=Q(ends_at__isnull=True) | Q(ends_at__gte=F("starts_at")),
                name="assignment_ends_after_it_starts",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} · {self.membership_id}"


class CaseAccess(UserObjectPermissionBase):
    """guardian's bare row for the single permission `open_case`; written by `cases.access` alone.

    `content_object` keeps its default reverse name: with "+" guardian would silently use its generic table.
    """

    content_object = models.ForeignKey(Case, on_delete=models.CASCADE)


class Involvement(models.Model):
    """That a partner's professional works with this person too, in what capacity, and how that is known.

    It is what makes an exchange lawful between people who take part in the same care (CSP L1110-4 II) or in the same
    social action (CASF L121-6-2); it opens no access by itself.
    """

    class Kind(models.TextChoices):
        CARE = "care", _("participe à la prise en charge")
        CARE_TEAM = "care_team", _("fait partie de la même équipe de soins")
        SOCIAL = "social", _("intervient auprès de la personne")
        COORDINATOR = "coordinator", _("est le coordonnateur désigné")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    source = models.CharField(max_length=200)
    recorded_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True, blank=True)
    entry = models.OneToOneField("audit.Entry", on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-starts_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "membership", "kind"],
                condition=Q(ends_at__isnull=True),
                name="one_open_involvement_a_case_and_membership",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.membership_id} {self.kind}"


class ItemQuerySet(models.QuerySet["Item"]):
    def visible_to(self, acting: Membership) -> "ItemQuerySet":
        """The items of the cases that this membership may open."""
        return self.filter(case__one_of=opened_by(acting))


class Item(models.Model):
    """One piece of information: what kind of statement it is, where it comes from, who holds it. What it says is apart."""

    class Provenance(models.TextChoices):
        PERSON = "person", _("dit par la personne")
        FAMILY = "family", _("dit par la famille ou un représentant")
        OBSERVED = "observed", _("constaté par moi")
        DOCUMENT = "document", _("lu dans un document remis")
        PARTNER = "partner", _("reçu d’un autre professionnel")
        THIRD_PARTY = "third_party", _("dit par un tiers")

    class Origin(models.TextChoices):
        ORDINARY = "", _("suivi ordinaire")
        IP = "ip", _("information préoccupante")
        CONTROLE_RSA = "controle_rsa", _("contrôle du RSA")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    label = models.CharField(max_length=120)
    category = models.CharField(max_length=60)
    nature = models.CharField(max_length=40)
    provenance = models.CharField(max_length=20, choices=Provenance.choices)
    provenance_detail = models.CharField(max_length=200, blank=True)
    origin = models.CharField(max_length=20, choices=Origin.choices, blank=True, default="")
    third_parties = ArrayField(models.CharField(max_length=120), default=list, blank=True)
    depositary = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    observed_on = models.DateField()
    created_at = models.DateTimeField(db_default=Now())
    entry = models.OneToOneField("audit.Entry", on_delete=models.PROTECT, related_name="+")

    objects = ItemQuerySet.as_manager()

    class Meta:
        ordering = ["-observed_on", "-created_at"]
        indexes = [models.Index(fields=["case", "-observed_on"])]

    def __str__(self) -> str:
        return self.label


class ItemContent(models.Model):
    """What an item says: the only table that holds content. Written once; a correction is another item."""

    item = models.OneToOneField(Item, primary_key=True, on_delete=models.PROTECT, related_name="+")
    text = models.TextField()

    def __str__(self) -> str:
        return f"content of {self.item_id}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Insert only: what was communicated must stay what it was."""
        kwargs.setdefault("force_insert", True)
        super().save(*args, **kwargs)


class DissentNoteQuerySet(models.QuerySet["DissentNote"]):
    def visible_to(self, acting: Membership) -> "DissentNoteQuerySet":
        """Those on the items of the cases that this membership may open."""
        return self.filter(item__in=Item.objects.visible_to(acting))


class DissentNote(models.Model):
    """That somebody sees it otherwise, in her words: it stays with the item wherever the item goes (CASF D226-2-7 II)."""

    class Voice(models.TextChoices):
        PROFESSIONAL = "professional", _("un·e professionnel·le")
        PERSON = "person", _("la personne")
        REPRESENTATIVE = "representative", _("un parent ou un représentant")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="+")
    voice = models.CharField(max_length=20, choices=Voice.choices)
    text = models.TextField()
    by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    entry = models.OneToOneField("audit.Entry", on_delete=models.PROTECT, related_name="+")

    objects = DissentNoteQuerySet.as_manager()

    class Meta:
        ordering = ["at"]
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="a_dissent_says_what")]

    def __str__(self) -> str:
        return f"dissent on {self.item_id}"
