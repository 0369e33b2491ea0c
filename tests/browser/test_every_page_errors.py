"""An error is a page as well made as the others."""

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.template.loader import render_to_string

from tests.browser.walking import Flaws, look, signed_in, tampered, told
from tests.site import Site

pytestmark = pytest.mark.browser


def answering(html: str) -> Callable[[Any], None]:
    """Have the browser receive this page, with the style sheets of the site."""
    return lambda route: route.fulfill(body=html, content_type="text/html")


def test_an_error_is_a_page_as_well_made_as_the_others(browser: Any, live_site: Site, names: list[str]) -> None:
    flaws: Flaws = {}
    with signed_in(browser, live_site, "anonymous") as page:
        page.goto("/connexion/")
        page.locator("form:has(input[name=password])").get_by_role("button").first.click()
        page.locator("[data-error-summary]").wait_for()
        look(page, "sign-in, refused", flaws, names)
        tampered(page, "csrfmiddlewaretoken")
        page.locator("form:has(input[name=password])").get_by_role("button").first.click()
        page.locator(".error-page").wait_for()
        look(page, "a form that is too old", flaws, names)
        for status in ("400", "404", "500", "503", "verifying"):
            page.route(
                f"**/erreur-{status}/", answering(render_to_string(f"errors/{status}.html", {"outcome_at": "/"}))
            )
            page.goto(f"/erreur-{status}/")
            look(page, f"error {status}", flaws, names)
    with signed_in(browser, live_site, "camille") as page:
        assert page.goto("/situations/2020-9999/").status == 404
        look(page, "nothing there, signed in", flaws, names)
        page.goto("/situations/")
        case = page.locator("a[href^='/situations/20']").first.get_attribute("href")
        page.goto(f"{case}communiquer/{uuid.uuid4()}/partie/")
        assert page.get_by_role("heading", name="Rien n’a été communiqué").is_visible()
        look(page, "nothing left", flaws, names)
    assert not flaws, told(flaws)
