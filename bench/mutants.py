"""How much the core's tests would notice: small faults put into the pure modules one at a time, and whether a test fails.

    make mutants [SEED=3] [MUTANTS=60]

The changes are Cosmic Ray's, and three of ours for what norms are made of: words, membership, « all » or « any ». The draw, from a
seed, is over the places that can be changed, so that a comparison with ten variants counts once. Each mutant runs `tests/core`
without Django in a copy of the tree, two at a time, up to the first failure. Printed: the survivors with their difference, then
one JSON object. A survivor that changes nothing that is promised is in `equivalent_mutants.yaml`, with the reason.
"""

from __future__ import annotations

import difflib
import json
import math
import os
import random
import re
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue
from typing import Any

import yaml
from cosmic_ray import plugins
from cosmic_ray.ast import ast_nodes, get_ast
from cosmic_ray.mutating import mutate_code
from cosmic_ray.operators.operator import Operator

from bench.mutations import OURS
from tests.architecture import source

SEED, MUTANTS, JOBS = (
    int(os.environ.get(name, default)) for name, default in (("SEED", 1), ("MUTANTS", 60), ("JOBS", 2))
)
EQUIVALENT = Path(__file__).with_name("equivalent_mutants.yaml")
COPIED = (*source.APPS, "rulebook", "tests", "docs", "pyproject.toml")
PYTEST = ["-m", "pytest", "-x", "-q", "--noconftest", "-c", "/dev/null", "--rootdir=.", "--import-mode=importlib"]
PYTEST += [
    "-o",
    "pythonpath=.",
    "--hypothesis-seed=0",
    *(f"-pno:{plugin}" for plugin in ("cacheprovider", "django", "xdist")),
]
# Run one after the other, the quickest to find fault first; then whatever else there is.
STAGES = (
    ("test_rules", "test_scenarios"),
    ("test_duties", "test_facts", "test_vocabulary", "test_ways", "test_sayings", "test_agreement_scope"),
    ("test_theorems", "test_agreements", "test_local_settings", "test_whatever_the_facts"),
)
STOPPED = (-signal.SIGXCPU, -signal.SIGKILL)
ENOUGH = (
    4  # times the seconds of processor that the tests take where nothing is changed: a mutant that goes on is stopped
)
# A comparison, a sum or a union turned into one that could stand there; the rest only raises, and is caught by anything.
MEANINGFUL = re.compile(
    "core/(ReplaceBinaryOperator_(Add_Sub|Sub_Add|Mul_FloorDiv|FloorDiv_Mul|BitOr_BitAnd|BitAnd_BitOr|BitOr_Sub|Sub_BitAnd)"
    "|ReplaceComparisonOperator_(Eq_NotEq|NotEq_Eq|Lt_LtE|Lt_GtE|LtE_Lt|LtE_Gt|Gt_GtE|Gt_LtE|GtE_Gt|GtE_Lt|Is_IsNot|IsNot_Is)"
    "|ReplaceUnaryOperator_Delete_(Not|USub)|AddNot|Replace(True|False|And|Or|Break|Continue)With.*|ExceptionReplacer"
    "|NumberReplacer|RemoveDecorator|ZeroIterationForLoop)$"
)


@dataclass(frozen=True)
class Mutant:
    """One change of one module: the nth place of one operator."""

    module: str
    operator: str
    occurrence: int
    line: int

    def code(self, before: str) -> str:
        return mutate_code(before, _operator(self.operator), self.occurrence) or before


@dataclass(frozen=True)
class Trial:
    """What became of a mutant: killed, survived, or timeout; and what was changed."""

    mutant: Mutant
    outcome: str
    was: str
    becomes: str
    seconds: float


def _operator(name: str) -> Operator:
    return OURS[name]() if name in OURS else plugins.get_operator(name)()


def _operators() -> list[str]:
    return [*(name for name in plugins.operator_names() if MEANINGFUL.match(name)), *OURS]


def modules() -> list[str]:
    """The pure modules, as paths."""
    found: list[str] = []
    for name in (*source.CORE, source.CORE_MAY_IMPORT):
        path = source.ROOT / name.replace(".", "/")
        found += [
            str(each.relative_to(source.ROOT)) for each in (sorted(path.glob("*.py")) or [path.with_suffix(".py")])
        ]
    return found


def possible() -> dict[tuple[str, Any], list[Mutant]]:
    """Each place that can be changed, with its mutants: neither annotations, never evaluated, nor the names a module lends."""
    found: dict[tuple[str, Any], list[Mutant]] = {}
    for module in modules():
        nodes = list(ast_nodes(get_ast((source.ROOT / module).read_text(encoding="utf-8"))))
        for name in _operators():
            operator = _operator(name)
            places = [(node, start, end) for node in nodes for start, end in operator.mutation_positions(node)]
            for occurrence, (node, start, end) in enumerate(places):
                if not _needless(node):
                    found.setdefault((module, (start, end)), []).append(Mutant(module, name, occurrence, start[0]))
    return found


def _needless(node: Any) -> bool:
    while node.parent is not None:
        parent, place = node.parent, node.parent.children.index(node)
        if parent.type in ("annassign", "tfpdef") and parent.children[place - 1] == ":":
            return True
        if parent.type == "funcdef" and parent.children[place - 1] == "->":
            return True
        if parent.type == "expr_stmt" and parent.children[0].get_code().strip() == "__all__":
            return True
        node = parent
    return False


def drawn(seed: int, number: int) -> list[Mutant]:
    """That many mutants, at as many places, the same for the same seed and the same code."""
    chance, places = random.Random(seed), possible()
    chosen = chance.sample(sorted(places), min(number, len(places)))
    return [chance.choice(places[place]) for place in chosen]


def copied(folder: Path) -> Path:
    """The tree as it lies on the disk, in a folder of its own."""
    for name in COPIED:
        path = source.ROOT / name
        if path.is_dir():
            shutil.copytree(path, folder / name, ignore=shutil.ignore_patterns("__pycache__", ".hypothesis"))
        else:
            shutil.copy2(path, folder / name)
    return folder


def stages(tree: Path) -> list[list[str]]:
    """The tests of the core that need nothing else, the quickest to find fault first."""
    files = sorted((tree / "tests" / "core").glob("test_*.py"))
    alone = {
        path.stem: str(path.relative_to(tree)) for path in files if "django" not in path.read_text("utf-8").lower()
    }
    staged = [[alone.pop(name) for name in names if name in alone] for names in STAGES]
    return [*staged, list(alone.values())]


def run(tree: Path, seconds: int) -> tuple[str, str]:
    """Run the tests in that tree: `killed`, `survived` or `timeout` (of processor, whoever else works), and what they printed."""
    shutil.rmtree(tree / ".hypothesis", ignore_errors=True)
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    for files in stages(tree):
        command = ["sh", "-c", f'ulimit -t {seconds}; exec "$0" "$@"', sys.executable, *PYTEST, *files]
        done = subprocess.run(command, cwd=tree, env=environment, capture_output=True, text=True, check=False)
        if done.returncode in STOPPED:
            return "timeout", ""
        if done.returncode:
            return "killed", done.stdout[-3000:]
    return "survived", ""


def tried(mutant: Mutant, tree: Path, limit: int) -> Trial:
    """Put the change in, run, take it out."""
    path = tree / mutant.module
    before = path.read_text(encoding="utf-8")
    after = mutant.code(before)
    path.write_text(after, encoding="utf-8")
    began = time.monotonic()
    try:
        outcome, _printed = run(tree, limit)
    finally:
        path.write_text(before, encoding="utf-8")
    return Trial(mutant, outcome, *_changed(before, after), round(time.monotonic() - began, 1))


def _changed(before: str, after: str) -> tuple[str, str]:
    lines = list(difflib.ndiff(before.splitlines(), after.splitlines()))
    kept = [" ".join(line[2:].strip() for line in lines if line.startswith(sign)) for sign in ("- ", "+ ")]
    return kept[0], kept[1]


def equivalent() -> dict[tuple[str, str, str], str]:
    """The changes that change nothing that is promised, with the reason."""
    listed = yaml.safe_load(EQUIVALENT.read_text(encoding="utf-8")) or []
    return {(each["module"], each["was"], each["becomes"]): each["why"] for each in listed}


def _processor() -> float:
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    return spent.ru_utime + spent.ru_stime


def all_tried(mutants: list[Mutant], folder: Path) -> Iterator[Trial]:
    """Each mutant's trial, as they end; first, that the tests hold where nothing is changed."""
    trees: SimpleQueue[Path] = SimpleQueue()
    first = copied(folder / "0")
    began = _processor()
    outcome, printed = run(first, 3600)
    if outcome != "survived":
        sys.exit(f"The tests of the core do not hold as they are: {outcome}\n{printed}")
    limit = ENOUGH * math.ceil(_processor() - began)
    for tree in (first, *(copied(folder / str(place)) for place in range(1, JOBS))):
        trees.put(tree)

    def one(mutant: Mutant) -> Trial:
        tree = trees.get()
        try:
            return tried(mutant, tree, limit)
        finally:
            trees.put(tree)

    with ThreadPoolExecutor(JOBS) as pool:
        yield from pool.map(one, mutants)


def main() -> int:
    """Draw, try, print."""
    mutants, known, places = drawn(SEED, MUTANTS), equivalent(), len(possible())
    began, trials = time.monotonic(), []
    with tempfile.TemporaryDirectory(prefix="tact-mutants-") as folder:
        for trial in all_tried(mutants, Path(folder)):
            trials.append(trial)
            print(
                f"{trial.outcome:9}{trial.seconds:6.1f} s  {trial.mutant.module}:{trial.mutant.line}", file=sys.stderr
            )
    survivors = [each for each in trials if each.outcome == "survived"]
    excused = [each for each in survivors if (each.mutant.module, each.was, each.becomes) in known]
    for each in survivors:
        why = known.get((each.mutant.module, each.was, each.becomes), "NOT EXPLAINED")
        print(f"\n{each.mutant.module}:{each.mutant.line}\n- {each.was}\n+ {each.becomes}\n  {why}")
    counted = {
        outcome: sum(each.outcome == outcome for each in trials) for outcome in ("killed", "survived", "timeout")
    }
    figures = {
        "seed": SEED,
        "places": places,
        "mutants": len(trials),
        **counted,
        "equivalent": len(excused),
        "killed_share": round(counted["killed"] / len(trials), 3),
        "minutes": round((time.monotonic() - began) / 60, 1),
    }
    print(json.dumps(figures))
    return 1 if len(survivors) > len(excused) else 0


if __name__ == "__main__":
    sys.exit(main())
