"""« Elle demande une rectification »: the request in her words, and the answer, due within a month."""

import uuid

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from cases import rights, rights_shown
from cases.doors import case_or_404, item_or_404, note
from cases.followers import why_access
from cases.models import Case, ItemContent, Rectification
from cases.views import age_of, case_url
from partners import clock
from partners.acting import acting
from partners.models import Membership
from sharing.rights import acts
from sharing.rights.forms import AnswerForm, RectifyForm


@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest, ref: str, pk: uuid.UUID) -> HttpResponse:
    """Write down what she asks to have corrected. What is missing is asked for, and nothing typed is lost."""
    by = acting(request)
    case = case_or_404(request, ref, action="item.opened")
    item = item_or_404(request, case, pk)
    item.case = case
    form = RectifyForm(request.POST if request.method == "POST" else None, case=case)
    if form.is_bound and form.is_valid():
        asked = acts.ask(item=item, asked_by=form.asked_by, text=form.cleaned_data["text"], by=by)
        messages.success(request, _("La demande est notée. La réponse est due sous un mois."))
        return redirect("sharing:rectification", ref=case.reference, pk=asked.pk)
    context = _around(case, by) | {"item": item, "form": form}
    return render(request, "sharing/rights/rectify.html", context, status=422 if form.errors else 200)


def _around(case: Case, by: Membership) -> dict[str, object]:
    return {
        "case": case,
        "case_age": age_of(case, clock.day_of(clock.now())),
        "case_url": case_url(case),
        "why": why_access(case, by),
    }


def _asked_or_404(request: HttpRequest, case: Case, pk: uuid.UUID) -> Rectification:
    """The request of this very case. Raises Http404, noted, otherwise."""
    found = (
        Rectification.objects.visible_to(acting(request))
        .filter(case=case, pk=pk)
        .select_related(
            "case", "asked_by", "item__case", "item__depositary__professional", "item__depositary__institution"
        )
        .first()
    )
    if found is None:
        note(request, "rectification.opened", "rectification", str(pk), granted=False, case=case.pk)
        raise Http404
    note(request, "rectification.opened", "rectification", str(pk), granted=True, case=case.pk)
    return found


@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, ref: str, pk: uuid.UUID) -> HttpResponse:
    """What is asked, beside what is written; and the answer, for whoever gives it."""
    by = acting(request)
    case = case_or_404(request, ref, action="item.opened")
    asked = _asked_or_404(request, case, pk)
    form = AnswerForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            if form.cleaned_data["answer"] == AnswerForm.ACCEPT:
                _answer, found = acts.accept(rectification=asked, text=form.cleaned_data["text"], by=by)
                messages.success(request, _told(len(found.written_to)))
            else:
                rights.refuse_rectification(rectification=asked, text=form.cleaned_data["text"], by=by)
                messages.success(
                    request, _("Le refus est noté. Remettez-en les raisons, avec la façon de saisir la CNIL.")
                )
        except rights.AlreadyAnswered:
            messages.info(request, _("Une réponse a déjà été donnée : la voici."))
            return redirect("sharing:rectification", ref=case.reference, pk=asked.pk)
        except rights.NotHersToAnswer:
            form.add_error(None, _("La réponse revient à qui a écrit l’information."))
        else:
            return redirect("sharing:rectification", ref=case.reference, pk=asked.pk)
    context = _around(case, by) | {
        "item": asked.item,
        "text": ItemContent.objects.get(item=asked.item_id).text,
        "asked": rights_shown.requests([asked], by, clock.now())[0],
        "gone": rights.gone(asked.item),
        "reach": acts.reach(asked.item),
        "form": form,
    }
    return render(request, "sharing/rights/rectification.html", context, status=422 if form.errors else 200)


def _told(many: int) -> str:
    if not many:
        return _("C’est rectifié : l’annotation accompagne désormais l’information.")
    return ngettext(
        "C’est rectifié. Le destinataire de la communication en est prévenu.",
        "C’est rectifié. Les destinataires des %(many)d communications en sont prévenus.",
        many,
    ) % {"many": many}
