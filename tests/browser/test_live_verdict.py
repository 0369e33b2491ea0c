"""The verdict that follows what one types, on the running site: never an old answer, never a lost press, never two sendings."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from tests.browser import steps
from tests.browser.walking import signed_in
from tests.site import Site

pytestmark = pytest.mark.browser

WORDS = "Sorties du jeudi"
ASKED = re.compile(r"/communiquer/[0-9a-f-]{36}/verdict/$")
PHONE = {"width": 360, "height": 640}


@pytest.fixture(scope="module")
def desk(browser: Any, live_site: Site) -> Iterator[Any]:
    """Camille at her desk, in a situation of her own with one information to communicate; signed in once for the module."""
    with signed_in(browser, live_site, "camille") as page:
        page.case = steps.create_case(page)
        steps.write_item(
            page, label=WORDS, text="Il sort à 15 h.", category="consigne_pratique", nature="fait_constate"
        )
        yield page


@pytest.fixture
def compose(desk: Any) -> Iterator[Any]:
    """A draft that cannot go as it stands: the parents' agreement lacks."""
    desk.set_viewport_size({"width": 1280, "height": 800})
    desk.goto(f"/situations/{desk.case}/")
    steps.begin(desk)
    steps.say_what_of(desk, words=(WORDS,))
    steps.eventually(desk, lambda: steps.verdict(desk) == "deny" and settled(desk))
    yield desk
    desk.unroute_all(behavior="ignoreErrors")


def settled(page: Any) -> bool:
    return bool(page.locator("#verdict").get_attribute("aria-busy") != "true")


def need(page: Any) -> Any:
    return page.locator(".item textarea").first


def test_the_verdict_is_blanked_at_the_first_keystroke_and_comes_back(compose: Any) -> None:
    need(compose).press_sequentially("x")
    panel = compose.locator("#verdict")
    assert panel.get_attribute("data-verdict") == "checking"
    assert panel.get_attribute("aria-busy") == "true"
    assert not panel.locator(".say").is_visible()
    assert not compose.locator(".item-verdict").first.is_visible()
    steps.eventually(compose, lambda: steps.verdict(compose) == "deny")
    assert panel.locator(".say").is_visible()


@pytest.mark.parametrize("failure", ["the server fails", "the network drops", "something else answers"])
def test_what_cannot_be_checked_says_so_and_shows_no_former_answer(compose: Any, failure: str) -> None:
    answers = {
        "the server fails": lambda route: route.fulfill(status=500, body="<h1>Erreur</h1>"),
        "the network drops": lambda route: route.abort(),
        "something else answers": lambda route: route.fulfill(status=200, body="<h1>Se connecter</h1>"),
    }
    compose.route(ASKED, answers[failure])
    need(compose).press_sequentially("x")
    steps.eventually(compose, lambda: steps.verdict(compose) == "unavailable")
    panel = compose.locator("#verdict")
    assert "Vérification impossible" in panel.inner_text()
    assert "Rien n’a été communiqué" in panel.inner_text()
    assert not panel.locator(".paths").is_visible()
    assert need(compose).input_value().endswith("x")
    compose.unroute(ASKED)
    need(compose).press_sequentially("y")
    steps.eventually(compose, lambda: steps.verdict(compose) == "deny")


def test_an_answer_to_what_was_typed_before_is_dropped(compose: Any) -> None:
    held: list[Any] = []

    def hold(route: Any) -> None:
        held.append(route)

    compose.route(ASKED, hold)
    need(compose).press_sequentially("x")
    steps.eventually(compose, lambda: bool(held))
    compose.locator("[name=benefit]").press_sequentially("z")
    held[0].continue_()
    compose.wait_for_timeout(250)
    assert steps.verdict(compose) == "checking"
    steps.eventually(compose, lambda: len(held) > 1)
    held[1].continue_()
    steps.eventually(compose, lambda: steps.verdict(compose) == "deny")


def test_a_press_on_a_way_out_right_after_typing_works_at_the_first_click(compose: Any) -> None:
    need(compose).press_sequentially("x")
    compose.wait_for_timeout(420)  # when what was typed is about to be asked
    compose.locator("#verdict").get_by_role("link", name=re.compile("Recueillir l’accord")).click()
    compose.wait_for_url("**/accords/nouveau/**")


def test_an_answer_given_in_the_panel_counts(compose: Any) -> None:
    """Its radios stand outside the form and belong to it."""
    compose.fill("[name=q]", "oudin")
    compose.get_by_role("button", name="Chercher dans l’annuaire").click()
    compose.locator(".choice", has_text="Mme Oudin").get_by_role("radio").check()
    compose.locator(".more > summary").first.click()
    compose.check("input[name=purpose][value=secours]")
    question = compose.locator("#verdict .ask fieldset").first
    steps.eventually(compose, question.is_visible)
    yes = question.get_by_role("radio", name="Oui")
    name = yes.get_attribute("name")
    with compose.expect_request(ASKED) as asked:
        yes.check()
    assert f"{name}=yes" in (asked.value.post_data or "")
    steps.eventually(compose, lambda: settled(compose))
    assert compose.locator(f"[name='{name}'][value=yes]").is_checked(timeout=2000)


def test_only_the_line_that_matters_is_announced_and_once(compose: Any) -> None:
    compose.evaluate(
        """() => {
          window.announced = [];
          const announcer = document.querySelector("#announcer");
          new MutationObserver(() => window.announced.push(announcer.textContent)).observe(announcer, { childList: true });
        }"""
    )
    assert compose.locator("[role=status]").count() == 1
    compose.locator(".item").first.get_by_role("checkbox").uncheck()
    steps.eventually(compose, lambda: steps.verdict(compose) == "incomplete")
    compose.locator(".item").first.get_by_role("checkbox").check()
    steps.eventually(compose, lambda: steps.verdict(compose) == "deny")
    compose.locator("[name=benefit]").press_sequentially("z")  # the verdict stays what it is: nothing to say
    steps.eventually(compose, lambda: steps.verdict(compose) == "checking")
    steps.eventually(compose, lambda: steps.verdict(compose) == "deny")
    announced = compose.evaluate("window.announced")
    assert len(announced) == 2, announced
    assert all("\n" not in line and len(line) < 300 for line in announced)


def test_on_a_phone_the_bar_opens_closes_and_leaves_the_field_in_sight(compose: Any) -> None:
    compose.set_viewport_size(PHONE)
    say, bar = compose.locator("#verdict .say"), compose.locator("#verdict > summary")
    assert not say.is_visible()
    bar.click()
    assert say.is_visible()
    compose.keyboard.press("Escape")
    assert not say.is_visible()
    assert bar.evaluate("one => one === document.activeElement")
    bar.press("Enter")
    assert say.is_visible()
    need(compose).focus()
    assert not say.is_visible()
    field, fixed = need(compose).bounding_box(), compose.locator("#verdict").bounding_box()
    assert field["y"] + field["height"] <= fixed["y"]
    need(compose).press_sequentially("x")
    steps.eventually(compose, lambda: steps.verdict(compose) == "deny" and settled(compose))
    assert not say.is_visible()


def test_a_form_pressed_twice_is_sent_once(compose: Any) -> None:
    compose.locator("#verdict").get_by_role("link", name=re.compile("Recueillir l’accord")).click()
    steps.record_agreement(compose)
    steps.eventually(compose, lambda: steps.verdict(compose) == "allow")
    compose.get_by_role("button", name="Vérifier et relire").click()
    compose.wait_for_url("**/relire/")
    sent: list[str] = []
    compose.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    compose.get_by_role("button", name="Communiquer à Mme Lantier").dblclick()
    compose.wait_for_url("**/fait/")
    assert len([url for url in sent if url.endswith("/relire/")]) == 1
