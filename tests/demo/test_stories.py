"""What the texts of the demonstration owe to the people who will read them."""

import re
from random import Random

import pytest

from cases.models import Item
from partners.vocabulary import vocabulary
from sharing.demo import accounts, crowd, guided, people
from sharing.demo.courses import AGREEMENTS, INFORMATIONS, Turns
from sharing.demo.stories import BY_ROLE, STORIES
from sharing.demo.story import Line, Passing, Story, drawn

EVERY = (*STORIES, guided.MALO)
SLOTS = {
    **drawn(Random(1)),  # noqa: S311
    **dict.fromkeys(("prenom", "mme", "mere", "pere", "il", "le", "e"), "x"),
}
BREAKING_SPACE = re.compile(r"[a-zé0-9»] [;:?!»]|« ")


def lines() -> list[tuple[Story, Line]]:
    return [(story, line) for story in EVERY for line in story.lines]


def passings() -> list[tuple[Story, Passing]]:
    return [(story, passing) for story in EVERY for passing in story.passings]


def test_a_case_has_from_four_to_eight_statements() -> None:
    assert {story.key: len(story.lines) for story in EVERY if not 4 <= len(story.lines) <= 8} == {}


def test_every_statement_is_said_in_the_words_of_the_rulebook() -> None:
    words = vocabulary()
    for story, line in lines():
        assert line.category in words.categories, (story.key, line.label)
        assert line.nature in words.natures, (story.key, line.label)
        assert line.provenance in Item.Provenance.values, (story.key, line.label)
        assert story.domain in words.domains


def test_every_text_can_be_told() -> None:
    for _story, line in lines():
        assert "{" not in line.text.format_map(SLOTS) + line.label.format_map(SLOTS)
        assert len(line.label.format_map(SLOTS)) <= 120


def test_what_somebody_said_is_quoted() -> None:
    found = [
        (story.key, line.label) for story, line in lines() if line.nature == "propos_personne" and "«" not in line.text
    ]
    assert not found


def test_a_hypothesis_says_that_it_is_one() -> None:
    found = [
        (story.key, line.label)
        for story, line in lines()
        if line.nature == "hypothese" and "Hypothèse" not in line.text
    ]
    assert not found


def test_nobody_reports_a_rumour_nor_a_blocked_category() -> None:
    words = vocabulary()
    for _story, line in lines():
        assert words.natures[line.nature].shareable
        assert not words.categories[line.category].blocked


def test_french_punctuation_does_not_break() -> None:
    texts = [line.text for _story, line in lines()] + [passing.benefit for _story, passing in passings()]
    assert [text for text in texts if BREAKING_SPACE.search(text)] == []


def test_every_communication_is_addressed_to_somebody_of_the_territory_about_something_known() -> None:
    roles = {post.role for post in people.POSTS}
    for story, passing in passings():
        assert passing.to in roles
        assert passing.purpose in vocabulary().purposes
        assert all(place < len(story.lines) and necessity for place, necessity in passing.items)


def test_whoever_follows_cases_has_stories_to_follow() -> None:
    assert {post.role for post in people.POSTS if post.caseload} == set(BY_ROLE)


def test_the_accounts_shown_are_those_of_the_guided_way() -> None:
    shown = accounts()
    assert [email for _label, email, _password in shown] == [
        "camille.roussel@vallieres.example",
        "nadia.benali@vallieres.example",
        "helene.lantier@jean-mace.example",
        "paul.perrin@jean-mace.example",
        "sofia.marchetti@cmpp-vallieres.example",
        "yann.le-goff@val-de-sauve.example",
        "claire.morvan@val-de-sauve.example",
    ]
    assert {password for _label, _email, password in shown} == {people.PASSWORD}
    assert all("," in label for label, _email, _password in shown)


@pytest.mark.parametrize("cases", [1, 2, 7, 45, 100, 435, 20_000])
def test_camille_never_follows_more_than_thirty_five(cases: int) -> None:
    weights = [post.caseload for post in people.POSTS if post.caseload]
    counts = crowd.shares(weights, cases)
    assert counts[0] == min(35, max(1, cases * 20 // 45))
    assert max(counts[1:]) <= crowd.NAMED_MOST
    assert sum(counts) <= cases
    assert sum(counts) == cases or set(counts[1:]) == {crowd.NAMED_MOST}


def test_every_course_is_dealt_before_any_is_dealt_again() -> None:
    passing = next(passing for _story, passing in passings() if passing.exception)
    turns = Turns()
    dealt = [turns.next(passing, child=True).key for _ in INFORMATIONS]
    assert sorted(dealt) == sorted(course.key for course in INFORMATIONS)


def test_an_agreement_by_telephone_lasts_ninety_days_at_most_and_any_other_six_months() -> None:
    assert [course.key for course in AGREEMENTS if course.lasts > (90 if course.form == "telephone" else 183)] == []
