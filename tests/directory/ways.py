"""The short way to two institutions that know each other's missions: both sheets validated, and read. Two statements a kind."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.db import models, transaction

from audit import ledger
from partners import clock, sheets
from partners.models import Membership, MissionSheet, SheetAnswer, SheetReading
from partners.sheets import Contents

CONTENTS = Contents(
    missions="Accueillir et accompagner.",
    limits="Ni contrôle, ni enquête.",
    may_ask="Ce dont dépend une décision précise.",
    may_receive="Ce que prévoit la convention.",
    secrecy="Le titre de chacun est dans l’annuaire.",
)
WRITTEN, VALIDATED, READ = 62, 61, 60  # days ago


def recognise(
    one: Membership, other: Membership, readers: Iterable[Membership] = (), theirs: Iterable[Membership] = ()
) -> None:
    """The sheet of each institution, written by its own, validated by the other's; read by these people of each.

    Written as the acts write them, whatever the functions of the two.
    """
    recognise_each((one, other, readers, theirs))


def recognise_each(*pairs: tuple[Membership, Membership, Iterable[Membership], Iterable[Membership]]) -> None:
    """The same for several pairs, in no more statements."""
    now = clock.now()
    written, answered, read = (now - timedelta(days=days) for days in (WRITTEN, VALIDATED, READ))
    rows: list[tuple[Any, dict[str, Any]]] = []
    each_way = [way for one, other, readers, theirs in pairs for way in ((other, one, readers), (one, other, theirs))]
    for about, partner, who in each_way:
        sheet, entry = sheets.proposal_of(
            about=about.institution, partner=partner.institution, contents=CONTENTS, version=1, by=about, at=written
        )
        rows.append((sheet, entry))
        rows.append(sheets.answer_of(sheet=sheet, validated=True, sentence="", by=partner, at=answered))
        rows += [sheets.reading_of(sheet=sheet, by=reader, at=read) for reader in who]
    kinds: tuple[type[models.Model], ...] = (MissionSheet, SheetAnswer, SheetReading)
    with transaction.atomic():
        entries = ledger.record_many([ledger.compose(**entry) for _row, entry in rows])
        for (row, _entry), entry_id in zip(rows, entries, strict=True):
            row.entry_id = entry_id
        for kind in kinds:
            kind._default_manager.bulk_create([row for row, _entry in rows if isinstance(row, kind)])


def read_by(reader: Membership, about: Membership) -> None:
    """Somebody reads the sheet of a partner that her institution validated."""
    sheet = MissionSheet.objects.filter(about=about.institution, partner=reader.institution).latest("version")
    sheets.acknowledge(sheet=sheet, by=reader)
