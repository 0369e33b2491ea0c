"""Small openings of the doors of accounts and programs: what is repeated in a log, what outlives a function, what takes longer."""

import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from audit.models import Access
from partners import clock
from partners.accounts import inviting, joining, sessions, waiting
from partners.models import Membership
from sharing.models import ApiToken
from tests import personas, posts
from tests.accounts.factors import stale, with_application
from tests.accounts.proconnect_ways import town
from tests.accounts.provider import Provider
from tests.accounts.test_inviting import account, admin_of, post
from tests.api.ways import program_of
from tests.personas import Territory
from tests.sharing.ways import draft_of, send

__all__ = ["town"]
pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "typed", ["Zorglub Dupont, 12 ans", "2026-\u0661\u0661\u0661\u0661", "\x00", "2026-0101\x00", "x" * 9_000]
)
def test_what_is_typed_for_a_reference_breaks_nothing_and_is_kept_nowhere(territory: Territory, typed: str) -> None:
    client = personas.signed_in(territory.camille, Client(raise_request_exception=False))
    for page in ("/demandes/nouvelle/", "/consultations/nouvelle/"):
        assert client.get(page, {"situation": typed, "case": typed}).status_code in {200, 404}
    noted = set(Access.objects.filter(object_type="case", granted=False).values_list("object_ref", flat=True))
    assert noted <= {""}


def test_an_invitation_gives_nothing_that_who_sent_it_may_no_longer_give(territory: Territory) -> None:
    """She still leads a team there; she no longer tends its directory."""
    admin = admin_of(territory)
    _sent, beyond = inviting.invite(post=post(functions=("reviewer",)), by=admin)
    _sent, within = inviting.invite(post=post(email="noe.petit@vallieres.fr"), by=admin)
    posts.has_functions(admin, "team_lead")
    with pytest.raises(joining.NotUsable):
        joining.accept(secret=beyond, by=account())
    assert joining.accept(secret=within, by=account(first_name="Noé", last_name="Petit")).functions == []


def test_what_left_from_somebody_else_s_situation_takes_as_long_as_nothing(territory: Territory) -> None:
    personas.parents_agree(territory)
    sent = send(draft_of(territory), territory.camille).disclosure
    assert sent is not None
    program = program_of(territory.perrin)
    done = []
    for pk in (uuid.uuid4(), sent.pk, uuid.uuid4()):
        with CaptureQueriesContext(connection) as asked:
            answer = program.get(f"communications/{pk}")
        done.append((answer.status_code, answer.content, len(asked)))
        assert Access.objects.filter(object_ref=str(pk), granted=False).exists()
    assert done[0] == done[1] == done[2]


def test_coming_back_from_nowhere_does_not_fill_the_access_log(town: Territory, provider: Provider) -> None:
    """Anybody may open the address of the way back, again and again, without ever having gone."""
    visitor = Client()
    for number in range(waiting.NETWORK.free + 10):
        assert visitor.get("/proconnect/retour/", {"state": f"{number}", "code": "x"}).status_code == 403
    since = clock.start_of(clock.day_of(clock.now()))
    assert Access.objects.filter(action="session.refused", at__gte=since).count() <= waiting.NETWORK.free + 1


def test_a_session_that_proves_too_little_accepts_no_post(territory: Territory) -> None:
    """The page of an invitation is open to all: the doors that look at a session are not on its way."""
    _sent, secret = inviting.invite(
        post=post(email=territory.perrin.professional.email, first_name="Paul", last_name="Perrin"), by=territory.nadia
    )
    page = reverse("partners:invitation", args=[secret])
    here = Membership.objects.filter(professional=territory.perrin.professional)
    before = here.count()
    weak, endless = personas.signed_in(territory.perrin), personas.signed_in(territory.perrin)
    session = endless.session
    session[sessions.OPENED_AT] = (clock.now() - timedelta(hours=13)).timestamp()
    session.save()
    assert endless.post(page)["Location"].startswith("/connexion/?fin=journee")
    assert "_auth_user_id" not in endless.session
    with_application(territory.perrin.professional)
    assert weak.post(page)["Location"].startswith("/compte/confirmer/")
    assert here.count() == before


def test_who_enters_by_a_provider_alone_enters_again_before_what_asks_who_she_is(territory: Territory) -> None:
    """Without a password or a factor here there is nothing to ask her: a session found open made tokens, for hours."""
    her = territory.camille.professional
    her.set_unusable_password()
    her.save(update_fields=["password"])
    client = stale(personas.signed_in(territory.camille))
    told = {
        "name": "Logiciel", "membership": str(territory.camille.pk), "scopes": ["directory:read"], "calls_a_day": "10",
        "expires_on": f"{clock.day_of(clock.now()) + timedelta(days=9):%Y-%m-%d}",
    }  # fmt: skip
    refused = client.post("/compte/jetons/nouveau/", told)
    assert refused.status_code == 422
    assert "entrez de nouveau" in refused.content.decode()
    assert not ApiToken.objects.exists()
    urgent = client.get(f"/situations/{territory.case.reference}/urgence/").content.decode()
    assert "entrez de nouveau" not in urgent, "nothing delays an alarm"
    assert personas.signed_in(territory.camille).post("/compte/jetons/nouveau/", told).status_code == 201
