"""What is too large for a form is said to be, and kept by nobody."""

import pytest
from django.conf import settings
from django.test import Client

pytestmark = pytest.mark.django_db


def test_a_text_too_large_to_be_read_is_answered_in_words() -> None:
    answer = Client().post("/connexion/", {"login": "x" * (settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1), "password": "y"})
    assert answer.status_code == 413
    page = answer.content.decode()
    assert "Ce que vous envoyez est trop volumineux." in page
    assert "Rien n’a été communiqué ni enregistré." in page
