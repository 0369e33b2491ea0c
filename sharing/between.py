"""What agreements and local settings leave possible between two services, for one or many at once, in as many statements."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db.models import CharField, Exists, OuterRef, Q, Subquery, Value

from partners import forums, narrowed, sheets
from partners.clock import day_of
from partners.models import Agreement, AgreementAct, AgreementParty, Membership
from partners.models.agreements import parties
from partners.vocabulary import vocabulary
from partners.written_once import Rows, written_rows

Key = tuple[uuid.UUID, uuid.UUID, str]


@dataclass(frozen=True, slots=True)
class Terms:
    """What the agreements in force between two institutions leave possible for one purpose."""

    in_force: bool
    narrowed: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What local settings take away: the rules of the forum where it falls, the narrowings in force, a partner not yet known."""

    seating: forums.Seating = forums.NOWHERE
    narrowings: narrowed.Narrowed = narrowed.NOTHING
    known: sheets.Known = sheets.COLLEAGUES

    def left_out(self, agreed: Terms) -> frozenset[str]:
        """The categories that the agreements, the forum or a narrowing of either leave out."""
        return agreed.narrowed | self.seating.outside | self.narrowings.left_out

    @property
    def closed_purposes(self) -> frozenset[str]:
        """The purposes that one of them closes."""
        return self.seating.closed | self.narrowings.closed


@dataclass(frozen=True, slots=True)
class Meeting:
    """Whom something would pass between, for one purpose: what local settings and agreements hang on."""

    sender: Membership
    recipient: Membership
    purpose: str

    @property
    def key(self) -> Key:
        """The sending institution, the recipient, the purpose: two meetings of one key are bound alike."""
        return self.sender.institution_id, self.recipient.pk, self.purpose


def settings_for(*, sender: Membership, recipient: Membership, purpose: str, at: datetime) -> Settings:
    """The local settings that bear on this, at this instant; one statement, two where the recipient's role sits in forums."""
    meeting = Meeting(sender, recipient, purpose)
    return settings_among([meeting], at)[meeting.key]


def settings_among(meetings: Iterable[Meeting], at: datetime) -> dict[Key, Settings]:
    """The local settings that bear on each of these, by its key; the statements of one, however many."""
    every = {one.key: one for one in meetings}
    places = forums.places([one.recipient for one in every.values()], at)
    seatings = {
        key: forums.seated(places[one.recipient.pk], role=one.recipient.role, purpose=one.purpose, at=at)
        for key, one in every.items()
    }
    where = {
        key: narrowed.Between(
            sender=one.sender.institution_id,
            recipient=one.recipient.institution_id,
            purpose=one.purpose,
            forums=frozenset(seatings[key].forums),
        )
        for key, one in every.items()
    }
    bearing = narrowed.bearing_on(set(where.values()), at) if where else {}
    return {key: Settings(seating=seatings[key], narrowings=bearing[where[key]]) for key in every}


def terms(*, sender: Membership, recipient: Membership, purpose: str, at: datetime) -> Terms:
    """The agreements between the two institutions, at this instant: neither signed nor resumed since. Colleagues need none."""
    meeting = Meeting(sender, recipient, purpose)
    return terms_among([meeting], at)[meeting.key]


def terms_among(meetings: Iterable[Meeting], at: datetime) -> dict[Key, Terms]:
    """What agreements leave possible in each of these meetings, by its key. One statement; none where all are colleagues."""
    every = {one.key: one for one in meetings}
    houses = {key: {one.sender.institution_id, one.recipient.institution_id} for key, one in every.items()}
    apart = {key: one for key, one in every.items() if len(houses[key]) > 1}
    current = _agreements_among(list(apart.values()), at) if apart else []
    found = {key: Terms(in_force=True, narrowed=frozenset()) for key in every}
    for key, one in apart.items():
        hers = [
            agreement.categories
            for agreement, sides in current
            if houses[key] <= sides and one.purpose in agreement.purposes
        ]
        left_out = frozenset(vocabulary().categories).difference(*hers) if hers else frozenset()
        found[key] = Terms(in_force=bool(hers), narrowed=left_out)
    return found


def _agreements_among(meetings: Sequence[Meeting], at: datetime) -> list[tuple[Agreement, set[uuid.UUID]]]:
    """Those in force at that instant that may stand in one of these meetings, each with its parties; one statement."""
    values = {
        _SENDERS: list({one.sender.institution_id for one in meetings}),
        _RECIPIENTS: list({one.recipient.institution_id for one in meetings}),
        _PURPOSES: sorted({one.purpose for one in meetings}),
        _AT: at,
        _DAY: day_of(at),
    }
    candidates: list[Any] = _candidates().read(values)
    return [(one, set(one.parties)) for one in candidates if one.in_force_at(at, signed=not one.unsigned)]


_SENDERS, _RECIPIENTS, _PURPOSES = uuid.UUID(int=1), uuid.UUID(int=2), "purposes"
_AT = datetime(1600, 1, 1, tzinfo=UTC)
_DAY = day_of(_AT)
"""What stands where the two sides, the purposes, the instant and its day will."""


@lru_cache(maxsize=1)
def _candidates() -> Rows[Agreement]:
    """Those that were neither suspended nor left without a resumption, of any sides, written once."""
    late = Q(signed_on__isnull=True) | Q(signed_on__gt=_DAY)
    unsigned = AgreementParty.objects.filter(late, agreement=OuterRef("pk"))
    acts = AgreementAct.objects.filter(agreement=OuterRef("pk"))
    signed_since = acts.filter(move=AgreementAct.Move.SIGNED, done_at__gt=_AT)
    standing_then = (
        acts.filter(move__in=[AgreementAct.Move.SUSPENDED, AgreementAct.Move.RESUMED], done_at__lte=_AT)
        .filter(Q(effective_at=None) | Q(effective_at__lte=_AT))
        .order_by("-done_at")
    )
    return written_rows(
        Agreement.objects.among(_SENDERS, _RECIPIENTS)
        .filter(purposes__overlap=Value(_PURPOSES, ArrayField(CharField())))
        .annotate(
            parties=parties("pk"),
            unsigned=Exists(unsigned) | Exists(signed_since),
            last_move=Subquery(standing_then.values("move")[:1]),
        )
        .filter(Q(last_move=None) | ~Q(last_move=AgreementAct.Move.SUSPENDED))
    )
