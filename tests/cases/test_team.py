"""Who follows: decided by the referents and the team leads, through one writer, and traced."""

import pytest

from audit.models import Entry
from cases.models import Assignment, Case, CaseAccess
from tests import personas
from tests.personas import Territory


def page(territory: Territory) -> str:
    return f"/situations/{territory.case.reference}/suivi"


def assigned(territory: Territory, name: str) -> Assignment:
    return Assignment.objects.get(case=territory.case, membership=getattr(territory, name), ends_at__isnull=True)


def give(territory: Territory, by: str, to: str, **changed: str):
    typed = {"membership": str(getattr(territory, to).pk), "kind": "colleague", "reason": "Relais pendant les congés"}
    return personas.signed_in(getattr(territory, by)).post(page(territory), typed | changed)


def end(territory: Territory, by: str, who: str, reason: str = "Fin du relais"):
    return personas.signed_in(getattr(territory, by)).post(
        f"{page(territory)}/{assigned(territory, who).pk}/fin", {"reason": reason}, follow=True
    )


@pytest.mark.parametrize("by", ["camille", "nadia"])
def test_the_referent_or_the_team_lead_entrusts_the_case_to_a_colleague(territory: Territory, by: str):
    assert give(territory, by, "leila").status_code == 302
    assert assigned(territory, "leila").assigned_by == getattr(territory, by)
    assert Case.objects.visible_to(territory.leila).get() == territory.case
    assert Entry.objects.filter(
        action="case.assigned", actor_ref=getattr(territory, by).pk, case_ref=territory.case.pk
    ).exists()


def test_a_relay_does_not_entrust_the_case_further(territory: Territory):
    personas.assign(territory.case, territory.leila, territory.camille)
    assert give(territory, "leila", "nadia").status_code == 404
    assert not Assignment.objects.filter(membership=territory.nadia).exists()


def test_a_case_is_not_entrusted_outside_its_institution(territory: Territory):
    answer = give(territory, "camille", "lantier")
    assert answer.status_code == 422
    assert "Choisissez dans la liste" in answer.content.decode()
    assert not Case.objects.visible_to(territory.lantier).exists()


def test_a_reason_is_asked_for(territory: Territory):
    answer = give(territory, "camille", "leila", reason=" ")
    assert answer.status_code == 422
    assert "Indiquez pourquoi cette personne doit suivre la situation." in answer.content.decode()


def test_ending_closes_the_case_to_her_and_keeps_the_row(territory: Territory):
    personas.assign(territory.case, territory.leila, territory.camille)
    one = assigned(territory, "leila")
    end(territory, "camille", "leila")
    one.refresh_from_db()
    assert one.ends_at is not None
    assert not Case.objects.visible_to(territory.leila).exists()
    assert not CaseAccess.objects.filter(user=territory.leila.professional).exists()
    assert Entry.objects.filter(action="case.unassigned", case_ref=territory.case.pk).exists()


def test_ending_needs_a_reason(territory: Territory):
    personas.assign(territory.case, territory.leila, territory.camille)
    answer = end(territory, "camille", "leila", reason="")
    assert "Indiquez pourquoi ce suivi se termine" in answer.content.decode()
    assert assigned(territory, "leila")


def test_the_last_one_who_follows_entrusts_the_case_before_leaving_it(territory: Territory):
    answer = end(territory, "camille", "camille")
    assert "confiez-la d’abord" in answer.content.decode()
    assert assigned(territory, "camille")
    personas.assign(territory.case, territory.leila, territory.camille)
    answer = end(territory, "camille", "camille")
    assert answer.redirect_chain[-1][0] == "/situations/"


def test_a_relay_may_leave_by_herself_and_end_nobody_else_s(territory: Territory):
    personas.assign(territory.case, territory.leila, territory.camille)
    assert end(territory, "leila", "camille").status_code == 404
    assert end(territory, "leila", "leila").status_code == 200
    assert not Case.objects.visible_to(territory.leila).exists()


def test_the_team_lead_sees_who_follows_without_a_name_or_a_content(territory: Territory):
    client = personas.signed_in(territory.nadia)
    listed = client.get("/equipe/").content.decode()
    followed = client.get(page(territory)).content.decode()
    for text in (listed, followed):
        assert territory.case.reference in text
        assert "Camille Roussel" in text
        assert "M. B." not in text
        assert personas.CHILD_LAST_NAME not in text
    assert client.get(f"/situations/{territory.case.reference}/elements/{territory.absences.pk}/").status_code == 404
    assert client.get(f"/situations/{territory.case.reference}/identite").status_code == 404


def test_the_team_lead_sees_only_the_cases_of_her_institution(territory: Territory):
    other = personas.open_case_for(
        type(territory.child)(first_name="Ana", last_name="Silva", birth_date=territory.child.birth_date),
        territory.sofia,
    )
    client = personas.signed_in(territory.nadia)
    assert other.reference not in client.get("/equipe/").content.decode()
    assert client.get(f"/situations/{other.reference}/suivi").status_code == 404


@pytest.mark.parametrize("name", ["camille", "lantier", "claire", "yann"])
def test_the_team_s_page_does_not_exist_for_others(territory: Territory, name: str):
    assert personas.signed_in(getattr(territory, name)).get("/equipe/").status_code == 404
