"""What a situation of the demonstration is made of: its statements, and what is communicated of it.

Texts are written as a social worker writes them: a fact is dated and seen, words are quoted, an analysis says that it is one,
a hypothesis says what would confirm it. Between braces, what changes from one case to the next (`drawn`).
"""

from dataclasses import dataclass
from random import Random

AGREEMENT, INFORMATION = "agreement", "information"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One statement: what it says, what kind it is, where it comes from (codes of the rulebook and of `Item`)."""

    label: str
    text: str
    category: str
    nature: str = "fait_constate"
    provenance: str = "observed"
    detail: str = ""
    third_parties: tuple[str, ...] = ()
    origin: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Passing:
    """What somebody of this role would be told, for what; whether the person is asked or told (`asks`)."""

    to: str
    purpose: str
    items: tuple[tuple[int, str], ...]  # place in `Story.lines`, and why this recipient cannot do without it
    benefit: str
    asks: str
    involvement: str = ""  # recorded first where the text wants both to work with the person
    circumstances: tuple[str, ...] = ()  # declared by the author
    exception: str = ""  # the risk named, where those who represent the child are not told


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """A situation: who follows it, about whom, what is known, what may be said of it."""

    key: str
    domain: str
    by: tuple[str, ...]  # roles that follow such a case
    ages: tuple[int, int]
    reason: str
    lines: tuple[Line, ...]
    passings: tuple[Passing, ...]
    gender: str = "any"  # "f" | "m" | "any"
    measure: str = ""
    vulnerable: bool = False

    @property
    def child(self) -> bool:
        return self.ages[1] < 18


_DAYS = ("lundi", "mardi", "jeudi", "vendredi")
_SUMS = (64, 87, 112, 138, 156, 189)
_RENTS = (398, 412, 437, 465, 489, 521)
_CHARGES = (52, 84, 116)
_COUNTS = {"deux": 2, "trois": 3, "quatre": 4, "cinq": 5}
_STREETS = (
    "des Tanneurs",
    "du Moulin",
    "des Acacias",
    "de la Gare",
    "du Lavoir",
    "des Quatre-Vents",
    "Pasteur",
    "du Pont-Vieux",
)
_HOURS = ("10 h 40", "11 h 30", "13 h 30", "17 h")
_SCHOOL_ENDS = ("11 h 30", "16 h 15", "16 h 30")


def euros(amount: int) -> str:
    """« 1 286 € »."""
    return f"{amount:,} €".replace(",", " ")


def drawn(rng: Random) -> dict[str, str]:
    """The small things that make two cases of the same story two cases."""
    count, rent = rng.choice(list(_COUNTS)), rng.choice(_RENTS)
    return {
        "jour": rng.choice(_DAYS),
        "somme": euros(rng.choice(_SUMS)),
        "nombre": count,
        "nombre_maj": count.capitalize(),
        "loyer": euros(rent),
        "dette": euros(_COUNTS[count] * rent + rng.choice(_CHARGES)),
        "rue": rng.choice(_STREETS),
        "heure": rng.choice(_HOURS),
        "sortie": rng.choice(_SCHOOL_ENDS),
    }
