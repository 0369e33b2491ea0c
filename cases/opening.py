"""Open a situation with those who answer for the person; write an item once, even when the button is pressed twice."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from partners.models import Institution, Membership

from . import files, standing_acts
from .models import Case, Item, ItemContent, Person, Representative

TWICE_WITHIN = timedelta(minutes=2)


class AlreadyOpen(Exception):
    """The service already has an open situation for this person."""

    def __init__(self, case: Case) -> None:
        super().__init__(case.reference)
        self.case = case


class Known(Exception):
    """The service already has a sheet with this name and birth date: whoever opens must say whether it is her."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Who it is about, as typed."""

    title: str
    first_name: str
    last_name: str
    birth_date: date


@transaction.atomic
def open_situation(
    *,
    identity: Identity,
    same: bool | None,
    key: UUID,
    measure: str,
    representatives: Sequence[Representative],
    domain: str,
    reason: str,
    by: Membership,
    at: datetime,
) -> Case:
    """Open a case for the person known under this identity (`same`), or for a new one whose id will be `key`.

    `measure` is what is known of her protection, "kind:scope": its judgment is to be read, and said to be.

    Serialised by institution, so that two colleagues never make two sheets of one person by accident. Raises
    AlreadyOpen where a case is open for her or was opened with this very key, Known where `same` is None and she is known.
    """
    Institution.objects.select_for_update(no_key=True).get(pk=by.institution_id)
    made = Case.objects.filter(person=key).first()
    if made is not None:
        raise AlreadyOpen(made)
    match = files.exact_match(
        first_name=identity.first_name, last_name=identity.last_name, birth_date=identity.birth_date, by=by
    )
    if match is not None and same is None:
        raise Known
    if match is not None and same:
        if match.open_case is not None:
            raise AlreadyOpen(match.open_case)
        return files.open_case(person=match.person, domain=domain, reason=reason, by=by, at=at)
    person = Person(
        id=key,
        title=identity.title,
        first_name=identity.first_name,
        last_name=identity.last_name,
        birth_date=identity.birth_date,
    )
    case = files.open_case(person=person, domain=domain, reason=reason, by=by, at=at)
    if measure:
        kind, _colon, scope = measure.partition(":")
        standing_acts.record_at_opening(case=case, kind=kind, scope=scope, by=by, at=at)
    for one in representatives:
        standing_acts.add_at_opening(case=case, representative=one, by=by, at=at)
    return case


@transaction.atomic
def write_once(*, case: Case, by: Membership, at: datetime, **typed: Any) -> Item:
    """`files.add_item`, unless she wrote the very same a moment ago: that one is then returned."""
    Case.objects.select_for_update(no_key=True).get(pk=case.pk)
    earlier = Item.objects.filter(
        case=case,
        depositary=by,
        created_at__gt=at - TWICE_WITHIN,
        **{name: typed[name] for name in ("label", "category", "nature", "observed_on")},
    )
    again = ItemContent.objects.filter(item__in=earlier, text=typed["text"]).select_related("item").first()
    return again.item if again is not None else files.add_item(case=case, by=by, at=at, **typed)
