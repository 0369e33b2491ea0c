"""The auditor's pages: the trail in sentences, one entry, the verification, the access log. Her own reads are noted."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any
from uuid import UUID

from django.core.exceptions import ImproperlyConfigured
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from . import alarms, heads, ledger, reading, receipt_keys, sentences, verification
from .earlier_head import EarlierHeadForm
from .forms import AccessForm, TrailForm
from .models import Access, Entry
from .places import place, places

FUNCTIONS = ("auditor", "dpo")
A_PAGE = 30

View = Callable[..., HttpResponse]


def controlled(action: str) -> Callable[[View], View]:
    """Only for a membership that audits or protects data; anybody else gets the 404 of an unknown page, and is noted."""

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            membership = getattr(request, "membership", None)
            if membership is None or not membership.has_function(*FUNCTIONS):
                note(request, action, granted=False)
                raise Http404
            return view(request, *args, **kwargs)

        return guarded

    return guard


def note(
    request: HttpRequest, action: str, *, granted: bool = True, entry: UUID | None = None, case: UUID | None = None
) -> None:
    """Note in the access log what the auditor read, or what somebody else tried to."""
    membership = getattr(request, "membership", None)
    ledger.note_access(
        action=action,
        object_type="entry" if entry else "trail",
        object_ref=str(entry or ""),
        granted=granted,
        professional=request.user.pk if request.user.is_authenticated else None,
        membership=membership.pk if membership else None,
        case=case,
    )


@dataclass(frozen=True, slots=True)
class Slice:
    """A page of a list in which the newest come first, reached by ids: as fast at the end as at the start."""

    rows: list[Any]
    newer: int | None
    older: int | None


def newest_first(rows: QuerySet[Any], request: HttpRequest) -> Slice:
    """At most `A_PAGE` rows, before or after the id that the address names; a wrong number is as none."""
    before, after = (_whole(request.GET.get(name)) for name in ("before", "after"))
    if after is not None:
        found: list[Model] = list(rows.filter(pk__gt=after).order_by("pk")[: A_PAGE + 1])
        more_older, more_newer = True, len(found) > A_PAGE
        found = found[:A_PAGE][::-1]
    else:
        found = list((rows.filter(pk__lt=before) if before is not None else rows).order_by("-pk")[: A_PAGE + 1])
        more_older, more_newer = len(found) > A_PAGE, before is not None
        found = found[:A_PAGE]
    return Slice(
        rows=found,
        newer=found[0].pk if found and more_newer else None,
        older=found[-1].pk if found and more_older else None,
    )


def _whole(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 19 else None


def _asked(request: HttpRequest) -> str:
    """What the address asks, without its place in the list; empty or ending with "&"."""
    kept = request.GET.copy()
    for name in ("before", "after"):
        kept.pop(name, None)
    text = kept.urlencode()
    return f"{text}&" if text else ""


@require_safe
@controlled("trail.searched")
def explorer(request: HttpRequest) -> HttpResponse:
    """The trail, newest first, each entry a sentence."""
    form = TrailForm(request.GET)
    valid = form.is_valid()
    page = newest_first(Entry.objects.filter(form.condition()) if valid else Entry.objects.none(), request)
    note(request, "trail.searched", case=_only(form, "case") if valid else None)
    sealed = places([entry.pk for entry in page.rows])
    lines = [sentences.line(entry, sealed.get(entry.pk)) for entry in page.rows]
    return render(
        request,
        "audit/explorer.html",
        {
            "form": form,
            "lines": lines,
            "standing": alarms.standing(),
            "lag": heads.unsealed(),
            "latest": heads.latest(),
            "refs": sentences.places_in(lines),
            "slice": page,
            "query": _asked(request),
            "searched": any(request.GET.get(name) for name in form.fields),
        },
    )


def _only(form: TrailForm | AccessForm, name: str) -> UUID | None:
    """The reference asked for, where it was written whole."""
    bounds = form.cleaned_data.get(name)
    return bounds[0] if bounds and bounds[0] == bounds[1] else None


@require_safe
@controlled("trail.entry_read")
def entry_page(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """One entry: its sentence, its exact bytes, its hash, and whether it holds now."""
    entry = Entry.objects.filter(uuid=uuid).first()
    row = reading.one(entry.pk) if entry else None
    if entry is None or row is None:
        note(request, "trail.entry_read", granted=False, entry=uuid)
        raise Http404
    note(request, "trail.entry_read", entry=uuid, case=entry.case_ref)
    try:
        flaws = verification.flaws_now(row, receipt_keys.checker())
        checked = True
    except ImproperlyConfigured:
        flaws, checked = [], False
    line = sentences.line(entry, place(entry.pk))
    return render(
        request,
        "audit/entry.html",
        {
            "line": line,
            "refs": sentences.places_in([line]),
            "flaws": flaws,
            "checked": checked,
            "leaf_hash": bytes(entry.leaf_hash).hex(),
            "receipt": bytes(entry.receipt).hex(),
            "cited": cited_places(line),
            "earlier": EarlierHeadForm(),
        },
    )


def cited_places(line: sentences.Line) -> list[str]:
    """The institutions that an entry cites, each once."""
    found = [line.refs.get("institution"), *(line.refs.get("institutions") or ())]
    return list(dict.fromkeys(str(one) for one in found if one))


@require_safe
@controlled("accesses.searched")
def accesses(request: HttpRequest) -> HttpResponse:
    """The technical access log, newest first: who opened, or could not open, what."""
    form = AccessForm(request.GET)
    valid = form.is_valid()
    page = newest_first(Access.objects.filter(form.condition()) if valid else Access.objects.none(), request)
    note(request, "accesses.searched", case=_only(form, "case") if valid else None)
    return render(
        request,
        "audit/accesses.html",
        {
            "form": form,
            "lines": [sentences.access_line(access) for access in page.rows],
            "refs": sorted({str(one.membership_ref) for one in page.rows if one.membership_ref}),
            "slice": page,
            "query": _asked(request),
            "searched": any(request.GET.get(name) for name in form.fields),
        },
    )
