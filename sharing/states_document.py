"""docs/states.md: every table of states, drawn. Same tables, same bytes."""

from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

from partners import graphs as of_partners
from partners.graph import Graph
from sharing import graphs as of_sharing

STATES_DOCUMENT = Path(settings.BASE_DIR) / "docs" / "states.md"
GRAPHS = (*of_sharing.GRAPHS, *of_partners.GRAPHS)
HEAD = """# States

*Every table of states of the house, drawn; written by `manage.py draw_states` from `sharing/graphs.py` and `partners/graphs.py`:
change those, not this file. The acts ask these tables; the tests walk them. An arrow says the move and whose it is; a state is
followed by the side whose turn it is.*
"""


def document() -> str:
    """The whole document, ending in a line feed."""
    return "\n".join([HEAD, *(line for graph in GRAPHS for line in _drawn(graph))])


def _drawn(graph: Graph) -> Iterator[str]:
    yield f"## {graph.name.replace('_', ' ').capitalize()}"
    yield ""
    yield "```mermaid"
    yield "stateDiagram-v2"
    yield f"    [*] --> {graph.first}"
    for state, whose in graph.turn.items():
        if whose:
            yield f"    {state} : {state} (turn of {whose.replace('_', ' ')})"
    for move in graph.moves:
        yield f"    {move.start} --> {move.end} : {move.by} ({move.who.replace('_', ' ')})"
    for state in graph.states:
        if not any(move.start == state for move in graph.moves):
            yield f"    {state} --> [*]"
    yield "```"
    yield ""
