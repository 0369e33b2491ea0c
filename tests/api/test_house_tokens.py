"""A token is ended by somebody else than its owner: who tends the directory of her institution, or protects its data there."""

import json

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from audit.models import Entry
from partners import clock
from partners.models import Membership
from sharing import outbox
from sharing.api import house_tokens
from sharing.api.scopes import Scope
from sharing.api.tokens import TokenError, revoke_token
from sharing.models import ApiToken, Outbox, TokenRevocation
from tests import personas
from tests.api.ways import Program, token_of
from tests.personas import Territory

pytestmark = pytest.mark.django_db
LIST = "/annuaire/membres/jetons/"


@pytest.fixture
def protector(territory: Territory) -> Membership:
    """Who protects the data of the house."""
    return personas.second_dpo_post(territory)


@pytest.fixture
def admin(territory: Territory) -> Membership:
    """Who tends the directory of the house."""
    return personas.tends_the_directory(territory, territory.house)


def test_the_list_says_whose_what_and_when_and_never_the_secret(territory: Territory, admin: Membership) -> None:
    made = token_of(territory.camille, [Scope.CASES_READ, Scope.SHARING_SEND], networks=["192.0.2.0/24"])
    stranger = token_of(territory.lantier)
    over, gone = token_of(territory.leila), token_of(territory.nadia)
    revoke_token(token=over.token, by=territory.leila)
    assert (
        Program(made.secret)
        .client.get("/api/v1/moi", headers={"Authorization": f"Bearer {made.secret}"}, REMOTE_ADDR="192.0.2.9")
        .status_code
        == 200
    )
    personas.end_post(territory.nadia)
    text = personas.signed_in(admin).get(LIST).content.decode()
    for said in (
        "Camille Roussel",
        "Logiciel d’essai",
        made.token.ending,
        "192.0.2.0/24",
        "Lire mes situations",
        "Agit en son nom",
    ):
        assert said in text, said
    assert text.count("jamais") == 1, "its last use is known"
    for hidden in (made.secret, "Lantier", stranger.token.ending, over.token.ending, gone.token.ending):
        assert hidden not in text, hidden
    assert "Aucun jeton" in personas.signed_in(admin).get(LIST, {"q": "Haddad"}).content.decode()
    assert made.token.ending in personas.signed_in(admin).get(LIST, {"q": "roussel camille"}).content.decode()


@pytest.mark.parametrize("name", ["camille", "leila", "nadia", "lantier", "yann", "claire"])
def test_nobody_else_sees_or_ends_it(territory: Territory, name: str) -> None:
    """Claire protects the data of another institution: this one's tokens do not exist for her."""
    made = token_of(territory.camille)
    client = personas.signed_in(getattr(territory, name))
    assert client.get(LIST).status_code == (200 if name == "claire" else 404)
    where = f"{LIST}{made.token.pk}/revoquer/"
    assert client.get(where).status_code == client.post(where, {"why": "Fuite."}).status_code == 404
    with pytest.raises(ApiToken.DoesNotExist):
        house_tokens.revoke_for_house(token=made.token, why="Fuite.", by=getattr(territory, name))
    assert Program(made.secret).get("moi").status_code == 200


@pytest.mark.parametrize("who", ["admin", "protector"])
def test_it_is_ended_with_a_reason_that_its_owner_reads(
    territory: Territory, who: str, request: pytest.FixtureRequest
) -> None:
    by: Membership = request.getfixturevalue(who)
    made = token_of(territory.camille)
    client, where = personas.signed_in(by), f"{LIST}{made.token.pk}/revoquer/"
    assert where in client.get(LIST).content.decode()
    silent = client.post(where, {"why": " "})
    assert silent.status_code == 422
    assert "Dites pourquoi" in silent.content.decode()
    assert Program(made.secret).get("moi").status_code == 200
    assert client.post(where, {"why": "Trouvé dans un dépôt public."}).status_code == 302
    assert Program(made.secret).get("moi").status_code == 401
    row = TokenRevocation.objects.get()
    assert (row.owner, row.revoker, row.revoked_by) == (territory.camille.professional, by.professional, by)
    letter = Outbox.objects.get(kind=Outbox.Kind.TOKEN_REVOKED)
    written = outbox.letter_of(letter)
    assert written.to == [territory.camille.professional.email]
    for hidden in (made.token.name, "dépôt", by.professional.last_name, "Roussel"):
        assert hidden not in f"{written.subject}{written.body}"
    hers = personas.signed_in(territory.camille).get("/compte/jetons/").content.decode()
    assert "Trouvé dans un dépôt public." in hers
    assert by.professional.full_name in hers
    assert "Trouvé dans un dépôt public." in client.get(LIST).content.decode()
    entry = Entry.objects.get(action="api_token.revoked_by_house")
    body = json.loads(bytes(entry.body))
    assert body["refs"]["token"] == str(made.token.pk)
    assert "dépôt" not in bytes(entry.body).decode()
    assert "jeton" in personas.signed_in(territory.yann).get(f"/audit/{entry.uuid}/").content.decode()
    house_tokens.revoke_for_house(token=made.token, why="Encore.", by=by)
    assert TokenRevocation.objects.count() == 1
    assert client.get(where).status_code == 302, "it was over already"


def test_her_own_she_ends_on_her_own_page(territory: Territory, admin: Membership) -> None:
    made = token_of(admin)
    assert "Le vôtre" in personas.signed_in(admin).get(LIST).content.decode()
    with pytest.raises(ApiToken.DoesNotExist):
        house_tokens.revoke_for_house(token=made.token, why="Moi.", by=admin)
    with pytest.raises(TokenError):
        house_tokens.revoke_for_house(token=token_of(territory.leila).token, why="", by=admin)


def test_the_database_refuses_an_end_by_oneself_without_entry_or_changed(
    territory: Territory, admin: Membership
) -> None:
    made = token_of(territory.camille)

    def row(**fields: object) -> TokenRevocation:
        told = {
            "token": made.token, "membership": territory.camille, "owner": territory.camille.professional,
            "why": "Fuite.", "revoked_by": admin, "revoker": admin.professional, "at": clock.now(),
            "entry_id": made.token.entry_id,
        }  # fmt: skip
        return TokenRevocation(**(told | fields))

    herself = {"revoked_by": territory.camille, "revoker": territory.camille.professional}
    for wrong in ({}, herself, {"revoker": territory.leila.professional}):
        with pytest.raises(DatabaseError), transaction.atomic():
            row(**wrong).save(force_insert=True)
    house_tokens.revoke_for_house(token=made.token, why="Fuite.", by=admin)
    with pytest.raises(DatabaseError), transaction.atomic():
        TokenRevocation.objects.update(why="Autre chose.")


def test_ten_tokens_cost_no_more_statements_than_one(territory: Territory, admin: Membership) -> None:
    client = personas.signed_in(admin)

    def statements() -> int:
        with CaptureQueriesContext(
            connection,
        ) as seen:
            assert client.get(LIST).status_code == 200
        return len(seen)

    token_of(territory.camille)
    client.get(LIST)
    one = statements()
    for _token in range(4):
        token_of(territory.camille)
        token_of(territory.leila)
    assert statements() <= one
