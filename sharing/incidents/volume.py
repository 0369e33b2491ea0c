"""A membership that opens far more communications in a day than is ordinary: said to who answers for information, never blocked.

Counted from the access log, so that nothing is stored of anybody; days, never a ranking of people (abuse 43).
"""

import uuid
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db.models import Count
from django.db.models.functions import TruncDate
from django.urls import reverse

from audit.models import Access
from partners.clock import PARIS, day_of, start_of
from partners.models import Membership
from sharing.incidents.acts import answering
from sharing.models import Outbox
from sharing.outbox import promise
from sharing.returning.openings import OPENED

SHOWN_DAYS = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Volume:
    """How many different communications one membership opened on one day."""

    who: Membership
    on: date
    many: int


def watch(*, reader: Membership, at: datetime) -> None:
    """After an opening, in its transaction: the letter to who answers for information, once a day and a membership.

    One statement; more only on the day when the number passes the setting.
    """
    today = Access.objects.filter(
        professional_ref=reader.professional_id,
        membership_ref=reader.pk,
        action=OPENED,
        granted=True,
        at__gte=start_of(day_of(at)),
    )
    many = today.values("object_ref").distinct().count()
    if many <= settings.OPENINGS_A_DAY:
        return
    on = day_of(at)
    for one in answering(reader.institution_id):
        if one.professional_id == reader.professional_id:
            continue
        promise(
            kind=Outbox.Kind.MANY_OPENINGS,
            key=f"many_openings:{reader.pk}:{on:%Y-%m-%d}:{one.pk}",
            recipient=one,
            reference=f"{on:%Y-%m-%d} {str(reader.pk)[:8]}",
            path=reverse("sharing:incidents"),
        )


def unusual(*, institution: uuid.UUID, at: datetime) -> list[Volume]:
    """The days of the last month on which somebody of this institution opened more than the setting, the latest first.

    Two statements, whatever their number.
    """
    colleagues = Membership.objects.filter(institution=institution).select_related("professional").in_bulk()
    since = start_of(day_of(at)) - timedelta(days=SHOWN_DAYS)
    counted = (
        Access.objects.filter(
            professional_ref__in={one.professional_id for one in colleagues.values()},
            membership_ref__in=list(colleagues),
            action=OPENED,
            granted=True,
            at__gte=since,
        )
        .annotate(on=TruncDate("at", tzinfo=PARIS))
        .order_by()
        .values("membership_ref", "on")
        .annotate(many=Count("object_ref", distinct=True))
        .filter(many__gt=settings.OPENINGS_A_DAY)
        .order_by("-on", "membership_ref")
    )
    return [Volume(who=colleagues[row["membership_ref"]], on=row["on"], many=row["many"]) for row in counted]
