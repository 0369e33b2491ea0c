"""The site that browser tests walk is the one that `make run` serves: gunicorn, a worker, the strict policy."""

import json
import urllib.request
from typing import Any

import pytest

from tests.site import Site

pytestmark = pytest.mark.browser


def test_the_site_is_ready_with_all_its_parts(live_site: Site) -> None:
    with urllib.request.urlopen(f"{live_site.url}/readyz") as answer:
        parts = json.load(answer)["parts"]
    del parts["seal"]  # nobody seals here but a test that asks for it
    assert parts == {"database": "ok", "redis": "ok", "migrations": "ok"}


def test_the_first_page_is_french_and_asks_for_nothing_elsewhere(page: Any) -> None:
    page.goto("/connexion/")
    assert page.locator("html").get_attribute("lang") == "fr"
    assert page.locator("h1").count() == 1


def test_the_letter_box_lists_what_would_have_left(page_without_javascript: Any) -> None:
    page_without_javascript.goto("/demo/courrier/")
    assert "Courrier de la démonstration" in page_without_javascript.locator("h1").inner_text()
