"""docs/api.md is true: every line of it that a reader would run is run, in order, against a real server."""

import os
import re
import shutil
import subprocess
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.urls import get_resolver

from sharing.api.permissions import ANY_TOKEN
from sharing.api.scopes import Scope
from tests.api.table import DOORS
from tests.architecture.source import ROOT
from tests.site import Site, manage

DOCUMENT = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
PROGRAMS = ("bash", "curl", "jq")
MISSING = "The examples of docs/api.md need curl and jq: apt-get install curl jq."
MAKE = """
from datetime import timedelta
from partners import clock
from partners.models import Membership
from sharing.api.scopes import Scope
from sharing.api.tokens import create_token
for address in ("camille.roussel@vallieres.example", "helene.lantier@jean-mace.example"):
    hers = Membership.objects.in_force().filter(professional__email=address).exclude(role="ess_membre").get()
    until = clock.day_of(clock.now()) + timedelta(days=7)
    print(create_token(name="docs/api.md", scopes=list(Scope), expires_on=until, by=hers).secret)
"""


def examples() -> str:
    """Every block marked `sh`, one program."""
    return "\n".join(re.findall(r"^```sh\n(.*?)^```$", DOCUMENT, re.DOTALL | re.MULTILINE))


def shown() -> list[str]:
    """What the document says that they print."""
    return re.findall(r"^```text\n(.*?)^```$", DOCUMENT, re.DOTALL | re.MULTILINE)


def test_every_example_of_the_document_works(own_site: Site) -> None:
    if any(shutil.which(program) is None for program in PROGRAMS):
        pytest.fail(MISSING, pytrace=False)
    made = manage(own_site.environment, "shell", "--verbosity", "0", "--command", MAKE)
    tokens = re.findall(r"tact_[A-Za-z0-9_-]{43}", made.stdout)
    assert len(tokens) == 2, made.stderr
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", examples()],
        env={**os.environ, "TACT": own_site.url, "TACT_TOKEN": tokens[0], "HEAD_TOKEN": tokens[1]},
        capture_output=True,
        text=True,
        check=False,
        timeout=180,
    )
    assert done.returncode == 0, (done.stdout[-1500:], done.stderr[-1500:])
    for printed in shown():
        assert printed in done.stdout


def scope_table() -> str:
    """The table of the document, made from the doors."""
    addresses: dict[str, list[str]] = {scope.value: [] for scope in Scope}

    def walk(patterns: list[Any], prefix: str) -> None:
        for one in patterns:
            route = prefix + str(one.pattern)
            if hasattr(one, "url_patterns"):
                walk(one.url_patterns, route)
            else:
                routes[f"api:{one.name}"] = route.removeprefix("api/v1/")

    routes: dict[str, str] = {}
    walk([one for one in get_resolver().url_patterns if str(one.pattern) == "api/v1/"], "")
    for (door, verb), (scope, _statuses) in DOORS.items():
        if scope != ANY_TOKEN:
            named = re.sub(r"<(?:[a-z]+:)?([a-z]+)>", r"{\1}", routes[door])
            addresses[scope].append(f"`{verb} {named}`")
    return "\n".join(f"| `{scope}` | {' · '.join(sorted(found))} |" for scope, found in addresses.items() if found)


def test_the_scopes_of_the_document_are_those_of_the_doors() -> None:
    assert scope_table() in DOCUMENT, scope_table()


def test_the_figures_of_the_document_are_those_of_the_settings() -> None:
    from sharing.api.idempotency import KEPT
    from sharing.api.paging import Paging

    assert f"{settings.API_CALLS_A_MINUTE} calls a minute" in DOCUMENT
    assert f"{settings.API_CALLS_A_DAY:,}".replace(",", " ") + " at most" in DOCUMENT
    assert timedelta(days=3) == KEPT
    assert (Paging.page_size, Paging.max_page_size) == (25, 100)
