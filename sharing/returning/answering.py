"""What a reader may answer: ask for a precision, ask again for what is closed, write back from her own case about that person."""

import uuid

from django.db import transaction
from django.urls import reverse

from cases.models import Case, Person
from partners.models import Membership
from partners.search import normalised
from sharing import composing, reading
from sharing.models import Disclosure, Draft


class NotRead(Exception):
    """She has not opened it yet: whom it is about is still unknown to her."""


class NoCase(Exception):
    """She follows no open case about that person: there is nothing to write back from."""


def ask_precision_url(disclosure: Disclosure) -> str:
    """Where a precision is asked of its author."""
    return reverse("sharing:ask_precision", args=[disclosure.pk])


def _same(one: Person, other: Person) -> bool:
    return one.pk == other.pk or (
        one.birth_date == other.birth_date
        and normalised(f"{one.first_name} {one.last_name}") == normalised(f"{other.first_name} {other.last_name}")
    )


def own_case(disclosure: Disclosure, by: Membership) -> Case | None:
    """The open case that she follows about that very person, the latest one; only her own caseload is looked at.

    Each institution keeps its own file of a person (ADR 0006): she is recognised by her name and her birth date.
    """
    person = disclosure.case.person
    hers = Case.objects.visible_to(by).filter(closed_on=None, person__birth_date=person.birth_date)
    return next((one for one in hers.select_related("person") if _same(one.person, person)), None)


@transaction.atomic
def start_answer(*, disclosure_id: uuid.UUID, by: Membership) -> Draft:
    """A draft to the author, in her own case about that person; asked twice, the draft that waits is taken up again.

    Nothing leaves: it is composed and decided like any other. Raises NotReadable, NotRead, NoCase.
    """
    disclosure = reading.find(disclosure_id=disclosure_id, by=by)
    if disclosure.opened_at is None:
        raise NotRead
    case = own_case(disclosure, by)
    if case is None:
        raise NoCase
    waiting = Draft.objects.visible_to(by).filter(
        case=case, recipient=disclosure.author_id, purpose=disclosure.purpose, sent_at=None, discarded_at=None
    )
    if (draft := waiting.first()) is not None:
        return draft
    draft = composing.start(case=case, by=by)
    draft.recipient, draft.purpose = disclosure.author, disclosure.purpose
    draft.save(update_fields=["recipient", "purpose"])
    return draft
