"""Whom ProConnect's identities stand for here: by issuer and subject, never by an address (abuse 33).

An identity that Tact does not know, or that comes from an establishment where she is not known to work, waits as a request.
"""

import uuid
from datetime import timedelta

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Now

from .people import Function, Institution, Membership, Professional

KEPT = timedelta(days=30)
"""How long a request waits for its answers; then it is as if it had not been made."""
SECOND_PERSONS = (Function.DIRECTORY_ADMIN, Function.TEAM_LEAD, Function.DPO)
"""Who may be the second person, where one is needed: those who may be it for a lost second factor."""
SUBJECT_MOST = 255


class ProConnectLink(models.Model):
    """This identity is this professional, from when to when. One at a time; ended, never removed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    issuer = models.CharField(max_length=SUBJECT_MOST)
    subject = models.CharField(max_length=SUBJECT_MOST)
    professional = models.ForeignKey(Professional, on_delete=models.PROTECT, related_name="+")
    made_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    entry = models.OneToOneField("audit.Entry", on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["made_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["issuer", "subject"], condition=Q(ended_at__isnull=True), name="an_identity_is_one_professional"
            ),
            models.CheckConstraint(condition=~Q(issuer="") & ~Q(subject=""), name="link_names_an_identity"),
        ]

    def __str__(self) -> str:
        return f"link {self.pk}"


class ProConnectRequestQuerySet(models.QuerySet["ProConnectRequest"]):
    def waiting(self) -> "ProConnectRequestQuerySet":
        """Those that nobody answered, for thirty days; the database's clock decides."""
        answered = Exists(ProConnectAnswer.objects.filter(request=OuterRef("pk")))
        return self.filter(~answered, asked_at__gt=Now() - KEPT)

    def to_confirm(self) -> "ProConnectRequestQuerySet":
        """Those that one person recognised and that wait for a second one, for the same thirty days."""
        recognised = ProConnectAnswer.objects.filter(request=OuterRef("pk"), needs_second=True)
        confirmed = ProConnectConfirmation.objects.filter(answer__request=OuterRef("pk"))
        return self.filter(Exists(recognised), ~Exists(confirmed), asked_at__gt=Now() - KEPT)

    def visible_to(self, acting: Membership) -> "ProConnectRequestQuerySet":
        """To whoever tends the directory: of somebody of her institution, or of nobody known yet, from its own establishment.

        Where two persons are needed, also to whoever may be the second one in the institution of the first: never her own.
        """
        tends = Exists(
            Membership.objects.in_force().filter(pk=acting.pk, functions__contains=[Function.DIRECTORY_ADMIN])
        )
        colleague = Exists(
            Membership.objects.in_force().filter(
                professional=OuterRef("professional"), institution=acting.institution_id
            )
        )
        here = Exists(Institution.objects.filter(~Q(siret=""), pk=acting.institution_id, siret=OuterRef("siret")))
        unknown = Q(professional__isnull=True)
        second = Exists(
            Membership.objects.in_force().filter(pk=acting.pk, functions__overlap=[str(one) for one in SECOND_PERSONS])
        )
        recognised = Exists(
            ProConnectAnswer.objects.filter(
                request=OuterRef("pk"), needs_second=True, answered_by__institution=acting.institution_id
            ).exclude(professional=acting.professional_id)
        )
        return self.filter((Q(tends) & ((unknown & Q(here)) | (~unknown & Q(colleague)))) | (Q(second) & Q(recognised)))


class ProConnectRequest(models.Model):
    """An identity waits: of whom, nobody knows yet (no professional), or from an establishment that is not hers here.

    What ProConnect said of her name and address is shown to whoever answers, and wiped with the answer.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    issuer = models.CharField(max_length=SUBJECT_MOST)
    subject = models.CharField(max_length=SUBJECT_MOST)
    siret = models.CharField(max_length=14, blank=True)
    professional = models.ForeignKey(Professional, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    said_name = models.CharField(max_length=200, blank=True)
    said_email = models.CharField(max_length=254, blank=True)
    asked_at = models.DateTimeField()

    objects = ProConnectRequestQuerySet.as_manager()

    class Meta:
        ordering = ["asked_at"]
        indexes = [models.Index(fields=["issuer", "subject"], name="request_of_an_identity")]

    def __str__(self) -> str:
        return f"request {self.pk}"


class ProConnectAnswerQuerySet(models.QuerySet["ProConnectAnswer"]):
    def in_effect(self) -> "ProConnectAnswerQuerySet":
        """Those that say yes, with the second person's yes where one was needed."""
        confirmed = ProConnectConfirmation.objects.filter(answer=OuterRef("pk"), confirmed=True)
        return self.filter(Q(needs_second=False) | Exists(confirmed), approved=True)


class ProConnectAnswer(models.Model):
    """What whoever tends the directory answers: yes, this identity from this establishment is this colleague; or no.

    `needs_second`: of a colleague who has no second factor, it opens nothing before somebody else said yes too (docs/adr/0044).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    request = models.OneToOneField(ProConnectRequest, on_delete=models.PROTECT, related_name="+")
    approved = models.BooleanField()
    needs_second = models.BooleanField(default=False)
    professional = models.ForeignKey(Professional, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    answered_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    answerer = models.ForeignKey(Professional, on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField()
    entry = models.OneToOneField("audit.Entry", on_delete=models.PROTECT, related_name="+")

    objects = ProConnectAnswerQuerySet.as_manager()

    class Meta:
        ordering = ["-answered_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(professional__isnull=True) | ~Q(professional=F("answerer")),
                name="nobody_recognises_herself",
            ),
            models.CheckConstraint(
                condition=Q(approved=False) | Q(professional__isnull=False), name="approved_for_somebody"
            ),
            models.CheckConstraint(
                condition=Q(needs_second=False) | Q(approved=True), name="only_a_yes_needs_a_second_person"
            ),
        ]

    def __str__(self) -> str:
        return f"answer {self.pk}"


class ProConnectConfirmation(models.Model):
    """What a second person says of an identity that one person recognised: neither that person, nor whom it is about."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    answer = models.OneToOneField(ProConnectAnswer, on_delete=models.PROTECT, related_name="+")
    confirmed = models.BooleanField()
    sentence = models.CharField(max_length=300, blank=True)
    professional = models.ForeignKey(Professional, on_delete=models.PROTECT, related_name="+")
    answerer = models.ForeignKey(Professional, on_delete=models.PROTECT, related_name="+")
    confirmed_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    confirmer = models.ForeignKey(Professional, on_delete=models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField()
    entry = models.OneToOneField("audit.Entry", on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-confirmed_at"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(confirmer=F("answerer")) & ~Q(confirmer=F("professional")),
                name="an_identity_by_a_second_person",
            ),
            models.CheckConstraint(condition=Q(confirmed=True) | ~Q(sentence=""), name="a_refused_identity_says_why"),
        ]

    def __str__(self) -> str:
        return f"confirmation {self.pk}"
