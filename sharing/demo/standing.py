"""What stands for the people of the demonstration: a measure with its judgment, a state noted, as their acts write them."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from cases.models import Case, PersonStatus, Representative, RepresentativeAct
from cases.standing import Status
from partners.clock import day_of
from partners.models import Membership

from .story import Story

if TYPE_CHECKING:
    from .situations import Tools

Kind, Scope = PersonStatus.Kind, PersonStatus.Scope
DECIDED_AGO = timedelta(days=260)
TRIBUNAL = "Tribunal judiciaire de Vallières, juge des contentieux de la protection"
# What a story calls its measure: its kind and its scope.
MEASURES = {
    "curatelle": (Kind.CURATELLE, Scope.PROPERTY),
    "habilitation_familiale": (Kind.FAMILY_AUTHORISATION, Scope.REPRESENTATION),
}
# Who holds it.
HOLDERS = {"curatelle": Representative.Kind.CURATOR, "habilitation_familiale": Representative.Kind.AUTHORISED}
CHILDREN_S_COURT = "Tribunal judiciaire de Vallières, juge des enfants"
# What else the story of a person makes stand, by the key of the story: its kind, and what is known of it.
NOTED = {
    "accueil_ase": (Kind.ENTRUSTED, "Accueil d’un an, visites des parents en présence d’un tiers."),
    "mise_a_l_abri": (
        Kind.PROTECTED_ADDRESS,
        "Demandé par elle le jour de son départ : personne ne doit dire la ville.",
    ),
    "inquietude": (
        Kind.PARENTS_DISAGREE,
        "Dit par chacun des deux, séparément : le père souhaite un suivi, la mère s’y oppose.",
    ),
}
UNPROTECTED = "Grand âge et perte d’autonomie, évalués à domicile avec son médecin traitant."


def record_statuses(
    tools: "Tools", case: Case, story: Story, beside: Sequence[Representative], by: Membership, opened_at: datetime
) -> list[PersonStatus]:
    """What the story says of the person, recorded within the hour in which her situation was opened."""
    found = []
    at = opened_at + timedelta(minutes=20)
    if story.measure:
        kind, scope = MEASURES[story.measure]
        number = _number(case, at)
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
                decided_ago=DECIDED_AGO,
            )
        )
        for one in beside:
            _added(tools, case, one, number, by, at)
    if story.key in NOTED:
        kind, note = NOTED[story.key]
        judged = kind == Kind.ENTRUSTED
        authority, number = (CHILDREN_S_COURT, _number(case, at)) if judged else ("", "")
        found.append(record_status(tools, case, kind, by, at, note=note, authority=authority, reference=number))
    if story.vulnerable:
        found.append(record_status(tools, case, Kind.VULNERABLE, by, at, note=UNPROTECTED))
    return found


def _number(case: Case, at: datetime) -> str:
    """« RG 2025/01143 »: an invented one."""
    return f"RG {at.year - 1}/{1000 + int(case.reference[-4:]) % 8000:05d}"


def _added(tools: "Tools", case: Case, one: Representative, number: str, by: Membership, at: datetime) -> None:
    """That she holds the measure, as `cases.standing_acts.add_representative` writes it."""
    paper = {"authority": TRIBUNAL, "act_reference": number}
    row = RepresentativeAct(
        representative_id=one.pk,
        move=RepresentativeAct.Move.ADDED,
        **paper,
        decided_on=day_of(at - DECIDED_AGO),
        at=at,
        by_id=by.pk,
    )
    tools.batch.act(
        row,
        action="representative.added",
        at=at,
        actor=by.pk,
        case=case.pk,
        refs={"person": case.person_id, "representative": one.pk},
        codes={"move": str(RepresentativeAct.Move.ADDED), "kind": str(one.kind)},
        personal={"name": one.formal_name, **paper, "reason": ""},
    )


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
