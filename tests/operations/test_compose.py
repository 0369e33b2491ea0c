"""docker-compose.yml says what docs/operations.md promises: nobody there is given a key or a password that is not for them."""

import os
import re
import subprocess
import sys
from typing import Any

import pytest
import yaml
from django.core.management import get_commands

from config import places
from config.documents import NAMED_IN_EXAMPLE
from tests.site import Site

COMPOSE: dict[str, Any] = yaml.safe_load((places.BASE_DIR / "docker-compose.yml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = [name for name, one in SERVICES.items() if one["image"] == "tact"]
SECRETS = {
    "POSTGRES_PASSWORD",
    "AUDITOR_PASSWORD",
    "DATABASE_MIGRATOR_URL",
    "DATABASE_SEALER_URL",
    "DATABASE_ERASURE_URL",
}
# What each process that lives may know, beside the application's own account.
KNOWS = {
    "web": set(), "worker": set(), "beat": set(), "seal": {"DATABASE_SEALER_URL"}, "backup": {"DATABASE_MIGRATOR_URL"},
}  # fmt: skip


def mounts(service: str) -> set[str]:
    return {str(one).split(":")[0] for one in SERVICES[service].get("volumes", ())}


def test_every_service_waits_for_services_that_exist_and_mounts_what_is_declared() -> None:
    for name, one in SERVICES.items():
        assert set(one.get("depends_on", ())) <= SERVICES.keys(), name
        assert {volume for volume in mounts(name) if not volume.startswith(".")} <= COMPOSE["volumes"].keys(), name
    assert set().union(*map(mounts, SERVICES)) - {"./recipients.txt"} == COMPOSE["volumes"].keys()


def test_each_process_knows_its_own_password_only() -> None:
    for name, known in KNOWS.items():
        emptied = {variable for variable, value in SERVICES[name].get("environment", {}).items() if value == ""}
        assert SECRETS - emptied == known, name


def test_no_two_proofs_stand_in_one_place() -> None:
    assert [name for name in SERVICES if "seal" in mounts(name)] == ["seal"]
    assert not mounts("backup") & {"keys", "seal", "shredded"}
    assert "backups" not in mounts("web") | mounts("worker") | mounts("beat") | mounts("seal")


def test_every_command_and_variable_is_one_that_exists() -> None:
    example = set(NAMED_IN_EXAMPLE.findall((places.BASE_DIR / ".env.example").read_text()))
    commands = {*get_commands(), "help"}
    for name in OURS:
        for variable in SERVICES[name].get("environment", {}):
            assert variable in example, (name, variable)
        words = " ".join(SERVICES[name].get("command", ()))
        assert set(re.findall(r"manage\.py (\w+)", words)) <= commands, name
    said = (places.BASE_DIR / "docs" / "operations.md").read_text()
    assert set(re.findall(r"manage\.py ([a-z_]+)", said)) <= commands


def test_only_the_web_is_asked_whether_it_answers() -> None:
    """The image asks it of every process that serves pages; the others serve none."""
    for name in ("worker", "beat", "seal", "backup", "tools"):
        assert SERVICES[name]["healthcheck"] == {"disable": True}, name
    assert "healthcheck" not in SERVICES["web"]


@pytest.mark.browser
def test_a_container_asks_itself_under_the_name_that_the_web_answers_to(live_site: Site) -> None:
    def asked(url: str, hosts: str) -> int:
        environment = {**os.environ, "ALLOWED_HOSTS": hosts}
        command = [sys.executable, "-m", "config.probe", f"{url}/healthz"]
        return subprocess.run(command, cwd=places.BASE_DIR, env=environment, check=False).returncode

    assert asked(live_site.url, "localhost, tact.example") == 0
    assert asked(live_site.url, "tact.example") == 1
    assert asked("http://127.0.0.1:9", "localhost") == 1
