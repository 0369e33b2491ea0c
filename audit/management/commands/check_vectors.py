"""`manage.py check_vectors FILE`: the tree against public vectors. Exit status 0: all pass; 1: one fails; 2: unreadable."""

import base64
import binascii
import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from audit import tree

Outcome = tuple[str, bool]
"""A case's name and whether it came out as the file wants."""
MOST_BYTES = 200_000_000


class Command(BaseCommand):
    help = "Check the Merkle tree against a file of vectors (RFC 6962). Needs no database."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="a file of the form of tests/audit/vectors/rfc6962.json")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        try:
            if path.stat().st_size > MOST_BYTES:
                raise ValueError("too big")
            vectors = json.loads(path.read_bytes(), parse_int=_number)
            if not isinstance(vectors, dict):
                raise TypeError("not an object")
        except (OSError, ValueError, TypeError, RecursionError) as error:
            why = getattr(error, "strerror", None) or str(error)
            raise CommandError(
                _("Le fichier %(path)s n’a pas pu être lu : %(why)s") % {"path": path, "why": why}, returncode=2
            ) from error
        outcomes = list(checked(vectors))
        failed = [name for name, passed in outcomes if not passed]
        for name in failed:
            self.stdout.write(_("échec : %(name)s") % {"name": name})
        self.stdout.write(f"{len(outcomes) - len(failed)} passed, {len(failed)} failed")
        if failed or not outcomes:
            sys.exit(1)


def checked(vectors: dict[str, Any]) -> Iterator[Outcome]:
    """Every case of the file, in its order. A case that is itself badly written fails; one that is refused as wanted passes."""
    sections: list[tuple[str, Callable[[Any], bool]]] = [("inclusion", inclusion), ("consistency", consistency)]
    for section, verified in sections:
        for number, case in enumerate(_list(vectors.get(section))):
            wanted = case.get("wantErr") if isinstance(case, dict) else None
            name = str(case.get("name") or case.get("desc")) if isinstance(case, dict) else "?"
            yield f"{section}[{number}] {name}", isinstance(wanted, bool) and verified(case) is not wanted
    if isinstance(reference := vectors.get("reference"), dict):
        yield from roots(reference)


def inclusion(case: dict[str, Any]) -> bool:
    """Whether the tree accepts this proof; what cannot even be read is not accepted."""
    try:
        leaf, root, proof = _bytes(case["leafHash"]), _bytes(case["root"]), _proof(case["proof"])
        return tree.verify_inclusion(leaf, case["leafIdx"], case["treeSize"], proof, root)
    except (KeyError, TypeError, ValueError):
        return False


def consistency(case: dict[str, Any]) -> bool:
    """Whether the tree accepts this proof; what cannot even be read is not accepted."""
    try:
        old, new, proof = _bytes(case["root1"]), _bytes(case["root2"]), _proof(case["proof"])
        return tree.verify_consistency(case["size1"], case["size2"], old, new, proof)
    except (KeyError, TypeError, ValueError):
        return False


def roots(reference: dict[str, Any]) -> Iterator[Outcome]:
    """The reference roots, each computed in three ways: at once, leaf after leaf, and from complete subtrees."""
    if "empty_root" in reference:
        yield "reference empty_root", tree.EMPTY_ROOT.hex() == reference["empty_root"] == tree.root([]).hex()
    leaves, wanted = _list(reference.get("leaves")), _list(reference.get("roots"))
    try:
        hashes = [tree.leaf_hash(bytes.fromhex(leaf)) for leaf in leaves]
    except (TypeError, ValueError):
        yield "reference leaves", False
        return
    if len(wanted) > len(hashes):
        yield f"reference roots: {len(wanted)} roots of {len(hashes)} leaves", False
    growing, node = tree.Frontier(), tree.node_of_leaves(hashes)
    for size, (leaf, root) in enumerate(zip(hashes, wanted, strict=False), 1):
        growing.append(leaf)
        found = {tree.root(hashes[:size]).hex(), growing.root().hex(), tree.root_at(size, node).hex()}
        yield f"reference root of {size}", isinstance(root, str) and found == {root}


def _number(digits: str) -> int | str:
    """A number that Python reads at no cost; a longer one stays text, which no proof accepts."""
    return int(digits) if len(digits) <= 100 else digits


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _bytes(value: Any) -> bytes:
    """Base64 as the vectors publish it. ValueError otherwise."""
    if not isinstance(value, str):
        raise TypeError("not base64")
    try:
        return base64.b64decode(value, validate=True)
    except binascii.Error as error:
        raise ValueError("not base64") from error


def _proof(value: Any) -> list[bytes]:
    return [_bytes(one) for one in value] if value is not None else []
