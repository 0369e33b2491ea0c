"""What leaves the house about the trail: its head each day, its alarms at once; to who protects data and who audits.

Outside the base, a head is what tells a trail that was rewritten by those who hold the base and the key (trust.md). Found again at
each run: a day without the queue is made up for as soon as it is back.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.conf import settings
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from audit import alarms, canonical, heads
from audit.models import Alarm, Checkpoint
from partners.clock import PARIS, day_of
from partners.models import Function, Membership, Reached
from sharing.daily.desk import Desk
from sharing.daily.lines import Line, Section, section
from sharing.models import Outbox
from sharing.outbox import promise

KEEPING = (Function.DPO, Function.AUDITOR)
TOLD_WITHIN = timedelta(days=30)


def keepers() -> Iterator[Membership]:
    """Who protects data or audits, in every institution of the house, and is at work."""
    at_work = Membership.objects.in_force().filter(reached_by=Reached.IN_APP, functions__overlap=list(KEEPING))
    yield from at_work.select_related("professional").order_by("pk")


def send_heads(at: datetime) -> int:
    """Promise today's head to each keeper, and to the addresses outside; once a day each. Returns how many are new."""
    head = heads.latest()
    if head is None:
        return 0
    today = f"trail_head:{day_of(at)}:"
    sent = list(Outbox.objects.filter(kind=Outbox.Kind.TRAIL_HEAD, key__startswith=today).values_list("key", "counts"))
    # All letters of a day carry the same head, the latecomer's too: whoever compares them compares the same thing.
    counts = sent[0][1] if sent else _counts(head, today)
    known = {key for key, _counts_then in sent}
    letters: dict[str, tuple[Membership | None, str]] = {f"{today}{one.pk}": (one, "") for one in keepers()}
    letters |= {f"{today}{canonical.digest(to.encode())[:32]}": (None, to) for to in settings.HEAD_MAIL_TO}
    fresh = {key: to for key, to in letters.items() if key not in known}
    for key, (recipient, address) in fresh.items():
        promise(
            kind=Outbox.Kind.TRAIL_HEAD,
            key=key,
            recipient=recipient,
            address=address,
            reference="",
            path=reverse("audit:head", args=[counts["size"]]),
            counts=counts,
        )
    return len(fresh)


def _counts(head: Checkpoint, today: str) -> dict[str, int]:
    """The size of the head, and how many entries were sealed since the one that left before."""
    before = Outbox.objects.filter(kind=Outbox.Kind.TRAIL_HEAD).exclude(key__startswith=today).order_by("-pk").first()
    since = before.counts["size"] if before else 0
    return {"size": head.size, "since": since, "added": head.size - since}


def send_alarms(at: datetime) -> int:
    """Promise the letters of the alarms of late, whoever raised them; each keeper once. Returns how many are new."""
    rows = list(Alarm.objects.filter(raised_at__gt=at - TOLD_WITHIN, lifted_at=None))
    if not rows:
        return 0
    letters = {f"trail_alarm:{alarm.pk}:{one.pk}": (alarm, one) for alarm in rows for one in keepers()}
    known = set(Outbox.objects.filter(key__in=letters).values_list("key", flat=True))
    for key, (alarm, one) in letters.items():
        if key not in known:
            path = reverse("audit:alarm", args=[alarm.pk])
            promise(kind=Outbox.Kind.TRAIL_ALARM, key=key, recipient=one, reference="", path=path)
    return len(letters.keys() - known)


def trail_alarms(desk: Desk) -> Section | None:
    """The alarms that stand, on the first page of who protects data and who audits."""
    if not desk.by.has_function(*KEEPING):
        return None
    rows = alarms.standing()
    lines = [
        Line(
            text=str(alarms.titled(one.kind)),
            url=reverse("audit:alarm", args=[one.pk]),
            soft=_("depuis le %(at)s") % {"at": date_format(one.raised_at.astimezone(PARIS), "j F Y, H:i")},
            kind="overdue" if one.kind in alarms.SUSPENDING else "pending",
            chip=_("le partage ordinaire est suspendu") if one.kind in alarms.SUSPENDING else "",
        )
        for one in rows
    ]
    return section(
        "alarms", _("Alarmes sur le journal"), lines, late=sum(one.kind in alarms.SUSPENDING for one in rows)
    )
