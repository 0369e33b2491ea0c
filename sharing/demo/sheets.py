"""Mission sheets of a territory: between the institutions that an agreement links, written by the one, validated by the other.

One pair has none validated, so that what it stops can be seen; one was not read again for more than a year.
"""

from datetime import datetime
from itertools import combinations

from partners import sheets
from partners.models import Institution, Membership, MissionSheet
from partners.tending import TENDING

from .batch import Batch
from .calendar import Calendar
from .territory import INSTITUTIONS, Territory

FIRST, AGAIN, READ = 420, 150, 380  # days ago: a sheet is written, written again, read by who communicates
NOT_YET = frozenset({"mds", "cmpp"})
"""The pair of Vallières without a validated sheet: one waits for the other side, the other sheet was sent back."""
LONG_AGO = ("caf", "mds")
"""About whom, for whom: validated once, and not read again since."""
LIMITS = {
    "ecole": "Aucun soin, aucune évaluation sociale : ce qui touche à la santé passe par le médecin scolaire.",
    "caf": "Pas d’accompagnement social individuel ; le contrôle est un autre métier, dans un autre service.",
    "habitat": "Ni accompagnement social ni décision d’expulsion : le bailleur loue, alerte et oriente.",
    "cmpp": "Ni signalement à la place d’autrui, ni compte rendu de séance : le soin reste au centre.",
}
ORDINARY_LIMITS = "Rien au-delà de cette mission ; une demande qui la dépasse est refusée sans avoir à se justifier."
BOUND = {
    "ecole": "Directrice et enseignants : discrétion professionnelle. Ils ne sont pas tenus au secret.",
    "habitat": "Discrétion professionnelle seulement : aucun secret ne lie le bailleur.",
    "caf": "Secret par mission pour les conseillers (CSS L114-19 et suivants).",
}
ORDINARY_BOUND = "Chaque professionnel y est tenu au secret au titre indiqué à côté de son nom dans l’annuaire."


class Known:
    """The sheets of one territory, as `partners.sheets.known` reads them from the database."""

    def __init__(self) -> None:
        self._validated: dict[tuple[object, object], datetime] = {}
        self._read: dict[tuple[object, object, object], datetime] = {}

    def validated(self, sheet: MissionSheet, at: datetime) -> None:
        """One more version that both recognise."""
        self._validated.setdefault((sheet.about_id, sheet.partner_id), at)

    def read(self, sheet: MissionSheet, by: Membership, at: datetime) -> None:
        """Somebody has opened it."""
        self._read[sheet.about_id, sheet.partner_id, by.professional_id] = at

    def of(self, *, sender: Membership, recipient: Membership, at: datetime) -> sheets.Known:
        """Whether the recipient's institution is known to the sender's, and to her, at this instant."""
        about, partner = recipient.institution_id, sender.institution_id
        if about == partner:
            return sheets.COLLEAGUES
        validated = self._validated.get((about, partner))
        read = self._read.get((about, partner, sender.professional_id))
        return sheets.Known(validated=validated is not None and validated <= at, read=read is not None and read <= at)


def make(*, territory: Territory, calendar: Calendar, batch: Batch, first: bool = False) -> Known:
    """Make the sheets of every two institutions that an agreement links, and have them read by those who follow cases.

    `first`: of the first territory, which has a pair without.
    """
    known = Known()
    keys = {institution.pk: key for key, institution in territory.institutions.items()}
    linked = {
        frozenset(pair)
        for _agreement, parties in territory.agreements
        for pair in combinations(sorted(keys[party.institution_id] for party in parties), 2)
    }
    tenders = {key: _tender(territory, institution) for key, institution in territory.institutions.items()}
    for one, other in sorted(tuple(sorted(pair)) for pair in linked):
        for about, partner in ((one, other), (other, one)):
            if first and {about, partner} == NOT_YET:
                _not_yet(territory, tenders, calendar, batch, about=about, partner=partner)
            else:
                _validated(territory, tenders, calendar, batch, known, about=about, partner=partner)
    return known


def _tender(territory: Territory, institution: Institution) -> Membership:
    """Who writes and validates there; raises StopIteration where nobody tends the directory, which the plan excludes."""
    there = (one for one in territory.memberships if one.institution_id == institution.pk)
    return next(one for one in there if one.has_function(*TENDING))


def _contents(territory: Territory, about: str) -> sheets.Contents:
    house = next(one for one in INSTITUTIONS if one.key == about)
    return sheets.Contents(
        missions=house.mission.format(commune=territory.commune),
        limits=LIMITS.get(about, ORDINARY_LIMITS),
        may_ask="Ce dont dépend une décision précise de cette mission, dit dans la demande, et pour quand.",
        may_receive="Ce que prévoit la convention entre les deux institutions, au plus juste ; le reste sur un texte.",
        secrecy=BOUND.get(about, ORDINARY_BOUND),
    )


def _write(
    territory: Territory, tenders: dict[str, Membership], batch: Batch, *,
    about: str, partner: str, version: int, at: datetime,
) -> MissionSheet:  # fmt: skip
    row, entry = sheets.proposal_of(
        about=territory.institutions[about],
        partner=territory.institutions[partner],
        contents=_contents(territory, about),
        version=version,
        by=tenders[about],
        at=at,
    )
    batch.act(row, case=None, **entry)
    return row


def _answer(batch: Batch, sheet: MissionSheet, by: Membership, at: datetime, *, changes: str = "") -> None:
    row, entry = sheets.answer_of(sheet=sheet, validated=not changes, sentence=changes, by=by, at=at)
    batch.act(row, case=None, **entry)


def _validated(
    territory: Territory, tenders: dict[str, Membership], calendar: Calendar, batch: Batch, known: Known, *,
    about: str, partner: str,
) -> None:  # fmt: skip
    first = _write(territory, tenders, batch, about=about, partner=partner, version=1, at=calendar.at(FIRST, 10, 15))
    at = calendar.at(FIRST - 6, 15, 40)
    _answer(batch, first, tenders[partner], at)
    known.validated(first, at)
    for reader in _readers(territory, partner):
        row, entry = sheets.reading_of(sheet=first, by=reader, at=calendar.at(READ, 9, 30))
        batch.act(row, case=None, **entry)
        known.read(first, reader, row.read_at)
    if (about, partner) != LONG_AGO:
        again = _write(territory, tenders, batch, about=about, partner=partner, version=2, at=calendar.at(AGAIN, 11, 5))
        _answer(batch, again, tenders[partner], calendar.at(AGAIN - 4, 9, 50))


def _readers(territory: Territory, house: str) -> list[Membership]:
    """Those of an institution who follow cases: one reading a person, whatever her posts."""
    there = territory.institutions[house].pk
    found = {one.professional_id: one for one, _share in territory.referents() if one.institution_id == there}
    return list(found.values())


def _not_yet(
    territory: Territory, tenders: dict[str, Membership], calendar: Calendar, batch: Batch, *, about: str, partner: str
) -> None:
    sheet = _write(territory, tenders, batch, about=about, partner=partner, version=1, at=calendar.at(9, 11, 30))
    if about == "mds":
        said = "Précisez ce que la maison des solidarités ne peut pas recevoir : le contenu des séances, jamais."
        _answer(batch, sheet, tenders[partner], calendar.at(6, 16, 10), changes=said)
