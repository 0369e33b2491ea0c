"""Who already knows what: of each communication, what was read and when, made ready for paper, said aloud or handed over.

That it was made ready for paper is what the access log says: whether a sheet then came out of a printer, nothing tells. The log
is kept for some months (`audit.access_log`): what is older is not said, and may be all the same.
"""

import uuid
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from audit.models import Access
from partners.dates import day, instant
from partners.models import Reached
from sharing.models import Delivery, DisclosedItem, Disclosure
from sharing.stopping import concerned

PRINTED = "disclosure.printed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """One communication, as somebody who stops it is told of it. `stays`: why it does not close; "" where it does."""

    pk: uuid.UUID
    reference: str
    who: str
    sent: str
    labels: tuple[str, ...]
    became: str
    printed: str
    stays: str = ""
    told: bool = True


def known(disclosures: Iterable[Disclosure], *, closing: Iterable[str]) -> list[Known]:
    """What each of these recipients knows; `closing` are the texts that let it be stopped. Three statements."""
    rows = list(disclosures)
    pks = [one.pk for one in rows]
    closes = frozenset(closing)
    labels: dict[uuid.UUID, list[str]] = defaultdict(list)
    for disclosure, label in DisclosedItem.objects.filter(disclosure__in=pks).values_list("disclosure", "label"):
        labels[disclosure].append(label)
    printed: dict[str, list[Any]] = defaultdict(list)
    for ref, at in (
        Access.objects.filter(action=PRINTED, object_ref__in=[str(pk) for pk in pks], granted=True)
        .order_by("at")
        .values_list("object_ref", "at")
    ):
        printed[ref].append(at)
    received = {
        pk: (who, at)
        for pk, who, at in Delivery.objects.filter(disclosure__in=pks)
        .order_by("received_at")
        .values_list("disclosure", "received_by", "received_at")
    }
    return [
        Known(
            pk=one.pk,
            reference=one.reference,
            who=one.recipient_label,
            sent=day(one.said_at or one.released_at),
            labels=tuple(labels[one.pk]),
            became=_became(one, received.get(one.pk)),
            printed=_printed(printed[str(one.pk)]),
            stays="" if one.basis in closes else _stays(one),
            told=one.recipient.reached_by == Reached.IN_APP,
        )
        for one in rows
    ]


def _became(one: Disclosure, received: tuple[str, Any] | None) -> str:
    if one.channel == Reached.SPOKEN:
        return _("Dit de vive voix : cela reste connu.")
    if one.channel != Reached.IN_APP:
        if received is None:
            return _("Remis sur papier : cela reste connu.")
        return _("Remis à %(who)s le %(day)s : cela reste connu.") % {"who": received[0], "day": day(received[1])}
    if one.opened_at is not None:
        return _("Lu le %(at)s : cela reste connu.") % {"at": instant(one.opened_at)}
    return _("Pas encore lu.")


def _printed(instants: list[Any]) -> str:
    if not instants:
        return ""
    sentence = ngettext(
        "Une version à imprimer a été préparée le %(day)s : un papier ne se ferme pas.",
        "Une version à imprimer a été préparée %(n)d fois, la dernière le %(day)s : un papier ne se ferme pas.",
        len(instants),
    )
    return sentence % {"n": len(instants), "day": day(instants[-1])}


def _stays(one: Disclosure) -> str:
    if one.basis in concerned.WEIGHED_ON_OBJECTION:
        return _(
            "Ce texte ne la laisse pas arrêter cette communication : un cadre pèse son opposition avant la suivante."
        )
    return _("Un autre texte permet ou impose cette communication : sa parole y est notée, elle reste lisible.")
