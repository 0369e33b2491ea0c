"""« Jetons des membres »: which programs act for colleagues, since when they did; end one, with a reason."""

import uuid

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from partners.acting import acting, function_required
from partners.fields import PlainTextField
from partners.text import plain
from sharing.api import house_tokens
from sharing.api.tokens import TokenError
from sharing.models import ApiToken
from sharing.models.tokens import OVERSEEING

A_PAGE = 25
SHOWN = 20
QUERY_MOST = 80


class RevokeForm(forms.Form):
    """Why somebody else's token ends."""

    why = PlainTextField(
        label=gettext_lazy("Pourquoi"),
        help_text=gettext_lazy("Une phrase, que la personne lira et qui reste au journal. Rien de sa vie privée."),
        most=house_tokens.WHY_MOST,
        error_messages={"required": gettext_lazy("Dites pourquoi, en une phrase : la personne la lira.")},
    )

    use_required_attribute = False


@require_safe
@function_required(*OVERSEEING)
def tokens_of_house(request: HttpRequest) -> HttpResponse:
    """Those in force, by owner; then those that were ended for the institution."""
    by = acting(request)
    words = plain(request.GET.get("q", ""))[:QUERY_MOST]
    page = Paginator(house_tokens.in_force(by, words=words), A_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "sharing/api/house_tokens.html",
        {
            "page_obj": page,
            "lines": house_tokens.lines(list(page.object_list), by),
            "q": words,
            "query": f"{urlencode({'q': words})}&" if words else "",
            "ended": house_tokens.ended_by_house(by)[:SHOWN],
            "institution": by.institution,
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@function_required(*OVERSEEING)
def token_end_for_house(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Say why, and it is over. Asks no proof of who she is, on purpose: whoever fears a thief does not look for her telephone."""
    by = acting(request)
    token = get_object_or_404(house_tokens.others(by).select_related("membership__professional"), pk=pk)
    form = RevokeForm(request.POST if request.method == "POST" else None)
    if token.revoked_at is not None:
        messages.info(request, _("Ce jeton était déjà révoqué : il n’ouvre plus rien."))
        return redirect("sharing:house_tokens")
    if request.method == "POST" and form.is_valid():
        try:
            house_tokens.revoke_for_house(token=token, why=form.cleaned_data["why"], by=by)
        except ApiToken.DoesNotExist as error:
            raise Http404 from error
        except TokenError as error:
            form.add_error("why", str(error))
        else:
            messages.success(
                request, _("Le jeton est révoqué : il n’ouvre plus rien. Une lettre le dit à la personne.")
            )
            return redirect("sharing:house_tokens")
    line = house_tokens.lines([token], by)[0]
    return render(
        request,
        "sharing/api/house_token_revoke.html",
        {"form": form, "one": line},
        status=422 if form.errors else 200,
    )
