"""Open a case, and write down what is known: the acts of `cases`."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection, transaction

from audit import ledger
from partners import clock
from partners.clock import day_of
from partners.models import Membership
from partners.text import plain
from partners.vocabulary import vocabulary

from . import access
from .models import Assignment, Case, Involvement, Item, ItemContent, Person
from .sheets import EVER, sheet_ids


@dataclass(frozen=True, slots=True)
class Match:
    """The one person of one's own institution with exactly this name and birth date, and her open case, if any."""

    person: Person
    open_case: Case | None


def _same_name(text: str) -> str:
    return " ".join(plain(text).casefold().replace("-", " ").split())


def exact_match(*, first_name: str, last_name: str, birth_date: date, by: Membership) -> Match | None:
    """Whether one's own institution already knows this very person; never a list, never another institution's files.

    That another service follows somebody is itself secret (`being_followed_is_secret`), so it is not looked up.
    """
    known = Person.objects.filter(
        birth_date=birth_date,
        pk__in=Case.objects.filter(institution=by.institution_id).values("person"),
    )
    wanted = (_same_name(first_name), _same_name(last_name))
    same = [one for one in known if (_same_name(one.first_name), _same_name(one.last_name)) == wanted]
    if len(same) != 1:
        return None
    open_case = Case.objects.filter(person=same[0], institution=by.institution_id, closed_on__isnull=True).first()
    return Match(person=same[0], open_case=open_case)


def namesakes(person: Person, *, institution: uuid.UUID) -> list[Person]:
    """The other sheets of an institution with exactly her name and birth date, those linked to hers apart; one statement."""
    known = Person.objects.filter(
        birth_date=person.birth_date, pk__in=Case.objects.filter(institution=institution).values("person")
    ).exclude(pk__in=sheet_ids([person.pk], EVER))
    wanted = (_same_name(person.first_name), _same_name(person.last_name))
    return [one for one in known if (_same_name(one.first_name), _same_name(one.last_name)) == wanted]


def lock_person(person_id: uuid.UUID) -> None:
    """Take the anchor: whoever discloses holds it FOR SHARE, so one of the two comes strictly first (design, part 4)."""
    Person.objects.select_for_update(no_key=True).get(pk=person_id)


def next_reference(at: datetime) -> str:
    """« 2026-0143 »: the year, and a number that PostgreSQL gives once."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('cases_reference')")
        number: int = cursor.fetchone()[0]
    return f"{day_of(at):%Y}-{number:04d}"


@transaction.atomic
def open_case(*, person: Person, domain: str, reason: str, by: Membership, at: datetime) -> Case:
    """Open a case in one's own institution, for a person new (unsaved) or already known, and follow it oneself.

    Raises IntegrityError where the institution already has an open case for her.
    """
    if person._state.adding:
        person.save()
    case = Case.objects.create(
        reference=next_reference(at),
        person=person,
        institution_id=by.institution_id,
        domain=domain,
        opened_on=day_of(at),
    )
    ledger.record(
        action="case.opened",
        at=at,
        actor=by.pk,
        case=case.pk,
        refs={"person": person.pk, "institution": by.institution_id},
        codes={"domain": domain},
        personal={"reference": case.reference, "reason": reason},
    )
    access.assign(case=case, membership=by, kind=Assignment.Kind.REFERENT, reason=reason, by=by, at=at)
    return case


@transaction.atomic
def add_item(
    *,
    case: Case,
    label: str,
    text: str,
    category: str,
    nature: str,
    provenance: str,
    provenance_detail: str,
    origin: str,
    third_parties: Sequence[str],
    observed_on: date,
    by: Membership,
    at: datetime,
) -> Item:
    """Write down one piece of information; its author is its depositary. What it says is never changed afterwards.

    Raises KeyError on a category or nature that the rulebook does not know.
    """
    words = vocabulary()
    entry_id = ledger.record(
        action="item.added",
        at=at,
        actor=by.pk,
        case=case.pk,
        refs={"person": case.person_id},
        codes={
            "category": words.categories[category].code,
            "nature": words.natures[nature].code,
            "provenance": provenance,
            "origin": origin,
        },
        personal={"label": plain(label)},
    )
    item = Item.objects.create(
        case=case,
        label=plain(label),
        category=category,
        nature=nature,
        provenance=provenance,
        provenance_detail=plain(provenance_detail),
        origin=origin,
        third_parties=[plain(one) for one in third_parties if plain(one)],
        depositary=by,
        observed_on=observed_on,
        entry_id=entry_id,
    )
    ItemContent.objects.create(item=item, text=plain(text))
    return item


@transaction.atomic
def record_involvement(
    *, case: Case, membership: Membership, kind: str, source: str, by: Membership, at: datetime | None = None
) -> Involvement:
    """Record that a partner's professional works with this person too; recording it twice returns the first.

    Without `at`, here and as it ends, the instant is the database's, read under the person's lock.
    """
    lock_person(case.person_id)
    known = Involvement.objects.filter(case=case, membership=membership, kind=kind, ends_at__isnull=True).first()
    if known is not None:
        return known
    at = at or clock.now()
    entry_id = ledger.record(
        action="involvement.recorded",
        at=at,
        actor=by.pk,
        case=case.pk,
        refs={"person": case.person_id, "membership": membership.pk},
        codes={"kind": kind},
        personal={"source": plain(source), "professional": str(membership)},
    )
    return Involvement.objects.create(
        case=case,
        membership=membership,
        kind=kind,
        source=plain(source),
        recorded_by=by,
        starts_at=at,
        entry_id=entry_id,
    )


@transaction.atomic
def end_involvement(*, involvement: Involvement, by: Membership, at: datetime | None = None) -> Involvement:
    """Record that this professional no longer works with this person. Ending twice changes nothing."""
    lock_person(involvement.case.person_id)
    held = Involvement.objects.select_for_update(no_key=True).get(pk=involvement.pk)
    if held.ends_at is None:
        at = at or clock.now()
        ledger.record(
            action="involvement.ended",
            at=at,
            actor=by.pk,
            case=held.case_id,
            refs={"membership": held.membership_id},
            codes={"kind": held.kind},
        )
        held.ends_at = max(at, held.starts_at)
        held.save(update_fields=["ends_at"])
    return held
