"""The pages of « même personne »: who asks is told whose turn it is, who decides sees two identities, traced, and nothing else."""

from collections.abc import Callable

from django.test import Client
from django.urls import reverse

from audit.models import Access
from cases.models import PersonLink, PersonLinkAnswer, PersonLinkEnd
from partners.models import Function
from tests import personas, posts
from tests.linking.ways import WHY, linked, proposed, twins
from tests.personas import Territory

SignIn = Callable[[str], Client]


def test_a_proposal_goes_from_the_situation_to_who_decides_and_back(territory: Territory, sign_in: SignIn) -> None:
    both = twins(territory)
    camille, nadia = sign_in("camille"), sign_in("nadia")
    address = reverse("cases:same_person", args=[territory.case.reference])
    page = camille.get(address).content.decode()
    assert "Une autre fiche porte ce nom et cette date de naissance dans votre service" in page
    assert "checked" not in page, "nothing is taken for true beforehand"
    assert both.other.reference not in page
    answer = camille.post(address, {"which": "namesake", "reason": WHY}, follow=True)
    said = answer.content.decode()
    assert "Votre demande est transmise" in said
    assert "C’est à Nadia Benali de répondre" in said
    assert both.other.reference not in said
    link = PersonLink.objects.get()
    assert (link.first, link.second) == (both.first, both.second)

    decide = reverse("cases:link", args=[link.pk])
    assert decide in nadia.get(reverse("home")).content.decode()
    assert decide in nadia.get(reverse("cases:team")).content.decode()
    assert decide not in camille.get(reverse("home")).content.decode()
    page = nadia.get(decide).content.decode()
    assert WHY in page
    assert personas.CHILD_LAST_NAME not in page, "an identity is a traced click away"
    page = nadia.post(decide, {"act": "show"}).content.decode()
    assert page.count(f"{personas.CHILD_FIRST_NAME} {personas.CHILD_LAST_NAME}") == 2
    assert territory.absences.label not in page
    shown = Access.objects.filter(action="identity.revealed", membership_ref=territory.nadia.pk, granted=True)
    assert set(shown.values_list("object_ref", flat=True)) == {str(both.first.pk), str(both.second.pk)}
    wrong = nadia.post(decide, {"act": "answer", "answer-decision": "refuse", "answer-reason": ""})
    assert wrong.status_code == 422
    assert "Dites pourquoi" in wrong.content.decode()
    assert nadia.post(decide, {"act": "answer", "answer-decision": "approve"}).status_code == 302
    page = camille.get(reverse("sharing:case", args=[territory.case.reference])).content.decode()
    assert "Fiche rapprochée" in page
    assert both.other.reference in page
    assert "Fiche rapprochée" in camille.get(address).content.decode()
    assert nadia.post(decide, {"act": "end", "end-reason": "Deux cousins, en fait."}).status_code == 302
    said = camille.get(address).content.decode()
    assert "Deux cousins, en fait." in said
    assert "Fiche rapprochée" not in said


def test_a_refusal_says_why_to_who_asked_and_nothing_to_the_other_sheet(territory: Territory, sign_in: SignIn) -> None:
    both = twins(territory)
    link = proposed(both)
    decide = reverse("cases:link", args=[link.pk])
    said = {"act": "answer", "answer-decision": "refuse", "answer-reason": "Deux cousins."}
    assert sign_in("nadia").post(decide, said).status_code == 302
    assert not PersonLinkAnswer.objects.get().approved
    page = sign_in("camille").get(reverse("cases:same_person", args=[territory.case.reference])).content.decode()
    assert "Nadia Benali l’a refusé" in page
    assert "Deux cousins." in page
    page = sign_in("leila").get(reverse("cases:same_person", args=[both.other.reference])).content.decode()
    assert "Deux cousins." not in page
    assert WHY not in page


def test_what_is_typed_wrong_is_said_and_nothing_is_lost(territory: Territory, sign_in: SignIn) -> None:
    twins(territory)
    camille = sign_in("camille")
    address = reverse("cases:same_person", args=[territory.case.reference])
    wrong = (
        ({"which": "", "reason": WHY}, "Dites de quelle autre fiche il s’agit."),
        ({"which": "zzz", "reason": WHY}, "Choisissez, dans la liste"),
        ({"which": "reference", "reason": WHY}, "Écrivez la référence de l’autre situation."),
        ({"which": "reference", "reference": "143", "reason": WHY}, "sous la forme 2026-0143"),
        ({"which": "reference", "reference": territory.case.reference, "reason": WHY}, "la situation où vous êtes"),
        ({"which": "namesake", "reason": ""}, "Dites ce qui vous fait penser"),
        ({"which": "namesake", "reason": WHY + "x" * 300}, "Raccourcissez ce texte"),
    )
    for typed, sentence in wrong:
        answer = camille.post(address, typed)
        page = answer.content.decode()
        assert answer.status_code == 422
        assert sentence in page, typed
        assert typed["reason"] in page
        assert typed.get("reference", "") in page
    assert not PersonLink.objects.exists()
    for n in range(3):
        camille.post(address, {"which": "reference", "reference": f"2019-000{n}", "reason": WHY})
    flood = camille.post(address, {"which": "reference", "reference": "2019-0009", "reason": WHY})
    assert flood.status_code == 422
    assert PersonLink.objects.count() == 3


def test_who_proposed_it_has_nothing_to_decide_even_as_a_head_of_team(territory: Territory, sign_in: SignIn) -> None:
    link = proposed(twins(territory))
    posts.has_functions(territory.camille, Function.TEAM_LEAD)
    camille, decide = sign_in("camille"), reverse("cases:link", args=[link.pk])
    page = camille.get(decide).content.decode()
    assert "Vous l’avez proposé" in page
    assert "Voir les deux identités" not in page
    for typed in ({"act": "show"}, {"act": "answer", "answer-decision": "approve"}):
        assert camille.post(decide, typed).status_code == 404
    assert not PersonLinkAnswer.objects.exists()
    assert decide not in camille.get(reverse("home")).content.decode()


def test_it_is_undone_from_either_situation_with_a_reason(territory: Territory, sign_in: SignIn) -> None:
    both = twins(territory)
    link = linked(both)
    leila = sign_in("leila")
    address = reverse("cases:end_link", args=[both.other.reference, link.pk])
    assert address in leila.get(reverse("cases:same_person", args=[both.other.reference])).content.decode()
    assert leila.post(address, {"reason": ""}).status_code == 422
    assert leila.post(address, {"reason": "Vus ensemble au service."}).status_code == 302
    assert PersonLinkEnd.objects.get().by == territory.leila
    assert leila.post(address, {"reason": "Encore."}).status_code == 404
    assert (
        "Vus ensemble"
        in sign_in("camille").get(reverse("cases:same_person", args=[territory.case.reference])).content.decode()
    )
