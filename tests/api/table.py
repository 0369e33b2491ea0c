"""Who may pass which door of programs: one line for each door and each verb it knows, one column for each persona.

A persona comes with a token of hers that has this scope and no other (`*`: any scope opens the door), and sends nothing but a key.
Columns and scene: those of tests/doors/table.py. A verb that no line names is 405; without a token, with a session instead, or with
the token of somebody who left, every door is 401; with every scope but the one, 403.
"""

PERSONAS = ("camille", "leila", "nadia", "lantier", "perrin", "yann", "claire")
VERBS = ("GET", "POST", "PUT", "PATCH", "DELETE")

TABLE = """
api:me                   GET    *                  200 200 200 200 200 200 200
api:schema               GET    *                  200 200 200 200 200 200 200
api:unknown              GET    *                  404 404 404 404 404 404 404
api:unknown              POST   *                  404 404 404 404 404 404 404
api:unknown              PUT    *                  404 404 404 404 404 404 404
api:unknown              PATCH  *                  404 404 404 404 404 404 404
api:unknown              DELETE *                  404 404 404 404 404 404 404
"""


def read_table() -> dict[tuple[str, str], tuple[str, dict[str, int]]]:
    """(door, verb) → scope, persona → status."""
    doors: dict[tuple[str, str], tuple[str, dict[str, int]]] = {}
    for line in TABLE.strip().splitlines():
        door, verb, scope, *statuses = line.split()
        assert verb in VERBS, line
        assert len(statuses) == len(PERSONAS), line
        assert (door, verb) not in doors, line
        doors[door, verb] = scope, dict(zip(PERSONAS, map(int, statuses), strict=True))
    return doors


DOORS = read_table()
