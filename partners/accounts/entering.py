"""The sign-in page and the way out: allauth's flow, behind our pages."""

from typing import Any

from allauth.account import views as allauth_views
from django.contrib.auth import SESSION_KEY as SIGNED_IN_KEY
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import NON_FIELD_ERRORS
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from partners import session

from . import waiting
from .proconnect import leaving
from .proconnect.views import sent_on

LEAVES_NOTHING = '"cache", "storage"'
"""What a browser forgets at sign-out. Not « cookies »: it would take those of every site of the same domain with them."""


def answered(response: HttpResponse, form: Any) -> HttpResponse:
    """The status of a form that was refused: 429 and how long to wait where it came too soon, 422 otherwise."""
    errors = [one for found in form.errors.as_data().values() for one in found]
    too_soon = next((one for one in errors if one.code == waiting.TOO_SOON), None)
    response.status_code = 422 if too_soon is None else 429
    if isinstance(too_soon, waiting.TooSoon):
        response.headers["Retry-After"] = str(too_soon.seconds)
    return response


class SignInView(allauth_views.LoginView):
    """Sign in with an address and a password; `next` is followed only inside the house."""

    template_name = "account/login.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found: dict[str, Any] = super().get_context_data(**kwargs)
        form = found["form"]
        return {
            **found,
            "said": session.said(self.request),
            "next": self.get_next_url() or "",
            "too_soon": form.is_bound and form.has_error(NON_FIELD_ERRORS, waiting.TOO_SOON),
        }

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = super().get(request, *args, **kwargs)
        response.render()
        if SIGNED_IN_KEY in request.session:
            request.session.flush()
        response.delete_cookie(session.SEEN_COOKIE)
        return response

    def form_invalid(self, form: Any) -> HttpResponse:
        return answered(super().form_invalid(form), form)


class SignOutView(allauth_views.LogoutView):
    """End the session on the server; the cookie is worth nothing afterwards, and the browser forgets the pages."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        professional = request.user.pk if request.user.is_authenticated else None
        if professional is not None:
            session.note("session.closed", professional, granted=True)
        entered_by = leaving.kept(request)
        response: HttpResponse = super().post(request, *args, **kwargs)
        if entered_by is not None:
            response = sent_on(request, leaving.address(request, entered_by), leaving=True)
        response.delete_cookie(session.SEEN_COOKIE)
        response.headers["Clear-Site-Data"] = LEAVES_NOTHING
        return response


sign_in = SignInView.as_view()
sign_out = login_not_required(require_POST(SignOutView.as_view()))
