"""Every page as each persona sees it: axe, no sideways scroll at 320 px and at 200 %, keyboard, title, in French and in English.

A page is a line of PAGES: who, which door, where. « >> » follows the first link whose address matches, as a person would. A door
that answers a GET and has no line fails the tests, unless EXCEPT says why.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.template.loader import render_to_string

from tests.browser import quality, steps
from tests.doors.table import DOORS
from tests.site import Site, visitor

pytestmark = pytest.mark.browser

EMAILS = {
    "camille": steps.CAMILLE,
    "nadia": "nadia.benali@vallieres.example",
    "lantier": steps.LANTIER,
    "perrin": steps.PERRIN,
    "yann": steps.AUDITOR,
    "claire": "claire.morvan@val-de-sauve.example",
}
PAGES = r"""
anonymous partners:sign_in     /connexion/
anonymous demo_components      /demo/composants/
anonymous demo_mail            /demo/courrier/
anonymous demo_visit           /demo/visite/
camille   home                 /
camille   cases:list           /situations/
camille   cases:list           /situations/?q=personne
camille   cases:create         /situations/nouvelle/
camille   sharing:case         /situations/ >> -0143/$
camille   cases:item_new       /situations/ >> -0143/$ >> /elements/nouveau$
camille   cases:item           /situations/ >> -0143/$ >> /elements/[0-9a-f-]{36}/$
camille   cases:identity       /situations/ >> -0143/$ >> /identite$
camille   cases:assignments    /situations/ >> -0143/$ >> /suivi$
camille   cases:involvements   /situations/ >> -0143/$ >> /professionnels/$
camille   consent:list         /situations/ >> -0143/$ >> /accords/$
camille   consent:new          /situations/ >> -0143/$ >> /accords/nouveau/$
camille   consent:receipt      /situations/ >> -0143/$ >> /accords/$ >> /recepisse/$
camille   sharing:withdraw     /situations/ >> -0143/$ >> /accords/$ >> /retrait/$
camille   sharing:compose      / >> /communiquer/[0-9a-f-]{36}/$
camille   sharing:sent         /communications/
camille   sharing:sent         /communications/?etat=zzz
camille   sharing:sent_one     /communications/ >> /communications/[0-9a-f-]{36}/$
camille   sharing:duties       /a-faire/
camille   sharing:duty         /a-faire/ >> /a-faire/[0-9a-f-]{36}/$
camille   sharing:inbox        /recu/
camille   partners:directory   /annuaire/
camille   partners:directory   /annuaire/?q=zzz
camille   partners:institution /annuaire/ >> /annuaire/[0-9a-f-]{36}/$
camille   partners:agreement   /annuaire/?q=jean-mace >> /annuaire/[0-9a-f-]{36}/$ >> /annuaire/conventions/[0-9a-f-]{36}/$
camille   partners:forum       /annuaire/?q=jean-mace >> /annuaire/[0-9a-f-]{36}/$ >> /annuaire/instances/[0-9a-f-]{36}/$
camille   partners:act_as      /agir-pour/
camille   sharing:rules        /regles/
camille   sharing:rules        /regles/?q=zzz
camille   sharing:rule         /regles/ACCORD/
camille   sharing:rule         /regles/ >> /regles/CASF-L411-3-1/$
nadia     home                 /
nadia     sharing:duties       /a-faire/
nadia     sharing:duty         /a-faire/ >> /a-faire/[0-9a-f-]{36}/$
nadia     cases:list           /situations/
nadia     cases:team           /equipe/
nadia     cases:assignments    /equipe/ >> /suivi$
lantier   home                 /
lantier   partners:act_as      /agir-pour/
lantier   sharing:inbox        /recu/
lantier   sharing:inbox        /recu/?etat=termine
lantier   sharing:received     /recu/?etat=lu >> /recu/[0-9a-f-]{36}/$
lantier   sharing:received     /recu/?etat=termine >> /recu/[0-9a-f-]{36}/$
perrin    home                 /
perrin    sharing:duties       /a-faire/
perrin    sharing:inbox        /recu/
yann      home                 /
yann      audit:explorer       /audit/
yann      audit:explorer       /audit/?case=zzz
yann      audit:verification   /audit/verification/
yann      audit:accesses       /audit/acces/
yann      audit:entry          /audit/ >> /audit/[0-9a-f-]{36}/$
claire    home                 /
claire    audit:explorer       /audit/
claire    partners:institution /annuaire/?q=crip >> /annuaire/[0-9a-f-]{36}/$
claire    partners:settings    /annuaire/reglages/
claire    partners:narrowing_new /annuaire/reglages/nouveau/
claire    partners:narrowing   /annuaire/reglages/ >> /annuaire/reglages/[0-9a-f-]{36}/$
claire    partners:narrowing_lift /annuaire/?q=crip >> /annuaire/[0-9a-f-]{36}/$ >> /annuaire/reglages/[0-9a-f-]{36}/$ >> /lever/$
"""
LINES = [tuple(line.split(None, 2)) for line in PAGES.strip().splitlines()]
EXCEPT = {
    "healthz": "a word for a monitor, no page",
    "readyz": "a word for a monitor, no page",
    "sharing:start": "walked in test_what_only_a_press_opens",
    "sharing:check": "walked in test_what_only_a_press_opens",
    "sharing:done": "walked in test_what_only_a_press_opens",
}
WIDE, ZOOMED, PHONE = 1280, 640, 320
WIDTHS = (WIDE, ZOOMED, PHONE)
AXE = Axe()
WORDS = "Sorties du jeudi"
Flaws = dict[str, list[str]]


@pytest.fixture(scope="module")
def names(live_site: Site) -> list[str]:
    """The last names of everybody who is accompanied: none may stand in a title or in an address."""
    with live_site.superuser_cursor() as cursor:
        cursor.execute("SELECT DISTINCT last_name FROM cases_person")
        return [row[0] for row in cursor.fetchall()]


@contextmanager
def signed_in(browser: Any, site: Site, persona: str, *, english: bool = False) -> Iterator[Any]:
    with visitor(browser, site, viewport={"width": WIDE, "height": 800}) as page:
        if persona in EMAILS:
            steps.sign_in(page, EMAILS[persona])
        if persona == "lantier":
            steps.act_as(page, "directrice")
        if english:
            page.goto("/connexion/" if persona == "anonymous" else "/agir-pour/")
            page.get_by_role("button", name="English").click()
            page.wait_for_load_state()
        yield page


def address(page: Any, where: str, seen: dict[str, str] | None = None) -> str:
    """The address at the end of a line of PAGES, found by following its links; `seen` keeps what was read on the way."""
    seen = {} if seen is None else seen
    path, *links = (part.strip() for part in where.split(">>"))
    for pattern in links:
        if path not in seen:
            seen[path] = page.request.get(path).text()
        found = [link for link in re.findall(r'href="([^"]+)"', seen[path]) if re.search(pattern, link)]
        assert found, f"{where}: nothing on {path} leads to {pattern}"
        path = found[0]
    return path


def look(page: Any, what: str, into: Flaws, names: list[str], *, axe: bool = True, keyboard: bool = True) -> None:
    flaws = quality.flaws_of(page, names=names, widths=WIDTHS, axe=AXE if axe else None)
    if keyboard:
        flaws += quality.keyboard_flaws(page)
    if flaws:
        into[what] = flaws


def told(flaws: Flaws) -> str:
    return "\n".join(f"{page}\n    " + "\n    ".join(found) for page, found in flaws.items())


def test_every_page_that_opens_on_a_get_is_in_the_list() -> None:
    doors = {door for (door, method), answers in DOORS.items() if method == "GET" and 200 in answers.values()}
    walked = {door for _persona, door, _where in LINES}
    assert not doors - walked - set(EXCEPT), "pages that nobody looks at"
    assert not set(EXCEPT) & walked, "excepted, and walked"


@pytest.mark.parametrize("persona", ["anonymous", *EMAILS])
def test_every_page_of_a_persona_is_well_made(persona: str, browser: Any, live_site: Site, names: list[str]) -> None:
    flaws: Flaws = {}
    seen: dict[str, str] = {}
    with signed_in(browser, live_site, persona) as page:
        for who, door, where in LINES:
            if who == persona:
                answer = page.goto(address(page, where, seen))
                assert answer.status == 200, (where, answer.status)
                look(page, f"{door} {where}", flaws, names)
    assert not flaws, told(flaws)


@pytest.mark.parametrize("persona", ["anonymous", "camille", "lantier", "yann"])
def test_every_page_holds_in_english(persona: str, browser: Any, live_site: Site, names: list[str]) -> None:
    flaws: Flaws = {}
    seen: dict[str, str] = {}
    with signed_in(browser, live_site, persona, english=True) as page:
        for who, door, where in LINES:
            if who == persona and door not in {"demo_components", "demo_mail"}:
                page.goto(address(page, where, seen))
                assert page.locator("html").get_attribute("lang") == "en", where
                look(page, f"{door} {where}", flaws, names, axe=False, keyboard=False)
    assert not flaws, told(flaws)


def tampered(page: Any, field: str) -> None:
    """Send the form with this hidden field changed."""
    page.evaluate(
        "name => document.querySelectorAll(`main [name=${name}]`).forEach((one) => { one.value = 'x'; })", field
    )


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
        for status in ("400", "404", "500", "503"):
            page.route(f"**/erreur-{status}/", answering(render_to_string(f"errors/{status}.html")))
            page.goto(f"/erreur-{status}/")
            look(page, f"error {status}", flaws, names)
    with signed_in(browser, live_site, "camille") as page:
        assert page.goto("/situations/2020-9999/").status == 404
        look(page, "nothing there, signed in", flaws, names)
    assert not flaws, told(flaws)
