"""Which folders a proof is made of, for who takes it: the author, the recipient, the referent who hands proofs to the person."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from audit.bundle import Lot
from audit.models import Entry
from partners.models import Membership, Reached
from sharing.disclosure_doors import opened_or_404, received_or_404
from sharing.models import Disclosure
from sharing.returning import acts as returning

from .entries import lots, of_disclosure
from .page import Row


class NotReadYet(Exception):
    """The proof comes after the reading."""


@dataclass(frozen=True, slots=True)
class Sent:
    """What left: its folders are whole for who may open the case (`followed`), without the personal part otherwise."""

    disclosure: Disclosure
    followed: bool

    @property
    def lots(self) -> list[Lot]:
        """The folders."""
        return lots(of_disclosure(self.disclosure), personal=lambda _entry: self.followed)

    @property
    def without_names(self) -> list[Lot]:
        """The same, without any personal part."""
        return lots(of_disclosure(self.disclosure), personal=lambda _entry: False)


def of_sent(pk: uuid.UUID, by: Membership) -> Sent | None:
    """What she may prove that she sent; None where there is nothing of hers by this id."""
    followed = Disclosure.objects.sent_from(by).filter(pk=pk).first()
    found = followed or returning.recallable(by).filter(pk=pk, author=by).first()
    return Sent(found, followed is not None) if found is not None else None


def to_prove_received(pk: uuid.UUID, by: Membership) -> Disclosure:
    """What was received and read, or said or handed to her. Raises Http404, noted, NotReadYet."""
    disclosure = received_or_404(pk, by)
    if disclosure.opened_at is None and disclosure.channel == Reached.IN_APP:
        raise NotReadYet
    return disclosure


def of_received(disclosure: Disclosure, by: Membership, *, reading: bool, own: bool = True) -> list[Lot]:
    """Its folders: the proof stays hers whatever closed the text; `reading`: with what she may read now, decided again.

    `own`: with the personal part of her own acts.
    """
    reads = reading and not opened_or_404(disclosure.pk, by).closed

    def hers(entry: Entry) -> bool:
        return (own and entry.actor_ref == by.pk) or (reads and entry.pk == disclosure.entry_id)

    return lots(of_disclosure(disclosure), personal=hers)


def of_chosen(rows: Iterable[Row], *, reasons: bool) -> list[Lot]:
    """Each communication's folders; `reasons`: with the personal part of each release, which her referent read again."""
    return [
        lot
        for row in rows
        for lot in lots(
            [act.entry for act in row.acts],
            personal=lambda entry, released=row.disclosure.entry_id: reasons and entry.pk == released,  # type: ignore[misc]
            top=f"{row.disclosure.reference}-",
        )
    ]
