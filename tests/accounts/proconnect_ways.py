"""Ways of the tests of ProConnect: a house with its establishment's number, a sign-in, an identity that was linked."""

import pytest
from django.test import Client

from partners.models import Institution, Membership
from tests import posts
from tests.accounts import factors
from tests.accounts.provider import CAMILLES, Provider
from tests.personas import Territory

WAITING, LINK, ACCOUNT = "/proconnect/attente/", "/proconnect/relier/", "/compte/"


@pytest.fixture
def town(territory: Territory) -> Territory:
    """Camille's house has the number of the establishment that the provider says; Nadia tends its directory."""
    Institution.objects.filter(pk=territory.camille.institution_id).update(siret=CAMILLES)
    posts.has_functions(territory.nadia, *territory.nadia.functions, "directory_admin")
    return territory


def signed_in_by_password(who: Membership, client: Client | None = None, **more: str) -> Client:
    client = client or Client()
    factors.enter(client, who.professional, **more)
    return client


def linked(client: Client, provider: Provider, who: Membership, person: str = "camille") -> Client:
    """She came by ProConnect, unknown; entered with her password; and said that it is her."""
    assert provider.enter(client, person)["Location"] == WAITING
    signed_in_by_password(who, client, next=LINK)
    client.post(LINK)
    return client
