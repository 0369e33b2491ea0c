"""A passkey in a real browser, held by a virtual authenticator: made, signing in alone, second after the password, asked again."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest
from django.conf import settings

from tests.browser import steps
from tests.site import Site, visitor

pytestmark = pytest.mark.browser

SOFIA = "sofia.marchetti@cmpp-vallieres.example"
HELD = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}
OLDER = """
from datetime import datetime, timedelta
from django.contrib.sessions.backends.db import SessionStore
from partners.confirming import SESSION_KEY

session = SessionStore("{key}")
session[SESSION_KEY] = (datetime.fromisoformat(session[SESSION_KEY]) - timedelta(minutes=10)).isoformat()
for proof in session["account_authentication_methods"]:
    proof["at"] -= 600
session.save()
"""
WITHIN = re.compile(r"^https?://[^/]+/(agir-pour/.*)?$")


@contextmanager
def holding(browser: Any, site: Site, **options: Any) -> Iterator[Any]:
    """The page of somebody whose browser holds an authenticator."""
    with visitor(browser, site, **options) as page:
        line = page.context.new_cdp_session(page)
        line.send("WebAuthn.enable")
        line.send("WebAuthn.addVirtualAuthenticator", {"options": HELD})
        yield page


def proved_ten_minutes_ago(site: Site, page: Any) -> None:
    """What her session holds of the proofs she gave is ten minutes older than it was."""
    key = next(one["value"] for one in page.context.cookies() if one["name"] == settings.SESSION_COOKIE_NAME)
    done = site.manage("shell", "-c", OLDER.format(key=key))
    assert done.returncode == 0, done.stderr


def by_key(page: Any, name: str) -> None:
    page.get_by_role("button", name=name).click()


def fits(page: Any) -> None:
    """Nothing runs out of a telephone's screen."""
    page.set_viewport_size({"width": 320, "height": 720})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320, page.url
    page.set_viewport_size({"width": 1280, "height": 800})


def test_a_key_is_made_enters_alone_comes_second_and_is_asked_again_in_a_page(browser: Any, live_site: Site) -> None:
    # A key is bound to a name: 127.0.0.1 is none.
    site = replace(live_site, url=live_site.url.replace("127.0.0.1", "localhost"))
    with visitor(browser, site) as earlier, holding(browser, site) as page:
        steps.sign_in(earlier, SOFIA)
        steps.sign_in(page, SOFIA)
        page.goto("/compte/second-facteur/")
        fits(page)
        page.get_by_role("link", name="Ajouter une clé").click()
        fits(page)
        page.fill("input[name=name]", "Téléphone")
        page.check("input[name=alone]")
        by_key(page, "Enregistrer ma clé")
        page.get_by_role("heading", name="Vos codes de secours").wait_for()
        assert page.locator(".recovery li").count() == 10
        fits(page)
        page.get_by_role("link", name="Je les ai rangés").click()
        assert page.locator("main", has_text="Téléphone").count() == 1
        assert page.locator(".recovery li").count() == 0
        fits(page)

        steps.sign_out(page)
        page.goto("/connexion/?next=/annuaire/")
        by_key(page, "Me connecter avec ma clé")
        page.wait_for_url(re.compile(r"/(annuaire/|agir-pour/.*)$"))

        steps.sign_out(page)
        page.goto("/connexion/")
        page.fill("input[name=login]", SOFIA)
        page.fill("input[name=password]", steps.PASSWORDS[SOFIA])
        page.locator("form:has(input[name=password])").get_by_role("button").first.click()
        page.wait_for_url("**/connexion/second-facteur/")
        fits(page)
        page.fill("input[name=code]", "123 456")
        page.get_by_role("button", name="Continuer").click()
        page.get_by_text("Ce code n’est pas le bon").first.wait_for()
        by_key(page, "Utiliser ma clé")
        page.wait_for_url(WITHIN)

        # The session that was open before she had a key has ended: her password alone would no longer have opened it.
        earlier.goto("/compte/second-facteur/application/")
        earlier.wait_for_url("**/connexion/**")

        proved_ten_minutes_ago(site, page)
        page.goto("/compte/second-facteur/application/")
        page.wait_for_url("**/compte/confirmer/**")
        fits(page)
        by_key(page, "Utiliser ma clé")
        page.wait_for_url("**/compte/second-facteur/application/")
        fits(page)

        page.goto("/compte/second-facteur/")
        page.get_by_role("link", name="Renommer Téléphone").click()
        fits(page)
        page.fill("input[name=name]", "Téléphone du service")
        page.get_by_role("button", name="Renommer").click()
        page.get_by_role("link", name="Retirer Téléphone du service").click()
        fits(page)
        page.get_by_role("button", name="Retirer").click()
        page.get_by_text("C’est fait").first.wait_for()
        by_nobody = page.request.post("/connexion/cle/", form={"credential": "{}"}, max_redirects=0)
        assert by_nobody.status in {302, 403}
        steps.sign_out(page)
        page.goto("/connexion/")
        by_key(page, "Me connecter avec ma clé")
        page.wait_for_url("**/connexion/?cle=refusee")
        page.get_by_text("Cette clé n’a pas été reconnue ici").first.wait_for()


def test_at_an_address_in_digits_no_key_is_offered_and_it_is_said_why(browser: Any, live_site: Site) -> None:
    with visitor(browser, live_site) as page:
        steps.sign_in(page, steps.LANTIER)
        page.goto("/compte/second-facteur/")
        assert page.get_by_role("link", name="Ajouter une clé").count() == 0
        page.get_by_text("à une adresse en chiffres").wait_for()
