"""Marks the sentences of the core for translation without importing Django: pages translate what they show."""

from __future__ import annotations

from typing import Final

NBSP: Final = "\u00a0"


def _(text: str) -> str:
    """Return the text unchanged; the name is what the extraction of messages looks for."""
    return text


def joined(parts: list[str]) -> str:
    """« a », « a et b », « a, b et c »."""
    if len(parts) < 2:
        return "".join(parts)
    return ", ".join(parts[:-1]) + " et " + parts[-1]


def quoted(text: str) -> str:
    """The text between French quotation marks."""
    return f"«{NBSP}{text}{NBSP}»"


def capitalised(sentence: str) -> str:
    """The sentence with its first letter in capital."""
    return sentence[:1].upper() + sentence[1:]


def to_whom(said: str) -> str:
    """« au procureur », « à la PMI », « aux parents »."""
    if said.startswith("le "):
        return "au " + said.removeprefix("le ")
    if said.startswith("les "):
        return "aux " + said.removeprefix("les ")
    return "à " + said
