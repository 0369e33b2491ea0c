"""What a judgment, an authority or the facts change in who decides for somebody, or in how she may be reached (law.md, 3.2).

Rows are dated, with what proves them; nothing is rewritten: an end is a row of its own, and what stands at an instant is computed.
"""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from partners.models import Membership

from .files import Person, Representative


class PersonStatus(models.Model):
    """One thing that stands for a person from an instant on: a measure, a state, a disagreement, a protection."""

    class Kind(models.TextChoices):
        SAUVEGARDE = "sauvegarde", _("sauvegarde de justice")
        CURATELLE = "curatelle", _("curatelle")
        TUTELLE = "tutelle", _("tutelle")
        FAMILY_AUTHORISATION = "habilitation_familiale", _("habilitation familiale")
        FUTURE_MANDATE = "mandat_protection_future", _("mandat de protection future")
        UNABLE = "unable", _("temporairement hors d’état d’exprimer sa volonté")
        VULNERABLE = "vulnerable", _("hors d’état de se protéger, en raison de l’âge ou d’une incapacité")
        EMANCIPATED = "emancipated", _("mineur·e émancipé·e")
        ENTRUSTED = "entrusted", _("confié·e à l’aide sociale à l’enfance")
        PARENTS_DISAGREE = "parents_disagree", _("désaccord connu entre les titulaires de l’autorité parentale")
        DISCERNMENT = "discernment", _("discernement de l’enfant")
        OBJECTS_TO_PARENTS = "objects_to_parents", _("l’enfant s’oppose à ce que ses parents sachent")
        DO_NOT_CONTACT = "do_not_contact", _("ne pas contacter")
        PROTECTED_ADDRESS = "protected_address", _("adresse protégée")

    class Scope(models.TextChoices):
        PROPERTY = "property", _("sur les biens")
        ASSISTANCE = "personal_assistance", _("assistance relative à la personne")
        REPRESENTATION = "personal_representation", _("représentation relative à la personne")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=30, choices=Kind.choices)
    scope = models.CharField(max_length=30, choices=Scope.choices, blank=True, default="")
    authority = models.CharField(max_length=160, blank=True, default="")
    act_reference = models.CharField(max_length=80, blank=True, default="")
    decided_on = models.DateField(null=True, blank=True)
    note = models.TextField(blank=True, default="")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True, blank=True)
    recorded_by = models.ForeignKey(Membership, null=True, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    entry = models.OneToOneField("audit.Entry", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-starts_at"]
        indexes = [models.Index(fields=["person", "-starts_at"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__isnull=True) | Q(ends_at__gt=F("starts_at")), name="a_status_ends_after_it_starts"
            ),
            # Only what was brought over from the first version of a person's sheet has no author and no entry.
            models.CheckConstraint(
                condition=Q(recorded_by__isnull=True, entry__isnull=True)
                | Q(recorded_by__isnull=False, entry__isnull=False),
                name="a_status_has_its_author_and_its_entry",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.person_id}"


class PersonStatusEnd(models.Model):
    """That a status is over, since when and why: a measure lifted, a disagreement settled, a protection no longer needed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    status = models.OneToOneField(PersonStatus, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField()
    reason = models.CharField(max_length=300)
    by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    entry = models.OneToOneField("audit.Entry", on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-ended_at"]

    def __str__(self) -> str:
        return f"end of {self.status_id}"


class RepresentativeAct(models.Model):
    """What changed for a representative, and what proves it; what she may decide today is the last word of these."""

    class Move(models.TextChoices):
        ADDED = "added", _("ajouté à la situation")
        EXCLUSIVE = "exclusive", _("exerce seul·e l’autorité parentale")
        JOINT = "joint", _("exerce l’autorité parentale avec l’autre titulaire")
        DELEGATED = "delegated", _("reçoit délégation de l’autorité parentale")
        WITHDRAWN = "withdrawn", _("n’exerce plus l’autorité parentale")
        DO_NOT_CONTACT = "do_not_contact", _("ne pas contacter")
        CONTACT_AGAIN = "contact_again", _("peut de nouveau être contacté·e")
        ENDED = "ended", _("ne représente plus la personne")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    representative = models.ForeignKey(Representative, on_delete=models.PROTECT, related_name="+")
    move = models.CharField(max_length=20, choices=Move.choices)
    authority = models.CharField(max_length=160, blank=True, default="")
    act_reference = models.CharField(max_length=80, blank=True, default="")
    decided_on = models.DateField(null=True, blank=True)
    reason = models.CharField(max_length=300, blank=True, default="")
    at = models.DateTimeField()
    by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    entry = models.OneToOneField("audit.Entry", on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-at"]
        indexes = [models.Index(fields=["representative", "-at"])]

    def __str__(self) -> str:
        return f"{self.representative_id} {self.move}"
