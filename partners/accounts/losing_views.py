"""« Seconds facteurs perdus »: report the loss of a colleague, answer one that somebody else reported."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from partners import clock, confirming
from partners.acting import acting, function_required
from partners.models import FactorLoss, FactorLossAnswer
from partners.tending import DirectoryError, NotTended, SamePerson, TooLate, tends

from . import losing
from .losing_forms import LossAnswerForm, LossForm

MOST = 20


@require_http_methods(["GET", "HEAD", "POST"])
@function_required(*losing.ANSWERING)
def losses(request: HttpRequest) -> HttpResponse:
    """What waits for a second person, what was decided lately; and the form, for who may report a loss."""
    by = acting(request)
    at = clock.now()
    may_report = tends(by, by.institution_id, functions=losing.REPORTING)
    if request.method == "POST" and not may_report:
        raise Http404
    form = LossForm(request.POST if request.method == "POST" else None, colleagues=losing.colleagues(by))
    asks = confirming.asked(request, at)
    if form.is_bound and form.is_valid() and form.is_confirmed(request, asks, at):
        try:
            row = losing.report(
                loser=form.loser(), recognised=form.cleaned_data["recognised"], why=form.cleaned_data["why"], by=by
            )
        except DirectoryError as error:
            form.add_error(None, str(error))
        except (NotTended, SamePerson, TooLate) as error:
            raise Http404 from error
        else:
            decided = FactorLossAnswer.objects.filter(loss=row).exists()
            messages.success(request, _removed() if decided else _waiting())
            return redirect("partners:factor_losses")
    seen = FactorLoss.objects.visible_to(by).select_related("loser", "reported_by__professional")
    waiting = list(seen.waiting())
    answers = FactorLossAnswer.objects.filter(loss__in=seen).select_related(
        "loss__loser", "loss__reported_by__professional", "answered_by__professional"
    )
    context = {
        "form": form,
        "may_report": may_report,
        "alone": tends(by, by.institution_id, functions=losing.ALONE),
        "asks": asks,
        "waiting": [{"loss": one, "mine": one.reporter_id == by.professional_id} for one in waiting],
        "answers": answers[:MOST],
    }
    return render(request, "partners/losses/losses.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@function_required(*losing.ANSWERING)
def loss(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One reported loss: how she was recognised, by whom; then, by another person, removed or refused."""
    by = acting(request)
    found = get_object_or_404(
        FactorLoss.objects.visible_to(by).select_related("loser", "institution", "reported_by__professional"), pk=pk
    )
    at = clock.now()
    answered = FactorLossAnswer.objects.filter(loss=found).select_related("answered_by__professional").first()
    may_answer = (
        answered is None
        and found.reporter_id != by.professional_id
        and FactorLoss.objects.waiting().filter(pk=pk).exists()
    )
    form = LossAnswerForm(request.POST if request.method == "POST" else None)
    asks = confirming.asked(request, at)
    status = 200
    if form.is_bound:
        status = 422
        if form.is_valid() and form.is_confirmed(request, asks, at):
            removed = form.cleaned_data["answer"] == form.REMOVE
            try:
                losing.answer(loss=found, removed=removed, sentence=form.cleaned_data["sentence"], by=by)
            except DirectoryError as error:
                form.add_error("sentence", str(error))
            except TooLate:
                form.add_error(None, _("C’est déjà décidé, ou la journée est passée : rien n’a changé."))
            except (NotTended, SamePerson) as error:
                raise Http404 from error
            else:
                messages.success(request, _removed() if removed else _("C’est noté : rien n’a été retiré."))
                return redirect("partners:factor_losses")
    context = {"loss": found, "answered": answered, "may_answer": may_answer, "form": form, "asks": asks}
    return render(request, "partners/losses/loss.html", context, status=status)


def _removed() -> str:
    return _("C’est fait : son second facteur et ses codes sont retirés, ses sessions fermées. Un e-mail le lui dit.")


def _waiting() -> str:
    return _("C’est noté : une deuxième personne de votre institution a un jour pour répondre.")
