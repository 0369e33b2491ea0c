"""Far more openings in a day than is ordinary: the DPO is told, nothing is blocked, nobody is ranked (abuse 43)."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from partners.models import Membership
from sharing.models import Disclosure, Outbox
from tests import personas
from tests.personas import Territory
from tests.receiving.test_reading_pages import TEXT, text_of
from tests.sharing.ways import draft_of, send

pytestmark = pytest.mark.django_db
SignIn = Callable[[str], Client]


@pytest.fixture
def three(territory: Territory, settings: Any) -> list[Disclosure]:
    settings.OPENINGS_A_DAY = 2
    personas.parents_agree(territory)
    sent = [send(draft_of(territory), territory.camille).disclosure for _time in range(3)]
    return [one for one in sent if one is not None]


@pytest.fixture
def dpo(territory: Territory) -> Membership:
    return personas.post(
        personas.professional("Iris", "Donnée"), territory.school, "responsable_traitement", "Déléguée", "fonction",
        "RGPD art. 4", "dpo",
    )  # fmt: skip


def open_each(client: Client, disclosures: list[Disclosure]) -> list[str]:
    return [text_of(client.post(reverse("sharing:received", args=[one.pk]))) for one in disclosures]


def test_abuse_43_beyond_the_setting_the_dpo_is_told_once_and_nothing_is_blocked(
    three: list[Disclosure], dpo: Membership, sign_in: SignIn
) -> None:
    client = sign_in("lantier")
    assert all(TEXT in shown for shown in open_each(client, three))
    assert all(TEXT in shown for shown in open_each(client, three))
    letter = Outbox.objects.get(kind=Outbox.Kind.MANY_OPENINGS)
    assert letter.recipient == dpo
    shown = text_of(personas.signed_in(dpo).get(reverse("sharing:incidents")))
    assert "Hélène Lantier, 3 communications" in shown
    assert "Rien n’est bloqué" in shown


def test_the_same_communication_read_again_counts_once(
    three: list[Disclosure], dpo: Membership, sign_in: SignIn
) -> None:
    open_each(sign_in("lantier"), three[:2] * 3)
    assert not Outbox.objects.filter(kind=Outbox.Kind.MANY_OPENINGS).exists()
    assert "Bien plus de lectures" not in text_of(personas.signed_in(dpo).get(reverse("sharing:incidents")))


def test_another_institution_hears_nothing_of_it(
    territory: Territory, three: list[Disclosure], dpo: Membership, sign_in: SignIn
) -> None:
    open_each(sign_in("lantier"), three)
    assert "Lantier" not in text_of(sign_in("nadia").get(reverse("sharing:incidents")))
    assert "Lantier" not in text_of(sign_in("claire").get(reverse("sharing:incidents")))
