"""How somebody comes to work in an institution, what was checked of her secrecy, what she may do there, and how it ends.

Rows are acts: inserted with their entry, never changed. Where an invitation or a change stands is computed from them
(`partners.accounts`). The secret of an invitation is in its letter alone: only its digest is here.
"""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from .people import Function, Institution, Membership, Professional, SecrecyStatus


def _functions() -> ArrayField:
    return ArrayField(models.CharField(max_length=30, choices=Function.choices), default=list, blank=True)


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def visible_to(self, acting: Membership) -> "InvitationQuerySet":
        """Those of her own institution, for who tends its directory or protects its data."""
        sees = Membership.objects.in_force().filter(
            pk=acting.pk, functions__overlap=[Function.DIRECTORY_ADMIN, Function.TEAM_LEAD, Function.DPO]
        )
        return self.filter(Exists(sees), institution=acting.institution_id)


class Invitation(models.Model):
    """A post that somebody is asked to take: who, as what, bound by what, and by whom. Nobody invites to a first house."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="+")
    email = models.EmailField()
    title = models.CharField(max_length=12, blank=True)
    first_name = models.CharField(max_length=80)
    last_name = models.CharField(max_length=80)
    role = models.CharField(max_length=60)
    job_title = models.CharField(max_length=120)
    secrecy_status = models.CharField(max_length=20, choices=SecrecyStatus.choices)
    secrecy_proof = models.CharField(max_length=200, blank=True)
    functions = _functions()
    receives_for_service = models.BooleanField(default=False)
    # SHA-256, in hexadecimal, of the secret that the letter carries.
    digest = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(Membership, null=True, on_delete=models.PROTECT, related_name="+")
    inviter = models.ForeignKey(Professional, null=True, on_delete=models.PROTECT, related_name="+")
    invited_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    entry = models.OneToOneField("audit.Entry", on_delete=models.PROTECT, related_name="+")

    objects = InvitationQuerySet.as_manager()

    class Meta:
        ordering = ["-invited_at"]
        indexes = [models.Index(fields=["institution", "-invited_at"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("invited_at")), name="invitation_ends_after_it_is_sent"
            ),
            models.CheckConstraint(
                condition=Q(invited_by__isnull=True, inviter__isnull=True)
                | Q(invited_by__isnull=False, inviter__isnull=False),
                name="invitation_by_a_membership_and_its_person",
            ),
        ]

    def __str__(self) -> str:
        return f"invitation {self.pk}"

    @property
    def full_name(self) -> str:
        """As whoever invited wrote it."""
        return f"{self.first_name} {self.last_name}"


class InvitationEnd(models.Model):
    """What became of an invitation: accepted, by whom it was sent to, or withdrawn. Once."""

    class Kind(models.TextChoices):
        ACCEPTED = "accepted"
        WITHDRAWN = "withdrawn"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    invitation = models.OneToOneField(Invitation, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    # Of an accepted one: the post that it made. Of one withdrawn: as which membership.
    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    professional = models.ForeignKey(Professional, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    entry = models.OneToOneField("audit.Entry", on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-at"]

    def __str__(self) -> str:
        return f"{self.kind} {self.invitation_id}"


class SecrecyCheck(models.Model):
    """What somebody else of the institution saw of the proof of a secrecy status, and whether it proves it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    holder = models.ForeignKey(Professional, on_delete=models.PROTECT, related_name="+")
    status = models.CharField(max_length=20, choices=SecrecyStatus.choices)
    proof = models.CharField(max_length=200)
    # What was looked at: « carte professionnelle », « arrêté du 3 mars ».
    seen = models.CharField(max_length=200)
    proven = models.BooleanField()
    checked_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    checker = models.ForeignKey(Professional, on_delete=models.PROTECT, related_name="+")
    checked_at = models.DateTimeField()
    entry = models.OneToOneField("audit.Entry", on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-checked_at"]
        indexes = [models.Index(fields=["membership", "-checked_at"])]
        constraints = [
            models.CheckConstraint(condition=~Q(checker=F("holder")), name="nobody_checks_her_own_secrecy"),
            models.CheckConstraint(condition=~Q(seen=""), name="a_check_says_what_was_seen"),
        ]

    def __str__(self) -> str:
        return f"check {self.pk}"


class FunctionChangeQuerySet(models.QuerySet["FunctionChange"]):
    def visible_to(self, acting: Membership) -> "FunctionChangeQuerySet":
        """Those of her own institution, for who tends its directory or protects its data."""
        sees = Membership.objects.in_force().filter(
            pk=acting.pk, functions__overlap=[Function.DIRECTORY_ADMIN, Function.TEAM_LEAD, Function.DPO]
        )
        return self.filter(Exists(sees), membership__institution=acting.institution_id)

    def waiting(self) -> "FunctionChangeQuerySet":
        """Those that a second person has not answered yet, of posts still in force."""
        answered = FunctionAnswer.objects.filter(change=OuterRef("pk"))
        at_work = Membership.objects.in_force()
        return self.filter(~Exists(answered), needs_second=True, membership__in=at_work)


class FunctionChange(models.Model):
    """What somebody is to do in Tact from now on: at once, or once a second person agrees where three functions are touched."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    holder = models.ForeignKey(Professional, on_delete=models.PROTECT, related_name="+")
    before = _functions()
    after = _functions()
    why = models.CharField(max_length=300)
    needs_second = models.BooleanField()
    proposed_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    proposer = models.ForeignKey(Professional, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    entry = models.OneToOneField("audit.Entry", on_delete=models.PROTECT, related_name="+")

    objects = FunctionChangeQuerySet.as_manager()

    class Meta:
        ordering = ["-proposed_at"]
        indexes = [models.Index(fields=["membership", "-proposed_at"])]
        constraints = [
            models.CheckConstraint(condition=~Q(proposer=F("holder")), name="nobody_changes_her_own_functions"),
            models.CheckConstraint(condition=~Q(why=""), name="a_change_of_functions_says_why"),
        ]

    def __str__(self) -> str:
        return f"functions {self.pk}"


class FunctionAnswer(models.Model):
    """What a second person answers to a change of functions: neither who proposed it, nor whom it is about."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    change = models.OneToOneField(FunctionChange, on_delete=models.PROTECT, related_name="+")
    accepted = models.BooleanField()
    sentence = models.CharField(max_length=300, blank=True)
    holder = models.ForeignKey(Professional, on_delete=models.PROTECT, related_name="+")
    proposer = models.ForeignKey(Professional, on_delete=models.PROTECT, related_name="+")
    answered_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    answerer = models.ForeignKey(Professional, on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField()
    entry = models.OneToOneField("audit.Entry", on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-answered_at"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(answerer=F("proposer")) & ~Q(answerer=F("holder")), name="functions_by_a_second_person"
            ),
            models.CheckConstraint(condition=Q(accepted=True) | ~Q(sentence=""), name="a_refused_change_says_why"),
        ]

    def __str__(self) -> str:
        return f"answer {self.pk}"


class MembershipEnd(models.Model):
    """That somebody leaves, from which instant, and why. Until then, a later one moves the instant."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    holder = models.ForeignKey(Professional, on_delete=models.PROTECT, related_name="+")
    ends_at = models.DateTimeField()
    why = models.CharField(max_length=300)
    ended_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    ender = models.ForeignKey(Professional, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    entry = models.OneToOneField("audit.Entry", on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-recorded_at"]
        indexes = [models.Index(fields=["membership", "-recorded_at"])]
        constraints = [
            models.CheckConstraint(condition=~Q(ender=F("holder")), name="nobody_ends_her_own_membership"),
            models.CheckConstraint(condition=~Q(why=""), name="an_end_says_why"),
            models.CheckConstraint(condition=Q(ends_at__gte=F("recorded_at")), name="an_end_is_not_dated_back"),
        ]

    def __str__(self) -> str:
        return f"end {self.pk}"
