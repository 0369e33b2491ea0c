"""The main job in a browser, against the running site: compose, agree, send, read, withdraw, verify. Then without JavaScript."""

import re
from typing import Any

import pytest

from tests.audit.forging import guards_asleep
from tests.browser import steps
from tests.site import Site, visitor

pytestmark = pytest.mark.browser

ABSENCES, LANGUAGE = "Sorties du jeudi", "Compte rendu d’orthophonie"


def walk(browser: Any, site: Site, *, javascript: bool) -> None:
    with visitor(browser, site, java_script_enabled=javascript) as camille:
        ref, reference, words = camille_sends(camille, javascript=javascript)
        with visitor(browser, site, java_script_enabled=javascript) as partner:
            address = the_partner_reads(partner, site, reference, words)
        the_colleague_finds_nothing(browser, site, address, javascript=javascript)
        the_person_withdraws(camille, ref)
    with visitor(browser, site, java_script_enabled=javascript) as partner:
        the_view_is_a_stub(partner, site, address, reference, words)
    the_auditor_verifies(browser, site, javascript=javascript)


def camille_sends(page: Any, *, javascript: bool) -> tuple[str, str, str]:
    steps.sign_in(page, steps.CAMILLE)
    ref = steps.open_first_case(page) if javascript else steps.create_case(page)
    words = f"Il quitte la classe à 15 h le jeudi ({ref})."
    steps.write_item(page, label=ABSENCES, text=words, category="consigne_pratique", nature="fait_constate")
    steps.write_item(
        page, label=LANGUAGE, text="Trouble du langage écrit.", category="sante_diagnostic", nature="document"
    )
    steps.begin(page)
    steps.say_what_of(page, words=(ABSENCES, LANGUAGE))
    if javascript:
        steps.eventually(page, lambda: steps.verdict(page) == "deny" and "parents" in page.inner_text("#verdict"))
    else:
        page.get_by_role("button", name="Vérifier", exact=True).click()
    panel = page.locator("#verdict")
    assert steps.verdict(page) == "deny"
    assert "Pas en l’état" in panel.inner_text()
    assert "Laisser" in panel.inner_text()
    panel.get_by_role("link", name=re.compile("Recueillir l’accord des parents")).click()
    steps.record_agreement(page)
    assert steps.verdict(page) == "deny"
    assert LANGUAGE in page.locator(".item:has(.item-verdict.no)").inner_text()
    page.locator("#verdict").get_by_role("button", name=re.compile("Laisser .* de côté")).click()
    steps.eventually(page, lambda: steps.verdict(page) == "allow")
    page.get_by_role("button", name="Vérifier et relire").click()
    page.wait_for_url("**/relire/")
    assert "Ce que Mme Lantier lira" in page.locator("main").inner_text()
    assert words in page.locator("article.reading").inner_text()
    stays = page.locator(".stays").inner_text()
    assert "Ce qui reste ici" in stays
    assert LANGUAGE in stays
    page.get_by_role("button", name="Communiquer à Mme Lantier").click()
    page.wait_for_url("**/fait/")
    found = re.search(r"C-\d{4}-\d{6}", page.locator("main").inner_text())
    assert found is not None
    page.reload()
    assert found[0] in page.locator("main").inner_text()
    return ref, found[0], words


def the_partner_reads(page: Any, site: Site, reference: str, words: str) -> str:
    steps.eventually(page, lambda: any(reference in str(one["Subject"]) for one in decoded(site)), seconds=20)
    letter = next(one for one in decoded(site) if reference in str(one["Subject"]))
    body = letter.get_content()
    for secret in (words, "Berthier", "Malo", ABSENCES, "orthophonie", "Roussel"):
        assert secret not in body
    link = re.search(r"https?://\S+/recu/\S+", body)
    assert link is not None
    address = link[0].removeprefix(site.url)
    steps.sign_in(page, steps.LANTIER)
    steps.act_as(page, "directrice")
    page.goto(address)
    assert words not in page.content()
    page.get_by_role("button", name="Afficher").click()
    assert words in page.locator("article.reading").inner_text()
    page.get_by_role("button", name="Accuser réception").click()
    page.wait_for_load_state()
    page.goto(address)
    return address


def decoded(site: Site) -> list[Any]:
    return steps.letters(site.letters, steps.LANTIER)


def the_colleague_finds_nothing(browser: Any, site: Site, address: str, *, javascript: bool) -> None:
    with visitor(browser, site, java_script_enabled=javascript) as perrin:
        steps.sign_in(perrin, steps.PERRIN)
        assert perrin.goto(address).status == 404
        unknown = perrin.goto(re.sub(r"[0-9a-f]{12}/$", "0" * 12 + "/", address))
        assert unknown.status == 404
        assert "n’existe pas ou vous n’y avez pas accès" in perrin.locator("main").inner_text()


def the_person_withdraws(page: Any, ref: str) -> None:
    page.goto(f"/situations/{ref}/accords/")
    page.get_by_role("link", name=re.compile("Retirer")).first.click()
    page.wait_for_url("**/retrait/")
    assert "Lantier" in page.locator("main").inner_text()
    page.locator("input[name=form]").first.check()
    page.get_by_role("button", name=re.compile("Retirer|Enregistrer le retrait")).click()
    page.wait_for_url("**/recepisse/**")
    page.goto(f"/situations/{ref}/")
    assert "accord retiré le" in page.locator("#qui-sait-quoi").inner_text()


def the_view_is_a_stub(page: Any, site: Site, address: str, reference: str, words: str) -> None:
    steps.sign_in(page, steps.LANTIER)
    steps.act_as(page, "directrice")
    page.goto(address)
    if page.get_by_role("button", name="Afficher").count():
        page.get_by_role("button", name="Afficher").click()
    text = page.locator("main").inner_text()
    assert words not in page.content()
    assert "retiré" in text
    steps.eventually(page, lambda: sum(reference in one.get_content() for one in decoded(site)) >= 2, seconds=20)


def the_auditor_verifies(browser: Any, site: Site, *, javascript: bool) -> None:
    with visitor(browser, site, java_script_enabled=javascript) as yann:
        steps.sign_in(yann, steps.AUDITOR)
        yann.goto("/audit/")
        trail = yann.locator("main").inner_text()
        assert "retiré" in trail
        assert "Berthier" not in trail
        yann.get_by_role("button", name=re.compile("Vérifier tout le journal")).click()
        steps.followed(yann, javascript=javascript)
        assert "entrées vérifiées" in yann.locator("main").inner_text()
        assert "ne tient pas" not in yann.locator("main").inner_text()


def test_one_lawful_disclosure_from_the_first_word_to_the_verified_trail(browser: Any, live_site: Site) -> None:
    walk(browser, live_site, javascript=True)


def test_the_same_way_without_javascript(browser: Any, live_site: Site) -> None:
    walk(browser, live_site, javascript=False)


def rewrite(cursor: Any, uuid: str, body: bytes) -> None:
    """What a superuser can do, and tidy up after: open the guards, change the bytes, close the guards."""
    with guards_asleep(cursor):
        cursor.execute("UPDATE audit_entry SET body = %s WHERE uuid = %s", [body, uuid])


def test_an_entry_changed_by_a_superuser_is_named_by_the_auditors_page(browser: Any, live_site: Site) -> None:
    with live_site.superuser_cursor() as cursor:
        cursor.execute("SELECT uuid, body FROM audit_entry WHERE action = 'disclosure.released' ORDER BY id LIMIT 1")
        row = cursor.fetchone()
        uuid, before = str(row[0]), bytes(row[1])
        rewrite(cursor, uuid, before.replace(b"allow", b"denyy"))
        try:
            with visitor(browser, live_site) as yann:
                steps.sign_in(yann, steps.AUDITOR)
                yann.goto("/audit/")
                yann.get_by_role("button", name=re.compile("Vérifier tout le journal")).click()
                steps.followed(yann)
                assert "Le journal ne tient pas" in yann.locator("main").inner_text()
                assert uuid in yann.content()
            told = live_site.manage("verify_audit")
            assert told.returncode == 1
            assert uuid in told.stdout + told.stderr
        finally:
            rewrite(cursor, uuid, before)
            # The site is everybody's: ordinary sharing goes on.
            cursor.execute("UPDATE audit_alarm SET lifted_at = clock_timestamp() WHERE kind = 'trail_altered'")
    assert live_site.manage("verify_audit").returncode == 0
