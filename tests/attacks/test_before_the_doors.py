"""What is answered before any door is reached: over plain http, to headers that nobody's browser writes."""

from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pytest
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.test import Client

from config.gate import Gate
from tests.api.ways import Program, token_of
from tests.doors.test_headers import POLICY, PRIVATE, carried, directives
from tests.personas import Territory

pytestmark = pytest.mark.django_db


def test_what_is_refused_in_clear_is_as_private_as_the_rest(territory: Territory, settings: Any) -> None:
    """A redirection is kept by browsers and by proxies, unless told not to; the address may name a situation."""
    program = Program(token_of(territory.camille).secret)
    settings.SECURE_SSL_REDIRECT = True
    for answer in (Client().get("/situations/2026-0101/"), program.get("moi")):
        assert answer.status_code in {301, 403}
        wrong = {
            name: answer.headers.get(name) for name, said in PRIVATE.items() if not carried(answer.get(name), said)
        }
        assert not wrong
        assert directives(answer.headers.get("Content-Security-Policy", "")) == POLICY


ODD_TYPES = [
    "text/plain; x*=zzz''a",
    "application/json; x*=zzz''a",
    "text/plain; charset=zlib",
    "text/plain; charset=rot13",
    "multipart/form-data; boundary=x; charset=zlib",
    "multipart/form-data; boundary=x; charset=utf-16",
]


@pytest.mark.parametrize("kind", ODD_TYPES)
def test_a_body_of_an_unknown_alphabet_breaks_nothing(territory: Territory, kind: str) -> None:
    gate = Gate()
    token = f"Bearer {token_of(territory.camille).secret}"
    for path, method in (
        ("/connexion/", "GET"),
        ("/connexion/", "POST"),
        ("/api/v1/moi", "GET"),
        ("/api/v1/demandes", "POST"),
    ):
        told = {"CONTENT_TYPE": kind, "HTTP_AUTHORIZATION": token, "HTTP_IDEMPOTENCY_KEY": "cle-du-logiciel-1"}
        assert asked(gate, path, method, **told) in {200, 400, 403, 415}, (path, method)


@pytest.mark.parametrize(
    "accepted", ["application/json; x*=zzz''a", "*/*;q=zz", ";;;", "a/b/c, */*", 'application/json; x="']
)
def test_an_answer_asked_in_an_unknown_alphabet_breaks_nothing(territory: Territory, accepted: str) -> None:
    told = {"HTTP_ACCEPT": accepted, "HTTP_AUTHORIZATION": f"Bearer {token_of(territory.camille).secret}"}
    assert asked(Gate(), "/api/v1/moi", **told) in {200, 400, 406}


@pytest.fixture(autouse=True)
def connection_kept() -> Iterator[None]:
    """A call ends by closing the connection, and the test's transaction with it."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def asked(gate: Gate, path: str, method: str = "GET", **environ: Any) -> int:
    """The status of a call as gunicorn hands it over."""
    body = b"a=1&b=%ff" if method == "POST" else b""
    answered: list[int] = []
    calling: Any = gate
    response = calling(
        {
            "REQUEST_METHOD": method, "PATH_INFO": path, "QUERY_STRING": "q=%C3%A9", "SERVER_NAME": "testserver",
            "SERVER_PORT": "80", "SERVER_PROTOCOL": "HTTP/1.1", "REMOTE_ADDR": "127.0.0.1", "HTTP_HOST": "testserver",
            "CONTENT_LENGTH": str(len(body)), "wsgi.input": BytesIO(body), "wsgi.url_scheme": "http", **environ,
        },
        lambda status, _headers, *_more: answered.append(int(status[:3])),
    )  # fmt: skip
    for close in getattr(response, "_resource_closers", []):
        close()
    return answered[0]
