"""The state tables of the directory: a mission sheet, an agreement, a succession. Acts ask them, tests walk them."""

from .graph import Graph, Move

# Who may, and whose turn it is. Time is nobody's act: a day comes, a day is over.
WRITER, READER, EITHER, TIME = "side_that_wrote", "other_side", "either_side", "time"
UNSIGNED_PARTY, PARTY, SUSPENDER = "party_that_has_not_signed", "party", "another_person_where_it_was_suspended"
CLOSING, SUCCESSOR = "institution_that_closes", "successor"

SHEET = Graph(
    name="mission_sheet",
    first="waiting",
    turn={"waiting": READER, "changes_asked": WRITER, "validated": "", "replaced": ""},
    moves=(
        Move("waiting", "validate", "validated", READER),
        Move("waiting", "ask_changes", "changes_asked", READER),
        # A new version takes the place of what nobody validated; what was validated stands until the new one is.
        Move("waiting", "write_again", "replaced", EITHER),
        Move("changes_asked", "write_again", "replaced", EITHER),
        Move("validated", "write_again", "validated", EITHER),
        Move("validated", "validate_the_next", "replaced", READER),
    ),
)

AGREEMENT = Graph(
    name="agreement",
    first="unsigned",
    turn={
        "unsigned": UNSIGNED_PARTY,
        "to_come": "",
        "current": "",
        "suspended": SUSPENDER,
        "ended": "",
        "replaced": "",
    },
    moves=(
        Move("unsigned", "sign", "unsigned", UNSIGNED_PARTY),
        Move("unsigned", "sign_last", "to_come", UNSIGNED_PARTY),
        Move("unsigned", "revise", "replaced", PARTY),
        Move("unsigned", "end", "ended", PARTY),
        Move("unsigned", "last_day_over", "ended", TIME),
        Move("to_come", "first_day", "current", TIME),
        Move("to_come", "revise", "to_come", PARTY),
        Move("to_come", "suspend", "suspended", PARTY),
        Move("to_come", "end", "ended", PARTY),
        Move("to_come", "sign_the_next", "replaced", UNSIGNED_PARTY),
        Move("current", "revise", "current", PARTY),
        Move("current", "suspend", "suspended", PARTY),
        Move("current", "end", "ended", PARTY),
        Move("current", "last_day_over", "ended", TIME),
        Move("current", "sign_the_next", "replaced", UNSIGNED_PARTY),
        Move("suspended", "revise", "suspended", PARTY),
        Move("suspended", "resume", "to_come", SUSPENDER),
        Move("suspended", "end", "ended", PARTY),
        Move("suspended", "last_day_over", "ended", TIME),
        Move("suspended", "sign_the_next", "replaced", UNSIGNED_PARTY),
        Move("ended", "revise", "ended", PARTY),
    ),
)

SUCCESSION = Graph(
    name="succession",
    first="waiting",
    turn={"waiting": SUCCESSOR, "refused": "", "accepted": "", "done": ""},
    moves=(
        Move("waiting", "refuse", "refused", SUCCESSOR),
        Move("waiting", "accept", "accepted", SUCCESSOR),
        Move("accepted", "day_of_closing", "done", TIME),
    ),
)

GRAPHS = (SHEET, AGREEMENT, SUCCESSION)
