"""The pages of the one who receives: what waits, its cover, its text (a POST, traced every time), her acknowledgement."""

import uuid
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cases import rights
from cases.models import RectificationAnswer
from partners import clock, wording
from partners.acting import acting
from partners.confirming import fresh_required
from partners.dates import instant
from partners.models import Membership, Reached
from partners.templatetags.rulebook import lower_first
from sharing import duty_page, reading, states
from sharing.disclosure_doors import note, opened_or_404, received_or_404
from sharing.models import Disclosure
from sharing.proofs import page as proof_page
from sharing.returning import answering
from sharing.sheet import received_chip, sheet, stub, watermark
from sharing.tabs import tabbed

TABS = {
    states.NEW: ("nouveau", gettext_lazy("Nouveau")),
    states.TO_ACKNOWLEDGE: ("a-accuser", gettext_lazy("À accuser")),
    states.READ: ("lu", gettext_lazy("Lu")),
    states.ENDED: ("termine", gettext_lazy("Terminé")),
    states.GIVEN: ("de-vive-voix", gettext_lazy("Dit ou remis")),
}


@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    """What was addressed to this membership, by where it stands: a reference, a sender, a date, a purpose; no person."""
    by = acting(request)
    received = Disclosure.objects.received_by(by).select_related("author__institution")
    context = tabbed(request, received, TABS)
    context["rows"] = [
        {"disclosure": one, "chip": received_chip(one), "purpose": wording.purpose(one.purpose)}
        for one in context["page_obj"]
    ]
    return render(request, "sharing/inbox.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def received(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """GET: the cover, without content. POST: the text, decided again and traced; or the stub with its reason."""
    by = acting(request)
    if request.method == "POST":
        return _opened(request, pk, by)
    if (elsewhere := _mine_elsewhere(request, pk, by)) is not None:
        messages.info(
            request, _("Cette communication vous est adressée à un autre titre : choisissez-le pour la lire.")
        )
        return elsewhere
    disclosure = received_or_404(pk, by)
    at = clock.now()
    closed = reading.closed_because(disclosure, at)
    if closed:
        note(by, pk, disclosure.case_id, "disclosure.stub_shown", granted=False)
        return _stub(request, disclosure, closed)
    return render(request, "sharing/received_cover.html", _common(disclosure, by))


def _opened(request: HttpRequest, pk: uuid.UUID, by: Membership) -> HttpResponse:
    found = opened_or_404(pk, by)
    if found.closed:
        return _stub(request, found.disclosure, found.closed, found.corrections)
    mark = watermark(found.disclosure, by, clock.now())
    shown = sheet(found.disclosure, found.items, watermark=mark, reader=by)
    for line, one in zip(shown["items"], found.items, strict=True):
        line["dissent_url"] = reverse("sharing:disagree", args=[found.disclosure.pk, one.row.item_id])
    context = _common(found.disclosure, by) | {"reading": shown}
    return render(request, "sharing/received.html", context)


@fresh_required
@require_POST
def printed(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The sheet alone, for paper: read again, so decided again; that it is printed is noted, the paper says by whom and when."""
    by = acting(request)
    found = opened_or_404(pk, by)
    if found.closed:
        return _stub(request, found.disclosure, found.closed)
    note(by, pk, found.disclosure.case_id, "disclosure.printed", granted=True)
    at = clock.now()
    context = {
        "disclosure": found.disclosure,
        "reading": sheet(found.disclosure, found.items, watermark=watermark(found.disclosure, by, at), reader=by),
        "at": instant(at),
    }
    return render(request, "sharing/received_print.html", context)


def _stub(
    request: HttpRequest,
    disclosure: Disclosure,
    closed: str,
    corrections: tuple[RectificationAnswer, ...] = (),
) -> HttpResponse:
    """What is left; `corrections` are what was rectified since, once she who had read asked for it."""
    context = {
        "disclosure": disclosure,
        "purpose": wording.purpose(disclosure.purpose),
        "stub": stub(disclosure, closed),
        "ask_url": answering.ask_precision_url(disclosure),
        "corrections": [rights.shown(one) for one in corrections],
        "rectified": bool(reading.corrections_of(disclosure, closed)),
        "proof": _proof(disclosure, reads=False),
    }
    return render(request, "sharing/received_stub.html", context)


@require_POST
def acknowledge(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Say that it was received and read; nobody acknowledges what she has not opened."""
    by = acting(request)
    received_or_404(pk, by)
    try:
        reading.acknowledge(disclosure_id=pk, by=by)
    except reading.NotReadable:
        messages.warning(
            request, _("Affichez d’abord cette communication : l’accusé de réception vient après la lecture.")
        )
        return redirect("sharing:received", pk=pk)
    except reading.Closed:
        messages.warning(
            request, _("Cette communication vient d’être fermée : il n’y a plus d’accusé de réception à donner.")
        )
        return redirect("sharing:received", pk=pk)
    messages.success(request, _("Réception confirmée. La personne qui vous a écrit le voit dès maintenant."))
    return redirect("sharing:received", pk=pk)


def _mine_elsewhere(request: HttpRequest, pk: uuid.UUID, by: Membership) -> HttpResponse | None:
    """Addressed to the same professional as another of her memberships: the way there, since the letter was hers."""
    if Disclosure.objects.received_by(by).filter(pk=pk).exists():
        return None
    others = [one for one in getattr(request, "memberships", []) if one.pk != by.pk]
    if not any(Disclosure.objects.received_by(one).filter(pk=pk).exists() for one in others):
        return None
    return redirect(f"{reverse('partners:act_as')}?{urlencode({'next': request.path})}")


def _proof(disclosure: Disclosure, *, reads: bool) -> dict[str, Any] | None:
    """Hers once it was opened, or said or handed to her; `reads`: with what she may still read."""
    if disclosure.opened_at is None and disclosure.channel == Reached.IN_APP:
        return None
    return proof_page.of_one(disclosure, reverse("sharing:received_proof", args=[disclosure.pk]), reads=reads)


def _common(disclosure: Disclosure, by: Membership) -> dict[str, object]:
    if disclosure.recipient_id == by.pk:
        why = _("Cette communication vous est adressée, en tant que %(job)s, %(institution)s.")
    else:
        why = _("Cette communication est adressée à votre service, %(institution)s, où vous travaillez comme %(job)s.")
    words = {"job": lower_first(by.job_title), "institution": by.institution.name}
    return {
        "disclosure": disclosure,
        "duties": duty_page.of_disclosure(disclosure, by, clock.now()),
        "author": disclosure.author,
        "purpose": wording.purpose(disclosure.purpose),
        "ask_url": answering.ask_precision_url(disclosure),
        "proof": _proof(disclosure, reads=True),
        "why": why % words,
    }
