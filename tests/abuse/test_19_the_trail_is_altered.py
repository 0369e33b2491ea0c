"""Abuse 19: whoever holds the machine alters an entry, or cuts the tail. It is found, it is told, ordinary sharing waits."""

import json
import re
from pathlib import Path
from typing import Any

from django.core import mail
from django.urls import reverse

from audit import alarms, findings, verifying
from audit.models import Alarm, Checkpoint, Entry, Verification
from partners import clock
from sharing import outbox, service
from sharing.daily import trail
from sharing.models import Disclosure
from tests import personas
from tests.audit.forging import Forger, guards_asleep
from tests.audit.sealing_ways import key_file, sealed, write
from tests.personas import Territory
from tests.sharing.ways import draft_of, send
from tests.urgency.ways import sound

WHY = "Un disque a lâché ; la copie de la veille a été comparée, et l’entrée est connue."


def codes_of(disclosure: Disclosure) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(bytes(Entry.objects.get(pk=disclosure.entry_id).body))["codes"]
    return found


def verified() -> bool | None:
    verifying.ask(by=None)
    job = verifying.carry_out()
    assert job is not None
    return job.holds


def posted(client: Any, territory: Territory) -> Any:
    """The draft of everybody's story, sent from its page."""
    draft = draft_of(territory)
    address = reverse("sharing:check", args=[draft.case.reference, draft.pk])
    token = re.search(r'name="seen" value="([^"]+)"', client.get(address).content.decode())
    assert token is not None
    answer = client.post(address, {"seen": token[1]})
    draft.refresh_from_db()
    return answer, draft


def test_abuse_19_an_entry_altered_by_a_superuser_suspends_ordinary_sharing_until_a_dpo_says_why_it_may_go_on(
    own_database: str, superuser_cursor: Any, settings: Any, tmp_path: Path
) -> None:
    key_file(tmp_path, settings)
    territory = personas.build()
    personas.parents_agree(territory)
    sealed()
    assert verified() is True
    victim = Entry.objects.filter(action="item.added").earliest("pk")
    changed = bytes(victim.body).replace(b'"actor"', b'"actar"')
    with guards_asleep(superuser_cursor):
        superuser_cursor.execute("UPDATE audit_entry SET body = %s WHERE id = %s", [changed, victim.pk])

    assert verified() is False
    job = Verification.objects.exclude(holds=True).get()
    assert findings.read(job.found)[0].uuid == str(victim.uuid)
    assert alarms.sharing_suspended()
    alarm = Alarm.objects.get(kind="trail_altered")
    yann, claire = personas.signed_in(territory.yann), personas.signed_in(territory.claire)
    assert str(victim.uuid) in yann.get(reverse("audit:verified", args=[job.pk])).content.decode()

    for _again in range(2):
        trail.send_alarms(clock.now())
        outbox.sweep()
    told = {to for letter in mail.outbox for to in letter.to if "alarme" in letter.subject}
    assert {territory.yann.professional.email, territory.claire.professional.email} <= told
    assert len([letter for letter in mail.outbox if "alarme" in letter.subject]) == len(told) * Alarm.objects.count()
    assert "Une entrée du journal a été modifiée" in claire.get("/").content.decode()

    answer, draft = posted(personas.signed_in(territory.camille), territory)
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "Le partage ordinaire est suspendu" in page
    assert reverse("sharing:urgency", args=[territory.case.reference]) in page
    assert (draft.sent_at, draft.discarded_at) == (None, None)
    assert not Disclosure.objects.exists()
    held = Entry.objects.filter(action="disclosure.not_sent").latest("pk")
    assert json.loads(bytes(held.body))["codes"]["trail_alarmed"] is True

    urgent = sound(territory, personas.rescue(territory))
    assert urgent.outcome is service.Outcome.RELEASED
    assert urgent.disclosure is not None
    assert codes_of(urgent.disclosure)["trail_alarmed"] is True
    assert "voie d’urgence" in yann.get("/audit/", {"action": "disclosure.released"}).content.decode()

    address = reverse("audit:alarm", args=[alarm.pk])
    assert yann.post(address, {"why": WHY}).status_code == 404
    assert claire.post(address, {"why": "Bon."}).status_code == 422
    assert alarms.sharing_suspended()
    assert claire.post(address, {"why": WHY}).status_code == 302
    assert claire.post(address, {"why": WHY}).status_code == 409
    alarm.refresh_from_db()
    assert (alarm.lifted_by, alarm.lifted_why) == (territory.claire.pk, WHY)
    alarms.write_down(at=clock.now())
    assert {"alarm.raised", "alarm.lifted"} <= set(Entry.objects.values_list("action", flat=True))
    assert verified() is False
    assert not alarms.sharing_suspended()
    after = send(draft_of(territory), territory.camille)
    assert after.disclosure is not None
    assert "trail_alarmed" not in codes_of(after.disclosure)


def test_abuse_19_a_tail_that_was_cut_is_found_by_the_head_that_was_kept_outside(
    own_database: str, superuser_cursor: Any, settings: Any, tmp_path: Path
) -> None:
    key_file(tmp_path, settings)
    territory = personas.build()
    sealed()
    before = Checkpoint.objects.get()
    write(3)
    sealed()
    kept = bytes(Checkpoint.objects.latest("size").note).decode()
    claire = personas.signed_in(territory.claire)
    address = reverse("audit:heads")
    # As a mail program may give it back: other ends of lines, spaces around.
    whole = claire.post(address, {"note": f"\r\n  {kept.strip()} \r\n".replace("\n", "\r\n")}).content.decode()
    assert "prolonge cette tête" in whole
    assert "ne prolonge pas" not in whole
    assert claire.post(address, {"note": "n’importe quoi"}).status_code == 422
    assert "Aucune clé connue" in claire.post(address, {"note": kept.replace("journal", "jornal")}).content.decode()
    assert not Alarm.objects.exists()

    Forger(superuser_cursor, None).cut(before.size)  # type: ignore[arg-type]
    assert verified() is True, "alone, the trail says nothing: the head outside is the whole protection"
    assert "prolonge cette tête" in claire.post(address, {"note": bytes(before.note).decode()}).content.decode()
    assert not alarms.sharing_suspended()
    assert "ne prolonge pas cette tête" in claire.post(address, {"note": kept}).content.decode()
    assert alarms.sharing_suspended()
    assert [one.kind for one in alarms.standing()] == ["heads_inconsistent"]
