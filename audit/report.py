"""What a verification found, for people (the command) and for programs (the job's row)."""

from dataclasses import dataclass, field
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from . import lasting
from .faults import Fault

SEALED_WITHIN = 60.0
"""Seconds within which an entry has its leaf."""


@dataclass(slots=True)
class Report:
    """`entries` were read, `leaves` of the tree among them; `partial` says that older ones, or the last ones, were not.

    `unsealed`: entries without leaf, the oldest for `unsealed_seconds`. `receipts`: those of sealed entries were read too.
    `kept`: the heads kept outside that the trail was held against.
    """

    entries: int = 0
    leaves: int = 0
    heads: int = 0
    size: int = 0
    root: str = ""
    keys: tuple[str, ...] = ()
    unsealed: int = 0
    unsealed_seconds: float = 0.0
    receipts: bool = False
    kept: tuple[str, ...] = ()
    faults: list[Fault] = field(default_factory=list)
    fault_count: int = 0
    partial: bool = False
    event_guards: bool = False
    seconds: float = 0.0

    @property
    def holds(self) -> bool:
        """Nothing wrong was found."""
        return self.fault_count == 0

    @property
    def first(self) -> Fault | None:
        """The earliest entry at fault; then the tree, its heads, heads kept outside, the keys; the guards last."""
        return self.faults[0] if self.faults else None

    @property
    def remarks(self) -> list[str]:
        """What is no fault and must be known, each a sentence in the reader's language."""
        found = []
        if self.unsealed and self.unsealed_seconds > SEALED_WITHIN:
            found.append(
                ngettext(
                    "%(count)s entrée attend d’être scellée depuis %(duration)s : voyez si le scelleur tourne "
                    "(`manage.py seal`).",
                    "%(count)s entrées attendent d’être scellées, la plus ancienne depuis %(duration)s : voyez si le "
                    "scelleur tourne (`manage.py seal`).",
                    self.unsealed,
                )
                % {"count": _number(self.unsealed), "duration": lasting.in_words(self.unsealed_seconds)}
            )
        if self.leaves and not self.receipts:
            found.append(
                _("Les reçus des entrées scellées n’ont pas été relus : la preuve les remplace (--receipts les relit).")
            )
        if not self.kept:
            found.append(
                _(
                    "Aucune tête gardée au dehors n’a été donnée : qui tient à la fois la base et la clé aurait pu tout "
                    "réécrire sans que cela se voie ici. Comparez avec une tête gardée un jour précédent : --since FICHIER."
                )
            )
        return found

    def as_plain(self) -> dict[str, Any]:
        """The same in JSON's own types; codes beside the sentences."""
        return {
            "holds": self.holds,
            "entries": self.entries,
            "faults": self.fault_count,
            "first": self.faults[0].as_plain if self.faults else None,
            "kept": [fault.as_plain for fault in self.faults],
            "partial": self.partial,
            "tree": {
                "leaves": self.leaves,
                "heads": self.heads,
                "size": self.size,
                "root": self.root,
                "keys": [*self.keys],
            },
            "unsealed": {"count": self.unsealed, "seconds": round(self.unsealed_seconds, 1)},
            "receipts": self.receipts,
            "since": [*self.kept],
            "event_guards": self.event_guards,
            "remarks": self.remarks,
            "seconds": round(self.seconds, 3),
        }


def _number(count: int) -> str:
    return str(number_format(count, force_grouping=True))
