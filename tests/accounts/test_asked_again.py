"""After five minutes, who holds the keyboard is asked again: in the emergency's own form, and before what leaves the house."""

from collections.abc import Callable
from urllib.parse import urlencode

from django.test import Client
from django.urls import reverse

from audit.models import Access, Entry
from sharing.models import Disclosure
from tests import personas
from tests.accounts import factors as ways
from tests.personas import Territory
from tests.sharing.ways import draft_of, send
from tests.urgency.ways import HAPPENING, typed

SignIn = Callable[[str], Client]


def test_a_code_proves_it_inside_an_emergency_and_serves_once(territory: Territory, sign_in: SignIn) -> None:
    ways.wait_for_a_step_that_lasts()
    secret = ways.with_application(territory.camille.professional)
    crip = personas.crip(territory)
    address = reverse("sharing:urgency", args=[territory.case.reference])
    camille = ways.stale(sign_in("camille"))
    asked = camille.post(address, typed(crip, danger="child"))
    page = asked.content.decode()
    assert asked.status_code == 422
    assert "Votre mot de passe, ou le code de votre application" in page
    assert HAPPENING in page
    code = ways.code_of(secret)
    wrong = camille.post(
        address, typed(crip, danger="child") | {"password": "000000" if code != "000000" else "111111"}
    )
    assert wrong.status_code == 422
    assert HAPPENING in wrong.content.decode()
    assert not Disclosure.objects.exists()
    assert camille.post(address, typed(crip, danger="child") | {"password": code}).status_code == 302
    later = ways.stale(camille)
    assert later.post(address, typed(crip, danger="child") | {"password": code}).status_code == 422


def test_guessing_inside_an_emergency_is_slow_and_a_rescue_never_waits_for_it(
    territory: Territory, sign_in: SignIn
) -> None:
    crip, rescue = personas.crip(territory), personas.rescue(territory)
    address = reverse("sharing:urgency", args=[territory.case.reference])
    camille = ways.stale(sign_in("camille"))
    for _try in range(5):
        camille.post(address, typed(crip, danger="child") | {"password": "ce n’est pas elle"})
    late = camille.post(address, typed(crip, danger="child") | {"password": personas.PASSWORD})
    assert late.status_code == 422
    assert "puis réessayez. En cas de danger, appelez" in late.content.decode()
    assert Access.objects.filter(action="session.checked", granted=False).count() == 5
    assert camille.post(address, typed(rescue)).status_code == 302


def test_what_leaves_the_house_asks_who_takes_it_and_leads_back(territory: Territory, sign_in: SignIn) -> None:
    personas.parents_agree(territory)
    sent = send(draft_of(territory), territory.camille).disclosure
    assert sent is not None
    case = territory.case.reference
    doors = {
        "camille": [
            reverse("sharing:sent_proof", args=[sent.pk]),
            reverse("sharing:proofs", args=[case]),
            reverse("sharing:proofs_file", args=[case]),
        ],
        "lantier": [reverse("sharing:received_proof", args=[sent.pk])],
        "yann": [reverse("audit:entry_proof", args=[Entry.objects.latest("pk").uuid])],
    }
    for name, addresses in doors.items():
        client = ways.stale(sign_in(name))
        for address in addresses:
            answer = client.get(address)
            assert (answer.status_code, answer.headers["Location"].partition("?")[0]) == (302, ways.AGAIN), address
    camille = ways.stale(sign_in("camille"))
    wanted = doors["camille"][0]
    page = camille.get(wanted, follow=True).content.decode()
    assert "plus de cinq minutes" in page
    assert camille.post(ways.AGAIN, {"password": "", "next": wanted}).status_code == 422
    back = camille.post(ways.AGAIN, {"password": personas.PASSWORD, "next": wanted})
    assert back.headers["Location"] == wanted
    assert camille.get(wanted).headers["Content-Type"] == "application/zip"
    elsewhere = camille.post(ways.AGAIN, {"password": personas.PASSWORD, "next": "https://evil.example/"})
    assert elsewhere.headers["Location"] == "/"


def test_a_button_that_was_pressed_leads_back_to_its_page(territory: Territory, sign_in: SignIn) -> None:
    personas.parents_agree(territory)
    sent = send(draft_of(territory), territory.camille).disclosure
    assert sent is not None
    lantier = ways.stale(sign_in("lantier"))
    here = reverse("sharing:received", args=[sent.pk])
    address = reverse("sharing:received_proof", args=[sent.pk])
    for referer, target in ((f"http://testserver{here}", here), ("https://evil.example/", "/"), ("", "/")):
        answer = lantier.post(address, headers={"Referer": referer})
        assert answer.headers["Location"] == f"{ways.AGAIN}?{urlencode({'next': target})}", referer
