"""Open what one was not given to read, for a reason that is said at once to its author and to the DPO; over after four hours."""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from audit import ledger
from audit.models import Entry
from cases.models import Case
from partners import clock
from partners.models import Membership
from partners.text import plain
from sharing.models import Outbox, Unsealing
from sharing.outbox import promise
from sharing.reviewing import concluding, who
from sharing.reviewing.examined import Examined

OPEN_FOR = timedelta(hours=4)
A_SENTENCE = 20  # characters


class NotBound(Exception):
    """Only who is bound by secrecy opens it; who is not bound reads what surrounds it."""


class UnsealingError(ValueError):
    """It cannot be opened so; the message says what to do, in the user's language."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsealed:
    """The opening, and to how many others it was said at once."""

    unsealing: Unsealing
    told: int


def standing(*, record: uuid.UUID, by: Membership, at: datetime) -> Unsealing | None:
    """Her opening of it, as long as it lasts."""
    return Unsealing.objects.filter(record=record, by=by, at__lte=at, ends_at__gt=at).first()


def of_case(case: Case) -> QuerySet[Unsealing]:
    """Every opening in a case, the latest first: shown to those who follow it."""
    return Unsealing.objects.filter(record__case=case).select_related("by__professional", "by__institution")


def told_with(examined: Examined, by: Membership) -> list[Membership]:
    """Who is told at once: the author as long as she is at work, and who protects data, never only herself."""
    author = Membership.objects.in_force().filter(pk=examined.disclosure.author_id).select_related("professional")
    others = who.dpos(by.institution_id, apart={by.professional_id, examined.disclosure.author.professional_id})
    return [*author, *others]


@transaction.atomic
def unseal(*, disclosure_id: uuid.UUID, reason: str, by: Membership, at: datetime | None = None) -> Unsealed:
    """Open to herself, for four hours, what a communication says that she has to conclude on. Opened twice, it is opened once.

    Raises `concluding.NotHers`, NotBound, UnsealingError.
    """
    examined = concluding.find(disclosure_id=disclosure_id, by=by)
    if not by.is_bound:
        raise NotBound
    type(by).objects.select_for_update(no_key=True).get(pk=by.pk)  # two tabs, one opening
    at = at or clock.now()
    disclosure = examined.disclosure
    told = told_with(examined, by)
    known = standing(record=disclosure.record_id, by=by, at=at)
    if known is not None:
        return Unsealed(unsealing=known, told=len(told))
    said = plain(reason)
    if len(said) < A_SENTENCE:
        raise UnsealingError(_("Dites en une phrase pourquoi ce qui entoure la communication ne suffit pas."))
    unsealing = Unsealing(record_id=disclosure.record_id, by=by, reason=said, at=at, ends_at=at + OPEN_FOR)
    unsealing.entry_id = ledger.record(
        action="content.unsealed",
        at=at,
        actor=by.pk,
        case=disclosure.case_id,
        refs={"unsealing": unsealing.pk, "decision": disclosure.record_id, "disclosure": disclosure.pk},
        codes={"ends_at": unsealing.ends_at.isoformat(), "told": len(told)},
        personal={"reader": by.professional.full_name, "reason": said, "reference": disclosure.reference},
    )
    unsealing.save(force_insert=True)
    entry = reverse("audit:entry", args=[Entry.objects.values_list("uuid", flat=True).get(pk=unsealing.entry_id)])
    for one in told:
        hers = one.pk == disclosure.author_id
        promise(
            kind=Outbox.Kind.CONTENT_UNSEALED,
            key=f"content_unsealed:{unsealing.pk}:{one.pk}",
            recipient=one,
            reference=disclosure.reference,
            path=reverse("sharing:sent_one", args=[disclosure.pk]) if hers else entry,
        )
    return Unsealed(unsealing=unsealing, told=len(told))
