"""Entering by ProConnect, against a real provider: linked by issuer and subject, from her establishment, with two factors."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.test import Client

from audit.models import Access, Entry
from partners import clock
from partners.accounts import mailing
from partners.accounts.proconnect import linking
from partners.accounts.proconnect.identity import SESSION_KEY, Identity
from partners.models import (
    Institution,
    Membership,
    ProConnectAnswer,
    ProConnectLink,
    ProConnectRequest,
    Professional,
)
from partners.tending import DirectoryError, NotTended, SamePerson, TooLate
from tests import personas
from tests.accounts import factors
from tests.accounts.provider import ANOTHER, CAMILLES, Provider
from tests.personas import Territory

WAITING, LINK, ACCOUNT = "/proconnect/attente/", "/proconnect/relier/", "/compte/"


@pytest.fixture
def town(territory: Territory) -> Territory:
    """Camille's house has the number of the establishment that the provider says; Nadia tends its directory."""
    Institution.objects.filter(pk=territory.camille.institution_id).update(siret=CAMILLES)
    Membership.objects.filter(pk=territory.nadia.pk).update(functions=[*territory.nadia.functions, "directory_admin"])
    territory.nadia.refresh_from_db()
    return territory


def signed_in_by_password(who: Membership, client: Client | None = None, **more: str) -> Client:
    client = client or Client()
    factors.enter(client, who.professional, **more)
    return client


def identity_in(client: Client) -> Identity:
    told = {name: value for name, value in client.session[SESSION_KEY].items() if name != "until"}
    return Identity(**told)


def linked(client: Client, provider: Provider, who: Membership, person: str = "camille") -> Client:
    """She came by ProConnect, unknown; entered with her password; and said that it is her."""
    assert provider.enter(client, person)["Location"] == WAITING
    signed_in_by_password(who, client, next=LINK)
    client.post(LINK)
    return client


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


# ---- establishments


def test_from_another_establishment_she_waits_until_her_directory_says_yes(town: Territory, provider: Provider):
    linked(Client(), provider, town.camille, "camille_away")
    client = Client()
    assert provider.enter(client, "camille_away")["Location"] == WAITING
    assert not factors.is_in(client)
    page = client.get(WAITING).content.decode()
    assert "Cet établissement doit être confirmé" in page
    assert "La demande attend" in page
    request = ProConnectRequest.objects.get()
    assert (request.siret, request.professional_id) == (ANOTHER, town.camille.professional_id)

    nadia = signed_in_by_password(town.nadia)
    assert str(request.pk) in nadia.get("/annuaire/a-valider/").content.decode()
    door = f"/annuaire/proconnect/{request.pk}/"
    assert "Camille Roussel" in nadia.get(door).content.decode()
    assert nadia.post(door, {"answer": "yes"}).status_code == 422
    assert nadia.post(door, {"answer": "yes", "checked": "on"})["Location"] == "/annuaire/a-valider/"
    request.refresh_from_db()
    assert (request.said_name, request.said_email) == ("", "")
    assert provider.enter(client, "camille_away")["Location"] == "/"
    assert factors.is_in(client)


def test_an_establishment_that_tact_knows_of_nobody_is_another_establishment(territory: Territory, provider: Provider):
    linked(Client(), provider, territory.camille)
    assert provider.enter(Client(), "camille")["Location"] == WAITING


def test_leaving_the_institution_whose_directory_said_yes_ends_what_it_said(town: Territory, provider: Provider):
    linked(Client(), provider, town.camille, "camille_away")
    linking.answer(request=ProConnectRequest.objects.get(), approved=True, professional=None, by=town.nadia)
    Membership.objects.filter(pk=town.camille.pk).update(ends_at=clock.now())
    personas.post(town.camille.professional, town.school, "enseignant", "professeure", "discretion", "")
    assert provider.enter(Client(), "camille_away")["Location"] == WAITING


# ---- recognised by whoever tends the directory


def test_an_unknown_identity_of_the_establishment_is_recognised_by_whoever_tends_its_directory(
    town: Territory, provider: Provider
):
    client = Client()
    provider.enter(client, "camille")
    assert client.post(WAITING)["Location"] == WAITING
    assert client.post(WAITING)["Location"] == WAITING
    request = ProConnectRequest.objects.get()
    assert "La demande attend" in client.get(WAITING).content.decode()
    door = f"/annuaire/proconnect/{request.pk}/"
    assert personas.signed_in(town.camille).get(door).status_code == 404
    Membership.objects.filter(pk=town.lantier.pk).update(functions=["directory_admin"])
    assert personas.signed_in(town.lantier).get(door).status_code == 404

    nadia = signed_in_by_password(town.nadia)
    assert "camille.roussel@elsewhere.example" in nadia.get(door).content.decode()
    assert nadia.post(door, {"answer": "yes", "checked": "on"}).status_code == 422
    chosen = {"answer": "yes", "checked": "on", "professional": str(town.camille.professional_id)}
    assert nadia.post(door, chosen)["Location"] == "/annuaire/a-valider/"
    assert nadia.get(door).status_code == 404
    answer = ProConnectAnswer.objects.get()
    assert Entry.objects.get(pk=answer.entry_id).action == "proconnect.approved"
    mailing.write()
    assert [one.to for one in mail.outbox if "reliée" in one.subject] == [[town.camille.professional.email]]
    assert provider.enter(client, "camille")["Location"] == "/"
    assert factors.is_in(client)


def test_nobody_who_tends_a_directory_enters_in_the_place_of_a_colleague_who_has_a_factor(
    town: Territory, provider: Provider
):
    client = Client()
    provider.enter(client, "impostor")
    client.post(WAITING)
    request = ProConnectRequest.objects.get()
    linking.answer(request=request, approved=True, professional=town.camille.professional, by=town.nadia)
    factors.with_application(town.camille.professional)
    assert provider.enter(client, "impostor")["Location"].startswith(factors.SECOND)
    assert not factors.is_in(client)


def test_a_refused_identity_does_not_enter_and_may_not_ask_again_at_once(town: Territory, provider: Provider):
    client = Client()
    provider.enter(client, "camille")
    client.post(WAITING)
    door = f"/annuaire/proconnect/{ProConnectRequest.objects.get().pk}/"
    nadia = personas.signed_in(town.nadia)
    session = nadia.session
    session.pop("signed_in_at", None)
    session.save()
    assert nadia.post(door, {"answer": "no"}).status_code == 422
    assert nadia.post(door, {"answer": "no", "password": personas.PASSWORD}).status_code == 302
    assert "Vous n’avez pas été reconnu" in client.get(WAITING).content.decode()
    client.post(WAITING)
    assert ProConnectRequest.objects.count() == 1
    assert not ProConnectLink.objects.exists()


def test_acts_on_links_say_no_to_whoever_may_not(town: Territory):
    hers = Identity(issuer="https://op.example", subject="1", siret=CAMILLES, name="A B", email="", second_factor=True)
    link = linking.link(identity=hers, by=town.camille)
    assert linking.link(identity=hers, by=town.camille).pk == link.pk
    with pytest.raises(DirectoryError, match="autre compte"):
        linking.link(identity=hers, by=town.leila)
    with pytest.raises(NotTended):
        linking.end(one=link, by=town.leila)
    at = clock.now()
    unknown = Identity(
        issuer="https://op.example", subject="2", siret=CAMILLES, name="C D", email="e@f", second_factor=True
    )
    linking.ask(unknown, None, at)
    request = ProConnectRequest.objects.get()
    with pytest.raises(NotTended):
        linking.answer(request=request, approved=True, professional=town.leila.professional, by=town.camille)
    with pytest.raises(SamePerson):
        linking.answer(request=request, approved=True, professional=town.nadia.professional, by=town.nadia)
    with pytest.raises(DirectoryError, match="institution"):
        linking.answer(request=request, approved=True, professional=town.lantier.professional, by=town.nadia)
    linking.answer(request=request, approved=False, professional=None, by=town.nadia)
    with pytest.raises(TooLate):
        linking.answer(request=request, approved=True, professional=town.leila.professional, by=town.nadia)


def test_the_database_keeps_one_professional_an_identity_and_every_link_its_entry(town: Territory):
    hers = Identity(issuer="https://op.example", subject="1", siret=CAMILLES, name="A B", email="", second_factor=True)
    link = linking.link(identity=hers, by=town.camille)
    same = {"issuer": link.issuer, "subject": link.subject, "made_at": link.made_at, "entry_id": link.entry_id}
    with pytest.raises(IntegrityError), transaction.atomic():
        ProConnectLink.objects.create(**same, professional=town.leila.professional, made_by=town.leila)
    linking.end(one=link, by=town.camille)
    with pytest.raises(Exception, match="written once"), transaction.atomic():
        ProConnectLink.objects.filter(pk=link.pk).update(ended_at=None)
    with pytest.raises(Exception, match="denied"), transaction.atomic():
        ProConnectLink.objects.filter(pk=link.pk).update(subject="another")
    with pytest.raises(Exception, match="denied"), transaction.atomic():
        link.delete()


def test_nobody_is_entered_whose_account_is_closed_or_who_works_nowhere(town: Territory, provider: Provider):
    linked(Client(), provider, town.camille)
    Professional.objects.filter(pk=town.camille.professional_id).update(is_active=False)
    client = Client()
    provider.enter(client, "camille")
    assert not factors.is_in(client)


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
