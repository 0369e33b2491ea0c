"""She says no to what left: what her no closes is told to its recipients, in the transaction that records it.

An objection (CSP L1110-4 IV) closes what rests on a text that respects it; some texts send it to a supervisor; obligations, reports
and requisitions it does not stop. A refusal after an agreement stops what had left on it, like a withdrawal (law.md, 3.5).
"""

from consent.models import Objection, PersonsWord
from partners import clock
from sharing.models import Outbox
from sharing.stopping import concerned, telling


def closes(word: PersonsWord) -> None:
    """Tell those whose reading this refusal or this objection closes; `consent.registry` calls it as it records the word."""
    scope = concerned.Scope(case=word.case, recipient=word.recipient, purpose=word.purpose, categories=word.categories)
    texts = concerned.CLOSED_BY_OBJECTION if isinstance(word, Objection) else concerned.CLOSED_BY_HER_WORD
    left = list(concerned.disclosures(scope).filter(basis__in=texts, released_at__lte=word.recorded_at))
    if left:
        told = telling.stopped(left, at=clock.now())
        telling.tell(told, kind=Outbox.Kind.READING_CLOSED, key=f"no:{word.pk}")
