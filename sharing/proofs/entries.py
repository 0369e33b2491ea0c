"""Which entries of the trail speak of a communication, and who may have the personal part of which.

The body of an entry names nobody. What it is bound to does: of a release, the names, the benefit and why each item was
necessary; of an opening, who read; of a return or a recall, the word of whoever did it. So that part goes:
to those who follow the case, whole, since the page of the communication shows them all of it;
to the recipient, that of the release while she may read it, decided again at that instant, and that of her own acts;
to the person, that of the release alone, where her referent has read it again and joins it (it may speak of others: RGPD 15, 4);
to an author who no longer follows the case, and to who audits, none.
"""

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from uuid import UUID

from audit.bundle import Lot
from audit.models import Entry
from sharing.models import Disclosure
from sharing.release import LEFT

# What a communication leaves in the trail after it left, and the name of its folder in a bundle: nobody's.
LATER = {
    "disclosure.delivered": "remise",
    "disclosure.opened": "lecture",
    "disclosure.acknowledged": "accuse",
    "disclosure.returned": "retour",
    "disclosure.recalled": "rappel",
}
SENT = "communication"


def of_disclosures(case: UUID, disclosures: Sequence[Disclosure]) -> dict[UUID, list[Entry]]:
    """The entries of these communications of one case, each with its release first. One statement."""
    releases = {one.entry_id: one.pk for one in disclosures}
    known = set(releases.values())
    found: dict[UUID, list[Entry]] = defaultdict(list)
    rows = Entry.objects.filter(case_ref=case, action__in=[*LEFT, *LATER]).order_by("pk")
    for entry in rows:
        about = releases.get(entry.pk) or _about(entry)
        if about in known:
            found[about].append(entry)
    return dict(found)


def of_disclosure(disclosure: Disclosure) -> list[Entry]:
    """The entries of one communication, its release first."""
    return of_disclosures(disclosure.case_id, [disclosure]).get(disclosure.pk, [])


def _about(entry: Entry) -> UUID | None:
    """The communication that an act after the release names."""
    named = json.loads(bytes(entry.body))["refs"].get("disclosure")
    return UUID(named) if named else None


def lots(entries: Iterable[Entry], *, personal: Callable[[Entry], bool], top: str = "") -> list[Lot]:
    """A folder for each entry, numbered in their order: « 1-communication », « 2-lecture »; after `top` where there is one."""
    return [
        Lot(
            entry=entry,
            payload=personal(entry),
            folder=f"{top}{number}-{LATER.get(entry.action, SENT)}",
        )
        for number, entry in enumerate(entries, 1)
    ]
