"""The people of a house in a real browser: invited, checked, given a function, gone; each page looked at as the others are."""

import re
from typing import Any

import pytest

from tests.browser import quality, steps
from tests.browser.walking import PHONE, WIDE
from tests.site import Site, visitor

pytestmark = pytest.mark.browser
NADIA = "nadia.benali@vallieres.example"
SANDRINE = "sandrine.oudin@val-de-sauve.example"
ZOE = "zoe.martin@vallieres.fr"
PASSWORD = "les tilleuls sentent bon en juin"


def looked_at(page: Any) -> None:
    """All that is asked of a page of the list, axe on a wide screen and on a telephone."""
    flaws = quality.flaws_of(page, names=(), widths=(WIDE, PHONE), axe_at=(WIDE, PHONE))
    assert not flaws, (page.url, flaws)


def test_somebody_is_invited_joins_is_checked_and_another_leaves(browser: Any, own_site: Site) -> None:
    with visitor(browser, own_site) as nadia, visitor(browser, own_site) as zoe:
        steps.sign_in(nadia, NADIA)
        nadia.goto("/annuaire/membres/inviter/")
        nadia.fill("#id_email", ZOE)
        nadia.fill("#id_first_name", "Zoé")
        nadia.fill("#id_last_name", "Martin")
        nadia.select_option("#id_role", "ass_secteur")
        nadia.fill("#id_job_title", "assistante sociale")
        nadia.get_by_role("button", name="Envoyer l’invitation").click()
        nadia.wait_for_url(re.compile(r"/annuaire/membres/invitations/"))
        looked_at(nadia)

        (letter,) = steps.letters(own_site.letters, ZOE)
        link = re.search(r"/invitation/[\w-]+/", letter.get_content())
        assert link is not None
        zoe.goto(link.group())
        looked_at(zoe)
        zoe.fill("#id_password", "courte")
        zoe.get_by_role("button", name="Accepter et ouvrir mon compte").click()
        assert zoe.locator("#id_last_name").input_value() == "Martin"
        looked_at(zoe)
        zoe.fill("#id_password", PASSWORD)
        zoe.fill("#id_again", PASSWORD)
        zoe.get_by_role("button", name="Accepter et ouvrir mon compte").click()
        zoe.wait_for_url("**/connexion/**")
        zoe.goto(link.group())
        looked_at(zoe)
        zoe.goto("/connexion/")
        zoe.fill("input[name=login]", ZOE)
        zoe.fill("input[name=password]", PASSWORD)
        zoe.locator("form:has(input[name=password])").get_by_role("button").first.click()
        zoe.goto("/situations/nouvelle/")
        assert zoe.locator("main").get_by_text("Nadia Benali").count() == 1
        looked_at(zoe)

        nadia.goto("/annuaire/membres/?etat=a-verifier")
        looked_at(nadia)
        nadia.get_by_role("link", name="Zoé Martin").click()
        nadia.get_by_role("link", name="Vérifier").click()
        nadia.fill("#id_seen", "Carte professionnelle")
        nadia.get_by_label("Oui").check()
        nadia.get_by_role("button", name="Enregistrer ce que j’ai vu").click()
        nadia.get_by_text("son statut compte désormais").first.wait_for()
        looked_at(nadia)
        zoe.goto("/situations/nouvelle/")
        assert zoe.locator("main").get_by_text("Nadia Benali").count() == 0

        nadia.goto("/annuaire/membres/?q=roussel")
        nadia.get_by_role("link", name="Camille Roussel").click()
        nadia.get_by_role("link", name="Mettre fin à son rattachement").click()
        nadia.get_by_label("Maintenant").check()
        nadia.fill("#id_why", "Mutation.")
        nadia.get_by_role("button", name="Mettre fin").click()
        nadia.wait_for_url("**/equipe/relais/**")
        looked_at(nadia)
        nadia.select_option("#id_everything", label="Zoé Martin, assistante sociale")
        nadia.get_by_role("button", name="Confier").click()
        nadia.get_by_text("chacun est prévenu de ce qui lui revient").wait_for()
        looked_at(nadia)
        zoe.goto("/situations/")
        assert zoe.locator("tr", has_text="-0143").count() == 1


def test_a_second_person_sees_what_is_given_and_answers(browser: Any, own_site: Site) -> None:
    with visitor(browser, own_site) as first, visitor(browser, own_site) as second:
        first.goto("/connexion/")
        first.fill("input[name=login]", SANDRINE)
        first.fill("input[name=password]", steps.PASSWORDS[NADIA])
        first.locator("form:has(input[name=password])").get_by_role("button").first.click()
        first.wait_for_url(re.compile(r"(/|/agir-pour/.*)$"))
        first.goto("/annuaire/membres/?fonction=auditor")
        first.get_by_role("link", name="Yann Le Goff").click()
        first.get_by_role("link", name="Changer").click()
        looked_at(first)
        first.get_by_label("Tient l’annuaire").check()
        first.fill("#id_why", "À deux, c’est plus sûr.")
        first.get_by_role("button", name="Enregistrer").click()
        first.wait_for_url("**/annuaire/membres/changements/**")
        looked_at(first)
        steps.sign_in(second, "claire.morvan@val-de-sauve.example")
        second.goto("/annuaire/membres/")
        looked_at(second)
        second.get_by_role("link", name="Changement des fonctions de Yann Le Goff").click()
        looked_at(second)
        second.get_by_label("J’accepte").check()
        second.get_by_role("button", name="Répondre").click()
        second.get_by_text("le changement compte").first.wait_for()
        looked_at(second)
