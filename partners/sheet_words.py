"""A mission sheet as pages say it: where it stands, how old it is, whose turn it is."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from .models import Institution, Membership, MissionSheet, SheetReading
from .sheets import REREAD_MONTHS, Version, months_since, other_side, versions
from .tending import TENDING


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetLine:
    """The sheet that tells one institution of another: the version that counts, and the last one where it is another."""

    about: Institution
    partner: Institution
    standing: Version | None
    latest: Version | None
    by: Membership
    at: datetime
    read: bool = False

    @property
    def ours(self) -> bool:
        """Whether it tells of her own institution."""
        return self.about.pk == self.by.institution_id

    @property
    def waiting(self) -> Version | None:
        """The version on which somebody's turn it is, where there is one."""
        latest = self.latest
        return latest if latest is not None and latest.state in {"waiting", "changes_asked"} else None

    @property
    def months(self) -> int:
        """For how many whole months the version that counts has been validated."""
        if self.standing is None or self.standing.answer is None:
            return 0
        return months_since(self.standing.answer, self.at)

    @property
    def stale(self) -> bool:
        """Whether it was read again for the last time more than a year ago (law.md, P-11)."""
        return self.months >= REREAD_MONTHS

    @property
    def age(self) -> str:
        """« relue il y a 14 mois : à revoir »."""
        months = self.months
        if not months:
            return _("relue ce mois-ci")
        said = ngettext("relue il y a %(n)d mois", "relue il y a %(n)d mois", months) % {"n": months}
        return _("%(said)s : à revoir") % {"said": said} if self.stale else said

    @property
    def may_write(self) -> bool:
        return self.by.has_function(*TENDING)

    @property
    def her_turn(self) -> bool:
        """Whether her institution answers the version that waits, or takes up again the one that was sent back."""
        return self.waiting is not None and turn_of(self.waiting) == self.by.institution_id and self.may_write

    @property
    def turn(self) -> str:
        """Whose turn it is, in words; "" where it is nobody's."""
        if self.waiting is None:
            return ""
        side = self.about if turn_of(self.waiting) == self.about.pk else self.partner
        if self.waiting.state == "waiting":
            return _("À valider par : %(institution)s.") % {"institution": side.name}
        return _("À reprendre par : %(institution)s.") % {"institution": side.name}


def turn_of(version: Version) -> object:
    """The institution whose turn it is: the side that did not write while it waits, the one that wrote once it was sent back."""
    sheet = version.sheet
    return other_side(sheet) if version.state == "waiting" else sheet.written_by.institution_id


def with_writer(found: QuerySet[MissionSheet]) -> QuerySet[MissionSheet]:
    """With what a page says of them."""
    return found.select_related("about", "partner", "written_by__professional", "written_by__institution")


def lines(found: Iterable[MissionSheet], by: Membership, at: datetime) -> list[SheetLine]:
    """One for each sheet among these versions; two statements whatever their number."""
    told = versions(found)
    read = set(
        SheetReading.objects.filter(sheet__partner=by.institution_id, reader=by.professional_id).values_list(
            "sheet__about", flat=True
        )
    )
    by_pair: dict[tuple[object, object], list[Version]] = {}
    for one in told:
        by_pair.setdefault((one.sheet.about_id, one.sheet.partner_id), []).append(one)
    return [
        SheetLine(
            about=several[0].sheet.about,
            partner=several[0].sheet.partner,
            standing=next((one for one in several if one.state == "validated"), None),
            latest=several[0],
            by=by,
            at=at,
            read=pair[0] in read,
        )
        for pair, several in by_pair.items()
    ]


def between(by: Membership, other: Institution, at: datetime) -> list[SheetLine]:
    """Both sheets of her institution and another, the other's first, written or not; none with oneself."""
    if other.pk == by.institution_id:
        return []
    known = with_writer(MissionSheet.objects.visible_to(by).between(by.institution_id, other.pk))
    found = {line.about.pk: line for line in lines(known, by, at)}
    return [
        found.get(about.pk) or SheetLine(about=about, partner=partner, standing=None, latest=None, by=by, at=at)
        for about, partner in ((other, by.institution), (by.institution, other))
    ]


def to_tend(by: Membership, at: datetime) -> tuple[list[SheetLine], list[SheetLine]]:
    """Those where it is her institution's turn, and those to read again; nothing for who tends nothing there."""
    if not by.has_function(*TENDING):
        return [], []
    every = lines(with_writer(MissionSheet.objects.visible_to(by)), by, at)
    every.sort(key=lambda line: (line.latest.sheet.written_at if line.latest else at, str(line.about.pk)))
    turn = [line for line in every if line.her_turn]
    return turn, [line for line in every if line.stale and line.ours and line.waiting is None]
