"""Documents in step: decisions numbered, a reason for every dependency, a word for every table, links that lead somewhere."""

import re

from django.apps import apps

from tests.architecture import source

DECISIONS = sorted((source.ROOT / "docs" / "adr").glob("[0-9]*.md"))
LINK = re.compile(r"\]\((?!https?:|#|mailto:)([^)#]+)")


def test_decisions_are_numbered_without_a_gap_and_listed() -> None:
    numbers = [int(path.name[:4]) for path in DECISIONS]
    assert numbers == list(range(1, len(numbers) + 1))
    index = (source.ROOT / "docs" / "adr" / "README.md").read_text()
    for path in DECISIONS:
        title = path.read_text().splitlines()[0]
        assert title.startswith(f"# {path.name[:4]} · "), path.name
        assert f"[{path.name[:4]}]({path.name})" in index, path.name


def test_a_decision_fits_on_a_page() -> None:
    long = [path.name for path in DECISIONS if len(path.read_text().splitlines()) > 70]
    assert not long, long


def test_every_dependency_has_its_reason() -> None:
    asked = {
        re.split(r"[\[~=<>! ]", line)[0].lower()
        for line in (source.ROOT / "requirements.txt").read_text().splitlines()
        if line.strip() and not line.startswith("#")
    }
    reasons = dict(
        re.findall(
            r"^\| `([a-z0-9-]+)` \| (.+) \|$",
            (source.ROOT / "docs" / "adr" / "0002-dependencies.md").read_text(),
            re.MULTILINE,
        )
    )
    assert set(reasons) == asked, set(reasons) ^ asked


def test_the_glossary_has_a_word_for_every_table() -> None:
    glossary = (source.ROOT / "docs" / "glossary.md").read_text()
    models = {model.__name__ for model in apps.get_models() if model._meta.app_label in source.APPS}
    missing = {name for name in models if name not in glossary}
    assert not missing, missing


def test_links_between_documents_lead_somewhere() -> None:
    broken = []
    for path in [*source.ROOT.glob("*.md"), *(source.ROOT / "docs").rglob("*.md")]:
        for target in LINK.findall(path.read_text()):
            if not (path.parent / target).exists():
                broken.append(f"{source.named(path)} → {target}")
    assert not broken, broken


def test_documents_say_what_the_settings_the_lock_and_the_makefile_say() -> None:
    from config.documents import out_of_step

    assert out_of_step() == []


def test_the_readme_shows_the_two_commands_and_the_verdict() -> None:
    readme = (source.ROOT / "README.md").read_text()
    assert "`make run`" in readme
    assert "`make test`" in readme
    assert "docs/img/verdict.png" in readme
