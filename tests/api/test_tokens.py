"""Making a token, reading it once, seeing what it did, ending it."""

import hashlib
import json
import re
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import DatabaseError, connection, transaction

from audit.models import Entry
from partners import clock, confirming
from partners.models import Membership
from sharing import outbox
from sharing.api.scopes import EXPLAINED, READING_CONTENT, WRITING, Scope
from sharing.api.tokens import AT_ONCE, TokenError, create_token, revoke_token
from sharing.models import ApiToken, Outbox
from tests import personas
from tests.api.ways import Program, token_of
from tests.personas import PASSWORD, Territory

NEW = "/compte/jetons/nouveau/"


def asked(who: Membership, **changes: Any) -> dict[str, Any]:
    """What the form of a new token posts."""
    return {
        "name": "Logiciel métier",
        "membership": str(who.pk),
        "scopes": ["directory:read", "received:read"],
        "expires_on": f"{clock.day_of(clock.now()) + timedelta(days=30):%Y-%m-%d}",
        "networks": "192.0.2.7\n2001:db8::/32",
        "calls_a_day": "500",
        "password": PASSWORD,
    } | changes


@pytest.mark.django_db
def test_a_token_is_made_after_saying_again_who_one_is_and_read_once(territory: Territory) -> None:
    client = personas.signed_in(territory.camille)
    session = client.session
    del session[confirming.SESSION_KEY]  # hours ago
    session.save()
    form = client.get(NEW).content.decode()
    for scope in Scope:
        assert str(scope.label) in form
        assert str(EXPLAINED[scope]) in form
    assert 'name="password"' in form
    wrong = client.post(NEW, asked(territory.camille, password="pas le bon"))
    assert wrong.status_code == 422
    assert "Logiciel métier" in wrong.content.decode()
    ticked = re.findall(r'value="([a-z]+:[a-z]+)"[^>]* checked', wrong.content.decode())
    assert ticked == ["directory:read", "received:read"]
    assert not ApiToken.objects.exists()
    made = client.post(NEW, asked(territory.camille))
    assert made.status_code == 201
    assert made["Cache-Control"] == "no-store"
    secret = re.search(r'value="(tact_[A-Za-z0-9_-]{43})"', made.content.decode())
    assert secret is not None
    token = ApiToken.objects.get()
    assert bytes(token.digest) == hashlib.sha256(secret[1].encode()).digest()
    assert (token.networks, token.calls_a_day) == (["192.0.2.7/32", "2001:db8::/32"], 500)
    assert token.expires_at == clock.end_of(clock.day_of(clock.now()) + timedelta(days=30))
    assert clock.last_day(token.expires_at) == clock.day_of(clock.now()) + timedelta(days=30)
    page = client.get("/compte/jetons/").content.decode()
    assert secret[1] not in page
    assert token.ending in page
    assert "jamais" in page
    with connection.cursor() as cursor:
        for table in (
            "sharing_apitoken",
            "audit_entry",
            "audit_payload",
            "sharing_outbox",
            "django_session",
            "tact_cache",
        ):
            cursor.execute(f"SELECT count(*) FROM {table} t WHERE t::text LIKE %s", [f"%{secret[1]}%"])
            assert cursor.fetchone() == (0,), table
    again = client.get(NEW).content.decode()
    assert 'name="password"' not in again, "she just proved it"


@pytest.mark.django_db
def test_making_and_ending_a_token_are_in_the_trail_and_a_letter_says_that_it_was_made(territory: Territory) -> None:
    token = token_of(territory.camille, [Scope.CASES_READ]).token
    letter = Outbox.objects.get(kind=Outbox.Kind.TOKEN_CREATED)
    written = outbox.letter_of(letter)
    assert written.to == [territory.camille.professional.email]
    assert token.name not in f"{written.subject}{written.body}"
    assert "/compte/jetons/" in written.body
    revoke_token(token=token, by=territory.camille)
    revoke_token(token=token, by=territory.camille)
    entries = Entry.objects.filter(action__startswith="api_token.").order_by("pk")
    assert [one.action for one in entries] == ["api_token.created", "api_token.revoked"]
    assert json.loads(bytes(entries[0].body))["codes"]["scopes"] == ["cases:read"]
    assert token.name not in bytes(entries[0].body).decode()
    auditor = personas.signed_in(territory.yann)
    for one in entries:
        assert "jeton" in auditor.get(f"/audit/{one.uuid}/").content.decode()
    assert not mail.outbox


@pytest.mark.django_db
def test_a_token_is_ended_by_who_made_it_and_by_nobody_else(territory: Territory) -> None:
    made = token_of(territory.camille)
    program = Program(made.secret)
    assert program.get("moi").status_code == 200
    where = f"/compte/jetons/{made.token.pk}/revoquer/"
    for other in (territory.nadia, territory.lantier, territory.claire):
        assert personas.signed_in(other).post(where).status_code == 404
        with pytest.raises(ApiToken.DoesNotExist):
            revoke_token(token=made.token, by=other)
    client = personas.signed_in(territory.camille)
    assert client.get("/compte/jetons/").content.decode().count("jamais") == 0, "its last use is known"
    assert client.post(where, follow=True).status_code == 200
    assert program.get("moi").status_code == 401
    page = client.get("/compte/jetons/").content.decode()
    assert "Révoqué" in page
    assert where not in page


@pytest.mark.django_db
def test_a_token_acts_for_the_post_that_was_chosen(territory: Territory) -> None:
    """She works in two places: each token speaks for one, whatever the session is acting as."""
    second = personas.post(
        territory.camille.professional,
        territory.clinic,
        "ass_secteur",
        "Assistante sociale",
        "profession",
        "CASF L411-3",
    )
    client = personas.signed_in(territory.camille)
    form = client.get(NEW).content.decode()
    assert territory.house.name in form
    assert territory.clinic.name in form
    secret = re.search(r"tact_[A-Za-z0-9_-]{43}", client.post(NEW, asked(second, networks="")).content.decode())
    assert secret is not None
    assert Program(secret[0]).get("moi").json()["membership"]["id"] == str(second.pk)
    assert client.post(NEW, asked(territory.lantier)).status_code == 422, "nobody else's post"
    personas.end_post(second)
    assert Program(secret[0]).get("moi").status_code == 401
    assert "Rattachement terminé" in client.get("/compte/jetons/").content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"name": ""}, "Donnez un nom"),
        ({"scopes": []}, "au moins une chose"),
        ({"scopes": ["everything"]}, "everything"),
        ({"expires_on": "2020-01-01"}, "entre aujourd’hui et dans un an"),
        ({"expires_on": "2099-01-01"}, "entre aujourd’hui et dans un an"),
        ({"networks": "partout"}, "n’est pas une adresse de réseau"),
        ({"calls_a_day": "0"}, "Un appel par jour au moins"),
        ({"calls_a_day": "9999999"}, "au plus"),
    ],
)
def test_a_token_that_cannot_be_is_explained(territory: Territory, changes: dict[str, Any], said: str) -> None:
    answer = personas.signed_in(territory.camille).post(NEW, asked(territory.camille, **changes))
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not ApiToken.objects.exists()


@pytest.mark.django_db
def test_tokens_are_few_and_short(territory: Territory) -> None:
    today = clock.day_of(clock.now())
    ways: dict[str, Any] = {"name": "x", "scopes": [Scope.DIRECTORY_READ], "by": territory.camille}
    for wrong in (
        {"expires_on": today - timedelta(days=1)},
        {"expires_on": today + timedelta(days=400)},
        {"expires_on": today, "scopes": []},
        {"expires_on": today, "calls_a_day": 0},
    ):
        with pytest.raises(TokenError):
            create_token(**{**ways, **wrong})
    with pytest.raises(ValueError, match="everything"):
        create_token(**{**ways, "expires_on": today, "scopes": ["everything"]})
    for _token in range(AT_ONCE):
        made = create_token(**ways, expires_on=today)
    with pytest.raises(TokenError):
        create_token(**ways, expires_on=today)
    revoke_token(token=made.token, by=territory.camille)
    create_token(**ways, expires_on=today)


@pytest.mark.django_db
def test_the_database_lets_a_token_be_ended_once_and_nothing_else(territory: Territory) -> None:
    token = token_of(territory.camille).token
    revoke_token(token=token, by=territory.camille)
    for change in (
        {"scopes": ["cases:read"]},
        {"expires_at": clock.now() + timedelta(days=300)},
        {"digest": bytes(32)},
        {"revoked_at": None},
        {"revoked_at": clock.now() + timedelta(days=1)},
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            ApiToken.objects.filter(pk=token.pk).update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        ApiToken.objects.filter(pk=token.pk).delete()
    token.pk, token.digest = None, bytes(31) + b"x"
    with pytest.raises(DatabaseError), transaction.atomic():
        token.save(force_insert=True)


def test_the_scopes_that_write_or_read_content_are_said_so() -> None:
    assert {one for one in Scope if one.endswith((":write", ":send", ":recall", ":return"))} == WRITING
    assert Scope.RECEIVED_OPEN in READING_CONTENT
    assert set(EXPLAINED) == set(Scope)
    assert timedelta(minutes=5) == confirming.FRESH
