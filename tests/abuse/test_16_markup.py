"""Abuse 16: markup typed wherever somebody can type, then every page that shows it, and the mail."""

from html.parser import HTMLParser

import pytest
from django.core import mail
from django.test import Client

from partners.models import Institution, Membership, Professional
from sharing import outbox
from tests import personas, posts
from tests.doors import scene as scenes
from tests.doors.table import DOORS, PERSONAS
from tests.sharing.ways import draft_of, send

pytestmark = pytest.mark.django_db

PROBE = "\"'><x-probe onprobe=alert(1)>{{7|add:'1'}}</x-probe><!--"
CORPUS = (
    "<script>alert('probe')</script>",
    "</title></textarea></script><x-probe onprobe=1>",
    "<img src=x-probe onerror=alert(1)>",
    "<svg/onload=alert(1)><x-probe>",
    "{% templatetag openblock %} x-probe {{ request }}",
    "&lt;x-probe&gt; &#60;x-probe&#62;",
    "javascript:alert('x-probe')",
    "\u202e<x-probe>\u2066",
    "]]><x-probe>",
    "' onprobe='1",
)

FILES = {"application/pdf", "application/zip"}
"""What is handed over to be saved: no browser makes a page of it."""


class Seen(HTMLParser):
    """The elements and attributes that a browser would make of a page."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: set[str] = set()
        self.attributes: set[str] = set()
        self.addresses: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.add(tag)
        self.attributes |= {name for name, _value in attrs}
        self.addresses += [value or "" for name, value in attrs if name in {"href", "src", "action", "formaction"}]


def is_harmless(page: str) -> bool:
    seen = Seen(page)
    return (
        "x-probe" not in seen.elements
        and not {name for name in seen.attributes if name.startswith("on")}
        and not [one for one in seen.addresses if one.strip().lower().startswith(("javascript:", "data:"))]
    )


def poisoned() -> scenes.Scene:
    """The scene of the doors, with the probe in everything that somebody types or that an institution is called."""
    scene = scenes.build()
    territory = scene.territory
    item = personas.write_down(territory.case, territory.camille, label=PROBE, text=PROBE * 3)
    Institution.objects.update(name=PROBE, mission=PROBE, city=PROBE[:20], dpo_contact=PROBE, territory=PROBE)
    Membership.objects.update(job_title=PROBE)
    for post in Membership.objects.all():
        posts.is_bound(post, proof=PROBE)
    Professional.objects.update(title=PROBE[:12], first_name=PROBE, last_name=PROBE)
    for person in (territory.child, territory.mother, territory.father):
        person.first_name, person.last_name = PROBE, PROBE
        person.save()
    refreshed = Membership.objects.select_related("professional", "institution")
    object.__setattr__(territory, "camille", refreshed.get(pk=territory.camille.pk))
    object.__setattr__(territory, "lantier", refreshed.get(pk=territory.lantier.pk))
    scene.waiting.benefit = PROBE
    scene.waiting.save(update_fields=["benefit"])
    draft = draft_of(territory, items=[item])
    draft.benefit = PROBE
    draft.save(update_fields=["benefit"])
    personas.parents_refuse(territory, recipient=territory.sofia)
    released = send(draft, territory.camille).disclosure
    assert released is not None
    object.__setattr__(scene, "sent", released)
    return scene


def test_abuse_16_no_page_lets_markup_through() -> None:
    scene = poisoned()
    shown = 0
    for (door, method), said in DOORS.items():
        for persona in PERSONAS:
            if said[persona] not in (200, 422) or door in {"healthz", "readyz", "demo_components"}:
                continue
            if method == "POST" and door in {"partners:sign_in"}:
                continue
            client: Client = scene.client(persona)
            answer = getattr(client, method.lower())(scenes.url(door, scene))
            if answer.headers["Content-Type"] in FILES:
                assert answer.headers["Content-Disposition"].startswith("attachment")
                continue  # a paper's words are read in tests/papers
            page = answer.content.decode()
            assert is_harmless(page), (door, persona)
            shown += "&lt;x-probe" in page
            policy = answer.headers["Content-Security-Policy"]
            assert "unsafe" not in policy
            assert "script-src 'self'" in policy
            assert "default-src 'none'" in policy
    assert shown > 20, "the probe was hardly shown: the test proves little"


@pytest.mark.parametrize("typed", CORPUS)
def test_abuse_16_what_is_typed_is_read_as_it_was_typed(typed: str) -> None:
    territory = personas.build()
    personas.parents_agree(territory)
    item = personas.write_down(territory.case, territory.camille, label=typed[:60], text=typed)
    released = send(draft_of(territory, items=[item]), territory.camille).disclosure
    assert released is not None
    page = personas.signed_in(territory.lantier).post(f"/recu/{released.pk}/").content.decode()
    assert is_harmless(page)
    for path in (
        f"/situations/{territory.case.reference}/",
        f"/situations/{territory.case.reference}/elements/{item.pk}/",
    ):
        assert is_harmless(personas.signed_in(territory.camille).get(path).content.decode())


def test_abuse_16_a_search_is_echoed_as_text() -> None:
    territory = personas.build()
    client = personas.signed_in(territory.camille)
    for path in ("/annuaire/", "/recu/", "/communications/", "/connexion/"):
        for name in ("q", "etat", "page", "next", "onglet"):
            assert is_harmless(client.get(path, {name: PROBE}).content.decode()), (path, name)
    assert is_harmless(client.post("/situations/", {"q": PROBE}).content.decode())


def test_abuse_16_letters_hold_no_markup() -> None:
    poisoned()
    outbox.sweep()
    assert mail.outbox
    for letter in mail.outbox:
        assert letter.content_subtype == "plain"
        assert not getattr(letter, "alternatives", [])
        assert "x-probe" not in f"{letter.subject}{letter.body}{letter.extra_headers}"
        assert "\n" not in str(letter.subject)
