"""ProConnect lies, or somebody lies in its name: addresses taken over, answers replayed, tokens for others (abuse 33)."""

import logging
import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from django.test import Client

from audit.models import Access
from partners.accounts.proconnect.refusing import SENTENCES
from partners.models import Institution, ProConnectLink, ProConnectRequest, Professional
from tests import personas
from tests.accounts import factors
from tests.accounts.provider import CAMILLES, Provider, changed
from tests.personas import Territory

WAITING = "/proconnect/attente/"


@pytest.fixture
def town(territory: Territory) -> Territory:
    """Camille's house has the number of the establishment that the provider says, and her identity is linked."""
    Institution.objects.filter(pk=territory.camille.institution_id).update(siret=CAMILLES)
    return territory


def links(client: Client, provider: Provider, town: Territory) -> None:
    assert provider.enter(client, "camille")["Location"] == WAITING
    factors.enter(client, town.camille.professional, next="/proconnect/relier/")
    client.post("/proconnect/relier/")
    assert ProConnectLink.objects.count() == 1


def refused(answer: Any, client: Client, reason: str) -> None:
    """She is told, clearly, and nobody entered; the refusal is noted without an address."""
    assert answer.status_code in {403, 503}, answer
    text = answer.content.decode()
    assert str(SENTENCES[reason]) in text
    assert "Revenir à la page de connexion" in text
    assert not factors.is_in(client)
    noted = Access.objects.filter(action="session.refused", object_type="proconnect").latest("pk")
    assert (noted.object_ref, noted.granted) == (reason, False)


# ---- an address proves nothing


def test_whoever_has_her_address_at_the_provider_does_not_become_her(town: Territory, provider: Provider):
    """The provider says « camille.roussel@tact.example », her very address here: nothing is looked up by it."""
    assert Professional.objects.filter(email="camille.roussel@tact.example").exists()
    client = Client()
    assert provider.enter(client, "impostor")["Location"] == WAITING
    assert not factors.is_in(client)
    assert not ProConnectLink.objects.exists()


def test_an_identity_linked_to_somebody_stays_hers_whatever_address_it_takes(town: Territory, provider: Provider):
    links(Client(), provider, town)
    provider.lie(userinfo={"claims": {"email": town.leila.professional.email}})
    client = Client()
    provider.enter(client, "camille")
    assert client.session["_auth_user_id"] == str(town.camille.professional_id)
    assert Professional.objects.get(pk=town.camille.professional_id).email == town.camille.professional.email


def test_the_same_subject_of_another_issuer_is_nobody(town: Territory, provider: Provider):
    links(Client(), provider, town)
    link = ProConnectLink.objects.get()
    ProConnectLink.objects.create(
        issuer="https://another.example",
        subject="somebody",
        professional=town.camille.professional,
        made_by=town.camille,
        made_at=link.made_at,
        entry_id=_another_entry(town),
    )
    provider.lie(id_token={"claims": {"sub": "somebody"}}, userinfo={"claims": {"sub": "somebody"}})
    assert provider.enter(Client(), "camille")["Location"] == WAITING


def _another_entry(town: Territory) -> int:
    from audit import ledger
    from partners import clock

    return ledger.record(action="proconnect.added", at=clock.now(), actor=town.camille.pk)


# ---- what is signed, for whom, when


LIES: dict[str, tuple[str, dict[str, Any]]] = {
    "another audience": ("not_for_us", {"claims": {"aud": "somebody-else"}}),
    "several audiences, another party": ("not_for_us", {"claims": {"aud": ["tact", "else"], "azp": "else"}}),
    "several audiences, no party": ("not_for_us", {"claims": {"aud": ["tact", "else"]}}),
    "another issuer": ("not_for_us", {"claims": {"iss": "https://proconnect.example"}}),
    "expired": ("expired", {"claims": {"exp": 1_700_000_000, "iat": 1_699_999_000}}),
    "issued tomorrow": ("unreadable", {"claims": {"iat": 4_000_000_000}}),
    "no end": ("unreadable", {"claims": {"exp": None}}),
    "no nonce": ("unreadable", {"claims": {"nonce": None}}),
    "another nonce": ("replayed", {"claims": {"nonce": "n" * 43}}),
    "a nonce that is no text": ("replayed", {"claims": {"nonce": ["n"]}}),
    "no subject": ("unreadable", {"claims": {"sub": None}}),
    "an empty subject": ("unreadable", {"claims": {"sub": ""}}),
    "another access token": ("not_for_us", {"claims": {"at_hash": "AAAAAAAAAAAAAAAAAAAAAA"}}),
    "signed by nobody": ("unreadable", {"how": "none"}),
    "signed by a stranger with a known name": ("unreadable", {"how": "other_key"}),
    "signed by another algorithm": ("unreadable", {"how": "other_algorithm"}),
    "signed with our own secret": ("unreadable", {"how": "client_secret"}),
}


@pytest.mark.parametrize("name", LIES)
def test_a_token_that_does_not_hold_lets_nobody_in(town: Territory, provider: Provider, name: str):
    reason, lie = LIES[name]
    provider.lie(id_token=lie)
    client = Client()
    refused(provider.enter(client, "camille"), client, reason)


@pytest.mark.parametrize(
    ("reason", "lie"),
    [
        ("not_for_us", {"claims": {"sub": "somebody else"}}),
        ("not_for_us", {"claims": {"aud": "somebody-else"}}),
        ("not_for_us", {"claims": {"iss": "https://proconnect.example"}}),
        ("expired", {"claims": {"exp": 1_700_000_000}}),
        ("unreadable", {"how": "plain"}),
        ("unreadable", {"how": "none"}),
        ("unreadable", {"how": "other_key"}),
        ("unreadable", {"how": "client_secret"}),
    ],
)
def test_userinfo_that_is_not_signed_for_us_of_the_same_person_lets_nobody_in(
    town: Territory, provider: Provider, reason: str, lie: dict[str, Any]
):
    provider.lie(userinfo=lie)
    client = Client()
    refused(provider.enter(client, "camille"), client, reason)


def test_a_provider_that_speaks_for_another_is_not_even_gone_to(town: Territory, provider: Provider):
    for lie in ({"issuer": "https://proconnect.example"}, {"authorization_endpoint": "http://proconnect.example/"}):
        provider.lie(discovery=lie)
        answer = Client().post("/proconnect/")
        assert answer.status_code == 503
        assert "proconnect.example" not in answer.content.decode()


# ---- replayed


def test_an_answer_serves_once(town: Territory, provider: Provider):
    links(Client(), provider, town)
    client = Client()
    way = provider.way(client, "camille")
    assert client.get(way)["Location"] == "/"
    client.post("/deconnexion/")
    refused(client.get(way), client, "state")


def test_an_answer_serves_in_the_browser_that_asked_and_in_no_other(town: Territory, provider: Provider):
    links(Client(), provider, town)
    way = provider.way(Client(), "camille")
    victim = Client()
    refused(victim.get(way), victim, "state")


@pytest.mark.parametrize("state", ["", "s" * 43])
def test_an_answer_to_nothing_that_was_asked_is_refused(town: Territory, provider: Provider, state: str):
    client = Client()
    refused(client.get(changed(provider.way(client, "camille"), state=state)), client, "state")


def test_the_code_of_one_entry_does_not_serve_another(town: Territory, provider: Provider):
    """Its PKCE verifier, and the nonce of its token, stand in another session."""
    stolen = parse_qs(urlsplit(provider.way(Client(), "camille")).query)["code"][0]
    client = Client()
    refused(client.get(changed(provider.way(client, "nobody"), code=stolen)), client, "silent")


def test_the_token_of_an_earlier_entry_is_recognised_by_its_nonce(town: Territory, provider: Provider):
    provider.way(Client(), "camille")
    provider.lie(id_token={"how": "earlier_nonce"})
    client = Client()
    refused(provider.enter(client, "camille"), client, "replayed")


def test_an_answer_that_says_it_comes_from_another_issuer_is_refused(town: Territory, provider: Provider):
    client = Client()
    refused(
        client.get(changed(provider.way(client, "camille"), iss="https://proconnect.example")), client, "not_for_us"
    )


# ---- establishments


def test_another_establishment_waits_and_an_unreadable_one_is_none(town: Territory, provider: Provider):
    links(Client(), provider, town)
    for siret in ("99999998900000", "99999999400001", "", None, 99999999400000, "' OR 1=1"):
        provider.lie(userinfo={"claims": {"siret": siret}})
        client = Client()
        assert provider.enter(client, "camille")["Location"] == WAITING
        assert not factors.is_in(client)
    assert ProConnectRequest.objects.filter(professional=town.camille.professional).count() == 2


# ---- said otherwise


def test_who_gives_up_there_and_who_is_refused_there_is_told_so(town: Territory, provider: Provider):
    client = Client()
    state = parse_qs(urlsplit(provider.way(client, "camille")).query)["state"][0]
    gave_up = client.get(f"/proconnect/retour/?error=access_denied&state={state}")
    assert str(SENTENCES["cancelled"]) in gave_up.content.decode()
    state = parse_qs(urlsplit(provider.way(client, "camille")).query)["state"][0]
    refused(client.get(f"/proconnect/retour/?error=server_error&state={state}"), client, "refused")


def test_what_the_provider_says_is_only_ever_text(town: Territory, provider: Provider):
    provider.lie(
        userinfo={"claims": {"given_name": "<script>alert(1)</script>", "usual_name": "A\u202eB", "email": {"a": 1}}}
    )
    client = Client()
    provider.enter(client, "camille")
    page = client.get(WAITING).content.decode()
    assert "&lt;script&gt;" in page
    assert "<script>alert" not in page
    assert "\u202e" not in page


def test_next_leads_nowhere_else_than_here(town: Territory, provider: Provider):
    links(Client(), provider, town)
    client = Client()
    assert provider.enter(client, "camille", next_url="https://evil.example/")["Location"] == "/"


def test_while_the_provider_is_silent_the_page_says_so_and_the_password_still_enters(
    town: Territory, provider: Provider, settings: Any
):
    settings.PROCONNECT = provider.described(discovery_url="http://127.0.0.1:9/api/v2/.well-known/openid-configuration")
    client = Client()
    answer = client.post("/proconnect/")
    assert answer.status_code == 503
    assert str(SENTENCES["silent"]) in answer.content.decode()
    factors.enter(client, town.camille.professional)
    assert factors.is_in(client)


def test_no_page_calls_the_provider_nor_anybody_else(town: Territory, provider: Provider):
    """The browser is only ever sent there: nothing is loaded from there."""
    client = Client()
    pages = [client.get("/connexion/"), client.post("/proconnect/")]
    provider.enter(client, "camille")
    pages.append(client.get(WAITING))
    for page in pages:
        loaded = re.findall(
            r'<(?:script|img|link|iframe|source)[^>]+(?:src|href)="(https?:[^"]*)"', page.content.decode()
        )
        assert not loaded
        assert "form-action 'self'" in page["Content-Security-Policy"]


def test_neither_tokens_nor_names_reach_the_logs(
    town: Territory, provider: Provider, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
):
    tokens: list[str] = []
    kept = requests.Session.request

    def seen(self: Any, *args: Any, **options: Any) -> Any:
        answer = kept(self, *args, **options)
        if answer.headers.get("Content-Type", "").startswith(("application/jwt", "application/json")):
            tokens.extend(re.findall(r"eyJ[\w-]{20,}", answer.text))
        return answer

    monkeypatch.setattr(requests.Session, "request", seen)
    with caplog.at_level(logging.DEBUG):
        provider.enter(Client(), "camille")
        provider.lie(id_token={"claims": {"aud": "else"}})
        provider.enter(Client(), "camille")
    assert tokens
    ours = "\n".join(one.getMessage() for one in caplog.records if not one.name.startswith("urllib3"))
    assert not [one for one in tokens if one in ours]
    assert "elsewhere.example" not in ours
    assert personas.PASSWORD not in ours
