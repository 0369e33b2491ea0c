"""The demonstration's letter box: mail that would have left, read from the files it was written to."""

import email
import email.policy
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from pathlib import Path

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import localtime
from django.views.decorators.http import require_safe

LETTERS_SHOWN = 100
# What Django's file backend writes between two letters of one connection.
SEPARATOR = b"-" * 79


@dataclass(frozen=True)
class Letter:
    """One mail as its reader would see it."""

    sent_at: datetime
    recipient: str
    subject: str
    body: str

    @property
    def link(self) -> str:
        """The first address in the body, so that the demonstration can follow it."""
        return next((word for word in self.body.split() if word.startswith(("http://", "https://"))), "")


@login_not_required
@require_safe
def letters(request: HttpRequest) -> HttpResponse:
    """The newest first. Exists in the demonstration only, where every letter is invented."""
    if not settings.DEMO:
        raise Http404
    return render(request, "demo/mail.html", {"letters": newest_letters(Path(settings.EMAIL_FILE_PATH))})


def newest_letters(folder: Path, limit: int = LETTERS_SHOWN) -> list[Letter]:
    """The last ``limit`` letters of a folder written by Django's file backend, the newest first."""
    if not folder.is_dir():
        return []
    files = sorted(folder.glob("*.log"), key=lambda file: file.stat().st_mtime_ns, reverse=True)[:limit]
    found = [letter for file in files for letter in letters_of(file)]
    return sorted(found, key=lambda letter: letter.sent_at, reverse=True)[:limit]


def letters_of(file: Path) -> list[Letter]:
    """The letters of one file; a worker may be writing its last one, which is then left for the next reading."""
    return [
        letter
        for part in file.read_bytes().split(b"\n" + SEPARATOR)
        if part.strip() and (letter := read_letter(part.lstrip(b"-\n"))) is not None
    ]


def read_letter(raw: bytes) -> Letter | None:
    message = email.message_from_bytes(raw, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    body = message.get_body(("plain",))
    if not message["Date"] or body is None:
        return None
    written = parsedate_to_datetime(message["Date"])
    if written.tzinfo is None:  # « -0000 », which is UTC from nowhere in particular (RFC 5322, 3.3)
        written = written.replace(tzinfo=UTC)
    return Letter(
        sent_at=localtime(written),
        recipient=str(message["To"]),
        subject=str(message["Subject"]),
        body=body.get_content().strip(),
    )
