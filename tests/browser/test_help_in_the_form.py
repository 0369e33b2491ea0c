"""The help that follows what one types, on the running site: beside the field, announced once, never stealing the focus."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.browser import quality, steps
from tests.browser.walking import signed_in
from tests.site import Site

pytestmark = pytest.mark.browser

WORDS = "Retards du lundi"


@pytest.fixture(scope="module")
def desk(browser: Any, live_site: Site) -> Iterator[Any]:
    """Camille, in a situation of her own with one information to communicate."""
    with signed_in(browser, live_site, "camille") as page:
        page.case = steps.create_case(page)
        steps.write_item(
            page, label=WORDS, text="Arrivé après 9 h.", category="consigne_pratique", nature="fait_constate"
        )
        yield page


@pytest.fixture
def compose(desk: Any) -> Any:
    desk.set_viewport_size({"width": 1280, "height": 800})
    desk.goto(f"/situations/{desk.case}/")
    steps.begin(desk)
    steps.say_what_of(desk, words=(WORDS,))
    steps.eventually(desk, lambda: steps.verdict(desk) == "deny")
    return desk


def test_the_question_comes_while_one_types_and_the_cursor_stays_where_it_is(compose: Any) -> None:
    compose.evaluate(
        """() => {
          window.announced = [];
          const announcer = document.querySelector("#announcer");
          new MutationObserver(() => window.announced.push(announcer.textContent)).observe(announcer, { childList: true });
        }"""
    )
    benefit = compose.locator("[name=benefit]")
    benefit.fill("C’est pour son bien")
    help_beside = compose.locator("#help-benefit")
    steps.eventually(compose, lambda: "Le lui avez-vous demandé" in help_beside.inner_text())
    assert compose.evaluate("document.activeElement.name") == "benefit"
    benefit.press_sequentially(", vraiment")
    assert benefit.input_value() == "C’est pour son bien, vraiment"
    steps.eventually(compose, lambda: steps.verdict(compose) == "deny")
    assert "Le lui avez-vous demandé" in help_beside.inner_text()
    announced = [line for line in compose.evaluate("window.announced") if "à regarder" in line]
    assert len(announced) == 1, announced
    benefit.fill("Des leçons rattrapées")
    steps.eventually(compose, lambda: help_beside.inner_text().strip() == "")


def test_an_argument_is_ticked_with_the_keyboard_and_stays_under_the_finger(compose: Any) -> None:
    compose.locator(".weak-arguments > summary").press("Enter")
    box = compose.get_by_label("C’est pour son bien")
    box.press("Space")
    steps.eventually(
        compose, lambda: "Cet argument ne suffit pas" in (compose.locator("#verdict").text_content() or "")
    )
    assert compose.evaluate("document.activeElement.id") == "argument-pour_son_bien"
    assert box.is_checked()
    box.press("Space")
    steps.eventually(
        compose, lambda: "Cet argument ne suffit pas" not in (compose.locator("#verdict").text_content() or "")
    )


def test_the_help_can_be_read_on_a_phone_and_by_everybody(compose: Any) -> None:
    compose.locator("[name=benefit]").fill("C’est urgent, pour son bien : la mère est toxique")
    compose.locator(".item textarea").first.fill("Il faut agir au plus vite, sa sœur est ingérable")
    steps.eventually(compose, lambda: compose.locator(".help-note").count() >= 5)
    compose.locator(".weak-arguments > summary").click()
    colours = compose.evaluate(
        """() => [...document.querySelectorAll(".help-note, .help-note *")].map((one) => getComputedStyle(one).color)"""
    )
    danger = compose.evaluate(
        """() => { const p = document.createElement("p"); p.className = "wrong"; document.body.append(p);
                   const ink = getComputedStyle(p).color; p.remove(); return ink; }"""
    )
    assert danger not in colours
    assert quality.axe_flaws(compose, 1280) == []
    compose.set_viewport_size({"width": 320, "height": 640})
    assert quality.sideways(compose) == 0
    assert quality.axe_flaws(compose, 320) == []
