"""What she sent, or said, while no agreement stood: said to her once it is known, with no fault implied (abuse 6)."""

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from cases.models import Case
from partners.models import Membership
from sharing.daily.lines import SHOWN, Line, Section, section
from sharing.models import Disclosure
from sharing.stopping.anomalies import anomalies as found


def anomalies(by: Membership, at: datetime) -> Section | None:
    """Of the situations that she may open: a link to each, and why."""
    rows = found(Disclosure.objects.filter(author=by, case__in=Case.objects.visible_to(by)))
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
