"""What the auditor sees: sentences without names or content, filters, pages, her own reads noted; nobody else sees anything."""

import re
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from audit import ledger, views
from audit.models import Access, Entry
from partners import clock
from tests.personas import CHILD_FIRST_NAME, CHILD_LAST_NAME, Territory, parents_agree, parents_refuse

SignIn = Callable[[str], Client]
EXPLORER, ACCESSES, VERIFICATION = "/audit/", "/audit/acces/", "/audit/verification/"


def record_some(count: int, action: str = "disclosure.opened") -> list[int]:
    at = clock.now()
    with transaction.atomic():
        return ledger.record_many(
            [ledger.compose(action=action, at=at, actor=uuid.uuid4(), case=uuid.uuid4()) for _ in range(count)]
        )


def without_token(page: bytes, address: str) -> str:
    """A page without what differs at every request: the CSRF token, and the address itself."""
    return re.sub(r'(csrfmiddlewaretoken" value="|X-CSRFToken": ")[^"]+', r"\1", page.decode()).replace(
        f'"{address}"', '""'
    )


def text_of(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def test_every_entry_reads_as_a_sentence(territory: Territory, sign_in: SignIn) -> None:
    parents_agree(territory)
    parents_refuse(territory, categories=["sante_diagnostic"])
    page = text_of(sign_in("yann"), EXPLORER)
    assert "a enregistré l’accord de la personne" in page
    assert "a enregistré le refus de la personne" in page
    assert "Assistant·e de service social de secteur, Maison des solidarités de Vallières" in page
    assert "École Jean-Macé" in page
    opened = text_of(sign_in("yann"), f"{EXPLORER}?action=case.opened")
    assert "a ouvert pour la personne" in opened
    assert "« Consigne pratique »" in page


def test_no_page_of_the_auditor_shows_a_name_or_content(territory: Territory, sign_in: SignIn) -> None:
    parents_agree(territory)
    client = sign_in("yann")
    pages = [text_of(client, EXPLORER), text_of(client, ACCESSES)]
    pages += [text_of(client, reverse("audit:entry", args=[one.uuid])) for one in Entry.objects.all()]
    names = (
        CHILD_FIRST_NAME,
        CHILD_LAST_NAME,
        "Camille",
        "Roussel",
        "Lantier",
        "Inès",
        "vacances de printemps",
        "langage",
    )
    for page in pages:
        for name in names:
            assert name not in page


@pytest.mark.parametrize("who", ["yann", "claire"])
def test_auditor_and_data_protection_officer_may_read_the_trail(sign_in: SignIn, who: str) -> None:
    client = sign_in(who)
    for address in (EXPLORER, ACCESSES, VERIFICATION):
        assert client.get(address).status_code == 200


@pytest.mark.parametrize("who", ["camille", "nadia", "lantier"])
def test_to_anybody_else_the_trail_does_not_exist(sign_in: SignIn, who: str) -> None:
    client = sign_in(who)
    entry = Entry.objects.first()
    assert entry is not None
    nowhere = "/audit/nulle-part/"
    unknown = client.get(nowhere)
    for address in (EXPLORER, ACCESSES, VERIFICATION, f"/audit/{entry.uuid}/", f"/audit/{uuid.uuid4()}/"):
        answer = client.get(address)
        assert answer.status_code == unknown.status_code == 404
        # Only the address that was asked for, which the page repeats, may differ.
        assert without_token(answer.content, address) == without_token(unknown.content, nowhere)
    assert client.post(VERIFICATION).status_code == 404


def test_who_tried_to_read_the_trail_is_noted(territory: Territory, sign_in: SignIn) -> None:
    sign_in("camille").get(EXPLORER)
    noted = Access.objects.filter(action="trail.searched").latest("pk")
    assert (noted.granted, noted.membership_ref) == (False, territory.camille.pk)


def test_the_auditors_own_reads_are_noted(territory: Territory, sign_in: SignIn) -> None:
    client = sign_in("yann")
    entry = Entry.objects.latest("pk")
    client.get(EXPLORER)
    client.get(f"/audit/{entry.uuid}/")
    client.get(ACCESSES)
    client.post(VERIFICATION)
    noted = Access.objects.filter(membership_ref=territory.yann.pk, granted=True).order_by("pk")
    assert [one.action for one in noted] == [
        "trail.searched",
        "trail.entry_read",
        "accesses.searched",
        "trail.verified",
    ]
    assert noted[1].object_ref == str(entry.uuid)
    assert noted[1].case_ref == entry.case_ref
    assert "a lu une entrée du journal" in text_of(client, ACCESSES)


def test_the_newest_come_first_and_pages_neither_skip_nor_repeat(sign_in: SignIn) -> None:
    record_some(2 * views.A_PAGE + 5)
    client = sign_in("yann")
    expected = list(Entry.objects.order_by("-pk").values_list("pk", flat=True))
    seen: list[int] = []
    answer = client.get(EXPLORER)
    while True:
        seen += [line.entry.pk for line in answer.context["lines"]]
        older = answer.context["slice"].older
        if older is None:
            break
        answer = client.get(EXPLORER, {"before": older})
    assert seen == expected
    newer = answer.context["slice"].newer
    back = client.get(EXPLORER, {"after": newer})
    assert [line.entry.pk for line in back.context["lines"]] == expected[
        expected.index(newer) - views.A_PAGE : expected.index(newer)
    ]


def test_pages_cost_the_same_number_of_statements_whatever_they_show(
    sign_in: SignIn, django_assert_max_num_queries: Any
) -> None:
    client = sign_in("yann")
    client.get(EXPLORER)
    with django_assert_max_num_queries(50) as few:
        client.get(EXPLORER)
    record_some(views.A_PAGE)
    with django_assert_max_num_queries(50) as many:
        client.get(EXPLORER)
    assert len(few.captured_queries) == len(many.captured_queries)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"action": "consent.given"}, {"consent.given"}),
        ({"verdict": "deny"}, {"disclosure.refused"}),
        ({"family": "disclosures"}, {"disclosure.refused"}),
        ({"family": "person", "action": "consent.given"}, {"consent.given"}),
        ({"sealed": "yes"}, set()),
        ({"sealed": "no", "family": "disclosures"}, {"disclosure.refused"}),
        ({"since": "2999-01-01"}, set()),
        ({"until": "2001-01-01"}, set()),
    ],
)
def test_a_filter_shows_what_it_says(
    territory: Territory, sign_in: SignIn, query: dict[str, str], found: set[str]
) -> None:
    parents_agree(territory)
    record_some(1, action="disclosure.refused")
    answer = sign_in("yann").get(EXPLORER, query)
    assert {line.entry.action for line in answer.context["lines"]} == found


def test_a_pseudonym_finds_somebodys_acts_and_a_situation_by_its_first_characters(
    territory: Territory, sign_in: SignIn
) -> None:
    record_some(3)
    client = sign_in("yann")
    by_actor = client.get(EXPLORER, {"actor": str(territory.camille.pk)[:8]}).context["lines"]
    assert {line.entry.actor_ref for line in by_actor} == {territory.camille.pk}
    by_number = client.get(EXPLORER, {"case": territory.case.reference}).context["lines"]
    assert {line.entry.case_ref for line in by_number} == {territory.case.pk}
    cited = str(territory.house.pk)
    for length in (8, 9, 13, 14, 36):
        by_institution = client.get(EXPLORER, {"cited": cited[:length]}).context["lines"]
        assert by_institution
        assert all(cited.encode() in bytes(line.entry.body) for line in by_institution)
    by_case = client.get(EXPLORER, {"case": str(territory.case.pk)}).context["lines"]
    assert {line.entry.case_ref for line in by_case} == {territory.case.pk}


@pytest.mark.parametrize(
    "query",
    [
        {"actor": "Camille"},
        {"actor": "1234"},
        {"cited": "École"},
        {"case": "1999-0101"},
        {"since": "hier"},
        {"action": "x"},
    ],
)
def test_a_wrong_filter_gets_a_sentence_and_finds_nothing(sign_in: SignIn, query: dict[str, str]) -> None:
    answer = sign_in("yann").get(EXPLORER, query)
    assert answer.status_code == 200
    assert answer.context["form"].errors
    assert not answer.context["lines"]


@pytest.mark.parametrize("before", ["-1", "99999999999999999999999", "x", "١"])
def test_a_wrong_place_in_the_list_is_as_none(sign_in: SignIn, before: str) -> None:
    answer = sign_in("yann").get(EXPLORER, {"before": before})
    assert answer.status_code == 200
    assert answer.context["lines"]


def test_an_unknown_action_still_reads_as_a_sentence(sign_in: SignIn) -> None:
    record_some(1, action="forum.convened")
    record_some(1, action="../../etc/passwd")
    page = text_of(sign_in("yann"), EXPLORER)
    assert page.count("Cet acte n’a pas encore de phrase") == 2


def test_an_entry_shows_its_exact_bytes_its_hash_and_that_it_holds(sign_in: SignIn) -> None:
    entry = Entry.objects.filter(action="item.added").latest("pk")
    page = text_of(sign_in("yann"), f"/audit/{entry.uuid}/")
    assert "Cette entrée tient" in page
    assert 'name="since"' in page, "a head kept earlier is asked for there"
    assert bytes(entry.leaf_hash).hex() in page
    assert bytes(entry.body).decode().replace('"', "&quot;") in page


def test_the_access_log_says_who_opened_and_who_could_not(territory: Territory, sign_in: SignIn) -> None:
    for granted in (True, False):
        ledger.note_access(
            action="case.read",
            object_type="case",
            object_ref=str(territory.case.pk),
            granted=granted,
            professional=territory.camille.professional_id,
            membership=territory.camille.pk,
            case=territory.case.pk,
        )
    client = sign_in("yann")
    page = text_of(client, ACCESSES)
    assert "a lu une situation." in page
    assert "n’a pas pu lire une situation." in page
    refused = client.get(ACCESSES, {"granted": "no", "case": str(territory.case.pk)})
    assert [line.access.granted for line in refused.context["lines"]] == [False]


def test_an_empty_trail_says_so(sign_in: SignIn) -> None:
    page = text_of(sign_in("yann"), f"{EXPLORER}?since=2999-01-01")
    assert "Aucune entrée ne correspond" in page
