"""In what state of her session, or of her token, somebody comes: a line for each, and what every protected door then does.

A protected door is one that leads a visitor to the sign-in page (tests/doors/table.py). The doors of each state's last column
are open in it all the same.
"""

from tests.doors.table import DOORS

STATES = """
state             persona  leads to                        but for
left              claire   /connexion/?fin=rattachement    -
idle              claire   /connexion/?next=               -
after_a_day       claire   /connexion/?fin=journee         -
closed            claire   /connexion/                     -
factor_due        claire   /compte/second-facteur/?next=   before_second_factor
factor_unproved   claire   /compte/second-facteur/?next=   before_second_factor
two_posts         yann     /agir-pour/?next=               before_a_post
"""

BEFORE_SECOND_FACTOR = {
    "account_reauthenticate", "confirm_by_key", "mfa_index", "mfa_activate_totp", "mfa_add_webauthn", "mfa_edit_webauthn",
    "remove_factor", "mfa_generate_recovery_codes", "partners:prolong",
}  # fmt: skip
"""What one needs to set a second factor up, to prove it, and to stay signed in meanwhile."""
BEFORE_A_POST = {
    "partners:act_as", "partners:prolong", "partners:account", "account_change_password", "usersessions_list",
    "account_reauthenticate", "confirm_by_key", "mfa_index", "mfa_activate_totp", "mfa_add_webauthn", "mfa_edit_webauthn",
    "remove_factor", "mfa_generate_recovery_codes",
}  # fmt: skip
"""What is of herself, whichever of her posts she acts for."""
BUT_FOR = {"-": set[str](), "before_second_factor": BEFORE_SECOND_FACTOR, "before_a_post": BEFORE_A_POST}

ASKS_AGAIN = {
    "sharing:sent_proof", "sharing:received_proof", "sharing:proofs", "sharing:proofs_file", "audit:entry_proof",
    "sharing:print_received", "sharing:received_paper",
}  # fmt: skip
"""What is taken away from the house: proved longer than five minutes ago, one is led to /compte/confirmer/ first."""

ASKS_INSIDE = """
sharing:token_new          GET  camille
partners:member_functions  GET  nadia
partners:function_change   GET  claire
partners:institution_change GET claire
partners:factor_losses     GET  claire
partners:factor_loss       GET  claire
"""
"""Forms that ask the password or a code in the page itself, so that nothing typed is lost."""

NOT_A_VISITOR_S = {
    "partners:sign_out",
    "account_logout",
    "partners:set_language",
    "change_password",
    "mfa_authenticate",
    "mfa_login_webauthn",
}
"""Doors that send a visitor somewhere else, because of what they are."""
PROTECTED = sorted(
    {door for (door, _method), said in DOORS.items() if said["anonymous"] == 302}
    - NOT_A_VISITOR_S
    - {"partners:sign_in", "account_login"}
)

TOKENS = """
expired           401
revoked           401
of_who_left       401
from_elsewhere    401
nobody_s          401
as_basic          401
in_the_address    401
spent             429
"""

NEVER = ("PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "INVENTED")
"""Verbs that no page knows: each door is asked with one of them, in turn."""


def lines(table: str) -> list[list[str]]:
    """A table's cells, without its heading."""
    rows = [line.split(maxsplit=3) for line in table.strip().splitlines()]
    return rows[1:] if rows[0][0] == "state" else rows
