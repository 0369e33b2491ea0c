"""A disclosure as its pages show it: the sheet that was read, the stub that is left, where it stands in a few words."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from consent.models import Withdrawal
from partners import clock, wording
from partners.clock import PARIS
from partners.models import Membership
from partners.vocabulary import vocabulary
from sharing import states
from sharing.compose_page import about, item_reading, label_of
from sharing.models import Disclosure, Duty
from sharing.panel import ALWAYS_DUE
from sharing.reading import ENDED, ReadItem


def instant(at: datetime) -> str:
    """« 21 novembre 2026 à 14:32 », in Paris."""
    local = at.astimezone(PARIS)
    return _("%(day)s à %(time)s") % {"day": date_format(local, "j F Y"), "time": date_format(local, "H:i")}


def day(at: datetime) -> str:
    """« 21 novembre 2026 », in Paris."""
    return date_format(at.astimezone(PARIS), "j F Y")


def last_day(until: datetime) -> str:
    """The last day on which it can be read; « 19 février 2027 » for what ends on the 20th at midnight."""
    return date_format(clock.last_day(until), "j F Y")


def called(who: Membership) -> str:
    """« Mme Lantier »."""
    return who.professional.formal_name or who.professional.full_name


def sheet(disclosure: Disclosure, items: Iterable[ReadItem], *, watermark: str = "") -> dict[str, Any]:
    """What templates/components/partner_reading.html shows of a disclosure that may be read; one statement (duties)."""
    author = disclosure.author
    owed = Duty.objects.filter(record=disclosure.record_id, owed_by="recipient").exclude(code__in=ALWAYS_DUE)
    return {
        "reference": disclosure.reference,
        "author": f"{author.professional.full_name}, {author.job_title}",
        "institution": author.institution.name,
        "recipient": disclosure.recipient_label,
        "sent_at": instant(disclosure.released_at),
        "person": about(disclosure.case.person),
        "purpose": wording.purpose(disclosure.purpose),
        "benefit": disclosure.benefit,
        "items": [_as_it_left(one) for one in items],
        "duties": [_owed(one) for one in owed],
        "until": last_day(disclosure.access_until) if disclosure.access_until else "",
        "watermark": watermark,
    }


def _owed(duty: Duty) -> str:
    """« Retour sous trois mois, au plus tard le 21 février 2027 »: what the recipient owes, and until when."""
    word = vocabulary().duties.get(duty.code)
    label = wording.worded(word) if word else duty.code
    if duty.due_at is None:
        return label
    return _("%(what)s, au plus tard le %(day)s") % {"what": label, "day": last_day(duty.due_at)}


def _as_it_left(one: ReadItem) -> dict[str, Any]:
    """The labels are those of the day on which it left, whatever became of them since."""
    row = one.row
    return item_reading(row.item, row.necessity, one.text) | {
        "label": row.label,
        "category": label_of("categories", row.category),
        "nature": row.nature,
        "nature_label": label_of("natures", row.nature),
    }


def watermark(disclosure: Disclosure, reader: Membership, at: datetime) -> str:
    """Who printed it, when, under which reference: on every sheet of paper."""
    return _("Lu par %(who)s, %(institution)s, le %(at)s · %(ref)s") % {
        "who": reader.professional.full_name,
        "institution": reader.institution.name,
        "at": instant(at),
        "ref": disclosure.reference,
    }


@dataclass(frozen=True, slots=True)
class Stub:
    """What is left of a disclosure that may no longer be read: why, and what to do."""

    why: str
    what_to_do: str


def stub(disclosure: Disclosure, closed: str) -> Stub:
    """The stub for a reason code (`reading.closed_because`)."""
    sent = day(disclosure.released_at)
    gone = _("ce texte ne peut plus être lu.")
    stop = _("N’utilisez plus cette information, sauf si un autre texte vous y autorise.")
    ask = _("Si vous en avez encore besoin, demandez-la à nouveau à %(who)s, %(institution)s%(phone)s.") % {
        "who": called(disclosure.author),
        "institution": disclosure.author.institution.name,
        "phone": f" ({disclosure.author.institution.phone})" if disclosure.author.institution.phone else "",
    }
    reasons = {
        ENDED: _("lisible jusqu’au %(day)s") % {"day": last_day(disclosure.access_until)}
        if disclosure.access_until
        else "",
        "consent_withdrawn": _withdrawn_on(disclosure) if closed == "consent_withdrawn" else "",
        "person_objects": _("la personne s’y est opposée depuis"),
        "consent_missing": _("l’accord de la personne n’est plus en vigueur"),
        "agreement_expired": _("la convention entre vos deux services n’est plus en vigueur"),
    }
    reason = reasons.get(closed) or _reason(closed)
    return Stub(
        why=_("Communiqué le %(sent)s, %(reason)s : %(gone)s") % {"sent": sent, "reason": reason, "gone": gone},
        what_to_do=f"{stop} {ask}",
    )


def _withdrawn_on(disclosure: Disclosure) -> str:
    last = (
        Withdrawal.objects.filter(
            consent__person=disclosure.case.person_id,
            consent__recipient=disclosure.recipient_id,
            consent__purpose=disclosure.purpose,
        )
        .order_by("-withdrawn_at")
        .values_list("withdrawn_at", flat=True)
        .first()
    )
    return _("accord retiré le %(day)s") % {"day": day(last)} if last else _("accord retiré")


def _reason(code: str) -> str:
    word = vocabulary().reasons.get(code)
    label = wording.worded(word) if word else code
    return label[:1].lower() + label[1:]


def sent_chip(one: Any, at: datetime) -> dict[str, str]:
    """Where it stands, for those who sent it; `one` comes from `states.with_state`."""
    if one.withdrawn:
        return {"kind": "ended", "text": _("Accord retiré"), "small": ""}
    if one.state == states.ENDED:
        return {"kind": "ended", "text": _("Terminé"), "small": ""}
    if one.state == states.NEW:
        days = states.days_since(one.released_at, at)
        small = ngettext("%(days)d j", "%(days)d j", days) % {"days": days} if days else ""
        return {"kind": "unread", "text": _("Non lu"), "small": small}
    if one.state == states.TO_ACKNOWLEDGE:
        return {"kind": "read", "text": _("Lu"), "small": _short(one.opened_at)}
    return {"kind": "given", "text": _("Accusé de réception"), "small": _short(one.acknowledged_at)}


def received_chip(one: Any) -> dict[str, str]:
    """Where it stands, for those who received it; `one` comes from `states.with_state`."""
    if one.withdrawn:
        return {"kind": "ended", "text": _("Accord retiré"), "small": ""}
    return {
        states.NEW: {"kind": "unread", "text": _("Nouveau"), "small": ""},
        states.TO_ACKNOWLEDGE: {"kind": "pending", "text": _("À accuser"), "small": ""},
        states.READ: {"kind": "read", "text": _("Lu"), "small": ""},
        states.ENDED: {"kind": "ended", "text": _("Terminé"), "small": ""},
    }[one.state]


def _short(at: datetime) -> str:
    return date_format(at.astimezone(PARIS), "j N")
