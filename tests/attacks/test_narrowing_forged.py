"""Narrowing by fraud: forged posts, one person in two places, posts that end between two clicks, absurd days, hostile text."""

import re
import uuid
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse

from audit.models import Entry
from partners import clock, narrowing
from partners.models import Forum, ForumMember, Narrowing, NarrowingDecision, NarrowingLift
from partners.narrowing import NotGoverned, SameEyes, Takes
from partners.settings_words import key_of
from tests import personas, posts
from tests.narrowing.test_pages import NEW, answer, filled, page_of
from tests.narrowing.ways import House, approve, house, lifted, narrowed, outcome, proposed
from tests.personas import Territory
from tests.sharing.ways import draft_of

pytestmark = pytest.mark.django_db
SEEN = 300
A_MARK = "\u0308"
TOWERS = ("q" + A_MARK) * SEEN  # as many characters as may be typed, twice as many code points


@pytest.fixture
def who(territory: Territory) -> House:
    return house(territory)


@pytest.fixture
def tender(who: House) -> Client:
    return personas.signed_in(who.tender)


@pytest.fixture
def dpo(who: House) -> Client:
    return personas.signed_in(who.dpo)


@pytest.fixture
def stranger(territory: Territory) -> Client:
    """Who tends the directory of an institution that has nothing to do with it."""
    return personas.signed_in(personas.tends_the_directory(territory, territory.clinic, name="Solange"))


def lift_page(made: Narrowing) -> str:
    return reverse("partners:narrowing_lift", args=[made.pk])


def told(answered: Any) -> str:
    """A page, but for the token that differs at every request and for its own address."""
    return re.sub(
        r'(?<=FToken": ")\w+|(?<=csrfmiddlewaretoken" value=")\w+|(?<=/reglages/)[-0-9a-f]{36}',
        "",
        answered.content.decode(),
    )


def in_days(days: int) -> str:
    return (clock.day_of(clock.now()) + timedelta(days=days)).isoformat()


def test_the_narrowing_of_another_house_is_like_one_that_does_not_exist(
    territory: Territory, who: House, stranger: Client
) -> None:
    waiting = proposed(territory.house, who.tender)
    current = narrowed(territory.house, who, Takes(categories=("addiction",)))
    unknown = uuid.uuid4()
    for made in (waiting, current):
        for page in ("partners:narrowing", "partners:narrowing_lift"):
            hers, nobodys = (reverse(page, args=[pk]) for pk in (made.pk, unknown))
            for method in ("get", "post"):
                posted = answer(made) | {"wanted_on": in_days(1), "why": "Pour voir."} if method == "post" else {}
                one, other = (getattr(stranger, method)(address, posted) for address in (hers, nobodys))
                assert one.status_code == other.status_code == 404
                assert told(one) == told(other)
    assert NarrowingDecision.objects.count() == 1
    assert not NarrowingLift.objects.exists()


def test_a_place_that_is_not_hers_or_is_no_place_is_no_choice(territory: Territory, stranger: Client) -> None:
    forum = personas.forum(territory)
    forged = [key_of(territory.house), key_of(territory.school_agreement), key_of(forum)]
    forged += ["institution:", "narrowing:1", f"membership:{territory.camille.pk}", "\x00", "' OR 1=1 --", "x" * 5000]
    for where in forged:
        assert stranger.post(NEW, filled(territory.house) | {"where": where}).status_code == 422
    assert not Narrowing.objects.exists()


def test_the_decision_on_one_proposal_is_not_given_to_another(territory: Territory, who: House, dpo: Client) -> None:
    one, other = proposed(territory.house, who.tender), proposed(territory.school_agreement, who.tender)
    assert dpo.post(page_of(one), answer(other)).status_code == 302
    assert not NarrowingDecision.objects.exists()


@pytest.mark.parametrize("gone", ["post", "function", "account"])
def test_who_left_between_two_clicks_decides_nothing(territory: Territory, who: House, dpo: Client, gone: str) -> None:
    made = proposed(territory.house, who.tender)
    assert dpo.get(page_of(made)).status_code == 200
    if gone == "post":
        personas.end_post(who.dpo)
    elif gone == "function":
        posts.has_functions(who.dpo)
    else:
        who.dpo.professional.is_active = False
        who.dpo.professional.save()
    assert dpo.post(page_of(made), answer(made)).status_code in {302, 403, 404}
    assert not NarrowingDecision.objects.exists()
    if gone != "account":
        with pytest.raises(NotGoverned):
            approve(made, who.dpo)


def test_who_proposed_never_decides_its_narrowing_nor_its_lift_under_any_post(territory: Territory, who: House) -> None:
    also = personas.post(
        who.tender.professional, territory.house, "chef_service", "Adjointe", "fonction", "CASF L221-6", "dpo"
    )
    elsewhere = personas.post(
        who.tender.professional, territory.school, "directeur_ecole", "Directrice", "discretion", "CGFP L121-7", "dpo"
    )
    made = proposed(territory.school_agreement, who.tender)
    for post in (also, elsewhere):
        with pytest.raises(SameEyes):
            approve(made, post)
    approve(made, who.dpo)
    lift = narrowing.propose_lift(narrowing=made, why="Plus utile.", wanted_on=clock.day_of(clock.now()), by=elsewhere)
    for post in (also, who.tender):
        with pytest.raises(SameEyes):
            approve(lift, post)
    with pytest.raises(NotGoverned):  # her other post is not where it was closed
        approve(lift, elsewhere)
    client = personas.signed_in(also)
    assert client.post(page_of(made), answer(lift)).status_code in {404, 422}
    assert not NarrowingDecision.objects.filter(lift=lift).exists()


def test_the_other_party_neither_lifts_nor_reopens_what_was_closed(territory: Territory, who: House) -> None:
    personas.parents_agree(territory)
    draft = draft_of(territory)
    at_school = [personas.tends_the_directory(territory, territory.school, name=name) for name in ("Solange", "Ève")]
    made = narrowed(territory.school_agreement, who)
    lift = narrowing.propose_lift(
        narrowing=made, why="Trop strict.", wanted_on=clock.day_of(clock.now()), by=at_school[0]
    )
    with pytest.raises(NotGoverned):
        approve(lift, at_school[1])
    answered = personas.signed_in(at_school[1]).post(page_of(made), answer(lift))
    assert answered.status_code == 404
    assert outcome(draft, territory.camille) == "refused"


@pytest.mark.parametrize("day", ["9999-12-31", "2027-02-29", "0001-01-01", "20262-01-01", "31/02/2027", "\u202e2027"])
def test_an_absurd_day_narrows_nothing(territory: Territory, tender: Client, who: House, day: str) -> None:
    assert tender.post(NEW, filled(territory.house, wanted_on=day)).status_code == 422
    assert not Narrowing.objects.exists()
    made = narrowed(territory.house, who)
    assert tender.post(lift_page(made), {"why": "Plus utile.", "wanted_on": day}).status_code == 422
    assert not NarrowingLift.objects.exists()


def test_a_lift_for_another_century_does_not_lock_a_narrowing_for_ever(territory: Territory, who: House) -> None:
    """Once approved, it could not be proposed again before its day."""
    made = narrowed(territory.house, who)
    with pytest.raises(narrowing.NarrowingError):
        narrowing.propose_lift(narrowing=made, why="Plus utile.", wanted_on=date(2062, 1, 1), by=who.dpo)


@pytest.mark.parametrize("day", [date(2027, 3, 28), date(2027, 10, 31)])
def test_on_the_nights_when_clocks_change_it_counts_from_midnight_in_paris(
    territory: Territory, who: House, day: date
) -> None:
    before = clock.start_of(day) - timedelta(days=30)
    made = narrowing.propose(
        place=territory.house, takes=Takes(categories=("addiction",)), why="Bilan.", wanted_on=day, by=who.tender,
        at=before,
    )  # fmt: skip
    approve(made, who.dpo, at=before)
    second = timedelta(seconds=1)
    assert not Narrowing.objects.in_force_at(clock.start_of(day) - second).exists()
    assert Narrowing.objects.in_force_at(clock.start_of(day)).exists()


def test_words_with_towers_of_marks_are_sent_back_and_break_nothing(
    territory: Territory, tender: Client, dpo: Client, who: House
) -> None:
    tender.raise_request_exception = dpo.raise_request_exception = True
    assert tender.post(NEW, filled(territory.house, why=TOWERS)).status_code == 422
    made = narrowed(territory.house, who)
    assert tender.post(lift_page(made), {"why": TOWERS, "wanted_on": in_days(0)}).status_code == 422
    waiting = proposed(territory.house, who.tender, Takes(categories=("addiction",)))
    assert dpo.post(page_of(waiting), answer(waiting, sentence=TOWERS)).status_code == 422
    assert not NarrowingDecision.objects.filter(narrowing=waiting).exists()


@pytest.mark.parametrize(
    "odd", ["\u202egnol", "le\u200b motif\x00 dit", "<script>alert(1)</script>", "{{ 7|add:7 }}", "x" * 9000]
)
def test_hostile_words_are_kept_plain_shown_as_text_or_sent_back(
    territory: Territory, tender: Client, dpo: Client, odd: str
) -> None:
    sent = tender.post(NEW, filled(territory.house, why=odd))
    if sent.status_code == 422:
        assert not Narrowing.objects.exists()
        return
    made = Narrowing.objects.get()
    page = dpo.get(page_of(made)).content.decode()
    assert not {"\u202e", "\u200b", "\x00"} & set(made.why)
    assert "<script>alert" not in page
    assert "{{ 7|add:7 }}" in page or "7|add" not in made.why
    assert made.why not in bytes(Entry.objects.get(pk=made.entry_id).body).decode()


def test_the_day_and_what_is_taken_away_are_what_was_approved(territory: Territory, who: House, dpo: Client) -> None:
    """Nothing that the second person posts changes what the first one proposed."""
    made = proposed(territory.house, who.tender, in_days=9)
    posted = answer(made, wanted_on=in_days(400), categories=["logement"], effective_at="2020-01-01", approved_by="x")
    assert dpo.post(page_of(made), posted).status_code == 302
    made.refresh_from_db()
    assert list(made.categories) == ["consigne_pratique"]
    assert NarrowingDecision.objects.get().effective_at == clock.start_of(made.wanted_on)


TABLES = ("narrowing", "narrowinglift", "narrowingdecision", "forum", "forummember")


@pytest.mark.parametrize("table", TABLES)
def test_the_application_removes_no_row(territory: Territory, who: House, table: str) -> None:
    seat = personas.seat_in_the_ess(territory)
    personas.forum(territory, seat)
    lifted(narrowed(territory.house, who), who)
    for statement in (f"DELETE FROM partners_{table}", f"TRUNCATE partners_{table} CASCADE"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE partners_narrowing SET categories = '{}', at_most_days = 365",
        "UPDATE partners_narrowing SET wanted_on = '2030-01-01'",
        "UPDATE partners_narrowingdecision SET effective_at = '2099-01-01'",
        "UPDATE partners_narrowingdecision SET approved = false, effective_at = NULL",
        "UPDATE partners_narrowinglift SET narrowing_id = narrowing_id",
        "UPDATE partners_membership SET professional_id = (SELECT id FROM partners_professional other"
        " WHERE other.id <> partners_membership.professional_id ORDER BY id LIMIT 1)"
        " WHERE id IN (SELECT decided_by_id FROM partners_narrowingdecision)",
    ],
)
def test_the_application_rewrites_nothing_that_was_decided(territory: Territory, who: House, statement: str) -> None:
    narrowed(territory.house, who, in_days=5)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"{statement}; SET CONSTRAINTS ALL IMMEDIATE")


def test_a_seat_that_ended_or_a_forum_that_closed_reopens_nothing(territory: Territory) -> None:
    seat = personas.seat_in_the_ess(territory)
    forum = personas.forum(territory, seat, categories=("besoins_scolaires",))
    personas.parents_agree(territory, recipient=seat)
    draft = draft_of(territory, recipient=seat)
    assert outcome(draft, territory.camille) == "refused"
    ForumMember.objects.update(ends_at=clock.now())
    assert outcome(draft, territory.camille) == "refused"
    Forum.objects.filter(pk=forum.pk).update(closed_at=clock.now())
    assert outcome(draft, territory.camille) == "refused"


def test_settings_take_no_post_without_its_token(territory: Territory, who: House) -> None:
    made = narrowed(territory.house, who)
    client = personas.signed_in(who.tender, Client(enforce_csrf_checks=True))
    for address in (NEW, page_of(made), lift_page(made)):
        assert client.post(address, filled(territory.house) | answer(made)).status_code == 403


def test_no_title_and_no_address_of_a_setting_holds_a_word_of_it(
    territory: Territory, tender: Client, dpo: Client
) -> None:
    sent = tender.post(NEW, filled(territory.house, why="Zorglub se plaint."))
    assert "zorglub" not in sent.headers["Location"].lower()
    made = Narrowing.objects.get()
    for client in (tender, dpo):
        for address in (page_of(made), "/annuaire/reglages/"):
            html = client.get(address).content.decode()
            assert "Zorglub" not in html[html.index("<title") : html.index("</title")]
    bodies: list[Any] = [bytes(one.body).decode() for one in Entry.objects.all()]
    assert not any("Zorglub" in one for one in bodies)
