"""The letter box of the demonstration reads what Django's file backend writes."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.core.mail import EmailMessage
from django.core.mail.backends.filebased import EmailBackend

from config import demo_mail


def test_a_letter_written_to_a_file_is_read_with_its_hour_and_its_link(tmp_path: Path) -> None:
    box = EmailBackend(file_path=str(tmp_path))
    body = "Une information vous attend : http://tact.example/recu/1/"
    EmailMessage("Référence C-2026-000001", body, to=["ecole@tact.example"], connection=box).send()
    (letter,) = demo_mail.newest_letters(tmp_path)
    assert letter.subject == "Référence C-2026-000001"
    assert letter.recipient == "ecole@tact.example"
    assert letter.link == "http://tact.example/recu/1/"
    assert abs(letter.sent_at - datetime.now(UTC)) < timedelta(minutes=1)
