"""Abuse 44: another site posts for us, frames us, sends us away, or calls us by another name."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from sharing.models import Draft
from tests import personas
from tests.doors import scene as scenes
from tests.doors.table import DOORS
from tests.personas import Territory
from tests.sharing.ways import draft_of

pytestmark = pytest.mark.django_db

ELSEWHERE = (
    "https://ailleurs.example/",
    "//ailleurs.example/",
    "///ailleurs.example",
    "/\\ailleurs.example",
    "\\\\ailleurs.example",
    "http:///ailleurs.example",
    "javascript:alert(1)",
    "data:text/html,x",
    " https://ailleurs.example",
    "/%0d%0aLocation:%20https://ailleurs.example",
    "https://testserver@ailleurs.example/",
    "https://testserver.ailleurs.example/",
)


def strict_client(territory: Territory) -> Client:
    return personas.signed_in(territory.camille, Client(enforce_csrf_checks=True))


def test_abuse_44_a_request_of_htmx_without_its_token_is_refused(territory: Territory) -> None:
    client = strict_client(territory)
    draft = draft_of(territory)
    verdict = reverse("sharing:verdict", args=[draft.case.reference, draft.pk])
    typed = {"purpose": "acces_droits", "benefit": "Écrit par un autre site"}
    assert client.post(verdict, typed, headers={"HX-Request": "true"}).status_code == 403
    assert client.post(verdict, typed, headers={"HX-Request": "true", "X-CSRFToken": "a" * 64}).status_code == 403
    assert Draft.objects.get(pk=draft.pk).purpose == "scolarite"
    page = client.get(reverse("sharing:compose", args=[draft.case.reference, draft.pk])).content.decode()
    token = re.search(r"\"X-CSRFToken\": \"([^\"]+)\"|X-CSRFToken&quot;: &quot;([^&]+)&quot;", page)
    assert token is not None
    answer = client.post(verdict, typed, headers={"HX-Request": "true", "X-CSRFToken": token[1] or token[2]})
    assert answer.status_code == 200
    assert Draft.objects.get(pk=draft.pk).purpose == "acces_droits"


def test_abuse_44_no_door_takes_a_post_without_a_token() -> None:
    scene = scenes.build()
    for door, method in DOORS:
        if method != "POST":
            continue
        client = personas.signed_in(scene.territory.camille, Client(enforce_csrf_checks=True))
        status = client.post(scenes.url(door, scene), {"email": "camille.roussel@tact.example"}).status_code
        assert status in (403, 405), (door, status)


def test_abuse_44_no_page_can_be_framed_kept_or_sniffed() -> None:
    scene = scenes.build()
    for door, method in DOORS:
        for persona in ("anonymous", "camille", "perrin"):
            answer = getattr(scene.client(persona), method.lower())(scenes.url(door, scene))
            assert answer.headers["X-Frame-Options"] == "DENY", door
            assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"], door
            assert "form-action 'self'" in answer.headers["Content-Security-Policy"], door
            assert answer.headers["X-Content-Type-Options"] == "nosniff", door
            assert "no-store" in answer.headers["Cache-Control"], door
            # Stricter where the address holds a secret: the invitation's.
            secret = door == "partners:invitation" and answer.status_code != 405
            assert answer.headers["Referrer-Policy"] == ("no-referrer" if secret else "same-origin"), door


@pytest.mark.parametrize("elsewhere", ELSEWHERE)
def test_abuse_44_next_leads_nowhere_else(territory: Territory, elsewhere: str) -> None:
    entering = Client().post(
        reverse("partners:sign_in"),
        {"login": territory.camille.professional.email, "password": personas.PASSWORD, "next": elsewhere},
    )
    choosing = personas.signed_in(territory.camille).post(
        reverse("partners:act_as"), {"membership": str(territory.camille.pk), "next": elsewhere}
    )
    speaking = Client().post(reverse("partners:set_language"), {"language": "en", "next": elsewhere})
    adding = personas.signed_in(territory.camille).get(
        reverse("cases:item_new", args=[territory.case.reference]), {"next": elsewhere}
    )
    for answer in (entering, choosing, speaking):
        assert answer.status_code == 302
        assert leads_home(answer.headers["Location"]), answer.headers["Location"]
    for address in re.findall(r"href=\"([^\"]*)\"", adding.content.decode()):
        assert "ailleurs.example" not in address or leads_home(address)
        assert not address.lower().strip().startswith(("javascript:", "data:"))


def leads_home(address: str) -> bool:
    return (
        address.startswith("/")
        and not address.startswith(("//", "/\\"))
        and "\n" not in address
        and "\r" not in address
    )


@pytest.mark.parametrize(
    "host",
    ["ailleurs.example", "testserver.ailleurs.example", "127.0.0.1.ailleurs.example", "testserver:80@ailleurs.example"],
)
def test_abuse_44_another_name_is_not_answered(host: str) -> None:
    for path in ("/connexion/", "/recu/"):
        answer = Client().get(path, headers={"Host": host})
        assert answer.status_code == 400
        assert "ailleurs.example" not in answer.content.decode()


def test_abuse_44_links_in_letters_come_from_the_settings_never_from_a_request(territory: Territory) -> None:
    from django.conf import settings
    from django.core import mail

    from sharing import outbox
    from tests.sharing.ways import send

    personas.parents_agree(territory)
    send(draft_of(territory), territory.camille)
    outbox.sweep()
    links = [word for letter in mail.outbox for word in letter.body.split() if "://" in word]
    assert links
    assert all(link.startswith(settings.SITE_URL + "/") for link in links)
