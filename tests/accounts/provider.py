"""The way through the provider of these tests: from our sign-in page to its own, and back."""

import contextlib
import html
import json
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, quote, urlsplit

import pytest
import requests
from django.conf import settings
from django.core.cache import cache
from django.test import Client

from partners.accounts.proconnect.described import LEVELS_ASKED, WELL_KNOWN, ProConnect
from tests.accounts.openid_provider import CLIENT_ID, CLIENT_SECRET
from tests.site import free_port

HERE = "http://testserver"
CAMILLES, ANOTHER = "99999999400000", "99999998900000"
"""Numbers that no establishment has: their order number is 00000."""
PATIENCE_SECONDS = 30


class Provider:
    """The process, and what a browser does there."""

    def __init__(self, base: str) -> None:
        self.base = base

    def described(self, **changed: Any) -> ProConnect:
        told: dict[str, Any] = {
            "discovery_url": self.base + WELL_KNOWN,
            "client_id": CLIENT_ID,
            "client_secret": CLIENT_SECRET,
            "algorithm": "RS256",
            "levels": LEVELS_ASKED,
            "pkce": True,
            "loopback": True,
        }
        return ProConnect(**told | changed)

    def lie(self, **about: dict[str, Any]) -> None:
        """The next tokens are signed so: `id_token={"claims": {"aud": "somebody else"}}`."""
        cache.clear()  # what it publishes of itself is kept five minutes
        requests.post(f"{self.base}/lie", data=json.dumps(about), timeout=5).raise_for_status()

    def asked(self) -> dict[str, str]:
        """The last request that arrived there."""
        found: dict[str, str] = requests.get(f"{self.base}/asked", timeout=5).json()
        return found

    def way(self, client: Client, who: str, next_url: str = "") -> str:
        """Press our button, say who one is there: the address where the browser is sent back."""
        return self.sent_back(client.post("/proconnect/", {"next": next_url}), who)

    def sent_back(self, page: Any, who: str) -> str:
        """Follow our page that sends there, say who one is: the address where the browser is sent back."""
        assert page.status_code == 200, page
        url = html.unescape(
            re.findall(r'<meta http-equiv="refresh" content="0; url=([^"]+)"', page.content.decode())[0]
        )
        choice = requests.get(url, timeout=5)
        assert choice.status_code == 200, choice.text
        link = html.unescape(re.findall(rf'href="([^"]+/as/{who}\?[^"]+)"', choice.text)[0])
        sent = requests.get(
            f"{urlsplit(self.base).scheme}://{urlsplit(self.base).netloc}{link}", allow_redirects=False, timeout=5
        )
        assert sent.status_code == 303, sent.text
        return sent.headers["Location"].removeprefix(HERE)

    def enter(self, client: Client, who: str, next_url: str = "") -> Any:
        """The whole way, and what our site answers to whoever comes back."""
        return client.get(self.way(client, who, next_url))

    def come_back(self, client: Client, page: Any, who: str) -> Any:
        """The same way from another page of ours."""
        return client.get(self.sent_back(page, who))

    def left(self, page: Any) -> str:
        """Follow our page of sign-out there: the address where it sends the browser back."""
        url = html.unescape(
            re.findall(r'<meta http-equiv="refresh" content="0; url=([^"]+)"', page.content.decode())[0]
        )
        answer = requests.get(url, allow_redirects=False, timeout=5)
        assert answer.status_code == 303, answer.text
        return answer.headers["Location"].removeprefix(HERE)


def changed(address: str, **values: str) -> str:
    """The same address, some of its values replaced."""
    parts = urlsplit(address)
    query = dict(parse_qsl(parts.query)) | values
    return f"{parts.path}?{'&'.join(f'{name}={quote(value)}' for name, value in query.items())}"


@contextlib.contextmanager
def running(folder: Path, *callbacks: str) -> Iterator[Provider]:
    """The provider's process, until the end of the tests that share it."""
    port = free_port()
    command = [sys.executable, "-m", "tests.accounts.openid_provider", str(port), str(folder), *callbacks]
    with open(folder / "provider.log", "wb") as log:
        process = subprocess.Popen(command, cwd=settings.BASE_DIR, stdout=log, stderr=log)
    provider = Provider(f"http://127.0.0.1:{port}/api/v2")
    try:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while True:
            with contextlib.suppress(requests.RequestException):
                if requests.get(provider.base + WELL_KNOWN, timeout=5).ok:
                    break
            assert process.poll() is None, (folder / "provider.log").read_text()
            assert time.monotonic() < deadline
            time.sleep(0.1)
        yield provider
    finally:
        process.terminate()
        process.wait()


@pytest.fixture(scope="session")
def provider_process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Provider]:
    with running(tmp_path_factory.mktemp("provider"), HERE) as provider:
        yield provider


@pytest.fixture
def provider(provider_process: Provider, settings: Any) -> Provider:
    """ProConnect is configured, and it is this one; it does not lie."""
    settings.PROCONNECT = provider_process.described()
    provider_process.lie()
    return provider_process
