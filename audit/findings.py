"""What was found wrong with the trail: as a row keeps it, as it is read again, and which alarms it raises."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from . import alarms, keys
from .faults import Fault, Flaw
from .models import Entry

KEPT = 20
"""Faults that a row keeps: enough to begin with; the count says the rest."""
# Flaws that the acts' own tables show: an act without its entry, or the reverse.
ACTS = frozenset({"act_without_entry", "act_missing", "another_act", "removed_leaving_act"})


def kept(faults: Iterable[Fault]) -> dict[str, Any]:
    """Codes rather than sentences, so that each reader has them in her language; all are counted."""
    every = list(faults)
    return {"count": len(every), "faults": [_plain(one) for one in every[:KEPT]]}


def _plain(fault: Fault) -> dict[str, Any]:
    return {
        "entry": fault.entry,
        "uuid": fault.uuid,
        "action": fault.action,
        "place": fault.place,
        "named": fault.named,
        "flaws": [[flaw.code, flaw.detail] for flaw in fault.flaws],
    }


def read(found: Mapping[str, Any]) -> list[Fault]:
    """The faults that a row kept, the first first."""
    return [
        Fault(
            entry=one["entry"],
            uuid=one["uuid"],
            action=one["action"],
            place=one["place"],
            named=one["named"],
            flaws=tuple(Flaw(code, detail) for code, detail in one["flaws"]),
        )
        for one in found.get("faults", ())
    ]


def named(faults: Iterable[Fault]) -> list[Fault]:
    """The same, with the uuid and the action of entries that still stand, by which a page leads to them. One statement."""
    every = list(faults)
    unnamed = [one.entry for one in every if one.entry is not None and not one.uuid]
    rows = Entry.objects.filter(pk__in=unnamed).values_list("pk", "uuid", "action")
    known = {pk: (str(uuid), action) for pk, uuid, action in rows}
    return [
        replace(one, uuid=known[one.entry][0], action=known[one.entry][1]) if one.entry in known else one
        for one in every
    ]


def kind_of(fault: Fault) -> str:
    """The alarm that a fault raises: of an entry, that the trail was altered, unless only its act is missing; else of its place."""
    if {flaw.code for flaw in fault.flaws} <= ACTS:
        return "act_without_entry"
    if fault.entry is not None:
        return "trail_altered"
    return {"guards": "guards_missing", "keys": keys.LOST}.get(fault.place, "heads_inconsistent")


def ring(faults: Iterable[Fault], *, at: datetime) -> None:
    """Raise what these faults raise: an alarm of each kind, with its own."""
    by_kind: dict[str, list[Fault]] = defaultdict(list)
    for one in faults:
        by_kind[kind_of(one)].append(one)
    for kind, found in by_kind.items():
        alarms.raise_alarm(kind=kind, found=kept(found), at=at)
