"""Tell those who can read no more, in the transaction of what closed their reading: a reference and a link, nothing of her."""

import uuid
from collections.abc import Iterable
from datetime import datetime

from django.urls import reverse

from partners.models import Reached
from sharing import again
from sharing.models import Disclosure, Recalled, Returned
from sharing.outbox import promise


def stopped(disclosures: Iterable[Disclosure], *, at: datetime) -> tuple[Disclosure, ...]:
    """Of these, those whose use stops now: not what may still be read on another ground, nor what came back or was recalled.

    What reached its term, was said aloud or was handed over is among them: what was learnt of it is to be used no more either.
    """
    rows = list(disclosures)
    pks = [one.pk for one in rows]
    over: set[uuid.UUID] = set(Recalled.objects.filter(disclosure__in=pks).values_list("disclosure", flat=True))
    over |= set(Returned.objects.filter(disclosure__in=pks).values_list("disclosure", flat=True))
    still_open = again.still_open(pks, at)
    return tuple(one for one in rows if one.pk not in over and one.pk not in still_open)


def tell(disclosures: Iterable[Disclosure], *, kind: str, key: str) -> None:
    """Promise each recipient a letter, once a key; those who have no account are told by whoever told them."""
    for one in disclosures:
        if one.recipient.reached_by != Reached.IN_APP:
            continue
        promise(
            kind=kind,
            key=f"{key}:{one.pk}",
            recipient=one.recipient,
            reference=one.reference,
            path=reverse("sharing:received", args=[one.pk]),
        )
