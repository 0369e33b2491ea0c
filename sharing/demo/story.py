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
_SUMS = ("64 €", "87 €", "112 €", "138 €", "156 €", "189 €")
_RENTS = ("398 €", "412 €", "437 €", "465 €", "489 €", "521 €")
_DEBTS = ("846 €", "1 124 €", "1 286 €", "1 540 €", "1 873 €", "2 215 €")
_COUNTS = ("deux", "trois", "quatre", "cinq")
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
_HOURS = ("8 h 40", "11 h 30", "13 h 30", "16 h 15", "16 h 30", "17 h")
_CLASSES = {
    3: "petite section",
    4: "moyenne section",
    5: "grande section",
    6: "CP",
    7: "CE1",
    8: "CE2",
    9: "CM1",
    10: "CM2",
}


def drawn(rng: Random, age: int) -> dict[str, str]:
    """The small things that make two cases of the same story two cases."""
    return {
        "jour": rng.choice(_DAYS),
        "somme": rng.choice(_SUMS),
        "loyer": rng.choice(_RENTS),
        "dette": rng.choice(_DEBTS),
        "nombre": rng.choice(_COUNTS),
        "rue": rng.choice(_STREETS),
        "heure": rng.choice(_HOURS),
        "classe": _CLASSES.get(age, "sixième" if age < 13 else "quatrième"),
        "age": str(age),
    }
