"""Abuse 28: names and words that exist nowhere else, then the whole way, then every place where they must not be."""

import logging
import os
import re
from typing import Any

import pytest
from django.conf import settings
from django.core import mail
from django.db import DataError, connection
from django.urls import reverse

from cases.models import Item
from config import embedded
from sharing import outbox
from sharing.models import Disclosure, Draft
from tests import personas, sinks
from tests.personas import Territory
from tests.sinks import Walk

FIRST, LAST, MOTHER, TOWN = "Zéphirine", "Quillebœuf-Canari", "Ombeline", "Rue-des-Canaris"
TITLE, TEXT, WORDS, NEED, GOOD = "Intitulécanari", "Textecanari", "Motscanari", "Besoincanari", "Bienfaitcanari"
CANARIES = (FIRST, LAST, "Quilleb", MOTHER, TOWN, TITLE, TEXT, WORDS, NEED, GOOD)
PROFESSIONALS = ("Lantier", "Roussel")
"""Names of professionals: pages and letters of the trail may show them, logs, queues and addresses may not."""


def sung(text: str, *more: str) -> list[str]:
    """The canaries found in a text, however it is encoded."""
    plain = text.encode().decode("unicode_escape", errors="ignore") if "\\u" in text else text
    return [one for one in (*CANARIES, *more) if one.lower() in text.lower() or one.lower() in plain.lower()]


def seed(territory: Territory) -> None:
    child, mother = territory.child, territory.mother
    child.first_name, child.last_name = FIRST, LAST
    child.save()
    mother.first_name, mother.last_name = MOTHER, LAST
    mother.save()


def whole_way(territory: Territory, walk: Walk) -> None:
    """Write down, compose, be refused, record the agreement, send, read, acknowledge, withdraw; and try what is not one's own."""
    camille, lantier, leila = (
        personas.signed_in(one) for one in (territory.camille, territory.lantier, territory.leila)
    )
    ref = territory.case.reference
    walk.go(camille, "get", "/")
    walk.go(camille, "get", "/situations/")
    walk.go(camille, "post", "/situations/", {"q": LAST})
    walk.go(
        camille, "post", "/situations/nouvelle/", {"first_name": FIRST, "last_name": LAST, "birth_date": "2017-01-01"}
    )
    walk.go(camille, "get", f"/situations/{ref}/")
    walk.go(camille, "post", f"/situations/{ref}/identite")
    item = personas.write_down(territory.case, territory.camille, label=TITLE, text=f"{TEXT} {TOWN}")
    walk.go(camille, "get", reverse("cases:item", args=[ref, item.pk]))
    walk.go(
        camille, "post", reverse("cases:item_new", args=[ref]), {"label": TITLE, "text": TEXT, "third_parties": MOTHER}
    )
    walk.go(camille, "post", reverse("sharing:start", args=[ref]))
    draft = Draft.objects.get(sent_at=None)
    typed = {
        "purpose": "scolarite",
        "recipient": str(territory.lantier.pk),
        "benefit": GOOD,
        "item": [str(item.pk)],
        f"necessity-{item.pk}": NEED,
    }
    where = [ref, draft.pk]
    walk.go(camille, "post", reverse("sharing:verdict", args=where), typed)
    walk.go(camille, "post", reverse("sharing:compose", args=where), typed | {"action": "check"})
    walk.go(camille, "get", reverse("consent:new", args=[ref]))
    agreed = personas.parents_agree(territory)
    personas.parents_refuse(territory, recipient=territory.aubin)
    page = walk.go(camille, "get", reverse("sharing:check", args=where)).content.decode()
    token = re.search(r'name="seen" value="([^"]+)"', page)
    assert token is not None
    walk.go(camille, "post", reverse("sharing:check", args=where), {"seen": token[1]})
    walk.go(camille, "get", reverse("sharing:done", args=where))
    sent = Disclosure.objects.get()
    received = reverse("sharing:received", args=[sent.pk])
    walk.go(lantier, "get", "/recu/")
    walk.go(lantier, "get", received)
    walk.go(lantier, "post", received)
    walk.go(lantier, "post", reverse("sharing:acknowledge", args=[sent.pk]))
    walk.go(camille, "get", "/communications/")
    walk.go(camille, "get", reverse("sharing:sent_one", args=[sent.pk]))
    walk.go(leila, "get", f"/situations/{ref}/")
    walk.go(leila, "post", received)
    walk.go(
        camille,
        "post",
        reverse("sharing:withdraw", args=[ref, agreed.pk]),
        {"form": "in_person", "own_words": WORDS, "speaker": str(territory.mother.pk)},
    )
    walk.go(camille, "get", reverse("consent:list", args=[ref]))
    walk.go(lantier, "post", received)
    for auditor in (personas.signed_in(territory.yann), personas.signed_in(territory.claire)):
        walk.go(auditor, "get", "/audit/")
        walk.go(auditor, "get", "/audit/acces/")
        walk.go(auditor, "post", "/audit/verification/")
    walk.go(lantier, "get", f"/situations/{ref}/nulle-part/")


@pytest.mark.django_db
def test_abuse_28_no_name_and_no_word_reaches_a_log_an_address_a_title_a_letter_a_queue_a_cache_or_a_session(
    territory: Territory, logs: list[str], queued: list[str], django_capture_on_commit_callbacks: Any
) -> None:
    if not os.environ.get("REDIS_URL"):
        embedded.ensure_redis()
    seed(territory)
    walk = Walk()
    with django_capture_on_commit_callbacks(execute=True):
        whole_way(territory, walk)
    outbox.sweep()
    assert walk.pages > 25
    assert not sung("\n".join(logs), *PROFESSIONALS)
    assert len(logs) > 20
    assert not sung("\n".join(walk.addresses), *PROFESSIONALS)
    assert not sung("\n".join(walk.titles))
    assert len(mail.outbox) == 2
    assert not sung("\n".join(one.message().as_string() for one in mail.outbox))
    assert queued
    assert not sung("\n".join(queued), *PROFESSIONALS)
    assert not sung(sinks.sessions())
    assert not sung(sinks.cached())
    assert not sung(sinks.bodies(), *PROFESSIONALS)
    assert not sung(sinks.everything_in_redis(), *PROFESSIONALS)
    assert Item.objects.filter(label=TITLE).exists()


@pytest.mark.django_db
def test_abuse_28_an_error_report_quotes_neither_a_row_nor_an_exception(logs: list[str]) -> None:
    log = logging.getLogger("django.request")
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT %s::uuid", [f"{FIRST} {LAST}"])
    except DataError:
        log.exception("Internal Server Error: /situations/%s/", LAST)
    assert logs
    assert not sung("\n".join(logs))
    assert "DataError" in logs[-1]


def test_abuse_28_a_production_cannot_be_put_in_debug(monkeypatch: pytest.MonkeyPatch) -> None:
    import runpy

    from django.core.exceptions import ImproperlyConfigured

    monkeypatch.setenv("TACT_ENV", "production")
    monkeypatch.setenv("TACT_DEBUG", "1")
    with pytest.raises(ImproperlyConfigured, match="TACT_DEBUG"):
        runpy.run_path(str(settings.BASE_DIR / "config" / "settings.py"))
