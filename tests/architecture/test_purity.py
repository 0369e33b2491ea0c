"""The decision core takes facts and gives a decision: no clock, no file, no environment, nothing kept (design.md, law 2)."""

import ast
import inspect
import re
from collections.abc import Iterator
from pathlib import Path

from tests.architecture import source

CLOCKS = {"now", "today", "utcnow", "time_ns", "monotonic", "perf_counter"}
OUTSIDE = {"environ", "getenv", "read_text", "read_bytes", "write_text", "write_bytes", "urlopen", "connect"}
CALLS = {"open", "print", "input", "eval", "exec", "compile", "__import__"}
MODULES = {
    "os",
    "time",
    "random",
    "secrets",
    "socket",
    "subprocess",
    "threading",
    "asyncio",
    "urllib",
    "http",
    "logging",
    "sqlite3",
}
LOADER = "partners/vocabulary.py"
"""The one file that reads the rulebook from the disk, once, from the folder that the environment names (ADR 0012)."""
ITS_READING = (".environ", " imports os", ".read_bytes")


def impure(path: Path) -> Iterator[str]:
    for node in ast.walk(source.tree_of(path)):
        where = f"{source.named(path)}:{getattr(node, 'lineno', 0)}"
        if isinstance(node, ast.Attribute) and node.attr in CLOCKS | OUTSIDE:
            yield f"{where} .{node.attr}"
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in CALLS:
            yield f"{where} {node.func.id}()"
        if isinstance(node, ast.Global | ast.Nonlocal):
            yield f"{where} rebinds {', '.join(node.names)}"
    for line, name in source.imports_of(path):
        if name.split(".")[0] in MODULES:
            yield f"{source.named(path)}:{line} imports {name}"


def test_the_core_reads_no_clock_no_file_and_no_environment() -> None:
    found = [one for path in source.core_files() for one in impure(path)]
    assert not found, found


def test_one_file_alone_reads_the_rulebook_from_the_disk() -> None:
    found = [one for one in impure(source.ROOT / LOADER) if not one.endswith(ITS_READING)]
    assert not found, found


def test_the_environment_says_one_thing_to_the_law_once() -> None:
    asked = [one for one in impure(source.ROOT / LOADER) if one.endswith(".environ")]
    assert len(asked) == 1, asked
    assert (source.ROOT / LOADER).read_text().count('TACT_RULEBOOK"') == 1


def test_whatever_the_core_passes_around_is_frozen() -> None:
    found = []
    for path in source.core_files():
        for node in ast.walk(source.tree_of(path)):
            if not isinstance(node, ast.ClassDef):
                continue
            for mark in node.decorator_list:
                name = source.dotted(mark.func if isinstance(mark, ast.Call) else mark)
                frozen = isinstance(mark, ast.Call) and any(
                    word.arg == "frozen" and isinstance(word.value, ast.Constant) and word.value.value is True
                    for word in mark.keywords
                )
                if name.endswith("dataclass") and not frozen:
                    found.append(f"{source.named(path)}:{node.lineno} {node.name}")
    assert not found, found


def test_a_rule_says_its_article() -> None:
    """Every outcome cites a text (law 4): the article is a required argument; None is the text that is being tried."""
    from sharing import law
    from sharing.rules import RULES
    from sharing.rules.norm import rule

    assert inspect.signature(rule).parameters["article"].default is inspect.Parameter.empty
    unknown = [one.name for one in RULES if one.article is not None and one.article not in law.ARTICLES]
    assert RULES
    assert not unknown, unknown


def test_a_rule_is_named_after_its_norm_never_after_an_article() -> None:
    from sharing.rules import RULES

    numbered = [one.name for one in RULES if re.search(r"\d", one.name)]
    assert not numbered, numbered
