"""Abuse 4, for programs: no view of the interface writes a row; what writes is what the pages call."""

import ast

from tests.architecture import source

ACTS = {
    "sharing/api/tokens.py": "makes a token and ends it: an act, with its entry",
    "sharing/api/house_tokens.py": "ends a colleague's token: an act, with its entry",
    "sharing/api/idempotency.py": "keeps what a call was answered, in the transaction of its act",
}
WRITES = {
    "save",
    "create",
    "bulk_create",
    "update",
    "bulk_update",
    "update_or_create",
    "get_or_create",
    "delete",
    "record",
    "execute",
}


def test_abuse_04_no_view_of_the_interface_writes_a_row() -> None:
    files = [path for path in source.app_files("sharing") if "api" in path.parts]
    assert len(files) > len(ACTS)
    found = [
        f"{source.named(path)}:{node.lineno} {node.func.attr}"
        for path in files
        if source.named(path) not in ACTS
        for node in ast.walk(source.tree_of(path))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in WRITES
    ]
    assert not found, found


def test_abuse_04_every_door_of_programs_rests_on_the_same_ground() -> None:
    """A plain view of DRF would know neither scope, nor key, nor problem; a generic one would write rows by itself."""
    found = []
    for path in source.app_files():
        for line, name in source.imports_of(path):
            generic = name.startswith(("rest_framework.generics", "rest_framework.viewsets", "rest_framework.mixins"))
            plain = name.startswith(("rest_framework.views", "rest_framework.decorators"))
            if generic or (plain and source.named(path) != "sharing/api/base.py") or "ModelSerializer" in name:
                found.append(f"{source.named(path)}:{line} {name}")
    assert not found, found
