"""The dangers for which one communicates at once: what each is for, what is ticked, and whom a text empowers to receive it.

Whom it may reach is listed nowhere: it is read from the texts of the rulebook, for this author and this person (abuse 35).
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Case as When
from django.db.models import IntegerField, QuerySet, Value
from django.db.models import When as Branch
from django.utils.translation import gettext_lazy as _

from cases.models import Case
from partners.models import Membership
from partners.vocabulary import vocabulary
from sharing import facts as f
from sharing import gather, law
from sharing.matter import Matter

SHOWN = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class Danger:
    """A danger in the words of whoever sees it, and the purpose for which a text then lets one speak."""

    code: str
    purpose: str
    label: Any
    hint: Any

    @property
    def is_rescue(self) -> bool:
        """Whether nothing else is asked of whoever calls for help (PERIL-CP-223-6)."""
        return any(text.rescue for text in law.BY_PURPOSE[self.purpose])


DANGERS: tuple[Danger, ...] = (
    Danger(
        code="peril",
        purpose="secours",
        label=_("Quelqu’un est en péril grave, maintenant"),
        hint=_("Une vie, un corps : il faut porter secours sans attendre."),
    ),
    Danger(
        code="child_justice",
        purpose="pe_signalement",
        label=_("Un enfant est en danger grave : saisir la justice"),
        hint=_("Le procureur peut le protéger aujourd’hui. Une copie va au département."),
    ),
    Danger(
        code="child",
        purpose="pe_ip",
        label=_("Un enfant est en danger, ou risque de l’être"),
        hint=_("La cellule départementale évalue et protège."),
    ),
    Danger(
        code="ill_treatment",
        purpose="signaler_sevices",
        label=_("Des violences, des privations ou des abus sur qui ne peut se protéger"),
        hint=_("Un enfant, ou un adulte que son âge ou son état empêche de se défendre."),
    ),
    Danger(
        code="couple",
        purpose="signaler_violence_couple",
        label=_("Des violences dans le couple, sous emprise, la vie en danger"),
        hint=_("Une victime adulte qui ne peut se protéger ; son accord a été recherché."),
    ),
    Danger(
        code="weapon",
        purpose="signaler_arme",
        label=_("Une personne dangereuse, et une arme"),
        hint=_("Pour elle-même ou pour quelqu’un d’autre ; elle en détient une, ou veut en acquérir une."),
    ),
    Danger(
        code="vulnerable_adult",
        purpose="maltraitance_adulte",
        label=_("Un adulte vulnérable est maltraité"),
        hint=_("À domicile ou en établissement."),
    ),
)
BY_CODE = {one.code: one for one in DANGERS}

# What one ticks: « danger, risque, ou inconfort ? » (law.md, P-10).
CRITERIA: dict[str, Any] = {
    "grave": _("Quelqu’un peut mourir, être blessé ou subir une atteinte grave"),
    "imminent": _("Cela se passe en ce moment, ou peut se passer d’une heure à l’autre"),
    "seen": _("Je l’ai vu ou entendu, ou la personne me l’a dit elle-même"),
    "defenceless": _("La personne ne peut pas se protéger, et personne autour d’elle ne le fait"),
    "acting_out": _("La personne dit ou montre qu’elle peut s’en prendre à elle-même ou à quelqu’un d’autre"),
    "weapon": _("Elle détient une arme, ou a dit vouloir en acquérir une"),
    "control": _("Quelqu’un la tient sous son emprise : argent, sorties, téléphone, peur"),
}
# The circumstances of the rulebook that these establish, each by all of its criteria: fewer, and it is not declared.
ESTABLISHED_BY: dict[str, frozenset[str]] = {
    "grave_imminent_peril": frozenset({"grave", "imminent"}),
    "grave_immediate_danger": frozenset({"grave", "imminent"}),
    "life_in_immediate_danger": frozenset({"grave", "imminent"}),
    "gravity": frozenset({"grave"}),
    "coercive_control": frozenset({"control"}),
    "dangerousness": frozenset({"acting_out"}),
    "weapon_or_intent": frozenset({"weapon"}),
}


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
    sender, person = gather.party(by, at), gather.subject(case, at)
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
