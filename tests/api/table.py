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
api:vocabulary           GET    *                  200 200 200 200 200 200 200
api:institutions         GET    directory:read     200 200 200 200 200 200 200
api:institution          GET    directory:read     200 200 200 200 200 200 200
api:professionals        GET    directory:read     200 200 200 200 200 200 200
api:professional         GET    directory:read     200 200 200 200 200 200 200
api:agreements           GET    directory:read     200 200 200 200 200 200 200
api:agreement            GET    directory:read     200 200 200 200 200 200 200
api:situations           GET    cases:read         200 200 200 200 200 200 200
api:situation            GET    cases:read         200 404 404 404 404 404 404
api:items                GET    cases:read         200 404 404 404 404 404 404
api:item                 GET    cases:read         200 404 404 404 404 404 404
api:drafts               GET    sharing:preview    200 404 404 404 404 404 404
api:drafts               POST   sharing:preview    201 404 404 404 404 404 404
api:draft                GET    sharing:preview    200 404 404 404 404 404 404
api:draft                PUT    sharing:preview    200 404 404 404 404 404 404
api:draft                DELETE sharing:preview    204 404 404 404 404 404 404
api:draft_preview        GET    sharing:preview    200 404 404 404 404 404 404
api:draft_send           POST   sharing:send       400 404 404 404 404 404 404
api:draft_ask_opinion    POST   sharing:send       400 404 404 404 404 404 404
api:who_decides          GET    consent:read       200 404 404 404 404 404 404
api:words                GET    consent:read       200 404 404 404 404 404 404
api:words                POST   consent:write      400 404 404 404 404 404 404
api:text_to_read         GET    consent:read       400 400 400 400 400 400 400
api:withdraw_all         POST   consent:write      400 404 404 404 404 404 404
api:withdraw             POST   consent:write      400 404 404 404 404 404 404
api:situation_proofs     GET    proofs:read        400 400 400 400 400 400 400
api:sent                 GET    sent:read          200 200 200 200 200 200 200
api:sent_one             GET    sent:read          200 404 404 404 404 404 404
api:recall               POST   sharing:recall     200 404 200 404 404 404 404
api:sent_proof           GET    proofs:read        200 404 404 404 404 404 404
api:received             GET    received:read      200 200 200 200 200 200 200
api:received_one         GET    received:read      404 404 404 200 404 404 404
api:open                 POST   received:open      404 404 404 200 404 404 404
api:acknowledge          POST   received:open      404 404 404 409 404 404 404
api:send_back            POST   received:return    404 404 404 200 404 404 404
api:ask_precision        POST   requests:write     404 404 404 400 404 404 404
api:answer_received      POST   sharing:preview    404 404 404 409 404 404 404
api:received_proof       GET    proofs:read        404 404 404 200 404 404 404
api:received_proof       POST   proofs:content     404 404 404 200 404 404 404
api:requests             GET    requests:read      200 200 200 200 200 200 200
api:requests             POST   requests:write     400 400 400 400 400 400 400
api:ask_preview          POST   requests:read      400 400 400 400 400 400 400
api:request              GET    requests:read      200 404 404 200 404 404 404
api:request_open         POST   requests:read      404 404 404 200 404 404 404
api:request_answer       POST   requests:write     400 400 400 400 400 400 400
api:request_draft        POST   sharing:preview    404 404 404 201 404 404 404
api:request_withdraw     POST   requests:write     200 404 404 404 404 404 404
api:request_seen         POST   requests:write     204 404 404 404 404 404 404
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
