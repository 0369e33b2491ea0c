"""What a program sends is read strictly: nothing is ignored, guessed, or answered 500."""

from typing import Any

import pytest

from sharing.models import Call
from tests.api.test_idempotency import POLICE, TRIAL
from tests.api.ways import Program, program_of
from tests.personas import Territory

pytestmark = pytest.mark.django_db


@pytest.fixture
def program(territory: Territory) -> Any:
    """Camille's, in the house of the trial."""
    with TRIAL:
        yield program_of(territory.camille)


def wrong(answer: Any) -> dict[str, str]:
    """Field → code."""
    assert answer.status_code == 400, answer.content
    return {one["field"]: one["code"] for one in answer.json()["errors"]}


def test_abuse_3_every_wrong_field_is_named_at_once(program: Program) -> None:
    answer = program.post(
        "essai",
        {
            "then": "maybe",
            "status": "sent",
            "reference": "A-2026-000001",
            "lines": [{"label": "x"}, {"label": "y" * 30, "author": "z", "reference": "r"}],
        },
    )
    assert wrong(answer) == {
        "caller": "required",
        "then": "invalid_choice",
        "status": "unknown_field",
        "reference": "read_only_field",
        "lines[1].label": "max_length",
        "lines[1].author": "unknown_field",
        "lines[1].reference": "read_only_field",
    }
    assert not Call.objects.exists()


@pytest.mark.parametrize(
    ("body", "field", "code"),
    [
        (b'{"caller": {"a": 1}}', "caller", "invalid"),
        (b'{"caller": null}', "caller", "null"),
        (b'{"caller": "\\u0000"}', "caller", "null_characters_not_allowed"),
        (b'{"caller": "\\ud800"}', "caller", "surrogate_characters_not_allowed"),
        (b'["caller"]', "", "invalid"),
        (b'"caller"', "", "invalid"),
        (b'{"caller": "x", "lines": {"0": {}}}', "lines", "not_a_list"),
    ],
)
def test_a_value_of_another_kind_is_named(program: Program, body: bytes, field: str, code: str) -> None:
    found = wrong(program.call("POST", "essai", body, **{"Idempotency-Key": "cle-du-logiciel-1"}))
    assert any(name == field and said == code for name, said in found.items()), found


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"{'caller': 'x'}",
        b'{"caller": "x", "caller": "y"}',
        b'{"caller": NaN}',
        b'{"caller": "\xff"}',
        b"[" * 100_000,
        b'{"caller": ' + b"9" * 10_000 + b"}",
        b"\xef\xbb\xbf{}",
    ],
)
def test_what_is_not_json_is_said_without_being_repeated(program: Program, body: bytes) -> None:
    answer = program.call("POST", "essai", body, **{"Idempotency-Key": "cle-du-logiciel-1"})
    assert answer.status_code == 400, answer.content
    assert answer.json()["type"] == "urn:tact:problem:unreadable"
    assert "caller" not in answer.content.decode()
    assert not Call.objects.exists()


def test_a_form_is_not_read(program: Program) -> None:
    headers = {**program.headers, "Idempotency-Key": "cle-du-logiciel-1"}
    answer = program.client.post("/api/v1/essai", POLICE, headers=headers)
    assert answer.status_code == 415
    assert answer["Content-Type"] == "application/problem+json"


def test_what_stands_after_the_question_mark_is_read_strictly_too(program: Program) -> None:
    assert wrong(program.get("moi?author=x")) == {"author": "unknown_field"}
    assert wrong(program.get("moi?page=1")) == {"page": "unknown_field"}
    assert wrong(program.get("moi?a=1&a=2")) == {"a": "repeated"}
