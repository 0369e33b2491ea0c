"""What the author has seen of a decision, carried by the form that sends it or asks an opinion on it: signed, for half a day."""

from django.core import signing

from sharing import facts as f
from sharing import service
from sharing.models import Draft
from sharing.outcome import Decision

SALT, REQUEST = "sharing.preview", "sharing.asking"
"""Of a communication, and of a request: what was seen of one passes for nothing in the other."""
SECONDS = 12 * 3600
FIELD = "seen"


def token(draft: Draft, facts: f.Facts, decision: Decision) -> str:
    """For the hidden field of the form; made before the page is filled, so that what is noted meanwhile counts as not seen."""
    return sealed(service.fingerprint(facts, decision, service.beside(draft)))


def sealed(fingerprint: str, *, salt: str = SALT) -> str:
    """A fingerprint, signed and dated."""
    return signing.dumps(fingerprint, salt=salt)


def seen(carried: str, *, salt: str = SALT) -> str:
    """The fingerprint that a form carries; "" where it is none of ours, or too old: nothing then passes for seen."""
    try:
        found: str = signing.loads(carried, salt=salt, max_age=SECONDS)
    except signing.BadSignature:
        return ""
    return found
