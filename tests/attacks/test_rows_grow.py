"""Pages whose statements would grow with their rows: three rows or thirty, each costs the same."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from partners import clock, narrowing, written_for
from partners.models import Institution
from partners.narrowing import Takes
from partners.vocabulary import vocabulary
from sharing import discharge
from sharing.models import Disclosure, Duty
from sharing.reviewing import examined
from tests import personas
from tests.directory.ways import recognise_each
from tests.duties.ways import around, concern, conclude, duty_of, ill_treatment
from tests.narrowing.ways import House, approve, house, narrowed, proposed
from tests.personas import Territory
from tests.sharing.ways import draft_of, send

pytestmark = pytest.mark.django_db


def statements(client: Client, address: str) -> int:
    """What one reading of a page costs, once it is warm."""
    assert client.get(address).status_code == 200, address
    with CaptureQueriesContext(connection) as seen:
        client.get(address)
    return len(seen)


def narrowings(territory: Territory, who: House, many: int) -> None:
    """Waiting, refused, in force, to come, with a lift that waits, lifted: in the house, an agreement and a forum, in turn."""
    categories = [one.code for one in vocabulary().categories.values() if not one.blocked]
    places: list[Any] = [territory.house, territory.school_agreement, territory.clinic_agreement]
    places.append(personas.forum(territory, institution=territory.house))
    for n in range(many):
        place, takes = places[n % len(places)], Takes(categories=(categories[n % len(categories)],), at_most_days=n + 1)
        if n % 6 == 0:
            proposed(place, who.tender, takes)
        elif n % 6 == 1:
            made = proposed(place, who.tender, takes)
            narrowing.decide(proposal=made, approved=False, sentence="Non.", by=who.dpo)
        else:
            made = narrowed(place, who, takes, in_days=5 * (n % 6 == 2))
            if n % 6 > 3:
                today = clock.day_of(clock.now())
                lift = narrowing.propose_lift(narrowing=made, why="Plus utile.", wanted_on=today, by=who.dpo)
                if n % 6 == 5:
                    approve(lift, who.tender)


def test_the_settings_and_the_sheets_of_the_directory(territory: Territory) -> None:
    who = house(territory)
    clients = [personas.signed_in(who.tender), personas.signed_in(who.dpo), personas.signed_in(territory.perrin)]
    public = [
        reverse("partners:institution", args=[territory.house.pk]),
        reverse("partners:agreement", args=[territory.school_agreement.pk]),
    ]
    pages = [(client, "/annuaire/reglages/") for client in clients[:2]]
    pages += [(client, address) for client in clients for address in public]
    narrowings(territory, who, 12)
    before = [statements(*page) for page in pages]
    narrowings(territory, who, 30)
    assert [statements(*page) for page in pages] == before


def test_a_forum_and_its_members(territory: Territory) -> None:
    forum = personas.forum(territory, personas.seat_in_the_ess(territory), territory.perrin)
    client = personas.signed_in(territory.camille)
    page = reverse("partners:forum", args=[forum.pk])
    before = statements(client, page)
    from partners.models import ForumMember

    for n in range(12):
        one = personas.post(
            personas.professional("Léo", f"Membre{chr(97 + n)}"), territory.school, "ess_membre", "Membre", "instance",
            "C. éduc. D351-11",
        )  # fmt: skip
        ForumMember.objects.create(forum=forum, membership=one, bound_by="C. éduc. D351-11")
    assert statements(client, page) == before


@pytest.fixture
def communicate(territory: Territory) -> Callable[[int], None]:
    """Communications that ask for something afterwards: some done, some put off, some opened again."""
    there = around(territory)

    def more(many: int) -> None:
        for n in range(many):
            sent = (concern if n % 2 else ill_treatment)(territory, there.crip, timedelta(days=n % 5 + 1))
            if not n % 2:
                continue
            review = duty_of(sent, "review_after")
            conclude(sent, territory.nadia)
            feedback = duty_of(sent, "feedback_within_3_months")
            discharge.discharge(duty_id=feedback.pk, how="Par courrier.", by=there.crip)
            if n % 3:
                discharge.reopen(duty_id=review.pk, why="Relu.", by=territory.nadia)
                discharge.reopen(duty_id=feedback.pk, why="Revenu.", by=there.crip)
            today = clock.day_of(clock.now())
            again = duty_of(sent, "reexamine_information")
            discharge.postpone(
                duty_id=again.pk, reason="Pression.", decided_with="Mme Benali",
                until=today + timedelta(days=n % 9 + 1), by=territory.camille,
            )  # fmt: skip

    return more


def test_what_is_to_be_done_the_home_and_the_case(territory: Territory, communicate: Callable[[int], None]) -> None:
    ref = territory.case.reference
    communicate(10)
    crip = Duty.objects.filter(code="review_after").latest("due_at").record.recipient
    pages = [
        (personas.signed_in(who), address)
        for who, addresses in (
            (territory.camille, ["/", "/a-faire/", reverse("sharing:case", args=[ref])]),
            (territory.nadia, ["/", "/a-faire/"]),
            (territory.claire, ["/", "/a-faire/"]),
            (crip, ["/", "/a-faire/"]),
        )
        for address in addresses
    ]
    before = [statements(*page) for page in pages]
    communicate(24)
    assert [statements(*page) for page in pages] == before


def test_a_duty_with_a_long_history(territory: Territory, communicate: Callable[[int], None]) -> None:
    communicate(2)
    feedback = Duty.objects.filter(code="feedback_within_3_months").latest("due_at")
    review = Duty.objects.get(code="review_after", record=feedback.record)
    sent, crip = Disclosure.objects.get(record=feedback.record), feedback.record.recipient
    pages = [
        (personas.signed_in(crip), f"/a-faire/{feedback.pk}/"),
        (personas.signed_in(territory.nadia), f"/a-faire/{review.pk}/"),
        (personas.signed_in(territory.nadia), f"/controle/apres/{sent.pk}/"),
    ]
    before = [statements(*page) for page in pages]
    for _ in range(10):
        discharge.discharge(duty_id=feedback.pk, how="Par courrier.", by=crip)
        discharge.reopen(duty_id=feedback.pk, why="Revenu.", by=crip)
        conclude(sent, territory.nadia)
        discharge.reopen(duty_id=review.pk, why="Relu.", by=territory.nadia)
    assert [statements(*page) for page in pages] == before


@pytest.mark.parametrize("asked", ["", "?q=%25", "?q=enfant", "?role=permet", "?q=" + "a" * 5000])
def test_the_texts_read_no_row_whatever_is_searched(territory: Territory, asked: str) -> None:
    client = personas.signed_in(territory.perrin)
    assert statements(client, f"/regles/{asked}") == statements(client, "/regles/CASF-L226-2-2/")


@pytest.fixture
def nothing_drawn() -> Iterator[None]:
    """What is drawn to be examined costs statements of its own; which, is in a statement that is written once."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(examined, "DRAWN_BELOW", "")
        written_for.forget()
        yield
    written_for.forget()


def test_what_was_sent_to_many_services_is_decided_again_in_as_many_statements(
    territory: Territory, nothing_drawn: None
) -> None:
    """A list takes the decision of an opening for each row: from how many services, to how many, changes nothing."""

    def send_to_new_schools(many: int) -> None:
        for _one in range(many):
            name = f"École {Institution.objects.count()}"
            school = personas.institution(name, "école élémentaire")
            head = personas.post(
                personas.professional("Alix", f"Directrice{Institution.objects.count()}"), school, "directeur_ecole",
                "Directrice", "discretion", "CGFP L121-7",
            )  # fmt: skip
            personas.agreement(
                f"C-{name}", territory.house, school, purposes=["scolarite"], categories=["consigne_pratique"]
            )
            recognise_each((territory.nadia, head, (territory.camille, territory.nadia), (head,)))
            personas.parents_agree(territory, recipient=head)
            assert send(draft_of(territory, recipient=head), territory.camille).disclosure is not None

    client, reviewer = personas.signed_in(territory.camille), personas.signed_in(territory.nadia)
    pages = [(client, "/communications/"), (client, "/"), (reviewer, "/"), (reviewer, "/controle/")]
    send_to_new_schools(2)
    before = [statements(*page) for page in pages]
    send_to_new_schools(6)
    assert [statements(*page) for page in pages] == before
