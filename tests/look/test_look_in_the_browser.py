"""The page of the design system, looked at by a machine: every component in every state."""

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.site import Site, visitor

pytestmark = pytest.mark.browser
COMPONENTS = "/demo/composants/"
WIDTHS = (1280, 768, 320)


@pytest.mark.parametrize("width", WIDTHS)
def test_axe_finds_nothing_on_the_components_and_none_makes_the_page_scroll_sideways(page: Any, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(COMPONENTS)
    assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
    results = Axe().run(page)
    assert results.violations_count == 0, results.generate_report()


def test_on_a_phone_the_verdict_is_a_bar_that_opens_and_never_hides_the_field_that_has_the_focus(page: Any) -> None:
    page.set_viewport_size({"width": 360, "height": 640})
    page.goto(COMPONENTS)
    assert not page.locator("#verdict .say").is_visible()
    page.locator("#verdict > summary").click()
    assert page.locator("#verdict .say").is_visible()
    page.locator("#need-bilan").focus()
    assert not page.locator("#verdict .say").is_visible()
    field, bar = page.locator("#need-bilan").bounding_box(), page.locator("#verdict").bounding_box()
    assert field["y"] + field["height"] <= bar["y"]


def test_without_javascript_the_verdict_opens_on_a_phone_and_stands_open_on_a_desk(
    browser: Any, live_site: Site
) -> None:
    for size, opens in (({"width": 360, "height": 640}, True), ({"width": 1280, "height": 800}, False)):
        with visitor(browser, live_site, java_script_enabled=False, viewport=size) as page:
            page.goto(COMPONENTS)
            if opens:
                page.locator("#verdict > summary").click()
            assert page.locator("#verdict .say").is_visible()


def test_the_verdict_is_blanked_at_the_first_keystroke(page: Any) -> None:
    page.goto(COMPONENTS)
    page.locator("#need-absences").press("End")
    page.locator("#need-absences").type("x")
    assert page.locator("#verdict").get_attribute("data-verdict") == "checking"
    assert page.locator("#verdict").get_attribute("aria-busy") == "true"
    assert not page.locator("#verdict .say").is_visible()
