"""What a decision is taken on: everything that is known of one intended disclosure, and nothing else.

Facts are plain values. They have one shape in memory, in the scenarios of the rulebook and in a stored decision, so that a
contested decision becomes a test by copy and paste and can be taken again. Names (roles, purposes, categories,
circumstances) are codes of ``rulebook/vocabulary.yaml`` and ``rulebook/roles.yaml``; they are not checked here: the decision
refuses what it does not know.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import UTC, date, datetime
from typing import Any, Self

# A scenario that names no instant is decided at this one: the core has no clock.
SCENARIO_INSTANT = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)

MAJORITY = 18  # years, C. civ. 388

INFORMED_WORDS = ("done", "not_done", "excepted", "not_applicable")
MEASURES = ("", "sauvegarde", "curatelle", "tutelle_personal", "tutelle_property")


class UnreadableFactsError(ValueError):
    """A scenario or a stored decision that cannot be read as facts; the message says where, in French."""


@dataclass(frozen=True, slots=True)
class Party:
    """A professional, a service or a person, in the role in which she sends or receives."""

    role: str
    bound: str | None = None  # secrecy status recorded with its proof; None: what the role proposes
    ref: str = ""  # opaque reference; a consent names its recipient by it
    institution: str = ""
    in_force: bool = True  # her membership, at the instant of the facts


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that would be said."""

    category: str
    ref: str = ""
    nature: str = "fait_constate"
    necessity: str | None = None  # None: not asked (a scenario); "": asked, and not answered
    origin: str = ""  # "" | "ip" | "controle_rsa": what the information was collected for
    third_parties: bool = False
    depositary: bool = True  # the sender saw it, heard it or was confided it
    received: bool = False  # it came from another professional: passing it on is onward sharing
    observed_on: date | None = None
    limited: bool = False  # its sharing is stopped at the person's request (RGPD 18)


@dataclass(frozen=True, slots=True)
class Subject:
    """The person the file is about; for a child, also where an item speaks of a parent."""

    age: int | None  # in years; None: an adult
    measure: str = ""  # "" | "sauvegarde" | "curatelle" | "tutelle_personal" | "tutelle_property"
    vulnerable: bool = False  # an adult unable to protect herself because of age or incapacity
    unable: bool = False  # an adult who, for now, cannot express her will
    identifiable: bool = True
    many: bool = False  # several persons at once

    @property
    def is_minor(self) -> bool:
        return self.age is not None and self.age < MAJORITY

    @classmethod
    def of(cls, code: str) -> Self:
        """Read a scenario's word for the person, such as ``minor_9`` or ``adult_under_curatelle``.

        Raises UnreadableFactsError where the word is not one of those.
        """
        known = _SUBJECTS.get(code)
        if known is not None:
            return cls(**known)
        prefix, _underscore, years = code.partition("_")
        if prefix == "minor" and years.isdecimal() and int(years) < MAJORITY:
            return cls(age=int(years))
        raise UnreadableFactsError(f"personne inconnue : « {code} »")


_SUBJECTS: dict[str, dict[str, Any]] = {
    "adult": {"age": None},
    "adult_under_sauvegarde": {"age": None, "measure": "sauvegarde"},
    "adult_under_curatelle": {"age": None, "measure": "curatelle"},
    "adult_under_tutelle_personal": {"age": None, "measure": "tutelle_personal"},
    "adult_under_tutelle_property": {"age": None, "measure": "tutelle_property"},
    "vulnerable_adult": {"age": None, "vulnerable": True},
    "adult_temporarily_unable": {"age": None, "unable": True},
    "many": {"age": None, "many": True},
    "nobody": {"age": None, "identifiable": False},
}


@dataclass(frozen=True, slots=True)
class ConsentFact:
    """What the person, or the parents of a child, said about passing something on: an agreement, a refusal, a withdrawal.

    An agreement covers exactly the recipient, the purpose and the categories it names, during ``[valid_from, valid_until)``;
    an empty scope covers nothing. A refusal or a withdrawal is read widely: what it leaves empty, it refuses altogether.
    """

    state: str  # "given" | "refused" | "withdrawn"
    ref: str = ""
    recipient: str = ""  # Party.ref
    institution: str = ""  # where it is named, the recipient must still be there
    purpose: str = ""
    categories: frozenset[str] = frozenset()
    valid_from: datetime | None = None
    valid_until: datetime | None = None
    said_at: datetime | None = None  # when it was said; else valid_from (of a withdrawal: valid_until)


@dataclass(frozen=True, slots=True)
class Information:
    """Whether the person was told beforehand, which is neither asking her nor obtaining her agreement."""

    state: str  # "done" | "not_done" | "excepted" | "not_applicable"
    categories: frozenset[str] | None = None  # what she was told of; None: everything
    on: date | None = None
    reexamine_on: date | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """One intended disclosure, at one instant: from whom, to whom, what for, what, about whom."""

    at: datetime
    sender: Party
    recipient: Party
    purpose: str
    items: tuple[Item, ...]
    person: Subject
    consents: tuple[ConsentFact, ...] = ()
    informed: Information = Information("not_done")
    circumstances: frozenset[str] = frozenset()
    basis: str | None = None  # the text invoked; None: any that fits
    justification: str = ""
    # local settings: they narrow voluntary sharing and what rests on agreement, and nothing else
    narrowed: frozenset[str] = frozenset()  # categories that the agreement or the forum leaves out
    kept_here: frozenset[str] = frozenset()  # categories that the author's own institution keeps, whoever the recipient
    closed_purposes: frozenset[str] = frozenset()  # purposes that a local setting closes
    opinion_on: frozenset[str] = frozenset()  # categories on which a reviewer's opinion comes first
    at_most_days: int | None = None  # the recipient reads at most so long, in days
    # who the partner is, recognised by both before voluntary sharing (law.md, P-11)
    sheet_missing: bool = False  # no mission sheet of the recipient's institution is validated by both
    sheet_unread: bool = False  # there is one, and the sender has not opened it

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> Self:
        """Read the ``given`` of a scenario, or the full form written by ``to_plain``.

        Raises UnreadableFactsError, saying what is missing or not understood.
        """
        if not isinstance(plain, Mapping):
            raise UnreadableFactsError("les faits doivent être une liste de noms et de valeurs")
        if isinstance(plain.get("sender"), str):
            return cls(**_from_scenario(plain))
        return cls(**_from_stored(plain))

    def to_plain(self) -> dict[str, Any]:
        """The full form: values that JSON and YAML can carry, in a stable order."""
        plain: dict[str, Any] = _plain(self)
        return plain

    def but(self, **changes: Any) -> Facts:
        """The same facts, changed in this."""
        return replace(self, **changes)


def _plain(value: Any) -> Any:
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    if isinstance(value, date):  # datetime included
        return value.isoformat()
    if hasattr(value, "__dataclass_fields__"):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    return value


# --- the short form of the scenarios -------------------------------------------------------------------------------------

_SCENARIO_KEYS = frozenset(["sender", "recipient", "purpose", "person", "consent", "informed", "circumstances"])
_WHAT = frozenset(["categories", "items"])  # what would be said: categories, or items with all that is known of each
_IN_FORCE = frozenset(["sender_in_force", "recipient_in_force"])
_LOCAL_SETTINGS = ("narrowed", "kept_here", "closed_purposes", "opinion_on")
_SHEETS = ("sheet_missing", "sheet_unread")
_SCENARIO_EXTRA = _WHAT | _IN_FORCE | {"at", "basis", "justification", "at_most_days", *_LOCAL_SETTINGS, *_SHEETS}
_CONSENT_WORDS = ("none", "given", "refused", "withdrawn", "not_applicable")


def _from_scenario(plain: Mapping[str, Any]) -> dict[str, Any]:
    what = frozenset() if "items" in plain else frozenset({"categories"})
    _check_keys(plain, required=_SCENARIO_KEYS | what, known=_SCENARIO_KEYS | _SCENARIO_EXTRA)
    consent, informed = plain["consent"], plain["informed"]
    if consent not in _CONSENT_WORDS:
        raise UnreadableFactsError(f"« consent » doit être l’un de {', '.join(_CONSENT_WORDS)}, et non « {consent} »")
    if informed not in INFORMED_WORDS:
        raise UnreadableFactsError(f"« informed » doit être l’un de {', '.join(INFORMED_WORDS)}, et non « {informed} »")
    items = _scenario_items(plain)
    recipient = _word(plain, "recipient")
    purpose = _word(plain, "purpose")
    consents: tuple[ConsentFact, ...] = ()
    if consent in ("given", "refused", "withdrawn"):
        scope = frozenset(item.category for item in items)
        consents = (ConsentFact(consent, recipient=recipient, purpose=purpose, categories=scope),)
    return {
        "at": _instant(plain.get("at")) or SCENARIO_INSTANT,
        "sender": Party(_word(plain, "sender"), ref=_word(plain, "sender"), in_force=_truth(plain, "sender_in_force")),
        "recipient": Party(recipient, ref=recipient, in_force=_truth(plain, "recipient_in_force")),
        "purpose": purpose,
        "items": items,
        "person": Subject.of(_word(plain, "person")),
        "consents": consents,
        "informed": Information(informed),
        "circumstances": frozenset(_words(plain, "circumstances")),
        "basis": None if plain.get("basis") is None else _word(plain, "basis"),
        "justification": str(plain.get("justification", "")),
        "at_most_days": _days(plain),
        **{name: _truth(plain, name, otherwise=False) for name in _SHEETS},
        **{name: frozenset(_words(plain, name) if name in plain else ()) for name in _LOCAL_SETTINGS},
    }


def _scenario_items(plain: Mapping[str, Any]) -> tuple[Item, ...]:
    """From ``categories``, all else as the fields of Item propose; or from ``items``, each saying what departs from that."""
    if plain.keys() >= _WHAT:
        raise UnreadableFactsError("« categories » ou « items », et non les deux")
    if "items" not in plain:
        return tuple(Item(category, ref=str(n)) for n, category in enumerate(_words(plain, "categories"), start=1))
    if not isinstance(plain["items"], list):
        raise UnreadableFactsError(f"« items » doit être une liste, et non {plain['items']!r}")
    return tuple(_scenario_item(each, str(n)) for n, each in enumerate(plain["items"], start=1))


def _scenario_item(plain: Any, ref: str) -> Item:
    if not isinstance(plain, Mapping):
        raise UnreadableFactsError(f"un élément de « items » doit être fait de noms et de valeurs, et non {plain!r}")
    _check_keys(plain, required=frozenset({"category"}), known=frozenset(field.name for field in fields(Item)))
    read: dict[str, Any] = {"ref": ref}
    for key in plain:
        if key == "observed_on":
            read[key] = _day(plain[key])
        elif key in ("third_parties", "depositary", "received", "limited"):
            read[key] = _truth(plain, key)
        else:
            read[key] = _word(plain, key)
    return Item(**read)


def _check_keys(plain: Mapping[str, Any], *, required: frozenset[str], known: frozenset[str]) -> None:
    missing = sorted(required - plain.keys())
    if missing:
        raise UnreadableFactsError(f"il manque : {', '.join(missing)}")
    unknown = sorted(str(key) for key in plain.keys() - known)
    if unknown:
        raise UnreadableFactsError(f"inconnu ici : {', '.join(unknown)}")


def _word(plain: Mapping[str, Any], key: str) -> str:
    value = plain[key]
    if not isinstance(value, str):
        raise UnreadableFactsError(f"« {key} » doit être un mot, et non {value!r}")
    return value


def _truth(plain: Mapping[str, Any], key: str, *, otherwise: bool = True) -> bool:
    value = plain.get(key, otherwise)
    if not isinstance(value, bool):
        raise UnreadableFactsError(f"« {key} » doit être vrai ou faux (true, false), et non {value!r}")
    return value


def _words(plain: Mapping[str, Any], key: str) -> list[str]:
    value = plain[key]
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise UnreadableFactsError(f"« {key} » doit être une liste de mots, et non {value!r}")
    return value


def _days(plain: Mapping[str, Any]) -> int | None:
    value = plain.get("at_most_days")
    if value is not None and (not isinstance(value, int) or isinstance(value, bool) or value < 1):
        raise UnreadableFactsError(f"« at_most_days » doit être un nombre de jours, et non {value!r}")
    return value


def _instant(value: Any) -> datetime | None:
    try:
        instant = datetime.fromisoformat(value) if isinstance(value, str) else value
    except ValueError as error:
        raise UnreadableFactsError(f"instant illisible : « {value} »") from error
    if isinstance(instant, datetime) and instant.tzinfo is None:
        raise UnreadableFactsError(f"instant sans fuseau horaire : « {value} »")
    if instant is not None and not isinstance(instant, datetime):
        raise UnreadableFactsError(f"instant illisible : {value!r}")
    return instant


# --- the full form of a stored decision ----------------------------------------------------------------------------------

# Facts that the first stored decisions could not have: where they are missing, there was no such setting.
CAME_LATER = frozenset(["kept_here", "closed_purposes", "opinion_on", "at_most_days", *_SHEETS])
# Likewise of an item: nobody could limit its sharing then.
OF_AN_ITEM_CAME_LATER = frozenset(["limited"])


def _from_stored(plain: Mapping[str, Any]) -> dict[str, Any]:
    known = frozenset(field.name for field in fields(Facts))
    _check_keys(plain, required=known - CAME_LATER, known=known)
    at = _instant(plain["at"])
    if at is None:
        raise UnreadableFactsError("« at » doit être un instant")
    return {
        **plain,
        "at": at,
        "sender": Party(**_whole(Party, plain["sender"])),
        "recipient": Party(**_whole(Party, plain["recipient"])),
        "items": tuple(_item(each) for each in _list(plain, "items")),
        "person": Subject(**_whole(Subject, plain["person"])),
        "consents": tuple(_consent(each) for each in _list(plain, "consents")),
        "informed": _information(plain["informed"]),
        "circumstances": frozenset(_words(plain, "circumstances")),
        "at_most_days": _days(plain),
        **{name: _truth(plain, name, otherwise=False) for name in _SHEETS},
        **{name: frozenset(_words(plain, name) if name in plain else ()) for name in _LOCAL_SETTINGS},
    }


def _whole(kind: type, plain: Any, *, later: frozenset[str] = frozenset()) -> Mapping[str, Any]:
    """What is stored of a part of the facts: each of its fields, and nothing else. What is missing is not known, unless it
    came `later`."""
    names = frozenset(field.name for field in fields(kind))
    if not isinstance(plain, Mapping):
        raise UnreadableFactsError(f"faits illisibles : {plain!r}")
    if plain.keys() | later != names:
        wrong = ", ".join(sorted(map(str, (plain.keys() | later) ^ names)))
        raise UnreadableFactsError(f"faits illisibles, ce qui manque ou n’est pas connu : {wrong}")
    return plain


def _list(plain: Mapping[str, Any], key: str) -> list[Any]:
    value = plain[key]
    if not isinstance(value, list):
        raise UnreadableFactsError(f"faits illisibles : « {key} » doit être une liste, et non {value!r}")
    return value


def _item(plain: Any) -> Item:
    item = _whole(Item, plain, later=OF_AN_ITEM_CAME_LATER)
    return Item(**{**item, "observed_on": _day(item["observed_on"])})


def _consent(plain: Any) -> ConsentFact:
    consent = _whole(ConsentFact, plain)
    instants = {key: _instant(consent[key]) for key in ("valid_from", "valid_until", "said_at")}
    return ConsentFact(**{**consent, **instants, "categories": frozenset(_words(consent, "categories"))})


def _information(plain: Any) -> Information:
    told = _whole(Information, plain)
    days = {key: _day(told[key]) for key in ("on", "reexamine_on")}
    categories = None if told["categories"] is None else frozenset(_words(told, "categories"))
    return Information(**{**told, **days, "categories": categories})


def _day(value: Any) -> date | None:
    try:
        return date.fromisoformat(value) if isinstance(value, str) else value
    except ValueError as error:
        raise UnreadableFactsError(f"jour illisible : « {value} »") from error
