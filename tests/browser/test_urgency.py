"""Emergency, the police who calls, what was said aloud and what is not shared, in a browser; without JavaScript too."""

import re
from typing import Any

import pytest

from tests.browser import steps
from tests.browser.walking import PHONE, Flaws, look, signed_in, told
from tests.site import Site

pytestmark = pytest.mark.browser

HAPPENING = "Nino a des marques de coups au cou et dit qu’il sera frappé ce soir."


def choose(page: Any, name: str, label: str) -> None:
    page.locator(f"#{name} .choice", has_text=label).get_by_role("radio").check()


def say_peril(page: Any) -> None:
    choose(page, "danger", "Quelqu’un est en péril grave, maintenant")
    page.get_by_label("Quelqu’un peut mourir").check()
    page.get_by_label("Cela se passe en ce moment").check()
    page.fill("[name=happening]", HAPPENING)
    page.select_option("[name=nature]", "fait_constate")
    page.select_option("[name=category]", "violences")


def test_the_alarm_in_two_clicks_and_the_sheet_until_somebody_received_it(
    browser: Any, live_site: Site, names: list[str]
) -> None:
    flaws: Flaws = {}
    with signed_in(browser, live_site, "camille") as page:
        case = steps.create_case(page)
        page.get_by_role("link", name="Urgence").click()
        page.get_by_role("button", name="Envoyer maintenant").click()
        page.locator("[data-error-summary]").wait_for()
        look(page, "an alarm, nothing said", flaws, names)
        say_peril(page)
        # Only those whom a text of rescue names are left, and what is typed stays.
        steps.eventually(page, lambda: page.locator("#recipient .choice", has_text="juge des enfants").count() == 0)
        assert page.input_value("[name=happening]") == HAPPENING
        choose(page, "recipient", "Police-secours (17)")
        page.get_by_role("button", name="Envoyer maintenant").click()
        page.wait_for_url(re.compile(r"/urgence/[0-9a-f-]{36}/$"))
        main = page.locator("main").inner_text()
        assert re.search(r"Un cadre l’examinera avant le \d\d/\d\d à \d\d:\d\d", main)
        look(page, "an alarm, recorded", flaws, names)
        page.get_by_role("link", name="Ouvrir la feuille").click()
        assert HAPPENING in page.locator("article.reading").inner_text()
        look(page, "the sheet to read aloud", flaws, names)
        page.goto(f"/situations/{case}/")
        page.get_by_role("link", name="Noter qui l’a reçu, et quand").click()
        page.fill("[name=received_by]", "Le permanencier du 17")
        page.check("[name=how][value=telephone]")
        page.get_by_role("button", name="Noter la réception").click()
        page.locator("text=C’est noté").wait_for()
        look(page, "the sheet, received", flaws, names)
        page.goto(f"/situations/{case}/")
        assert page.get_by_role("link", name="Noter qui l’a reçu, et quand").count() == 0
        assert "urgence" in page.locator("#qui-sait-quoi").inner_text()
        look(page, "a case after an alarm", flaws, names)
    assert not flaws, told(flaws)


def test_the_alarm_without_javascript_and_what_a_refusal_leaves_open(
    browser: Any, live_site: Site, names: list[str]
) -> None:
    flaws: Flaws = {}
    phone = {"width": PHONE, "height": 700}
    with signed_in(browser, live_site, "camille", java_script_enabled=False, viewport=phone) as page:
        steps.create_case(page)
        page.get_by_role("link", name="Urgence").click()
        say_peril(page)
        page.get_by_role("button", name="Voir qui peut le recevoir").click()
        assert page.input_value("[name=happening]") == HAPPENING
        page.get_by_label("Cela se passe en ce moment").uncheck()
        choose(page, "recipient", "Police-secours (17)")
        page.get_by_role("button", name="Envoyer maintenant").click()
        assert "Pour ce danger, un texte demande aussi" in page.locator("main").inner_text()
        page.get_by_label("Cela se passe en ce moment").check()
        page.check("[name=danger][value=child]")
        page.get_by_role("button", name="Envoyer maintenant").click()
        main = page.locator("main").inner_text()
        assert "Rien n’a été communiqué" in main
        assert "Pour ce danger, un texte désigne" in main
        page.check("[name=danger][value=peril]")
        page.get_by_role("button", name="Voir qui peut le recevoir").click()
        choose(page, "recipient", "Police-secours (17)")
        page.get_by_role("button", name="Envoyer maintenant").click()
        page.wait_for_url(re.compile(r"/urgence/[0-9a-f-]{36}/$"))
    with signed_in(browser, live_site, "camille") as page:
        case = steps.create_case(page)
        page.goto(f"/situations/{case}/urgence/")
        say_peril(page)
        page.get_by_label("Cela se passe en ce moment").uncheck()
        choose(page, "recipient", "SAMU")
        page.get_by_role("button", name="Envoyer maintenant").click()
        page.locator("[data-error-summary]").wait_for()
        look(page, "an alarm that lacks a sign", flaws, names)
    assert not flaws, told(flaws)


def test_the_police_calls_and_the_right_path_opens(browser: Any, live_site: Site, names: list[str]) -> None:
    flaws: Flaws = {}
    with signed_in(browser, live_site, "camille") as page:
        case = steps.create_case(page)
        page.locator("summary", has_text="Autres gestes").click()
        page.get_by_role("link", name="La police m’appelle").first.click()
        assert "je ne peux ni confirmer ni infirmer" in page.locator("main").inner_text()
        page.get_by_role("button", name="Noter, et voir la suite").click()
        page.locator("[data-error-summary]").wait_for()
        look(page, "a call, nothing said", flaws, names)
        for kind, answer, said in (
            ("telephone", "peril", "Ouvrir la page d’urgence"),
            ("requisition", "to_legal", "Tact n’y répond pas"),
            ("summons", "attended", "Il faut venir"),
            ("search", "nothing", "obstacle"),
        ):
            page.goto(f"/appel/?situation={case}")
            page.check(f"[name=kind][value={kind}]")
            page.fill("[name=caller]", "Brigadier Untel")
            page.fill("[name=asked]", f"Une question ({kind}).")
            page.check(f"[name=answer][value={answer}]")
            page.get_by_role("button", name="Noter, et voir la suite").click()
            page.wait_for_url(re.compile(r"/appel/[0-9a-f-]{36}/$"))
            assert said in page.locator("main").inner_text()
            look(page, f"a call, {kind}", flaws, names, keyboard=False)
        page.goto(f"/situations/{case}/")
        page.get_by_role("link", name="Un appel").first.click()
        page.get_by_role("link", name="Ouvrir la page d’urgence").click()
        assert "vous n’avez pas rappelé par le numéro officiel" in page.locator("main").inner_text()
        look(page, "an alarm after a call", flaws, names, keyboard=False)
    assert not flaws, told(flaws)


def test_what_was_said_aloud_and_what_is_not_shared(browser: Any, live_site: Site, names: list[str]) -> None:
    flaws: Flaws = {}
    with signed_in(browser, live_site, "camille") as page:
        case = steps.create_case(page)
        steps.write_item(
            page, label="Sorties du jeudi", text="Il sort à 15 h.", category="consigne_pratique", nature="fait_constate"
        )
        page.locator("summary", has_text="Autres gestes").click()
        page.get_by_role("link", name="Dit de vive voix").click()
        page.get_by_role("button", name="Enregistrer ce qui a été dit").click()
        page.locator("[data-error-summary]").wait_for()
        look(page, "said aloud, nothing said", flaws, names)
        page.fill("[name=q]", "lantier")
        page.get_by_role("button", name="Chercher dans l’annuaire").click()
        page.get_by_label("Hélène Lantier, directrice").check()
        page.check("[name=how][value=telephone]")
        page.get_by_label("Sorties du jeudi").check()
        page.select_option("[name=purpose]", "scolarite")
        page.fill("[name=benefit]", steps.BENEFIT)
        page.fill("[name=necessity]", steps.NECESSITY)
        page.get_by_role("button", name="Enregistrer ce qui a été dit").click()
        page.wait_for_url(re.compile(r"/dit/[0-9a-f-]{36}/$"))
        assert "Que faire maintenant" in page.locator("main").inner_text()
        look(page, "said aloud without ground", flaws, names)
        page.get_by_role("button", name="Prévenir qui protège les données").click()
        page.locator("text=C’est signalé sous la référence").wait_for()
        look(page, "said aloud, told to who protects data", flaws, names, keyboard=False)
        page.goto(f"/situations/{case}/")
        knows = page.locator("#qui-sait-quoi").inner_text()
        assert "non lu" not in knows
        assert "dit" in knows
        page.locator("summary", has_text="Autres gestes").click()
        page.get_by_role("link", name="Ne pas communiquer").click()
        page.get_by_role("button", name="Garder cette décision").click()
        page.locator("[data-error-summary]").wait_for()
        look(page, "not sharing, nothing said", flaws, names)
        page.check("[name=code][value=herself]")
        page.fill("[name=reason]", "Elle le dira elle-même à la rentrée.")
        page.get_by_role("button", name="Garder cette décision").click()
        page.wait_for_url(f"**/situations/{case}/")
        assert "Elle le dira elle-même à la rentrée." in page.locator("main").inner_text()
        look(page, "a case with what is kept", flaws, names)
    assert not flaws, told(flaws)
