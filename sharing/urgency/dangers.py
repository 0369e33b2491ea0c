"""The dangers for which one communicates at once: what each is for, what is ticked, and whom a text empowers to receive it.

The words are those of ``rulebook/dangers.yaml``, which jurists own. Whom it may reach is listed nowhere: it is read from the texts
of the rulebook, for this author and this person (abuse 35).
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import MappingProxyType

from django.db.models import Case as When
from django.db.models import IntegerField, QuerySet, Value
from django.db.models import When as Branch

from cases.evaluative import file_of
from cases.models import Case
from cases.standing import stands
from partners.models import Membership
from partners.vocabulary import Entry, RulebookError, Word, read_yaml, vocabulary
from sharing import facts as f
from sharing import gather, law
from sharing.matter import Matter

SHOWN = 24


FILE = "dangers.yaml"


@dataclass(frozen=True, slots=True)
class Danger(Word):
    """A danger in the words of whoever sees it, a hint, and the purpose for which a text then lets one speak."""

    hint: str
    purpose: str

    @property
    def is_rescue(self) -> bool:
        """Whether nothing else is asked of whoever calls for help (PERIL-CP-223-6)."""
        return any(text.rescue for text in law.BY_PURPOSE[self.purpose])


@dataclass(frozen=True, slots=True, kw_only=True)
class Emergencies:
    """The whole file, as it was read: dangers and signs by code; by which signs a circumstance of the rulebook is declared."""

    dangers: Mapping[str, Danger]
    signs: Mapping[str, Word]
    established_by: Mapping[str, frozenset[str]]


def read(path: Path) -> Emergencies:
    """The dangers and signs of a file. Raises RulebookError where it does not hold together."""
    whole = Entry(path.name, "début", read_yaml(path))
    dangers, signs, established_by = {}, {}, {}
    for code, fields in whole.mapping("dangers").items():
        entry = Entry(path.name, f"dangers.{code}", fields)
        purpose = entry.text("purpose", among=law.BY_PURPOSE)
        dangers[code] = Danger(code, entry.shown("label"), entry.shown("hint"), purpose)
        entry.end()
    for code, fields in whole.mapping("signs").items():
        entry = Entry(path.name, f"signs.{code}", fields)
        signs[code] = Word(code, entry.shown("label"))
        entry.end()
    declared = {code for code, one in vocabulary().circumstances.items() if one.source == "declared"}
    for code, needed in whole.mapping("establishes").items():
        entry = Entry(path.name, f"establishes.{code}", {"signs": needed})
        if code not in declared:
            raise entry.error("n’est pas une circonstance que l’on déclare, dans vocabulary.yaml")
        established_by[code] = frozenset(entry.names("signs", among=signs) or ())
        if not established_by[code]:
            raise entry.error("aucun signe ne l’établit")
    whole.end()
    for name, section in (("dangers", dangers), ("signs", signs), ("establishes", established_by)):
        if not section:
            raise RulebookError(path.name, name, "la section manque")
    return Emergencies(
        dangers=MappingProxyType(dangers),
        signs=MappingProxyType(signs),
        established_by=MappingProxyType(established_by),
    )


EMERGENCIES = read(file_of(FILE))
BY_CODE = EMERGENCIES.dangers
DANGERS = tuple(BY_CODE.values())
# What one ticks: « danger, risque, ou inconfort ? » (law.md, P-10).
CRITERIA = EMERGENCIES.signs
# The circumstances of the rulebook that these establish, each by all of its criteria: fewer, and it is not declared.
ESTABLISHED_BY = EMERGENCIES.established_by


def circumstances_of(criteria: Collection[str]) -> set[str]:
    """What is declared to the rules by what was ticked."""
    ticked = set(criteria)
    return {code for code, needed in ESTABLISHED_BY.items() if needed <= ticked}


def signs_missing(danger: Danger, criteria: Collection[str]) -> tuple[str, ...]:
    """The signs without which no text of this danger could be met: those of the text that is the nearest; none where one is met."""
    declared = circumstances_of(criteria)
    lacking = []
    for text in law.BY_PURPOSE[danger.purpose]:
        wanted = [code for code in text.requires if code in ESTABLISHED_BY and code not in declared]
        signs = {sign for code in wanted for sign in ESTABLISHED_BY[code]} - set(criteria)
        lacking.append(tuple(sign for sign in CRITERIA if sign in signs))
    return min(lacking, key=len, default=())


def texts_for(
    purpose: str, *, sender: f.Party, recipient: f.Party, person: f.Subject, at: datetime
) -> tuple[law.Basis, ...]:
    """The texts of this purpose that name this sender, this recipient and such a person."""
    facts = f.Facts(
        at=at,
        sender=sender,
        recipient=recipient,
        purpose=purpose,
        items=(),
        person=person,
        circumstances=frozenset({"nominative"}),
    )
    matter = Matter(facts)
    return tuple(text for text in law.BY_PURPOSE.get(purpose, ()) if not matter.missing(text))


def empowered_roles(danger: Danger, *, case: Case, by: Membership, at: datetime) -> frozenset[str]:
    """The roles that some text lets this author reach about this person, for this danger."""
    sender, person = gather.party(by, at), gather.subject(case, stands(case.person, at), at)
    return frozenset(
        role
        for role in vocabulary().roles
        if texts_for(danger.purpose, sender=sender, recipient=f.Party(role=role), person=person, at=at)
    )


def open_dangers(*, case: Case, by: Membership, at: datetime) -> dict[str, frozenset[str]]:
    """The dangers that this author may report about this person, each with the roles empowered to receive it."""
    found = {one.code: empowered_roles(one, case=case, by=by, at=at) for one in DANGERS}
    return {code: roles for code, roles in found.items() if roles}


def recipients(*, roles: Iterable[str], by: Membership, chosen: str = "") -> QuerySet[Membership]:
    """Who holds one of these roles today: those of one's own town first, and whoever was already chosen."""
    return (
        Membership.objects.visible_to(by)
        .exclude(professional=by.professional_id)
        .filter(role__in=sorted(roles))
        .select_related("professional", "institution")
        .annotate(
            rank=When(
                Branch(pk=chosen or None, then=Value(0)),
                Branch(institution__city=by.institution.city, then=Value(1)),
                default=Value(2),
                output_field=IntegerField(),
            )
        )
        .order_by("rank", "institution__name", "professional__last_name", "pk")[:SHOWN]
    )
