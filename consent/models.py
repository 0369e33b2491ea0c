"""The person's word: what she was told, what she agreed to, refused, took back. Six acts, never blended (law.md, 3.1)."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from cases.models import Case, Person, Representative
from partners.models import Membership


class Form(models.TextChoices):
    """How her word was collected; oral is lawful where it is noted the same day (law.md, 3.3)."""

    IN_PERSON = "in_person", _("en présence, à l’oral")
    WRITTEN = "written", _("par écrit signé")
    TELEPHONE = "telephone", _("par téléphone, rappel au numéro connu")
    WITNESS = "witness", _("à l’oral, en présence d’un tiers")


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

    notice = models.ForeignKey(Notice, on_delete=models.PROTECT, related_name="+")
    valid_from = models.DateTimeField()
    valid_until = models.DateTimeField()
    conditions = models.CharField(max_length=300, blank=True)
    evidence_digest = models.CharField(max_length=64, blank=True)

    class Meta(PersonsWord.Meta):
        abstract = False
        indexes = [models.Index(fields=["person", "-recorded_at"])]
        constraints = [
            models.CheckConstraint(condition=Q(valid_until__gt=F("valid_from")), name="consent_ends_after_it_starts"),
            models.CheckConstraint(condition=Q(valid_from__gte=F("recorded_at")), name="consent_never_covers_the_past"),
            models.UniqueConstraint(
                fields=["evidence_digest"],
                condition=~Q(evidence_digest=""),
                name="an_evidence_serves_one_scope",
            ),
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
    consent = models.OneToOneField(Consent, on_delete=models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField()
    form = models.CharField(max_length=20, choices=Form.choices)
    recorded_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    own_words = models.TextField(blank=True)
    entry = models.OneToOneField("audit.Entry", on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-withdrawn_at"]

    def __str__(self) -> str:
        return f"withdrawal of {self.consent_id}"
