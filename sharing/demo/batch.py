"""Rows and their entries, put aside then written together: some hundreds of cases in one transaction.

Entries are composed as the acts are told, and written in the order of their instants, as they would have been.
"""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import models, transaction

from audit import ledger
from cases.models import (
    Assignment,
    Case,
    CaseAccess,
    DissentNote,
    Involvement,
    Item,
    ItemContent,
    Limitation,
    Person,
    PersonLink,
    PersonLinkAnswer,
    PersonStatus,
    Rectification,
    RectificationAnswer,
    Representative,
    RepresentativeAct,
)
from consent.models import Consent, Objection, PriorInformation, Refusal, Withdrawal
from partners.models import (
    Agreement,
    AgreementParty,
    Forum,
    ForumMember,
    Institution,
    Membership,
    MissionSheet,
    Narrowing,
    NarrowingDecision,
    Professional,
    SheetAnswer,
    SheetReading,
)
from sharing.models import (
    Conclusion,
    Consultation,
    ConsultationAct,
    ConsultationParticipant,
    DecisionRecord,
    DisclosedItem,
    Disclosure,
    Draft,
    DraftItem,
    Duty,
    DutyAct,
    Incident,
    IncidentAct,
    InformationRequest,
    Opinion,
    Outbox,
    Recalled,
    RequestAct,
    Returned,
    Review,
)

from .copying import copy

ENTRIES_A_STATEMENT = 500

# The order of writing: what is pointed at comes first.
ORDER: tuple[type[models.Model], ...] = (
    Institution,
    Professional,
    Membership,
    Agreement,
    AgreementParty,
    Forum,
    ForumMember,
    Narrowing,
    NarrowingDecision,
    MissionSheet,
    SheetAnswer,
    SheetReading,
    Person,
    Representative,
    PersonStatus,
    PersonLink,
    PersonLinkAnswer,
    RepresentativeAct,
    Case,
    Assignment,
    CaseAccess,
    Involvement,
    Item,
    ItemContent,
    DissentNote,
    Rectification,
    RectificationAnswer,
    Limitation,
    Consent,
    Withdrawal,
    Refusal,
    Objection,
    PriorInformation,
    Draft,
    DraftItem,
    DecisionRecord,
    Review,
    Opinion,
    Disclosure,
    DisclosedItem,
    InformationRequest,
    RequestAct,
    Consultation,
    ConsultationParticipant,
    ConsultationAct,
    Duty,
    DutyAct,
    Conclusion,
    Returned,
    Recalled,
    Incident,
    IncidentAct,
    Outbox,
)


class Batch:
    """What is to be written, none of it written yet."""

    def __init__(self) -> None:
        self._rows: dict[type[models.Model], list[Any]] = defaultdict(list)
        self._acts: list[tuple[ledger.Sealed, tuple[Any, ...]]] = []

    def add(self, *rows: models.Model) -> None:
        """Rows without an entry of their own."""
        for row in rows:
            self._rows[type(row)].append(row)

    def extend(self, model: type[models.Model], rows: Iterable[models.Model]) -> None:
        """Several rows of one kind."""
        self._rows[model].extend(rows)

    def rows(self, model: type[models.Model]) -> list[Any]:
        """What was put aside of one kind so far, in order."""
        return list(self._rows[model])

    def act(
        self,
        *rows: Any,
        action: str,
        at: datetime,
        actor: uuid.UUID | None,
        case: uuid.UUID | None,
        refs: Mapping[str, Any] | None = None,
        codes: Mapping[str, Any] | None = None,
        personal: Mapping[str, Any] | None = None,
    ) -> None:
        """An act: its entry, and the rows that will point at it."""
        sealed = ledger.compose(action=action, at=at, actor=actor, case=case, refs=refs, codes=codes, personal=personal)
        self._acts.append((sealed, rows))
        self.add(*rows)

    def write(self) -> None:
        """Write everything in one transaction: the entries first, then the rows, in the order of `ORDER`."""
        self._acts.sort(key=lambda act: act[0].at)
        with transaction.atomic():
            for start in range(0, len(self._acts), ENTRIES_A_STATEMENT):
                some = self._acts[start : start + ENTRIES_A_STATEMENT]
                ids = ledger.record_many([sealed for sealed, _rows in some])
                for entry_id, (_sealed, rows) in zip(ids, some, strict=True):
                    for row in rows:
                        row.entry_id = entry_id
            for model in ORDER:
                several = self._rows.pop(model, [])
                if several:
                    copy(model, several)
            if self._rows:
                raise LookupError(f"no place in the order of writing: {sorted(m.__name__ for m in self._rows)}")
        self._acts.clear()
