"""Join the signed paper to what was said, and download it: never shown inside a page."""

import uuid

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from cases.doors import case_or_404, note
from cases.followers import why_access
from partners.acting import acting

from . import scans
from .history import said_how
from .models import Scan
from .papers_received import LARGEST, Paper, PaperRefused, read

ENDING = {Scan.Kind.PDF: "pdf", Scan.Kind.JPEG: "jpg", Scan.Kind.PNG: "png"}


class PaperForm(forms.Form):
    """One file; what it is called is never read."""

    paper = forms.FileField(
        label=gettext_lazy("Le papier signé, numérisé ou photographié"),
        help_text=gettext_lazy(
            "PDF, JPEG ou PNG, 5 Mo au plus. Il sera relu et réécrit : seule l’image du papier est gardée."
        ),
        widget=forms.FileInput(attrs={"accept": ".pdf,.jpg,.jpeg,.png,application/pdf,image/jpeg,image/png"}),
        allow_empty_file=True,
        error_messages={
            "required": gettext_lazy("Choisissez le fichier du papier signé."),
            "invalid": gettext_lazy("Choisissez le fichier du papier signé."),
        },
    )

    def clean_paper(self) -> Paper:
        sent = self.cleaned_data["paper"]
        if sent.size > LARGEST:
            raise forms.ValidationError(_("Ce fichier dépasse 5 Mo : numérisez-le en noir et blanc, ou page par page."))
        try:
            return read(sent.read())
        except PaperRefused as error:
            raise forms.ValidationError(str(error)) from error


@require_http_methods(["GET", "POST"])
def join(request: HttpRequest, ref: str, sitting: uuid.UUID) -> HttpResponse:
    """Join the signed paper to one conversation, at once or once it came back."""
    by = acting(request)
    case = case_or_404(request, ref, action="scan.opened")
    words = scans.words_of(case=case, sitting=sitting)
    if not words:
        note(request, "scan.opened", "sitting", str(sitting), granted=False, case=case.pk)
        raise Http404
    kept = Scan.objects.visible_to(by).filter(case=case, sitting=sitting).first()
    sent = request.method == "POST"
    form = PaperForm(request.POST if sent else None, request.FILES if sent else None)
    if sent and form.is_valid():
        try:
            scans.keep(case=case, sitting=sitting, paper=form.cleaned_data["paper"], by=by)
        except PaperRefused as error:
            form.add_error("paper", str(error))
        else:
            messages.success(
                request, _("Papier signé conservé. Seuls ceux qui suivent la situation peuvent le télécharger.")
            )
            return redirect("consent:list", ref=ref)
    context = {
        "case": case,
        "form": form,
        "kept": kept,
        "said": [said_how(one) for one in words],
        "why": why_access(case, by),
    }
    return render(request, "consent/paper.html", context, status=422 if form.errors else 200)


@require_safe
def download(request: HttpRequest, ref: str, pk: uuid.UUID) -> HttpResponse:
    """The paper, as a file to save; its name says the case alone."""
    by = acting(request)
    case = case_or_404(request, ref, action="scan.opened")
    scan = Scan.objects.visible_to(by).filter(case=case, pk=pk).first()
    note(request, "scan.opened", "scan", str(pk), granted=scan is not None, case=case.pk)
    if scan is None:
        raise Http404
    answer = HttpResponse(scans.content_of(scan), content_type=scan.kind)
    answer["Content-Disposition"] = f'attachment; filename="papier-{case.reference}.{ENDING[Scan.Kind(scan.kind)]}"'
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
