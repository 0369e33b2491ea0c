"""One conversation about two recipients, in a browser: by telephone, with JavaScript; in presence, on a phone, without."""

import re
from typing import Any

import pytest

from tests.browser import steps
from tests.browser.walking import PHONE, Flaws, look, signed_in, told
from tests.site import Site

pytestmark = pytest.mark.browser


def refused(page: Any) -> None:
    """Pressed with nothing said: the same page comes back, and has to be there before it is looked at."""
    with page.expect_navigation():
        page.locator("button[name=go]").click()
    page.locator("[data-error-summary]").wait_for()


def to_the_grid(page: Any, ref: str, look_at: Any) -> None:
    """Whom, found by a search that keeps who was chosen; then what for; nothing is recorded meanwhile."""
    page.goto(f"/situations/{ref}/accords/")
    page.get_by_role("link", name="Pour plusieurs destinataires").click()
    refused(page)
    look_at("whom, nobody chosen")
    page.locator("label.choice", has_text="Mme Marchetti").first.get_by_role("checkbox").check()
    page.fill("input[name=q]", "lantier directrice")
    page.get_by_role("button", name="Chercher").click()
    page.locator("label.choice", has_text="Mme Lantier, directrice").get_by_role("checkbox").check()
    page.locator("button[name=go]").click()
    page.locator("select[name=for]").first.wait_for()
    refused(page)
    look_at("what for, nothing said")
    for number in range(2):
        page.locator("select[name=for]").nth(number).select_option("scolarite")
    page.locator("button[name=go]").click()
    page.locator("table.answers-grid").wait_for()
    assert page.locator("input:checked").count() == 0
    look_at("the grid, nothing ticked")


def answers(page: Any, *, form: str) -> None:
    page.locator("input[name=yes-0][value=consigne_pratique]").check()
    page.locator("select[name=until-0]").select_option("30")
    page.get_by_text("Elle a dit non, pour").nth(1).click()
    page.locator("input[name=no-1][value=sante_diagnostic]").check()
    page.locator("input[name=speaker]").first.check()
    page.locator(f"input[name=form][value={form}]").check()
    page.fill("[name=own_words]", "Oui pour l’une, pas la santé pour l’autre.")


def is_recorded(page: Any) -> None:
    page.wait_for_url(re.compile(r"/accords/$"))
    main = page.locator("main").inner_text()
    assert main.count("Oui pour l’une, pas la santé pour l’autre.") == 2
    assert "Accord en vigueur" in main
    assert "Refus" in main


def test_a_conversation_about_two_recipients_with_and_without_javascript(
    browser: Any, live_site: Site, names: list[str]
) -> None:
    flaws: Flaws = {}
    with signed_in(browser, live_site, "camille") as page:
        ref = steps.create_case(page)
        to_the_grid(page, ref, lambda what: look(page, what, flaws, names))
        assert not page.locator(".when-telephone").is_visible()
        answers(page, form="telephone")
        assert page.get_by_text("rappelez, puis lisez phrase par phrase").is_visible()
        page.get_by_text("Le texte à dire").click()
        page.get_by_role("button", name="Enregistrer ses réponses").click()
        page.locator("[data-error-summary]").wait_for()
        look(page, "the grid, nobody called back", flaws, names)
        page.locator("[name=called_back]").check()
        page.get_by_role("button", name="Enregistrer ses réponses").click()
        is_recorded(page)
        page.get_by_role("link", name=re.compile("^Renouveler")).click()
        page.wait_for_url("**/accords/nouveau/**")
        assert page.locator("input:checked").count() == 0
    viewport = {"width": PHONE, "height": 700}
    with signed_in(browser, live_site, "camille", java_script_enabled=False, viewport=viewport) as page:
        to_the_grid(page, steps.create_case(page), lambda _what: None)
        answers(page, form="in_person")
        page.get_by_role("button", name="Enregistrer ses réponses").click()
        is_recorded(page)
    assert not flaws, told(flaws)
