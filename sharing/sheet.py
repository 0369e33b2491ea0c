"""A disclosure as its pages show it: the sheet that was read, the stub that is left, where it stands in a few words."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cases import dissent
from consent.models import Invalidation, Withdrawal
from partners import wording
from partners.dates import day, instant, last_day, short_day
from partners.models import Membership, Reached
from partners.templatetags.rulebook import lower_first
from partners.vocabulary import vocabulary
from sharing import states
from sharing.compose_page import about, item_reading, label_of
from sharing.models import Disclosure, Duty, Recalled, Returned
from sharing.panel import ALWAYS_DUE
from sharing.reading import ReadItem
from sharing.states import ENDED, GIVEN, RECALLED, RETURNED


def called(who: Membership) -> str:
    """« Mme Lantier »."""
    return who.professional.formal_name or who.professional.full_name


def sheet(
    disclosure: Disclosure, items: Iterable[ReadItem], *, watermark: str = "", reader: Membership | None = None
) -> dict[str, Any]:
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
        "items": [_as_it_left(one, disclosure, reader) for one in items],
        "duties": [_owed(one) for one in owed],
        "until": last_day(disclosure.access_until) if disclosure.access_until else "",
        "watermark": watermark,
    }


def _owed(duty: Duty) -> str:
    """« Retour sous trois mois, au plus tard le 21 février 2027 »: what the recipient owes, and until when."""
    word = vocabulary().duties.get(duty.code)
    label = wording.worded(word) if word else duty.code
    if duty.due_at is None:
        return label
    return _("%(what)s, au plus tard le %(day)s") % {"what": label, "day": last_day(duty.due_at)}


def _as_it_left(one: ReadItem, disclosure: Disclosure, reader: Membership | None) -> dict[str, Any]:
    """The labels are those of the day on which it left, whatever became of them since."""
    row, place = one.row, disclosure.author.institution_id
    notes = [dissent.shown(note, within=place, reader=reader.pk if reader else None) for note in one.dissents]
    return item_reading(row.item, row.necessity, one.text, notes, one.corrections) | {
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
    """What is left of a disclosure that may no longer be read: why, what to do, whether it may be asked for again."""

    why: str
    what_to_do: str
    may_ask: bool


def stub(disclosure: Disclosure, closed: str) -> Stub:
    """The stub for a reason code (`reading.closed_because`)."""
    if closed == RETURNED:
        return _returned_stub(disclosure)
    if closed == GIVEN:
        return _given_stub(disclosure)
    sent = day(disclosure.released_at)
    gone = _("ce texte ne peut plus être lu.")
    stop = _("N’utilisez plus cette information, sauf si un autre texte vous y autorise.")
    reason = _why_closed(disclosure, closed)
    return Stub(
        why=_("Communiqué le %(sent)s, %(reason)s : %(gone)s") % {"sent": sent, "reason": reason, "gone": gone},
        what_to_do=f"{stop} {_ask_again(disclosure)}",
        may_ask=True,
    )


def stopped_sentence(one: Any) -> str:
    """« Communiqué le …, accord retiré le … », for those who sent it; "" where nothing stopped it. `one` is from `with_state`."""
    reason = one.closed or ("consent_withdrawn" if one.withdrawn else "")
    if not reason or one.state in (RECALLED, RETURNED):
        return ""
    return _(
        "Communiqué le %(sent)s, %(reason)s : le destinataire ne peut plus l’utiliser. Ce qui a été dit reste dit."
    ) % {
        "sent": day(one.said_at or one.released_at),
        "reason": _why_closed(one, reason),
    }


def _why_closed(disclosure: Disclosure, closed: str) -> str:
    """« accord retiré le 3 mai 2026 », « rappelé le … par … »: the middle of the stub's sentence."""
    if closed == ENDED and disclosure.access_until:
        return _("lisible jusqu’au %(day)s") % {"day": last_day(disclosure.access_until)}
    if closed == RECALLED:
        return _recalled_by(disclosure)
    if closed == "consent_withdrawn":
        return _withdrawn_on(disclosure)
    return {
        "person_objects": _("la personne s’y est opposée depuis"),
        "came_of_age": _("la personne décide désormais pour elle-même, et l’accord donné pour elle a pris fin"),
        "authority_ended": _("qui avait donné l’accord ne décide plus pour la personne"),
        "recorded_in_error": _("l’accord avait été enregistré par erreur"),
        "limited": _("partage limité à sa demande"),
        "address_protected": _("l’adresse de la personne est protégée depuis"),
        "consent_missing": _("l’accord de la personne n’est plus en vigueur"),
        "agreement_expired": _("la convention entre vos deux services n’est plus en vigueur"),
        "purpose_narrowed": _("un réglage local ne permet plus de communiquer pour cette finalité"),
        "category_excluded": _("un réglage local, ou une règle, ne permet plus de vous communiquer cette catégorie"),
    }.get(closed) or _reason(closed)


def _ask_again(disclosure: Disclosure) -> str:
    phone = disclosure.author.institution.phone
    return _("Si vous en avez encore besoin, demandez-la à nouveau à %(who)s, %(institution)s%(phone)s.") % {
        "who": called(disclosure.author),
        "institution": disclosure.author.institution.name,
        "phone": " ({})".format(phone.replace(" ", "\xa0")) if phone else "",
    }


def _recalled_by(disclosure: Disclosure) -> str:
    one = Recalled.objects.select_related("by__professional", "by__institution").get(disclosure=disclosure)
    return _("rappelé le %(day)s par %(who)s (%(institution)s)") % {
        "day": day(one.at),
        "who": called(one.by),
        "institution": one.by.institution.name,
    }


def _returned_stub(disclosure: Disclosure) -> Stub:
    one = Returned.objects.select_related("by__professional").get(disclosure=disclosure)
    return Stub(
        why=_("Communiqué le %(sent)s, retourné le %(day)s par %(who)s : ce n’était pas pour votre service.")
        % {"sent": day(disclosure.released_at), "day": day(one.at), "who": called(one.by)},
        what_to_do=_(
            "L’expéditeur et la protection des données sont prévenus. N’utilisez pas ce que vous avez pu lire, ne le répétez "
            "pas, détruisez les copies."
        ),
        may_ask=False,
    )


def _given_stub(disclosure: Disclosure) -> Stub:
    how = Reached(disclosure.channel).label
    if states.with_state(Disclosure.objects.filter(pk=disclosure.pk)).values_list("withdrawn", flat=True).get():
        return Stub(
            why=_("Communiqué %(how)s le %(day)s, %(reason)s.")
            % {
                "how": how,
                "day": day(disclosure.said_at or disclosure.released_at),
                "reason": _withdrawn_on(disclosure),
            },
            what_to_do=_("N’utilisez plus cette information, sauf si un autre texte vous y autorise."),
            may_ask=False,
        )
    return Stub(
        why=_("Communiqué %(how)s le %(day)s : il n’y a rien à lire ici.")
        % {"how": how, "day": day(disclosure.said_at or disclosure.released_at)},
        what_to_do=_("Cette page garde la trace de ce qui vous a été dit ou remis : par qui, quand et pour quoi."),
        may_ask=False,
    )


def _withdrawn_on(disclosure: Disclosure) -> str:
    last = (
        Withdrawal.objects.filter(
            consent__person=disclosure.case.person_id,
            consent__recipient=disclosure.recipient_id,
            consent__purpose=disclosure.purpose,
        )
        .exclude(pk__in=Invalidation.objects.filter(withdrawal__isnull=False).values("withdrawal"))
        .order_by("-withdrawn_at")
        .values_list("withdrawn_at", flat=True)
        .first()
    )
    return _("accord retiré le %(day)s") % {"day": day(last)} if last else _("accord retiré")


def _reason(code: str) -> str:
    word = vocabulary().reasons.get(code)
    label = wording.worded(word) if word else code
    return lower_first(label)


def sent_chip(one: Any, at: datetime) -> dict[str, str]:
    """Where it stands, for those who sent it; `one` comes from `states.with_state`."""
    if (closed := _closed_chip(one)) is not None:
        return closed
    if one.state == states.NEW:
        days = states.days_since(one.released_at, at)
        small = ngettext("%(days)d j", "%(days)d j", days) % {"days": days} if days else ""
        return {"kind": "unread", "text": _("Non lu"), "small": small}
    if one.state == states.TO_ACKNOWLEDGE:
        return {"kind": "read", "text": _("Lu"), "small": short_day(one.opened_at)}
    return {"kind": "given", "text": _("Accusé de réception"), "small": short_day(one.acknowledged_at)}


def received_chip(one: Any) -> dict[str, str]:
    """Where it stands, for those who received it; `one` comes from `states.with_state`."""
    if (closed := _closed_chip(one)) is not None:
        return closed
    return {
        states.NEW: {"kind": "unread", "text": _("Nouveau"), "small": ""},
        states.TO_ACKNOWLEDGE: {"kind": "pending", "text": _("À accuser"), "small": ""},
        states.READ: {"kind": "read", "text": _("Lu"), "small": ""},
    }[one.state]


def _closed_chip(one: Any) -> dict[str, str] | None:
    """The chip of what is over, or was never to be opened here; None for the others."""
    if one.state == RECALLED:
        return {"kind": "ended", "text": _("Rappelé"), "small": short_day(one.recalled_at)}
    if one.state == RETURNED:
        return {"kind": "refused", "text": _("Retourné"), "small": short_day(one.returned_at)}
    if one.withdrawn:
        small = _("le %(day)s") % {"day": short_day(one.withdrawn_at)} if one.withdrawn_at else ""
        return {"kind": "ended", "text": _("Accord retiré"), "small": small}
    if one.closed:
        return {"kind": "ended", "text": closed_words(one.closed), "small": ""}
    if one.state == GIVEN:
        kind = "given" if one.said_at or one.delivered_at else "pending"
        return {"kind": kind, "text": given_words(one), "small": _received(one)}
    if one.state == ENDED:
        return {"kind": "ended", "text": _("Terminé"), "small": ""}
    return None


def closed_words(closed: str) -> str:
    """Why a reading is closed, in two or three words."""
    return {
        "person_objects": _("Opposition"),
        "came_of_age": _("Accord à redemander"),
        "authority_ended": _("Accord à redemander"),
        "recorded_in_error": _("Accord enregistré par erreur"),
        "consent_missing": _("Accord terminé"),
        "agreement_expired": _("Convention terminée"),
    }.get(closed) or _("Lecture fermée")


def given_words(one: Any) -> str:
    """« Dit de vive voix », « Remis »; as long as nobody noted who received it, what is left to do: Tact delivered nothing.

    `one` comes from `states.with_state`.
    """
    done = one.said_at is not None or one.delivered_at is not None
    if one.channel == Reached.SPOKEN:
        return _("Dit de vive voix") if done else _("À dire de vive voix")
    return _("Remis") if done else _("À remettre")


def _received(one: Any) -> str:
    """« reçu par M. Petit, 3 mai », once somebody noted it."""
    if one.delivered_at is None:
        return ""
    return _("reçu par %(who)s, %(day)s") % {"who": one.delivered_to, "day": short_day(one.delivered_at)}
