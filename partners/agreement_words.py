"""An agreement as pages say it: where it stands, what was done to it, what she may do."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from . import wording
from .agreeing import MAY_SUSPEND, is_party, state_at, suspender_of
from .graphs import AGREEMENT
from .models import Agreement, AgreementAct, AgreementParty, Membership
from .tending import TENDING


@dataclass(frozen=True, slots=True)
class AgreementLine:
    """An agreement as its parties read it today."""

    agreement: Agreement
    state: str
    """`current`, `unsigned`, `suspended`, `ended`, `to_come` or `replaced`."""
    waiting_for: list[str]
    purposes: list[str]
    families: list[tuple[str, list[str]]]

    @property
    def in_force(self) -> bool:
        return self.state == "current"


def agreement_line(agreement: Agreement, waiting_for: list[str], at: datetime) -> AgreementLine:
    """An agreement, read with `followed()`, as it stands at this instant; `waiting_for` names who has not signed."""
    state = state_at(
        agreement,
        at,
        signed=not waiting_for,
        newer=agreement.newer,  # type: ignore[attr-defined]
        newer_signed=agreement.newer_signed,  # type: ignore[attr-defined]
    )
    return AgreementLine(
        agreement=agreement,
        state=state,
        waiting_for=waiting_for,
        purposes=[wording.purpose(code) for code in agreement.purposes],
        families=wording.by_family(agreement.categories),
    )


def agreement_lines(found: Iterable[Agreement], at: datetime) -> list[AgreementLine]:
    """Each with who has not signed; one statement whatever their number."""
    every = list(found)
    waiting: dict[UUID, list[str]] = {}
    unsigned = AgreementParty.objects.filter(agreement__in=every, signed_on__isnull=True)
    for party in unsigned.select_related("institution").order_by("institution__name"):
        waiting.setdefault(party.agreement_id, []).append(party.institution.name)
    return [agreement_line(one, waiting.get(one.pk, []), at) for one in every]


def to_sign(by: Membership, at: datetime) -> list[AgreementLine]:
    """Those that wait for the signature of her own institution, the oldest first; nothing for who tends nothing there."""
    if not by.has_function(*TENDING):
        return []
    hers = AgreementParty.objects.filter(
        agreement=OuterRef("pk"), institution=by.institution_id, signed_on__isnull=True
    )
    found = Agreement.objects.visible_to(by).followed().filter(Exists(hers)).order_by("starts_on", "number")
    return [line for line in agreement_lines(found, at) if line.state == "unsigned"]


MOVES = {"sign": "signer", "suspend": "suspendre", "resume": "reprendre", "end": "terminer", "revise": "reviser"}
"""Each move that somebody makes, and its word in an address."""


def moves_of(line: AgreementLine, by: Membership) -> list[str]:
    """What she may do to it now, as `MOVES` names it."""
    agreement, state = line.agreement, line.state
    if not is_party(by, agreement, functions=MAY_SUSPEND):
        return []
    found = []
    if by.has_function(*TENDING):
        own = AgreementParty.objects.filter(agreement=agreement, institution=by.institution_id)
        if state == "unsigned" and own.filter(signed_on__isnull=True).exists():
            found.append("sign")
        if state == "suspended" and may_resume(agreement, by):
            found.append("resume")
        if AGREEMENT.allows(state, "revise") and not _is_followed(agreement):
            found.append("revise")
        if AGREEMENT.allows(state, "end") and agreement.ended_at is None:
            found.append("end")
    if AGREEMENT.allows(state, "suspend"):
        found.append("suspend")
    return found


def _is_followed(agreement: Agreement) -> bool:
    return bool(agreement.newer)  # type: ignore[attr-defined]


def may_resume(agreement: Agreement, by: Membership) -> bool:
    """Whether she is another person, where it was suspended; any party where no act says who did."""
    act = suspender_of(agreement)
    return act is None or (act.institution_id == by.institution_id and act.doer_id != by.professional_id)


def history_of(agreement: Agreement) -> list[AgreementAct]:
    """What was done to every version of its number, the latest first; one statement."""
    found = AgreementAct.objects.filter(agreement__number=agreement.number)
    return list(found.select_related("agreement", "institution", "done_by__professional").order_by("-done_at", "-pk"))


def title_of(agreement: Agreement) -> str:
    """« Convention n° 12, version 2 »; the first version is not counted."""
    said = _("Convention n° %(number)s") % {"number": agreement.number}
    return said if agreement.version == 1 else _("%(said)s, version %(n)d") % {"said": said, "n": agreement.version}
