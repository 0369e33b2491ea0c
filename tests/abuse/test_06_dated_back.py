"""Abuse 6: an agreement dated back covers nothing that left before it was recorded; the server's clock decides."""

from datetime import timedelta

import pytest
from django.urls import reverse

from consent.models import Consent
from consent.standing import standing
from partners import clock
from sharing.models import DecisionRecord
from sharing.replay import replay
from tests import personas
from tests.aloud.ways import say
from tests.personas import Territory

pytestmark = pytest.mark.django_db


def test_abuse_06_what_was_said_without_basis_stays_without_basis_once_the_agreement_is_dated_back(
    territory: Territory,
) -> None:
    said_at = clock.now() - timedelta(hours=30)
    (said,) = say(territory, said_at=said_at)
    assert (said.record.verdict, said.basis) == ("deny", "")
    before = clock.now()
    day_before = clock.day_of(said_at) - timedelta(days=1)
    typed = {
        "speaker": str(territory.mother.pk), "categories": ["consigne_pratique"], "duration": "90", "form": "written",
        "language": "fr", "collected_on": day_before.isoformat(), "late_reason": "Formulaire retrouvé.",
        "recorded_at": said_at.isoformat(), "valid_from": said_at.isoformat(),
    }  # fmt: skip
    page = reverse("consent:new", args=[territory.case.reference])
    asked = f"{page}?act=agreement&recipient={territory.lantier.pk}&purpose=scolarite"
    assert personas.signed_in(territory.camille).post(asked, typed).status_code == 302
    agreed = Consent.objects.get()
    assert agreed.collected_on == day_before
    assert agreed.late_reason == "Formulaire retrouvé."
    assert min(agreed.recorded_at, agreed.valid_from) >= before
    then = standing(person=territory.child.pk, recipient=territory.lantier.pk, purpose="scolarite", at=said_at)
    assert (then.words, then.informed) == ((), frozenset())
    said.refresh_from_db()
    assert (said.record.verdict, said.basis) == ("deny", "")
    (again,) = replay(DecisionRecord.objects.all())
    assert (again.difference, again.unreadable) == (None, "")
    (noted_later,) = say(territory, said_at=said_at)
    assert noted_later.record.verdict == "deny"
    assert "consent_missing" in noted_later.record.decision["reasons"]
    words = personas.signed_in(territory.camille).get(reverse("consent:list", args=[territory.case.reference]))
    assert "Enregistré après coup" in words.content.decode()
