"""Two sheets that are of one person, in the demonstration: two linked, two whose link waits. Written as `cases.linking` does."""

from collections.abc import Iterable
from datetime import timedelta

from cases.models import PersonLink, PersonLinkAnswer
from consent.models import Objection, Refusal
from partners.models import Function, Membership

from .situations import Situation, Tools

PROPOSED_AGO, ANSWERED_AFTER, WAITING_AGO = timedelta(days=6), timedelta(hours=27), timedelta(days=1)
WHY = "Un nom de naissance sur une fiche, un nom d’usage sur l’autre ; même prénom, même jour de naissance."
WHY_WAITING = "Dit avoir déjà été reçu·e au service, sous un autre nom."


def make(tools: Tools, *, others: Iterable[Situation]) -> None:
    """Of what one service follows: two sheets linked by its head, and two that Camille proposes; none where there are too few.

    Those that are linked are adults who refused nothing: what was decided before the link would be decided alike after it.
    """
    camille = tools.territory.memberships[0]
    head = tools.territory.lead_of(camille)
    if not head.has_function(Function.REVIEWER, Function.TEAM_LEAD):
        return
    said_no = {row.person_id for model in (Refusal, Objection) for row in tools.batch.rows(model)}
    latest = tools.calendar.now - PROPOSED_AGO - timedelta(days=3)
    adults = [
        one
        for one in others
        if one.referent.institution_id == camille.institution_id
        and not one.case.person.is_minor_at(tools.calendar.now)
        and one.case.created_at < latest
    ]
    pairs = [
        (one, other)
        for one in adults
        for other in adults
        if one.referent == camille != other.referent and one.case.person.title == other.case.person.title
    ]
    quiet = {id(one) for one in adults if one.case.person_id not in said_no and not one.statuses}
    linked = next(
        (pair for pair in pairs if quiet.issuperset(map(id, pair)) and pair[0].case.person.title == "Mme"), None
    )
    if linked is not None:
        _same_day(*linked)
        link = _propose(tools, *linked, by=camille, ago=PROPOSED_AGO, why=WHY)
        _approve(tools, link, linked[0], by=head)
    taken = {id(one) for one in linked or ()}
    waiting = next((pair for pair in pairs if taken.isdisjoint(map(id, pair))), None)
    if waiting is not None:
        _propose(tools, *waiting, by=camille, ago=WAITING_AGO, why=WHY_WAITING)


def _same_day(one: Situation, other: Situation) -> None:
    """Born on the same day, called by the same first name."""
    other.case.person.birth_date = one.case.person.birth_date
    other.case.person.first_name = one.case.person.first_name


def _propose(tools: Tools, one: Situation, other: Situation, *, by: Membership, ago: timedelta, why: str) -> PersonLink:
    at = tools.calendar.now - ago
    link = PersonLink(
        institution_id=by.institution_id,
        first=one.case.person,
        second=other.case.person,
        asked=other.case.reference,
        reason=why,
        at=at,
        by=by,
    )
    tools.batch.act(
        link,
        action="link.proposed",
        at=at,
        actor=by.pk,
        case=one.case.pk,
        refs=_refs(link),
        personal={"reason": why, "asked": link.asked},
    )
    return link


def _approve(tools: Tools, link: PersonLink, one: Situation, *, by: Membership) -> None:
    at = link.at + ANSWERED_AFTER
    tools.batch.act(
        PersonLinkAnswer(link=link, approved=True, at=at, by=by),
        action="link.approved",
        at=at,
        actor=by.pk,
        case=one.case.pk,
        refs=_refs(link),
        personal={"reason": ""},
    )


def _refs(link: PersonLink) -> dict[str, object]:
    return {
        "link": link.pk, "institution": link.institution_id, "first": link.first_id, "second": link.second_id,
    }  # fmt: skip
