"""The head of the trail leaves the house each day, once, to who protects data and who audits, and to addresses outside."""

from datetime import timedelta
from pathlib import Path
from typing import Any

from django.core import mail

from audit.models import Checkpoint
from partners import clock
from sharing import outbox
from sharing.daily import trail
from sharing.models import Outbox
from tests import personas
from tests.audit.sealing_ways import key_file, sealed, write
from tests.personas import CHILD_FIRST_NAME, CHILD_LAST_NAME

OUTSIDE = "notaire@etude.example"


def test_the_head_leaves_once_a_day_to_each_keeper_and_outside_with_what_to_compare_it_by(
    own_database: str, settings: Any, tmp_path: Path
) -> None:
    key_file(tmp_path, settings)
    settings.HEAD_MAIL_TO = (OUTSIDE,)
    territory = personas.build()
    at = clock.now()
    assert trail.send_heads(at) == 0, "nothing is sealed yet"
    sealed()
    head = Checkpoint.objects.get()
    assert trail.send_heads(at) == 3
    write(4)
    sealed()
    assert trail.send_heads(at) == 0
    settings.HEAD_MAIL_TO = (OUTSIDE, "second@etude.example")
    assert trail.send_heads(at) == 1, "who comes later that day is sent the same head"
    outbox.sweep()
    keepers = {one.professional.email for one in (territory.yann, territory.claire)}
    assert {to for letter in mail.outbox for to in letter.to} == keepers | set(settings.HEAD_MAIL_TO)
    for letter in mail.outbox:
        assert bytes(head.note).decode() in letter.body
        assert f"/audit/tetes/{head.size}/" in letter.body
        assert "verify_audit --since" in letter.body
        for name in (CHILD_FIRST_NAME, CHILD_LAST_NAME, "Camille", "Yann"):
            assert name not in f"{letter.subject} {letter.body}"
    assert trail.send_heads(at + timedelta(days=1)) == 4
    latest = Outbox.objects.latest("pk").counts
    assert (latest["since"], latest["added"]) == (head.size, 4)
