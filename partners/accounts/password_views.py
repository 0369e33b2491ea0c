"""Pages of passwords: changing one's own, and choosing a new one by the link of a letter. allauth's flow, our words."""

from typing import Any, cast

from allauth.account import views as allauth_views
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse, reverse_lazy
from django.utils.translation import gettext as _

from partners import session
from partners.acting import acting_not_required
from partners.models import AccountLetter, Professional

from . import mailing, sessions, waiting
from .entering import answered

Kind = AccountLetter.Kind


class ChangePasswordView(allauth_views.PasswordChangeView):
    """The password of today, then another: every other session of hers ends, this one has a new key, a letter says so."""

    template_name = "account/password_change.html"
    success_url = reverse_lazy("partners:account")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not cast(Professional, request.user).has_usable_password():
            return redirect("partners:account")  # she enters by a provider, and has none here
        return super().dispatch(request, *args, **kwargs)

    def form_valid(self, form: Any) -> HttpResponse:
        professional = cast(Professional, self.request.user)
        old = self.request.session.session_key
        messages.success(self.request, _("Votre mot de passe est changé. Vos autres sessions sont fermées."))
        with transaction.atomic():
            response: HttpResponse = super().form_valid(form)
            sessions.moved(self.request, old)
            sessions.end_others(professional, here=self.request.session.session_key)
            session.note("password.changed", professional.pk, granted=True)
            mailing.ask(Kind.PASSWORD_CHANGED, professional)
        return response

    def form_invalid(self, form: Any) -> HttpResponse:
        return answered(super().form_invalid(form), form)


class AskResetView(allauth_views.PasswordResetView):
    """An address, and the same answer whoever has it: the letter is asked for by a row, and written elsewhere, later."""

    template_name = "account/password_reset.html"
    success_url = reverse_lazy("account_reset_password_done")

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            waiting.admit_letter(self.request)
        except waiting.TooSoon as too_soon:
            form.add_error(None, too_soon)
            return self.form_invalid(form)
        whose = form.whose()
        session.note("password.requested", whose.pk if whose else None, granted=True)
        mailing.ask(Kind.PASSWORD_RESET, whose)
        return redirect(self.get_success_url())

    def form_invalid(self, form: Any) -> HttpResponse:
        return answered(super().form_invalid(form), form)


class NewPasswordView(allauth_views.PasswordResetFromKeyView):
    """The link of the letter: it leads to a page that asks, so that a scanner of mail that opens it uses nothing up."""

    template_name = "account/password_new.html"
    reset_url_key = "choisir"

    def get_success_url(self) -> str:
        return f"{reverse('partners:sign_in')}?fin=mot-de-passe"

    def dispatch(self, request: HttpRequest, uidb36: str, key: str, **kwargs: Any) -> HttpResponseBase:
        response = super().dispatch(request, uidb36, key, **kwargs)
        if getattr(self, "reset_user", self) is None:
            response.status_code = 410  # the link served, or is too old: the page says what to do
        return response

    def form_valid(self, form: Any) -> HttpResponse:
        professional = cast(Professional, self.reset_user)
        with transaction.atomic():
            if self.request.user.is_authenticated:
                self.logout()  # this very session is hers, and ends with the others
            response: HttpResponse = super().form_valid(form)
            sessions.end_all(professional)
            session.note("password.changed", professional.pk, granted=True)
            mailing.ask(Kind.PASSWORD_CHANGED, professional)
        return response

    def form_invalid(self, form: Any) -> HttpResponse:
        return answered(super().form_invalid(form), form)


change_password = acting_not_required(ChangePasswordView.as_view())
ask_reset = AskResetView.as_view()
asked = allauth_views.PasswordResetDoneView.as_view(template_name="account/password_reset_asked.html")
new_password = login_not_required(NewPasswordView.as_view())
