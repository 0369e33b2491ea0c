"""The queue and the page of a review: who sees what, in which order, at a constant cost; what its author is told."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from audit.models import Access
from partners import clock
from partners.models import Membership
from sharing.daily import between
from sharing.daily.desk import Desk
from sharing.models import Draft, Review
from tests import personas
from tests.personas import Territory
from tests.reviewing.ways import SECRET, Kind, another_reviewer, answer, awaiting, submitted


def url(review: Review) -> str:
    return f"/controle/avis/{review.pk}/"


def check(draft: Draft) -> str:
    return f"/situations/{draft.case.reference}/communiquer/{draft.pk}/relire/"


def text(client: Client, address: str) -> str:
    page = client.get(address)
    assert page.status_code == 200, (address, page.status_code)
    return page.content.decode()


def test_the_queue_says_why_and_since_when_and_nobody_s_name_but_the_author_s(territory: Territory) -> None:
    submitted(territory)
    page = text(personas.signed_in(territory.nadia), "/controle/")
    assert "Donner un avis sur A-" in page
    assert "depuis 0 min" in page
    assert territory.camille.professional.full_name in page
    for word in (personas.CHILD_LAST_NAME, SECRET, "Devoirs"):
        assert word not in page


def test_emergencies_stand_on_top_then_the_oldest(territory: Territory) -> None:
    now = clock.now()
    old = submitted(territory, at=now - timedelta(hours=9))
    recent = submitted(territory, at=now - timedelta(hours=1))
    urgent = submitted(territory)
    Draft.objects.filter(pk=urgent.draft_id).update(urgent=True)
    page = text(personas.signed_in(territory.nadia), "/controle/")
    places = [page.index(url(one)) for one in (urgent, old, recent)]
    assert places == sorted(places)


def test_the_filters_are_in_the_address(territory: Territory) -> None:
    now = clock.now()
    old, recent = submitted(territory, at=now - timedelta(days=4)), submitted(territory)
    client = personas.signed_in(territory.nadia)
    assert url(old) in text(client, "/controle/?age=3")
    assert url(recent) not in text(client, "/controle/?age=3")
    assert url(old) in text(client, "/controle/?motif=information_missing")
    assert url(old) not in text(client, "/controle/?motif=sensitive_category")
    assert "Aucune demande ne répond à ces filtres" in text(client, "/controle/?urgences=1")
    assert url(old) in text(client, "/controle/?motif=zzz&age=zzz&page=zzz")


def test_the_page_shows_what_was_submitted_and_nothing_else_of_the_case_and_notes_it(territory: Territory) -> None:
    review = submitted(territory)
    page = text(personas.signed_in(territory.nadia), url(review))
    assert SECRET in page
    assert "Est-ce trop" in page
    assert territory.language.label not in page, "the rest of the situation stays closed"
    assert Access.objects.filter(action="review.opened", object_ref=str(review.pk), granted=True).count() == 1


def test_who_is_not_bound_sees_what_surrounds_it_only(territory: Territory) -> None:
    review = submitted(territory)
    unbound = another_reviewer(territory, bound=False)
    page = text(personas.signed_in(unbound), url(review))
    for word in (SECRET, "Devoirs", territory.absences.label, personas.CHILD_LAST_NAME, "Est-ce trop"):
        assert word not in page
    assert "Enregistrer mon avis" in page
    assert Access.objects.filter(action="review.seen", object_ref=str(review.pk)).exists()


def test_the_second_reviewer_sees_the_opinion_already_given(territory: Territory) -> None:
    other = another_reviewer(territory)
    review = submitted(territory)
    answer(review, Kind.SUSPEND, territory.nadia, reason="Attendons lundi.")
    page = text(personas.signed_in(other), url(review))
    assert "Attendons lundi." in page
    assert territory.nadia.professional.full_name in page


def test_who_examines_it_now_is_said_to_the_others(territory: Territory) -> None:
    other = another_reviewer(territory)
    review = submitted(territory)
    personas.signed_in(territory.nadia).get(url(review))
    client = personas.signed_in(other)
    said = "En cours d’examen par Mme Benali depuis 0 min"
    assert said in text(client, url(review))
    assert said in text(client, "/controle/")
    assert said not in text(personas.signed_in(territory.nadia), "/controle/")


def test_once_edited_its_content_closes_and_the_queue_forgets_it(territory: Territory) -> None:
    review = submitted(territory)
    Draft.objects.filter(pk=review.draft_id).update(benefit="Autre chose.", saved_at=clock.now())
    client = personas.signed_in(territory.nadia)
    page = text(client, url(review))
    assert SECRET not in page
    assert "Enregistrer mon avis" not in page
    assert url(review) not in text(client, "/controle/")


@pytest.mark.parametrize("stranger", ["leila", "lantier", "yann", "claire"])
def test_a_review_is_closed_to_everybody_else(stranger: str, territory: Territory) -> None:
    review = submitted(territory)
    assert personas.signed_in(getattr(territory, stranger)).get(url(review)).status_code == 404
    refused = Access.objects.get(object_ref=str(review.pk))
    assert not refused.granted


def test_the_author_asks_on_the_check_page_and_follows_it(territory: Territory) -> None:
    draft = awaiting(territory)
    client = personas.signed_in(territory.camille)
    page = client.get(check(draft))
    token = page.context["token"]
    assert "Demander l’avis" in page.content.decode()
    assert "Communiquer à Mme Marchetti" not in page.content.decode()
    asked = client.post(check(draft).replace("relire", "avis"), {"seen": token, "asked": "Trop ?"}, follow=True)
    assert "Votre demande d’avis est envoyée" in asked.content.decode()
    assert "C’est au tour de qui donne les avis" in asked.content.decode()
    review = Review.objects.get()
    answer(review, Kind.FAVOURABLE, territory.nadia)
    free = client.get(check(draft))
    assert "Vous restez libre de communiquer" in free.content.decode()
    assert "Communiquer à Mme Marchetti" in free.content.decode()
    sent = client.post(check(draft), {"seen": free.context["token"]})
    assert sent.headers["Location"].endswith("/fait/")


def test_less_is_one_click_and_no_is_said_in_plain_words(territory: Territory) -> None:
    draft = awaiting(territory)
    review = submitted(territory, draft)
    answer(review, Kind.REDUCE, territory.nadia, leave_out=[territory.absences.pk], reason="Les devoirs suffisent.")
    client = personas.signed_in(territory.camille)
    page = text(client, check(draft))
    assert "Les devoirs suffisent." in page
    assert "Les laisser de côté" in page
    after = client.post(check(draft).replace("relire", "avis"), {"action": "leave_out"}, follow=True)
    assert "Demander l’avis" in after.content.decode()
    again = submitted(territory, Draft.objects.get(pk=draft.pk))
    answer(again, Kind.UNFAVOURABLE, territory.nadia, reason="Parlez-en d’abord à la mère.")
    said = text(client, check(draft))
    assert "Parlez-en d’abord à la mère." in said
    assert "Communiquer à Mme Marchetti" not in said


def test_the_composition_says_that_an_edit_makes_the_opinion_lapse(territory: Territory) -> None:
    draft = awaiting(territory)
    review = submitted(territory, draft)
    client = personas.signed_in(territory.camille)
    address = check(draft).replace("relire/", "")
    assert "le modifier le fait tomber" in text(client, address)
    Draft.objects.filter(pk=review.draft_id).update(benefit="Autre chose.", saved_at=clock.now())
    assert "ne vaut plus" in text(client, address)


def test_a_form_with_a_fault_keeps_what_was_typed(territory: Territory) -> None:
    review = submitted(territory)
    page = personas.signed_in(territory.nadia).post(
        url(review), {"act": "avis", "kind": "unfavourable", "reason": "", "seen": "0"}
    )
    assert page.status_code == 422
    assert "Dites pourquoi, en mots simples" in page.content.decode()
    kept = personas.signed_in(territory.nadia).post(
        url(review), {"act": "avis", "kind": "", "reason": "Trop de détails.", "seen": "0"}
    )
    assert "Trop de détails." in kept.content.decode()


def test_what_waits_is_told_to_each_on_her_first_page(territory: Territory) -> None:
    at = clock.now()
    assert between.reviews(Desk(territory.nadia, at)) is None
    review = submitted(territory)
    waiting = between.reviews(Desk(territory.nadia, clock.now()))
    assert waiting is not None
    assert [one.url for one in waiting.lines] == [url(review)]
    assert between.reviews(Desk(territory.camille, at)) is None
    hers = between.opinions(Desk(territory.camille, clock.now()))
    assert hers is not None
    assert "C’est au tour" in hers.lines[0].soft
    answer(review, Kind.UNFAVOURABLE, territory.nadia)
    answered = between.opinions(Desk(territory.camille, clock.now()))
    assert answered is not None
    assert answered.lines[0].chip == "avis défavorable"


def statements(by: Membership, address: str) -> int:
    client = personas.signed_in(by)
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


def test_the_queue_costs_the_same_whatever_waits(territory: Territory) -> None:
    reviews = [submitted(territory)]
    pages = ("/controle/", url(reviews[0]), "/controle/apres/", "/controle/tableau/")
    few = [statements(territory.nadia, one) for one in pages]
    for _ in range(12):
        reviews.append(submitted(territory))
    Draft.objects.filter(pk=reviews[3].draft_id).update(saved_at=clock.now())
    answer(reviews[4], Kind.SUSPEND, territory.nadia)
    many = [statements(territory.nadia, one) for one in pages]
    # What its author saved again is compared: two statements, however many there are.
    assert many[0] <= few[0] + 2
    assert many[1:] == few[1:]
