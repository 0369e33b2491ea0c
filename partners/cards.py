"""What the directory says of an institution, made plain and checked; and the institutions that it could be taken for."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields, replace
from difflib import SequenceMatcher
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator
from django.db.models import Q, QuerySet
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from .models import Institution
from .search import normalised
from .siret import check_siret
from .tending import DirectoryError, said
from .text import graphemes, plain

NAME_LEAST = 3
MISSION_MOST = 1500
MOST = {"name": 160, "kind": 80, "city": 80, "territory": 120, "email": 254, "phone": 30, "dpo_contact": 160}
"""Characters of each line, the sizes of the columns."""
IDENTITY = ("name", "kind", "siret")
"""What an institution is: by its name a sender recognises it, by its number ProConnect does (ADR 0037)."""
ALIKE = 0.82
SHOWN = 5
SMALL_WORDS = frozenset("a au aux d de des du en et l la le les pour sur".split())  # noqa: SIM905


class Resembling(DirectoryError):
    """Institutions of the directory are called nearly so: whoever adds says that it is none of them."""

    def __init__(self, found: list[Institution]) -> None:
        super().__init__(_("L’annuaire connaît déjà un nom proche : dites que ce n’est pas la même institution."))
        self.found = found


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """What the directory says of an institution."""

    name: str
    kind: str
    siret: str = ""
    mission: str = ""
    city: str = ""
    territory: str = ""
    email: str = ""
    phone: str = ""
    dpo_contact: str = ""

    def checked(self) -> "Card":
        """The same made plain. Raises DirectoryError."""
        missing = _("Écrivez le nom de l’institution, et ce qu’elle est.")
        name = said(self.name, missing, most=MOST["name"])
        kind = said(self.kind, missing, most=MOST["kind"])
        if len(name) < NAME_LEAST:
            raise DirectoryError(missing)
        rest = {field: " ".join(plain(getattr(self, field)).split()) for field in ONE_LINE}
        if any(len(text) > MOST[field] for field, text in rest.items()):
            raise DirectoryError(_("Raccourcissez : une des lignes est trop longue."))
        mission = plain(self.mission)
        if graphemes(mission) > MISSION_MOST:
            raise DirectoryError(_("Raccourcissez : %(most)d caractères au plus par partie.") % {"most": MISSION_MOST})
        return replace(
            self,
            name=name,
            kind=kind,
            mission=mission,
            siret=_siret(self.siret),
            **{**rest, "email": _email(rest["email"])},
        )


FIELDS = tuple(one.name for one in fields(Card))
ONE_LINE = ("city", "territory", "email", "phone", "dpo_contact")


def card_of(institution: Institution) -> Card:
    """What it says today."""
    return Card(**{name: getattr(institution, name) for name in FIELDS})


def differences(before: Card | None, after: Card) -> tuple[dict[str, str], dict[str, str]]:
    """What changes, before and after; of one to be added, what is filled in."""
    old, new = asdict(before) if before is not None else {}, asdict(after)
    changed = [name for name in FIELDS if old.get(name, "") != new[name]]
    return {name: old[name] for name in changed if name in old}, {name: new[name] for name in changed}


def _siret(text: str) -> str:
    found = "".join(plain(text).split())
    if found:
        try:
            check_siret(found)
        except ValidationError as error:
            raise DirectoryError(error.messages[0]) from error
    return found


def _email(text: str) -> str:
    if text:
        try:
            EmailValidator()(text)
        except ValidationError as error:
            raise DirectoryError(_("Écrivez l’adresse e-mail en entier, par exemple accueil@service.fr.")) from error
    return text


# --- what it could be taken for ------------------------------------------------------------------------------------------


def at_work(*, but: UUID | None = None) -> QuerySet[Institution]:
    """Institutions that are not closed, one apart."""
    found = Institution.objects.filter(Q(closed_at__isnull=True) | Q(closed_at__gt=Now()))
    return found if but is None else found.exclude(pk=but)


def refuse_taken(siret: str, *, but: UUID | None = None) -> None:
    """Raise DirectoryError where another institution at work has this number."""
    if not siret:
        return
    taken = at_work(but=but).filter(siret=siret).first()
    if taken is not None:
        raise DirectoryError(
            _("Ce numéro SIRET est déjà celui de « %(name)s » : cherchez-la dans l’annuaire.") % {"name": taken.name}
        )


def resembling(name: str, *, but: UUID | None = None) -> list[Institution]:
    """Those at work that are called nearly so, the nearest first; one statement, and five at most."""
    wanted = _words(name)
    near: list[tuple[float, UUID]] = []
    for pk, other in at_work(but=but).values_list("pk", "name"):
        how = _likeness(wanted, _words(other))
        if how >= ALIKE:
            near.append((how, pk))
    order = [pk for _how, pk in sorted(near, key=lambda one: (-one[0], str(one[1])))[:SHOWN]]
    found = Institution.objects.in_bulk(order) if order else {}
    return [found[pk] for pk in order]


def _words(name: str) -> tuple[str, ...]:
    return tuple(word for word in normalised(name).split() if word not in SMALL_WORDS)


def _likeness(one: Iterable[str], other: Iterable[str]) -> float:
    """From 0 to 1: the same words in any order are 1, and so are two words or more that are all found in the other name."""
    first, second = set(one), set(other)
    fewer, more = sorted((first, second), key=len)
    if fewer == more or (len(fewer) > 1 and fewer <= more):
        return 1.0
    return SequenceMatcher(None, " ".join(sorted(first)), " ".join(sorted(second)), autojunk=False).ratio()
