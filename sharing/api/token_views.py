"""One's tokens: the list, with each last use; making one, after saying again who one is; ending one."""

import uuid
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.db.models import Max
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from audit.models import Access
from partners import clock, confirming
from partners.acting import acting
from partners.models import Membership
from sharing.api import throttles
from sharing.api.scopes import Scope
from sharing.api.token_forms import TokenForm
from sharing.api.tokens import TokenError, create_token, revoke_token
from sharing.models import ApiToken, TokenRevocation


@dataclass(frozen=True, slots=True)
class TokenRow:
    """A token in the list: nothing of it can be read but its last four characters."""

    token: ApiToken
    state: str
    """`current`, `ended`, `revoked`, or `stopped` where its membership ended."""
    may: list[str]
    last_used_at: datetime | None
    ended: TokenRevocation | None = None
    """By whom and why, where somebody else ended it."""

    @property
    def last_day(self) -> date:
        """The last day on which it serves."""
        return clock.last_day(self.token.expires_at)

    @property
    def chip(self) -> tuple[str, str]:
        """(kind, words)."""
        return {
            "current": ("given", _("En vigueur")),
            "ended": ("ended", _("Expiré")),
            "revoked": ("ended", _("Révoqué")),
            "stopped": ("ended", _("Rattachement terminé")),
        }[self.state]


@require_safe
def tokens(request: HttpRequest) -> HttpResponse:
    """One's own, those in force first."""
    rows = rows_of(request)
    context = {
        "current": [one for one in rows if one.state == "current"],
        "former": [one for one in rows if one.state != "current"],
        "a_minute": settings.API_CALLS_A_MINUTE,
    }
    return render(request, "sharing/api/tokens.html", context)


def rows_of(request: HttpRequest) -> list[TokenRow]:
    """Her tokens, the latest first; three statements, whatever their number."""
    at = clock.now()
    mine = list(
        ApiToken.objects.visible_to(acting(request)).select_related(
            "membership__institution", "membership__professional"
        )
    )
    used = Access.objects.filter(
        object_type=throttles.OBJECT, object_ref__in=[str(one.pk) for one in mine], granted=True
    ).order_by()
    last = dict(used.values_list("object_ref").annotate(last=Max("at")))
    ended = {
        one.token_id: one
        for one in TokenRevocation.objects.filter(token__in=mine).select_related("revoked_by__professional")
    }
    return [
        TokenRow(
            one,
            _state(one, at),
            [str(each.label) for each in Scope if each in one.scopes],
            last.get(str(one.pk)),
            ended.get(one.pk),
        )
        for one in mine
    ]


def _state(token: ApiToken, at: datetime) -> str:
    if token.revoked_at is not None:
        return "revoked"
    if token.expires_at <= at:
        return "ended"
    return "current" if token.membership.in_force_at(at) else "stopped"


@require_http_methods(["GET", "HEAD", "POST"])
def token_new(request: HttpRequest) -> HttpResponse:
    """Say what the token may, prove who one is, read it once: the page that shows it is the answer itself, and no other does."""
    acting(request)
    at = clock.now()
    mine: list[Membership] = getattr(request, "memberships", [])
    asks = confirming.asked(request, at)
    form = TokenForm(request.POST if request.method == "POST" else None, memberships=mine, today=clock.day_of(at))
    if request.method == "POST" and form.is_valid():
        given = dict(form.cleaned_data)
        password, by = given.pop("password"), given.pop("membership")
        wrong = confirming.refused(request, password, at) if asks else None
        if wrong:
            form.add_error("password", wrong)
        else:
            try:
                made = create_token(by=by, **given)
            except TokenError as error:
                form.add_error(None, str(error))
            else:
                return _shown_once(request, made.token, made.secret)
    context: dict[str, Any] = {"form": form, "asks": asks, "scope_lines": form.scope_lines()}
    return render(request, "sharing/api/token_new.html", context, status=422 if form.errors else 200)


def _shown_once(request: HttpRequest, token: ApiToken, secret: str) -> HttpResponse:
    context = {"token": token, "secret": secret, "site": settings.SITE_URL}
    return render(request, "sharing/api/token_made.html", context, status=201)


@require_POST
def token_revoke(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """End it at once. The same 404 for somebody else's."""
    by = acting(request)
    token = get_object_or_404(ApiToken.objects.visible_to(by), pk=pk)
    revoke_token(token=token, by=by)
    messages.success(request, _("Le jeton « %(name)s » est révoqué : il n’ouvre plus rien.") % {"name": token.name})
    return redirect("sharing:tokens")
