"""« Noter une pression »: who asked her to say or to send what, written for herself alone (law.md, P-09).

Only the depositary decides. The trail holds that a note was written; neither the situation nor a word of it.
"""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from audit import ledger
from cases.models import Case
from partners import clock
from partners.models import Membership
from partners.text import plain
from sharing.models import PressureNote
from sharing.service import CaseNotOpen


class PressureError(ValueError):
    """What is told cannot be recorded; the message says what to do, in the user's language."""


@transaction.atomic
def note_pressure(
    *, who: str, asked: str, happened_at: datetime, case: Case | None, by: Membership, at: datetime | None = None
) -> PressureNote:
    """Write it down for its author. The same words at the same instant are one note.

    Raises PressureError with a sentence for the user, CaseNotOpen where she may not open the case.
    """
    Membership.objects.select_for_update(no_key=True, of=("self",)).get(pk=by.pk)
    at = at or clock.now()
    who, asked = plain(who), plain(asked)
    if not who:
        raise PressureError(_("Dites qui a fait pression : sa fonction suffit."))
    if not asked:
        raise PressureError(_("Dites en quelques mots ce qui vous était demandé."))
    if happened_at > at:
        raise PressureError(_("Cela ne peut pas s’être passé dans l’avenir."))
    if case is not None and not Case.objects.visible_to(by).filter(pk=case.pk).exists():
        raise CaseNotOpen
    told: dict[str, Any] = {"who": who, "asked": asked, "happened_at": happened_at, "case": case, "by": by}
    known = PressureNote.objects.filter(**told).first()
    if known is not None:
        return known
    note = PressureNote(at=at, **told)
    note.entry_id = ledger.record(
        action="pressure.noted", at=at, actor=by.pk, refs={"note": note.pk}, codes={}, personal={}
    )
    note.save(force_insert=True)
    return note
