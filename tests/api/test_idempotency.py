"""A call made again does nothing more, and is answered the same: after a lost answer, by two programs at once, days later."""

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import OperationalError, connection, connections
from django.test import override_settings

from audit.models import Access, Entry
from partners import clock
from sharing.models import Call, IdempotentCall
from sharing.tasks import purge_calls
from tests import personas
from tests.api.ways import Program, program_of, token_of
from tests.personas import Territory

TRIAL = override_settings(ROOT_URLCONF="tests.api.trial_urls")
POLICE = {"caller": "Brigadier Lenoir"}


@pytest.fixture
def program(territory: Territory) -> Any:
    """Camille's, in the house of the trial."""
    with TRIAL:
        yield program_of(territory.camille)


@pytest.mark.django_db
def test_the_same_call_with_the_same_key_is_done_once(program: Program) -> None:
    first = program.post("essai", POLICE, key="cle-du-logiciel-1")
    again = program.post("essai", POLICE, key="cle-du-logiciel-1")
    assert first.status_code == again.status_code == 201
    assert first.content == again.content
    assert first["Content-Type"] == again["Content-Type"] == "application/json"
    assert "Idempotent-Replayed" not in first
    assert again["Idempotent-Replayed"] == "true"
    assert Call.objects.get().reference == first.json()["reference"]
    assert program.post("essai", POLICE, key="cle-du-logiciel-2").json() != first.json()
    assert Call.objects.count() == 2


@pytest.mark.django_db
def test_a_key_that_served_for_something_else_serves_for_nothing(program: Program, territory: Territory) -> None:
    program.post("essai", POLICE, key="cle-du-logiciel-1")
    for answer in (
        program.post("essai", {"caller": "Quelqu’un d’autre"}, key="cle-du-logiciel-1"),
        program.post("essai?", {**POLICE, "then": ""}, key="cle-du-logiciel-1"),
    ):
        assert answer.status_code == 422
        assert answer.json()["type"] == "urn:tact:problem:key_reused"
    assert Call.objects.count() == 1
    for missing in ("", "court", "é" * 12, "x" * 65, "avec espace"):
        answer = program.post("essai", POLICE, key=missing)
        assert answer.status_code == 400
        assert answer.json()["errors"][0]["field"] == "Idempotency-Key"
    other = program_of(territory.lantier)
    assert other.post("essai", POLICE, key="cle-du-logiciel-1").status_code == 201, "a key is a token's own"
    assert Call.objects.count() == 2


@pytest.mark.django_db
@pytest.mark.parametrize(("then", "kept"), [("409", True), ("422", True), ("404", False)])
def test_a_refusal_of_an_act_is_an_answer_and_any_other_frees_the_key(program: Program, then: str, kept: bool) -> None:
    first = program.post("essai", {**POLICE, "then": then}, key="cle-du-logiciel-1")
    assert first.status_code == int(then)
    again = program.post("essai", {**POLICE, "then": then}, key="cle-du-logiciel-1")
    assert again.content == first.content
    assert again["Content-Type"] == "application/problem+json"
    assert ("Idempotent-Replayed" in again) is kept
    assert IdempotentCall.objects.exists() is kept


@pytest.mark.django_db
def test_a_body_that_is_wrong_leaves_its_key_free(program: Program) -> None:
    assert program.post("essai", {"caller": ""}, key="cle-du-logiciel-1").status_code == 400
    assert program.post("essai", POLICE, key="cle-du-logiciel-1").status_code == 201


@pytest.mark.django_db
def test_what_nobody_foresaw_takes_everything_back(program: Program) -> None:
    program.client.raise_request_exception = False
    answer = program.post("essai", {**POLICE, "then": "500"}, key="cle-du-logiciel-1")
    assert answer.status_code == 500
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["type"] == "urn:tact:problem:failure"
    assert "foresaw" not in answer.content.decode()
    assert not Call.objects.exists()
    assert not Entry.objects.filter(action="call.logged").exists()
    assert program.post("essai", POLICE, key="cle-du-logiciel-1").status_code == 201


@pytest.mark.django_db
def test_the_trail_says_by_which_token_an_act_came_and_the_log_by_which_a_call_did(territory: Territory) -> None:
    made = token_of(territory.camille)
    with TRIAL:
        Program(made.secret).post("essai", POLICE)
    entry = Entry.objects.get(action="call.logged")
    assert json.loads(bytes(entry.body))["refs"]["api_token"] == str(made.token.pk)
    assert json.loads(bytes(entry.body))["actor"] == str(territory.camille.pk)
    used = Access.objects.get(action="api_token.used")
    assert (used.object_ref, used.membership_ref) == (str(made.token.pk), territory.camille.pk)
    auditor = personas.signed_in(territory.yann)
    assert str(made.token.pk) in auditor.get(f"/audit/{entry.uuid}/").content.decode()
    assert "s’est servi d’un jeton" in auditor.get("/audit/acces/").content.decode()
    by_page = Entry.objects.filter(action="case.opened").latest("pk")
    assert "api_token" not in json.loads(bytes(by_page.body))["refs"]


def test_four_programs_at_the_same_instant_do_it_once(own_database: str) -> None:
    territory = personas.build()
    made = token_of(territory.camille)
    gate = threading.Barrier(4)

    def call(_number: int) -> tuple[int, bytes]:
        program = Program(made.secret)
        gate.wait()
        try:
            answer = program.post("essai", POLICE, key="cle-du-logiciel-1")
            return answer.status_code, answer.content
        finally:
            connection.close()

    with TRIAL, ThreadPoolExecutor(4) as threads:
        answers = set(threads.map(call, range(4)))
    assert {status for status, _body in answers} == {201}
    assert len(answers) == 1
    assert Call.objects.count() == 1
    assert Entry.objects.filter(action="call.logged").count() == 1
    assert Access.objects.filter(action="api_token.used").count() == 4


def test_calls_at_the_same_instant_are_counted_one_by_one(own_database: str) -> None:
    """Abuse 43: a quota is not passed by asking all at once."""
    made = token_of(personas.build().camille, calls_a_day=3)
    gate = threading.Barrier(6)

    def call(_number: int) -> int:
        program = Program(made.secret)
        gate.wait()
        try:
            return int(program.get("moi").status_code)
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as threads:
        assert sorted(threads.map(call, range(6))) == [200, 200, 200, 429, 429, 429]


@pytest.mark.parametrize("committed", [True, False])
def test_an_answer_that_was_lost_is_found_again_by_its_key(
    own_database: str, committed: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Abuse 25: PostgreSQL goes away at COMMIT; nobody knows, and the same call settles it."""
    program = program_of(personas.build().camille)
    program.client.raise_request_exception = False
    wrapper: Any = connections["default"]
    usual = wrapper._commit

    def commit() -> None:
        if not IdempotentCall.objects.exists():
            usual()
            return
        (wrapper.connection.commit if committed else wrapper.connection.rollback)()
        raise OperationalError("server closed the connection unexpectedly")

    with TRIAL, monkeypatch.context() as broken:
        broken.setattr(wrapper, "_commit", commit)
        lost = program.post("essai", POLICE, key="cle-du-logiciel-1")
    assert lost.status_code == 503
    assert lost["Content-Type"] == "application/problem+json"
    assert lost["Retry-After"] == "10"
    assert "même clé" in lost.json()["detail"]
    with TRIAL:
        found = program.post("essai", POLICE, key="cle-du-logiciel-1")
    assert found.status_code == 201
    assert ("Idempotent-Replayed" in found) is committed
    assert Call.objects.get().reference == found.json()["reference"]


@pytest.mark.django_db
def test_an_answer_is_kept_three_days(program: Program) -> None:
    program.post("essai", POLICE, key="cle-du-logiciel-1")
    program.post("essai", POLICE, key="cle-du-logiciel-2")
    IdempotentCall.objects.filter(key="cle-du-logiciel-1").update(at=clock.now() - timedelta(days=3, minutes=1))
    purge_calls()
    purge_calls()
    assert [one.key for one in IdempotentCall.objects.all()] == ["cle-du-logiciel-2"]
