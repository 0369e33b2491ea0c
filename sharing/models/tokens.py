"""What lets a program act for a professional: her token, and the calls that must not be done twice."""

import uuid
from datetime import timedelta

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, F, Q
from django.db.models.functions import Now

from partners import clock
from partners.models import Function, Membership, Professional

LONGEST = timedelta(days=366)
"""A token ends within the year."""
OVERSEEING = (Function.DIRECTORY_ADMIN, Function.DPO)
"""The functions that see the tokens of the members of their institution, and end them."""


class ApiTokenQuerySet(models.QuerySet["ApiToken"]):
    def visible_to(self, acting: Membership) -> "ApiTokenQuerySet":
        """One's own, whatever the membership that they act as."""
        return self.filter(
            membership__professional=acting.professional_id,
            membership__professional__in=Membership.objects.in_force().filter(pk=acting.pk).values("professional"),
        )

    def in_force(self) -> "ApiTokenQuerySet":
        """Those that a program may use now."""
        return self.filter(
            revoked_at__isnull=True, expires_at__gt=clock.Instant(), membership__in=Membership.objects.in_force()
        )

    def of_house(self, acting: Membership) -> "ApiTokenQuerySet":
        """Those that act for her institution, whoever's, for who tends its directory or protects its data."""
        sees = Membership.objects.in_force().filter(pk=acting.pk, functions__overlap=list(OVERSEEING))
        return self.filter(Exists(sees), membership__institution=acting.institution_id)


class ApiToken(models.Model):
    """A professional's own, for one of her memberships: what a program does with it, she does.

    Of the token itself, nothing is kept but its SHA-256 (256 random bits need no salt) and its last four characters.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=80)
    digest = models.BinaryField(max_length=32, unique=True)
    ending = models.CharField(max_length=4)
    scopes = ArrayField(models.CharField(max_length=40))
    # In CIDR; none: from anywhere.
    networks = ArrayField(models.CharField(max_length=49), default=list, blank=True)
    calls_a_day = models.PositiveIntegerField()
    at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    entry = models.OneToOneField("audit.Entry", on_delete=models.PROTECT, related_name="+")

    objects = ApiTokenQuerySet.as_manager()

    class Meta:
        ordering = ["-at"]
        indexes = [models.Index(fields=["membership", "-at"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("at")) & Q(expires_at__lte=F("at") + LONGEST),
                name="a_token_ends_within_the_year",
            ),
            models.CheckConstraint(condition=Q(scopes__len__gt=0), name="a_token_may_something"),
            models.CheckConstraint(condition=~Q(name=""), name="a_token_has_a_name"),
        ]

    def __str__(self) -> str:
        return f"token {self.pk}"


class TokenRevocation(models.Model):
    """That somebody else than its owner ended a token, for the institution for which it acted, and why."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    token = models.OneToOneField(ApiToken, on_delete=models.PROTECT, related_name="+")
    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    owner = models.ForeignKey(Professional, on_delete=models.PROTECT, related_name="+")
    why = models.CharField(max_length=300)
    revoked_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    revoker = models.ForeignKey(Professional, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    entry = models.OneToOneField("audit.Entry", on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-at"]
        constraints = [
            models.CheckConstraint(condition=~Q(revoker=F("owner")), name="a_token_is_ended_for_the_house_by_another"),
            models.CheckConstraint(condition=~Q(why=""), name="the_end_of_a_token_says_why"),
        ]

    def __str__(self) -> str:
        return f"end of token {self.token_id}"


class IdempotentCall(models.Model):
    """One call that writes, by the key that its author chose: made again, it is answered the same and does nothing more.

    Claimed and answered in the transaction of the act itself, so it is there exactly if the act is. What is answered to such a
    call is made of references and codes, never of content; it is removed after three days.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    token = models.ForeignKey(ApiToken, on_delete=models.PROTECT, related_name="+")
    key = models.CharField(max_length=64)
    # SHA-256 of the method, the address and the body.
    asked = models.BinaryField(max_length=32)
    status = models.PositiveSmallIntegerField(null=True)
    content_type = models.CharField(max_length=60, blank=True)
    answer = models.TextField(blank=True)
    at = models.DateTimeField(db_default=Now(), db_index=True)

    class Meta:
        ordering = ["-at"]
        constraints = [models.UniqueConstraint(fields=["token", "key"], name="one_call_a_key")]

    def __str__(self) -> str:
        return f"call {self.pk}"
