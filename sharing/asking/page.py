"""A request as its pages show it: where it stands, whose turn it is and since when, what was asked, what was answered."""

from datetime import datetime
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cases.models import Case
from consent.standing import standing
from partners import clock, wording
from partners.models import Membership
from sharing import facts as f
from sharing import law, reading, service
from sharing.asking import acts, awaited, panel
from sharing.asking.standing import OPEN, OPENED, OUTCOMES, SENT, STOPPED, days_left, days_since
from sharing.composing import recipient_short
from sharing.helping.page import her_word_url
from sharing.models import Disclosure, Draft, InformationRequest, RequestAct

Kind = RequestAct.Kind
CHIPS = {
    SENT: "unread",
    OPENED: "pending",
    Kind.DECLINED: "ended",
    Kind.ASK_HER: "ended",
    Kind.WITHOUT_NAME: "given",
    Kind.ANSWERED: "given",
    Kind.WITHDRAWN: "ended",
    Kind.TRANSFERRED: "current",
    Kind.CLOSED: "ended",
    STOPPED: "refused",
}


def words() -> dict[str, str]:
    """The word of each state."""
    return {
        SENT: _("Pas encore lue"),
        OPENED: _("Lue"),
        Kind.DECLINED: _("Non"),
        Kind.ASK_HER: _("Voyez avec la personne"),
        Kind.WITHOUT_NAME: _("Répondu sans le nom"),
        Kind.ANSWERED: _("Répondu"),
        Kind.WITHDRAWN: _("Retirée"),
        Kind.TRANSFERRED: _("Reprise"),
        Kind.CLOSED: _("Close après un départ"),
        STOPPED: _("Arrêtée"),
    }


def outcomes(*, precision: bool) -> dict[str, str]:
    """What the one asked answered, as a sentence."""
    return {
        Kind.DECLINED: _("« Je ne peux pas en dire plus. »")
        if precision
        else _("« Non. » Un non n’a pas à être justifié."),
        Kind.ASK_HER: _("« Voyez avec la personne. »"),
        Kind.WITHOUT_NAME: _("« Voici, sans le nom. »"),
        Kind.ANSWERED: _("Une communication vous a été adressée."),
        Kind.WITHDRAWN: _("La demande a été retirée."),
        Kind.TRANSFERRED: _("Après un départ, une autre demande la remplace."),
        Kind.CLOSED: _("Après un départ, personne ne la reprend : elle est close."),
    }


def chip(state: str) -> dict[str, str]:
    """Where it stands (templates/components/chip.html)."""
    return {"kind": CHIPS[state], "text": words()[state]}


def turn(one: Any, by: Membership, at: datetime) -> str:
    """« Au tour de Mme Lantier, depuis 3 jours », then the asker's, to read; "" where it is over.

    `one` is annotated (`standing.with_state`).
    """
    if one.asker_id == by.pk and one.state in OUTCOMES and one.outcome_seen_at is None:
        return _("À votre tour : la réponse est à lire")
    if one.state not in OPEN:
        return ""
    days = days_since(one.sent_at, at)
    since = (
        ngettext("depuis %(days)d jour", "depuis %(days)d jours", days) % {"days": days}
        if days
        else _("depuis aujourd’hui")
    )
    if one.asker_id == by.pk:
        told = {"who": recipient_short(one.asked), "since": since}
        if not one.asked.in_force_at(at):
            return _("%(who)s n’est plus là : au tour de son service de dire qui reprend, %(since)s") % told
        return _("Au tour de %(who)s, %(since)s") % told
    return _("À votre tour, %(since)s") % {"since": since}


def term(one: Any, at: datetime) -> dict[str, Any]:
    """« il reste 4 jours », « en retard de 2 jours », with whether it is late; empty where it is over or no day was said."""
    left = days_left(one, clock.day_of(at))
    if left is None or one.state not in OPEN:
        return {}
    if left < 0:
        late = ngettext("en retard de %(days)d jour", "en retard de %(days)d jours", -left) % {"days": -left}
        return {"text": late, "late": True}
    if left == 0:
        return {"text": _("pour aujourd’hui"), "late": False}
    return {"text": ngettext("il reste %(days)d jour", "il reste %(days)d jours", left) % {"days": left}, "late": False}


def left(request: InformationRequest) -> str:
    """What to do where whoever asked no longer follows the person."""
    return _(
        "%(who)s ne suit plus cette personne : rien ne peut lui être communiqué en réponse à cette demande. Répondez « non » ou "
        "« voyez avec la personne » : c’est tout ce qui lui reste à savoir."
    ) % {"who": recipient_short(request.asker)}


def on_draft(draft: Draft) -> dict[str, Any]:
    """What the composition and the check page say of the request that a draft answers; empty where it answers none.

    `own`: that her word is still to be heard here, with where it is recorded; what she said to whoever asks is no word to them.
    """
    answer = awaited.of_draft(draft)
    request = answer.request
    if request is None:
        return {}
    said = {"ref": request.reference, "who": recipient_short(request.asker)}
    lost = {
        awaited.Lost.WITHDRAWN: _("%(who)s a retiré sa demande %(ref)s : cette communication ne lui répond plus."),
        awaited.Lost.TRANSFERRED: _(
            "Après un départ, une autre demande remplace la demande %(ref)s : ouvrez-la pour y répondre, ce brouillon y passera."
        ),
        awaited.Lost.CLOSED: _(
            "Après un départ, personne ne reprend la demande %(ref)s : cette communication ne lui répond plus."
        ),
        awaited.Lost.ENDED: _(
            "La demande %(ref)s, de %(who)s, a déjà sa réponse : cette communication ne lui répond plus."
        ),
        awaited.Lost.NOT_FOLLOWED: _(
            "%(who)s ne suit plus cette personne : cette communication ne peut pas répondre à sa demande %(ref)s. Répondez-lui "
            "« non » ou « voyez avec la personne »."
        ),
    }
    elsewhere = request.about_id is None and draft.case.person_id != request.person_id
    unheard = (
        elsewhere
        and not standing(
            person=draft.case.person_id, recipient=request.asker_id, purpose=draft.purpose, at=clock.now()
        ).words
    )
    return {
        "request": request,
        "said": lost[awaited.Lost(answer.lost)] % said
        if answer.lost
        else _("Vous répondez à la demande %(ref)s, de %(who)s.") % said,
        "lost": answer.lost,
        "who": said["who"],
        "own": her_word_url(draft) if unheard and not answer.lost and draft.purpose else "",
    }


def row(one: Any, by: Membership, at: datetime) -> dict[str, Any]:
    """One line of a list: a reference, the other side, a purpose, dates; never the person."""
    mine = one.asker_id == by.pk
    return {
        "request": one,
        "mine": mine,
        "chip": chip(one.state),
        "turn": turn(one, by, at),
        "term": term(one, at),
        "other": one.asked if mine else one.asker,
        "precision": one.about_id is not None,
        "purpose": panel.purpose_said(one.purpose),
        "new": mine and bool(one.ended_as) and one.outcome_seen_at is None,
    }


def content_open_to(request: InformationRequest, by: Membership) -> bool:
    """Whether the asker may still read what was said: she follows the case, or holds the communication it is about."""
    if request.case_id is not None:
        return Case.objects.visible_to(by).filter(pk=request.case_id).exists()
    return request.about is not None and Disclosure.objects.received_by(by).filter(pk=request.about.pk).exists()


def names_her(request: InformationRequest, by: Membership, at: datetime) -> bool:
    """Whether the asker may read of whom it is: she follows the case, or has opened the communication, which is still open."""
    if not content_open_to(request, by):
        return False
    about = request.about
    return about is None or (about.opened_at is not None and not reading.closed_because(about, at))


def asked_for(request: InformationRequest, *, person: str) -> list[dict[str, Any]]:
    """What was asked, line by line (templates/components/definition_list.html)."""
    lines = [
        (_("À propos de"), person),
        (_("Communication"), request.about.reference if request.about else ""),
        (_("Pour"), panel.purpose_said(request.purpose)),
        (_("Informations demandées"), ", ".join(wording.category(code) for code in request.categories)),
        (_("Précision demandée") if request.about_id else _("Décision qui en dépend"), request.decision_at_stake),
        (_("Rôle de qui demande"), request.own_role),
        (_("Pour le"), date_format(request.needed_on, "j F Y") if request.needed_on else ""),
    ]
    return [{"label": label, "value": value} for label, value in lines if value]


def outcome(request: Any, by: Membership, *, readable: bool) -> dict[str, Any] | None:
    """What became of it: who, when, in what words. The text is kept for who may still read the content. One statement."""
    act = (
        RequestAct.objects.filter(request=request, kind__in=RequestAct.ENDING)
        .select_related("by__professional", "by__institution", "disclosure")
        .first()
    )
    if act is None:
        return None
    received = act.disclosure is not None and Disclosure.objects.received_by(by).filter(pk=act.disclosure.pk).exists()
    return {
        "act": act,
        "said": outcomes(precision=request.about_id is not None)[act.kind],
        "who": recipient_short(act.by),
        "institution": act.by.institution.name,
        "text": act.text if readable else "",
        "hidden": bool(act.text) and not readable,
        "disclosure": act.disclosure if received else None,
        "taken_over": InformationRequest.objects.visible_to(by).filter(continues=request).first()
        if act.kind == Kind.TRANSFERRED
        else None,
        "reference": act.disclosure.reference if act.disclosure else "",
        "seen": act.seen_at is not None,
    }


def stopped_because(request: InformationRequest, by: Membership, *, back: str, case: str) -> dict[str, Any]:
    """Why it was stopped, with the ways out, each decided again on the facts as they were; `case` where she still follows it."""
    if request.stopped != acts.NOT_PERMITTED or not request.facts:
        return panel.refused(request.stopped, purpose=request.purpose, at=request.sent_at)
    decision = service.explained(f.Facts.from_plain(request.facts))
    who = recipient_short(request.asked)
    article = acts.ARTICLES[request.stopped]
    return {
        "state": decision.verdict,
        "word": panel.words()[decision.verdict],
        "say": panel.say(decision.verdict, who),
        "paths": panel.ways(decision, who, case=case, back=back, me=str(by.pk), purpose=request.purpose),
        "paths_title": _("Ce que vous pouvez faire"),
        "findings": panel.reasons(decision.findings)
        or [
            {
                "sign": "no",
                "message": panel.why(request.stopped, request.purpose),
                "law": _(law.ARTICLES[article].title),
            }
        ],
        "checked_at": request.sent_at,
        "open_reasons": True,
    }
