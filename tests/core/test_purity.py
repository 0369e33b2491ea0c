"""The core imports itself, the words, and modules of the standard library that neither know the time nor the world."""

import ast
import configparser
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CORE = [
    *(
        ROOT / "sharing" / f"{name}.py"
        for name in ["law", "facts", "matter", "outcome", "duties", "weighing", "decision", "wording"]
    ),
    *(
        ROOT / "sharing" / f"{name}.py"
        for name in ["readable", "saying", "steps", "ways", "unsaid", "questions", "scenarios", "aims"]
    ),
    *sorted((ROOT / "sharing" / "rules").glob("*.py")),
]
ITSELF = {f"sharing.{path.stem}" for path in CORE if path.parent.name == "sharing"} | {"sharing", "sharing.rules"}
STANDARD = {
    "__future__",
    "calendar",
    "collections",
    "contextlib",
    "contextvars",  # the language in which a decision is said; never what it says
    "dataclasses",
    "datetime",
    "enum",
    "functools",
    "inspect",
    "itertools",
    "operator",
    "pathlib",
    "types",
    "typing",
    "zoneinfo",  # where the day ends: what it tells of an instant does not change with the hour it is asked at
}
READS_TEXTS = {"yaml"}  # scenarios only, from a text that is handed to it


def imports_of(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: a relative import"
            found.add(node.module or "")
    return found


@pytest.mark.parametrize("path", CORE, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_the_core_imports_nothing_that_knows_the_world(path: Path) -> None:
    foreign = {
        name
        for name in imports_of(path)
        if name not in ITSELF
        and not name.startswith("sharing.rules.")
        and name != "partners.vocabulary"
        and name.split(".")[0] not in STANDARD
    }
    assert foreign <= (READS_TEXTS if path.stem == "scenarios" else set())


@pytest.mark.parametrize("path", CORE, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_the_core_asks_neither_the_hour_nor_the_environment(path: Path) -> None:
    asked = {
        node.attr
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute) and node.attr in {"now", "today", "utcnow", "environ", "getenv", "open"}
    }
    assert asked == set()


def test_every_branch_of_every_pure_module_is_measured() -> None:
    measured = configparser.ConfigParser()
    measured.read(ROOT / "tests" / "core" / "coverage.ini", encoding="utf-8")
    named = {path for line in measured["run"]["include"].split() for path in ROOT.glob(line)}
    assert set(CORE) | {ROOT / "partners" / "vocabulary.py"} <= named
    assert measured["report"]["fail_under"] == "100"
