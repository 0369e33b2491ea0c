"""How every page is visited: by whom, in which language, at which width, and what is asked of it there.

In two gears. `make test` asks everything of each page once: the persona, among those who have a line for it, the language and
the width take turns; besides, each line is opened in French and asked all but axe and the keyboard. `make a11y` (``A11Y=grid``)
asks everything of the full grid, page × persona × language, axe at each width: of every page of the list, whoever it opens to.

A turn is drawn from the page's address alone: a new line moves no other page, and a page is seen the same way every time.
"""

import os
import re
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import groupby, product
from typing import Any, NamedTuple
from zlib import crc32

from django.conf import settings

from tests.browser import quality, steps
from tests.site import Site, visitor

GRID = os.environ.get("A11Y") == "grid"
"""The gear: the whole grid, or each page once."""
EMAILS = {
    "camille": steps.CAMILLE,
    "nadia": "nadia.benali@vallieres.example",
    "lantier": steps.LANTIER,
    "perrin": steps.PERRIN,
    "yann": steps.AUDITOR,
    "claire": "claire.morvan@val-de-sauve.example",
}
PERSONAS = ("anonymous", *EMAILS)
ACTING_AS = {"lantier": "directrice"}
"""Those who work in several places, and as whom they look."""
WIDE, ZOOMED, PHONE = 1280, 640, 320
WIDTHS = (WIDE, ZOOMED, PHONE)
FRENCH, ENGLISH = "fr", "en"
FRENCH_ONLY = {"demo_components", "demo_mail"}
MOST_TOGETHER = 12
"""Visits in one test: tests of this size share themselves out between processes."""
RESUMED_FOR = 3 * 60  # seconds; after five minutes, who takes a proof away is asked again who she is
Flaws = dict[str, list[str]]
_sessions: dict[tuple[str, str], tuple[float, Any]] = {}


class Line(NamedTuple):
    """A persona's own way to a page."""

    persona: str
    door: str
    where: str


@dataclass(frozen=True)
class Visit:
    """One look at a page; axe is asked at these widths, and the keyboard with it; at none, all the rest is."""

    persona: str
    door: str
    where: str
    language: str
    axe_at: tuple[int, ...]
    owed: bool = True
    """The page must open: it is the persona's own line."""

    def __str__(self) -> str:
        return f"{self.door} {self.where} ({self.persona}, {self.language})"


def read(pages: str) -> list[Line]:
    """The lines of a table of pages: who, which door, where."""
    return [Line(*line.split(None, 2)) for line in pages.strip().splitlines()]


def turn(words: str) -> int:
    """Always the same number for the same words."""
    return crc32(words.encode())


def in_rotation(lines: Iterable[Line]) -> list[Visit]:
    """Each line in French, and everything asked once of each page."""
    visits = []
    by_page = sorted(lines, key=lambda line: (line.door, line.where))
    for (door, where), same in groupby(by_page, key=lambda line: (line.door, line.where)):
        personas = [line.persona for line in same]
        drawn = turn(f"{door} {where}")
        drawn, nth = divmod(drawn, len(personas))
        drawn, width = divmod(drawn, len(WIDTHS))
        language = FRENCH if door in FRENCH_ONLY or drawn % 2 else ENGLISH
        whole = Visit(personas[nth], door, where, language, (WIDTHS[width],))
        rest = [Visit(persona, door, where, FRENCH, ()) for persona in personas]
        visits += [whole, *(visit for visit in rest if (visit.persona, FRENCH) != (whole.persona, language))]
    return visits


def whole_grid(lines: Iterable[Line]) -> list[Visit]:
    """Every page of the list × persona × language, axe at each width; one that does not open to the persona is passed over."""
    pages = list(dict.fromkeys((line.door, line.where) for line in lines))
    owed = set(lines)
    return [
        Visit(persona, door, where, language, WIDTHS, Line(persona, door, where) in owed)
        for persona, language, (door, where) in product(PERSONAS, (FRENCH, ENGLISH), pages)
        if language == FRENCH or door not in FRENCH_ONLY
    ]


def rounds(visits: Iterable[Visit]) -> dict[str, list[Visit]]:
    """The visits of a persona, few at a time, by a name for each round."""
    found = {}
    for persona, hers in groupby(sorted(visits, key=lambda visit: PERSONAS.index(visit.persona)), lambda v: v.persona):
        several = list(hers)
        for start in range(0, len(several), MOST_TOGETHER):
            found[f"{persona}-{start // MOST_TOGETHER + 1}"] = several[start : start + MOST_TOGETHER]
    return found


@contextmanager
def signed_in(browser: Any, site: Site, persona: str, **options: Any) -> Iterator[Any]:
    """A page of the persona's, wide, in French. She signs in through the form the first time, and takes up her session again.

    Where she took it up, no page is open yet. Nobody may sign out there: the session is also that of those who come after.
    """
    options = {"viewport": {"width": WIDE, "height": 800}} | options
    since, state = _sessions.get((site.url, persona), (0.0, None))
    if time.monotonic() - since > RESUMED_FOR:
        state = None
    with visitor(browser, site, storage_state=state, **options) as page:
        if persona in EMAILS and state is None:
            steps.sign_in(page, EMAILS[persona])
            if persona in ACTING_AS:
                steps.act_as(page, ACTING_AS[persona])
            _sessions[site.url, persona] = time.monotonic(), page.context.storage_state()
        yield page


def speak(page: Any, site: Site, language: str) -> None:
    """What the site answers from now on is in this language: the cookie that the button leaves."""
    page.context.add_cookies([{"name": settings.LANGUAGE_COOKIE_NAME, "value": language, "url": site.url}])


def address(page: Any, where: str, seen: dict[str, str] | None = None) -> str:
    """The address at the end of a line, found by following its links; `seen` keeps what was read on the way."""
    found = _led_to(page, where, {} if seen is None else seen)
    assert found is not None, f"{where}: a link is missing on the way"
    return found


def _led_to(page: Any, where: str, seen: dict[str, str]) -> str | None:
    path, *links = (part.strip() for part in where.split(">>"))
    for pattern in links:
        if path not in seen:
            seen[path] = page.request.get(path).text()
        found = [link for link in re.findall(r'href="([^"]+)"', seen[path]) if re.search(pattern, link)]
        if not found:
            return None
        path = found[0]
    return path


def walk(browser: Any, site: Site, visits: Iterable[Visit], names: list[str]) -> Flaws:
    """Make these visits, all of one persona; what is wrong, page by page."""
    flaws: Flaws = {}
    several: list[Visit] = list(visits)
    seen: dict[str, str] = {}
    with signed_in(browser, site, several[0].persona) as page:
        for visit in several:
            path = (address if visit.owed else _led_to)(page, visit.where, seen)
            if path is None:
                continue
            speak(page, site, visit.language)
            answer = page.goto(path)
            if not visit.owed and (answer.status != 200 or answer.request.redirected_from):
                continue
            assert answer.status == 200, (str(visit), answer.status)
            assert page.locator("html").get_attribute("lang") == visit.language, str(visit)
            look(page, str(visit), flaws, names, axe_at=visit.axe_at, keyboard=bool(visit.axe_at))
    return flaws


def look(
    page: Any,
    what: str,
    into: Flaws,
    names: list[str],
    *,
    axe_at: Iterable[int] | None = None,
    keyboard: bool = True,
) -> None:
    """Note what is wrong with the page that stands open.

    Where nothing is said, axe is asked at one width in turn, or at each of them in the grid.
    """
    if axe_at is None:
        axe_at = WIDTHS if GRID else (WIDTHS[turn(what) % len(WIDTHS)],)
    flaws = quality.flaws_of(page, names=names, widths=WIDTHS, axe_at=set(axe_at))
    if keyboard:
        flaws += quality.keyboard_flaws(page)
    if flaws:
        into[what] = flaws


def told(flaws: Flaws) -> str:
    return "\n".join(f"{page}\n    " + "\n    ".join(found) for page, found in flaws.items())


def tampered(page: Any, field: str) -> None:
    """Send the form with this hidden field changed."""
    page.evaluate(
        "name => document.querySelectorAll(`main [name=${name}]`).forEach((one) => { one.value = 'x'; })", field
    )
