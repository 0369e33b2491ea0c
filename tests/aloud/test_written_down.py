"""What was said aloud: decided on the facts as they stood when it was said, recorded whatever the verdict, and shown as such."""

import re
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from audit.models import Entry
from cases import files
from consent import registry
from partners import clock
from partners.clock import PARIS
from partners.models import Membership
from sharing import knows, reading, service, states
from sharing.aloud import acts
from sharing.models import Delivery, Disclosure, Incident, Outbox
from tests import personas, posts
from tests.aloud.ways import say
from tests.personas import Territory
from tests.sharing.ways import BENEFIT, NECESSITY

SignIn = Callable[[str], Client]


def ago(**since: float) -> datetime:
    return clock.now() - timedelta(**since)


def test_what_was_agreed_when_it_was_said_makes_it_lawful(territory: Territory) -> None:
    personas.parents_agree(territory, at=ago(hours=3))
    (said,) = say(territory)
    assert said.record.verdict == "allow"
    assert (said.channel, said.basis) == ("spoken", "ACCORD")
    assert said.said_at is not None
    assert said.said_at < said.released_at
    entry = Entry.objects.get(pk=said.entry_id)
    assert entry.action == "disclosure.spoken"
    assert entry.at == said.released_at


def test_an_agreement_recorded_since_legitimises_nothing(territory: Territory) -> None:
    said_at = ago(hours=1)
    personas.parents_agree(territory)
    (said,) = say(territory, said_at=said_at)
    assert said.record.verdict == "deny"
    assert "consent_missing" in said.record.decision["reasons"]


def test_an_agreement_withdrawn_since_takes_nothing_back_from_what_was_said(territory: Territory) -> None:
    agreed = personas.parents_agree(territory, at=ago(hours=3))
    registry.withdraw(consent=agreed, form="in_person", own_words="", by=territory.camille)
    (said,) = say(territory, said_at=ago(hours=2))
    assert said.record.verdict == "allow"


def test_neither_an_involvement_nor_a_proof_nor_a_signature_of_since_counts(territory: Territory) -> None:
    personas.parents_agree(territory, recipient=territory.lantier, at=ago(days=3))
    said_at = ago(days=2)
    files.record_involvement(
        case=territory.case, membership=territory.aubin, kind="care", source="Sa mère", by=territory.camille
    )
    (to_the_doctor,) = say(
        territory, territory.aubin, said_at=said_at, purpose="coord_soins", items=[territory.language]
    )
    assert "same_care" not in to_the_doctor.record.facts["circumstances"]
    posts.is_bound(territory.aubin)
    (again,) = say(territory, territory.aubin, said_at=said_at, purpose="coord_soins", items=[territory.language])
    assert again.record.facts["recipient"]["bound"] == "none"
    party = personas.AgreementParty.objects.filter(agreement=territory.school_agreement)
    party.update(signed_on=clock.day_of(clock.now()))
    (to_the_school,) = say(territory, said_at=said_at)
    assert "agreement_expired" in to_the_school.record.decision["reasons"]


def test_of_a_meeting_each_who_heard_is_one_decision_the_worst_first(territory: Territory) -> None:
    personas.parents_agree(territory, at=ago(hours=3))
    found = say(territory, territory.lantier, territory.perrin)
    assert [(one.recipient, one.record.verdict) for one in found] == [
        (territory.perrin, "deny"),
        (territory.lantier, "allow"),
    ]


def test_written_down_twice_it_is_written_once(territory: Territory) -> None:
    key = uuid.uuid4()
    first, second = (say(territory, territory.lantier, territory.perrin, key=key) for _twice in range(2))
    assert {one.pk for one in first} == {one.pk for one in second}
    assert Disclosure.objects.count() == 2


def test_it_is_not_said_in_the_future_and_late_only_with_a_reason(territory: Territory) -> None:
    with pytest.raises(acts.SayingError, match="avenir"):
        say(territory, said_at=clock.now() + timedelta(minutes=5))
    before = ago(days=366 * 20)
    with pytest.raises(acts.SayingError, match="pas née"):
        say(territory, said_at=before, late_reason="Je reviens de congé.")
    with pytest.raises(acts.SayingError, match="trente jours"):
        say(territory, said_at=ago(days=31))
    (said,) = say(territory, said_at=ago(days=31), late_reason="Je reviens de congé.")
    assert said.record.verdict == "deny"  # nobody followed the case then, nor agreed


def test_whoever_does_not_follow_the_case_writes_nothing(territory: Territory) -> None:
    territory_of_leila = personas.Territory(**{**vars(territory), "camille": territory.leila})
    with pytest.raises(service.CaseNotOpen):
        say(territory_of_leila)


def test_who_heard_it_finds_nothing_to_open_and_nobody_is_written_to(territory: Territory) -> None:
    (said,) = say(territory)
    assert reading.closed_because(said, clock.now()) == states.GIVEN
    assert not Outbox.objects.filter(recipient=territory.lantier).exists()
    lantier = personas.signed_in(territory.lantier)
    lantier.post(reverse("sharing:received", args=[said.pk]))
    said.refresh_from_db()
    assert said.opened_at is None


def test_it_is_in_who_knows_what_and_never_unread(territory: Territory, sign_in: SignIn) -> None:
    (said,) = say(territory)
    (told,) = knows.told(territory.case)
    assert told.state(clock.now()) == "given"
    assert states.with_state(Disclosure.objects.filter(pk=said.pk)).get().state == states.GIVEN
    camille = sign_in("camille")
    for page in (reverse("sharing:case", args=[territory.case.reference]), reverse("sharing:sent")):
        text = camille.get(page).content.decode()
        assert str(said.pk) in text
        assert not re.search(r"[Nn]on lu\b", text)
    assert Delivery.objects.get(disclosure=said).how == "telephone"


def typed(territory: Territory, *recipients: Membership, **changed: Any) -> dict[str, Any]:
    return {
        "key": str(uuid.uuid4()),
        "how": "meeting",
        "said_at": f"{ago(hours=1).astimezone(PARIS):%Y-%m-%dT%H:%M}",
        "recipients": [str(one.pk) for one in recipients],
        "purpose": "scolarite",
        "benefit": BENEFIT,
        "necessity": NECESSITY,
        "items": [str(territory.absences.pk)],
    } | changed


def test_the_page_says_what_to_do_when_it_should_not_have_been_said(territory: Territory, sign_in: SignIn) -> None:
    camille = sign_in("camille")
    page = reverse("sharing:aloud", args=[territory.case.reference])
    answer: Any = camille.post(page, typed(territory, territory.lantier), follow=True)
    text = answer.content.decode()
    for said in (
        "cela n’aurait pas dû être dit",
        "Dites-le à la personne",
        "Prévenez qui protège les données",
        "rendu possible",
    ):
        assert said in text
    assert not Incident.objects.exists()
    told: Any = camille.post(answer.redirect_chain[-1][0], follow=True)
    incident = Incident.objects.get()
    assert (incident.kind, incident.institution) == ("said_without_ground", territory.house)
    assert incident.reference in told.content.decode()
    camille.post(answer.redirect_chain[-1][0])
    assert Incident.objects.count() == 1


def test_what_could_be_said_opens_no_incident(territory: Territory, sign_in: SignIn) -> None:
    personas.parents_agree(territory, at=ago(hours=3))
    camille = sign_in("camille")
    answer: Any = camille.post(
        reverse("sharing:aloud", args=[territory.case.reference]), typed(territory, territory.lantier), follow=True
    )
    assert "cela pouvait être dit" in answer.content.decode()
    camille.post(answer.redirect_chain[-1][0])
    assert not Incident.objects.exists()


def test_searching_the_directory_keeps_what_is_typed_and_who_was_ticked(territory: Territory, sign_in: SignIn) -> None:
    asked = typed(territory, territory.lantier, action="search", q="claire")
    page = sign_in("camille").post(reverse("sharing:aloud", args=[territory.case.reference]), asked).content.decode()
    assert BENEFIT in page
    assert str(territory.claire.pk) in page
    assert str(territory.lantier.pk) in page
    assert not Disclosure.objects.exists()


def test_nothing_typed_is_lost_where_something_is_missing(territory: Territory, sign_in: SignIn) -> None:
    camille, page = sign_in("camille"), reverse("sharing:aloud", args=[territory.case.reference])
    born = territory.child.birth_date
    for said_at, why in (
        (f"{(clock.now() + timedelta(days=1)).astimezone(PARIS):%Y-%m-%dT%H:%M}", "avenir"),
        (f"{born - timedelta(days=1)}T10:00", "n’était pas née ce jour-là"),
    ):
        answer = camille.post(page, typed(territory, said_at=said_at))
        text = answer.content.decode()
        assert answer.status_code == 422
        assert why in text
        assert "cochez au moins une personne" in text
        assert BENEFIT in text
        assert said_at in text
    assert not Disclosure.objects.exists()
