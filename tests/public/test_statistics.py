"""Public figures: nothing small, nothing of one institution, nothing that a difference gives away; a fixed number of statements."""

import re
import uuid
from datetime import date, datetime, timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from partners import clock
from partners.models import Membership
from partners.vocabulary import vocabulary
from sharing.statistics import figures
from sharing.statistics.masking import LEAST, parted, publishable, rounded
from tests import personas
from tests.asking import ways as requests
from tests.personas import Territory
from tests.sharing.ways import draft_of, send
from tests.urgency.ways import sound

ONE, TWO, THREE = uuid.UUID(int=1), uuid.UUID(int=2), uuid.UUID(int=3)
COUNTS = st.dictionaries(st.sampled_from([uuid.UUID(int=n) for n in range(6)]), st.integers(0, 12), max_size=6)


def test_a_figure_is_of_three_institutions_at_least_and_five_remain_without_any_of_them() -> None:
    assert publishable({}) is None
    assert publishable({ONE: 40, TWO: 40}) is None
    assert publishable({ONE: 40, TWO: 2, THREE: 2}) is None
    assert publishable({ONE: 40, TWO: 2, THREE: 3}) == 45
    assert publishable({ONE: 2, TWO: 2, THREE: 2}) is None


@given(COUNTS)
def test_whoever_takes_its_own_away_from_a_figure_never_learns_a_small_one(counts: dict[uuid.UUID, int]) -> None:
    total = publishable(counts)
    if total is not None:
        assert all(total - own >= LEAST for own in counts.values())


@given(st.dictionaries(st.text("abcde", min_size=1, max_size=2), COUNTS, max_size=6))
def test_what_is_left_of_a_total_is_never_a_small_part(whole: dict[str, dict[uuid.UUID, int]]) -> None:
    shown, rest = parted(whole)
    assert all(count >= LEAST for count in shown.values())
    left = {code: counts for code, counts in whole.items() if code not in shown and any(counts.values())}
    if not shown:
        assert rest is None
    elif left:
        assert rest == sum(sum(counts.values()) for counts in left.values())
        for own in {institution for counts in left.values() for institution in counts}:
            assert rest - sum(counts.get(own, 0) for counts in left.values()) >= LEAST


def test_quarters_are_closed_and_never_overlap() -> None:
    for today in (date(2026, 1, 1), date(2026, 3, 31), date(2026, 11, 22), date(2027, 4, 1)):
        quarters = figures.closed_quarters(today)
        assert len(set(quarters)) == figures.QUARTERS
        assert quarters == sorted(quarters, reverse=True)
        assert quarters[0] < figures.current_quarter(today) <= today
        assert all(first.day == 1 and first.month in {1, 4, 7, 10} for first in quarters)
    assert rounded(9) == 0
    assert rounded(47) == 40


def agreements(territory: Territory, by: Membership, many: int, at: datetime) -> None:
    """As many agreements heard by somebody at that time."""
    heard_by_her = Territory(**{**vars(territory), "camille": by})
    for _ in range(many):
        personas.parents_agree(heard_by_her, at=at)


def agreed() -> list[int | None]:
    """The line of agreements, counted anew."""
    cache.clear()
    return figures.published(clock.now()).lines["agreed"]


def test_what_three_institutions_did_is_shown_once_its_quarter_is_over(territory: Territory) -> None:
    last = clock.start_of(figures.closed_quarters(clock.day_of(clock.now()))[0]) + timedelta(days=20)
    for by, many in ((territory.camille, 4), (territory.lantier, 3), (territory.aubin, 2)):
        agreements(territory, by, many, clock.now())
    assert agreed() == [None] * figures.QUARTERS, "the running quarter is not said"
    agreements(territory, territory.camille, 4, last)
    agreements(territory, territory.lantier, 3, last)
    assert agreed()[0] is None, "each of two institutions would know the other's"
    agreements(territory, territory.aubin, 1, last)
    assert agreed()[0] is None, "less whoever did four, four are left"
    agreements(territory, territory.aubin, 1, last)
    assert agreed() == [9, *[None] * (figures.QUARTERS - 1)]
    text = re.sub(r"[ \n]+", "", Client().get("/statistiques/").content.decode())
    assert ">9</td>" in text
    for word in (territory.house.name, territory.school.name, territory.camille.professional.last_name):
        assert word not in text[text.index("<main") : text.index("</main>")]


def test_domains_are_those_of_what_left_and_an_alarm_is_in_none(
    territory: Territory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Counted as they are, before anything is masked."""
    monkeypatch.setattr(figures, "publishable", lambda counts: sum(counts.values()))
    monkeypatch.setattr(
        figures, "parted", lambda whole: ({code: sum(one.values()) for code, one in whole.items()}, None)
    )
    personas.parents_agree(territory)
    assert send(draft_of(territory), territory.camille).disclosure
    assert sound(territory, personas.rescue(territory)).disclosure
    running = figures.current_quarter(clock.day_of(clock.now()))
    cache.clear()
    found = figures.published(clock.start_of(running) + timedelta(days=100))
    assert found.quarters[0] == running
    assert (found.lines["ordinary"][0], found.lines["urgent"][0], found.lines["agreed"][0]) == (1, 1, 1)
    assert found.domains == {vocabulary().purposes["scolarite"].domain: 1}


def statements(client: Client) -> int:
    with CaptureQueriesContext(connection) as asked:
        assert client.get("/statistiques/").status_code == 200
    return len(asked)


def test_reading_again_asks_the_cache_alone_and_rows_cost_nothing_more(territory: Territory) -> None:
    cache.clear()
    first, second = statements(Client()), statements(Client())
    for _ in range(4):
        requests.sent(territory)
    cache.clear()
    assert statements(Client()) == first
    assert second <= 3
    assert first <= 22, first


def test_the_page_is_the_same_for_all(territory: Territory) -> None:
    def main(client: Client) -> str:
        text = client.get("/statistiques/").content.decode()
        return text[text.index("<h1") : text.index("</main>")]

    assert main(Client()) == main(personas.signed_in(territory.camille)) == main(personas.signed_in(territory.claire))
