"""What came back in the demonstration: a communication returned, whose incident runs; another that its author's chief recalled.

Written as `sharing.returning` and `sharing.incidents` do. Nothing of the guided cases is touched.
"""

from collections.abc import Callable, Iterable
from datetime import timedelta
from uuid import UUID

from django.urls import reverse

from partners.clock import day_of
from partners.models import Function, Membership, Reached
from sharing.incidents import acts as incidents
from sharing.models import Disclosure, Incident, IncidentAct, Outbox, Recalled, Returned
from sharing.returning import acts as returning

from .sending import Numbers
from .situations import Situation, Tools

RETURNED_AGO, RECALLED_AGO = timedelta(hours=20), timedelta(days=2)
NOT_HERS = "Je ne suis plus cette personne depuis la rentrée ; ma collègue a repris le relais."
NOTED = "Expéditrice jointe : erreur de destinataire dans la liste, la bonne personne est prévenue par elle."
SHOWN = "directeur_ecole"  # whose inbox the guided visit shows
MOTIVE = "Envoyée avant que la famille ait relu le texte : elle repartira corrigée."


def make(tools: Tools, *, others: Iterable[Situation]) -> None:
    """One returned and one recalled, among what left the other cases and was not acknowledged; fewer where there is none.

    The inbox that the guided visit shows stays as it is.
    """
    now, cases = tools.calendar.now, {one.case.pk for one in others}
    shown = tools.territory.first(SHOWN)
    sent = [
        one
        for one in tools.batch.rows(Disclosure)
        if one.case_id in cases
        and one.recipient_id != shown.pk
        and one.channel == Reached.IN_APP
        and one.acknowledged_at is None
        and one.released_at < now - RECALLED_AGO - timedelta(days=1)
        and (one.access_until is None or one.access_until > now)
        and (one.opened_at is None or one.opened_at < now - RECALLED_AGO)
    ]
    people = {one.pk: one for one in tools.territory.memberships}
    for one in sent:  # the rows are not written yet: nothing can be looked up
        one.author = people[one.author_id]
    returned = min(sent, key=_controlled_first(tools), default=None)
    if returned is not None:
        _return(tools, returned)
    recalled = next((one for one in sent if one is not returned and _chief(tools, one) is not None), None)
    if recalled is not None:
        _recall(tools, recalled)


def _controlled_first(tools: Tools) -> Callable[[Disclosure], tuple[bool, bool]]:
    """First what left an institution where a DPO or a head of team answers for it, and was opened: there is something to weigh."""
    answering = (Function.DPO, Function.TEAM_LEAD)
    places = {one.institution_id for one in tools.territory.memberships if one.has_function(*answering)}
    return lambda one: (one.author.institution_id not in places, one.opened_at is None)


def _of(tools: Tools, institution: UUID, *functions: str) -> Membership | None:
    """Who holds the first of these functions that somebody holds there."""
    there = [one for one in tools.territory.memberships if one.institution_id == institution]
    return next((one for function in functions for one in there if one.has_function(function)), None)


def _chief(tools: Tools, disclosure: Disclosure) -> Membership | None:
    return _of(tools, disclosure.author.institution_id, Function.TEAM_LEAD)


def _return(tools: Tools, disclosure: Disclosure) -> None:
    at = tools.calendar.now - RETURNED_AGO
    by = disclosure.recipient
    state = "new" if disclosure.opened_at is None else "to_acknowledge"
    tools.batch.act(
        Returned(disclosure=disclosure, by=by, at=at, reason=NOT_HERS),
        **returning.entry_fields(disclosure, returning.RETURNED, by=by, at=at, reason=NOT_HERS, state=state),
    )
    incident = Incident(
        reference=f"I-{day_of(at):%Y}-{Numbers('sharing_incident_reference').next():06d}",
        kind=Incident.Kind.WRONG_RECIPIENT,
        institution_id=disclosure.author.institution_id,
        disclosure=disclosure,
        case_id=disclosure.case_id,
        by=by,
        opened_at=at,
        due_at=at + incidents.TO_NOTIFY,
    )
    tools.batch.act(incident, **incidents.opened_fields(incident))
    _letter(tools, Outbox.Kind.DISCLOSURE_RETURNED, disclosure, disclosure.author, "sharing:recall")
    follows = _of(tools, disclosure.author.institution_id, *incidents.ANSWERING)
    if follows is None:
        return
    noted_at = at + timedelta(hours=3)
    tools.batch.act(
        IncidentAct(incident=incident, kind=IncidentAct.Kind.NOTED, text=NOTED, by=follows, at=noted_at),
        **incidents.act_fields(incident, kind=IncidentAct.Kind.NOTED, text=NOTED, by=follows, at=noted_at),
    )


def _recall(tools: Tools, disclosure: Disclosure) -> None:
    at, by = tools.calendar.now - RECALLED_AGO, _chief(tools, disclosure)
    if by is None:
        return
    said = {"state": "new" if disclosure.opened_at is None else "to_acknowledge", "wrong_recipient": False}
    tools.batch.act(
        Recalled(disclosure=disclosure, by=by, at=at, reason=MOTIVE),
        **returning.entry_fields(disclosure, returning.RECALLED, by=by, at=at, reason=MOTIVE, **said),
    )
    _letter(tools, Outbox.Kind.DISCLOSURE_RECALLED, disclosure, disclosure.recipient, "sharing:received")


def _letter(tools: Tools, kind: str, disclosure: Disclosure, recipient: Membership, door: str) -> None:
    """The letter of that moment, already sent: loading a demonstration writes to nobody."""
    at = tools.calendar.now - (RETURNED_AGO if kind == Outbox.Kind.DISCLOSURE_RETURNED else RECALLED_AGO)
    tools.batch.add(
        Outbox(
            key=f"{kind}:{disclosure.pk}",
            kind=kind,
            recipient_id=recipient.pk,
            reference=disclosure.reference,
            path=reverse(door, args=[disclosure.pk]),
            created_at=at,
            next_attempt_at=at,
            done_at=at + timedelta(seconds=2),
            attempts=1,
        )
    )
