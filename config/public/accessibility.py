"""The state of accessibility, in the three words that the RGAA knows; no other than « non conforme » without an audit."""

from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext as _

NOT, PARTLY, FULLY = "non", "partielle", "totale"
STATES = (NOT, PARTLY, FULLY)


@dataclass(frozen=True, slots=True)
class State:
    """What the declaration says, what the footer of every page repeats, and on which audit it rests."""

    code: str
    word: str
    footer: str
    audit: str


def state() -> State:
    """As the settings declare it: they refuse « partielle » and « totale » where no audit is named."""
    code = settings.ACCESSIBILITY
    words = {NOT: _("non conforme"), PARTLY: _("partiellement conforme"), FULLY: _("totalement conforme")}
    footers = {
        NOT: _("Accessibilité : non conforme"),
        PARTLY: _("Accessibilité : partiellement conforme"),
        FULLY: _("Accessibilité : totalement conforme"),
    }
    return State(code=code, word=words[code], footer=footers[code], audit=settings.ACCESSIBILITY_AUDIT)
