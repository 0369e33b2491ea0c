"""The states of something and the moves between them, as one table: acts ask it, tests walk it, the documents draw it."""

from collections.abc import Iterable
from dataclasses import dataclass


class NotFromHere(Exception):
    """This move does not start from the present state: somebody else was quicker, or it is over."""

    def __init__(self, graph: str, state: str, move: str) -> None:
        super().__init__(f"{graph}: no {move} from {state}")
        self.state, self.move = state, move


@dataclass(frozen=True, slots=True)
class Move:
    """One row of the table: from a state, by an act, to a state, and who may."""

    start: str
    by: str
    end: str
    who: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Graph:
    """A table of states. `turn` says, for each state, whose turn it is ("" where nobody's: it is over)."""

    name: str
    first: str
    turn: dict[str, str]
    moves: tuple[Move, ...]

    @property
    def states(self) -> tuple[str, ...]:
        """Every state, in the order of the table."""
        return tuple(self.turn)

    @property
    def ended(self) -> frozenset[str]:
        """The states from which nothing more is awaited."""
        return frozenset(state for state, whose in self.turn.items() if not whose)

    def after(self, state: str, move: str) -> str:
        """The state that this move leads to. Raises NotFromHere where the table has no such row."""
        for one in self.moves:
            if one.start == state and one.by == move:
                return one.end
        raise NotFromHere(self.name, state, move)

    def allows(self, state: str, move: str) -> bool:
        """Whether the table has such a row."""
        return any(one.start == state and one.by == move for one in self.moves)

    def reached(self, moves: Iterable[str]) -> str:
        """The state after these moves, from the first. Raises NotFromHere."""
        state = self.first
        for move in moves:
            state = self.after(state, move)
        return state

    def faults(self) -> list[str]:
        """What is wrong with the table itself: a state nobody reaches, a turn without a move, a row told twice."""
        found = []
        known = set(self.turn)
        for one in self.moves:
            found += [f"{self.name}: {state} is no state" for state in (one.start, one.end) if state not in known]
        pairs = [(one.start, one.by) for one in self.moves]
        found += [f"{self.name}: {pair} is told twice" for pair in sorted({p for p in pairs if pairs.count(p) > 1})]
        reached, waiting = {self.first}, [self.first]
        while waiting:
            state = waiting.pop()
            for one in self.moves:
                if one.start == state and one.end not in reached:
                    reached.add(one.end)
                    waiting.append(one.end)
        found += [f"{self.name}: {state} is never reached" for state in sorted(known - reached)]
        leaves = {one.start for one in self.moves}
        found += [
            f"{self.name}: it is {whose}'s turn in {state}, and no move starts there"
            for state, whose in self.turn.items()
            if whose and state not in leaves
        ]
        return found
