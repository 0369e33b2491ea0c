"""The short way to an opinion: what Camille would tell the psychologist of the CMPP awaits one, Nadia gives it."""

from datetime import datetime
from typing import Any

from partners.models import Membership
from sharing import service
from sharing.models import Disclosure, Draft, Opinion, Review
from sharing.reviewing import opinions, submission
from tests import personas
from tests.personas import Territory
from tests.sharing.ways import draft_of, seen

Kind = Opinion.Kind
REASON = "Dites d’abord à la mère ce que vous comptez transmettre."
SECRET = "Les devoirs ne sont plus faits depuis trois semaines."


def awaiting(territory: Territory, **fields: Any) -> Draft:
    """Two statements that may pass to the CMPP, but whose parents were not told: an opinion is awaited first."""
    homework = personas.write_down(
        territory.case, territory.camille, label="Devoirs", text=SECRET, category="besoins_scolaires"
    )
    fields = {"recipient": territory.sofia, "purpose": "pe_evaluer", **fields}
    return draft_of(territory, items=[territory.absences, homework], **fields)


def submitted(territory: Territory, draft: Draft | None = None, at: datetime | None = None) -> Review:
    """Camille submits it."""
    draft = draft or awaiting(territory)
    given = submission.submit(
        draft_id=draft.pk,
        previewed=seen_at(draft, territory.camille, at),
        asked="Est-ce trop ?",
        by=territory.camille,
        at=at,
    )
    assert given.review is not None, given
    return given.review


def seen_at(draft: Draft, by: Membership, at: datetime | None) -> str:
    if at is None:
        return seen(draft, by)
    return service.fingerprint(*service.preview(draft=draft, by=by, at=at), service.beside(draft))


def answer(review: Review, kind: str, by: Membership, *, seen: int = 0, **fields: Any) -> Opinion:
    """An opinion, with its reason where it needs one."""
    fields.setdefault("reason", "" if kind == Kind.FAVOURABLE else REASON)
    return opinions.give(review_id=review.pk, kind=kind, seen=seen, by=by, **fields)


def release(draft: Draft, by: Membership) -> service.Shared:
    """The author sends it."""
    return service.share(draft_id=draft.pk, previewed=seen(draft, by), by=by)


def left() -> int:
    """How many communications left."""
    return Disclosure.objects.count()


def another_reviewer(territory: Territory, *, name: str = "Rose", bound: bool = True) -> Membership:
    """A second person who gives opinions in Camille's service; bound by secrecy unless said."""
    status = ("fonction", "CASF L221-6") if bound else ("discretion", "CGFP L121-7")
    return personas.post(
        personas.professional(name, "Adam"), territory.house, "chef_service", "Cheffe de service", *status, "reviewer"
    )
