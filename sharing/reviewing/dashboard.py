"""« Tableau »: what an institution learns of its practice from counts; never of anybody in particular."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from partners import clock
from partners.acting import acting, function_required
from partners.models import Function
from sharing.reviewing import figures
from sharing.reviewing.tabs import tabs


@require_safe
@function_required(Function.TEAM_LEAD, Function.REVIEWER, Function.DPO)
def dashboard(request: HttpRequest) -> HttpResponse:
    """Five tables of one's own institution, each in one statement; counts under five are not shown."""
    by, at = acting(request), clock.now()
    place = by.institution
    return render(
        request,
        "sharing/reviewing/dashboard.html",
        {
            "tabs": tabs(by, "dashboard"),
            "place": place,
            "tables": [
                {
                    "id": "ages",
                    "title": _("Depuis quand attendent les avis demandés"),
                    "lines": figures.ages(place, at),
                    "what": _("Attente"),
                    "figure": _("Demandes"),
                    "none": "",
                },
                {
                    "id": "rules",
                    "title": _("Quelle règle bloque le plus ?"),
                    "lines": figures.stopping(place, at),
                    "what": _("Règle"),
                    "figure": _("Brouillons arrêtés, en 90 jours"),
                    "none": _("Aucune règle n’a arrêté cinq brouillons ou plus en 90 jours."),
                },
                {
                    "id": "delays",
                    "title": _("En combien de temps les partenaires accusent réception"),
                    "lines": figures.delays(place, at),
                    "what": _("Partenaire"),
                    "figure": _("La moitié en moins de"),
                    "none": _("Aucun partenaire n’a accusé réception de cinq communications ou plus en 90 jours."),
                },
                {
                    "id": "emergencies",
                    "title": _("Urgences par semaine"),
                    "lines": figures.emergencies(place, at),
                    "what": _("Semaine"),
                    "figure": _("Urgences"),
                    "none": "",
                },
            ],
            "ending": figures.ending(place, at),
        },
    )
