"""Doors of programs, on what is somebody else's and on what is nobody's: the same bytes after the same number of statements."""

from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

from sharing.api.scopes import Scope
from tests.api.table import DOORS
from tests.api.test_doors import address, forgotten, scene, send, with_scopes
from tests.api.ways import Program
from tests.doors import scene as scenes
from tests.doors.scene import Scene

__all__ = ["scene"]
CURIOUS = ("leila", "lantier", "yann")
"""A colleague, a partner, an auditor."""


def knocked(program: Program, verb: str, where: str) -> tuple[int, str, int]:
    """Status, body, statements."""
    with CaptureQueriesContext(connection) as asked:
        answer: Any = forgotten(lambda: send(program, verb, where))
    return answer.status_code, answer.content.decode(), len(asked)


def test_what_is_somebody_else_s_answers_as_what_is_nobody_s_and_does_the_same_work(
    scene: Scene, settings: Any
) -> None:
    settings.API_CALLS_A_MINUTE = 1_000
    different, tried = {}, 0
    for persona in CURIOUS:
        program = with_scopes(scene, persona, list(Scope))
        for (door, verb), (_scope, statuses) in DOORS.items():
            nobodys = None if door == "api:unknown" else scenes.unknown_url(door, scene)
            if nobodys is None or statuses[persona] != 404:
                continue
            theirs, nothing = (knocked(program, verb, one) for one in (address(door, scene), nobodys))
            tried += 1
            if theirs != nothing:
                different[door, verb, persona] = (theirs[0], theirs[2], nothing[0], nothing[2])
    assert tried > 60
    assert not different, different
