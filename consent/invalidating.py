"""What was recorded in error: the wrong person, the wrong recipient, never said. It is said so, and never taken away.

It is not a withdrawal: she did not change her mind. What left meanwhile stays decided as it was, on what was then recorded; from
now on the row counts for nothing (`consent.standing`). What that closes, `sharing.stopping` tells, in the same transaction.
"""

import uuid
from collections.abc import Iterable
from datetime import datetime
from typing import cast

from django.db import transaction
from django.db.models import Q

from audit import ledger
from cases.files import lock_person
from cases.models import Case
from partners import clock
from partners.models import Function, Membership
from partners.text import plain

from .counting import KIND_OF
from .models import (
    INVALIDABLE,
    Consent,
    Invalidation,
    PersonsWord,
    PersonsWordQuerySet,
    Withdrawal,
)

Recorded = PersonsWord | Withdrawal

LONGEST = 300
KINDS: dict[str, type[PersonsWord] | type[Withdrawal]] = {kind: model for model, kind in KIND_OF.items()}


class NotHersToInvalidate(Exception):
    """Only whoever recorded it, or who leads her team, says that it was recorded in error."""


class NoteMissing(ValueError):
    """What the error was is not said."""


def kind_of(word: Recorded) -> str:
    """« consent », « refusal », « objection », « information » or « withdrawal »: the column that names it."""
    return next(kind for kind, model in KINDS.items() if isinstance(word, model))


def case_of(word: Recorded) -> Case:
    """The situation on which it was recorded."""
    return word.consent.case if isinstance(word, Withdrawal) else word.case


def recorded_by(word: Recorded) -> Membership:
    """Whoever wrote it down."""
    return word.recorded_by if isinstance(word, Withdrawal) else word.collected_by


def may_invalidate(word: Recorded, by: Membership) -> bool:
    """Whoever recorded it, or a team lead of her institution."""
    author = recorded_by(word)
    leads = by.has_function(Function.TEAM_LEAD) and author.institution_id == by.institution_id
    return author.pk == by.pk or leads


def find(*, case: Case, pk: uuid.UUID, by: Membership) -> Recorded | None:
    """What was recorded under this id on a case that she may open, whichever of the five it is; None where nothing was."""
    words = [KINDS[kind] for kind in INVALIDABLE if kind != "withdrawal"]
    for model in words:
        found = (
            cast(PersonsWordQuerySet, model._default_manager.all())
            .visible_to(by)
            .filter(case=case, pk=pk)
            .select_related("case", "person", "given_by", "collected_by__professional", "recipient__professional")
            .select_related("recipient__institution")
            .first()
        )
        if found is not None:
            return cast(PersonsWord, found)
    return (
        Withdrawal.objects.filter(pk=pk, consent__in=Consent.objects.visible_to(by).filter(case=case))
        .select_related(
            "consent__case",
            "consent__given_by",
            "consent__recipient__professional",
            "consent__recipient__institution",
            "recorded_by__professional",
        )
        .first()
    )


def invalidation_of(word: Recorded) -> Invalidation | None:
    """That it was recorded in error, where somebody said so."""
    return Invalidation.objects.filter(**{kind_of(word): word}).select_related("by__professional").first()


def invalidations(case: Case, pks: Iterable[uuid.UUID]) -> dict[uuid.UUID, Invalidation]:
    """Those of these rows, by the id of what was recorded in error; one statement."""
    rows = list(pks)
    condition = Q()
    for kind in INVALIDABLE:
        condition |= Q(**{f"{kind}__in": rows})
    found = Invalidation.objects.filter(condition, case=case).select_related("by__professional")
    return {next(pk for kind in INVALIDABLE if (pk := getattr(one, f"{kind}_id"))): one for one in found}


@transaction.atomic
def invalidate(*, word: Recorded, note: str, by: Membership, at: datetime | None = None) -> Invalidation:
    """Say that it was recorded in error, and what the error was; said twice, it is said once.

    Raises NotHersToInvalidate, NoteMissing. Without `at`, the instant is the database's, read under the person's lock: every
    disclosure is before it or decided without this row. `sharing.stopping.invalidate` also tells those concerned.
    """
    case = case_of(word)
    lock_person(case.person_id)
    existing = invalidation_of(word)
    if existing is not None:
        return existing
    if not may_invalidate(word, by):
        raise NotHersToInvalidate
    note = plain(note)[:LONGEST]
    if not note:
        raise NoteMissing
    at, kind = at or clock.now(), kind_of(word)
    entry_id = ledger.record(
        action="word.invalidated",
        at=at,
        actor=by.pk,
        case=case.pk,
        refs={"person": case.person_id, "word": word.pk},
        codes={"kind": kind},
        personal={"note": note},
    )
    return Invalidation.objects.create(
        **{kind: word}, case=case, note=note, invalidated_at=at, by=by, entry_id=entry_id
    )
