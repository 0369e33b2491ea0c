"""An app imports only to its right, and the decision core imports nothing but itself (design.md, laws 2 and 8)."""

import subprocess
import sys
import tomllib

from tests.architecture import source


def contracts() -> dict[str, dict]:
    settings = tomllib.loads((source.ROOT / "pyproject.toml").read_text())
    return {one["type"] + ":" + one["name"]: one for one in settings["tool"]["importlinter"]["contracts"]}


def test_the_import_contracts_hold() -> None:
    """In a program of its own: import-linter sets up logging for itself and would silence every other test's."""
    command = [
        sys.executable,
        "-c",
        "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports(no_cache=True))",
    ]
    done = subprocess.run(command, cwd=source.ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_contracts_name_every_app_in_the_order_of_the_house() -> None:
    layers = next(one for name, one in contracts().items() if name.startswith("layers:"))
    assert tuple(layers["layers"]) == source.APPS


def test_the_contract_of_purity_covers_the_whole_core() -> None:
    pure = next(one for name, one in contracts().items() if "core is pure" in name)
    assert tuple(sorted(pure["source_modules"])) == source.CORE


def test_the_core_imports_itself_the_vocabulary_and_the_standard_library_only() -> None:
    allowed = (*source.CORE, source.CORE_MAY_IMPORT)
    found = [
        f"{source.named(path)}:{line} {name}"
        for path in source.core_files()
        for line, name in source.imports_of(path)
        if name.split(".")[0] not in sys.stdlib_module_names
        # `from sharing import law` names a module, `from sharing.law import Basis` something in it.
        and not any(name == one or name.startswith(f"{one}.") for one in allowed)
    ]
    assert not found, found


def test_whatever_the_decision_reaches_is_in_the_core() -> None:
    """A module that slipped under `decide` without being listed would be held by nothing."""
    seen: set[str] = set()
    waiting = ["sharing.decision"]
    files = {source.module_name(path): path for path in source.app_files("sharing")}
    while waiting:
        module = waiting.pop()
        if module in seen:
            continue
        seen.add(module)
        for _line, name in source.imports_of(files[module]):
            waiting += [one for one in (name, name.rpartition(".")[0]) if one in files and one != "sharing"]
    missing = {one for one in seen if one not in source.CORE and not one.startswith("sharing.rules.")}
    assert not missing, missing


def test_the_trail_imports_no_other_app() -> None:
    found = [
        f"{source.named(path)}:{line} {name}"
        for path in source.app_files("audit")
        for line, name in source.imports_of(path)
        if name.split(".")[0] in source.APPS and name.split(".")[0] != "audit"
    ]
    assert not found, found
