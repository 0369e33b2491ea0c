"""Each graph of states is one sound table, and the documents draw these tables."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st

from partners.graph import Graph, Move, NotFromHere
from sharing import states_document

by_name = pytest.mark.parametrize("graph", states_document.GRAPHS, ids=lambda graph: graph.name)


@by_name
def test_a_table_of_states_is_sound(graph: Graph) -> None:
    assert not graph.faults()


@by_name
def test_from_every_state_something_ends(graph: Graph) -> None:
    """Nobody is left waiting for ever: an end is within reach of each state whose turn is somebody's."""
    for start in graph.states:
        seen, waiting = {start}, [start]
        while waiting:
            state = waiting.pop()
            ahead = {move.end for move in graph.moves if move.start == state} - seen
            seen |= ahead
            waiting += ahead
        assert seen & graph.ended, (graph.name, start)


@given(st.sampled_from(states_document.GRAPHS), st.lists(st.text(max_size=12), max_size=4))
def test_a_move_that_is_not_in_the_table_changes_nothing(graph: Graph, moves: list[str]) -> None:
    known = {move.by for move in graph.moves}
    for move in moves:
        if move not in known:
            with pytest.raises(NotFromHere):
                graph.after(graph.first, move)
            assert not graph.allows(graph.first, move)


def test_a_faulty_table_says_what_is_wrong() -> None:
    faulty = Graph(
        name="faulty",
        first="a",
        turn={"a": "author", "b": "reader", "c": ""},
        moves=(Move("a", "go", "b", "author"), Move("a", "go", "b", "author"), Move("a", "fly", "d", "author")),
    )
    assert faulty.faults() == [
        "faulty: d is no state",
        "faulty: ('a', 'go') is told twice",
        "faulty: c is never reached",
        "faulty: it is reader's turn in b, and no move starts there",
    ]


def test_the_documents_draw_the_tables_of_today() -> None:
    call_command("draw_states", "--check", stdout=StringIO())


def test_a_table_that_moved_fails_the_check(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(states_document, "GRAPHS", states_document.GRAPHS[:-1])
    with pytest.raises(CommandError, match="draw_states"):
        call_command("draw_states", "--check", stdout=StringIO())
