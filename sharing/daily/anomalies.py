"""What she sent, or said, while no agreement stood: said to her once it is known, with no fault implied (abuse 6)."""

from datetime import datetime

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from partners.models import Membership
from sharing.daily.desk import Desk
from sharing.daily.lines import SHOWN, Line, Section, section
from sharing.models import Disclosure
from sharing.stopping.anomalies import said, without_agreement


def anomalies(desk: Desk) -> Section | None:
    """Of the situations that she may open: a link to each, and why."""
    rows = [said(one) for one in desk.rows(_hers)]
    lines = [
        Line(
            text=one.disclosure.reference,
            url=reverse("sharing:sent_one", args=[one.disclosure.pk]),
            soft=f"{one.disclosure.recipient.institution} · {one.why}",
        )
        for one in rows[:SHOWN]
    ]
    title = _("Sans accord au moment où elles sont parties")
    return section("anomalies", title, lines, count=len(rows), presses=False)


def _hers(by: Membership, at: datetime) -> QuerySet[Disclosure]:
    return without_agreement(Disclosure.objects.sent_from(by).filter(author=by))
