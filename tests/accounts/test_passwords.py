"""Passwords: what one may be, changing one's own, choosing a new one by the link of a letter."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.password_validation import validate_password
from django.contrib.sessions.models import Session
from django.core import mail
from django.core.exceptions import ValidationError
from django.test import Client

from audit.models import Access
from partners import clock
from partners.accounts import mailing
from partners.models import AccountLetter, Membership, Professional
from tests import personas
from tests.accounts.ways import enter, letters
from tests.personas import Territory

pytestmark = pytest.mark.django_db
ASK, ASKED = "/mot-de-passe/oublie/", "/mot-de-passe/oublie/demande/"
CHANGE = "/compte/mot-de-passe/"
NEW = "le chat dort sous la table"
SignIn = Callable[[str], Client]


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("onze lettre", "trop court"),
        ("camilleroussel", "ressemble trop"),
        ("roussel.camille", "ressemble trop"),
        ("motdepasse12345", "courants"),
        ("Azerty2026!!", "courants"),
        ("aaaaaaaaaaaaaa", "se répète"),
        ("abcabcabcabcabc", "se répète"),
        ("abcdefghijklmnop", "se répète"),
    ],
)
def test_what_would_be_guessed_is_refused_with_what_to_do(camille: Membership, password: str, why: str) -> None:
    with pytest.raises(ValidationError) as refused:
        validate_password(password, camille.professional)
    assert why in " ".join(refused.value.messages)


@pytest.mark.parametrize("password", [NEW, "8372 6159 4820 7", "é" * 3 + "ñøπ∆ß≈ç√ ok", "une phrase longue " * 10])
def test_length_is_enough_no_composition_is_forced(camille: Membership, password: str) -> None:
    validate_password(password, camille.professional)


def test_changing_it_ends_her_other_sessions_gives_this_one_a_new_key_and_writes_to_her(territory: Territory) -> None:
    email = territory.camille.professional.email
    desk, elsewhere = Client(), Client()
    enter(desk, email)
    enter(elsewhere, email)
    key = desk.session.session_key
    answer = desk.post(CHANGE, {"oldpassword": personas.PASSWORD, "password1": NEW, "password2": NEW})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/compte/")
    assert desk.session.session_key != key
    assert desk.get("/compte/").status_code == 200
    assert elsewhere.get("/compte/").status_code == 302
    assert "Une seule, celle-ci." in desk.get("/compte/").content.decode()
    assert enter(Client(), email).status_code == 422
    assert enter(Client(), email, NEW).status_code == 302
    told = [one.subject for one in letters()]
    assert "Tact\N{NO-BREAK SPACE}: votre mot de passe a changé" in told
    assert (
        Access.objects.filter(action="password.changed", professional_ref=territory.camille.professional_id).count()
        == 1
    )


def test_what_is_wrong_is_said_beside_its_field_and_nothing_changes(sign_in: SignIn, territory: Territory) -> None:
    camille = sign_in("camille")
    answer = camille.post(CHANGE, {"oldpassword": "pas le mien", "password1": NEW, "password2": "autre chose"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Ce mot de passe n’est pas celui que vous utilisez aujourd’hui." in page
    assert "Les deux ne sont pas les mêmes" in page
    assert NEW not in page
    assert Professional.objects.get(pk=territory.camille.professional_id).check_password(personas.PASSWORD)


def test_who_enters_by_a_provider_has_no_password_to_change(sign_in: SignIn, territory: Territory) -> None:
    camille = sign_in("camille")
    Professional.objects.filter(pk=territory.camille.professional_id).update(password="!none")
    camille.force_login(Professional.objects.get(pk=territory.camille.professional_id))
    assert camille.get(CHANGE).headers["Location"] == "/compte/"
    Client().post(ASK, {"email": territory.camille.professional.email})
    assert letters() == []


def link_of(letter: Any) -> str:
    found = re.search(r"(/mot-de-passe/nouveau/\S+)", letter.body)
    assert found is not None
    return found[1]


def test_by_the_link_of_a_letter_she_chooses_a_new_one_once_and_her_sessions_end(camille: Membership) -> None:
    email = camille.professional.email
    elsewhere = Client()
    enter(elsewhere, email)
    assert Client().post(ASK, {"email": email.upper()}).headers["Location"] == ASKED
    (letter,) = letters()
    assert letter.to == [email]
    assert letter.subject == "Tact\N{NO-BREAK SPACE}: choisir un nouveau mot de passe"
    assert "Camille" not in letter.body
    assert "Roussel" not in letter.body
    link = link_of(letter)
    scanner = Client()
    assert scanner.get(link).status_code == 302, "a scanner that opens the link uses nothing up"
    browser = Client()
    form = browser.get(link, follow=True)
    assert form.redirect_chain[-1][0].endswith("-choisir/"), "the key leaves the address at once"
    where = form.redirect_chain[-1][0]
    assert browser.post(where, {"password1": "court", "password2": "court"}).status_code == 422
    chosen = browser.post(where, {"password1": NEW, "password2": NEW})
    assert (chosen.status_code, chosen.headers["Location"]) == (302, "/connexion/?fin=mot-de-passe")
    assert "Votre mot de passe est changé" in browser.get("/connexion/?fin=mot-de-passe").content.decode()
    assert elsewhere.get("/compte/").status_code == 302
    assert browser.get("/compte/").status_code == 302, "choosing one is not entering"
    assert enter(Client(), email, NEW).status_code == 302
    again = Client().get(link, follow=True)
    assert again.status_code == 410
    assert "Ce lien ne sert plus" in again.content.decode()


def test_the_link_opened_where_she_is_signed_in_ends_that_session_too(camille: Membership, settings: Any) -> None:
    desk = Client()
    enter(desk, camille.professional.email)
    herself = Professional.objects.get(pk=camille.professional_id)
    path = mailing.link(AccountLetter.Kind.PASSWORD_RESET, herself).removeprefix(settings.SITE_URL)
    where = desk.get(path, follow=True).redirect_chain[-1][0]
    assert desk.post(where, {"password1": NEW, "password2": NEW}).status_code == 302
    assert desk.get("/compte/").status_code == 302


def test_a_link_is_worth_nothing_after_an_hour(camille: Membership, settings: Any) -> None:
    link = mailing.link(AccountLetter.Kind.PASSWORD_RESET, camille.professional)
    path = link.removeprefix(settings.SITE_URL)
    assert Client().get(path).status_code == 302
    settings.PASSWORD_RESET_TIMEOUT = -1
    assert Client().get(path).status_code == 410


def test_one_letter_in_two_minutes_and_one_network_does_not_ask_for_ever(camille: Membership, client: Client) -> None:
    email = camille.professional.email
    statuses = [client.post(ASK, {"email": email}).status_code for _turn in range(7)]
    assert statuses == [302] * 6 + [429]
    assert len(letters()) == 1
    assert not AccountLetter.objects.filter(sent_at=None).exists()


def test_a_mail_server_that_is_down_delays_the_letter_and_nothing_else(
    camille: Membership, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert client.post(ASK, {"email": camille.professional.email}).status_code == 302

    def down(*_arguments: Any) -> int:
        raise ConnectionRefusedError

    with monkeypatch.context() as broken:
        broken.setattr(mailing, "send_mail", down)
        assert letters() == []
    assert letters() == [], "it waits a minute"
    AccountLetter.objects.update(next_attempt_at=clock.now())
    assert len(letters()) == 1


def test_no_letter_goes_to_who_left(camille: Membership, client: Client) -> None:
    Professional.objects.filter(pk=camille.professional_id).update(is_active=False)
    client.post(ASK, {"email": camille.professional.email})
    assert letters() == []
    assert not mail.outbox
    assert not Session.objects.filter(expire_date__gt=clock.now()).exists()
