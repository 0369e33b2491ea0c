"""Abuse 31: session fixation, stolen cookie, logout that is not final."""

from typing import Any

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client

from tests.accounts.ways import enter
from tests.browser import steps
from tests.house.test_settings import PRODUCTION, ask
from tests.personas import Territory

PAGE = "/situations/"


@pytest.mark.django_db
def test_abuse_31_a_key_that_somebody_else_planted_opens_nothing(territory: Territory) -> None:
    thief, victim = Client(), Client()
    planted = thief.session
    planted["planted"] = True
    planted.save()
    victim.cookies[settings.SESSION_COOKIE_NAME] = str(planted.session_key)
    thief.cookies[settings.SESSION_COOKIE_NAME] = str(planted.session_key)
    assert enter(victim, territory.camille.professional.email).status_code == 302
    assert victim.get(PAGE).status_code == 200
    assert thief.get(PAGE).status_code == 302


@pytest.mark.django_db
def test_abuse_31_a_stolen_cookie_is_worth_nothing_once_she_left(territory: Territory) -> None:
    victim, thief = Client(), Client()
    enter(victim, territory.camille.professional.email)
    key = victim.cookies[settings.SESSION_COOKIE_NAME].value
    thief.cookies[settings.SESSION_COOKIE_NAME] = key
    assert thief.get(PAGE).status_code == 200
    left = victim.post("/deconnexion/")
    assert thief.get(PAGE).status_code == 302
    assert not Session.objects.filter(session_key=key).exists()
    assert left.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert left.cookies[settings.SESSION_COOKIE_NAME].value == ""


@pytest.mark.django_db
def test_abuse_31_no_page_of_hers_may_be_kept(territory: Territory) -> None:
    victim = Client()
    enter(victim, territory.camille.professional.email)
    for path in ("/", PAGE, f"/situations/{territory.case.reference}/", "/compte/"):
        assert victim.get(path).headers["Cache-Control"] == "no-store"


def test_abuse_31_in_production_every_cookie_is_bound_to_this_very_site() -> None:
    names = "SESSION_COOKIE_NAME", "CSRF_COOKIE_NAME", "LANGUAGE_COOKIE_NAME", "SEEN_COOKIE_NAME", "BROWSER_COOKIE_NAME"
    read = ask(", ".join(f"s.{name}" for name in names), **PRODUCTION)
    assert read.stdout.count("'__Host-") == len(names), read.stderr


@pytest.mark.browser
def test_abuse_31_after_signing_out_the_back_button_shows_nothing(page: Any) -> None:
    steps.sign_in(page, steps.CAMILLE)
    page.goto(PAGE)
    shown = page.locator("main").inner_text()
    steps.sign_out(page)
    page.go_back()
    page.wait_for_url("**/connexion/**")
    assert shown not in page.locator("body").inner_text()
