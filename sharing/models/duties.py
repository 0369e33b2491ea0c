"""What must follow a decision, who owes it, and what was declared of it."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from cases.models import Assignment, opened_by
from partners import written_for
from partners.models import BINDING as BOUND
from partners.models import Function, Membership

from .decisions import DecisionRecord
from .disclosures import Disclosure


def held_around(acting: Membership) -> frozenset[str]:
    """The functions that somebody at work in her institution holds. One statement."""
    colleagues = Membership.objects.in_force().filter(institution=acting.institution_id).exclude(functions=[])
    return frozenset(one for several in colleagues.order_by().values_list("functions", flat=True) for one in several)


def answers_for_her_institution(acting: Membership, *functions: str, held: frozenset[str] | None = None) -> bool:
    """Whether it falls to her: she holds the first of these functions that somebody at work in her institution holds.

    `held`: what `held_around` found, where it is asked several times.
    """
    if not acting.has_function(*functions):
        return False
    if acting.has_function(*functions[:1]):
        return True
    around = held_around(acting) if held is None else held
    for function in functions:
        if acting.has_function(function):
            return True
        if function in around:
            return False
    return False


class DutyQuerySet(models.QuerySet["Duty"]):
    def visible_to(self, acting: Membership) -> "DutyQuerySet":
        """Those that this membership owes now. Owing is worked out from who is there: a duty outlives whoever leaves."""
        return self.filter(pk__in=written_for.inside(_owed(_Falls.to(acting)), by=acting))


@dataclass(frozen=True, slots=True)
class _Falls:
    """What falls to somebody for her institution, nobody being nearer: to lead, to answer for information, to review."""

    leads: bool
    answers: bool
    reviews: bool

    @classmethod
    def to(cls, acting: Membership) -> "_Falls":
        if not acting.functions:
            return cls(leads=False, answers=False, reviews=False)
        held = held_around(acting)

        def falls(*functions: str) -> bool:
            return answers_for_her_institution(acting, *functions, held=held)

        return cls(
            leads=falls(Function.TEAM_LEAD, Function.DPO, Function.DIRECTORY_ADMIN),
            answers=falls(Function.DPO, Function.DIRECTORY_ADMIN, Function.TEAM_LEAD),
            reviews=falls(Function.DPO, Function.DIRECTORY_ADMIN),
        )


@lru_cache(maxsize=8)
def _owed(falls: _Falls) -> written_for.Build["Duty"]:
    """The duties of somebody at work, to whom this falls too."""

    def build(acting: Membership, at: datetime) -> Any:
        ways = {
            "author": _as_author(acting, leads=falls.leads),
            "recipient": _as_recipient(acting, answers=falls.answers),
            "reviewer": _as_reviewer(acting, reviews=falls.reviews),
            # Its DPO; without one, who keeps its directory; without either, the head of the team.
            "institution": [Q(record__author__institution=acting.institution_id)] if falls.answers else [],
        }
        at_work = Exists(Membership.objects.in_force().filter(pk=acting.pk))
        # Each way by its own index: one condition of them all would read every duty of everybody.
        first, *others = (
            Duty.objects.filter(at_work, way, owed_by=who).order_by().values("pk")
            for who, several in ways.items()
            for way in several
        )
        return first.union(*others, all=True)

    return build


def _as_author(acting: Membership, *, leads: bool) -> list[Q]:
    """The author while she follows the case; then whoever follows it; where nobody does, the head of the team."""
    following = Assignment.objects.in_force().filter(
        case=OuterRef("record__case"), membership__in=Membership.objects.in_force()
    )
    there = Exists(following.filter(membership=OuterRef("record__author")))
    # Her cases first, then their decisions: otherwise every decision of everybody is looked at.
    mine = [Q(there, record__author=acting), ~Q(there) & Q(record__case__one_of=opened_by(acting))]
    if leads:
        mine.append(~Q(Exists(following)) & Q(record__case__institution=acting.institution_id))
    return mine


def _as_recipient(acting: Membership, *, answers: bool) -> list[Q]:
    """Whoever may read it; once she left and nobody may, who answers for information in her institution."""
    mine = [Q(record__in=Disclosure.objects.received_by(acting).values("record"))]
    if answers:
        there = Exists(Membership.objects.in_force().filter(pk=OuterRef("record__recipient")))
        mine.append(~Q(there) & Q(record__recipient__institution=acting.institution_id))
    return mine


def _as_reviewer(acting: Membership, *, reviews: bool) -> list[Q]:
    """Those of the author's institution who give opinions and are bound, never herself; where there is none, its DPO.

    Nor who received it: nobody examines what was said to her.
    """
    elsewhere = (
        Q(record__author__institution=acting.institution_id)
        & ~Q(record__author__professional=acting.professional_id)
        & ~Q(record__recipient__professional=acting.professional_id)
    )
    if acting.has_function(Function.REVIEWER) and acting.proven_status in BOUND:
        return [elsewhere]
    if not reviews:
        return []
    reviewers = (
        Membership.objects.in_force()
        .filter(
            institution=OuterRef("record__author__institution"),
            functions__contains=[Function.REVIEWER],
            secrecy_status__in=BOUND,
            secrecy_verified_on__isnull=False,
        )
        .exclude(professional=OuterRef("record__author__professional"))
        .exclude(professional=OuterRef("record__recipient__professional"))
    )
    return [elsewhere & ~Q(Exists(reviewers))]


class Duty(models.Model):
    """What must follow a decision, who owes it and by when; written with it, or nothing is.

    Whether it is done is computed (`sharing.owing`): from the acts of the house, or from what was declared of it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    record = models.ForeignKey(DecisionRecord, on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=60)
    owed_by = models.CharField(max_length=30)
    due_at = models.DateTimeField(null=True, blank=True)

    objects = DutyQuerySet.as_manager()

    class Meta:
        ordering = ["due_at"]
        constraints = [models.UniqueConstraint(fields=["record", "code"], name="a_duty_once_a_decision")]

    def __str__(self) -> str:
        return f"{self.code} of {self.record_id}"


class DutyAct(models.Model):
    """What somebody declared of a duty: done, put off, no longer to be put off, to be done again. Added to, never changed."""

    class Kind(models.TextChoices):
        DISCHARGED = "discharged", _("fait")
        POSTPONED = "postponed", _("reporté")
        EXCEPTION_ENDED = "exception_ended", _("l’exception n’est plus fondée")
        REOPENED = "reopened", _("à refaire")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    duty = models.ForeignKey(Duty, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    how = models.TextField(blank=True)
    done_on = models.DateField(null=True, blank=True)
    due_at = models.DateTimeField(null=True, blank=True)
    entry = models.OneToOneField("audit.Entry", on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["entry"]
        indexes = [models.Index(fields=["duty", "at"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="exception_ended") | ~Q(how=""), name="what_is_declared_of_a_duty_is_said"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["postponed", "exception_ended"], due_at__isnull=False)
                | Q(kind__in=["discharged", "reopened"], due_at__isnull=True),
                name="a_duty_put_off_has_a_new_date",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.duty_id}"
