"""What no address opens is as well made as the pages of `test_every_page`: what a press shows, on the way of one disclosure."""

import re
from typing import Any

import pytest

from tests.browser import quality, steps
from tests.browser.walking import WIDE, ZOOMED, Flaws, address, look, signed_in, tampered, told
from tests.site import Site

pytestmark = pytest.mark.browser
WORDS = "Sorties du jeudi"


def test_what_only_a_press_opens_is_as_well_made(browser: Any, live_site: Site, names: list[str]) -> None:
    """Errors, the check page, the refusal, a verdict that changed, the confirmation, the sheet that is read, what is left of it."""
    flaws: Flaws = {}
    with signed_in(browser, live_site, "camille") as page:
        case = steps.create_case(page)
        look(page, "a case with nothing yet", flaws, names)
        steps.write_item(
            page, label=WORDS, text="Il sort à 15 h.", category="consigne_pratique", nature="fait_constate"
        )
        steps.begin(page)
        draft = page.url
        page.get_by_role("button", name="Vérifier et relire").click()
        page.locator("[data-error-summary]").wait_for()
        look(page, "compose, nothing said", flaws, names)
        page.goto(f"/situations/{case}/communiquer/")
        look(page, "drafts to take up", flaws, names)
        page.goto(draft)
        steps.say_what_of(page, words=(WORDS,))
        steps.eventually(page, lambda: steps.verdict(page) == "deny")
        look(page, "compose, not as it stands", flaws, names)
        page.set_viewport_size({"width": ZOOMED, "height": 640})
        flaws |= {"compose, by keyboard above the bar": found} if (found := quality.keyboard_flaws(page)) else {}
        page.set_viewport_size({"width": WIDE, "height": 800})
        page.goto(f"{draft}relire/")
        look(page, "check, not as it stands", flaws, names, keyboard=False)
        page.get_by_role("button", name="Demander quand même une décision").click()
        page.locator("h1", has_text="Rien n’a été communiqué").wait_for()
        look(page, "not sent", flaws, names)
        page.goto(draft)
        page.locator("#verdict").get_by_role("link", name=re.compile("Recueillir l’accord")).click()
        page.get_by_role("button", name="Enregistrer l’accord").click()
        page.locator("[data-error-summary]").wait_for()
        look(page, "an agreement, nothing said", flaws, names)
        steps.record_agreement(page)
        page.goto(f"{draft}relire/")
        look(page, "check", flaws, names)
        tampered(page, "seen")
        page.get_by_role("button", name="Communiquer à Mme Lantier").click()
        page.locator("h1", has_text="Rien n’a été communiqué").wait_for()
        look(page, "the verdict changed", flaws, names)
        page.goto(f"{draft}relire/")
        page.get_by_role("button", name="Communiquer à Mme Lantier").click()
        page.wait_for_url("**/fait/")
        look(page, "done", flaws, names)
        reference = re.search(r"C-\d{4}-\d{6}", page.inner_text("main"))
        assert reference is not None
        with signed_in(browser, live_site, "lantier") as partner:
            partner.goto(address(partner, f"/recu/ >> {link_of(partner, '/recu/', reference[0])}"))
            look(partner, "the cover of what is received", flaws, names)
            partner.get_by_role("button", name="Afficher").click()
            partner.locator("article.reading").wait_for()
            look(partner, "what is read", flaws, names)
            partner.get_by_role("button", name="Accuser réception").click()
            partner.wait_for_load_state()
            received = partner.url
            look(partner, "acknowledged", flaws, names)
            page.goto(f"/situations/{case}/accords/")
            page.get_by_role("link", name=re.compile("Retirer")).first.click()
            page.get_by_role("button", name="Retirer cet accord").click()
            page.locator("[data-error-summary]").wait_for()
            look(page, "a withdrawal, nothing said", flaws, names)
            page.locator("input[name=form]").first.check()
            page.get_by_role("button", name="Retirer cet accord").click()
            page.wait_for_url("**/recepisse/")
            look(page, "the receipt", flaws, names)
            partner.goto(received)
            look(partner, "what is left", flaws, names)
    assert not flaws, told(flaws)


def link_of(page: Any, path: str, text: str) -> str:
    """The address of the link that bears this text."""
    found = re.search(rf'href="([^"]+)"[^>]*>\s*{text}', page.request.get(path).text())
    assert found is not None, text
    return re.escape(found[1]) + "$"
