"""Settings fail by a sentence that says what to write, and never guess in production."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.contrib.staticfiles.finders import get_finders
from django.core.exceptions import ImproperlyConfigured

from config import places
from config.env import Environment, postgres_from_url

PRODUCTION = {
    "TACT_ENV": "production",
    "SECRET_KEY": "k" * 60,
    "DATABASE_URL": "postgres://tact_app:secret@localhost:1/tact",
    "REDIS_URL": "redis://localhost:1/0",
    "ALLOWED_HOSTS": "tact.example",
    "SITE_URL": "https://tact.example",
    "EMAIL_HOST": "localhost",
    "DEFAULT_FROM_EMAIL": "tact@tact.example",
    "TACT_RECEIPT_KEY": "k" * 64,
}


def ask(expression: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """One expression of the settings, read by a command of its own in an environment of its own."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "TACT_VAR") if name in os.environ}
    code = f"from config import settings as s; print(({expression}))"
    return subprocess.run(
        [sys.executable, "-c", code],
        env={**kept, **environment},
        cwd=places.BASE_DIR,
        capture_output=True,
        text=True,
        check=False,
    )


def test_production_is_served_over_https_without_debug() -> None:
    read = ask("s.DEBUG, s.SECURE_SSL_REDIRECT, s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE", **PRODUCTION)
    assert read.stdout.strip() == "(False, True, True, True)", read.stderr


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"TACT_DEBUG": "1"}, "TACT_DEBUG shows secrets"),
        ({"TACT_HTTPS": "0"}, "TACT_HTTPS=0 would send sessions in clear"),
        ({"TACT_SECOND_FACTOR": "offered"}, "in production a second factor is required"),
        ({"SECRET_KEY": ""}, "SECRET_KEY is not set"),
        ({"SECRET_KEY": "short"}, "SECRET_KEY is too short"),
        ({"DATABASE_URL": ""}, "DATABASE_URL is not set"),
        ({"ALLOWED_HOSTS": ""}, "ALLOWED_HOSTS is not set"),
        ({"DATABASE_URL": "mysql://a@b/c"}, "Tact runs on PostgreSQL only"),
        ({"TACT_ENV": "staging"}, "Write one of: demo, production, test"),
    ],
)
def test_production_says_what_is_missing(changed: dict[str, str], sentence: str) -> None:
    read = ask("1", **(PRODUCTION | changed))
    assert read.returncode != 0
    assert sentence in read.stderr
    assert "secret@" not in read.stderr


def test_a_demonstration_needs_nothing() -> None:
    read = ask("s.TACT_ENV, s.DEBUG, s.EMBEDDED_DATABASE, s.DATABASES['default']['USER']")
    assert read.stdout.strip() == "('demo', False, True, 'tact_app')", read.stderr


def test_manage_says_a_wrong_setting_without_a_traceback() -> None:
    done = subprocess.run(
        [sys.executable, "manage.py", "check"],
        env={**os.environ, "TACT_ENV": "demo", "PORT": "eighty"},
        cwd=places.BASE_DIR,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert done.stderr.strip() == "PORT is 'eighty'. Write a whole number between 1 and 65535."


@pytest.mark.parametrize("text", ["maybe", "2"])
def test_a_switch_that_is_neither_on_nor_off_is_refused(text: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="Write 1 or 0"):
        Environment({"SWITCH": text}).flag("SWITCH")


def test_a_whole_number_out_of_bounds_is_refused() -> None:
    with pytest.raises(ImproperlyConfigured, match="between 1 and 65535"):
        Environment({"PORT": "70000"}).integer("PORT", 8000, least=1, most=65535)


def test_a_database_url_may_name_a_socket_and_hold_odd_characters() -> None:
    read = postgres_from_url("X", "postgres://us%40er:p%2Fw@/base?host=/run/postgresql&sslmode=require")
    assert (read["USER"], read["PASSWORD"], read["HOST"], read["NAME"]) == ("us@er", "p/w", "/run/postgresql", "base")
    assert read["OPTIONS"] == {"sslmode": "require"}


@pytest.mark.parametrize(
    "url", ["postgres://u:p@h/", "postgres://h/base", "postgres://u:p@h:x/base", "postgres://u@h/b?schema=x"]
)
def test_an_unusable_database_url_is_said_without_its_password(url: str) -> None:
    with pytest.raises(ImproperlyConfigured) as caught:
        postgres_from_url("DATABASE_URL", url)
    assert "DATABASE_URL should read" in str(caught.value)
    assert ":p@" not in str(caught.value).replace("user:password@", "")


def test_no_static_file_of_a_library_is_served() -> None:
    served = [Path(storage.path(name)) for finder in get_finders() for name, storage in finder.list([])]
    assert served
    assert [path for path in served if not path.is_relative_to(places.BASE_DIR / "static")] == []
