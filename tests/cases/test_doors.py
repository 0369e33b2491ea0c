"""Two locks on every case; behind them, the same 404 as what does not exist."""

import re
import uuid

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from guardian.shortcuts import assign_perm
from guardian.utils import get_user_obj_perms_model

from audit.models import Access
from cases import access
from cases.models import OPEN_CASE, Assignment, Case, CaseAccess, Item, Person
from partners import clock
from partners.models import Professional
from tests import personas
from tests.personas import Territory

UNKNOWN = "2020-9999"


def paths(territory: Territory, reference: str | None = None, item: uuid.UUID | None = None) -> list[str]:
    reference = reference or territory.case.reference
    return [
        f"/situations/{reference}/elements/nouveau",
        f"/situations/{reference}/elements/{item or territory.absences.pk}/",
        f"/situations/{reference}/identite",
        f"/situations/{reference}/suivi",
    ]


def settled(answer) -> tuple[int, str, dict[str, str]]:
    """What an answer shows, but for what differs at every answer: the forgery token."""
    body = re.sub(r"(csrfmiddlewaretoken\" value=\"|X-CSRFToken\": \")[^\"]+", r"\1", answer.content.decode())
    body = re.sub(r"name=\"next\" value=\"[^\"]*\"", "next", body)
    headers = {name: value for name, value in answer.headers.items() if name != "Content-Length"}
    return answer.status_code, body, headers


@pytest.mark.parametrize("name", ["leila", "lantier", "perrin", "aubin", "claire", "yann"])
def test_abuse_1_a_case_that_is_not_one_s_own_answers_like_a_case_that_does_not_exist(territory: Territory, name: str):
    client = personas.signed_in(getattr(territory, name))
    for existing, unknown in zip(paths(territory), paths(territory, UNKNOWN, uuid.uuid4()), strict=True):
        for send in (client.get, client.post):
            answers = [settled(send(path)) for path in (existing, unknown)]
            assert answers[0] == answers[1], existing
            assert answers[0][0] in (404, 405)
        assert settled(client.get(existing))[0] == 404


def test_a_refused_opening_of_an_existing_case_is_noted(territory: Territory):
    personas.signed_in(territory.leila).get(paths(territory)[2])
    noted = Access.objects.get(granted=False, case_ref=territory.case.pk)
    assert (noted.membership_ref, noted.object_type) == (territory.leila.pk, "case")


def test_a_refusal_costs_the_same_whether_the_case_exists_or_not(territory: Territory):
    client = personas.signed_in(territory.leila)
    client.get(paths(territory)[0])
    with CaptureQueriesContext(connection) as existing:
        client.get(paths(territory)[0])
    with CaptureQueriesContext(connection) as unknown:
        client.get(paths(territory, UNKNOWN)[0])
    assert len(existing) == len(unknown)


def test_an_item_is_bound_to_its_case(territory: Territory):
    other = personas.open_case_for(
        Person(first_name="Ana", last_name="Silva", birth_date=personas.born_years_ago(30)), territory.camille
    )
    client = personas.signed_in(territory.camille)
    assert client.get(f"/situations/{other.reference}/elements/{territory.absences.pk}/").status_code == 404
    assert client.get(f"/situations/{territory.case.reference}/elements/{territory.absences.pk}/").status_code == 200


def test_guardian_keeps_its_rows_in_our_direct_table():
    assert get_user_obj_perms_model(Case) is CaseAccess  # type: ignore[arg-type]


def test_drift_can_only_close_a_bare_permission_opens_nothing(territory: Territory):
    assign_perm(f"cases.{OPEN_CASE}", territory.leila.professional, territory.case)
    assert not Case.objects.visible_to(territory.leila).exists()
    assert personas.signed_in(territory.leila).get(paths(territory)[1]).status_code == 404


def test_drift_can_only_close_an_assignment_without_its_permission_opens_nothing(territory: Territory):
    CaseAccess.objects.filter(user=territory.camille.professional).delete()
    assert Assignment.objects.in_force().filter(membership=territory.camille).exists()
    assert not Case.objects.visible_to(territory.camille).exists()
    assert personas.signed_in(territory.camille).get(paths(territory)[1]).status_code == 404


def test_drift_can_only_close_another_membership_of_the_same_professional_opens_nothing(territory: Territory):
    second = personas.post(
        territory.camille.professional,
        territory.clinic,
        "ass_secteur",
        "Assistante sociale",
        "profession",
        "CASF L411-3",
    )
    assert not Case.objects.visible_to(second).exists()


def test_a_superuser_opens_no_case(territory: Territory):
    Professional.objects.filter(pk=territory.leila.professional_id).update(is_superuser=True)
    territory.leila.professional.refresh_from_db()
    assert not Case.objects.visible_to(territory.leila).exists()
    assert not Item.objects.visible_to(territory.leila).exists()


def test_the_end_of_an_assignment_closes_the_case_at_the_next_request(territory: Territory):
    client = personas.signed_in(territory.camille)
    path = paths(territory)[1]
    assert client.get(path).status_code == 200
    with transaction.atomic():
        access.end_assignment(
            assignment=Assignment.objects.get(case=territory.case),
            reason="Changement de secteur",
            by=territory.nadia,
            at=clock.now(),
        )
    assert client.get(path).status_code == 404


def test_the_end_of_a_membership_closes_its_cases(territory: Territory):
    personas.end_post(territory.camille)
    assert not Case.objects.visible_to(territory.camille).exists()
