"""Sessions: listed in plain words, ended from elsewhere, ended by idleness and by a day's work; no network address is kept."""

import time
from collections.abc import Callable
from datetime import timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse

from audit.models import Access
from partners import clock
from partners.accounts import browsers, sessions
from partners.models import Membership
from sharing.models import Draft
from tests import personas
from tests.accounts.ways import FIREFOX, IPHONE, enter, letters
from tests.personas import Territory
from tests.sharing.ways import draft_of

pytestmark = pytest.mark.django_db
LIST = "/compte/sessions/"


def desk_and_telephone(camille: Membership) -> tuple[Client, Client]:
    desk, telephone = Client(headers={"User-Agent": FIREFOX}), Client(headers={"User-Agent": IPHONE})
    for one in (desk, telephone):
        assert enter(one, camille.professional.email).status_code == 302
    return desk, telephone


def test_she_sees_each_of_hers_in_plain_words_and_ends_one(camille: Membership) -> None:
    desk, telephone = desk_and_telephone(camille)
    page = desk.get(LIST).content.decode()
    assert page.index("Firefox sur Linux</strong> (cette session)") < page.index("Safari sur iPhone")
    line = UserSession.objects.get(user_agent="Safari · iPhone")
    assert desk.post(LIST, {"session": str(line.pk)}, follow=True).status_code == 200
    assert telephone.get(LIST).status_code == 302, "the next request is refused"
    assert "iPhone" not in desk.get(LIST).content.decode()
    assert Access.objects.filter(action="session.revoked", professional_ref=camille.professional_id).count() == 1


def test_she_ends_all_the_others_and_stays(camille: Membership) -> None:
    desk, telephone = desk_and_telephone(camille)
    other = Client()
    enter(other, camille.professional.email)
    said = desk.post(LIST, {"session": "others"}, follow=True).content.decode()
    assert "2 sessions sont fermées." in said.replace("\N{NO-BREAK SPACE}", " ")
    assert [one.get(LIST).status_code for one in (desk, telephone, other)] == [200, 302, 302]


def test_nobody_ends_the_session_of_another_nor_learns_that_there_is_one(territory: Territory) -> None:
    desk, _telephone = desk_and_telephone(territory.camille)
    leila = Client()
    enter(leila, territory.leila.professional.email)
    hers = UserSession.objects.filter(user_id=territory.camille.professional_id).first()
    assert hers is not None
    for chosen in (str(hers.pk), "999999999", "-1", "autre", "9" * 30, ""):
        assert "Il n’y avait rien à fermer" in leila.post(LIST, {"session": chosen}, follow=True).content.decode()
    assert desk.get(LIST).status_code == 200


def test_no_network_address_and_no_whole_user_agent_is_kept(camille: Membership) -> None:
    client = Client(headers={"User-Agent": FIREFOX})
    enter(client, camille.professional.email, network="203.0.113.42")
    client.get(LIST)
    line = UserSession.objects.get()
    assert (line.ip, line.user_agent) == (sessions.NO_ADDRESS, "Firefox · Linux")
    assert "203.0.113.42" not in str(client.session.items())
    assert enter(Client(), camille.professional.email, network="").status_code == 302


@pytest.mark.parametrize(
    ("user_agent", "words"),
    [
        (FIREFOX, "Firefox · Linux"),
        (IPHONE, "Safari · iPhone"),
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0",
            "Edge · Windows",
        ),
        (
            "Mozilla/5.0 (Linux; Android 16; Pixel 9) AppleWebKit/537.36 Chrome/142.0.0.0 Mobile Safari/537.36",
            "Chrome · Android",
        ),
        ("curl/8.5.0", ""),
        ("", ""),
    ],
)
def test_a_browser_is_said_as_its_owner_knows_it(user_agent: str, words: str) -> None:
    assert browsers.described(user_agent) == words


def test_thirty_minutes_without_a_request_end_a_session_and_its_draft_is_kept(territory: Territory) -> None:
    draft = draft_of(territory)
    camille = Client()
    enter(camille, territory.camille.professional.email)
    page = reverse("sharing:compose", args=[territory.case.reference, draft.pk])
    assert camille.get(page).status_code == 200
    ends = Session.objects.get(session_key=camille.session.session_key).expire_date
    assert timedelta(minutes=29) < ends - clock.now() <= timedelta(minutes=30)
    Session.objects.update(expire_date=clock.now() - timedelta(seconds=1))
    refused = camille.get(page)
    assert refused.headers["Location"].startswith("/connexion/?next=")
    assert "terminée par sécurité" in camille.get(refused.headers["Location"]).content.decode()
    assert Draft.objects.filter(pk=draft.pk, sent_at=None).exists()
    back = enter(camille, territory.camille.professional.email, next=page)
    assert back.headers["Location"] == page
    assert camille.get(page).status_code == 200


def test_every_request_renews_the_thirty_minutes_and_twelve_hours_end_them_all_the_same(camille: Membership) -> None:
    client = Client()
    enter(client, camille.professional.email)
    session = client.session
    session[sessions.OPENED_AT] = time.time() - 12 * 3600 + 60
    session.save()
    assert client.get("/compte/").status_code == 200
    session[sessions.OPENED_AT] = time.time() - 12 * 3600
    session.save()
    assert client.get("/compte/").headers["Location"] == "/connexion/?fin=journee"
    assert not Session.objects.filter(session_key=session.session_key).exists()


def test_the_cookie_ends_with_the_browser_and_no_script_reads_it(camille: Membership, client: Client) -> None:
    cookie = enter(client, camille.professional.email).cookies[settings.SESSION_COOKIE_NAME]
    assert (cookie["max-age"], cookie["expires"]) == ("", "")
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert cookie["path"] == "/"
    assert not cookie["domain"]


def test_a_session_from_a_browser_that_never_entered_is_told_by_letter_but_not_the_first_one(
    camille: Membership,
) -> None:
    first, email = Client(), camille.professional.email
    enter(first, email)
    assert letters() == []
    first.post("/deconnexion/")
    enter(first, email)
    assert letters() == [], "the same browser"
    enter(Client(), email)
    (letter,) = letters()
    assert letter.subject == "Tact\N{NO-BREAK SPACE}: une session vient de s’ouvrir depuis un nouveau navigateur"
    enter(Client(), email)
    assert letters() == [], "one a day"


def test_acting_for_another_institution_gives_the_session_a_new_key_that_the_list_follows(territory: Territory) -> None:
    camille = territory.camille
    other = personas.post(
        camille.professional, territory.clinic, camille.role, "Assistante sociale", "profession", "CASF L411-3"
    )
    browser = Client()
    assert enter(browser, camille.professional.email).status_code == 302
    key = browser.session.session_key
    answer = browser.post("/agir-pour/", {"membership": str(other.pk)})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/")
    assert browser.session.session_key != key
    assert not Session.objects.filter(session_key=key).exists()
    assert UserSession.objects.get().session_key == browser.session.session_key


def test_what_expired_is_forgotten(camille: Membership, client: Client) -> None:
    enter(client, camille.professional.email)
    Session.objects.update(expire_date=clock.now() - timedelta(seconds=1))
    sessions.forget()
    assert not Session.objects.exists()
    assert not UserSession.objects.exists()


@pytest.mark.parametrize("door", ["/compte/", LIST, "/compte/mot-de-passe/"])
def test_pages_of_an_account_are_one_s_own_and_kept_by_nobody(
    door: str, territory: Territory, sign_in: Callable[[str], Client]
) -> None:
    answer = sign_in("leila").get(door)
    assert answer.headers["Cache-Control"] == "no-store"
    assert territory.camille.professional.email not in answer.content.decode()
