"""The signed heads of the trail and the keys that signed them: to read, print, keep outside, and hold against the trail later."""

from typing import Any

from django import forms
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from . import alarms, comparing, keys, receipt_keys
from .access_log import now
from .models import Checkpoint
from .notes import VerifierKey
from .views import controlled, newest_first, note

MOST_CHARACTERS = 20_000


class HeadForm(forms.Form):
    """A head that was kept, as it stands in the letter or on the sheet."""

    note = forms.CharField(
        label=_("La tête que vous avez gardée"),
        help_text=_("Tout le bloc, de la première ligne au dernier signe de la signature."),
        max_length=MOST_CHARACTERS,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "false", "autocomplete": "off"}),
    )

    def clean_note(self) -> bytes:
        """The note in its exact bytes: what a letter or a form added around it and at the ends of its lines is left out."""
        text: str = self.cleaned_data["note"].replace("\r\n", "\n").replace("\r", "\n").replace("\xa0", " ")
        lines = [line.rstrip() for line in text.strip().split("\n")]
        return ("\n".join(lines) + "\n").encode()


@require_http_methods(["GET", "HEAD", "POST"])
@controlled("head.read")
def heads_page(request: HttpRequest) -> HttpResponse:
    """Every signed head, the last first; posted, one that was kept is held against the trail."""
    form = HeadForm(request.POST if request.method == "POST" else None)
    compared = None
    if request.method == "POST":
        note(request, "head.compared")
        if form.is_valid():
            compared = comparing.compare(form.cleaned_data["note"])
            if compared.answer is comparing.Answer.UNREADABLE:
                form.add_error("note", _("Ce texte n’est pas une tête signée : copiez le bloc entier, tel qu’il est."))
            if compared.wrong and compared.head is not None:
                at = now()
                found = {"size": compared.head.size, "answer": compared.answer, "kept": True}
                alarms.raise_alarm(kind="heads_inconsistent", found=found, at=at)
                alarms.write_down(at=at)
    else:
        note(request, "head.read")
    context = {
        "form": form,
        "compared": compared,
        "slice": newest_first(Checkpoint.objects.all(), request),
        "query": "",
    }
    return render(request, "audit/heads.html", context, status=422 if form.errors else 200)


@require_safe
@controlled("head.read")
def head_page(request: HttpRequest, size: int) -> HttpResponse:
    """One head, its note in its exact bytes, to print and to keep outside."""
    head = get_object_or_404(Checkpoint, size=size)
    note(request, "head.read")
    key = keys.in_force(keys.log_keys(), size)
    before = Checkpoint.objects.filter(size__lt=size).order_by("-size").first()
    context = {
        "head": head,
        "note": bytes(head.note).decode(),
        "root": bytes(head.root).hex(),
        "key": key,
        "before": before,
        "added": size - before.size if before else size,
    }
    return render(request, "audit/head.html", context)


@require_safe
@controlled("head.read")
def keys_page(request: HttpRequest) -> HttpResponse:
    """The keys that signed the heads and the receipts, since when, how each was introduced, and how a key is changed."""
    note(request, "head.read")
    rows = keys.log_keys()
    read = [VerifierKey.parse(row.vkey) for row in rows]
    known = [
        {
            "row": row,
            "id": key.id.hex(),
            "first": number == 0,
            "introduced": number > 0 and keys.introduced(row, read[number - 1]),
            "current": number == len(rows) - 1,
            "statement": bytes(row.statement).decode() if row.statement else "",
        }
        for number, (row, key) in enumerate(zip(rows, read, strict=True))
    ]
    return render(request, "audit/keys.html", {"known": known[::-1], "receipts": _receipts()[::-1]})


def _receipts() -> list[dict[str, Any]]:
    """The keys of receipts, the oldest first: which one signs, until when a former one still counted, its note."""
    try:
        accepted = receipt_keys.accepted_here()
    except ImproperlyConfigured:
        return []
    known = receipt_keys.rows()
    rows, notes = {row.vkey: row for row in known}, receipt_keys.notes_by_key(known)
    return [
        {
            "key": one.key,
            "id": one.key.id.hex(),
            "current": one.until is None,
            "until": one.until,
            "row": row,
            "said": receipt_keys.read(said) if said else None,
            "statement": said.decode() if said else "",
        }
        for one, row, said in ((one, rows.get(one.key.vkey), notes.get(one.key.vkey)) for one in accepted)
    ]
