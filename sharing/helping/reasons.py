"""How reasons are written in free text: weak arguments, the institution's own benefit, urgency as it is felt, strengths.

Pure: a text in, what was found in it out. The expressions are those of ``rulebook/reasons_given.yaml``, which practitioners own;
a rulebook without that file keeps the bundled one.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from cases.evaluative import file_of, texts_of
from cases.phrases import Expressions
from partners.vocabulary import Entry, RulebookError, read_yaml, vocabulary
from sharing.matter import WEAK_ARGUMENTS

FILE = "reasons_given.yaml"


@dataclass(frozen=True, slots=True)
class Argument:
    """A weak argument (vocabulary.yaml, ``weak_arguments``): what declares it, and how it is written."""

    code: str
    circumstance: str
    expressions: Expressions


@dataclass(frozen=True, slots=True, kw_only=True)
class Reasons:
    """The whole list, as it was read."""

    arguments: Mapping[str, Argument]
    institution: Expressions
    person: Expressions
    urgency: Expressions
    strength: Expressions


def read(path: Path) -> Reasons:
    """The list of a file. Raises RulebookError where it does not hold together."""
    whole = Entry(path.name, "début", read_yaml(path))
    arguments = {}
    for code, fields in whole.mapping("arguments").items():
        entry = Entry(path.name, f"arguments.{code}", fields)
        if code not in vocabulary().weak_arguments:
            raise entry.error("n’est pas un argument de vocabulary.yaml")
        circumstance = entry.text("circumstance", among=WEAK_ARGUMENTS)
        arguments[code] = Argument(code, circumstance, _expressions(entry, "phrases"))
        entry.end()
    if {one.circumstance for one in arguments.values()} != WEAK_ARGUMENTS:
        raise RulebookError(path.name, "arguments", "chaque argument fragile doit y être, une fois")
    institution = Entry(path.name, "institution", whole.mapping("institution"))
    urgency = Entry(path.name, "urgency", whole.mapping("urgency"))
    strength = Entry(path.name, "strength", whole.mapping("strength"))
    found = Reasons(
        arguments=MappingProxyType(arguments),
        person=Expressions(texts_of(institution, "person"), but_not=texts_of(institution, "nobody")),
        institution=_expressions(institution, "phrases"),
        urgency=_expressions(urgency, "phrases"),
        strength=_expressions(strength, "phrases"),
    )
    for entry in (institution, urgency, strength, whole):
        entry.end()
    return found


def _expressions(entry: Entry, name: str) -> Expressions:
    texts = texts_of(entry, name)
    if not texts:
        raise entry.error(f"« {name} » manque")
    return Expressions(texts, but_not=texts_of(entry, "but_not"))


REASONS = read(file_of(FILE))


def arguments_in(text: str, reasons: Reasons = REASONS) -> dict[str, str]:
    """The weak arguments of a text, by code, each with the words in which it is first written (law.md, P-04)."""
    found = {code: one.expressions.words_in(text) for code, one in reasons.arguments.items()}
    return {code: words[0] for code, words in found.items() if words}


def only_for_the_institution(text: str, reasons: Reasons = REASONS) -> str:
    """The words that say what an institution gains, in a text where the person is nowhere; empty otherwise (P-03)."""
    words = reasons.institution.words_in(text)
    return words[0] if words and not reasons.person.found(text) else ""


def urgency_in(text: str, reasons: Reasons = REASONS) -> str:
    """The first words of urgency or alarm of a text; empty where there are none (P-10)."""
    return next(iter(reasons.urgency.words_in(text)), "")


def shows_a_strength(text: str, reasons: Reasons = REASONS) -> bool:
    """Whether a text names a resource, a strength or her own view (P-15)."""
    return bool(reasons.strength.found(text))
