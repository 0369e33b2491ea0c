"""The states of what professionals do with each other: one table each. Acts ask them, tests walk them, `draw_states` draws them.

A turn is the side from which the next move is awaited: `author`, `recipient`, `asker`, `asked`, `reviewer`, `participant`,
`dpo`; "" where it is over.
"""

from partners.graph import Graph, Move

AUTHOR, RECIPIENT, ASKER, ASKED = "author", "recipient", "asker", "asked"
REVIEWER, PARTICIPANT, DPO, TIME, PERSON = "reviewer", "participant", "dpo", "time", "person"
LEAD = "who_tends_the_institution"

DISCLOSURE = Graph(
    name="disclosure",
    first="new",
    turn={
        "new": RECIPIENT,
        "to_acknowledge": RECIPIENT,
        "read": RECIPIENT,
        "given": "",
        "ended": "",
        "returned": "",
        "recalled": "",
    },
    moves=(
        # What is said aloud or handed over is never opened here: it is given from the first.
        Move("new", "give", "given", AUTHOR),
        Move("given", "recall", "recalled", AUTHOR),
        Move("new", "open", "to_acknowledge", RECIPIENT),
        Move("to_acknowledge", "acknowledge", "read", RECIPIENT),
        Move("new", "return", "returned", RECIPIENT),
        Move("to_acknowledge", "return", "returned", RECIPIENT),
        Move("read", "return", "returned", RECIPIENT),
        Move("new", "recall", "recalled", AUTHOR),
        Move("to_acknowledge", "recall", "recalled", AUTHOR),
        Move("read", "recall", "recalled", AUTHOR),
        Move("ended", "recall", "recalled", AUTHOR),
        Move("returned", "recall", "recalled", AUTHOR),
        Move("new", "end", "ended", TIME),
        Move("to_acknowledge", "end", "ended", TIME),
        Move("read", "end", "ended", TIME),
        Move("new", "withdraw_consent", "ended", PERSON),
        Move("to_acknowledge", "withdraw_consent", "ended", PERSON),
        Move("read", "withdraw_consent", "ended", PERSON),
    ),
)

REQUEST = Graph(
    name="request",
    first="sent",
    turn={
        "sent": ASKED,
        "opened": ASKED,
        "declined": "",
        "ask_her": "",
        "without_name": "",
        "answered": "",
        "withdrawn": "",
        "transferred": "",
        "closed": "",
    },
    moves=(
        Move("sent", "opened", "opened", ASKED),
        *(
            Move(start, end, end, ASKED)
            for start in ("sent", "opened")
            for end in ("declined", "ask_her", "without_name", "answered")
        ),
        Move("sent", "withdrawn", "withdrawn", ASKER),
        Move("opened", "withdrawn", "withdrawn", ASKER),
        # One side left: another request takes it over, or nobody does.
        *(Move(start, end, end, LEAD) for start in ("sent", "opened") for end in ("transferred", "closed")),
    ),
)

REVIEW = Graph(
    name="review",
    first="waiting",
    turn={
        "waiting": REVIEWER,
        "suspended": REVIEWER,
        "favourable": AUTHOR,
        "reduce": AUTHOR,
        "unfavourable": AUTHOR,
        "edited": "",
        "released": "",
        "stopped": "",
    },
    moves=(
        # Her word, taken back or opposed, ends the opinion that was awaited: there is nothing left to say of it.
        *(Move(start, "stop", "stopped", PERSON) for start in ("waiting", "suspended", "favourable", "reduce")),
        *(
            Move(start, kind, end, REVIEWER)
            for start in ("waiting", "suspended")
            for kind, end in (
                ("favourable", "favourable"),
                ("reduce", "reduce"),
                ("unfavourable", "unfavourable"),
                # Handing it on lifts nothing: what was suspended stays held.
                ("transfer", start),
            )
        ),
        Move("waiting", "suspend", "suspended", REVIEWER),
        *(
            Move(start, "edit", "edited", AUTHOR)
            for start in ("waiting", "suspended", "favourable", "reduce", "unfavourable")
        ),
        Move("favourable", "release", "released", AUTHOR),
        # Where no text asks for an opinion any more (she agreed meanwhile): what is held stays held.
        Move("waiting", "release", "released", AUTHOR),
        Move("reduce", "release", "released", AUTHOR),
    ),
)

CONSULTATION = Graph(
    name="consultation",
    first="open",
    turn={"open": PARTICIPANT, "advised": AUTHOR, "closed": ""},
    moves=(
        Move("open", "advised", "advised", PARTICIPANT),
        Move("advised", "advised", "advised", PARTICIPANT),
        Move("open", "closed", "closed", AUTHOR),
        Move("advised", "closed", "closed", AUTHOR),
    ),
)

# What one participant of a consultation may do.
PARTICIPATION = Graph(
    name="participation",
    first="asked",
    turn={"asked": PARTICIPANT, "unknown": PARTICIPANT, "recognised": "", "advised": PARTICIPANT, "over": ""},
    moves=(
        Move("asked", "unknown", "unknown", PARTICIPANT),
        Move("asked", "recognised", "recognised", PARTICIPANT),
        Move("unknown", "advised", "advised", PARTICIPANT),
        Move("advised", "advised", "advised", PARTICIPANT),
        Move("asked", "closed", "over", AUTHOR),
        Move("unknown", "closed", "over", AUTHOR),
        Move("advised", "closed", "over", AUTHOR),
    ),
)

INCIDENT = Graph(
    name="incident",
    first="open",
    turn={"open": DPO, "closed": ""},
    moves=(
        Move("open", "noted", "open", DPO),
        Move("open", "authority_told", "open", DPO),
        Move("open", "person_told", "open", DPO),
        Move("open", "closed", "closed", DPO),
    ),
)

GRAPHS = (DISCLOSURE, REQUEST, REVIEW, CONSULTATION, PARTICIPATION, INCIDENT)
