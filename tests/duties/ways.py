"""Communications that ask for something afterwards, through the real act: Camille's, about the child."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from partners.models import Membership
from sharing import service
from sharing.models import Conclusion, Disclosure, Draft, Duty
from sharing.reviewing import concluding
from tests import personas
from tests.personas import Territory
from tests.sharing.ways import draft_of, send


@dataclass(frozen=True)
class Around:
    """Those whom the territory lacks: who receives what worries, a prosecutor, a second reviewer, who keeps the directory."""

    crip: Membership
    prosecutor: Membership


def around(territory: Territory) -> Around:
    """The unit of the département that receives concerns about children, and a prosecutor."""
    court = personas.institution("Tribunal judiciaire de Vallières", "Autorité judiciaire")
    return Around(
        crip=personas.post(
            personas.professional("Irène", "Marchand"),
            territory.department,
            "crip",
            "Responsable de la cellule",
            "mission",
            "CASF L226-3",
        ),
        prosecutor=personas.post(
            personas.professional("Marc", "Vidal", title="M."),
            court,
            "procureur",
            "Substitut du procureur",
            "authority",
            "CPP 11",
        ),
    )


def released(
    territory: Territory,
    recipient: Membership,
    purpose: str,
    *circumstances: str,
    ago: timedelta | None = None,
    at: datetime | None = None,
) -> Disclosure:
    """What left, `ago` before now where it is said: the duties of that day are then nearer."""
    draft: Draft = draft_of(territory, recipient=recipient, purpose=purpose)
    draft.circumstances = list(circumstances)
    draft.save(update_fields=["circumstances"])
    if ago is not None and at is None:
        from partners import clock

        at = clock.now() - ago
    if at is None:
        shared = send(draft, territory.camille)
    else:
        seen = service.fingerprint(*service.preview(draft=draft, by=territory.camille, at=at))
        shared = service.share(draft_id=draft.pk, previewed=seen, by=territory.camille, at=at)
    assert shared.disclosure is not None, shared
    return shared.disclosure


def concern(territory: Territory, crip: Membership, ago: timedelta | None = None) -> Disclosure:
    """A concern about the child, passed on before her parents were told."""
    return released(territory, crip, "pe_ip", "exception_child_interest", ago=ago)


def ill_treatment(territory: Territory, crip: Membership, ago: timedelta | None = None) -> Disclosure:
    """Ill-treatment of the child, reported: her parents are told afterwards."""
    return released(territory, crip, "signaler_sevices", ago=ago)


def conclude(disclosure: Disclosure, by: Membership, reason: str = "Nécessaire, et rien de trop.") -> Conclusion:
    """What left at once is examined afterwards, by somebody else; `by` had read every conclusion."""
    seen = Conclusion.objects.filter(disclosure=disclosure).count()
    kind = Conclusion.Kind.JUSTIFIED
    return concluding.conclude(disclosure_id=disclosure.pk, kind=kind, reason=reason, seen=seen, by=by)


def duty_of(disclosure: Disclosure, code: str) -> Duty:
    return Duty.objects.get(record=disclosure.record_id, code=code)
