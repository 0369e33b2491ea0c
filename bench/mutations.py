"""Three changes that Cosmic Ray lacks, in its own form, for what norms are made of: words, membership, and « all » or « any »."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import parso
from cosmic_ray.operators.operator import Example, Operator

CODE = re.compile(r"""^(["'])[a-zA-Z][\w-]*\1$""")
SWAPPED = {"all": "any", "any": "all", "min": "max", "max": "min", "isdisjoint": "issuperset"}

Place = tuple[tuple[int, int], tuple[int, int]]


class _OneLeaf(Operator):
    """A change of one leaf of the tree."""

    def changed(self, leaf: Any) -> str | None:
        """What would stand there instead; None where there is nothing to change."""
        raise NotImplementedError

    def mutation_positions(self, node: Any) -> Iterator[Place]:
        if not getattr(node, "children", None) and self.changed(node) is not None:
            yield (node.start_pos, node.end_pos)

    def mutate(self, node: Any, index: int) -> Any:
        node.value = self.changed(node)
        return node

    @classmethod
    def examples(cls) -> tuple[Example, ...]:
        return ()


class ReplaceWord(_OneLeaf):
    """A word of the rulebook becomes one that nobody knows."""

    def changed(self, leaf: Any) -> str | None:
        if leaf.type != "string" or not CODE.match(leaf.value):
            return None
        return f"{leaf.value[:-1]}_x{leaf.value[-1]}"


class SwapName(_OneLeaf):
    """« all » for « any », the latest for the earliest."""

    def changed(self, leaf: Any) -> str | None:
        return SWAPPED.get(leaf.value) if leaf.type == "name" else None


class ReplaceMembership(Operator):
    """« in » for « not in », and the other way."""

    def mutation_positions(self, node: Any) -> Iterator[Place]:
        if node.type == "comparison":
            for place in self._places(node):
                yield (node.children[place].start_pos, node.children[place].end_pos)

    def mutate(self, node: Any, index: int) -> Any:
        place = list(self._places(node))[index]
        inside = node.children[place].get_code().strip() == "in"
        node.children[place] = parso.parse(" not in" if inside else " in")
        return node

    @staticmethod
    def _places(node: Any) -> list[int]:
        return [
            place
            for place in range(1, len(node.children), 2)
            if node.children[place].get_code().strip() in ("in", "not in")
        ]

    @classmethod
    def examples(cls) -> tuple[Example, ...]:
        return ()


OURS: dict[str, type[Operator]] = {
    "tact/ReplaceWord": ReplaceWord,
    "tact/SwapName": SwapName,
    "tact/ReplaceMembership": ReplaceMembership,
}
