"""A request at the browser: the verdict beside what one types, what the partner will read, the answers; each page well made."""

import re
from datetime import timedelta
from typing import Any

import pytest

from tests.browser import quality, steps
from tests.browser.walking import signed_in
from tests.site import Site

pytestmark = pytest.mark.browser

DECISION = "La demande d’aide au transport se dépose à la fin du mois et dépend de ce qu’il supporte."
ROLE = "Sa référente, pour cette demande."
WIDTHS = (1280, 320)
ASKED = re.compile(r"/demandes/nouvelle/verdict/$")


def flaws(page: Any) -> list[str]:
    return quality.flaws_of(page, names=["Berthier"], widths=WIDTHS, axe_at=WIDTHS) + quality.keyboard_flaws(page)


def fill(page: Any, *, purpose: str, who: str, category: str) -> None:
    """What one types on the page of a request."""
    if not page.locator(f"input[name=purpose][value={purpose}]").is_visible():
        page.locator("details.more", has=page.locator(f"input[name=purpose][value={purpose}]")).locator(
            "summary"
        ).click()
    page.check(f"input[name=purpose][value={purpose}]")
    partner = page.locator(".choice", has_text=who)
    if not partner.count():
        page.fill("input[name=q]", who)
        page.get_by_role("button", name="Chercher dans l’annuaire").click()
    partner.get_by_role("radio").first.check()
    page.check(f"input[name=categories][value={category}]")
    page.fill("[name=decision_at_stake]", DECISION)
    page.fill("[name=own_role]", ROLE)
    page.fill("[name=needed_on]", (steps.today() + timedelta(days=6)).isoformat())


def test_a_request_is_read_again_then_sent(browser: Any, live_site: Site) -> None:
    with signed_in(browser, live_site, "camille") as page:
        steps.open_first_case(page)
        page.get_by_role("link", name="Demander une information").click()
        page.wait_for_url("**/demandes/nouvelle/**")
        assert steps.verdict(page) == "incomplete"
        fill(page, purpose="suivi_medico_social", who="Aubin", category="sante_fonctionnel")
        steps.eventually(page, lambda: steps.verdict(page) == "allow")
        page.get_by_role("button", name="Relire et envoyer").click()
        page.get_by_role("heading", name="Relire la demande").wait_for()
        assert flaws(page) == []
        page.get_by_role("button", name="Envoyer la demande").click()
        page.get_by_text("est partie").wait_for()
        assert page.get_by_text("Au tour de").first.is_visible()
        page.get_by_role("button", name="Retirer la demande").click()
        page.get_by_text("La demande a été retirée.").wait_for()
        assert flaws(page) == []


def test_what_is_watching_is_told_as_one_types_and_stopped(browser: Any, live_site: Site) -> None:
    """The verdict is blanked at the first keystroke and comes back; what cannot be checked shows no former answer."""
    with signed_in(browser, live_site, "camille") as page:
        steps.open_first_case(page)
        page.get_by_role("link", name="Demander une information").click()
        fill(page, purpose="suivi_medico_social", who="Aubin", category="sante_fonctionnel")
        steps.eventually(page, lambda: steps.verdict(page) == "allow")
        role, panel = page.locator("[name=own_role]"), page.locator("#verdict")
        role.press_sequentially("x")
        assert panel.get_attribute("data-verdict") == "checking"
        assert panel.get_attribute("aria-busy") == "true"
        assert not panel.locator(".say").is_visible()
        steps.eventually(page, lambda: steps.verdict(page) == "allow")
        assert panel.locator(".say").is_visible()
        page.route(ASKED, lambda route: route.abort())
        role.press_sequentially("y")
        steps.eventually(page, lambda: steps.verdict(page) == "unavailable")
        assert "Vérification impossible" in panel.inner_text()
        assert role.input_value().endswith("xy")
        page.unroute(ASKED)
        page.fill("[name=own_role]", "Pouvez-vous surveiller ce que fait la mère ?")
        steps.eventually(page, lambda: steps.verdict(page) == "deny")
        page.get_by_role("button", name="Relire et envoyer").click()
        page.get_by_text("La demande n’est pas partie").wait_for()
        page.get_by_role("link", name="Reprendre cette demande").click()
        page.wait_for_url("**/demandes/nouvelle/**reprise**")
        assert "surveiller" in page.locator("[name=own_role]").input_value()


@pytest.mark.parametrize("script", [True, False], ids=["", "without_javascript"])
def test_what_is_asked_is_shown_then_answered(script: bool, browser: Any, live_site: Site) -> None:
    with signed_in(browser, live_site, "camille", java_script_enabled=script) as page:
        page.goto("/demandes/?etat=a-repondre" if script else "/demandes/?etat=repondues")
        page.locator("tbody a").first.click()
        page.get_by_role("button", name="Afficher").click()
        page.get_by_role("heading", name="vous demande").wait_for()
        if not script:
            assert page.get_by_text("Voyez avec la personne").first.is_visible()
            return
        assert flaws(page) == []
        page.get_by_text("Voici, sans le nom").click()
        page.fill("[name=text]", "Appelez le 06 12 34 56 78.")
        page.get_by_role("button", name="Répondre sans le nom").click()
        page.locator("[data-error-summary]").wait_for()
        assert flaws(page) == []
        page.get_by_role("button", name="Voyez avec la personne").click()
        page.get_by_text("Votre réponse est donnée").wait_for()
        assert flaws(page) == []
