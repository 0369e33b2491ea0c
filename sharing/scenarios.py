"""Scenarios: who, to whom, what for, what, about whom, and what must come out. Read strictly, one by one.

A name that the rulebook does not know is an error in the file, not a refusal: a scenario is written by someone who must be told.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from partners.vocabulary import parse_yaml, vocabulary
from sharing import law
from sharing.facts import Facts, UnreadableFactsError
from sharing.outcome import SEVERITY

_KEYS = frozenset(["id", "story", "given", "expect", "disputed"])
_EXPECTED_KEYS = frozenset(["verdict", "basis", "reasons", "duties"])


@dataclass(frozen=True, slots=True)
class Scenario:
    """One scenario that could be read; ``expect`` is empty where it only asks."""

    id: str
    facts: Facts
    expect: Mapping[str, Any]
    story: str = ""


@dataclass(frozen=True, slots=True)
class Unreadable:
    """One that could not, and why, in French."""

    id: str
    why: str


def read(text: str) -> Iterator[Scenario | Unreadable]:
    """The scenarios of a YAML text, in their order. Raises UnreadableFactsError where the whole is no list of scenarios."""
    try:
        content = parse_yaml(text)
    except yaml.YAMLError as error:
        raise UnreadableFactsError(f"le fichier ne se lit pas : {error}") from error
    if isinstance(content, Mapping):
        content = [content]
    if not isinstance(content, list):
        raise UnreadableFactsError("le fichier doit être une liste de scénarios")
    for position, entry in enumerate(content, start=1):
        name = f"entrée {position}"
        if isinstance(entry, Mapping) and entry.get("id"):
            name = str(entry["id"])
        try:
            yield _scenario(name, entry)
        except UnreadableFactsError as error:
            yield Unreadable(name, str(error))


def _scenario(name: str, entry: Any) -> Scenario:
    if not isinstance(entry, Mapping) or "given" not in entry:
        raise UnreadableFactsError("il manque : given")
    _among("inconnu ici", entry, _KEYS)
    facts = Facts.from_plain(entry["given"])
    _check_names(facts)
    expect = entry.get("expect") or {}
    if not isinstance(expect, Mapping):
        raise UnreadableFactsError("« expect » doit être une liste de noms et de valeurs")
    _check_expected(expect)
    return Scenario(name, facts, expect, str(entry.get("story", "")))


def _check_names(facts: Facts) -> None:
    words = vocabulary()
    _among("rôle inconnu", (facts.sender.role, facts.recipient.role), words.roles)
    _among("statut de secret inconnu", filter(None, (facts.sender.bound, facts.recipient.bound)), words.bounds)
    _among(
        "finalité inconnue",
        (facts.purpose, *sorted(facts.closed_purposes)),
        words.purposes.keys() | words.forbidden_purposes.keys(),
    )
    set_aside = sorted(facts.narrowed | facts.kept_here | facts.opinion_on)
    _among("catégorie inconnue", (*(item.category for item in facts.items), *set_aside), words.categories)
    _among("nature inconnue", (item.nature for item in facts.items), words.natures)
    _among("circonstance inconnue", sorted(facts.circumstances), words.circumstances)
    _among("texte inconnu", filter(None, (facts.basis,)), law.BY_CODE)


def _check_expected(expect: Mapping[str, Any]) -> None:
    _among("inconnu dans « expect »", expect, _EXPECTED_KEYS)
    words = vocabulary()
    if "verdict" in expect:
        _among("verdict inconnu", (expect["verdict"],), SEVERITY)
    _among("texte inconnu", filter(None, (expect.get("basis"),)), law.BY_CODE)
    _among("raison inconnue", expect.get("reasons") or (), words.reasons)
    _among("devoir inconnu", expect.get("duties") or (), words.duties)


def _among(what: str, names: Iterable[Any], known: Iterable[str]) -> None:
    allowed = frozenset(known)
    for name in names:
        if not isinstance(name, str) or name not in allowed:
            raise UnreadableFactsError(f"{what} : « {name} »")
