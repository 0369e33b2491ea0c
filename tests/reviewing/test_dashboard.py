"""The dashboard: counts of one's institution, none under five, none that could be deduced, nothing of anybody in particular."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partners import clock
from sharing.models import DecisionRecord, Disclosure
from sharing.reviewing import figures
from tests import personas
from tests.personas import Territory
from tests.reviewing.ways import submitted
from tests.sharing.ways import draft_of, seen, send

DASHBOARD = "/controle/tableau/"


def page(territory: Territory, name: str = "nadia") -> str:
    answer = personas.signed_in(getattr(territory, name)).get(DASHBOARD)
    assert answer.status_code == 200
    text: str = answer.content.decode()
    return text[text.index("<main") : text.index("</main>")]


def test_a_count_under_five_is_not_shown_nor_one_that_would_give_it() -> None:
    assert figures.masked({"a": 4}) == {"a": None}
    assert figures.masked({"a": 5, "b": 9}) == {"a": 5, "b": 9}
    assert figures.masked({"a": 4, "b": 7, "c": 9}) == {"a": None, "b": None, "c": 9}
    assert figures.masked({"a": 0, "b": 3, "c": 9}) == {"a": None, "b": None, "c": 9}


@given(st.dictionaries(st.text(min_size=1, max_size=3), st.integers(0, 40), max_size=8))
def test_no_total_gives_a_single_cell_away(counts: dict[str, int]) -> None:
    shown = figures.masked(counts)
    hidden = [label for label, count in shown.items() if count is None]
    assert all(count is None or count >= figures.LEAST for count in shown.values())
    assert len(hidden) != 1 or len(counts) == 1
    figure = [bar.figure for bar in figures.bars(counts)]
    assert not {str(count) for count in range(figures.LEAST)} & set(figure)


def test_the_page_names_no_professional(territory: Territory) -> None:
    for _ in range(6):
        submitted(territory)
    text = page(territory)
    for who in personas.Membership.objects.select_related("professional"):
        for word in (who.professional.last_name, who.professional.email, str(who.pk), str(who.professional_id)):
            assert word not in text, word


def test_what_waits_is_counted_by_age(territory: Territory) -> None:
    now = clock.now()
    for days in (0, 0, 0, 0, 0, 0, 5, 5, 5, 5, 5, 5, 5, 9):
        submitted(territory, at=now - timedelta(days=days, minutes=1))
    found = {bar.label: bar.figure for bar in figures.ages(territory.house, clock.now())}
    assert found["moins d’un jour"] == "6"
    assert found["3 à 7 jours"] == "7"
    assert found["plus de 7 jours"] == found["1 à 3 jours"] == "moins de 5"


def test_the_rule_that_stops_the_most_is_said_in_its_own_words(territory: Territory) -> None:
    for _ in range(5):
        draft = draft_of(territory, items=[territory.language])
        service_share(draft, territory)
    bars = figures.stopping(territory.house, clock.now())
    assert bars
    record = DecisionRecord.objects.latest("decided_at")
    messages = {one["message"] for one in record.decision["findings"] if one["effect"] != "allow"}
    assert {bar.label for bar in bars} == messages
    assert {bar.figure for bar in bars} == {"5"}


def service_share(draft: object, territory: Territory) -> None:
    from sharing import service

    service.share(draft_id=draft.pk, previewed=seen(draft, territory.camille), by=territory.camille)  # type: ignore[attr-defined,arg-type]


def test_a_partner_s_delay_is_that_of_half_its_answers(territory: Territory) -> None:
    personas.parents_agree(territory)
    for hours in (1, 2, 3, 4):
        _acknowledged(territory, hours)
    assert figures.delays(territory.house, clock.now()) == []
    _acknowledged(territory, 90)
    (bar,) = figures.delays(territory.house, clock.now())
    assert (bar.label, bar.figure) == (territory.school.name, "3 h")


def _acknowledged(territory: Territory, hours: int) -> None:
    sent = send(draft_of(territory), territory.camille).disclosure
    assert sent is not None
    at = sent.released_at + timedelta(hours=hours)
    Disclosure.objects.filter(pk=sent.pk).update(opened_at=at, acknowledged_at=at)


def test_agreements_about_to_end_are_listed(territory: Territory) -> None:
    personas.agreement(
        "88", territory.house, territory.school, purposes=["scolarite"], categories=["coordonnees"], ends_in=20
    )
    text = page(territory)
    assert "Convention n°" in text
    assert "88" in text
    assert "dans 20 jours" in text


@pytest.mark.parametrize("name", ["camille", "leila", "lantier", "yann"])
def test_who_controls_nothing_has_no_dashboard(name: str, territory: Territory) -> None:
    assert personas.signed_in(getattr(territory, name)).get(DASHBOARD).status_code == 404
