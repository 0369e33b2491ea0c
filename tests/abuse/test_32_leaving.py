"""Abuse 32: somebody leaves, is disabled or loses a role while her session is open. The next request knows it."""

from collections.abc import Callable

import pytest
from django.contrib.sessions.models import Session
from django.urls import reverse

from cases import access
from cases.models import Assignment
from partners import clock
from sharing import service
from sharing.models import Draft
from tests import personas, posts
from tests.personas import Territory
from tests.sharing.ways import draft_of, seen, send

pytestmark = pytest.mark.django_db


def disable(territory: Territory) -> None:
    territory.camille.professional.is_active = False
    territory.camille.professional.save(update_fields=["is_active"])


def end_membership(territory: Territory) -> None:
    personas.end_post(territory.camille)


def close_institution(territory: Territory) -> None:
    territory.house.closed_at = clock.now()
    territory.house.save(update_fields=["closed_at"])


@pytest.mark.parametrize("leaves", [disable, end_membership, close_institution])
def test_abuse_32_who_left_reads_and_sends_nothing_more(
    territory: Territory, leaves: Callable[[Territory], None]
) -> None:
    personas.parents_agree(territory)
    draft = draft_of(territory)
    token = seen(draft, territory.camille)
    client = personas.signed_in(territory.camille)
    pages = [
        f"/situations/{territory.case.reference}/",
        reverse("sharing:compose", args=[territory.case.reference, draft.pk]),
        "/situations/",
        "/",
    ]
    assert {client.get(path).status_code for path in pages} == {200}
    key = client.session.session_key
    leaves(territory)
    for path in pages:
        answer = client.get(path)
        assert answer.status_code == 302
        assert answer.headers["Location"].startswith("/connexion/")
    posted = client.post(
        reverse("sharing:verdict", args=[territory.case.reference, draft.pk]), {"purpose": "scolarite"}
    )
    assert posted.status_code == 302
    assert leaves is disable or not Session.objects.filter(session_key=key).exists()
    shared = service.share(draft_id=draft.pk, previewed=token, by=territory.camille)
    assert shared.disclosure is None
    assert Draft.objects.get(pk=draft.pk).sent_at is None


def test_abuse_32_an_assignment_that_ended_closes_the_case_at_the_next_request(territory: Territory) -> None:
    personas.assign(territory.case, territory.leila, territory.camille)
    client = personas.signed_in(territory.leila)
    page = f"/situations/{territory.case.reference}/"
    assert client.get(page).status_code == 200
    assignment = Assignment.objects.get(case=territory.case, membership=territory.leila)
    access.end_assignment(assignment=assignment, reason="Retour de congés", by=territory.nadia, at=clock.now())
    assert client.get(page).status_code == 404
    assert client.get("/situations/").status_code == 200


def test_abuse_32_a_recipient_who_left_reads_nothing_more(territory: Territory) -> None:
    personas.parents_agree(territory)
    released = send(draft_of(territory), territory.camille).disclosure
    assert released is not None
    client = personas.signed_in(territory.lantier)
    assert client.post(f"/recu/{released.pk}/").status_code == 200
    personas.end_post(territory.lantier)
    assert client.post(f"/recu/{released.pk}/").status_code == 302


def test_abuse_32_an_auditor_who_is_one_no_more_reads_the_trail_no_more(territory: Territory) -> None:
    client = personas.signed_in(territory.yann)
    assert client.get("/audit/").status_code == 200
    posts.has_functions(territory.yann)
    assert client.get("/audit/").status_code == 404
