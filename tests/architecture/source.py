"""What the laws are read from: the files of the house as they lie on the disk, and their syntax trees."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
APPS = ("config", "sharing", "consent", "cases", "partners", "audit")
"""From the top to the bottom: an app imports only to its right."""

CORE = (
    "sharing.decision",
    "sharing.duties",
    "sharing.facts",
    "sharing.law",
    "sharing.matter",
    "sharing.outcome",
    "sharing.questions",
    "sharing.readable",
    "sharing.rules",
    "sharing.saying",
    "sharing.steps",
    "sharing.unsaid",
    "sharing.ways",
    "sharing.weighing",
    "sharing.wording",
)
"""The decision core: facts in, decision out. `sharing.rules` is a package."""
CORE_MAY_IMPORT = "partners.vocabulary"


def python_files(*folders: str) -> list[Path]:
    """Every Python file of these top-level folders (default: the apps), migrations included."""
    return sorted(path for folder in folders or APPS for path in (ROOT / folder).rglob("*.py"))


def app_files(*folders: str) -> list[Path]:
    """Every Python file of the apps but their migrations."""
    return [path for path in python_files(*folders) if "migrations" not in path.parts]


def templates(*suffixes: str) -> list[Path]:
    """Every template, pages and letters."""
    return sorted(path for suffix in suffixes or (".html", ".txt") for path in (ROOT / "templates").rglob(f"*{suffix}"))


def named(path: Path) -> str:
    """A file's name as an error should give it."""
    return str(path.relative_to(ROOT))


def module_name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def core_files() -> list[Path]:
    return [
        path
        for path in app_files("sharing")
        if module_name(path) in CORE or module_name(path).startswith("sharing.rules.")
    ]


def imports_of(path: Path) -> Iterator[tuple[int, str]]:
    """(line, dotted name) of everything a file imports; a relative import is made absolute."""
    package = module_name(path).split(".")
    if path.name != "__init__.py":
        package = package[:-1]
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node.lineno, alias.name
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            module = ".".join([*base, *((node.module or "").split(".") if node.module else [])])
            for alias in node.names:
                yield node.lineno, f"{module}.{alias.name}"


def functions_of(path: Path) -> Iterator[ast.FunctionDef]:
    """The public functions that a module defines at its top."""
    for node in tree_of(path).body:
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
            yield node


def dotted(node: ast.AST) -> str:
    """« transaction.atomic » from the expression that says it; "" where it is anything else."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        base = dotted(node.value)
        return f"{base}.{node.attr}" if base else node.attr
    return ""
