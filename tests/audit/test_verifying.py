"""The verification as a job: one at a time, beating as it reads, begun again where its worker died, waiting where none comes."""

import subprocess
import time
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connection, transaction
from django.urls import reverse
from kombu.exceptions import OperationalError

from audit import tasks, verification, verification_views, verifying, window_readers
from audit.models import Verification
from audit.report import Report
from partners import clock
from tests import personas

ADDRESS = "/audit/verification/"


@pytest.fixture
def no_queue(monkeypatch: pytest.MonkeyPatch) -> None:
    """Redis does not answer."""

    def down(**_options: Any) -> None:
        raise OperationalError

    monkeypatch.setattr(tasks.verify_asked, "apply_async", down)
    monkeypatch.setattr(verifying._Queue, "left_alone_until", 0.0)


def test_asked_for_with_the_queue_down_it_waits_says_so_is_done_once_by_the_schedule_and_stays_in_the_list(
    own_database: str, no_queue: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    territory = personas.build()
    yann = personas.signed_in(territory.yann)
    assert "Aucune vérification n’est terminée" in yann.get(ADDRESS).content.decode()
    first, again = yann.post(ADDRESS), personas.signed_in(territory.claire).post(ADDRESS)
    assert first.status_code == 302
    assert first.headers["Location"] == again.headers["Location"]
    job = Verification.objects.get()
    page = yann.get(first.headers["Location"]).content.decode()
    assert "Elle commence dans un instant" in page
    assert 'hx-trigger="every 2s"' in page
    monkeypatch.setattr(verification_views, "WAITS_SECONDS", -1)
    assert "dès qu’ils seront revenus" in yann.get(first.headers["Location"]).content.decode()
    tasks.verify_asked()
    tasks.verify_asked()
    job.refresh_from_db()
    assert (job.holds, job.asked_by, job.found["attempts"]) == (True, territory.yann.pk, 1), job.found
    assert job.checked == job.total > 0
    page = yann.get(first.headers["Location"]).content.decode()
    assert "tout concorde" in page
    assert "hx-trigger" not in page
    assert first.headers["Location"] in yann.get(ADDRESS).content.decode()
    assert yann.get(reverse("audit:verified", args=[territory.yann.pk])).status_code == 404


def test_it_beats_as_it_reads_and_nobody_else_takes_it_until_its_worker_is_dead(
    own_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verifying, "hurry", lambda: None)
    monkeypatch.setattr(verifying, "BEAT_SECONDS", 0.05)
    job = verifying.ask(by=None)
    seen: list[tuple[int, int]] = []

    def dies(*, progress: Any, receipts: bool) -> Report:
        progress(3, 10)
        deadline = time.monotonic() + 20
        while not seen and time.monotonic() < deadline:
            seen.extend(Verification.objects.filter(checked=3).values_list("checked", "total"))
        raise SystemExit

    monkeypatch.setattr(verification, "verify", dies)
    with pytest.raises(SystemExit):
        verifying.carry_out()
    assert seen == [(3, 10)]
    monkeypatch.undo()
    assert verifying.carry_out() is None, "its worker may live: nobody takes it"
    Verification.objects.update(beat_at=clock.now() - verifying.STALE - timedelta(seconds=1))
    yann = personas.signed_in(personas.build().yann)
    assert "ne donne plus signe de vie" in yann.get(reverse("audit:verified", args=[job.pk])).content.decode()
    ended = verifying.carry_out()
    assert ended is not None
    assert (ended.holds, ended.found["attempts"]) == (True, 2)
    assert verifying.carry_out() is None


def test_one_that_hangs_is_stopped_after_six_hours_says_so_and_another_can_be_asked_for(
    own_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verifying, "hurry", lambda: None)
    monkeypatch.setattr(verifying, "BEAT_SECONDS", 0.05)
    job = verifying.ask(by=None)
    begun = clock.now() - verifying.LONGEST + timedelta(seconds=1)
    Verification.objects.update(started_at=begun)

    def hangs(*, progress: Any, receipts: bool) -> Report:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT pg_sleep(60)")
        raise AssertionError("nobody stopped it")

    began = time.monotonic()
    with monkeypatch.context() as patched:
        patched.setattr(verification, "verify", hangs)
        ended = verifying.carry_out()
    assert time.monotonic() - began < 30
    assert ended is not None
    assert (ended.pk, ended.holds, ended.found["stopped"]) == (job.pk, None, verifying.TOO_LONG)
    yann = personas.signed_in(personas.build().yann)
    assert "plus de six heures" in yann.get(reverse("audit:verified", args=[job.pk])).content.decode()
    # So is one whose worker died and that nobody took up in time; the next one is done.
    late = verifying.ask(by=None)
    Verification.objects.filter(pk=late.pk).update(started_at=clock.now() - verifying.LONGEST)
    stopped = verifying.carry_out()
    assert stopped is not None
    assert (stopped.pk, stopped.found["stopped"]) == (late.pk, verifying.TOO_LONG)
    verifying.ask(by=None)
    done = verifying.carry_out()
    assert done is not None
    assert done.holds


def test_what_reads_for_a_verification_that_is_stopped_ends_with_it() -> None:
    reader = subprocess.Popen(["sleep", "60"], stdout=subprocess.PIPE)
    running = window_readers._running
    running.add(reader)
    try:
        window_readers.stop()
        with pytest.raises(window_readers.ReaderLost):
            next(window_readers._by_several([(0, 1)], [reader]))
    finally:
        running.discard(reader)
        reader.communicate()


@pytest.mark.django_db
def test_what_cannot_conclude_ends_and_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_key(**_options: Any) -> None:
        raise ImproperlyConfigured

    monkeypatch.setattr(verification, "verify", no_key)
    job = verifying.ask(by=None)
    ended = verifying.carry_out()
    assert ended == job
    assert ended is not None
    assert (ended.holds, ended.found["stopped"]) == (None, verifying.NO_KEY)
    verifying.ask(by=None)
    Verification.objects.filter(ended_at=None).update(found={"attempts": verifying.MOST_ATTEMPTS})
    tired = verifying.carry_out()
    assert tired is not None
    assert (tired.holds, tired.found["stopped"]) == (None, verifying.GIVEN_UP)


@pytest.mark.django_db
def test_the_night_asks_once_and_makes_up_for_a_night_without_the_schedule() -> None:
    Verification.objects.create(asked_at=clock.now() - timedelta(days=1), ended_at=clock.now())
    assert verifying.ask_nightly() is not None
    assert verifying.ask_nightly() is None
