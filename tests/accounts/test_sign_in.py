"""Signing in and out: one sentence for every failure, a session that ends for good, addresses followed only inside."""

from collections.abc import Callable

import pytest
from django.test import Client

from audit.models import Access
from partners.models import Membership
from partners.session import SEEN_COOKIE
from tests import personas
from tests.accounts.ways import SIGN_IN, enter
from tests.personas import Territory


def test_camille_signs_in_with_her_address_whatever_its_case_and_reaches_the_first_page(
    camille: Membership, client: Client
):
    answer = enter(client, camille.professional.email.upper())
    assert (answer.status_code, answer.headers["Location"]) == (302, "/")
    assert (
        Access.objects.filter(action="session.opened", professional_ref=camille.professional_id, granted=True).count()
        == 1
    )


def test_a_wrong_password_and_an_unknown_address_get_the_same_sentence_and_the_same_work(
    camille: Membership, client: Client, django_assert_num_queries: Callable
):
    with django_assert_num_queries(6):
        wrong = enter(client, camille.professional.email, "not this one")
    with django_assert_num_queries(6):
        unknown = enter(client, "nobody@tact.example", "not this one")
    assert wrong.status_code == unknown.status_code == 422
    assert "Adresse ou mot de passe incorrect" in wrong.content.decode()
    sentences = [answer.context["form"].errors.as_json() for answer in (wrong, unknown)]
    assert sentences[0] == sentences[1]


def test_a_refused_sign_in_is_noted_without_the_address_that_was_typed(camille: Membership, client: Client):
    enter(client, "someone.private@tact.example", "not this one")
    enter(client, camille.professional.email, "not this one")
    notes = list(Access.objects.filter(action="session.refused", granted=False).order_by("id"))
    assert [one.professional_ref for one in notes] == [None, camille.professional_id]
    assert not any("@" in one.object_ref for one in notes)


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example/", "//evil.example/x", "javascript:alert(1)", "/\\evil.example"]
)
def test_abuse_44_next_leads_nowhere_else(camille: Membership, client: Client, elsewhere: str):
    assert enter(client, camille.professional.email, next=elsewhere).headers["Location"] == "/"


def test_next_leads_to_the_page_that_was_asked_for(camille: Membership, client: Client):
    assert client.get("/annuaire/").headers["Location"] == f"{SIGN_IN}?next=/annuaire/"
    assert enter(client, camille.professional.email, next="/annuaire/").headers["Location"] == "/annuaire/"


def test_signing_in_changes_the_key_of_the_session(camille: Membership, client: Client):
    client.get(SIGN_IN)
    session = client.session
    session["before"] = "1"
    session.save()
    client.cookies["session"] = str(session.session_key)
    enter(client, camille.professional.email)
    assert client.session.session_key != session.session_key


def test_signing_out_ends_the_session_on_the_server_too(territory: Territory):
    client = personas.signed_in(territory.camille)
    stolen = client.cookies["session"].value
    assert client.post("/deconnexion/").status_code == 302
    client.cookies["session"] = stolen
    assert client.get("/annuaire/").status_code == 302
    assert Access.objects.filter(action="session.closed", professional_ref=territory.camille.professional_id).exists()


def test_signing_out_takes_a_post(territory: Territory):
    assert personas.signed_in(territory.camille).get("/deconnexion/").status_code == 405


def test_an_expired_session_is_said_to_have_ended_for_safety(client: Client, db: None):
    assert "terminée par sécurité" not in client.get(SIGN_IN).content.decode()
    client.cookies[SEEN_COOKIE] = "1"
    answer = client.get(f"{SIGN_IN}?next=/annuaire/")
    assert "Votre session s’est terminée par sécurité." in answer.content.decode()
    assert client.get(f"{SIGN_IN}?expiree=1").context["said"][0] == "info"


def test_a_session_is_prolonged_by_a_post_that_answers_nothing(territory: Territory):
    client = personas.signed_in(territory.camille)
    assert client.post("/session/prolonger/").status_code == 204
    assert Client().post("/session/prolonger/").status_code == 302


def test_the_language_is_chosen_before_signing_in_and_leads_back_inside(client: Client, db: None):
    answer = client.post("/langue/", {"language": "en", "next": SIGN_IN})
    assert (answer.status_code, answer.headers["Location"]) == (302, SIGN_IN)
    assert client.post("/langue/", {"language": "en", "next": "https://evil.example/"}).headers["Location"] == "/"


def test_the_demonstration_s_one_click_entrance_does_not_exist_elsewhere(camille: Membership, client: Client):
    assert client.post("/demo/entrer/", {"email": camille.professional.email}).status_code == 404


def test_pages_open_to_all_ask_nothing_of_the_database(client: Client, db: None, django_assert_num_queries: Callable):
    with django_assert_num_queries(0):
        assert client.get(SIGN_IN).status_code == 200
    with django_assert_num_queries(0):
        assert client.get("/healthz").status_code == 200
