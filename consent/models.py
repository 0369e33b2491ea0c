"""The person's word: what she was told, what she agreed to, refused, took back. Six acts, never blended (law.md, 3.1)."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from cases.models import Case, Person, Representative
from cases.models.rights import OfVisibleCases
from partners.models import Membership


class Form(models.TextChoices):
    """How her word was collected; oral is lawful where it is noted the same day (law.md, 3.3)."""

    IN_PERSON = "in_person", _("en présence, à l’oral")
    WRITTEN = "written", _("par écrit signé")
    TELEPHONE = "telephone", _("par téléphone, rappel au numéro connu")
    WITNESS = "witness", _("à l’oral, en présence d’un tiers")


def one_of(*names: str) -> Q:
    """Exactly one of these columns is filled in."""
    condition = Q()
    for filled in names:
        condition |= Q(**{f"{name}__isnull": name != filled for name in names})
    return condition


class PersonsWordQuerySet(models.QuerySet):
    def visible_to(self, acting: Membership):  # type: ignore[no-untyped-def]
        """What concerns the persons whose case this membership may open."""
        return self.filter(Exists(Case.objects.visible_to(acting).filter(person=OuterRef("person"))))


class Notice(models.Model):
    """The exact words shown to the person; a version is kept for ever (a consent remembers its text)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    code = models.CharField(max_length=60)
    version = models.PositiveIntegerField()
    text = models.TextField()
    digest = models.CharField(max_length=64)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [models.UniqueConstraint(fields=["code", "version"], name="one_text_a_notice_version")]

    def __str__(self) -> str:
        return f"{self.code} v{self.version}"


class PersonsWord(models.Model):
    """What every act has: whose word, heard by whom, on which day, recorded when (the server's clock), for what scope."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    recipient = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    purpose = models.CharField(max_length=60)
    categories = ArrayField(models.CharField(max_length=60), default=list)
    given_by = models.ForeignKey(Representative, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    sitting = models.UUIDField(null=True, editable=False)
    """What was said in one conversation has the same; None for what was recorded before conversations were kept together."""
    notice = models.ForeignKey(Notice, null=True, on_delete=models.PROTECT, related_name="+")
    language = models.CharField(max_length=40, blank=True, default="")
    interpreter = models.CharField(max_length=120, blank=True, default="")
    witness = models.CharField(max_length=120, blank=True, default="")
    called_back = models.BooleanField(default=False)
    conditions = models.CharField(max_length=300, blank=True, default="")
    understanding = models.CharField(max_length=300, blank=True, default="")
    """How she understood what was read: the discernment of a child, the ability of an adult, in a professional's words."""
    collected_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    collected_on = models.DateField()
    form = models.CharField(max_length=20, choices=Form.choices)
    own_words = models.TextField(blank=True)
    late_reason = models.CharField(max_length=300, blank=True)
    recorded_at = models.DateTimeField()
    entry = models.OneToOneField("audit.Entry", on_delete=models.PROTECT, related_name="+")

    objects = PersonsWordQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["-recorded_at"]

    def __str__(self) -> str:
        return f"{self._meta.model_name} {self.pk}"


class Consent(PersonsWord):
    """Her agreement: one recipient, one purpose, named categories, an end six months away at most."""

    valid_from = models.DateTimeField()
    valid_until = models.DateTimeField()

    class Meta(PersonsWord.Meta):
        abstract = False
        indexes = [models.Index(fields=["person", "-recorded_at"])]
        constraints = [
            models.CheckConstraint(condition=Q(valid_until__gt=F("valid_from")), name="consent_ends_after_it_starts"),
            models.CheckConstraint(condition=Q(notice__isnull=False), name="an_agreement_remembers_its_text"),
            models.CheckConstraint(condition=Q(valid_from__gte=F("recorded_at")), name="consent_never_covers_the_past"),
        ]


class Refusal(PersonsWord):
    """Her no: a normal outcome. It holds until the one who said it says otherwise (`consent.standing`)."""

    class Meta(PersonsWord.Meta):
        abstract = False
        indexes = [models.Index(fields=["person", "-recorded_at"])]


class Objection(PersonsWord):
    """She opposes what a text would let pass without her agreement (CSP L1110-4 IV; weighed elsewhere)."""

    class Meta(PersonsWord.Meta):
        abstract = False
        indexes = [models.Index(fields=["person", "-recorded_at"])]


class PriorInformation(PersonsWord):
    """She was told beforehand; or why not, for whose interest, and when that is looked at again."""

    class Withheld(models.TextChoices):
        NONE = "", _("l’information a été donnée")
        CHILD_INTEREST = "child_interest", _("informer nuirait à l’enfant")
        PROFESSIONAL_COMFORT = "professional_comfort", _("informer compliquerait le travail")

    exception = models.CharField(max_length=30, choices=Withheld.choices, blank=True, default="")
    exception_reason = models.TextField(blank=True)
    decided_with = models.CharField(max_length=120, blank=True, default="")
    """With which colleague, by name or function: an exception is not decided alone (law.md, 3.5)."""
    reexamine_on = models.DateField(null=True, blank=True)
    child_heard = models.BooleanField(default=False)
    presence_proposed = models.BooleanField(default=False)

    class Meta(PersonsWord.Meta):
        abstract = False
        indexes = [models.Index(fields=["person", "-recorded_at"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(exception="") | (~Q(exception_reason="") & Q(reexamine_on__isnull=False)),
                name="an_exception_has_a_reason_and_a_date",
            ),
        ]


class Withdrawal(models.Model):
    """She takes an agreement back: any form, at any time; nothing is asked of her."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # Several only where the earlier ones were recorded in error; the person's lock sees to it.
    consent = models.ForeignKey(Consent, on_delete=models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField()
    form = models.CharField(max_length=20, choices=Form.choices)
    recorded_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    own_words = models.TextField(blank=True)
    given_by = models.ForeignKey(Representative, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    """Whoever took it back, where it is not the person herself."""
    entry = models.OneToOneField("audit.Entry", on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-withdrawn_at"]

    def __str__(self) -> str:
        return f"withdrawal of {self.consent_id}"


INVALIDABLE = ("consent", "refusal", "objection", "information", "withdrawal")


class Invalidation(models.Model):
    """One of these was recorded in error: wrong person, wrong recipient, never said. It never counted; a withdrawal did.

    What left meanwhile stays decided as it was, on what was then recorded; from now on the row counts for nothing.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    consent = models.OneToOneField(Consent, null=True, on_delete=models.PROTECT, related_name="+")
    refusal = models.OneToOneField(Refusal, null=True, on_delete=models.PROTECT, related_name="+")
    objection = models.OneToOneField(Objection, null=True, on_delete=models.PROTECT, related_name="+")
    information = models.OneToOneField(PriorInformation, null=True, on_delete=models.PROTECT, related_name="+")
    withdrawal = models.OneToOneField(Withdrawal, null=True, on_delete=models.PROTECT, related_name="+")
    note = models.CharField(max_length=300)
    invalidated_at = models.DateTimeField()
    by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    entry = models.OneToOneField("audit.Entry", on_delete=models.PROTECT, related_name="+")

    objects = OfVisibleCases.as_manager()

    class Meta:
        ordering = ["-invalidated_at"]
        constraints = [
            models.CheckConstraint(condition=~Q(note=""), name="an_invalidation_says_why"),
            models.CheckConstraint(condition=one_of(*INVALIDABLE), name="an_invalidation_is_of_one_act"),
        ]

    def __str__(self) -> str:
        return f"invalidation {self.pk}"


class Scan(models.Model):
    """A signed paper that was scanned: what it is, checked by its content; the bytes stand apart (abuse 39)."""

    class Kind(models.TextChoices):
        PDF = "application/pdf", "PDF"
        JPEG = "image/jpeg", "JPEG"
        PNG = "image/png", "PNG"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    sitting = models.UUIDField(unique=True, editable=False)
    kind = models.CharField(max_length=20, choices=Kind.choices)
    size = models.PositiveIntegerField()
    """Bytes, as kept."""
    pages = models.PositiveSmallIntegerField(default=1)
    received_digest = models.CharField(max_length=64, unique=True)
    """SHA-256, hex, of the file as it came: the same paper serves once."""
    digest = models.CharField(max_length=64)
    """SHA-256, hex, of the file as it is kept."""
    kept_at = models.DateTimeField()
    by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    entry = models.OneToOneField("audit.Entry", on_delete=models.PROTECT, related_name="+")

    objects = OfVisibleCases.as_manager()

    class Meta:
        ordering = ["-kept_at"]

    def __str__(self) -> str:
        return f"scan {self.pk}"


class ScanContent(models.Model):
    """The bytes of a scan, in one table of their own, read by the one page that hands them over."""

    scan = models.OneToOneField(Scan, primary_key=True, on_delete=models.PROTECT, related_name="+")
    content = models.BinaryField()

    def __str__(self) -> str:
        return f"content of {self.scan_id}"
