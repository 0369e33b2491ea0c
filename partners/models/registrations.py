"""What is asked of the directory: that an institution be added to it, corrected, or opened to its first people; and the answers.

Rows are acts: inserted with their entry, never changed. What an institution *is* (its name, what it is, its number) takes two
persons of the institution that asks; how it is reached takes one.
"""

import uuid

from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from .people import Function, Institution, Membership, Professional


class InstitutionChangeQuerySet(models.QuerySet["InstitutionChange"]):
    def visible_to(self, acting: Membership) -> "InstitutionChangeQuerySet":
        """Those that her own institution asks for, for who tends its directory or protects its data."""
        sees = Membership.objects.in_force().filter(
            pk=acting.pk, functions__overlap=[Function.DIRECTORY_ADMIN, Function.TEAM_LEAD, Function.DPO]
        )
        return self.filter(Exists(sees), house=acting.institution_id)

    def waiting(self) -> "InstitutionChangeQuerySet":
        """Those that a second person has not answered, as long as who asked still tends the directory."""
        answered = InstitutionAnswer.objects.filter(change=OuterRef("pk"))
        tending = Membership.objects.in_force().filter(functions__contains=[Function.DIRECTORY_ADMIN])
        return self.filter(~Exists(answered), needs_second=True, proposed_by__in=tending)


class InstitutionChange(models.Model):
    """What one institution asks of the directory, about itself, or about another that it adds or added."""

    class Kind(models.TextChoices):
        ADD = "add"
        CORRECT = "correct"
        OPEN = "open"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    # On whose behalf it is asked.
    house = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="+")
    # What it is about; nothing yet where it is to be added.
    institution = models.ForeignKey(Institution, null=True, on_delete=models.PROTECT, related_name="+")
    # Only what changes, by the name of its column; of an opening, the posts of its first people.
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    why = models.CharField(max_length=300, blank=True)
    needs_second = models.BooleanField()
    proposed_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    proposer = models.ForeignKey(Professional, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    entry = models.OneToOneField("audit.Entry", on_delete=models.PROTECT, related_name="+")

    objects = InstitutionChangeQuerySet.as_manager()

    class Meta:
        ordering = ["-proposed_at"]
        indexes = [
            models.Index(fields=["house", "-proposed_at"]),
            models.Index(fields=["institution", "-proposed_at"]),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="add", institution__isnull=True) | (~Q(kind="add") & Q(institution__isnull=False)),
                name="a_change_is_about_an_institution",
            ),
            models.CheckConstraint(
                condition=Q(kind="correct") | Q(needs_second=True), name="two_persons_add_and_open_an_institution"
            ),
            models.CheckConstraint(
                condition=Q(needs_second=False) | ~Q(why=""), name="a_change_of_the_directory_says_why"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class InstitutionAnswer(models.Model):
    """What a second person answers: yes, and which institution it is now; or no, in a sentence."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    change = models.OneToOneField(InstitutionChange, on_delete=models.PROTECT, related_name="+")
    accepted = models.BooleanField()
    institution = models.ForeignKey(Institution, null=True, on_delete=models.PROTECT, related_name="+")
    sentence = models.CharField(max_length=300, blank=True)
    proposer = models.ForeignKey(Professional, on_delete=models.PROTECT, related_name="+")
    answered_by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    answerer = models.ForeignKey(Professional, on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField()
    entry = models.OneToOneField("audit.Entry", on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-answered_at"]
        constraints = [
            models.CheckConstraint(condition=~Q(answerer=F("proposer")), name="the_directory_changes_by_two_persons"),
            models.CheckConstraint(
                condition=Q(accepted=True, institution__isnull=False)
                | (Q(accepted=False, institution__isnull=True) & ~Q(sentence="")),
                name="an_accepted_change_is_of_an_institution",
            ),
        ]

    def __str__(self) -> str:
        return f"answer {self.pk}"
