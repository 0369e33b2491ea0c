"""« À faire aujourd’hui »: what waits for this professional, in the order of its urgency. No charts."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from partners import clock
from partners.acting import acting
from sharing import outbox
from sharing.daily import sections
from sharing.daily.desk import Desk


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """The first page: sections of what waits, the way to the first of them, and whether letters are late."""
    desk = Desk(acting(request), clock.now())
    found = sections.of_desk(desk)
    pressing = [one for one in found if one.presses]
    context = {
        "sections": found,
        "first": pressing[0].lines[0] if pressing else None,
        "follows": bool(desk.cases),
        "delayed": outbox.delayed(),
    }
    return render(request, "sharing/home.html", context)
