"""A mail server that keeps each letter it takes, and at a named point kills the process that calls it."""

import contextlib
import os
import signal
import time
import uuid
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.mail.backends.base import BaseEmailBackend

REACHED, TAKING, TAKEN = "reached", "taking", "taken"
"""The named points: the server is reached; it was given a letter; it has it for good."""
SLOW = "slow"
"""Not a death: the server takes the letter only once this file is gone."""
PATIENCE_SECONDS = 60


class Backend(BaseEmailBackend):
    """What `settings.EMAIL_BACKEND` names in the house of these tests."""

    def open(self) -> bool:
        self.die_at(REACHED)
        return True

    def send_messages(self, email_messages: Sequence[Any]) -> int:
        for letter in email_messages:
            self.die_at(TAKING)
            self.wait()
            folder = Path(settings.EMAIL_FILE_PATH)
            folder.mkdir(exist_ok=True)
            draft = folder / f"{uuid.uuid4()}.draft"
            draft.write_bytes(letter.message().as_bytes())
            draft.rename(folder / f"{time.time_ns()}-{uuid.uuid4()}.eml")
            self.die_at(TAKEN)
        return len(email_messages)

    def die_at(self, point: str) -> None:
        """Where a test asked for it: once, like any `kill -9`, without a word."""
        with contextlib.suppress(FileNotFoundError):
            (settings.VAR / "faults" / point).unlink()
            os.kill(os.getpid(), signal.SIGKILL)

    def wait(self) -> None:
        deadline = time.monotonic() + PATIENCE_SECONDS
        asked = settings.VAR / "faults" / SLOW
        while asked.exists() and time.monotonic() < deadline:
            (settings.VAR / "faults" / "waiting").touch()
            time.sleep(0.02)
