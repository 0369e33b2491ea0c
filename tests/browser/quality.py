"""What every page owes whoever reads it: said once, asked of each page by `test_every_page`."""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from axe_playwright_python.sync_playwright import Axe

AXE = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]},
    "resultTypes": ["violations"],
}
_AXE = Axe()
LONGEST_TITLE = 100
# The measures of one page, in one call: each is what is wrong.
FLAWS = """() => {
  const flaws = [];
  const titles = document.querySelectorAll("h1");
  if (titles.length !== 1) flaws.push(`${titles.length} h1`);
  const levels = [...document.querySelectorAll("main :is(h1, h2, h3, h4)")].map((one) => Number(one.tagName[1]));
  levels.forEach((level, i) => { if (i && level > levels[i - 1] + 1) flaws.push(`h${level} after h${levels[i - 1]}`); });
  const ids = [...document.querySelectorAll("[id]")].map((one) => one.id);
  const twice = ids.filter((id, i) => ids.indexOf(id) !== i);
  if (twice.length) flaws.push(`ids used twice: ${twice}`);
  document.querySelectorAll("a[href^='#']").forEach((one) => {
    const target = one.getAttribute("href").slice(1);
    if (target && !document.getElementById(target)) flaws.push(`a link to nothing: ${target}`);
  });
  document.querySelectorAll("main :is(a, button, summary, select, input:not([type=hidden]))").forEach((one) => {
    const box = one.getBoundingClientRect();
    const inline = getComputedStyle(one).display === "inline" && one.tagName === "A";
    const small = !inline && box.width && box.height < 23.5 && one.checkVisibility();
    if (small) flaws.push(`too small a target: ${one.outerHTML.slice(0, 90)}`);
  });
  return flaws;
}"""
FOCUS = """() => {
  const here = document.activeElement;
  if (!here || here === document.body) return null;
  const box = here.getBoundingClientRect();
  const style = getComputedStyle(here), card = here.closest("label");
  const drawn = (one) => one && (getComputedStyle(one).outlineStyle !== "none" || getComputedStyle(one).boxShadow !== "none");
  const at = (x, y) => {
    const top = document.elementFromPoint(x, y);
    return top && (here.contains(top) || top.contains(here) || card?.contains(top));
  };
  const points = [0.2, 0.5, 0.8].map((part) => [box.left + box.width * part, box.top + box.height / 2]);
  const clear = points.some(([x, y]) => at(x, y)) || at(box.left + 3, box.top + 3);
  const svg = here instanceof SVGElement;
  const shown = svg || drawn(here) || drawn(card);
  return { tag: here.outerHTML.slice(0, 120), primary: here.matches(".btn-primary"), drawn: shown, clear };
}"""
# A key comes up once its own effect is over: the focus has moved, and what it is on was scrolled to.
FOLLOW = f"""() => {{
  const focus = {FOCUS};
  window.tabbed = [];
  window.addEventListener("keyup", (event) => {{ if (event.key === "Tab") window.tabbed.push(focus()); }}, true);
}}"""
TABS_TOGETHER = 7
"""Asked of the page at once: to ask after each press costs as much as the press."""
FRENCH_WRONG = re.compile(
    r"\S [:;?!»](?!\S)|« |[a-zà-ÿ]'[a-zà-ÿ]|\b1 (?:janv|févr|mars|avr|mai|juin|juil|août|sept|oct|nov|déc)",
    re.IGNORECASE,
)
ENGLISH_MONTH = re.compile(r"\b(?:January|February|March|April|June|July|August|September|October|November|December)\b")


def sideways(page: Any) -> int:
    """By how many pixels the page itself would scroll sideways."""
    return int(page.evaluate("document.documentElement.scrollWidth - window.innerWidth"))


def flaws_of(page: Any, *, names: Iterable[str], widths: Iterable[int], axe_at: Iterable[int]) -> list[str]:
    """Everything wrong with the page that stands open, a sentence each; axe is asked at some widths; it is left at the first."""
    flaws = list(page.evaluate(FLAWS))
    title = page.title()
    if not re.fullmatch(r".{3,} – Tact", title) or len(title) > LONGEST_TITLE:
        flaws.append(f"title: {title}")
    flaws += [f"a name in the title or the address: {name}" for name in names if name in title or name in page.url]
    first, *others = widths
    for width in (*others, first):
        page.set_viewport_size({"width": width, "height": 800})
        if (by := sideways(page)) > 0:
            flaws.append(f"scrolls sideways by {by} px at {width} px")
        if width in axe_at:
            flaws += axe_flaws(page, width)
    if page.locator("html").get_attribute("lang") == "fr":
        text = page.locator("body").inner_text()
        flaws += [f"typography: {text[max(0, m.start() - 30) : m.end() + 20]!r}" for m in FRENCH_WRONG.finditer(text)]
        flaws += [f"an English month: {m[0]}" for m in ENGLISH_MONTH.finditer(text)]
    return flaws


def axe_flaws(page: Any, width: int) -> list[str]:
    """What axe finds at this width, where the page stands."""
    results = _AXE.run(page, options=AXE)
    return [
        f"axe at {width} px: {one['id']} {[node['html'][:160] for node in one['nodes']][:3]}"
        for one in results.response["violations"]
    ]


def keyboard_flaws(page: Any, most: int = 140) -> list[str]:
    """Tab from « Aller au contenu » to the primary action; each focus is drawn and in sight."""
    primary = page.locator("main .btn-primary:visible").count()
    page.evaluate(FOLLOW)
    page.locator("a.skip").first.focus()  # where a Tab leads depends on where the focus was last
    flaws: list[str] = []
    for step, here in enumerate(tabbed(page, most)):
        if here is None:
            break
        if not here["drawn"]:
            flaws.append(f"the focus does not show: {here['tag']}")
        if not here["clear"]:
            flaws.append(f"the focus is hidden: {here['tag']}")
        if here["primary"] or (not primary and step > 12):
            return flaws
    return [*flaws, "the primary action is not reached"] if primary else flaws


def tabbed(page: Any, most: int) -> Iterator[dict[str, Any] | None]:
    """Where each Tab leads, measured by the page as the key comes up; None once it has left the page."""
    for _each in range(0, most, TABS_TOGETHER):
        for _tab in range(TABS_TOGETHER):
            page.keyboard.press("Tab")
        seen = page.evaluate("() => window.tabbed.splice(0)")
        yield from seen
        if len(seen) < TABS_TOGETHER:  # the key came up elsewhere
            yield None
