"""Verbs are functions, keyword-only, that say who acts and when; each is one transaction with its entry (laws 9 and 11)."""

import ast
import re
from pathlib import Path

from tests.architecture import source

NOBODY_ACTS: dict[str, str] = {
    "sharing.demo": "loads a fictitious territory, each act by its own professional",
}
"""Modules that write to the trail without being acts of one professional, each with its reason."""

PAST_PARTICIPLES = frozenset(
    """
    accepted acknowledged added advised answered approved assigned changed checked chosen closed compared concluded confirmed
    created declared declined delivered discarded discharged downloaded ended erased exported favoured forbidden given informed
    invalidated kept lifted loaded logged matched noted notified opened opposed postponed previewed printed proposed purged
    raised read recalled received recognised recorded reduced refused released removed reopened reported requested reset
    restored returned revealed revoked rotated searched seen sent shown signed spoken started stopped suspended told
    transferred unassigned unsealed updated used verified
    withdrawn withheld written
    """.split()  # noqa: SIM905
)
AWAITED = {
    "disclosure.awaiting_opinion": "nothing was done: the opinion of somebody else is awaited",
}
"""Actions that say a state rather than an act, each with its reason."""
ACTION = re.compile(r"[a-z]+(_[a-z]+)*\.[a-z]+(_[a-z]+)*")


def writes_to_the_trail(node: ast.AST) -> bool:
    calls = (source.dotted(one.func) for one in ast.walk(node) if isinstance(one, ast.Call))
    return any(name in {"ledger.record", "ledger.record_many", "record_many"} for name in calls)


def opens_a_transaction(node: ast.FunctionDef) -> bool:
    return any(source.dotted(mark) == "transaction.atomic" for mark in node.decorator_list)


def acts() -> list[tuple[Path, ast.FunctionDef]]:
    """Public functions that open a transaction or write an entry, pages and the trail itself apart."""
    return [
        (path, node)
        for path in source.app_files("sharing", "consent", "cases", "partners")
        if not source.module_name(path).startswith(tuple(NOBODY_ACTS)) and "management" not in path.parts
        for node in source.functions_of(path)
        if opens_a_transaction(node) or writes_to_the_trail(node)
    ]


def test_acts_are_found() -> None:
    names = {node.name for _path, node in acts()}
    assert {"share", "withdraw", "give", "assign", "open_case", "add_item", "open_disclosure", "acknowledge"} <= names


def test_an_act_takes_its_arguments_by_name() -> None:
    found = [
        f"{source.named(path)}:{node.lineno} {node.name}"
        for path, node in acts()
        if node.args.args or node.args.posonlyargs or node.args.vararg
    ]
    assert not found, found


def test_an_act_says_who_acts() -> None:
    """`by` is the membership as which she acts; what only writes rows for an act is handed the parties themselves."""
    found = [
        f"{source.named(path)}:{node.lineno} {node.name}"
        for path, node in acts()
        if not {"by", "sender"} & {one.arg for one in node.args.kwonlyargs}
    ]
    assert not found, found


def test_a_class_is_never_a_service() -> None:
    found = [
        f"{source.named(path)}:{node.lineno} {node.name}"
        for path in source.app_files()
        for node in ast.walk(source.tree_of(path))
        if isinstance(node, ast.ClassDef) and re.search(r"(Service|Selector|Repository|Facade|Helper)$", node.name)
    ]
    assert not found, found


def actions() -> dict[str, str]:
    """Every action that is recorded or noted, with where it stands in the code."""
    found: dict[str, str] = {}
    for path in source.python_files("sharing", "consent", "cases", "partners", "audit"):
        for node in ast.walk(source.tree_of(path)):
            values: list[ast.AST] = []
            if isinstance(node, ast.Call):
                values += [word.value for word in node.keywords if word.arg == "action"]
                if source.dotted(node.func).endswith(("needs_entry",)):
                    values += node.args[1:]
                if source.dotted(node.func).endswith(("note", "refused", "case_or_404", "item_or_404")):
                    values += node.args
            elif isinstance(node, ast.Dict):
                pairs = zip(node.keys, node.values, strict=True)
                values += [v for k, v in pairs if isinstance(k, ast.Constant) and k.value == "action"]
            for value in values:
                for leaf in ast.walk(value):
                    if isinstance(leaf, ast.Constant) and isinstance(leaf.value, str) and ACTION.fullmatch(leaf.value):
                        found.setdefault(leaf.value, f"{source.named(path)}:{leaf.lineno}")
    return found


def test_an_action_is_a_past_participle() -> None:
    found = actions()
    assert {"disclosure.released", "consent.withdrawn", "case.opened"} <= set(found)
    wrong = {
        action: where
        for action, where in found.items()
        if action not in AWAITED and not PAST_PARTICIPLES & set(action.rpartition(".")[2].split("_"))
    }
    assert not wrong, wrong


def test_no_signal_acts_behind_an_act() -> None:
    found = [
        f"{source.named(path)}:{line} {name}"
        for path in source.app_files()
        for line, name in source.imports_of(path)
        if name.startswith(
            ("django.dispatch", "django.db.models.signals", "django.core.signals", "django.contrib.auth.signals")
        )
    ]
    assert not found, found
    assert not [path for path in source.app_files() if path.stem == "signals"]


def test_the_two_doors_are_never_confused() -> None:
    """guardian lets a superuser through: nobody asks it `has_perm`, and nobody but `cases` asks it anything."""
    found = [
        f"{source.named(path)}:{line} {name}"
        for path in source.app_files()
        for line, name in source.imports_of(path)
        if name.startswith("guardian") and not source.module_name(path).startswith("cases.")
    ]
    assert not [one for one in found if not one.startswith("config/settings")], found
    asked = [
        f"{source.named(path)}:{node.lineno}"
        for path in source.app_files()
        for node in ast.walk(source.tree_of(path))
        if isinstance(node, ast.Attribute) and node.attr in {"has_perm", "has_perms", "is_superuser", "is_staff"}
    ]
    assert not asked, asked


def test_one_module_alone_writes_who_follows_a_case() -> None:
    writers = {
        source.named(path)
        for path in source.app_files()
        for node in ast.walk(source.tree_of(path))
        if isinstance(node, ast.Call)
        and source.dotted(node.func)
        in {"assign_perm", "remove_perm", "Assignment.objects.create", "CaseAccess.objects.create"}
    }
    assert writers <= {"cases/access.py", "sharing/demo/batch.py", "sharing/demo/many.py"}, writers
