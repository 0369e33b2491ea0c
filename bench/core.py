"""How fast the decision core decides, over every scenario of the rulebook: one JSON object, times in microseconds.

    python bench/core.py [rounds]

``without_paths`` gives every reason and duty; ``with_paths`` also tries the ways out and the questions. Each is measured decision
by decision, one thread, collector at rest.
"""

from __future__ import annotations

import gc
import json
import sys
from collections import Counter
from pathlib import Path
from time import perf_counter_ns

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from partners.vocabulary import RULEBOOK, vocabulary
from sharing import law, scenarios
from sharing.decision import decide
from sharing.facts import Facts
from sharing.rules import RULES

ROUNDS = 40


def by_theme() -> dict[str, list[Facts]]:
    """The facts of every scenario, by the file they stand in."""
    found = {}
    for path in sorted((RULEBOOK / "scenarios").glob("*.yaml")):
        read = scenarios.read(path.read_text(encoding="utf-8"))
        found[path.stem] = [each.facts for each in read if isinstance(each, scenarios.Scenario)]
    return found


def measured(facts: list[Facts], *, paths: bool, rounds: int) -> dict[str, float]:
    """Decisions per second, and the times under which half, 95 % and 99 % of them are taken."""
    for each in facts:
        decide(each, paths=paths)
    times: list[int] = []
    gc.disable()
    for _round in range(rounds):
        for each in facts:
            start = perf_counter_ns()
            decide(each, paths=paths)
            times.append(perf_counter_ns() - start)
    gc.enable()
    times.sort()
    return {
        "decisions": len(times),
        "per_second": round(len(times) / (sum(times) / 1e9)),
        **{f"p{part}": round(times[len(times) * part // 100] / 1000, 1) for part in (50, 95, 99)},
    }


def main(rounds: int) -> None:
    """Measure, and print."""
    themes, words = by_theme(), vocabulary()
    facts = [each for scenarios_of_it in themes.values() for each in scenarios_of_it]
    result = {
        "scenarios": len(facts),
        "by_theme": {theme: len(scenarios_of_it) for theme, scenarios_of_it in themes.items()},
        "by_domain": Counter(
            words.purposes[each.purpose].domain if each.purpose in words.purposes else "forbidden" for each in facts
        ),
        "verdicts": Counter(decide(each).verdict for each in facts),
        "rulebook": {
            "texts": len(law.BASES),
            "articles": len(law.ARTICLES),
            "norms": len(RULES),
            **{
                name: len(getattr(words, name))
                for name in ("roles", "purposes", "categories", "circumstances", "reasons")
            },
            "bytes": sum(path.stat().st_size for path in RULEBOOK.glob("*.yaml")),
        },
        "without_paths": measured(facts, paths=False, rounds=rounds),
        "with_paths": measured(facts, paths=True, rounds=max(1, rounds // 20)),
    }
    print(json.dumps(result))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS)
