"""Scenarios: who, to whom, what for, what, about whom, and what must come out. Read strictly, one by one.

A name that the rulebook does not know is an error in the file, not a refusal: a scenario is written by someone who must be told.
A scenario says every fact, or names a baseline of its file (``from``) and says only what departs from it.
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

_KEYS = frozenset(["id", "story", "from", "given", "expect", "disputed"])
_BASELINE_KEYS = frozenset(["baseline", "story", "given"])
_DEPARTURES = frozenset(["also", "without"])  # circumstances added to those of the baseline, or taken away
_WHAT = frozenset(["categories", "items"])  # either way of saying what would be said; one replaces the other
_EXPECTED_KEYS = frozenset(["verdict", "basis", "reasons", "duties"])


@dataclass(frozen=True, slots=True)
class Scenario:
    """One scenario that could be read; ``expect`` is empty where it only asks, ``baseline`` where it says every fact."""

    id: str
    facts: Facts
    expect: Mapping[str, Any]
    story: str = ""
    baseline: str = ""


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
    baselines = _baselines(content)
    for position, entry in enumerate(content, start=1):
        name = _name(entry, position)
        try:
            if _is_baseline(entry):
                _check_baseline(entry, content)
            else:
                yield _scenario(name, entry, baselines)
        except UnreadableFactsError as error:
            yield Unreadable(name, str(error))


def _name(entry: Any, position: int) -> str:
    if isinstance(entry, Mapping):
        for key in ("id", "baseline"):
            if entry.get(key):
                return str(entry[key])
    return f"entrée {position}"


def _is_baseline(entry: Any) -> bool:
    return isinstance(entry, Mapping) and "baseline" in entry


def _baselines(content: list[Any]) -> dict[str, Any]:
    """What each baseline gives, by its name, wherever it stands in the file."""
    return {_name(entry, 0): entry.get("given") for entry in content if _is_baseline(entry)}


def _check_baseline(entry: Mapping[str, Any], content: list[Any]) -> None:
    _among("inconnu ici", entry, _BASELINE_KEYS)
    if not isinstance(entry["baseline"], str) or not entry["baseline"]:
        raise UnreadableFactsError(f"« baseline » doit être un mot, et non {entry['baseline']!r}")
    if sum(_is_baseline(each) and each["baseline"] == entry["baseline"] for each in content) > 1:
        raise UnreadableFactsError(f"deux points de départ ont le même nom : « {entry['baseline']} »")
    if "given" not in entry:
        raise UnreadableFactsError("il manque : given")
    _check_names(Facts.from_plain(entry["given"]))


def _scenario(name: str, entry: Any, baselines: Mapping[str, Any]) -> Scenario:
    if not isinstance(entry, Mapping) or not entry.keys() & {"given", "from"}:
        raise UnreadableFactsError("il manque : given")
    _among("inconnu ici", entry, _KEYS)
    facts = Facts.from_plain(_given(entry, baselines))
    _check_names(facts)
    expect = entry.get("expect") or {}
    if not isinstance(expect, Mapping):
        raise UnreadableFactsError("« expect » doit être une liste de noms et de valeurs")
    _check_expected(expect)
    return Scenario(name, facts, expect, str(entry.get("story", "")), str(entry.get("from", "")))


def _given(entry: Mapping[str, Any], baselines: Mapping[str, Any]) -> Any:
    """What is given in full: as it stands, or the baseline's with what departs from it."""
    if "from" not in entry:
        return entry["given"]
    start, departs = entry["from"], entry.get("given", {})
    if not isinstance(start, str) or start not in baselines:
        raise UnreadableFactsError(f"point de départ inconnu : « {start} »")
    base = baselines[start]
    if not isinstance(base, Mapping) or not isinstance(departs, Mapping):
        raise UnreadableFactsError("les faits doivent être une liste de noms et de valeurs")
    kept = {key: value for key, value in base.items() if not (key in _WHAT and departs.keys() & _WHAT)}
    told = {key: value for key, value in departs.items() if key not in _DEPARTURES}
    if departs.keys() & _DEPARTURES:
        told["circumstances"] = _circumstances(kept | told, departs)
    return kept | told


def _circumstances(given: Mapping[str, Any], departs: Mapping[str, Any]) -> list[Any]:
    held, also, without = given.get("circumstances", []), departs.get("also", []), departs.get("without", [])
    if not all(
        isinstance(words, list) and all(isinstance(each, str) for each in words) for words in (held, also, without)
    ):
        raise UnreadableFactsError("« also », « without » et « circumstances » doivent être des listes de mots")
    _among("n’est pas au point de départ", without, held)
    _among("est déjà au point de départ", set(also) & set(held), ())
    return [each for each in (*held, *also) if each not in without]


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
