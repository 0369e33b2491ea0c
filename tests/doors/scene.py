"""The moment at which every door is tried, and the addresses of what it holds."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from partners.models import MissionSheet
from sharing.models import Duty
from tests.doors import programs
from tests.doors.built import KEY, UNKNOWN_REFERENCE, Scene, build
from tests.personas import Territory

__all__ = ["Scene", "build", "unknown_url", "url"]


@dataclass(frozen=True)
class Address:
    """How the address of a door is made here, and the same address of something that does not exist."""

    real: Callable[[Scene], list[Any]] = lambda _scene: []
    unknown: Callable[[Scene], list[Any]] | None = None


def of_case(*more: Callable[[Scene], Any]) -> Address:
    """Something of the case; unknown: another reference, the rest as it is."""
    return Address(
        real=lambda scene: [scene.territory.case.reference, *(one(scene) for one in more)],
        unknown=lambda scene: [UNKNOWN_REFERENCE[: len(scene.territory.case.reference)], *(one(scene) for one in more)],
    )


def sheet_of(territory: Territory) -> uuid.UUID:
    """The sheet that tells the house of the school."""
    return MissionSheet.objects.get(about=territory.school, partner=territory.house).pk


def by_id(one: Callable[[Scene], Any]) -> Address:
    """Something named by its id alone; unknown: an id that nobody gave."""
    return Address(
        real=lambda scene: [one(scene)], unknown=lambda _scene: [uuid.UUID("00000000-0000-4000-8000-000000000000")]
    )


ADDRESSES: dict[str, Address] = {
    "account_reset_password_from_key": Address(
        real=lambda scene: [scene.territory.camille.professional_id.hex, "c0ffee-0123456789abcdef"]
    ),
    "help_topic": Address(real=lambda _scene: ["communiquer"], unknown=lambda _scene: ["comminuquer"]),
    "proconnect_unlink": by_id(lambda scene: scene.territory.camille.pk),
    "proconnect_request": by_id(lambda scene: scene.territory.camille.pk),
    "mfa_edit_webauthn": Address(real=lambda scene: [scene.key.pk], unknown=lambda _scene: [KEY + 1]),
    "remove_factor": Address(real=lambda scene: [scene.key.pk], unknown=lambda _scene: [KEY + 1]),
    "partners:institution_change": by_id(lambda scene: scene.adding.pk),
    "partners:institution_correct": by_id(lambda scene: scene.territory.department.pk),
    "partners:institution_open": by_id(lambda scene: scene.territory.school.pk),
    "sharing:house_token_revoke": by_id(lambda scene: scene.theirs.pk),
    "partners:factor_loss": by_id(lambda scene: scene.lost.pk),
    "partners:institution": by_id(lambda scene: scene.territory.school.pk),
    "partners:agreement": by_id(lambda scene: scene.territory.school_agreement.pk),
    "partners:invitation": Address(real=lambda scene: [scene.invited[1]], unknown=lambda _scene: ["A" * 43]),
    "partners:invitation_sent": by_id(lambda scene: scene.invited[0].pk),
    "partners:function_change": by_id(lambda scene: scene.changing.pk),
    "partners:member": by_id(lambda scene: scene.territory.leila.pk),
    "partners:member_secrecy": by_id(lambda scene: scene.territory.leila.pk),
    "partners:member_functions": by_id(lambda scene: scene.territory.leila.pk),
    "partners:member_end": by_id(lambda scene: scene.territory.leila.pk),
    "sharing:relay": by_id(lambda scene: scene.former.pk),
    "partners:sheet": by_id(lambda scene: sheet_of(scene.territory)),
    "partners:sheet_read": by_id(lambda scene: sheet_of(scene.territory)),
    "partners:sheet_write": by_id(lambda scene: scene.territory.school.pk),
    "partners:agreement_revise": by_id(lambda scene: scene.territory.school_agreement.pk),
    "partners:agreement_act": Address(
        real=lambda scene: [scene.territory.school_agreement.pk, "suspendre"],
        unknown=lambda _scene: [uuid.UUID("00000000-0000-4000-8000-000000000000"), "suspendre"],
    ),
    "partners:succession": by_id(lambda scene: scene.succession.pk),
    "partners:forum": by_id(lambda scene: scene.forum.pk),
    "partners:narrowing": by_id(lambda scene: scene.proposed.pk),
    "partners:narrowing_lift": by_id(lambda scene: scene.narrowed.pk),
    "cases:item_new": of_case(),
    "cases:item": of_case(lambda scene: scene.territory.absences.pk),
    "cases:dissent": of_case(lambda scene: scene.territory.absences.pk),
    "cases:identity": of_case(),
    "cases:assignments": of_case(),
    "cases:involvements": of_case(),
    "cases:end_assignment": of_case(lambda scene: scene.assignment.pk),
    "consent:who_decides": of_case(),
    "cases:same_person": of_case(),
    "cases:end_link": of_case(lambda scene: scene.link.pk),
    "cases:link": by_id(lambda scene: scene.link.pk),
    "cases:record_status": of_case(),
    "cases:end_status": of_case(lambda scene: scene.noted.pk),
    "cases:add_representative": of_case(),
    "cases:change_representative": of_case(lambda scene: scene.territory.mother.pk),
    "consent:list": of_case(),
    "consent:new": of_case(),
    "consent:grid": of_case(),
    "consent:receipt": of_case(lambda scene: scene.withdrawn.pk),
    "consent:notice": of_case(),
    "consent:receipt_paper": of_case(lambda scene: scene.withdrawn.pk),
    "consent:objection_paper": of_case(lambda scene: scene.objected.pk),
    "cases:items": of_case(),
    "consent:paper": of_case(lambda scene: scene.agreed.sitting),
    "consent:scan": of_case(lambda scene: scene.scan.pk),
    "sharing:chronology": of_case(),
    "sharing:opened": of_case(),
    "sharing:opened_paper": of_case(),
    "sharing:case": of_case(),
    "sharing:start": of_case(),
    "sharing:compose": of_case(lambda scene: scene.waiting.pk),
    "sharing:verdict": of_case(lambda scene: scene.waiting.pk),
    "sharing:discard": of_case(lambda scene: scene.waiting.pk),
    "sharing:check": of_case(lambda scene: scene.waiting.pk),
    "sharing:done": of_case(lambda scene: scene.sent.draft_id),
    "sharing:done_paper": of_case(lambda scene: scene.sent.draft_id),
    "sharing:whether_left": of_case(lambda scene: scene.waiting.pk),
    "sharing:consultation": by_id(lambda scene: scene.consultation.pk),
    "sharing:usefulness": by_id(lambda scene: scene.sent.pk),
    "sharing:duty": by_id(lambda scene: Duty.objects.get(record=scene.sent.record_id, code="minimise").pk),
    "sharing:received": by_id(lambda scene: scene.sent.pk),
    "sharing:acknowledge": by_id(lambda scene: scene.sent.pk),
    "sharing:sent_one": by_id(lambda scene: scene.sent.pk),
    "sharing:print_received": by_id(lambda scene: scene.sent.pk),
    "sharing:received_paper": by_id(lambda scene: scene.sent.pk),
    "sharing:sent_proof": by_id(lambda scene: scene.sent.pk),
    "sharing:received_proof": by_id(lambda scene: scene.spoken.pk),
    "sharing:proofs": of_case(),
    "sharing:proofs_file": of_case(),
    "sharing:send_back": by_id(lambda scene: scene.sent.pk),
    "sharing:disagree": Address(
        real=lambda scene: [scene.sent.pk, scene.territory.absences.pk],
        unknown=lambda scene: [uuid.UUID("00000000-0000-4000-8000-000000000000"), scene.territory.absences.pk],
    ),
    "sharing:rectify": of_case(lambda scene: scene.territory.absences.pk),
    "sharing:rectification": of_case(lambda scene: scene.contested.pk),
    "sharing:limit_item": of_case(lambda scene: scene.territory.absences.pk),
    "sharing:limit_case": of_case(),
    "sharing:limitation": of_case(lambda scene: scene.limited.pk),
    "sharing:ask_precision": by_id(lambda scene: scene.sent.pk),
    "sharing:answer_received": by_id(lambda scene: scene.sent.pk),
    "sharing:recall": by_id(lambda scene: scene.sent.pk),
    "sharing:incident": by_id(lambda scene: scene.incident.pk),
    "sharing:request": by_id(lambda scene: scene.asked.pk),
    "sharing:request_answer": by_id(lambda scene: scene.asked.pk),
    "sharing:request_compose": by_id(lambda scene: scene.asked.pk),
    "sharing:request_withdraw": by_id(lambda scene: scene.asked.pk),
    "sharing:request_seen": by_id(lambda scene: scene.asked.pk),
    "sharing:urgency": of_case(),
    "sharing:urgency_done": of_case(lambda scene: scene.alarm.draft_id),
    "sharing:handover": by_id(lambda scene: scene.alarm.pk),
    "sharing:aloud": of_case(),
    "sharing:aloud_done": of_case(lambda scene: scene.spoken.pk),
    "sharing:withhold": of_case(),
    "sharing:call_noted": by_id(lambda scene: scene.call.pk),
    "sharing:withdraw": of_case(lambda scene: scene.agreed.pk),
    "sharing:withdraw_all": of_case(),
    "sharing:recorded_in_error": of_case(lambda scene: scene.agreed.pk),
    "sharing:object": of_case(lambda scene: scene.territory.lantier.pk, lambda _scene: "scolarite"),
    "sharing:objected": of_case(lambda scene: scene.objected.pk),
    "sharing:ask_opinion": of_case(lambda scene: scene.waiting.pk),
    "sharing:review": by_id(lambda scene: scene.review.pk),
    "sharing:examination": by_id(lambda scene: scene.hasty.pk),
    "sharing:unsealed": by_id(lambda scene: scene.hasty.pk),
    "sharing:token_revoke": by_id(lambda scene: scene.token.pk),
    **{f"api:{door}": of_case(*more) for door, more in programs.OF_CASE.items()},
    **{f"api:{door}": by_id(one) for door, one in programs.BY_ID.items()},
    "sharing:rule": Address(real=lambda _scene: ["CASF-L226-2-1"], unknown=lambda _scene: ["CASF-L226-9-9"]),
    "audit:entry": by_id(lambda scene: scene.entry.uuid),
    "audit:entry_proof": by_id(lambda scene: scene.entry.uuid),
    "audit:verified": by_id(lambda scene: scene.verification.pk),
    "audit:alarm": by_id(lambda scene: scene.ringing.pk),
    # The scene is one transaction, in which nothing is sealed: there is no head yet (tests/audit/test_head_pages.py has some).
    "audit:head": Address(real=lambda _scene: [1], unknown=lambda _scene: [2]),
}
"""Doors that name something; the others have a fixed address."""


def url(door: str, scene: Scene) -> str:
    return reverse(door, args=ADDRESSES[door].real(scene) if door in ADDRESSES else [])


def unknown_url(door: str, scene: Scene) -> str | None:
    """The address of the same door on something that does not exist; None where the door names nothing."""
    address = ADDRESSES.get(door)
    return reverse(door, args=address.unknown(scene)) if address and address.unknown else None
