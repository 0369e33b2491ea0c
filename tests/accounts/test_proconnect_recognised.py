"""An identity of ProConnect that waits: another establishment, or nobody known yet; who may answer, and what the database keeps."""

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.test import Client

from audit.models import Entry
from partners import clock
from partners.accounts import mailing
from partners.accounts.proconnect import linking, recognising
from partners.accounts.proconnect.identity import Identity
from partners.models import (
    ProConnectAnswer,
    ProConnectLink,
    ProConnectRequest,
    Professional,
)
from partners.tending import DirectoryError, NotTended, SamePerson, TooLate
from tests import personas, posts
from tests.accounts import factors
from tests.accounts.proconnect_ways import WAITING, linked, signed_in_by_password, town
from tests.accounts.provider import ANOTHER, CAMILLES, Provider
from tests.personas import Territory

__all__ = ["town"]

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
    recognising.answer(request=ProConnectRequest.objects.get(), approved=True, professional=None, by=town.nadia)
    posts.ends(town.camille)
    personas.post(town.camille.professional, town.school, "enseignant", "professeure", "discretion", "")
    assert provider.enter(Client(), "camille_away")["Location"] == WAITING


# ---- recognised by whoever tends the directory


def test_an_unknown_identity_of_the_establishment_is_recognised_by_whoever_tends_its_directory(
    town: Territory, provider: Provider
):
    secret = factors.with_application(town.camille.professional)
    client = Client()
    provider.enter(client, "camille")
    assert client.post(WAITING)["Location"] == WAITING
    assert client.post(WAITING)["Location"] == WAITING
    request = ProConnectRequest.objects.get()
    assert "La demande attend" in client.get(WAITING).content.decode()
    door = f"/annuaire/proconnect/{request.pk}/"
    assert personas.signed_in(town.camille).get(door).status_code == 404
    posts.has_functions(town.lantier, "directory_admin")
    assert personas.signed_in(town.lantier).get(door).status_code == 404

    nadia = signed_in_by_password(town.nadia)
    assert "camille.roussel@elsewhere.example" in nadia.get(door).content.decode()
    assert nadia.post(door, {"answer": "yes", "checked": "on"}).status_code == 422
    chosen = {"answer": "yes", "checked": "on", "professional": str(town.camille.professional_id)}
    assert nadia.post(door, chosen)["Location"] == "/annuaire/a-valider/"
    assert nadia.get(door).status_code == 404
    answer = ProConnectAnswer.objects.get()
    assert Entry.objects.get(pk=answer.entry_id).action == "proconnect.approved"
    assert not answer.needs_second
    mailing.write()
    assert [one.to for one in mail.outbox if "reliée" in one.subject] == [[town.camille.professional.email]]
    assert provider.enter(client, "camille")["Location"].startswith(factors.SECOND)
    client.post(factors.SECOND, {"code": factors.code_of(secret)})
    assert factors.is_in(client)


def test_nobody_who_tends_a_directory_enters_in_the_place_of_a_colleague_who_has_a_factor(
    town: Territory, provider: Provider
):
    client = Client()
    provider.enter(client, "impostor")
    client.post(WAITING)
    request = ProConnectRequest.objects.get()
    factors.with_application(town.camille.professional)
    recognising.answer(request=request, approved=True, professional=town.camille.professional, by=town.nadia)
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
        recognising.answer(request=request, approved=True, professional=town.leila.professional, by=town.camille)
    with pytest.raises(SamePerson):
        recognising.answer(request=request, approved=True, professional=town.nadia.professional, by=town.nadia)
    with pytest.raises(DirectoryError, match="institution"):
        recognising.answer(request=request, approved=True, professional=town.lantier.professional, by=town.nadia)
    recognising.answer(request=request, approved=False, professional=None, by=town.nadia)
    with pytest.raises(TooLate):
        recognising.answer(request=request, approved=True, professional=town.leila.professional, by=town.nadia)


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
