"""Enter as one of the demonstration's professionals, in one click, and go on as another. Exists in the demonstration only."""

from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from partners import acting, clock, confirming, session
from partners.accounts import factors, sessions
from partners.models import Membership, Professional

BACKEND = "django.contrib.auth.backends.ModelBackend"
LANDING = "demo_landing"


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
        name, _comma, what = label.partition(", ")
        found.append(Account(name=name, what=what[:1].upper() + what[1:], email=email))
    return found


def password() -> str:
    """The password of every account of the demonstration, said where it is asked again of who entered in one click."""
    from sharing.demo import people

    return people.PASSWORD


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
    become(request, professional)
    request.session[LANDING] = True
    response = redirect(session.inside(request, request.POST.get("next")))
    session.remember(response)
    return response


def become(request: HttpRequest, professional: Professional, membership: Membership | None = None) -> None:
    """Sign in as her, under a new key, whoever was signed in before; noted as any opening and end of session.

    She acts as `membership`; where none is given, as she last chose to, or as in the first of her posts.
    """
    before = request.user.pk if request.user.is_authenticated else None
    if before not in {None, professional.pk}:
        session.note("session.closed", before, granted=True)
    login(request, professional, backend=BACKEND)
    session.note("session.opened", professional.pk, granted=True)
    confirming.seen(request, clock.now())
    sessions.begin(request, professional)
    factors.vouch(request, professional, method="demonstration")
    posts = acting.in_force_of(professional.pk)
    chosen = membership or acting.choose(posts, acting.last_chosen(professional.pk)) or next(iter(posts), None)
    if chosen is None:
        return
    if len(posts) > 1:
        session.note(acting.CHOSEN, professional.pk, granted=True, membership=chosen.pk)
    request.session[acting.SESSION_KEY] = str(chosen.pk)


class LandingMiddleware:
    """Whoever goes on as somebody else stays on the page; where it is not hers, she lands at home, and is told so."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if request.method != "GET" or LANDING not in request.session or 300 <= response.status_code < 400:
            return response
        del request.session[LANDING]
        if not 400 <= response.status_code < 500 or not request.user.is_authenticated:
            return response
        messages.info(
            request,
            _("La page où vous étiez n’est pas ouverte à %(name)s : vous voici à son accueil.")
            % {"name": name_of(request.user)},
        )
        return redirect(settings.LOGIN_REDIRECT_URL)


def name_of(professional: Professional) -> str:
    """As the demonstration calls her: « Mme Lantier », « Camille Roussel »."""
    known = {account.email: account.name for account in accounts()}
    return known.get(professional.email, professional.full_name)
