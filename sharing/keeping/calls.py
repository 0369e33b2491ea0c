"""« La police m’appelle »: the note of who called or came, what was asked and what was answered. Nothing of a file is in it.

It hands nothing over (law.md, part 1.3 H, point 6): an institution answers a requisition itself, outside, and its reply is noted.
"""

from collections import Counter
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from audit import ledger
from cases.models import Case
from partners import clock
from partners.clock import day_of
from partners.models import Function, Membership
from partners.text import plain
from sharing.models import Call

KEPT_BELOW = 5  # a count below is not shown
A_YEAR = timedelta(days=365)
# One who answers a written demand, in one's own institution: the role that roles.yaml gives to its direction or legal service.
ANSWERS_FOR_THE_INSTITUTION = "institution"


class CallError(ValueError):
    """What is told cannot be recorded; the message says what to do, in the user's language."""


def next_reference(at: datetime) -> str:
    """« A-2026-000101 »: the year, and a number that PostgreSQL gives once."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('sharing_call_reference')")
        number: int = cursor.fetchone()[0]
    return f"A-{day_of(at):%Y}-{number:06d}"


@transaction.atomic
def log_call(
    *,
    kind: str,
    case: Case | None,
    called_at: datetime,
    caller: str,
    service: str,
    number: str,
    asked: str,
    called_back: bool,
    answer: str,
    note: str,
    by: Membership,
    at: datetime | None = None,
) -> Call:
    """Note a call, a visit, a requisition, a summons or a search. The same words at the same instant are one note.

    Raises CallError with a sentence for the user.
    """
    Membership.objects.select_for_update(no_key=True, of=("self",)).get(pk=by.pk)
    at = at or clock.now()
    caller, asked = plain(caller), plain(asked)
    if not caller:
        raise CallError(_("Dites qui a appelé ou s’est présenté, tel que la personne s’est annoncée."))
    if not asked:
        raise CallError(_("Dites en quelques mots ce qui était demandé."))
    if called_at > at:
        raise CallError(_("L’heure de l’appel ne peut pas être dans l’avenir."))
    told: dict[str, Any] = {
        "kind": kind,
        "case": case,
        "called_at": called_at,
        "caller": caller,
        "service": plain(service),
        "number": plain(number),
        "asked": asked,
        "called_back": called_back,
        "answer": answer,
        "note": plain(note),
        "by": by,
    }
    known = Call.objects.filter(**told).first()
    if known is not None:
        return known
    call = Call(reference=next_reference(at), at=at, **told)
    call.entry_id = ledger.record(
        action="call.logged",
        at=at,
        actor=by.pk,
        case=case.pk if case else None,
        refs={"call": call.pk, "institution": by.institution_id},
        codes={"kind": kind, "answer": answer, "called_back": called_back},
        personal={"reference": call.reference, "caller": caller, "service": call.service, "asked": asked},
    )
    call.save(force_insert=True)
    return call


def who_answers(by: Membership) -> list[Membership]:
    """Who answers a written demand in her institution: its direction or legal service; without any, who leads the team."""
    colleagues = (
        Membership.objects.in_force()
        .filter(institution=by.institution_id)
        .exclude(professional=by.professional_id)
        .select_related("professional", "institution")
    )
    direction = list(colleagues.filter(role=ANSWERS_FOR_THE_INSTITUTION))
    return direction or list(colleagues.filter(functions__contains=[Function.TEAM_LEAD]))


def counts_of(institution: Any, at: datetime) -> list[dict[str, str]]:
    """For who protects data: how many of each kind in a year, in the order of the law; « moins de 5 » below five."""
    told = Counter(
        Call.objects.filter(by__institution=institution, at__gt=at - A_YEAR).order_by().values_list("kind", flat=True)
    )
    return [
        {
            "label": str(kind.label),
            "many": str(told[kind.value])
            if told[kind.value] >= KEPT_BELOW or not told[kind.value]
            else _("moins de 5"),
        }
        for kind in Call.Kind
    ]
