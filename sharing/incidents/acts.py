"""Open an incident, say what is done of it, close it. Its clock runs from the instant at which it is known.

An incident is opened by whoever found it, wherever she works; it belongs to the institution whose information it is, and only who
answers there for the protection of data follows it up (`Incident.objects.visible_to`).
"""

import uuid
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from audit import ledger
from cases.models import Case
from partners import clock
from partners.clock import day_of
from partners.graph import NotFromHere
from partners.models import Function, Institution, Membership
from partners.text import plain
from sharing.graphs import INCIDENT
from sharing.models import Disclosure, Incident, IncidentAct, Outbox
from sharing.outbox import promise

TO_NOTIFY = timedelta(hours=72)  # RGPD art. 33
ANSWERING = (Function.DPO, Function.DIRECTORY_ADMIN, Function.TEAM_LEAD)
ACTIONS = {
    IncidentAct.Kind.NOTED: "incident.noted",
    IncidentAct.Kind.AUTHORITY_TOLD: "incident.notified",
    IncidentAct.Kind.PERSON_TOLD: "incident.person_told",
    IncidentAct.Kind.CLOSED: "incident.closed",
}


class NotHers(Exception):
    """No incident by that id that this membership follows: answered like a page that does not exist."""


class ActError(ValueError):
    """What is said of the incident cannot be recorded; the message says what to do, in the user's language."""


def answering(institution: uuid.UUID) -> list[Membership]:
    """Who answers for information in an institution: its DPO; without one, who tends its directory; without either, who leads.

    One statement. Empty where nobody at work holds any of these functions.
    """
    at_work = Membership.objects.in_force().filter(institution=institution, functions__overlap=list(ANSWERING))
    found = list(at_work.select_related("professional").order_by("pk"))
    for function in ANSWERING:
        if holders := [one for one in found if one.has_function(function)]:
            return holders
    return []


def next_reference(at: datetime) -> str:
    """« I-2026-000101 »: the year, and a number that PostgreSQL gives once."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('sharing_incident_reference')")
        number: int = cursor.fetchone()[0]
    return f"I-{day_of(at):%Y}-{number:06d}"


def opened_fields(incident: Incident) -> dict[str, Any]:
    """What the trail says of an incident that opens: ids and codes in the body, its reference in the payload."""
    refs = {"incident": incident.pk, "institution": incident.institution_id}
    return {
        "action": "incident.opened",
        "at": incident.opened_at,
        "actor": incident.by_id,
        "case": incident.case_id,
        "refs": refs | ({"disclosure": incident.disclosure_id} if incident.disclosure_id else {}),
        "codes": {"incident": incident.kind, "due_at": incident.due_at.isoformat()},
        "personal": {"reference": incident.reference},
    }


def act_fields(incident: Incident, *, kind: str, text: str, by: Membership, at: datetime) -> dict[str, Any]:
    """What the trail says of what was done: what was written stands in the payload."""
    return {
        "action": ACTIONS[IncidentAct.Kind(kind)],
        "at": at,
        "actor": by.pk,
        "case": incident.case_id,
        "refs": {"incident": incident.pk, "institution": incident.institution_id},
        "codes": {"incident": incident.kind},
        "personal": {"reference": incident.reference, "text": text},
    }


def _still_open(kind: str, disclosure: Disclosure) -> Incident | None:
    """The same thing found twice is one incident. The communication is held, so that two at once are one too."""
    Disclosure.objects.select_for_update(no_key=True).get(pk=disclosure.pk)
    closed = IncidentAct.objects.filter(kind=IncidentAct.Kind.CLOSED).values("incident")
    return Incident.objects.filter(kind=kind, disclosure=disclosure).exclude(pk__in=closed).first()


@transaction.atomic
def open_incident(
    *,
    kind: str,
    institution: Institution,
    disclosure: Disclosure | None,
    case: Case | None,
    by: Membership,
    at: datetime | None = None,
    note: str = "",
) -> Incident:
    """Open an incident, start its clock of 72 hours (RGPD art. 33), and tell who answers for information there.

    The same kind on the same communication, while still open, is the same incident: it is returned, what is noted is added to it,
    and its clock goes on. `institution`: the one whose information it is.
    """
    known = _still_open(kind, disclosure) if disclosure is not None else None
    at = at or clock.now()
    if known is not None:
        _write(incident=known, kind=IncidentAct.Kind.NOTED, text=note, by=by, at=at)
        return known
    incident = Incident(
        reference=next_reference(at),
        kind=kind,
        institution=institution,
        disclosure=disclosure,
        case=case,
        by=by,
        opened_at=at,
        due_at=at + TO_NOTIFY,
    )
    incident.entry_id = ledger.record(**opened_fields(incident))
    incident.save(force_insert=True)
    _write(incident=incident, kind=IncidentAct.Kind.NOTED, text=note, by=by, at=at)
    for one in answering(institution.pk):
        promise(
            kind=Outbox.Kind.INCIDENT_OPENED,
            key=f"incident_opened:{incident.pk}:{one.pk}",
            recipient=one,
            reference=incident.reference,
            path=reverse("sharing:incident", args=[incident.pk]),
        )
    return incident


def _write(*, incident: Incident, kind: str, text: str, by: Membership, at: datetime) -> IncidentAct | None:
    """Write what was done with its entry; nothing where nothing is said."""
    text = plain(text)
    if not text:
        return None
    entry = ledger.record(**act_fields(incident, kind=kind, text=text, by=by, at=at))
    return IncidentAct.objects.create(incident=incident, kind=kind, text=text, by=by, at=at, entry_id=entry)


def _hold(incident: Incident) -> None:
    """One act of an incident at a time. Its own row is written once, so what it is about is held, or the institution."""
    if incident.disclosure_id is not None:
        Disclosure.objects.select_for_update(no_key=True).get(pk=incident.disclosure_id)
    else:
        Institution.objects.select_for_update(no_key=True).get(pk=incident.institution_id)


def find(*, incident_id: uuid.UUID, by: Membership) -> Incident:
    """An incident that falls to this membership, with what surrounds it. Raises NotHers."""
    around = ("institution", "by__professional", "by__institution", "case__person", "disclosure__case")
    found = Incident.objects.visible_to(by).filter(pk=incident_id).select_related(*around).first()
    if found is None:
        raise NotHers
    return found


def state_of(incident: Incident) -> str:
    """The state that its acts lead to (`sharing.graphs.INCIDENT`)."""
    return INCIDENT.reached(
        IncidentAct.objects.filter(incident=incident).order_by("entry").values_list("kind", flat=True)
    )


@transaction.atomic
def add_act(*, incident_id: uuid.UUID, kind: str, text: str, by: Membership, at: datetime | None = None) -> IncidentAct:
    """Say what was done: noted, the authority told, the person told, closed. Raises NotHers, NotFromHere once closed, ActError.

    Closing says why, and that the person was told or why not: nobody else will ask.
    """
    incident = find(incident_id=incident_id, by=by)
    _hold(incident)
    INCIDENT.after(state_of(incident), kind)
    written = _write(incident=incident, kind=kind, text=text, by=by, at=at or clock.now())
    if written is None:
        raise ActError(_("Dites en quelques mots ce qui a été fait, ou pourquoi."))
    return written


__all__ = ["ActError", "NotFromHere", "NotHers", "add_act", "answering", "find", "open_incident", "state_of"]
