"""The guided visit as a director of a département walks it: each press in a browser, without JavaScript and on a phone too."""

import re
from collections.abc import Callable
from typing import Any

import pytest

from tests.browser import quality, steps
from tests.site import Site, visitor

pytestmark = pytest.mark.browser

MOST_PRESSES, MOST_WORDS = 25, 350
WIDE, PHONE = 1280, 320
WORD = re.compile(r"[\wÀ-ÿ’'-]+")
NUMBERED = re.compile(r"^\d\s+|\(fait\)")  # the marks of the six steps, whatever their state


class Walk:
    """One visitor: what she pressed, and what the visit gave her to read."""

    def __init__(self, page: Any, *, look: Callable[[Any], None] | None = None, javascript: bool = True) -> None:
        self.page = page
        self.javascript = javascript
        self.presses = 0
        self.sentences: dict[str, int] = {}
        self.look = look

    def press(self, target: Any) -> None:
        """One press: of a button, of a link, or of a choice; then what the visit says of what came."""
        target.click()
        self.presses += 1
        self.page.wait_for_load_state()
        self.read()

    def button(self, name: str) -> None:
        self.press(self.page.get_by_role("button", name=re.compile(name)).first)

    def read(self) -> None:
        """Every sentence of the visit counts once: nobody reads twice the same one."""
        tour = self.page.locator(".demo-tour")
        if tour.count():
            for line in tour.locator("p, li, button").all_inner_texts():
                for sentence in re.split(r"(?<=[.?!])\s+", NUMBERED.sub("", line)):
                    self.sentences.setdefault(sentence.strip(), len(WORD.findall(sentence)))
        if self.look is not None:
            self.look(self.page)

    @property
    def words(self) -> int:
        return sum(self.sentences.values())

    @property
    def step(self) -> int:
        tour = self.page.locator(".demo-tour")
        assert tour.count() == 1, (self.page.url, self.page.locator("main").inner_text()[:900])
        return int(tour.get_attribute("data-step"))

    def stands_where_the_bar_says(self) -> None:
        """A gesture is named, and the place it names is on the page."""
        gesture = self.page.locator(".demo-gesture")
        assert gesture.count() == 1, (self.step, self.page.url)
        assert self.page.locator(gesture.get_by_role("link").get_attribute("href")).count() == 1


def walk(one: Walk) -> None:
    """The whole visit, pressing what the bar says and nothing else."""
    page = one.page
    page.goto("/connexion/")
    one.button("Suivre la visite guidée")
    assert one.step == 1
    one.stands_where_the_bar_says()
    assert page.locator("#verdict").get_attribute("data-verdict") == "deny"
    one.button("^Vérifier et relire")
    one.stands_where_the_bar_says()
    one.button("Demander quand même une décision")
    assert one.step == 2
    one.stands_where_the_bar_says()
    one.press(page.locator("#verdict").get_by_role("link", name=re.compile("Recueillir l’accord")))
    one.stands_where_the_bar_says()
    one.press(page.locator("input[name=categories]:visible").first)
    one.press(page.locator("input[name=duration]").nth(1))
    one.press(page.locator("label", has_text="mère").get_by_role("radio").first)
    one.press(page.locator("input[name=form][value=in_person]"))
    one.button("Enregistrer l’accord")
    assert one.step == 3
    one.stands_where_the_bar_says()
    opened = page.locator("#verdict[open]").count()
    if not opened:  # a bar at the bottom of a phone
        one.press(page.locator("#verdict > summary"))
    one.press(page.locator("#verdict").get_by_role("button", name=re.compile("Laisser .* de côté")))
    one.stands_where_the_bar_says()
    one.button("^Vérifier et relire")
    one.stands_where_the_bar_says()
    one.button("Communiquer à Mme Lantier")
    assert one.step == 4
    one.button("Continuer comme Mme Lantier")
    one.stands_where_the_bar_says()
    one.button("^Afficher")
    assert "rendez-vous réguliers" in page.locator("article.reading").inner_text()
    one.stands_where_the_bar_says()
    one.button("Accuser réception")
    assert one.step == 5
    one.button("Continuer comme Nadia Benali")
    one.stands_where_the_bar_says()
    one.press(page.locator("input[name=form][value=telephone]"))
    one.button("^Retirer cet accord")
    assert one.step == 6
    one.button("Continuer comme Yann Le Goff")
    one.stands_where_the_bar_says()
    one.button("Vérifier tout le journal")
    assert "Visite terminée" in page.locator(".demo-tour").inner_text()
    steps.followed(page, javascript=one.javascript)
    assert "entrées vérifiées" in page.locator("main").inner_text()


def held(one: Walk) -> None:
    assert one.presses <= MOST_PRESSES, one.presses
    assert one.words <= MOST_WORDS, (one.words, one.sentences)


def test_the_visit_is_walked_in_few_presses_and_few_words(browser: Any, live_site: Site) -> None:
    with visitor(browser, live_site, viewport={"width": WIDE, "height": 800}) as page:
        one = Walk(page)
        walk(one)
        held(one)
        one.button("Fermer la visite")
        assert page.locator(".demo-tour").count() == 0
        one.button("Suivre la visite guidée")
        assert one.step == 1


def test_the_same_visit_without_javascript(browser: Any, live_site: Site) -> None:
    with visitor(browser, live_site, java_script_enabled=False) as page:
        one = Walk(page, javascript=False)
        walk(one)
        held(one)


def test_the_same_visit_on_a_phone_hides_nothing(browser: Any, live_site: Site) -> None:
    flaws: dict[str, Any] = {}

    def look(page: Any) -> None:
        bar = page.locator(".demo-bar")
        if not bar.count():
            return
        if (by := quality.sideways(page)) > 0:
            flaws[page.url] = f"scrolls sideways by {by} px"
        if bar.evaluate("one => getComputedStyle(one).position") != "static":
            flaws[page.url] = "the bar is not in the flow"

    with visitor(browser, live_site, viewport={"width": PHONE, "height": 640}) as page:
        one = Walk(page, look=look)
        walk(one)
        assert one.presses <= MOST_PRESSES
    assert not flaws, flaws


def test_the_bar_is_well_made_where_the_visit_stands(browser: Any, live_site: Site) -> None:
    """axe, targets, titles, typography and the keyboard, with the visit under way and the list of persons open."""
    flaws: dict[str, list[str]] = {}
    with visitor(browser, live_site, viewport={"width": WIDE, "height": 800}) as page:
        page.goto("/connexion/")
        page.get_by_role("button", name="Suivre la visite guidée").click()
        page.locator(".demo-tour").wait_for()
        for what in ("closed", "open"):
            found = quality.flaws_of(page, names=[], widths=(WIDE, 640, PHONE), axe_at=(WIDE, PHONE))
            found += quality.keyboard_flaws(page)
            flaws |= {what: found} if found else {}
            page.locator(".demo-eyes summary").focus()
            page.keyboard.press("Enter")
            assert page.locator(".demo-eyes button").first.is_visible() == (what == "closed")
    assert not flaws, flaws


def test_the_eyes_of_another_are_one_press_away_by_keyboard(browser: Any, live_site: Site) -> None:
    with visitor(browser, live_site) as page:
        page.goto("/connexion/?next=/annuaire/")
        page.get_by_role("button", name=re.compile("^Camille Roussel")).click()
        page.wait_for_url("**/annuaire/")
        page.locator(".demo-eyes summary").focus()
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        assert "Nadia Benali" in page.evaluate("document.activeElement.textContent")
        page.keyboard.press("Enter")
        page.wait_for_load_state()
        page.locator(".demo-eyes summary", has_text="Nadia Benali").wait_for()
        assert page.url.endswith("/annuaire/")
        page.goto("/equipe/")
        page.locator(".demo-eyes summary").click()
        page.get_by_role("button", name=re.compile("^M. Perrin")).click()
        page.locator(".messages", has_text="n’est pas ouverte à M. Perrin").wait_for()
        assert page.evaluate("location.pathname") == "/"
