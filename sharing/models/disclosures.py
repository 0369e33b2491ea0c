"""What left, to whom, by what channel; who received it, who sent it back, who called it back, whether it served."""

import uuid
from functools import lru_cache

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from cases.models import Case, Item, opened_by
from partners.models import BINDING as BOUND
from partners.models import Function, Membership, Reached, SecrecyStatus
from partners.written_once import Statement, written

from .decisions import DecisionRecord
from .drafts import Draft

CONTROLLING = (Function.AUDITOR, Function.DPO)


def addressed(acting: Membership, to: str) -> Q:
    """What is addressed (in the field `to`) to this membership; or to its service, where the one addressed receives for it.

    The service is those who work in it: neither who controls it, nor who sits in a forum for it. What went to somebody
    bound by secrecy is read by those who are bound. Whoever is addressed is in force.
    """
    for_service = not acting.has_function(*CONTROLLING) and acting.secrecy_status != SecrecyStatus.INSTANCE
    values = {_ACTING: acting.pk}
    if for_service:
        values[_HOUSE] = acting.institution_id
    # Their ids first: few, they lead to the rows by an index, where a join would read every row of everybody.
    found = _reached(for_service=for_service, bound=acting.proven_status in BOUND)
    return Q(**{f"{to}__in": found.inside(values)})


_ACTING, _HOUSE = uuid.UUID(int=1), uuid.UUID(int=2)
"""What stands where the membership, and its institution, will."""


@lru_cache(maxsize=4)
def _reached(*, for_service: bool, bound: bool) -> Statement:
    """The memberships to which something is addressed that also reaches somebody, written once."""
    mine = Q(pk=_ACTING)
    if for_service:
        service = Q(institution=_HOUSE, receives_for_service=True)
        if not bound:
            service &= ~Q(secrecy_status__in=BOUND, secrecy_verified_on__isnull=False)
        mine |= service
    return written(Membership.objects.in_force().filter(mine).order_by(), ("pk",))


class DisclosureQuerySet(models.QuerySet["Disclosure"]):
    def received_by(self, acting: Membership) -> "DisclosureQuerySet":
        """Addressed to this membership; or to its service, where the one addressed receives for the service."""
        return self.filter(addressed(acting, "recipient"))

    def sent_from(self, acting: Membership) -> "DisclosureQuerySet":
        """Sent from the cases that this membership may open."""
        return self.filter(case__one_of=opened_by(acting))

    def visible_to(self, acting: Membership) -> "DisclosureQuerySet":
        """Received by this membership, or sent from a case that it may open, as long as it is itself in force."""
        if not Membership.objects.in_force().filter(pk=acting.pk).exists():
            return self.none()
        return self.filter(
            Q(pk__in=Disclosure.objects.received_by(acting).values("pk"))
            | Q(pk__in=Disclosure.objects.sent_from(acting).values("pk"))
        )


class Disclosure(models.Model):
    """What left: one person's decision, about named items, to a named recipient, for one purpose."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    reference = models.CharField(max_length=24, unique=True)
    record = models.OneToOneField(DecisionRecord, on_delete=models.PROTECT, related_name="+")
    draft = models.OneToOneField(Draft, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    author = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    recipient = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    recipient_label = models.CharField(max_length=300)
    purpose = models.CharField(max_length=60)
    basis = models.CharField(max_length=60, blank=True)
    benefit = models.TextField(blank=True)
    answers = models.ForeignKey(
        "sharing.InformationRequest", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    channel = models.CharField(max_length=20, choices=Reached.choices, default=Reached.IN_APP)
    # Of what was said aloud and written down afterwards: when it was said; `released_at` is when it was written.
    said_at = models.DateTimeField(null=True, blank=True)
    urgent = models.BooleanField(default=False)
    released_at = models.DateTimeField()
    access_until = models.DateTimeField(null=True, blank=True)
    opened_at = models.DateTimeField(null=True, blank=True)
    acknowledged_at = models.DateTimeField(null=True, blank=True)
    entry = models.OneToOneField("audit.Entry", on_delete=models.PROTECT, related_name="+")

    objects = DisclosureQuerySet.as_manager()

    class Meta:
        ordering = ["-released_at"]
        indexes = [
            models.Index(fields=["recipient", "-released_at"]),
            models.Index(fields=["case", "-released_at"]),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(acknowledged_at__isnull=True)
                | Q(opened_at__isnull=False, acknowledged_at__gte=F("opened_at")),
                name="acknowledged_after_it_was_opened",
            ),
            models.CheckConstraint(
                condition=Q(said_at__isnull=True) | Q(channel=Reached.SPOKEN, said_at__lte=F("released_at")),
                name="what_is_written_down_was_said_before",
            ),
            models.CheckConstraint(
                condition=Q(channel=Reached.IN_APP) | Q(opened_at__isnull=True),
                name="only_what_reaches_an_account_is_opened_there",
            ),
        ]

    def __str__(self) -> str:
        return self.reference


class DisclosedItem(models.Model):
    """An item as it left: its labels at that moment, and why it was necessary."""

    id = models.BigAutoField(primary_key=True)
    disclosure = models.ForeignKey(Disclosure, on_delete=models.PROTECT, related_name="+")
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="+")
    label = models.CharField(max_length=120)
    category = models.CharField(max_length=60)
    nature = models.CharField(max_length=40)
    necessity = models.TextField()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["disclosure", "item"], name="an_item_once_a_disclosure"),
        ]

    def __str__(self) -> str:
        return f"{self.disclosure_id} · {self.label}"


class _ActOnDisclosureQuerySet(models.QuerySet["models.Model"]):
    def visible_to(self, acting: Membership):  # type: ignore[no-untyped-def]
        """Those of the disclosures that this membership may see, on either side."""
        return self.filter(disclosure__in=Disclosure.objects.visible_to(acting))


class Returned(models.Model):
    """« Ce n’est pas pour moi »: the recipient closes at once what should not have reached her."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    disclosure = models.OneToOneField(Disclosure, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    reason = models.TextField(blank=True)
    entry = models.OneToOneField("audit.Entry", on_delete=models.PROTECT, related_name="+")

    objects = _ActOnDisclosureQuerySet.as_manager()

    class Meta:
        ordering = ["-at"]

    def __str__(self) -> str:
        return f"{self.disclosure_id} returned"


class Recalled(models.Model):
    """The author, or who heads her team, takes back what she sent; what was read stays known, and is said to be so."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    disclosure = models.OneToOneField(Disclosure, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    reason = models.TextField()
    entry = models.OneToOneField("audit.Entry", on_delete=models.PROTECT, related_name="+")

    objects = _ActOnDisclosureQuerySet.as_manager()

    class Meta:
        ordering = ["-at"]

    def __str__(self) -> str:
        return f"{self.disclosure_id} recalled"


class Delivery(models.Model):
    """Who received it and when, as told: for those who have no account. Tact never pretends to have delivered."""

    class How(models.TextChoices):
        TELEPHONE = "telephone", _("par téléphone")
        BY_HAND = "by_hand", _("en main propre")
        POST = "post", _("par la poste")
        SECURE_MAIL = "secure_mail", _("par messagerie sécurisée")
        MEETING = "meeting", _("en réunion")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    disclosure = models.ForeignKey(Disclosure, on_delete=models.PROTECT, related_name="+")
    how = models.CharField(max_length=20, choices=How.choices)
    received_by = models.CharField(max_length=160)
    received_at = models.DateTimeField()
    by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    entry = models.OneToOneField("audit.Entry", on_delete=models.PROTECT, related_name="+")

    objects = _ActOnDisclosureQuerySet.as_manager()

    class Meta:
        ordering = ["-received_at"]
        constraints = [
            models.CheckConstraint(condition=Q(received_at__lte=F("at")), name="received_before_it_is_noted"),
        ]

    def __str__(self) -> str:
        return f"{self.disclosure_id} received"


class Usefulness(models.Model):
    """« A-t-il servi, pour quelle décision ? »: what each side says of it, a month after."""

    class Side(models.TextChoices):
        AUTHOR = "author", _("qui a communiqué")
        RECIPIENT = "recipient", _("qui a reçu")

    class Served(models.TextChoices):
        YES = "yes", _("oui")
        PARTLY = "partly", _("en partie")
        NO = "no", _("non")
        TOO_SOON = "too_soon", _("il est trop tôt pour le dire")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    disclosure = models.ForeignKey(Disclosure, on_delete=models.PROTECT, related_name="+")
    side = models.CharField(max_length=20, choices=Side.choices)
    served = models.CharField(max_length=20, choices=Served.choices)
    decision = models.TextField(blank=True)
    by = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    entry = models.OneToOneField("audit.Entry", on_delete=models.PROTECT, related_name="+")

    objects = _ActOnDisclosureQuerySet.as_manager()

    class Meta:
        ordering = ["-at"]
        constraints = [
            models.UniqueConstraint(
                fields=["disclosure", "side"], condition=~Q(served="too_soon"), name="each_side_says_once_if_it_served"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.disclosure_id} {self.served}"
