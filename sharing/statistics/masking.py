"""What may be published of counts: nothing small, nothing that one institution could take its own away from, nothing left over.

A count is publishable where, whichever institution subtracts what it did itself, five or more remain, of two others at least.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from uuid import UUID

LEAST = 5
LEAST_INSTITUTIONS = 3
Counts = Mapping[UUID, int]
"""Institution → how many."""


def publishable(counts: Counts) -> int | None:
    """The total, or None where it would say too much of somebody."""
    several = [count for count in counts.values() if count]
    if len(several) < LEAST_INSTITUTIONS or sum(several) - max(several) < LEAST:
        return None
    return sum(several)


def parted(whole: Mapping[str, Counts]) -> tuple[dict[str, int], int | None]:
    """The parts of a published total that may be shown, the greatest first, and all the others together; nothing if none may.

    Whoever takes the parts that are shown away from the total learns what is left over: it must itself be publishable, so
    parts join it, the smallest first, until it is.
    """
    if publishable(_together(whole, whole)) is None:
        return {}, None
    shown = {code: total for code, counts in whole.items() if (total := publishable(counts)) is not None}
    while True:
        over = [code for code in whole if code not in shown and any(whole[code].values())]
        if not over:
            return _greatest_first(shown), None
        rest = publishable(_together(whole, over))
        if rest is not None:
            return (_greatest_first(shown), rest) if shown else ({}, None)
        if not shown:
            return {}, None
        del shown[min(shown, key=lambda code: (shown[code], code))]


def rounded(count: int, to: int = 10) -> int:
    """Down to the ten below: that somebody came or went between two visits is not told."""
    return count - count % to


def _together(whole: Mapping[str, Counts], codes: Iterable[str]) -> Counter[UUID]:
    found: Counter[UUID] = Counter()
    for code in codes:
        found.update(whole[code])
    return found


def _greatest_first(shown: Mapping[str, int]) -> dict[str, int]:
    return dict(sorted(shown.items(), key=lambda one: (-one[1], one[0])))
