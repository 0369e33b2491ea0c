"""The morning's letter: how many of what, and a link. Nobody is written to for nothing, nor twice a day."""

from datetime import datetime

from django.urls import reverse

from partners.clock import day_of
from partners.models import Membership, Reached
from sharing.daily import sections
from sharing.models import Outbox
from sharing.outbox import promise


def counts_of(by: Membership, at: datetime) -> dict[str, int]:
    """What presses, by kind, and how much of it is late: numbers only."""
    pressing = [one for one in sections.of(by, at) if one.presses]
    found = {one.name: one.count for one in pressing}
    late = sum(one.late for one in pressing)
    return found | ({"late": late} if late else {})


def send_digests(at: datetime) -> int:
    """Promise this morning's letter to each membership for which something presses; returns how many are new."""
    today = day_of(at)
    told = set(
        Outbox.objects.filter(kind=Outbox.Kind.DIGEST, key__startswith=f"digest:{today}:").values_list(
            "recipient", flat=True
        )
    )
    at_work = Membership.objects.in_force().filter(reached_by=Reached.IN_APP).exclude(pk__in=told)
    new = 0
    for one in at_work.select_related("professional", "institution").iterator(chunk_size=200):
        counts = counts_of(one, at)
        if counts:
            promise(
                kind=Outbox.Kind.DIGEST,
                key=f"digest:{today}:{one.pk}",
                recipient=one,
                reference="",
                path=reverse("home"),
                counts=counts,
            )
            new += 1
    return new
