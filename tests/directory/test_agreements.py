"""Agreements: drafted by one, signed by both, revised as a new version, suspended at once, resumed by another, ended."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from partners import agreeing, clock
from partners.agreeing import Terms
from partners.models import Agreement, AgreementAct, AgreementParty, Membership
from partners.tending import DirectoryError, NotTended, SamePerson, TooLate
from sharing import between, service
from tests import personas
from tests.personas import Territory
from tests.sharing.ways import draft_of

pytestmark = pytest.mark.django_db


def terms(**fields: Any) -> Terms:
    today = clock.day_of(clock.now())
    return replace(
        Terms(
            title="Scolarité",
            purposes=["scolarite"],
            categories=["consigne_pratique", "besoins_scolaires"],
            starts_on=today,
            ends_on=today + timedelta(days=300),
        ),
        **fields,
    )


@pytest.fixture
def solange(territory: Territory) -> Membership:
    return personas.tends_the_directory(territory, territory.school, name="Solange")


@pytest.fixture
def second(territory: Territory) -> Membership:
    """Another who tends the directory of the house."""
    return personas.tends_the_directory(territory, territory.house, name="Armelle")


def drafted(territory: Territory, number: str = "40") -> Agreement:
    return agreeing.draft(
        number=number, kind=Agreement.Kind.VOLUNTARY, partner=territory.school, terms=terms(), by=territory.nadia
    )


def state(agreement: Agreement) -> str:
    return agreeing._standing(Agreement.objects.get(pk=agreement.pk), clock.now())


def open_for(territory: Territory) -> bool:
    """Whether an agreement is in force from the house to the school, for schooling."""
    found = between.terms(sender=territory.camille, recipient=territory.lantier, purpose="scolarite", at=clock.now())
    return found.in_force


def test_a_draft_lets_nothing_pass_until_both_have_signed(territory: Territory, solange: Membership) -> None:
    agreeing.suspend(agreement=territory.school_agreement, why="Bilan.", by=territory.nadia)
    made = drafted(territory)
    assert (state(made), open_for(territory)) == ("unsigned", False)
    agreeing.sign(agreement=made, by=territory.nadia)
    assert (state(made), open_for(territory)) == ("unsigned", False)
    agreeing.sign(agreement=made, by=solange)
    assert (state(made), open_for(territory)) == ("current", True)
    assert set(AgreementParty.objects.filter(agreement=made).values_list("signed_by", flat=True)) == {
        "Nadia Benali, Cheffe de service",
        "Solange Vidal, Gestionnaire",
    }


def test_abuse_10_nobody_signs_for_two_institutions_and_signing_twice_signs_once(territory: Territory) -> None:
    made = drafted(territory)
    act = agreeing.sign(agreement=made, by=territory.nadia)
    assert agreeing.sign(agreement=made, by=territory.nadia) == act
    there_too = personas.post(
        territory.nadia.professional, territory.school, "institution", "Gestionnaire", "fonction", "Lettre de mission",
        "directory_admin",
    )  # fmt: skip
    with pytest.raises(SamePerson):
        agreeing.sign(agreement=made, by=there_too)
    with pytest.raises(IntegrityError, match="one_signature_a_person"), transaction.atomic():
        agreeing._done(made, "signed", by=there_too, at=clock.now())


@pytest.mark.parametrize("name", ["camille", "lantier", "sofia", "claire"])
def test_whoever_tends_no_party_does_nothing(territory: Territory, name: str) -> None:
    somebody = getattr(territory, name)
    made = territory.school_agreement
    today = clock.day_of(clock.now())
    acts: list[Callable[[], Any]] = [
        lambda: agreeing.sign(agreement=made, by=somebody),
        lambda: agreeing.suspend(agreement=made, why="Non.", by=somebody),
        lambda: agreeing.end(agreement=made, last_day=today, why="Non.", by=somebody),
        lambda: agreeing.revise(agreement=made, terms=terms(), why="Non.", by=somebody),
        lambda: agreeing.draft(number="41", kind="voluntary", partner=territory.house, terms=terms(), by=somebody),
    ]
    for act in acts:
        with pytest.raises(NotTended):
            act()
    assert not AgreementAct.objects.exists()


def test_a_revision_is_a_new_version_and_the_former_stands_until_it_is_signed(
    territory: Territory, solange: Membership
) -> None:
    first = territory.school_agreement
    narrower = terms(categories=["besoins_scolaires"])
    new = agreeing.revise(agreement=first, terms=narrower, why="Bilan d’un an.", by=territory.nadia)
    assert (new.number, new.version, state(first), state(new)) == ("12", 2, "current", "unsigned")
    agreeing.sign(agreement=new, by=solange)
    agreeing.sign(agreement=new, by=territory.nadia)
    assert (state(first), state(new)) == ("replaced", "current")
    first.refresh_from_db()
    assert first.categories == ["consigne_pratique", "besoins_scolaires", "coordonnees"]
    left = between.terms(sender=territory.camille, recipient=territory.lantier, purpose="scolarite", at=clock.now())
    assert "consigne_pratique" in left.narrowed


def test_a_revision_to_come_leaves_the_former_in_force_until_its_first_day(
    territory: Territory, solange: Membership
) -> None:
    day = clock.day_of(clock.now()) + timedelta(days=10)
    new = agreeing.revise(
        agreement=territory.school_agreement, terms=terms(starts_on=day), why="Rentrée.", by=territory.nadia
    )
    for by in (territory.nadia, solange):
        agreeing.sign(agreement=new, by=by)
    old = Agreement.objects.get(pk=territory.school_agreement.pk)
    assert old.ended_at == clock.start_of(day)
    assert (state(old), state(new), open_for(territory)) == ("current", "to_come", True)


def test_a_version_that_is_followed_is_revised_no_more_and_a_draft_given_up_may_be_replaced(
    territory: Territory,
) -> None:
    first = territory.school_agreement
    new = agreeing.revise(agreement=first, terms=terms(), why="Bilan.", by=territory.nadia)
    with pytest.raises(TooLate):
        agreeing.revise(agreement=first, terms=terms(), why="Encore.", by=territory.nadia)
    agreeing.end(agreement=new, last_day=clock.day_of(clock.now()), why="Abandon.", by=territory.nadia)
    assert state(new) == "ended"
    third = agreeing.revise(agreement=first, terms=terms(), why="Encore.", by=territory.nadia)
    assert (third.version, state(third), state(first)) == (3, "unsigned", "current")
    with pytest.raises(TooLate):
        agreeing.sign(agreement=new, by=territory.nadia)


def test_a_suspension_is_immediate_and_another_person_there_resumes(
    territory: Territory, solange: Membership, second: Membership
) -> None:
    made = territory.school_agreement
    agreeing.suspend(agreement=made, why="Un doute sur l’usage.", by=territory.nadia)
    assert (state(made), open_for(territory)) == ("suspended", False)
    with pytest.raises(TooLate):
        agreeing.suspend(agreement=made, why="Encore.", by=solange)
    with pytest.raises(NotTended):  # what one party closed, the other does not open
        agreeing.resume(agreement=made, why="Utile.", by=solange)
    with pytest.raises(SamePerson):
        agreeing.resume(agreement=made, why="Utile.", by=territory.nadia)
    agreeing.resume(agreement=made, why="Le doute est levé.", by=second)
    assert (state(made), open_for(territory)) == ("current", True)


def test_a_dpo_may_suspend_and_nothing_else(territory: Territory) -> None:
    dpo = personas.second_dpo_post(territory)
    agreeing.suspend(agreement=territory.school_agreement, why="Contrôle.", by=dpo)
    with pytest.raises(NotTended):
        agreeing.resume(agreement=territory.school_agreement, why="Fini.", by=dpo)


def test_abuse_12_an_agreement_ended_stands_until_the_last_instant_of_its_day_in_paris(territory: Territory) -> None:
    today = clock.day_of(clock.now())
    agreeing.end(agreement=territory.school_agreement, last_day=today, why="Fin du projet.", by=territory.nadia)
    personas.parents_agree(territory)
    draft = draft_of(territory)
    midnight = clock.end_of(today)
    facts, decision = service.preview(draft=draft, by=territory.camille, at=midnight - timedelta(microseconds=1))
    assert decision.verdict == "allow"
    seen = service.fingerprint(facts, decision)
    shared = service.share(draft_id=draft.pk, previewed=seen, by=territory.camille, at=midnight)
    assert shared.outcome is service.Outcome.CHANGED
    with pytest.raises(DirectoryError, match="déjà"):
        agreeing.end(
            agreement=territory.school_agreement, last_day=today + timedelta(days=3), why="Non.", by=territory.nadia
        )


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"title": " "}, "un titre"),
        ({"purposes": []}, "au moins une finalité"),
        ({"purposes": ["curiosite"]}, "au moins une finalité"),
        ({"categories": []}, "au moins une sorte"),
        ({"categories": ["origine_religion_opinion"]}, "au moins une sorte"),
        ({"ends_on": date(2020, 1, 1)}, "dernier jour"),
    ],
)
def test_bad_terms_say_what_to_do(territory: Territory, fields: dict[str, Any], says: str) -> None:
    with pytest.raises(DirectoryError, match=says):
        agreeing.draft(
            number="42", kind="voluntary", partner=territory.school, terms=terms(**fields), by=territory.nadia
        )


def test_a_number_is_given_once_and_not_with_oneself(territory: Territory) -> None:
    with pytest.raises(DirectoryError, match="numéro"):
        drafted(territory, "12")
    with pytest.raises(DirectoryError, match="autre institution"):
        agreeing.draft(number="43", kind="voluntary", partner=territory.house, terms=terms(), by=territory.nadia)


def test_the_page_of_an_agreement_costs_the_same_whatever_was_done(territory: Territory, second: Membership) -> None:
    client = personas.signed_in(territory.nadia)
    address = f"/annuaire/conventions/{territory.school_agreement.pk}/"
    counts = []
    for _ in range(2):
        for _ in range(3):
            agreeing.suspend(agreement=territory.school_agreement, why="Bilan.", by=territory.nadia)
            agreeing.resume(agreement=territory.school_agreement, why="Bilan.", by=second)
        client.get(address)
        with CaptureQueriesContext(connection) as asked:
            assert client.get(address).status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1]
