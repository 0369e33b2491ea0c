"""What stands for the people of the demonstration: a measure with its judgment, a state noted, as their acts write them."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from cases.models import Case, PersonStatus
from cases.standing import Status
from partners.clock import day_of
from partners.models import Membership

from .story import Story

if TYPE_CHECKING:
    from .situations import Tools

Kind, Scope = PersonStatus.Kind, PersonStatus.Scope
TRIBUNAL = "Tribunal judiciaire de Vallières, juge des contentieux de la protection"
# What a story calls its measure: its kind and its scope.
MEASURES = {
    "curatelle": (Kind.CURATELLE, Scope.PROPERTY),
    "habilitation_familiale": (Kind.FAMILY_AUTHORISATION, Scope.REPRESENTATION),
}
UNPROTECTED = "Grand âge et perte d’autonomie, évalués à domicile avec son médecin traitant."


def record_statuses(
    tools: "Tools", case: Case, story: Story, by: Membership, opened_at: datetime
) -> list[PersonStatus]:
    """What the story says of the person, recorded within the hour in which her situation was opened."""
    found = []
    at = opened_at + timedelta(minutes=20)
    if story.measure:
        kind, scope = MEASURES[story.measure]
        number = f"RG {at.year - 1}/{1000 + int(case.reference[-4:]) % 8000:05d}"
        found.append(
            record_status(
                tools,
                case,
                kind,
                by,
                at,
                scope=scope,
                authority=TRIBUNAL,
                reference=number,
                decided_ago=timedelta(days=260),
            )
        )
    if story.vulnerable:
        found.append(record_status(tools, case, Kind.VULNERABLE, by, at, note=UNPROTECTED))
    return found


def record_status(
    tools: "Tools", case: Case, kind: str, by: Membership, at: datetime, *, scope: str = "", authority: str = "",
    reference: str = "", decided_ago: timedelta = timedelta(), note: str = "",
) -> PersonStatus:  # fmt: skip
    """One status and its entry, as `cases.standing_acts.record_status` writes them."""
    row = PersonStatus(
        person_id=case.person_id,
        kind=kind,
        scope=scope,
        authority=authority,
        act_reference=reference,
        decided_on=day_of(at - decided_ago) if authority else None,
        note=note,
        starts_at=at,
        recorded_by_id=by.pk,
        recorded_at=at,
    )
    tools.batch.act(
        row,
        action="status.recorded",
        at=at,
        actor=by.pk,
        case=case.pk,
        refs={"person": case.person_id},
        codes={"kind": str(kind), "scope": str(scope), "ends_on": ""},
        personal={"authority": authority, "act_reference": reference, "note": note},
    )
    return row


def status_of(row: PersonStatus) -> Status:
    """The same row as what stands is computed from; none of the demonstration's is over."""
    return Status(
        pk=row.pk,
        kind=row.kind,
        scope=row.scope,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        recorded_at=row.recorded_at,
        ended_at=None,
    )
