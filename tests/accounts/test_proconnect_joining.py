"""An invitation accepted by ProConnect: by its letter, from the establishment that invites, and never by an address."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from audit.models import Entry
from partners import clock
from partners.accounts import inviting, joining, mailing
from partners.accounts.posts import Post
from partners.accounts.proconnect import invited, linking
from partners.accounts.proconnect import joining as by_proconnect
from partners.accounts.proconnect.identity import Identity
from partners.models import Institution, InvitationEnd, Membership, ProConnectLink, Professional
from partners.tending import DirectoryError
from tests import personas, posts
from tests.accounts import factors
from tests.accounts.proconnect_ways import ACCOUNT, LINK, linked, signed_in_by_password, town
from tests.accounts.provider import ANOTHER, CAMILLES, Provider
from tests.personas import Territory

__all__ = ["town"]
JOIN = "/proconnect/invitation/"
NAMES = {"title": "Mme", "first_name": "Zoé", "last_name": "Martin"}


def invite(town: Territory, **fields: Any) -> str:
    """Zoé is invited by Nadia: the secret of her letter."""
    told: dict[str, Any] = {
        "email": "zoe.martin@vallieres.fr", **NAMES, "role": "ass_secteur", "job_title": "Assistante sociale",
    }  # fmt: skip
    _invitation, secret = inviting.invite(post=Post(**(told | fields)), by=town.nadia)
    return secret


def letter(secret: str) -> str:
    return f"/invitation/{secret}/"


def by_the_letter(client: Client, provider: Provider, secret: str, who: str) -> Any:
    """She presses ProConnect on the page of her letter, says there who she is, and comes back."""
    return provider.come_back(client, client.post(letter(secret), {"action": "proconnect"}), who)


def test_she_accepts_by_proconnect_has_no_password_and_enters_by_it(town: Territory, provider: Provider) -> None:
    secret = invite(town)
    client = Client()
    assert "S’identifier avec ProConnect" in client.get(letter(secret)).content.decode()
    assert by_the_letter(client, provider, secret, "zoe")["Location"] == JOIN
    assert secret not in str(dict(client.session)), "the secret stays in the letter"
    page = client.get(JOIN).content.decode()
    assert "Ce que dit ProConnect" in page
    assert 'name="password"' not in page
    assert not Professional.objects.filter(email="zoe.martin@vallieres.fr").exists(), "opening a page does nothing"
    assert client.post(JOIN, {**NAMES, "last_name": ""}).status_code == 422
    assert client.post(JOIN, NAMES)["Location"] == "/"
    zoe = Professional.objects.get(email="zoe.martin@vallieres.fr")
    assert not zoe.has_usable_password()
    assert client.session["_auth_user_id"] == str(zoe.pk)
    assert client.get("/annuaire/").status_code == 200
    link = ProConnectLink.objects.get()
    assert (link.professional_id, link.made_by.institution_id) == (zoe.pk, town.house.pk)
    assert Entry.objects.get(pk=link.entry_id).action == "proconnect.added"
    membership = Membership.objects.get(professional=zoe)
    assert InvitationEnd.objects.get().membership_id == membership.pk
    assert membership.awaits_proof, "where she works is proven; what binds her is still to be shown to somebody"
    mailing.write()
    assert [one.to for one in mail.outbox if "reliée" in one.subject] == [[zoe.email]]
    assert client.post(f"/proconnect/delier/{link.pk}/", follow=True).status_code == 200
    assert ProConnectLink.objects.filter(ended_at=None).exists(), "her only way in is not taken away"

    other = Client()
    assert provider.enter(other, "zoe", next_url="/annuaire/")["Location"] == "/annuaire/"
    assert factors.is_in(other)
    assert Client().get(letter(secret)).status_code == 404, "the letter served"
    assert client.get(JOIN).status_code == 404


def test_from_another_establishment_nobody_accepts(town: Territory, provider: Provider) -> None:
    secret = invite(town)
    for lie in (ANOTHER, "99999999400001", "", None):
        provider.lie(userinfo={"claims": {"siret": lie}})
        client = Client()
        assert by_the_letter(client, provider, secret, "zoe")["Location"] == JOIN
        page = client.get(JOIN)
        assert page.status_code == 409
        assert "ProConnect dit que vous travaillez ailleurs" in page.content.decode()
        assert client.post(JOIN, NAMES).status_code == 409
    assert not ProConnectLink.objects.exists()
    assert not InvitationEnd.objects.exists()


def test_where_the_institution_has_no_number_proconnect_is_not_offered(town: Territory, provider: Provider) -> None:
    secret = invite(town)
    Institution.objects.filter(pk=town.house.pk).update(siret="")
    client = Client()
    assert "ProConnect" not in client.get(letter(secret)).content.decode()
    assert client.post(letter(secret), {"action": "proconnect"}).status_code == 404


def test_while_proconnect_is_off_an_invitation_does_not_speak_of_it(territory: Territory) -> None:
    _invitation, secret = inviting.invite(
        post=Post(email="z@vallieres.fr", role="ass_secteur", job_title="AS", first_name="Z", last_name="M"),
        by=territory.nadia,
    )
    client = Client()
    assert "ProConnect" not in client.get(letter(secret)).content.decode()
    assert client.post(letter(secret), {"action": "proconnect"}).status_code == 404
    assert client.get(JOIN).status_code == 404


def test_the_address_of_somebody_who_has_an_account_opens_it_to_no_identity(
    town: Territory, provider: Provider
) -> None:
    """Camille is invited a second time elsewhere, and somebody else of that establishment holds the letter."""
    Institution.objects.filter(pk=town.house.pk).update(siret="")
    Institution.objects.filter(pk=town.clinic.pk).update(siret=CAMILLES)
    tends = personas.tends_the_directory(town, town.clinic)
    _invitation, secret = inviting.invite(
        post=Post(
            email=town.camille.professional.email, role="ass_secteur", job_title="AS", first_name="C", last_name="R"
        ),
        by=tends,
    )
    client = Client()
    assert by_the_letter(client, provider, secret, "impostor")["Location"] == JOIN
    page = client.get(JOIN)
    assert page.status_code == 409
    assert "Cette adresse a déjà un compte" in page.content.decode()
    assert client.post(JOIN, NAMES).status_code == 409
    assert not factors.is_in(client)
    assert not ProConnectLink.objects.exists()
    assert not InvitationEnd.objects.exists()

    signed_in_by_password(town.camille, client, next=LINK)
    assert client.post(LINK)["Location"] == ACCOUNT
    assert "Vous gardez votre compte" in client.get(letter(secret)).content.decode()


def test_an_identity_that_enters_another_account_accepts_nothing(town: Territory, provider: Provider) -> None:
    linked(Client(), provider, town.camille)
    secret = invite(town)
    client = Client()
    assert by_the_letter(client, provider, secret, "camille")["Location"] == JOIN
    page = client.get(JOIN)
    assert (page.status_code, "entre déjà dans un autre compte" in page.content.decode()) == (409, True)
    assert client.post(JOIN, NAMES).status_code == 409
    assert not factors.is_in(client)


def test_whoever_changed_house_enters_by_the_letter_of_the_new_one_and_keeps_her_account(
    town: Territory, provider: Provider
) -> None:
    """Her identity is linked; she works nowhere any more, but where she is invited."""
    linked(Client(), provider, town.camille)
    her = town.camille.professional
    posts.ends(town.camille)
    secret = invite(town, email=her.email)
    client = Client()
    assert by_the_letter(client, provider, secret, "camille")["Location"] == JOIN
    assert client.session["_auth_user_id"] == str(her.pk)
    assert "Vous gardez votre compte" in client.get(JOIN).content.decode()
    assert client.post(JOIN)["Location"] == "/"
    assert client.get("/annuaire/").status_code == 200
    assert InvitationEnd.objects.get().professional_id == her.pk
    assert ProConnectLink.objects.count() == 1


def test_the_page_of_the_way_back_opens_to_no_other_browser_and_for_ten_minutes(
    town: Territory, provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = invite(town)
    assert Client().get(JOIN).status_code == 404
    planted = Client()
    assert provider.enter(planted, "zoe", next_url=JOIN)["Location"] == "/proconnect/attente/"
    client = Client()
    by_the_letter(client, provider, secret, "zoe")
    later = clock.now() + timedelta(minutes=11)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert client.get(JOIN).status_code == 404
    assert client.post(JOIN, NAMES).status_code == 404
    assert not InvitationEnd.objects.exists()


def test_accepting_is_whole_or_nothing(town: Territory) -> None:
    identity = Identity(
        issuer="https://op.example", subject="1", siret=CAMILLES, name="A B", email="", second_factor=True
    )
    account = joining.NewAccount(**NAMES, password=None)
    digest = inviting.digest_of(invite(town))
    elsewhere = Identity(issuer="https://op.example", subject="1", siret="", name="", email="", second_factor=True)
    with pytest.raises(by_proconnect.AnotherEstablishment):
        by_proconnect.accept(digest=digest, identity=elsewhere, by=account)
    link = linking.link(identity=identity, by=town.camille)
    with pytest.raises(DirectoryError, match="autre compte"):
        by_proconnect.accept(digest=digest, identity=identity, by=account)
    assert not Professional.objects.filter(email="zoe.martin@vallieres.fr").exists()
    linking.end(one=link, by=town.camille)
    by_proconnect.accept(digest=digest, identity=identity, by=account)
    with pytest.raises(joining.NotUsable):
        by_proconnect.accept(digest=digest, identity=identity, by=account)
    assert invited.SESSION_KEY == "proconnect_invitation"
