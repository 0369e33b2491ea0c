"""Names and sizes: a word that says nothing hides a thing badly cut (design.md, part 3, "Names")."""

import ast
import re

from tests.architecture import source

EMPTY_WORDS = {
    *("data", "info", "manager", "managers", "process", "handle", "handler", "handlers"),
    *("util", "utils", "helper", "helpers", "misc"),
}
IMPOSED = {
    "handler500": "Django's name for the page of last resort",
    "ProfessionalManager": "Django's word for what makes users: a BaseUserManager",
}
IMPOSED_FUNCTIONS = {
    "handle": "Django's entry of a command",
    "process_view": "Django's hook of a middleware",
    "receive_data_chunk": "Django's hook of an upload handler",
    "get_context_data": "Django's hook of a class-based view",
}
MOST_LINES = 400
LONGER = {
    "config/settings.py": "every setting of the house in one file, as design.md asks (part 3)",
    "audit/offline/verify.py": "given to people who have nothing of Tact: one file, with its own signatures, tree and words",
    "tests/audit/test_verification.py": "every way of altering a trail, one after the other",
    "tests/doors/table.py": "one line for each door and each verb, in one place to read",
    "tests/personas.py": "the whole cast of the tests, in one place to read",
}
"""Files over 400 lines, each with its reason."""
STORIES = "sharing/demo/"
"""The demonstration: texts, one after the other, that no reader has to hold in mind at once."""


def words_of(name: str) -> set[str]:
    return {word.lower() for word in re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])", name)}


def test_no_module_has_an_empty_name() -> None:
    found = [source.named(path) for path in source.app_files() if words_of(path.stem) & EMPTY_WORDS]
    assert not found, found


def test_no_class_has_an_empty_name() -> None:
    found = [
        f"{source.named(path)}:{node.lineno} {node.name}"
        for path in source.app_files()
        for node in ast.walk(source.tree_of(path))
        if isinstance(node, ast.ClassDef) and words_of(node.name) & EMPTY_WORDS and node.name not in IMPOSED
    ]
    assert not found, found


def test_no_function_has_an_empty_name() -> None:
    found = [
        f"{source.named(path)}:{node.lineno} {node.name}"
        for path in source.app_files()
        for node in ast.walk(source.tree_of(path))
        if isinstance(node, ast.FunctionDef)
        and words_of(node.name) & EMPTY_WORDS
        and node.name not in IMPOSED_FUNCTIONS
    ]
    assert not found, found


def test_no_file_is_longer_than_four_hundred_lines() -> None:
    files = [
        *(
            one
            for one in source.python_files(*source.APPS, "tests", "bench")
            if not source.named(one).startswith(STORIES) and "migrations" not in one.parts
        ),
        *source.templates(),
        *(source.ROOT / "static" / "css").glob("*.css"),
        *(source.ROOT / "static" / "js").glob("*.js"),
    ]
    long = {source.named(path): count for path in files if (count := len(path.read_text().splitlines())) > MOST_LINES}
    assert set(long) <= set(LONGER), long


def test_the_words_that_no_text_knows_are_nowhere() -> None:
    """Law knows the sharing of information, item by item; it knows no secret that would be pooled (law.md, 0.2)."""
    banned = re.compile(r"secrets?[\s\u00a0_-]+partag", re.IGNORECASE)
    folders = [*source.APPS, "templates", "rulebook", "locale", "docs", "static"]
    files = [
        path
        for folder in folders
        for path in (source.ROOT / folder).rglob("*")
        if path.is_file() and "vendor" not in path.parts
    ]
    files += list(source.ROOT.glob("*.md"))
    found = []
    for path in files:
        if path.suffix in {".py", ".html", ".txt", ".yaml", ".yml", ".po", ".md", ".css", ".js"} and banned.search(
            path.read_text()
        ):
            found.append(source.named(path))
    assert not found, found


def test_a_module_begins_by_what_it_is_for() -> None:
    silent = [
        source.named(path)
        for path in source.app_files()
        if path.name != "apps.py" and source.tree_of(path).body and not ast.get_docstring(source.tree_of(path))
    ]
    assert not silent, silent


def test_an_instant_ends_in_at_and_a_day_in_on() -> None:
    from django.apps import apps
    from django.db import models

    exceptions = {"at", "birth_date", "last_login", "valid_from", "valid_until", "access_until", "until"}
    wrong = []
    for model in apps.get_models():
        if model._meta.app_label not in source.APPS:
            continue
        for field in model._meta.fields:
            if field.name in exceptions or field.model is not model:
                continue
            instant, day = isinstance(field, models.DateTimeField), isinstance(field, models.DateField)
            ending = "_at" if instant else "_on" if day else ""
            if not field.name.endswith(ending):
                wrong.append(f"{model._meta.label}.{field.name}")
    assert not wrong, wrong


def test_nothing_asks_the_machine_for_the_time() -> None:
    """One clock: the database's (traps.md; abuse 21). Programs that wait, time or name a file may look at theirs,
    and the monitor compares the two."""
    waiting = ("config/", "audit/management/", "sharing/management/", "cases/management/", "audit/monitoring.py")
    found = [
        f"{source.named(path)}:{node.lineno}"
        for path in source.app_files()
        if not source.named(path).startswith(waiting)
        for node in ast.walk(source.tree_of(path))
        if isinstance(node, ast.Call)
        and source.dotted(node.func) in {"datetime.now", "timezone.now", "date.today", "datetime.utcnow", "time.time"}
    ]
    assert not found, found
