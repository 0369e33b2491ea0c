"""One conversation, several answers: an agreement or a refusal for each recipient, recorded together or not at all."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from cases.files import lock_person
from cases.models import Case
from partners import clock
from partners.models import Membership

from . import registry
from .collected import Collected, Scope, ScopeError
from .models import Consent, Notice, Objection, PersonsWord, PriorInformation, Refusal, Withdrawal

FEWEST, MOST = 2, 8
"""Recipients of one conversation: one alone has a page of its own, more are not kept in mind."""

Said = tuple[type[PersonsWord], uuid.UUID, str, tuple[str, ...], date | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What she said about one recipient, for one purpose: yes to these, until then; no to those; nothing of the rest."""

    recipient: Membership
    purpose: str
    agreed: Sequence[str] = ()
    until: date | None = None
    refused: Sequence[str] = ()

    def said(self) -> list[Said]:
        """Each act that it comes to, as it can be compared."""
        towards = (self.recipient.pk, self.purpose)
        yes: list[Said] = [(Consent, *towards, tuple(sorted(self.agreed)), self.until)] if self.agreed else []
        return yes + ([(Refusal, *towards, tuple(sorted(self.refused)), None)] if self.refused else [])


@transaction.atomic
def record(
    *, case: Case, answers: Sequence[Answer], notice: Notice, by: Membership, at: datetime | None = None, **word: Any
) -> list[PersonsWord]:
    """Record what was said in one conversation: one row and one entry for each answer, all of the same `sitting`.

    A recipient of whom nothing was said is not recorded. `word` as for `registry.give`. Pressed twice, it is recorded once.
    Raises ScopeError with a sentence for the user: then nothing is recorded.
    """
    lock_person(case.person_id)
    wanted = [said for answer in answers for said in answer.said()]
    if not wanted:
        raise ScopeError(_("Rien n’est coché : une portée vide ne couvre rien."))
    if at is None and (again := _pressed_twice(case, wanted, Collected(notice=notice, **word).made_plain(), by)):
        return again
    common = word | {"notice": notice, "sitting": uuid.uuid4(), "by": by, "at": at or clock.now()}
    rows: list[PersonsWord] = []
    for answer in answers:
        if set(answer.agreed) & set(answer.refused):
            raise ScopeError(_("La même information ne peut pas être à la fois acceptée et refusée."))
        towards: dict[str, Any] = {"case": case, "recipient": answer.recipient, "purpose": answer.purpose}
        if answer.agreed:
            if answer.until is None:
                raise ScopeError(_("Dites jusqu’à quand l’accord est donné."))
            scope = Scope(**towards, categories=answer.agreed)
            rows.append(registry.give(scope=scope, valid_until=answer.until, **common))
        if answer.refused:
            rows.append(registry.refuse(scope=Scope(**towards, categories=answer.refused), **common))
    return rows


def _pressed_twice(case: Case, wanted: Sequence[Said], said: Collected, by: Membership) -> list[PersonsWord]:
    """The rows of the last conversation, where it is the very same one, a moment ago, and nothing was taken back since."""
    recent: list[PersonsWord] = []
    for model in (Consent, Refusal, Objection, PriorInformation):
        rows = model._default_manager.filter(case=case, recorded_at__gt=clock.now() - registry.TWICE_WITHIN)
        recent += rows.select_related("given_by", "notice")
    if not recent:
        return []
    last = max(recent, key=lambda row: row.recorded_at).sitting
    rows_of_last = [row for row in recent if row.sitting == last and row.collected_by_id == by.pk]
    same = all(_collected(row) == said.columns() for row in rows_of_last)
    if not same or sorted(map(repr, map(_of, rows_of_last))) != sorted(map(repr, wanted)):
        return []
    if Withdrawal.objects.filter(consent__in=[row.pk for row in rows_of_last]).exists():
        return []
    return rows_of_last


def _collected(row: PersonsWord) -> dict[str, Any]:
    return {name: getattr(row, name) for name in Collected.__dataclass_fields__ if name != "sitting"}


def _of(row: PersonsWord) -> Said:
    until = clock.last_day(row.valid_until) if isinstance(row, Consent) else None
    return type(row), row.recipient_id, row.purpose, tuple(row.categories), until
