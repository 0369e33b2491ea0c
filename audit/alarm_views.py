"""The alarms of the trail: what each means, what to do step by step, and, for who protects data, lifting it with a reason."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from . import alarms, findings
from .access_log import now
from .models import Alarm
from .templatetags.trail import instant_said
from .views import controlled, note

LIFTING = "dpo"
SHORTEST = 20
SHOWN = 50


class LiftForm(forms.Form):
    """Why an alarm is lifted: it stays in the trail."""

    why = forms.CharField(
        label=_("Pourquoi l’alarme peut être levée"),
        help_text=_(
            "Ce qui s’est passé, ce qui a été fait, qui l’a vérifié. Cela reste au journal ; n’y nommez pas de personne suivie."
        ),
        min_length=SHORTEST,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={
            "required": _("Dites pourquoi l’alarme peut être levée : quelqu’un le relira."),
            "min_length": _("Dites-le en une phrase au moins : ce qui s’est passé, ce qui a été fait."),
        },
    )


@require_safe
@controlled("alarm.read")
def alarms_page(request: HttpRequest) -> HttpResponse:
    """Those that stand, then those that were lifted, with the reason."""
    note(request, "alarm.read")
    lifted = Alarm.objects.exclude(lifted_at=None).order_by("-lifted_at")[:SHOWN]
    return render(request, "audit/alarms.html", {"standing": alarms.standing(), "lifted": lifted})


@require_http_methods(["GET", "HEAD", "POST"])
@controlled("alarm.read")
def alarm_page(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One alarm: what it means, what was found, what to do; posted by who protects data, it is lifted."""
    alarm = get_object_or_404(Alarm, pk=pk)
    by = getattr(request, "membership")  # noqa: B009  (set by the acting membership's middleware)
    may_lift = by.has_function(LIFTING)
    if request.method == "POST" and not may_lift:
        note(request, "alarm.lifted", granted=False)
        raise Http404
    form = LiftForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            alarms.lift(alarm=alarm, by=by.pk, why=form.cleaned_data["why"], at=now())
        except alarms.NotStanding:
            return _show(request, alarm, form, may_lift=False, status=409)
        note(request, "alarm.lifted")
        return redirect("audit:alarm", pk=pk)
    if request.method != "POST":
        note(request, "alarm.read")
    return _show(request, alarm, form, may_lift=may_lift, status=422 if form.errors else 200)


def _show(request: HttpRequest, alarm: Alarm, form: LiftForm, *, may_lift: bool, status: int) -> HttpResponse:
    alarm.refresh_from_db()
    context = {
        "alarm": alarm,
        "kind": alarms.KINDS.get(alarm.kind),
        "suspends": alarm.kind in alarms.SUSPENDING,
        "faults": findings.named(findings.read(alarm.found)),
        "measures": measures(alarm.found),
        "form": form,
        "lifters": [str(alarm.lifted_by)] if alarm.lifted_by else [],
        "may_lift": may_lift and alarm.lifted_at is None,
    }
    return render(request, "audit/alarm.html", context, status=status)


def measures(found: Mapping[str, Any]) -> list[tuple[Any, Any]]:
    """What was found in numbers, each with its words."""
    words = {
        "waiting": _("Entrées en attente"),
        "seconds": _("Attente, en secondes"),
        "size": _("Nombre d’entrées de la tête en cause"),
        "from_size": _("Signe les têtes au-delà de"),
        "key": _("Clé"),
        "until": _("Ses reçus valent jusqu’au"),
        "taken_at": _("Instant de la sauvegarde"),
    }
    return [
        (words[name], instant_said(value) if name in {"taken_at", "until"} else value)
        for name, value in found.items()
        if name in words
    ]
