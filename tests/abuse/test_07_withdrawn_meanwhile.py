"""Abuse 7: an agreement taken back while one composes turns the panel, answers 409, sends nothing, and keeps the draft."""

import re

import pytest
from django.urls import reverse

from sharing import withdrawal
from sharing.models import Disclosure, Outbox
from tests import personas
from tests.personas import Territory
from tests.sharing.ways import BENEFIT, NECESSITY, draft_of

pytestmark = pytest.mark.django_db


def test_abuse_07_the_panel_turns_the_sending_answers_409_and_the_draft_is_kept(territory: Territory) -> None:
    consent = personas.parents_agree(territory)
    draft = draft_of(territory)
    camille = personas.signed_in(territory.camille)
    where = [territory.case.reference, draft.pk]
    typed = {
        "purpose": "scolarite", "recipient": str(territory.lantier.pk), "benefit": BENEFIT,
        "item": [str(territory.absences.pk)], f"necessity-{territory.absences.pk}": NECESSITY,
    }  # fmt: skip

    def panel() -> str:
        shown = camille.post(reverse("sharing:verdict", args=where), typed).content.decode()
        return "".join(re.findall(r'data-verdict="(\w+)"', shown))

    assert panel() == "allow"
    token = re.search(
        r'name="seen" value="([^"]+)"', camille.get(reverse("sharing:check", args=where)).content.decode()
    )
    assert token is not None
    withdrawal.withdraw(consent=consent, form="in_person", own_words="Plus maintenant.", by=territory.camille)
    assert panel() == "deny"
    answer = camille.post(reverse("sharing:check", args=where), {"seen": token[1]})
    assert answer.status_code == 409
    assert "Rien n’a été communiqué" in answer.content.decode()
    assert not Disclosure.objects.exists()
    assert not Outbox.objects.filter(recipient=territory.lantier, kind="disclosure_waiting").exists()
    draft.refresh_from_db()
    assert (draft.sent_at, draft.discarded_at, draft.benefit) == (None, None, BENEFIT)
    assert BENEFIT in camille.get(reverse("sharing:compose", args=where)).content.decode()
