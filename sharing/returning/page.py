"""What the page of a recall shows: the labels of a communication, who had opened it, what became of it. Never what it says."""

from datetime import datetime
from typing import Any

from partners import wording
from partners.dates import instant
from partners.models import Membership, Reached
from sharing import states
from sharing.models import Delivery, Disclosure, Incident, Recalled, Returned
from sharing.returning.acts import AROUND
from sharing.returning.openings import openings
from sharing.sheet import called, given_words, sent_chip


def act_shown(act: Returned | Recalled | None) -> dict[str, str] | None:
    """Who, when and why of a return or a recall."""
    if act is None:
        return None
    return {
        "who": f"{called(act.by)}, {act.by.institution.name}",
        "at": instant(act.at),
        "reason": act.reason,
    }


def what_became(disclosure: Disclosure) -> dict[str, Any]:
    """Who opened it, who sent it back, who recalled it, who received it where it has no account. Four statements."""
    around = ("by__professional", "by__institution")
    return {
        "openings": openings(disclosure),
        "returned": act_shown(Returned.objects.filter(disclosure=disclosure).select_related(*around).first()),
        "recalled": act_shown(Recalled.objects.filter(disclosure=disclosure).select_related(*around).first()),
        "deliveries": [
            {"who": one.received_by, "how": Delivery.How(one.how).label, "at": instant(one.received_at)}
            for one in Delivery.objects.filter(disclosure=disclosure).order_by("received_at")
        ],
        "given": given_words(disclosure) if disclosure.channel != Reached.IN_APP else "",
    }


def of_recall(disclosure: Disclosure, by: Membership, at: datetime) -> dict[str, Any]:
    """The page of one communication that she may recall."""
    one = states.with_state(Disclosure.objects.filter(pk=disclosure.pk).select_related(*AROUND)).get()
    chip = sent_chip(one, at)
    return {
        "disclosure": one,
        "chip": chip,
        "purpose": wording.purpose(one.purpose),
        "sent_at": instant(one.released_at),
        "may_open": Disclosure.objects.sent_from(by).filter(pk=one.pk).exists(),
        "incidents": list(Incident.objects.visible_to(by).filter(disclosure=one)),
        **what_became(one),
    }
