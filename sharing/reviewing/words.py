"""What the pages of opinions say: since when, why, where it stands and whose turn it is."""

from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from partners.dates import instant
from sharing.graphs import AUTHOR, REVIEWER
from sharing.models import DecisionRecord, Opinion
from sharing.outcome import REVIEW, Finding
from sharing.reviewing.standing import SUSPENDED, Standing

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
CHIPS = {
    "waiting": "pending",
    "suspended": "pending",
    "favourable": "given",
    "reduce": "pending",
    "unfavourable": "refused",
    "edited": "ended",
    "stopped": "ended",
    "released": "read",
}


def since(then: datetime, at: datetime) -> str:
    """« depuis 3 min », « depuis 5 h », « depuis 2 jours »."""
    gone = max(at - then, timedelta())
    if gone < HOUR:
        return _("depuis %(minutes)d min") % {"minutes": gone // timedelta(minutes=1)}
    if gone < DAY:
        return _("depuis %(hours)d h") % {"hours": gone // HOUR}
    return ngettext("depuis %(days)d jour", "depuis %(days)d jours", gone.days) % {"days": gone.days}


def findings_of(record: DecisionRecord) -> tuple[Finding, ...]:
    """The reasons of a stored decision."""
    return tuple(Finding(**{**one, "items": tuple(one["items"])}) for one in record.decision.get("findings", ()))


def why_reviewed(record: DecisionRecord) -> str:
    """The sentence of the first rule that asks for an opinion."""
    return next((_(one.message) for one in findings_of(record) if one.effect == REVIEW), "")


def state_word(state: str) -> str:
    """A state in a few words, for a chip."""
    return {
        "waiting": _("avis attendu"),
        "suspended": _("suspendu"),
        "favourable": _("avis favorable"),
        "reduce": _("réduire"),
        "unfavourable": _("avis défavorable"),
        "edited": _("modifié depuis"),
        "stopped": _("accord retiré"),
        "released": _("communiqué"),
    }[state]


def whose_turn(standing: Standing, at: datetime, *, to_author: bool) -> str:
    """Whose turn it is, and since when: said to the author, or to those who give opinions."""
    when = since(standing.since, at)
    if standing.turn == REVIEWER:
        last, suspended = standing.last, standing.state == SUSPENDED
        if last is not None and last.transferred_to is not None:
            said = {"who": last.transferred_to.professional.full_name, "since": when}
            if suspended:
                return _("Suspendu, et transmis à %(who)s %(since)s : à reprendre par cette personne.") % said
            return _("Transmis à %(who)s, %(since)s.") % said
        if suspended:
            return _("Suspendu %(since)s : à reprendre par qui donne les avis.") % {"since": when}
        return _("C’est au tour de qui donne les avis dans votre institution, %(since)s.") % {"since": when}
    if standing.turn == AUTHOR:
        if to_author:
            return _("C’est à vous, %(since)s.") % {"since": when}
        return _("C’est à son auteur de décider, %(since)s.") % {"since": when}
    return ""


def told(opinions: tuple[Opinion, ...]) -> list[dict[str, Any]]:
    """Each opinion as it is read: what, by whom, when, why."""
    return [
        {
            "kind": one.get_kind_display(),
            "chip": CHIPS.get({"suspend": "suspended", "transfer": "waiting"}.get(one.kind, one.kind), "pending"),
            "who": f"{one.by.professional.full_name}, {one.by.job_title}",
            "at": instant(one.at),
            "reason": one.reason,
            "to": one.transferred_to.professional.full_name if one.transferred_to else "",
        }
        for one in opinions
    ]
