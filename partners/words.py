"""What the words of the rulebook are: frozen, a code that is stored and a label that is shown. Read by ``partners.vocabulary``."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Word:
    """A code that is stored and a label that is shown."""

    code: str
    label: str


@dataclass(frozen=True, slots=True)
class Purpose(Word):
    """What a disclosure is for; ``i_want`` as its author says it, the label as others read it."""

    i_want: str
    domain: str


@dataclass(frozen=True, slots=True)
class ForbiddenPurpose(Word):
    """Asked for in life, always refused: ``why``, and what to ``answer``; ``systematic`` where it is a list or a flow."""

    i_want: str
    why: str
    answer: str
    systematic: bool = False
    purpose_behind: bool = False  # a lawful purpose may lie behind it


@dataclass(frozen=True, slots=True)
class Category(Word):
    """A kind of information; ``sensitivity`` from 1 to 3; ``say`` is its name in a spoken sentence."""

    sensitivity: int
    family: str
    say: str
    blocked: bool = False


@dataclass(frozen=True, slots=True)
class Nature(Word):
    """What kind of statement an item is; a rumour is not shareable."""

    shareable: bool = True


@dataclass(frozen=True, slots=True)
class WeakArgument(Word):
    """An argument that never suffices alone, and the question to put back."""

    ask: str


@dataclass(frozen=True, slots=True)
class Circumstance(Word):
    """A fact that a text or a rule asks about; ``question`` where the professional is the one who knows it."""

    source: str  # "computed" | "recorded" | "declared"
    question: str = ""
    to_do: str = ""  # what can be done so that it is so


@dataclass(frozen=True, slots=True)
class Duty(Word):
    """What goes with a disclosure: an act to do (``to_do``), or what lasts as long as it (``kept`` says by what)."""

    to_do: str = ""  # said to whoever owes it, in the imperative
    proves: str = ""  # what shows that it was done
    ask: str = ""  # what she writes when she declares that it is done
    kept: str = ""
    done_by: tuple[str, ...] = ()  # the acts that discharge it by themselves, of `DISCHARGING`
    by_hand: bool = True  # whether it can be declared done


# The acts of the house that discharge a duty without a word from anybody (sharing.owing computes them).
DISCHARGING = (
    "information",  # the person was told, after the disclosure
    "exception",  # why she was not is written, with the day of its re-examination
    "objection",
    "written_agreement",
    "child_heard",
    "her_word",  # agreement, refusal or objection, whichever
    "copy",  # the same items went to the département
    "communication",  # the disclosure itself
    "conclusion",  # somebody else concluded on it afterwards
)


@dataclass(frozen=True, slots=True)
class Group(Word):
    """Whom a text names as sender or recipient; ``derived`` ones come from the status or a circumstance."""

    derived: bool = False


@dataclass(frozen=True, slots=True)
class Bound(Word):
    """How someone is bound to secrecy; ``bound`` is false where she is not."""

    bound: bool = False


@dataclass(frozen=True, slots=True)
class Kind(Word):
    """What a text is; ``voluntary`` where it supposes an agreement in force between the institutions."""

    voluntary: bool = False


@dataclass(frozen=True, slots=True)
class Instead:
    """Another role that could be addressed, for these purposes asked (None: any), under this purpose ("": the same)."""

    role: str
    purpose: str = ""
    asked_for: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class Role(Word):
    """Who may hold or receive information, and under which secrecy (law.md, part 2)."""

    say: str
    bound: str  # proposed only: a professional's recorded status prevails
    proof: str
    groups: frozenset[str]
    accepts: frozenset[str] | None = None  # categories received on an agreement outside a forum; None: any
    on_agreement_for: frozenset[str] | None = None  # purposes that an agreement can carry to it; None: any
    without_agreement: frozenset[str] | None = None  # categories received without the person's own agreement; None: any
    under_measure: str = ""  # the measure under which `without_agreement` sets no limit
    parental: bool = False
    instead: tuple[Instead, ...] = ()
