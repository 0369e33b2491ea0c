"""Heads and keys as the auditor reads them: the note in its exact bytes, how a key was introduced; content is nowhere near."""

import html
import re
from pathlib import Path
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from audit import alarms, keys, receipt_keys, verifying
from audit.models import Access, Alarm, Checkpoint, Entry, SealKey
from partners import clock
from tests import personas
from tests.audit.sealing_ways import as_sealer, key_file, sealed, write
from tests.sharing.ways import draft_of, send

CONTENT = re.compile(
    r"itemcontent|scancontent|sharing_draft|sharing_disclosure|cases_item\b|cases_person\b", re.IGNORECASE
)


def test_heads_and_keys_are_read_and_their_reading_noted(own_database: str, settings: Any, tmp_path: Path) -> None:
    key_file(tmp_path, settings)
    territory = personas.build()
    yann = personas.signed_in(territory.yann)
    assert "Aucune tête n’est encore signée" in yann.get(reverse("audit:heads")).content.decode()
    assert "Aucune encore" in yann.get(reverse("audit:keys")).content.decode()
    sealed()
    first = Checkpoint.objects.get()
    with as_sealer():
        keys.rotate()
    write(3)
    sealed()
    with as_sealer():
        Path(settings.SEAL_KEY).unlink()
        keys.rotate(lost=True)
    second = Checkpoint.objects.latest("size")
    listed = yann.get(reverse("audit:heads")).content.decode()
    assert listed.index(f"/tetes/{second.size}/") < listed.index(f"/tetes/{first.size}/")
    for head in (first, second):
        page = html.unescape(yann.get(reverse("audit:head", args=[head.size])).content.decode())
        assert bytes(head.note).decode() in page
        assert bytes(head.root).hex() in page
        signer = keys.in_force(keys.log_keys(), head.size)
        assert signer is not None
        assert signer.vkey in page
    assert "3 entrées de plus que la précédente" in page
    page = html.unescape(yann.get(reverse("audit:keys")).content.decode())
    assert all(one.vkey in page for one in SealKey.objects.all())
    assert receipt_keys.own().vkey in page
    assert page.count("La précédente l’a annoncée") == 1
    assert page.count("La précédente ne l’a pas annoncée") == 1
    assert yann.get(reverse("audit:head", args=[second.size + 1])).status_code == 404
    assert Access.objects.filter(action="head.read", granted=True, membership_ref=territory.yann.pk).count() > 4
    assert [one.kind for one in alarms.standing()] == ["key_introduced_without_the_former"]
    alarm = Alarm.objects.get()
    page = html.unescape(yann.get(reverse("audit:alarm", args=[alarm.pk])).content.decode())
    assert SealKey.objects.latest("from_size", "at").vkey in page
    assert "Les partages continuent" in page


def test_nothing_that_the_auditors_pages_load_holds_content(own_database: str, settings: Any, tmp_path: Path) -> None:
    key_file(tmp_path, settings)
    territory = personas.build()
    personas.parents_agree(territory)
    assert send(draft_of(territory), territory.camille).disclosure is not None
    head = sealed()
    assert head is not None
    job = verifying.ask(by=territory.yann.pk)
    alarms.raise_alarm(kind="guards_missing", found={"count": 0, "faults": []}, at=clock.now())
    released = Entry.objects.get(action="disclosure.released")
    addresses = [
        *map(reverse, ("audit:explorer", "audit:accesses", "audit:verification", "audit:heads", "audit:keys")),
        reverse("audit:alarms"),
        reverse("audit:entry", args=[released.uuid]),
        reverse("audit:entry_proof", args=[released.uuid]),
        reverse("audit:verified", args=[job.pk]),
        reverse("audit:head", args=[head.size]),
        reverse("audit:alarm", args=[Alarm.objects.get().pk]),
        "/audit/?family=disclosures&sealed=yes&cited=" + str(territory.school.pk),
    ]
    yann = personas.signed_in(territory.yann)
    yann.get(addresses[0])
    for address in addresses:
        with CaptureQueriesContext(connection) as queries:
            answer: Any = yann.get(address)
        assert answer.status_code == 200, address
        read = [query["sql"][:200] for query in queries.captured_queries if CONTENT.search(query["sql"])]
        assert not read, (address, read)
    page = yann.get(addresses[-1]).content.decode()
    assert "a communiqué à" in page
    assert f"tête de {head.size} entrées" in html.unescape(page)
