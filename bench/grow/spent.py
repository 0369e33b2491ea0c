"""Seconds of processor that processes have taken, as Linux counts them (`/proc/PID/stat`), their ended children included."""

import os
from collections.abc import Callable, Iterable
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")
USER, SYSTEM, CHILDREN_USER, CHILDREN_SYSTEM = range(11, 15)  # after the name, which may hold spaces


def seconds(pids: Iterable[int]) -> float:
    """Of all of them together."""
    total = 0
    for pid in pids:
        try:
            fields = (Path("/proc") / str(pid) / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        total += sum(int(fields[place]) for place in (USER, SYSTEM, CHILDREN_USER, CHILDREN_SYSTEM))
    return total / TICKS


class Meter:
    """What each part of a house spends from one look to the next."""

    def __init__(self, parts: dict[str, Callable[[], Iterable[int]]]) -> None:
        self.parts = parts
        self.before = self.look()

    def look(self) -> dict[str, float]:
        return {name: seconds(pids()) for name, pids in self.parts.items()}

    def since(self) -> dict[str, float]:
        """Seconds of each since the meter was made, or since the last time this was asked."""
        now = self.look()
        spent = {name: now[name] - self.before[name] for name in now}
        self.before = now
        return spent
