"""Where an entry stands in the tree: at which leaf, sealed when; nothing as long as its receipt alone speaks for it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import OuterRef, Subquery

from .models import Checkpoint, Leaf


@dataclass(frozen=True, slots=True)
class Place:
    """A leaf, counted from 0; the first head that covers it, by its size, and its instant."""

    index: int
    at: datetime | None
    head: int | None


def places(entries: Collection[int]) -> dict[int, Place]:
    """The places of those of these entries that are sealed. One statement, whatever their number."""
    covering = Checkpoint.objects.filter(size__gt=OuterRef("index")).order_by("size")
    leaves = Leaf.objects.filter(entry_ref__in=entries).annotate(
        sealed_at=Subquery(covering.values("at")[:1]), head=Subquery(covering.values("size")[:1])
    )
    rows = leaves.values_list("entry_ref", "index", "sealed_at", "head")
    return {entry: Place(index, at, head) for entry, index, at, head in rows}


def place(entry: int) -> Place | None:
    """The place of one entry; None while it is not sealed. One statement."""
    return places([entry]).get(entry)
