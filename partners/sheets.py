"""Mission sheets: written by one side, validated by the other, read before one's first voluntary disclosure (law.md, P-11).

A sheet tells one institution of another's missions; two partners have two, one in each direction. Acts are functions; where a
sheet stands is computed from them. Without `at`, an act's instant is the database's, read under its lock.
"""

from collections.abc import Iterable
from dataclasses import astuple, dataclass, fields
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, Max
from django.utils.translation import gettext as _

from audit import ledger

from . import clock
from .graphs import SHEET
from .models import Institution, Membership, MissionSheet, SheetAnswer, SheetReading
from .tending import DirectoryError, NotTended, SamePerson, TooLate, held, open_at, said, tends
from .text import graphemes, plain

TEXT_MOST = 1500
REREAD_MONTHS = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """What a sheet says, each in a few sentences."""

    missions: str
    limits: str
    may_ask: str
    may_receive: str
    secrecy: str

    def checked(self) -> "Contents":
        """The same made plain. Raises DirectoryError where one is empty or too long."""
        texts = [plain(one) for one in astuple(self)]
        if not all(texts):
            raise DirectoryError(_("Complétez les cinq parties de la fiche : l’autre institution les lira toutes."))
        if any(graphemes(one) > TEXT_MOST for one in texts):
            raise DirectoryError(_("Raccourcissez : %(most)d caractères au plus par partie.") % {"most": TEXT_MOST})
        return Contents(**dict(zip(NAMES, texts, strict=True)))


NAMES = tuple(one.name for one in fields(Contents))


def contents_of(sheet: MissionSheet) -> Contents:
    """What this version says."""
    return Contents(**{name: getattr(sheet, name) for name in NAMES})


# --- what is known of a partner, for a decision --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """Whether the recipient's institution is known to the sender's, and to the sender herself."""

    validated: bool
    read: bool


COLLEAGUES = Known(validated=True, read=True)
"""Within one institution there is no sheet to write."""


def known(*, sender: Membership, recipient: Membership, at: datetime) -> Known:
    """What the sheets say at this instant of the recipient's institution for the sender's; one statement, none for colleagues.

    A version that was validated once is enough, and so is any version that she opened herself.
    """
    if sender.institution_id == recipient.institution_id:
        return COLLEAGUES
    pair = {"sheet__about": recipient.institution_id, "sheet__partner": sender.institution_id}
    validated = SheetAnswer.objects.filter(**pair, validated=True, answered_at__lte=at)
    read = SheetReading.objects.filter(**pair, reader=sender.professional_id, read_at__lte=at)
    found = Institution.objects.filter(pk=recipient.institution_id).order_by()
    is_validated, is_read = found.values_list(Exists(validated), Exists(read)).get()
    return Known(validated=is_validated, read=is_read)


# --- where a sheet stands ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One version, with its answer and where it stands (`partners.graphs.SHEET`)."""

    sheet: MissionSheet
    answer: SheetAnswer | None
    state: str


def versions(found: Iterable[MissionSheet]) -> list[Version]:
    """All the versions of one sheet or of several, the latest first, each with its state; one statement more."""
    every = sorted(found, key=lambda one: -one.version)
    answers = {
        one.sheet_id: one
        for one in SheetAnswer.objects.filter(sheet__in=every).select_related(
            "answered_by__professional", "answered_by__institution"
        )
    }
    told: list[Version] = []
    seen: set[tuple[UUID, UUID]] = set()
    stood: set[tuple[UUID, UUID]] = set()
    for one in every:
        pair, answer = (one.about_id, one.partner_id), answers.get(one.pk)
        state = SHEET.reached(_moves(answer, newer=pair in seen, newer_validated=pair in stood))
        told.append(Version(sheet=one, answer=answer, state=state))
        seen.add(pair)
        if answer is not None and answer.validated:
            stood.add(pair)
    return told


def months_since(answer: SheetAnswer, at: datetime) -> int:
    """For how many whole months this answer has stood."""
    first, last = clock.day_of(answer.answered_at), clock.day_of(at)
    return (last.year - first.year) * 12 + last.month - first.month - (last.day < first.day)


def _moves(answer: SheetAnswer | None, *, newer: bool, newer_validated: bool) -> list[str]:
    moves = []
    if answer is not None:
        moves.append("validate" if answer.validated else "ask_changes")
    if newer:
        moves.append("write_again")
    if newer_validated and answer is not None and answer.validated:
        moves.append("validate_the_next")
    return moves


# --- acts ----------------------------------------------------------------------------------------------------------------


def proposal_of(
    *, about: Institution, partner: Institution, contents: Contents, version: int, by: Membership, at: datetime
) -> tuple[MissionSheet, dict[str, Any]]:
    """The row, not yet written, and the fields of its entry."""
    row = MissionSheet(
        about=about,
        partner=partner,
        version=version,
        written_by=by,
        writer_id=by.professional_id,
        written_at=at,
        **{name: getattr(contents, name) for name in NAMES},
    )
    entry = {
        "action": "sheet.proposed",
        "at": at,
        "actor": by.pk,
        "refs": _refs(row),
        "codes": {"version": version},
        "personal": {name: getattr(contents, name) for name in NAMES},
    }
    return row, entry


def _refs(sheet: MissionSheet) -> dict[str, Any]:
    return {"sheet": sheet.pk, "institutions": [sheet.about_id, sheet.partner_id]}


@transaction.atomic
def write(
    *,
    about: Institution,
    partner: Institution,
    contents: Contents,
    by: Membership,
    at: datetime | None = None,
) -> MissionSheet:
    """Write a new version of the sheet that tells `partner` of `about`, for either of the two.

    What was validated stands until the other side validates this one. The same text, still waiting, is returned when she writes
    it twice; unchanged otherwise, nothing is proposed, unless it is time to read it again. Raises NotTended, DirectoryError.
    """
    if about.pk == partner.pk:
        raise DirectoryError(_("Une fiche se partage entre deux institutions : choisissez l’autre."))
    mine = held(about.pk)
    at = at or clock.now()
    if by.institution_id not in {about.pk, partner.pk} or not tends(by, by.institution_id):
        raise NotTended
    if not (open_at(mine, at) and open_at(Institution.objects.get(pk=partner.pk), at)):
        raise DirectoryError(_("Cette institution est fermée : écrivez la fiche de celle qui lui succède."))
    contents = contents.checked()
    pair = MissionSheet.objects.filter(about=about, partner=partner)
    latest = pair.first()
    if latest is not None and contents_of(latest) == contents:
        said_of_it = SheetAnswer.objects.filter(sheet=latest).first()
        if said_of_it is None and latest.writer_id == by.professional_id:
            return latest
        if said_of_it is None or not said_of_it.validated or months_since(said_of_it, at) < REREAD_MONTHS:
            raise DirectoryError(_("Rien n’a changé : cette fiche dit déjà cela. Rien n’est proposé."))
    version = (pair.aggregate(last=Max("version"))["last"] or 0) + 1
    row, entry = proposal_of(about=about, partner=partner, contents=contents, version=version, by=by, at=at)
    row.entry_id = ledger.record(**entry)
    row.save(force_insert=True)
    return row


def other_side(sheet: MissionSheet) -> UUID:
    """The institution that did not write this version: it answers."""
    return sheet.partner_id if sheet.written_by.institution_id == sheet.about_id else sheet.about_id


def answer_of(
    *, sheet: MissionSheet, validated: bool, sentence: str, by: Membership, at: datetime
) -> tuple[SheetAnswer, dict[str, Any]]:
    """The row, not yet written, and the fields of its entry."""
    row = SheetAnswer(
        sheet=sheet,
        validated=validated,
        sentence=sentence,
        writer_id=sheet.writer_id,
        answered_by=by,
        answerer_id=by.professional_id,
        answered_at=at,
    )
    entry = {
        "action": "sheet.approved" if validated else "sheet.refused",
        "at": at,
        "actor": by.pk,
        "refs": _refs(sheet),
        "codes": {"version": sheet.version},
        "personal": {"sentence": sentence},
    }
    return row, entry


@transaction.atomic
def answer(
    *, sheet: MissionSheet, validated: bool, sentence: str, by: Membership, at: datetime | None = None
) -> SheetAnswer:
    """Validate a version for the side that did not write it, or ask for changes, in a sentence; by another person.

    The same answer given twice is given once. Raises NotTended, SamePerson, TooLate, DirectoryError.
    """
    held(sheet.about_id)
    if not tends(by, other_side(sheet)):
        raise NotTended
    if by.professional_id == sheet.writer_id:
        raise SamePerson
    earlier = SheetAnswer.objects.filter(sheet=sheet).first()
    if earlier is not None:
        if (earlier.answerer_id, earlier.validated) == (by.professional_id, validated):
            return earlier
        raise TooLate
    pair = MissionSheet.objects.filter(about=sheet.about_id, partner=sheet.partner_id)
    if pair.filter(version__gt=sheet.version).exists():
        raise TooLate
    at = at or clock.now()
    if not validated or sentence.strip():
        sentence = said(sentence, _("Dites ce qui est à changer, en une phrase : l’autre institution la lira."))
    row, entry = answer_of(sheet=sheet, validated=validated, sentence=sentence.strip(), by=by, at=at)
    row.entry_id = ledger.record(**entry)
    row.save(force_insert=True)
    return row


def reading_of(*, sheet: MissionSheet, by: Membership, at: datetime) -> tuple[SheetReading, dict[str, Any]]:
    """The row, not yet written, and the fields of its entry."""
    row = SheetReading(sheet=sheet, membership=by, reader_id=by.professional_id, read_at=at)
    entry = {
        "action": "sheet.acknowledged",
        "at": at,
        "actor": by.pk,
        "refs": _refs(sheet),
        "codes": {"version": sheet.version},
        "personal": {},
    }
    return row, entry


@transaction.atomic
def acknowledge(*, sheet: MissionSheet, by: Membership, at: datetime | None = None) -> SheetReading:
    """Say that she has read this validated sheet of a partner; once is enough. Raises NotTended, TooLate."""
    held(sheet.about_id)
    at_work = Membership.objects.in_force().filter(pk=by.pk, institution=sheet.partner_id).exists()
    if not at_work:
        raise NotTended
    earlier = SheetReading.objects.filter(sheet=sheet, reader=by.professional_id).first()
    if earlier is not None:
        return earlier
    if not SheetAnswer.objects.filter(sheet=sheet, validated=True).exists():
        raise TooLate
    row, entry = reading_of(sheet=sheet, by=by, at=at or clock.now())
    row.entry_id = ledger.record(**entry)
    row.save(force_insert=True)
    return row
