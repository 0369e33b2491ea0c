"""Information put off that no communication asks to look at again: it would be forgotten, since it has no duty of its own."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from consent import withheld
from consent.withheld import Waiting
from sharing.daily.desk import Desk
from sharing.daily.lines import Line, Section, section
from sharing.models import Duty
from sharing.owing import REEXAMINATION, Owed
from sharing.owing import states as duties_states


def without_duty(*, cases: QuerySet[Any], at: datetime) -> list[Waiting]:
    """Those that stand, but for those of which something was communicated: there the duty says it."""
    found = withheld.waiting(cases=cases, at=at)
    if not found:
        return []
    owed = Duty.objects.filter(code=REEXAMINATION, record__case__person__in={one.row.person_id for one in found})
    return _nobody_asks(found, duties_states(owed))


def _nobody_asks(found: Iterable[Waiting], owed: Iterable[Owed]) -> list[Waiting]:
    asked = {
        (one.duty.record.case.person_id, one.duty.record.recipient_id, one.duty.record.purpose)
        for one in owed
        if one.waiting
    }
    return [one for one in found if one.towards not in asked]


def deferred(desk: Desk) -> Section | None:
    """Who is still not told, why it was put off aside, and until when."""
    found = _nobody_asks(desk.put_off, desk.said_again)
    late = sum(one.late(desk.at) for one in found)
    return section("deferred", _("Informations différées, à donner ou à réexaminer"), _lines(found, desk.at), late=late)


def _lines(found: Iterable[Waiting], at: datetime) -> list[Line]:
    return [
        Line(
            text=f"{one.row.case.reference} · {one.row.person.short_name}",
            url=told_now_url(one),
            soft=str(one.row.recipient.institution),
            kind="overdue" if one.late(at) else "pending",
            chip=_("à réexaminer le %(day)s")
            % {"day": date_format(one.row.reexamine_on, "j F") if one.row.reexamine_on else ""},
        )
        for one in found
    ]


def told_now_url(one: Waiting) -> str:
    """The page where she is told at last; putting it off again, with a reason, is one link further."""
    asked = {
        "act": "information",
        "recipient": str(one.row.recipient_id),
        "purpose": one.row.purpose,
        "categories": ",".join(one.categories),
    }
    return f"{reverse('consent:new', args=[one.row.case.reference])}?{urlencode(asked)}"
