"""Entering by ProConnect, against a real provider: linked by issuer and subject, from her establishment, with two factors."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from audit.models import Access, Entry
from partners import clock
from partners.accounts import mailing
from partners.accounts.proconnect.identity import SESSION_KEY, Identity
from partners.models import ProConnectLink
from tests import personas
from tests.accounts import factors
from tests.accounts.proconnect_ways import ACCOUNT, LINK, WAITING, linked, signed_in_by_password, town
from tests.accounts.provider import Provider
from tests.personas import Territory

__all__ = ["town"]


def identity_in(client: Client) -> Identity:
    told = {name: value for name, value in client.session[SESSION_KEY].items() if name != "until"}
    return Identity(**told)


# ---- off by default


def test_while_it_is_off_none_of_its_doors_exists_and_no_page_speaks_of_it(territory: Territory):
    assert "ProConnect" not in Client().get("/connexion/").content.decode()
    client = personas.signed_in(territory.camille)
    assert "ProConnect" not in client.get(ACCOUNT).content.decode()
    for door in ("/proconnect/retour/", WAITING, LINK, "/proconnect/au-revoir/"):
        assert client.get(door).status_code == 404, door
    assert client.post("/proconnect/").status_code == 404


# ---- the way in


def test_an_unknown_identity_enters_only_once_she_linked_it_with_her_password(town: Territory, provider: Provider):
    client = Client()
    assert "S’identifier avec ProConnect" in client.get("/connexion/").content.decode()
    back = provider.enter(client, "camille")
    assert back["Location"] == WAITING
    page = client.get(WAITING).content.decode()
    assert "Tact ne vous reconnaît pas encore" in page
    assert "999\u00a0999\u00a0994\u00a000000" in page
    assert not factors.is_in(client)

    assert signed_in_by_password(town.camille, client, next=LINK)
    asked = client.get(LINK).content.decode()
    assert "Est-ce bien vous ?" in asked.replace("\u00a0", " ")
    assert "Ce nom n’est pas celui de votre compte" not in asked
    assert client.post(LINK)["Location"] == ACCOUNT
    link = ProConnectLink.objects.get()
    assert link.professional_id == town.camille.professional_id
    assert Entry.objects.get(pk=link.entry_id).action == "proconnect.added"
    mailing.write()
    (letter,) = [one for one in mail.outbox if "ProConnect" in one.subject]
    assert letter.to == [town.camille.professional.email]
    assert "Roussel" not in f"{letter.subject}{letter.body}"

    other = Client()
    entered = provider.enter(other, "camille", next_url="/annuaire/")
    assert entered["Location"] == "/annuaire/"
    assert factors.is_in(other)
    assert other.get("/annuaire/").status_code == 200
    assert Access.objects.filter(action="session.opened", professional_ref=town.camille.professional_id).count() == 2


def test_what_is_asked_of_the_provider_is_what_its_documentation_wants(territory: Territory, provider: Provider):
    provider.way(Client(), "camille")
    asked = provider.asked()
    assert len(asked["state"]) >= 32
    assert len(asked["nonce"]) >= 32
    assert set(asked["scope"].split()) == {"openid", "given_name", "usual_name", "email", "siret"}
    assert asked["acr_values"].split()[-1] == "eidas1"
    assert "eidas2" in asked["acr_values"].split()
    assert asked["claims"] == '{"id_token": {"amr": {"essential": true}}}'
    assert asked["code_challenge_method"] == "S256"
    assert asked["response_type"] == "code"


def test_pkce_is_left_out_where_it_is_said_so(territory: Territory, provider: Provider, settings: Any):
    settings.PROCONNECT = provider.described(pkce=False)
    page = Client().post("/proconnect/")
    assert "code_challenge" not in page.content.decode()


def test_who_is_signed_in_links_her_identity_from_her_account_and_takes_it_away(town: Territory, provider: Provider):
    client = signed_in_by_password(town.camille)
    assert provider.enter(client, "camille", next_url=ACCOUNT)["Location"] == LINK
    client.post(LINK)
    link = ProConnectLink.objects.get()
    assert "Délier cette identité" in client.get(ACCOUNT).content.decode()
    assert provider.enter(client, "camille", next_url="/annuaire/")["Location"] == "/annuaire/"

    stranger = signed_in_by_password(town.leila)
    assert stranger.post(f"/proconnect/delier/{link.pk}/").status_code == 404
    assert client.post(f"/proconnect/delier/{link.pk}/")["Location"] == ACCOUNT
    link.refresh_from_db()
    assert link.ended_at is not None
    assert "Aucune identité ProConnect n’est reliée" in client.get(ACCOUNT).content.decode()
    mailing.write()
    assert [one.to for one in mail.outbox if "déliée" in one.subject] == [[town.camille.professional.email]]
    assert Entry.objects.filter(action="proconnect.ended").count() == 1
    assert provider.enter(Client(), "camille")["Location"] == WAITING


def test_linking_asks_for_her_password_where_it_was_not_just_given_here(town: Territory, provider: Provider):
    client = Client()
    provider.enter(client, "camille")
    client.force_login(town.camille.professional)
    assert "Votre mot de passe" in client.get(LINK).content.decode()
    for given in ("", "not hers at all"):
        assert client.post(LINK, {"password": given}).status_code == 422
    assert not ProConnectLink.objects.exists()
    assert client.post(LINK, {"password": personas.PASSWORD})["Location"] == ACCOUNT
    assert ProConnectLink.objects.count() == 1


def test_having_come_by_proconnect_links_no_other_identity(town: Territory, provider: Provider):
    linked(Client(), provider, town.camille)
    client = Client()
    provider.enter(client, "camille")
    assert provider.enter(client, "impostor")["Location"] == LINK
    page = client.get(LINK).content.decode()
    assert "Votre mot de passe" in page
    assert "Ce nom n’est pas celui de votre compte" in page
    assert client.post(LINK).status_code == 422
    assert ProConnectLink.objects.count() == 1


def test_a_session_that_proved_no_factor_proves_hers_before_it_links(town: Territory, provider: Provider):
    client = signed_in_by_password(town.camille)
    factors.with_application(town.camille.professional)
    provider.enter(client, "camille")
    assert client.get(LINK)["Location"].startswith(factors.AGAIN)
    assert client.post(LINK)["Location"].startswith(factors.AGAIN)
    assert not ProConnectLink.objects.exists()


def test_an_identity_waits_ten_minutes_in_the_session_and_no_more(
    town: Territory, provider: Provider, monkeypatch: pytest.MonkeyPatch
):
    client = Client()
    provider.enter(client, "camille")
    later = clock.now() + timedelta(minutes=11)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert client.get(WAITING)["Location"] == "/connexion/"


def test_another_name_than_that_of_the_account_is_pointed_at(town: Territory, provider: Provider):
    client = Client()
    provider.enter(client, "impostor")
    signed_in_by_password(town.camille, client, next=LINK)
    assert "Ce nom n’est pas celui de votre compte" in client.get(LINK).content.decode()


# ---- two factors


def test_without_two_factors_there_hers_is_asked_for_here(town: Territory, provider: Provider):
    secret = factors.with_application(town.camille.professional)
    client = Client()
    provider.enter(client, "camille_alone")
    signed_in_by_password(town.camille, client, next=LINK)
    client.post(factors.SECOND, {"code": factors.code_of(secret)})
    assert factors.is_in(client)
    client.post(LINK)
    assert ProConnectLink.objects.count() == 1

    other = Client()
    assert provider.enter(other, "camille_alone")["Location"].startswith(factors.SECOND)
    assert not factors.is_in(other)
    other.post(factors.SECOND, {"code": factors.code_of(secret, steps=1)})
    assert factors.is_in(other)


def test_with_two_factors_there_hers_is_not_asked_for_again(town: Territory, provider: Provider, settings: Any):
    linked(Client(), provider, town.camille)
    factors.with_application(town.camille.professional)
    settings.SECOND_FACTOR = "required"
    other = Client()
    assert provider.enter(other, "camille")["Location"] == "/"
    assert factors.is_in(other)
    assert other.get("/annuaire/").status_code == 200


def test_two_factors_that_are_due_and_proved_nowhere_lead_to_setting_one_up(
    town: Territory, provider: Provider, settings: Any
):
    linked(Client(), provider, town.nadia, "camille_alone")
    settings.SECOND_FACTOR = "required"
    other = Client()
    provider.enter(other, "camille_alone")
    assert other.get("/annuaire/")["Location"].startswith(factors.OVERVIEW)


@pytest.mark.parametrize(
    ("claims", "enough"),
    [
        ({"amr": ["pwd", "mfa"], "acr": "eidas1"}, True),
        ({"amr": ["pwd"], "acr": "eidas2"}, False),
        ({"amr": None, "acr": "eidas2"}, True),
        ({"amr": None, "acr": "eidas1"}, False),
        ({"amr": "mfa", "acr": "eidas3"}, False),
        ({"amr": [], "acr": None}, False),
    ],
)
def test_what_counts_as_two_factors(town: Territory, provider: Provider, claims: dict[str, Any], enough: bool):
    provider.lie(id_token={"claims": claims})
    client = Client()
    provider.enter(client, "camille")
    assert identity_in(client).second_factor is enough


# ---- leaving


def test_signing_out_signs_out_at_the_provider_too(town: Territory, provider: Provider):
    linked(Client(), provider, town.camille)
    client = Client()
    provider.enter(client, "camille")
    page = client.post("/deconnexion/")
    assert page.status_code == 200
    assert not factors.is_in(client)
    back = provider.left(page)
    assert back.startswith("/proconnect/au-revoir/?state=")
    assert client.get(back)["Location"] == "/connexion/"
    assert "déconnecté·e de Tact et de ProConnect" in client.get("/connexion/").content.decode()
    client.get(back)
    assert "déconnecté·e de Tact et de ProConnect" not in client.get("/connexion/").content.decode()


def test_who_entered_with_her_password_signs_out_of_tact_only(town: Territory, provider: Provider):
    client = signed_in_by_password(town.camille)
    assert client.post("/deconnexion/").status_code == 302


def test_neither_tokens_nor_addresses_are_kept_once_she_entered(town: Territory, provider: Provider):
    linked(Client(), provider, town.camille)
    client = Client()
    provider.enter(client, "camille")
    kept = str(dict(client.session))
    assert "elsewhere.example" not in kept
    assert SESSION_KEY not in kept
    assert "access_token" not in kept
