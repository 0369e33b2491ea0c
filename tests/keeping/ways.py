"""The short way to the note of a call, for tests: the police called Camille about the child."""

from datetime import timedelta
from typing import Any

from partners import clock
from sharing.keeping import calls
from sharing.models import Call
from tests.personas import Territory


def log(territory: Territory, **changed: Any) -> Call:
    """A call five minutes ago, neither confirmed nor denied, unless said otherwise."""
    told: dict[str, Any] = {
        "kind": "telephone",
        "case": territory.case,
        "called_at": clock.now() - timedelta(minutes=5),
        "caller": "Brigadier Untel",
        "service": "",
        "number": "",
        "asked": "Où est-il ?",
        "called_back": False,
        "answer": "nothing",
        "note": "",
        "by": territory.camille,
    }
    return calls.log_call(**told | changed)
