"""What the author has seen of a decision, carried by the form that sends it or asks an opinion on it: signed, for half a day."""

from django.core import signing

from sharing import facts as f
from sharing import service
from sharing.models import Draft
from sharing.outcome import Decision

SALT = "sharing.preview"
SECONDS = 12 * 3600
FIELD = "seen"


def token(draft: Draft, facts: f.Facts, decision: Decision) -> str:
    """For the hidden field of the form; made before the page is filled, so that what is noted meanwhile counts as not seen."""
    return signing.dumps(service.fingerprint(facts, decision, service.beside(draft)), salt=SALT)


def seen(carried: str) -> str:
    """The fingerprint that a form carries; "" where it is none of ours, or too old: nothing then passes for seen."""
    try:
        found: str = signing.loads(carried, salt=SALT, max_age=SECONDS)
    except signing.BadSignature:
        return ""
    return found
