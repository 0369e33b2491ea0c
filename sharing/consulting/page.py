"""What the pages of a consultation say: marks and their kind, whose turn it is, whom one may ask."""

import uuid
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Value
from django.db.models import When as Branch
from django.db.models.expressions import Case as When
from django.db.models.fields import IntegerField
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cases.models import Assignment, Case, Involvement
from partners import clock, finding
from partners.models import Membership
from partners.vocabulary import vocabulary
from partners.wording import worded
from sharing.consulting.forms import AGE_BANDS
from sharing.consulting.recognisable import Mark
from sharing.consulting.standing import Participant, standing_in
from sharing.consulting.standing import participants as of_consultation
from sharing.models import Consultation, ConsultationAct
from sharing.states import days_since

QUERY_MOST = finding.QUERY_MOST
OFFERED = 10


def kinds() -> dict[str, str]:
    """Each kind of mark, in words."""
    return {
        "name": _("un nom"),
        "capital": _("peut-être un nom"),
        "place": _("un lieu ou un service"),
        "address": _("une adresse"),
        "postcode": _("un code postal"),
        "date": _("une date"),
        "month": _("une date"),
        "year": _("une année"),
        "age": _("un âge exact"),
        "phone": _("un numéro de téléphone"),
        "mail": _("une adresse électronique"),
        "number": _("un numéro de sécurité sociale"),
        "reference": _("une référence"),
    }


def said_marks(found: Iterable[Mark]) -> list[dict[str, str]]:
    """Each word once, with what it is."""
    words = kinds()
    return [{"text": text, "kind": words[kind]} for text, kind in dict.fromkeys((one.text, one.kind) for one in found)]


def nobody_asked() -> dict[str, str]:
    return {
        "text": _("Choisissez à qui vous demandez conseil : une personne au moins, huit au plus."),
        "target": "participants",
    }


def knows_her(who: Sequence[Membership]) -> dict[str, str]:
    """Those whom the author knows to work with the person: they would recognise her."""
    names = ", ".join(one.professional.full_name for one in who)
    text = ngettext(
        "%(names)s travaille déjà avec cette personne et la reconnaîtrait : passez par une communication, ou demandez à "
        "quelqu’un d’autre.",
        "%(names)s travaillent déjà avec cette personne et la reconnaîtraient : passez par une communication, ou demandez à "
        "quelqu’un d’autre.",
        len(who),
    )
    return {"text": text % {"names": names}, "target": "participants"}


def chosen(values: Sequence[str], by: Membership) -> list[Membership]:
    """The participants ticked, of those the directory shows; what is not an id is passed over."""
    wanted = set()
    for value in values:
        try:
            wanted.add(uuid.UUID(value))
        except ValueError:
            continue
    return list(finding.professionals(by=by).filter(pk__in=wanted)) if wanted else []


def offered(*, by: Membership, search: str, chosen: Sequence[Membership], case: Case) -> list[Membership]:
    """Whom one may ask: colleagues first, never those who already work with the person; those ticked are not offered twice."""
    around = Involvement.objects.filter(case=case, membership__professional=OuterRef("professional"))
    follows = Assignment.objects.filter(case=case, membership__professional=OuterRef("professional"))
    rank = When(Branch(institution=by.institution_id, then=Value(0)), default=Value(1), output_field=IntegerField())
    found = (
        finding.professionals(by=by, words=search)
        .filter(~Exists(around), ~Exists(follows), reached_by="in_app")
        .exclude(pk__in=[one.pk for one in chosen])
        .annotate(rank=rank)
        .order_by("rank", "institution__name", "professional__last_name", "pk")
    )
    return list(found[:OFFERED])


def labels(consultation: Consultation) -> dict[str, str]:
    """Its domain and its band of age, in words."""
    domain = vocabulary().domains.get(consultation.domain)
    bands = dict(AGE_BANDS)
    return {
        "domain": worded(domain) if domain else consultation.domain,
        "age_band": str(bands.get(consultation.age_band, consultation.age_band)),
    }


def state_words(state: str) -> tuple[str, str]:
    """The chip of somebody asked: its kind, its words."""
    return {
        "asked": ("pending", _("n’a pas encore répondu")),
        "unknown": ("pending", _("ne reconnaît personne, avis attendu")),
        "advised": ("given", _("a donné son avis")),
        "recognised": ("refused", _("pense reconnaître la personne")),
        "over": ("ended", _("close avant sa réponse")),
    }[state]


def participants(consultation: Consultation) -> list[dict[str, Any]]:
    """Those asked as the author's page shows them."""
    at = clock.now()
    return [_participant(one, at) for one in of_consultation(consultation)]


def _participant(one: Participant, at: datetime) -> dict[str, Any]:
    kind, text = state_words(one.state)
    if one.state in {"asked", "unknown"} and not one.membership.in_force_at(at):
        kind, text = "ended", _("n’est plus là : demandez à quelqu’un d’autre")
    return {"who": one.membership, "kind": kind, "text": text, "advice": one.advice, "state": one.state}


def own_advice(consultation: Consultation, by: Membership) -> list[ConsultationAct]:
    """What she advised, in order."""
    mine = ConsultationAct.objects.filter(consultation=consultation, by=by, kind=ConsultationAct.Kind.ADVISED)
    return list(mine.order_by("entry"))


def rows(found: Sequence[Consultation], by: Membership, at: datetime) -> list[dict[str, Any]]:
    """Each consultation with its chip: whose turn it is, since when; one statement for all."""
    said: dict[uuid.UUID, list[ConsultationAct]] = {one.pk: [] for one in found}
    for act in ConsultationAct.objects.filter(consultation__in=list(said)).order_by("entry"):
        said[act.consultation_id].append(act)
    return [_row(one, said[one.pk], by, at) for one in found]


def _row(one: Consultation, said: Sequence[ConsultationAct], by: Membership, at: datetime) -> dict[str, Any]:
    mine = one.author_id == by.pk
    state = standing_in(by, [(act.kind, act.by_id) for act in said])
    since = max([act.at for act in said], default=one.opened_at)
    closed = any(act.kind == ConsultationAct.Kind.CLOSED for act in said)
    advised = sum(act.kind == ConsultationAct.Kind.ADVISED for act in said)
    if closed:
        kind, text = "ended", _("close")
    elif mine and advised:
        kind, text = "given", ngettext("un avis reçu", "%(n)d avis reçus", advised) % {"n": advised}
    elif mine:
        kind, text = "pending", _("avis attendu")
    elif state in {"asked", "unknown"} and not one.author.in_force_at(at):
        kind, text = "ended", _("qui consultait n’est plus là")
    elif state in {"asked", "unknown"}:
        kind, text = "pending", _("à vous de répondre")
    else:
        kind, text = state_words(state)
    days = days_since(since, at)
    small = "" if closed or not days else ngettext("depuis un jour", "depuis %(n)d jours", days) % {"n": days}
    return {"consultation": one, "mine": mine, "kind": kind, "text": text, "small": small, "labels": labels(one)}
