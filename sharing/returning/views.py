"""« Ce n’est pas pour moi », « Répondre », and the recall: what can be done of what was received, or of what was sent."""

import uuid

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from partners import clock
from partners.acting import acting
from partners.graph import NotFromHere
from partners.models import Membership
from sharing import reading
from sharing.disclosure_doors import note, recallable_or_404, received_or_404
from sharing.models import Disclosure
from sharing.proofs import page as proof_page
from sharing.returning import acts, answering, page
from sharing.returning.forms import RecallForm, SendBackForm

YES = {"on", "true", "1"}


@require_http_methods(["GET", "HEAD", "POST"])
def send_back(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Say that it is not for oneself: what it does is said before, one press does it, and it is closed."""
    by = acting(request)
    disclosure = received_or_404(pk, by)
    if request.method == "POST":
        try:
            acts.send_back(disclosure_id=pk, by=by, reason=request.POST.get("reason", ""))
        except NotFromHere:
            messages.info(request, _("Cette communication était déjà fermée."))
        except reading.NotReadable:
            raise Http404 from None
        else:
            messages.success(request, _("C’est fermé. L’expéditeur et la protection des données sont prévenus."))
        return redirect("sharing:received", pk=pk)
    if reading.closed_because(disclosure, clock.now()):
        return redirect("sharing:received", pk=pk)
    return render(request, "sharing/returning/send_back.html", {"disclosure": disclosure, "form": SendBackForm()})


@require_POST
def answer(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Write back: a draft in one's own case about that person; where there is none, what to do instead."""
    by = acting(request)
    disclosure = received_or_404(pk, by)
    try:
        draft = answering.start_answer(disclosure_id=pk, by=by)
    except answering.NotRead:
        messages.warning(request, _("Affichez d’abord cette communication : vous y répondrez ensuite."))
        return redirect("sharing:received", pk=pk)
    except answering.NoCase:
        context = {"disclosure": disclosure, "ask_url": answering.ask_precision_url(disclosure)}
        return render(request, "sharing/returning/no_case.html", context)
    return redirect("sharing:compose", ref=draft.case.reference, pk=draft.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def recall(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Recall what one sent, or what one's team sent. No form holds it up: the motive may be empty, the act is done."""
    by = acting(request)
    disclosure = recallable_or_404(pk, by)
    if request.method == "POST":
        acts.recall(
            disclosure_id=pk,
            by=by,
            reason=request.POST.get("reason", ""),
            wrong_recipient=request.POST.get("wrong_recipient", "") in YES,
        )
    if request.method == "POST":
        messages.success(request, _("C’est rappelé. Le texte ne peut plus être lu ; ce qui a été lu reste connu."))
        return redirect("sharing:recall", pk=pk)
    note(by, pk, disclosure.case_id, "disclosure.recall_opened", granted=True)
    context = page.of_recall(disclosure, by, clock.now()) | {"form": RecallForm(), "why": _why(disclosure, by)}
    if disclosure.author_id == by.pk:
        context["proof"] = proof_page.of_one(disclosure, reverse("sharing:sent_proof", args=[pk]))
    return render(request, "sharing/returning/recall.html", context)


def _why(disclosure: Disclosure, by: Membership) -> str:
    if disclosure.author_id == by.pk:
        return _("Vous avez envoyé cette communication : vous pouvez la rappeler à tout moment.")
    return _(
        "Vous encadrez une équipe (%(institution)s) : vous pouvez rappeler ce qui en est parti, sans lire ce que cela dit."
    ) % {"institution": by.institution.name}
