"""Reading what is addressed to a service without being of it: who controls it, who sits elsewhere for it, who is not bound."""

import uuid
from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from audit.models import Access
from partners.models import Function, Membership, SecrecyStatus
from sharing.models import Disclosure
from tests import personas, posts
from tests.personas import Territory
from tests.sharing.ways import draft_of, send

pytestmark = pytest.mark.django_db


@pytest.fixture
def for_the_service(territory: Territory) -> Disclosure:
    """What left for Mme Lantier, who receives for the school and proved that she is bound by secrecy."""
    who = territory.lantier
    who.receives_for_service = True
    who.save(update_fields=["receives_for_service"])
    posts.is_bound(who, status=SecrecyStatus.MISSION)
    posts.is_bound(territory.perrin, status=SecrecyStatus.MISSION)
    personas.parents_agree(territory)
    disclosure = send(draft_of(territory), territory.camille).disclosure
    assert disclosure is not None
    return disclosure


def controls(one: Membership) -> None:
    posts.has_functions(one, Function.AUDITOR)


def protects(one: Membership) -> None:
    posts.has_functions(one, Function.DPO)


def sits_in_a_forum(one: Membership) -> None:
    posts.is_bound(one, status=SecrecyStatus.INSTANCE)


def is_discreet(one: Membership) -> None:
    posts.is_bound(one, status=SecrecyStatus.DISCRETION)


def proved_nothing(one: Membership) -> None:
    posts.is_bound(one, proven=False)


def opened_by(territory: Territory, disclosure: Disclosure) -> tuple[int, int, bool]:
    client = personas.signed_in(territory.perrin)
    page = reverse("sharing:received", args=[disclosure.pk])
    listed = disclosure.reference in client.get(reverse("sharing:inbox")).content.decode()
    return client.get(page).status_code, client.post(page).status_code, listed


def test_a_colleague_bound_as_she_is_reads_for_the_service(territory: Territory, for_the_service: Disclosure) -> None:
    assert opened_by(territory, for_the_service) == (200, 200, True)


@pytest.mark.parametrize("becomes", [controls, protects, sits_in_a_forum, is_discreet, proved_nothing])
def test_who_is_not_of_the_service_does_not_read_for_it(
    territory: Territory, for_the_service: Disclosure, becomes: Callable[[Membership], None]
) -> None:
    becomes(territory.perrin)
    assert opened_by(territory, for_the_service) == (404, 404, False)


def test_the_seat_in_a_forum_does_not_read_what_is_addressed_to_the_post_and_inversely(territory: Territory) -> None:
    personas.parents_agree(territory)
    disclosure = send(draft_of(territory), territory.camille).disclosure
    assert disclosure is not None
    seat = personas.post(
        territory.lantier.professional, territory.school, "ess_membre", "Membre de l’ESS", "instance", "CASF D312-10"
    )
    page = reverse("sharing:received", args=[disclosure.pk])
    client = personas.signed_in(seat)
    assert client.post(page).status_code == 404
    assert client.get(page).status_code == 302
    assert personas.signed_in(territory.lantier).post(page).status_code == 200


def test_an_unknown_letter_is_refused_with_the_work_of_a_known_one(
    territory: Territory,
) -> None:
    """Abuse 29: one line in the access log, as many statements, whether it exists or not."""
    personas.parents_agree(territory)
    disclosure = send(draft_of(territory), territory.camille).disclosure
    assert disclosure is not None
    client = personas.signed_in(territory.perrin)
    client.get(reverse("sharing:inbox"))
    counts = []
    for pk in (disclosure.pk, uuid.uuid4()):
        with CaptureQueriesContext(connection) as asked:
            assert client.post(reverse("sharing:received", args=[pk])).status_code == 404
        counts.append(len(asked))
        assert Access.objects.filter(object_ref=str(pk), granted=False).count() == 1
    assert counts[0] == counts[1]
