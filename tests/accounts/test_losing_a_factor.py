"""A second factor is lost: two persons of her institution remove it, or its DPO; never one alone, never she, never elsewhere."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from audit.models import Entry
from partners import clock
from partners.accounts import factor_acts, losing, mailing
from partners.models import FactorLoss, FactorLossAnswer, Membership
from partners.tending import NotTended, SamePerson, TooLate
from tests import personas
from tests.accounts import factors as ways
from tests.personas import Territory

SignIn = Callable[[str], Client]
PAGE = "/annuaire/seconds-facteurs/"


@pytest.fixture
def odette(territory: Territory) -> Membership:
    """Odette Vidal, who tends the directory of the house; Camille lost her telephone."""
    ways.with_application(territory.camille.professional)
    factor_acts.new_codes(by=territory.camille.professional, here=None)
    return personas.tends_the_directory(territory, territory.house)


def report(territory: Territory, by: Membership, **more: Any) -> FactorLoss:
    told: dict[str, Any] = {
        "loser": territory.camille.professional,
        "recognised": "in_person",
        "why": "Téléphone volé dans le bus.",
    }
    return losing.report(**told | more, by=by)


def typed(territory: Territory, **more: str) -> dict[str, str]:
    told = {"who": str(territory.camille.professional_id), "recognised": "called_back", "why": "Téléphone volé."}
    return told | more


def test_one_reports_another_removes_and_everything_of_hers_ends(
    territory: Territory, odette: Membership, sign_in: SignIn
) -> None:
    her = territory.camille.professional
    open_elsewhere = sign_in("camille")
    assert open_elsewhere.get("/").status_code == 200
    hers = personas.signed_in(odette)
    page = hers.get(PAGE).content.decode()
    assert "Camille Roussel" in page
    assert "Leïla Haddad" not in page, "she has no second factor to lose"
    missing = hers.post(PAGE, typed(territory, recognised=""))
    assert missing.status_code == 422
    assert "Téléphone volé." in missing.content.decode()
    assert hers.post(PAGE, typed(territory)).status_code == 302
    loss = FactorLoss.objects.get()
    assert hers.post(PAGE, typed(territory)).status_code == 302
    assert FactorLoss.objects.count() == 1, "reported twice, it waits once"
    address = reverse("partners:factor_loss", args=[loss.pk])
    assert "C’est le tour d’une autre personne" in hers.get(address).content.decode()
    assert hers.post(address, {"answer": "remove"}).status_code == 404
    assert Authenticator.objects.filter(user=her).count() == 2

    nadia = sign_in("nadia")
    assert "rappelée à un numéro déjà connu" in nadia.get(address).content.decode()
    assert nadia.post(address, {"answer": "remove"}).status_code == 302
    mailing.write()
    assert not Authenticator.objects.filter(user=her).exists()
    assert open_elsewhere.get("/").headers["Location"].startswith(ways.SIGN_IN)
    written = {
        letter.to[0]: letter.subject
        for letter in mail.outbox
        if "perdu" in letter.subject or "institution" in letter.subject
    }
    assert set(written) == {her.email, territory.nadia.professional.email}
    assert not any("Roussel" in f"{letter.subject} {letter.body}" for letter in mail.outbox)
    actions = Entry.objects.filter(action__startswith="factor.").order_by("id").values_list("action", "actor_ref")
    assert list(actions) == [("factor.reported", odette.pk), ("factor.reset", territory.nadia.pk)]
    entry = Entry.objects.get(action="factor.reset")
    assert b"Roussel" not in bytes(entry.body)
    back = Client()
    assert ways.enter(back, her).headers["Location"] == "/"
    late = nadia.post(address, {"answer": "refuse", "sentence": "Trop tard."})
    assert late.status_code == 422


def test_who_protects_the_data_removes_it_alone_and_it_is_written_so(territory: Territory, odette: Membership) -> None:
    claire = personas.second_dpo_post(territory)
    report(territory, claire)
    answer = FactorLossAnswer.objects.get()
    assert (answer.removed, answer.alone, answer.answerer_id) == (True, True, claire.professional_id)
    assert not Authenticator.objects.filter(user=territory.camille.professional).exists()


def test_a_refusal_says_why_and_removes_nothing(territory: Territory, odette: Membership, sign_in: SignIn) -> None:
    address = reverse("partners:factor_loss", args=[report(territory, odette).pk])
    nadia = sign_in("nadia")
    assert nadia.post(address, {"answer": "refuse"}).status_code == 422
    assert nadia.post(address, {"answer": "refuse", "sentence": "Elle a retrouvé son téléphone."}).status_code == 302
    assert Authenticator.objects.filter(user=territory.camille.professional).count() == 2
    assert Entry.objects.filter(action="factor.reset_refused").count() == 1


def test_neither_she_nor_a_colleague_without_the_function_nor_another_institution(
    territory: Territory, odette: Membership, sign_in: SignIn
) -> None:
    elsewhere = personas.tends_the_directory(territory, name="Odile")
    for by, error in ((territory.leila, NotTended), (elsewhere, NotTended), (territory.nadia, NotTended)):
        with pytest.raises(error):
            report(territory, by)
    ways.with_application(odette.professional)
    with pytest.raises(SamePerson):
        report(territory, odette, loser=odette.professional)
    loss = report(territory, odette)
    errors: tuple[tuple[Membership, type[Exception]], ...] = (
        (odette, SamePerson),
        (elsewhere, NotTended),
        (territory.claire, NotTended),
    )
    for by, refused in errors:
        with pytest.raises(refused):
            losing.answer(loss=loss, removed=True, sentence="", by=by)
    with pytest.raises((SamePerson, NotTended)):
        losing.answer(loss=loss, removed=True, sentence="", by=territory.camille)
    address = reverse("partners:factor_loss", args=[loss.pk])
    assert personas.signed_in(elsewhere).get(address).status_code == 404
    assert sign_in("camille").get(PAGE).status_code == 404
    assert Authenticator.objects.filter(user=territory.camille.professional).count() == 2


def test_after_a_day_it_is_reported_again(territory: Territory, odette: Membership) -> None:
    a_day_ago = clock.now() - timedelta(hours=25)
    loss = report(territory, odette, at=a_day_ago)
    with pytest.raises(TooLate):
        losing.answer(loss=loss, removed=True, sentence="", by=territory.nadia)
    assert report(territory, odette).pk != loss.pk


def test_what_she_set_up_since_is_not_removed_by_an_older_report(territory: Territory, odette: Membership) -> None:
    old = report(territory, odette)
    report(territory, personas.second_dpo_post(territory))
    assert FactorLossAnswer.objects.get().loss_id == old.pk, "who protects the data answers what waits"
    ways.with_application(territory.camille.professional)
    with pytest.raises(TooLate):
        losing.answer(loss=old, removed=True, sentence="", by=territory.nadia)


def test_the_database_refuses_one_person_under_two_posts(territory: Territory, odette: Membership) -> None:
    loss = report(territory, odette)
    for answerer, reporter in ((odette, odette.professional_id), (territory.nadia, territory.nadia.professional_id)):
        with pytest.raises(IntegrityError), transaction.atomic():
            FactorLossAnswer.objects.create(
                loss=loss,
                removed=True,
                loser_id=loss.loser_id,
                reporter_id=reporter,
                answered_by=answerer,
                answerer_id=answerer.professional_id,
                answered_at=clock.now(),
                entry_id=loss.entry_id,
            )


def test_a_stale_session_is_asked_who_it_is_and_nothing_typed_is_lost(territory: Territory, odette: Membership) -> None:
    hers = ways.stale(personas.signed_in(odette))
    answer = hers.post(PAGE, typed(territory))
    assert answer.status_code == 422
    assert "Téléphone volé." in answer.content.decode()
    assert 'name="password"' in answer.content.decode()
    assert hers.post(PAGE, typed(territory, password=personas.PASSWORD)).status_code == 302
