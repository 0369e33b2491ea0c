"""The pages of who decides: one glance, then what changes; errors are said and lose nothing; others' cases do not exist."""

import re

import pytest
from django.test import Client

from audit.models import Access
from cases.models import Case, PersonStatus, Representative, RepresentativeAct
from tests import personas
from tests.deciding.ways import adds, adult, changes, records
from tests.personas import Territory

pytestmark = pytest.mark.django_db

Kind, Scope, Move = PersonStatus.Kind, PersonStatus.Scope, RepresentativeAct.Move
TOKEN = re.compile(rb'(csrfmiddlewaretoken" value="|X-CSRFToken": "|name="next" value=")[^"]*')
TYPED = {"authority": "Tribunal judiciaire de Vallières", "act_reference": "RG 25/00412", "decided_on": "2025-03-04"}


@pytest.fixture
def client(territory: Territory) -> Client:
    return personas.signed_in(territory.camille)


def page(case: Case, *more: object) -> str:
    return f"/situations/{case.reference}/qui-decide/{''.join(f'{one}/' for one in more)}"


def test_what_stands_is_seen_in_one_glance_and_the_opening_is_noted(territory: Territory, client: Client) -> None:
    case = adult(territory)
    records(case, territory, Kind.FAMILY_AUTHORISATION, scope=Scope.REPRESENTATION)
    records(case, territory, Kind.PROTECTED_ADDRESS, note="Ordonnance de protection.")
    adds(case, territory, "authorised", "Lise")
    text = client.get(page(case)).content.decode()
    for seen in ("Habilitation familiale", "RG 25/00412", "Lise Or", "La personne elle-même", "Adresse protégée"):
        assert seen in text
    assert Access.objects.filter(action="standing.opened", granted=True, case_ref=case.pk).exists()
    assert "Adresse protégée" in client.get(f"/situations/{case.reference}/").content.decode()


def test_a_measure_is_recorded_in_two_steps_then_ended(territory: Territory, client: Client) -> None:
    case = adult(territory)
    choice = client.get(page(case, "etat")).content.decode()
    assert "?quoi=tutelle" in choice
    assert "?quoi=entrusted" not in choice
    where = page(case, "etat") + "?quoi=tutelle"
    answer = client.post(where, TYPED | {"note": "Jugement lu."})
    assert answer.status_code == 422
    assert "Dites sur quoi porte la mesure" in answer.content.decode()
    assert "RG 25/00412" in answer.content.decode()
    assert client.post(where, TYPED | {"scope": "property"}).status_code == 302
    status = PersonStatus.objects.get(person=case.person)
    assert "Tutelle, sur les biens" in client.get(page(case)).content.decode()
    end = page(case, "etat", status.pk, "fin")
    assert "Dites pourquoi" in client.post(end, {"reason": " "}).content.decode()
    assert client.post(end, {"reason": "Mainlevée."}).status_code == 302
    text = client.get(page(case)).content.decode()
    assert "Mainlevée." in text
    assert "Rien n’est enregistré" in text


@pytest.mark.parametrize("quoi", ["", "?quoi=zzz", "?quoi=curatelle"])
def test_what_does_not_exist_for_a_child_is_not_chosen(territory: Territory, client: Client, quoi: str) -> None:
    answer = client.post(page(territory.case, "etat") + quoi, TYPED)
    assert answer.status_code == 422
    assert "Choisissez, dans la liste" in answer.content.decode()
    assert not PersonStatus.objects.exists()


def test_a_representative_is_added_then_changes(territory: Territory, client: Client) -> None:
    case, where = territory.case, page(territory.case, "representant")
    typed = {"kind": "delegate", "first_name": "Lise", "last_name": "Or"}
    answer = client.post(where, typed)
    assert answer.status_code == 422
    assert "Indiquez qui l’a décidé" in answer.content.decode()
    assert 'value="Lise"' in answer.content.decode()
    assert client.post(where, typed | TYPED).status_code == 302
    one = Representative.objects.get(first_name="Lise")
    change = page(case, "representant", one.pk)
    assert "Dites ce qui change." in client.post(change, {}).content.decode()
    assert client.post(change, {"move": "ended", "reason": "Fin de la délégation."}).status_code == 302
    assert "Fin de la délégation." in client.get(page(case)).content.decode()


def test_whoever_is_not_to_be_contacted_is_marked_where_somebody_might_call(
    territory: Territory, client: Client
) -> None:
    changes(territory.case, territory, territory.father, Move.DO_NOT_CONTACT)
    records(territory.case, territory, Kind.DO_NOT_CONTACT, note="Le téléphone est lu par son père.")
    query = f"?act=agreement&recipient={territory.lantier.pk}&purpose=scolarite"
    where = f"/situations/{territory.case.reference}/accords/nouveau/{query}"
    assert "Ne pas contacter" in client.get(where).content.decode()
    answer = client.post(
        where, {"speaker": str(territory.father.pk), "form": "telephone", "categories": "consigne_pratique"}
    )
    assert answer.status_code == 422
    assert "recueillez sa parole autrement" in answer.content.decode()
    for shown in (f"/situations/{territory.case.reference}/", page(territory.case)):
        assert "Ne pas contacter" in client.get(shown).content.decode()


def test_nobody_agrees_for_somebody_who_cannot_express_her_will(territory: Territory, client: Client) -> None:
    case = adult(territory)
    records(case, territory, Kind.UNABLE)
    where = f"/situations/{case.reference}/accords/nouveau/?act=agreement&recipient={territory.lantier.pk}&purpose=acces_droits"
    answer = client.post(where, {"speaker": "herself", "form": "in_person", "categories": "logement", "duration": "30"})
    assert answer.status_code == 422
    assert "personne ne consent à sa place" in answer.content.decode()


def test_abuse_29_another_s_case_answers_as_what_does_not_exist(territory: Territory) -> None:
    other = personas.signed_in(territory.leila)
    status = records(territory.case, territory, Kind.DISCERNMENT)
    unknown = page(territory.case).replace(territory.case.reference, "2020-9999")
    for more in ((), ("etat",), ("etat", status.pk, "fin"), ("representant",), ("representant", territory.mother.pk)):
        theirs, nobodys = page(territory.case, *more), unknown + "".join(f"{one}/" for one in more)
        assert other.get(theirs).status_code == other.get(nobodys).status_code == 404
        same = [TOKEN.sub(b"", other.get(one).content) for one in (theirs, nobodys)]
        assert same[0] == same[1]


def test_what_is_of_another_person_is_not_reached_through_this_case(territory: Territory, client: Client) -> None:
    case = adult(territory)
    status = records(territory.case, territory, Kind.DISCERNMENT)
    assert client.get(page(case, "etat", status.pk, "fin")).status_code == 404
    assert client.get(page(case, "representant", territory.mother.pk)).status_code == 404
