"""Enter as one of the demonstration's professionals, in one click. Exists in the demonstration only."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import SimpleLazyObject
from django.views.decorators.http import require_POST

from partners import session
from partners.models import Professional

BACKEND = "django.contrib.auth.backends.ModelBackend"


def context(request: HttpRequest) -> dict[str, Any]:
    """`demo_accounts` for templates/registration/login.html; read only where the template shows them."""
    return {"demo_accounts": SimpleLazyObject(accounts)} if settings.DEMO else {}


@dataclass(frozen=True, slots=True)
class Account:
    """One of the demonstration's professionals: her name, what she is there for, her address."""

    name: str
    what: str
    email: str


def accounts() -> list[Account]:
    """The accounts of the demonstration territory, in the order of the guided way."""
    from sharing import demo  # nothing of the demonstration is imported elsewhere

    found = []
    for label, email, _password in demo.accounts():
        name, _, what = label.partition(", ")
        found.append(Account(name=name, what=what[:1].upper() + what[1:], email=email))
    return found


@login_not_required
@require_POST
def enter(request: HttpRequest) -> HttpResponse:
    """Sign in as a demonstration account: only one of the list, only in the demonstration, 404 otherwise."""
    if not settings.DEMO:
        raise Http404
    wanted = request.POST.get("email", "").lower()
    if wanted not in {account.email for account in accounts()}:
        raise Http404
    professional = Professional.objects.filter(email=wanted, is_active=True).first()
    if professional is None:
        raise Http404
    login(request, professional, backend=BACKEND)
    session.note("session.opened", professional.pk, granted=True)
    response = redirect(session.inside(request, request.POST.get("next")))
    session.remember(response)
    return response
