"""A letter opened while its reader acts at another of her places of work."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from tests import personas
from tests.personas import Territory
from tests.sharing.ways import draft_of, send

pytestmark = pytest.mark.django_db


def test_a_letter_to_another_of_her_titles_leads_to_the_choice_and_back(
    territory: Territory, sign_in: Callable[[str], Client]
) -> None:
    personas.parents_agree(territory)
    disclosure = send(draft_of(territory), territory.camille).disclosure
    assert disclosure is not None
    forum = personas.post(
        territory.lantier.professional,
        territory.school,
        "ess_membre",
        "Membre de l’équipe de suivi",
        "instance",
        "C. éduc. D351-11",
    )
    lantier = personas.signed_in(forum)
    address = reverse("sharing:received", args=[disclosure.pk])
    answer = lantier.get(address)
    assert answer.status_code == 302
    assert answer.url.startswith(reverse("partners:act_as"))  # type: ignore[attr-defined]
    assert sign_in("perrin").get(address).status_code == 404
