"""An identity of ProConnect recognised for a colleague who has no second factor: two persons, none of them herself (ADR 0044)."""

from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from django.db import IntegrityError, transaction
from django.test import Client

from audit import ledger
from audit.models import Entry
from partners import clock
from partners.accounts import mailing
from partners.accounts.proconnect import linking, recognising
from partners.accounts.proconnect.identity import Identity
from partners.models import Membership, ProConnectAnswer, ProConnectConfirmation, ProConnectLink, ProConnectRequest
from partners.tending import DirectoryError, NotTended, SamePerson, TooLate
from tests import personas, posts
from tests.accounts import factors
from tests.accounts.proconnect_ways import WAITING, signed_in_by_password, town
from tests.accounts.provider import CAMILLES, Provider
from tests.personas import Territory

__all__ = ["town"]
VALIDATE = "/annuaire/a-valider/"


@pytest.fixture
def simone(town: Territory) -> Membership:
    """She protects the data of the house, and does not tend its directory."""
    return personas.post(
        personas.professional("Simone", "Colin"), town.house, "responsable_traitement", "DPO", "fonction",
        "Lettre de mission", "dpo",
    )  # fmt: skip


def asked(client: Client, provider: Provider, person: str = "camille") -> ProConnectRequest:
    provider.enter(client, person)
    client.post(WAITING)
    return ProConnectRequest.objects.get()


def unknown(subject: str = "2") -> ProConnectRequest:
    """Somebody of the house asked, whom nobody knows yet."""
    identity = Identity(
        issuer="https://op.example", subject=subject, siret=CAMILLES, name="C D", email="e@f", second_factor=True
    )
    linking.ask(identity, None, clock.now())
    return ProConnectRequest.objects.get(subject=subject)


def test_two_persons_recognise_her_and_only_then_does_she_enter(
    town: Territory, simone: Membership, provider: Provider
) -> None:
    her = town.camille.professional
    client = Client()
    request = asked(client, provider)
    door = f"/annuaire/proconnect/{request.pk}/"
    nadia, dpo = signed_in_by_password(town.nadia), signed_in_by_password(simone)
    assert dpo.get(door).status_code == 404, "nobody recognised her yet: it is not hers to see"
    chosen = {"answer": "yes", "checked": "on", "professional": str(her.pk)}
    assert nadia.post(door, chosen)["Location"] == VALIDATE
    assert "avant qu’une deuxième personne" in nadia.get(VALIDATE).content.decode()
    answer = ProConnectAnswer.objects.get()
    assert (answer.needs_second, Entry.objects.get(pk=answer.entry_id).action) == (True, "proconnect.proposed")
    assert not ProConnectLink.objects.exists()
    assert provider.enter(client, "camille")["Location"] == WAITING
    assert "La demande attend" in client.get(WAITING).content.decode()
    mailing.write()
    told = [one for one in mail.outbox if "attend votre réponse" in one.subject]
    assert [one.to for one in told] == [[simone.professional.email]]
    assert not any(name in told[0].body for name in ("Roussel", "Camille", "Benali"))

    waiting = nadia.get(door).content.decode()
    assert "C’est le tour de" in waiting
    assert "Simone Colin" in waiting
    assert nadia.post(door, {"answer": "yes", "checked": "on"}).status_code == 404
    assert personas.signed_in(town.camille).get(door).status_code == 404
    assert str(request.pk) in dpo.get(VALIDATE).content.decode()
    assert str(request.pk) not in nadia.get(VALIDATE).content.decode()
    page = dpo.get(door).content.decode()
    assert "Nadia Benali a reconnu Camille Roussel" in page
    assert "camille.roussel@elsewhere.example" in page
    assert dpo.post(door, {"answer": "yes"}).status_code == 422, "she says that she checked too"
    assert dpo.post(door, {"answer": "yes", "checked": "on"})["Location"] == VALIDATE
    assert dpo.get(door).status_code == 404
    request.refresh_from_db()
    assert (request.said_name, request.said_email) == ("", "")
    link = ProConnectLink.objects.get()
    assert Entry.objects.get(pk=link.entry_id).action == "proconnect.confirmed"
    mailing.write()
    assert [one.to for one in mail.outbox if "reliée" in one.subject] == [[her.email]]
    assert provider.enter(client, "camille")["Location"] == "/"
    assert factors.is_in(client)


def test_a_second_person_who_does_not_recognise_her_says_why_and_nobody_enters(
    town: Territory, simone: Membership, provider: Provider
) -> None:
    client = Client()
    request = asked(client, provider, "impostor")
    recognising.answer(request=request, approved=True, professional=town.camille.professional, by=town.nadia)
    door = f"/annuaire/proconnect/{request.pk}/"
    dpo = factors.stale(signed_in_by_password(simone))
    assert dpo.post(door, {"answer": "no", "sentence": "Pas elle."}).status_code == 422, "who she is, again"
    typed = {"answer": "no", "password": personas.PASSWORD}
    assert "Dites pourquoi vous refusez" in dpo.post(door, typed).content.decode()
    assert dpo.post(door, {**typed, "sentence": "Je l’ai appelée : ce n’est pas elle."}).status_code == 302
    assert not ProConnectLink.objects.exists()
    refusal = ProConnectConfirmation.objects.get()
    assert Entry.objects.get(pk=refusal.entry_id).action == "proconnect.confirmation_refused"
    assert "Vous n’avez pas été reconnu" in client.get(WAITING).content.decode()


def test_whoever_may_not_be_the_second_person_is_told_no(town: Territory, simone: Membership) -> None:
    request = unknown()
    answer = recognising.answer(request=request, approved=True, professional=town.leila.professional, by=town.nadia)
    say: dict[str, Any] = {"answer": answer, "confirmed": True, "sentence": ""}
    with pytest.raises(SamePerson):
        recognising.confirm(**say, by=town.nadia)
    posts.has_functions(town.leila, "team_lead")
    with pytest.raises(SamePerson):
        recognising.confirm(**say, by=town.leila)
    for nobody in (town.camille, town.lantier, town.claire):
        with pytest.raises(NotTended):
            recognising.confirm(**say, by=nobody)
    with pytest.raises(DirectoryError, match="pourquoi"):
        recognising.confirm(answer=answer, confirmed=False, sentence=" ", by=simone)
    done = recognising.confirm(**say, by=simone)
    assert recognising.confirm(**say, by=simone).pk == done.pk
    with pytest.raises(TooLate):
        recognising.confirm(answer=answer, confirmed=False, sentence="Non.", by=simone)


def test_it_is_over_where_the_first_person_or_she_left_meanwhile(town: Territory, simone: Membership) -> None:
    first = recognising.answer(request=unknown(), approved=True, professional=town.leila.professional, by=town.nadia)
    posts.ends(town.leila)
    with pytest.raises(TooLate):
        recognising.confirm(answer=first, confirmed=True, sentence="", by=simone)
    other = recognising.answer(
        request=unknown("3"), approved=True, professional=town.camille.professional, by=town.nadia
    )
    posts.has_functions(town.nadia, "reviewer")
    with pytest.raises(TooLate):
        recognising.confirm(answer=other, confirmed=True, sentence="", by=simone)
    assert not ProConnectLink.objects.exists()


def test_where_there_is_no_second_person_nothing_is_recorded_and_the_way_out_is_said(town: Territory) -> None:
    with pytest.raises(DirectoryError, match="deuxième personne"), transaction.atomic():
        recognising.answer(request=unknown(), approved=True, professional=town.leila.professional, by=town.nadia)
    assert not ProConnectAnswer.objects.exists()


def test_an_identity_that_one_person_recognised_enters_no_more_once_her_factor_is_gone(
    town: Territory, simone: Membership, provider: Provider
) -> None:
    her = town.camille.professional
    factors.with_application(her)
    client = Client()
    request = asked(client, provider)
    assert not recognising.answer(request=request, approved=True, professional=her, by=town.nadia).needs_second
    Authenticator.objects.filter(user=her).delete()
    assert provider.enter(client, "camille")["Location"] == WAITING
    assert not factors.is_in(client)
    page = client.get(WAITING).content.decode()
    assert "Vous devez être reconnu" in page
    assert "La demande attend" in page
    again = ProConnectRequest.objects.get(professional=her)
    answer = recognising.answer(request=again, approved=True, professional=None, by=town.nadia)
    assert answer.needs_second
    recognising.confirm(answer=answer, confirmed=True, sentence="", by=simone)
    assert provider.enter(client, "camille")["Location"] == "/"
    assert factors.is_in(client)


def test_the_database_wants_a_second_person_and_an_entry(town: Territory, simone: Membership) -> None:
    answer = recognising.answer(request=unknown(), approved=True, professional=town.leila.professional, by=town.nadia)
    row: dict[str, Any] = {
        "answer": answer, "confirmed": True, "professional_id": answer.professional_id,
        "answerer_id": answer.answerer_id, "confirmed_at": clock.now(),
    }  # fmt: skip
    entry = ledger.record(action="proconnect.confirmed", at=clock.now(), actor=simone.pk)
    same = {"confirmed_by": town.nadia, "confirmer_id": town.nadia.professional_id}
    with pytest.raises(IntegrityError, match="an_identity_by_a_second_person"), transaction.atomic():
        ProConnectConfirmation.objects.create(**row, **same, entry_id=entry)
    posing = {"confirmed_by": town.nadia, "confirmer_id": simone.professional_id}
    with pytest.raises(IntegrityError, match="identity_confirmed_by_its_person"), transaction.atomic():
        ProConnectConfirmation.objects.create(**row, **posing, entry_id=entry)
    second = {"confirmed_by": simone, "confirmer_id": simone.professional_id}
    with pytest.raises(IntegrityError, match="no act without its entry"), transaction.atomic():
        ProConnectConfirmation.objects.create(**row, **second, entry_id=answer.entry_id)
    with pytest.raises(IntegrityError, match="no act without its entry"), transaction.atomic():
        ProConnectLink.objects.create(
            issuer="https://op.example", subject="2", professional=town.leila.professional, made_by=simone,
            made_at=clock.now(), entry_id=answer.entry_id + 10_000,
        )  # fmt: skip
