"""publiccode.yml says what the standard (0.4) asks, and what the project is."""

import tomllib
from datetime import date
from typing import Any

import yaml
from django.conf import settings

from tests.architecture import source

ROOT = source.ROOT
REQUIRED = {
    *("publiccodeYmlVersion", "name", "platforms", "developmentStatus", "softwareType"),
    *("description", "legal", "maintenance", "localisation"),
}
"""And `url`, which only whoever publishes the repository knows."""
STATUSES = {"concept", "development", "beta", "stable", "obsolete"}


def told() -> dict[str, Any]:
    said: dict[str, Any] = yaml.safe_load((ROOT / "publiccode.yml").read_text())
    return said


def test_every_key_that_the_standard_asks_is_there() -> None:
    said = told()
    assert set(said) >= REQUIRED
    assert said["publiccodeYmlVersion"] == "0.4"
    assert said["developmentStatus"] in STATUSES
    assert date.fromisoformat(said["releaseDate"])
    assert said["maintenance"]["contacts"], "a community gives somebody to write to"


def test_each_language_is_described_within_its_bounds() -> None:
    described = told()["description"]
    assert set(described) == {code for code, _name in settings.LANGUAGES}
    for language, words in described.items():
        assert len(words["shortDescription"]) <= 150, language
        assert 150 <= len(words["longDescription"]) <= 10_000, language
        assert words["features"], language


def test_it_says_what_the_project_says_of_itself() -> None:
    said = told()
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert said["softwareVersion"] == project["version"]
    assert said["legal"]["license"] in (ROOT / "LICENSE").read_text()
    assert said["localisation"]["availableLanguages"] == [code for code, _name in settings.LANGUAGES]
