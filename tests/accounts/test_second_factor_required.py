"""Where a second factor is required: who must have one, what she may open before, and what it costs ordinary pages."""

from collections.abc import Callable
from typing import Any

import pytest
from allauth.account.internal.flows.login import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.mfa.models import Authenticator
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from partners.accounts import codes, factors
from partners.models import Function, Membership
from tests import personas
from tests.accounts import factors as ways
from tests.accounts.test_second_factor import install
from tests.personas import Territory

SignIn = Callable[[str], Client]


@pytest.fixture(autouse=True)
def required(settings: Any) -> None:
    settings.SECOND_FACTOR = "required"


def proved(client: Client, membership: Membership) -> Client:
    """Her session proved a second factor."""
    session = client.session
    session[AUTHENTICATION_METHODS_SESSION_KEY] = [{"method": "mfa", "at": 0.0, "type": "totp"}]
    session["account_authentication_methods_user"] = str(membership.professional_id)
    session.save()
    return client


def test_partners_and_five_functions_must_have_one_and_who_follows_cases_may(territory: Territory) -> None:
    expected = {
        name: factors.expected_of(getattr(territory, name))
        for name in ("camille", "leila", "nadia", "lantier", "perrin", "aubin", "sofia", "yann", "claire")
    }
    assert {name for name, must in expected.items() if not must} == {"camille", "leila"}
    assert factors.expected_of(personas.crip(territory))
    for function in Function.values:
        territory.leila.functions = [function]
        assert factors.expected_of(territory.leila), function
    territory.leila.functions, territory.leila.role = [], "a role that no rulebook knows"
    assert factors.expected_of(territory.leila)


def test_mme_lantier_goes_nowhere_but_to_setting_it_up_until_she_has_one(territory: Territory, sign_in: SignIn) -> None:
    ways.wait_for_a_step_that_lasts()
    inside = sign_in("lantier")
    for address in ("/", "/recu/", "/annuaire/", "/situations/", "/regles/"):
        answer = inside.get(address)
        assert answer.status_code == 302, address
        assert answer.headers["Location"].startswith(ways.OVERVIEW), address
    assert inside.post("/agir-pour/").status_code == 302
    fragment = inside.get("/", headers={"HX-Request": "true"})
    assert (fragment.status_code, fragment.headers["HX-Redirect"][: len(ways.OVERVIEW)]) == (204, ways.OVERVIEW)
    page = inside.get(inside.get("/recu/").headers["Location"]).content.decode()
    assert "avant d’aller plus loin" in page
    assert "15, 17, 18, 112" in page
    assert "?next=/recu/" in page
    assert inside.post("/session/prolonger/").status_code == 204
    install(inside)
    assert inside.get("/recu/").status_code == 200
    factor = Authenticator.objects.get(user=territory.lantier.professional, type=codes.APPLICATION)
    last = inside.post(f"/compte/second-facteur/{factor.pk}/retirer/")
    assert last.status_code == 422, "her last one is replaced, never removed"
    assert Authenticator.objects.filter(pk=factor.pk).exists()


def test_camille_is_not_made_to(territory: Territory, sign_in: SignIn) -> None:
    assert sign_in("camille").get("/situations/").status_code == 200


def test_an_ordinary_page_costs_no_statement_more_once_it_is_proved(
    territory: Territory, sign_in: SignIn, settings: Any
) -> None:
    inside = proved(sign_in("lantier"), territory.lantier)
    settings.SECOND_FACTOR = "offered"
    inside.get("/annuaire/")
    with _counted() as offered:
        inside.get("/annuaire/")
    settings.SECOND_FACTOR = "required"
    with _counted() as asked:
        assert inside.get("/annuaire/").status_code == 200
    assert len(asked) == len(offered)


def _counted() -> CaptureQueriesContext:
    return CaptureQueriesContext(connection)


def test_a_session_that_proved_none_of_the_factors_she_has_proves_one_first(
    territory: Territory, sign_in: SignIn
) -> None:
    ways.wait_for_a_step_that_lasts()
    inside = sign_in("nadia")
    secret = ways.with_application(territory.nadia.professional)
    answer = inside.get("/", follow=True)
    assert answer.redirect_chain[-1][0].startswith(ways.AGAIN)
    assert inside.post(ways.AGAIN, {"password": personas.PASSWORD}).status_code == 422
    assert inside.get("/").status_code == 302
    assert inside.post(ways.AGAIN, {"password": ways.code_of(secret), "next": "/"}).status_code == 302
    assert inside.get("/").status_code == 200


def test_a_proof_of_somebody_else_in_the_same_browser_is_not_hers(territory: Territory, sign_in: SignIn) -> None:
    inside = proved(sign_in("lantier"), territory.nadia)
    assert inside.get("/").headers["Location"].startswith(ways.OVERVIEW)


def test_whoever_vouches_for_two_factors_is_believed(territory: Territory, client: Client) -> None:
    """ProConnect's `amr`, the demonstration's entry."""
    inside = personas.signed_in(territory.lantier, client)
    session = inside.session
    session[AUTHENTICATION_METHODS_SESSION_KEY] = [{"method": "socialaccount", "at": 0.0, factors.VOUCHED: True}]
    session["account_authentication_methods_user"] = str(territory.lantier.professional_id)
    session.save()
    assert inside.get("/").status_code == 200
