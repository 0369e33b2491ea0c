"""Who decides, for this person, on this day (law.md, 3.2): herself, or those who hold authority for her."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from cases.models import Person, PersonStatus, Representative
from cases.standing import Power, Representing, Stands, around

HERSELF = "herself"
MEASURE_HOLDERS = frozenset(
    {Representative.Kind.GUARDIAN, Representative.Kind.AUTHORISED, Representative.Kind.MANDATARY}
)


@dataclass(frozen=True, slots=True)
class Speaker:
    """Somebody whose word counts; `representative` is None where the person speaks for herself.

    `do_not_contact`: neither called nor written to; what she says of her own accord is still heard. `may_agree`: False for
    somebody who, for now, cannot express her will: nobody consents for her, and a no is always heard.
    """

    code: str
    label: str
    hint: str
    representative: Representative | None = None
    do_not_contact: bool = False
    may_agree: bool = True


@dataclass(frozen=True, slots=True)
class Speakers:
    """Those whose word counts, and the sentence that says why them.

    `minor`: somebody else decides because of her age. `consulted`: whom one asks and who decides nothing. `notes`: what else
    whoever collects a word must know today.
    """

    people: tuple[Speaker, ...]
    rule: str
    minor: bool
    consulted: tuple[Speaker, ...] = ()
    notes: tuple[str, ...] = ()
    do_not_contact: bool = False
    divided: bool = False

    def find(self, code: str) -> Speaker | None:
        """The speaker of this code; None where there is none."""
        return next((one for one in self.people if one.code == code), None)

    @property
    def by_telephone(self) -> tuple[Speaker, ...]:
        """Those who may be called, or written to."""
        return tuple(one for one in self.people if not one.do_not_contact)


def speakers_for(person: Person, at: datetime) -> Speakers:
    """Those who may agree, refuse, object or be told, at this instant; two statements."""
    found = around(person, at)
    beside = [one for one in found.representatives if one.in_force]
    speakers = _for_minor if found.stands.minor else _for_adult
    return speakers(found.stands, beside)


def _represented(one: Representing) -> Speaker:
    who = one.representative
    kind = str(who.get_kind_display())
    said = one.says if one.power in (Power.EXCLUSIVE, Power.DELEGATED) and who.kind != who.Kind.DELEGATE else ""
    return Speaker(
        code=str(who.pk),
        label=who.formal_name,
        hint=f"{kind}, {said}" if said else kind,
        representative=who,
        do_not_contact=one.do_not_contact,
    )


def _all(some: Iterable[Representing]) -> tuple[Speaker, ...]:
    return tuple(_represented(one) for one in some)


def _consulted(beside: Iterable[Representing]) -> tuple[Speaker, ...]:
    return _all(one for one in beside if one.power == Power.CONSULTED)


def _for_minor(stands: Stands, beside: list[Representing]) -> Speakers:
    """Holders in force; one who exercises alone stands alone beside delegates; under tutelle, whoever holds it (C. civ. 408)."""
    guardians = [one for one in beside if one.representative.kind == Representative.Kind.GUARDIAN]
    holders = [one for one in beside if one.power in (Power.JOINT, Power.EXCLUSIVE)]
    alone = [one for one in holders if one.power == Power.EXCLUSIVE]
    delegates = [one for one in beside if one.power == Power.DELEGATED]
    guarded = stands.under_guardian and bool(guardians)
    people = guardians if guarded else [*(alone or holders), *delegates, *guardians]
    return Speakers(
        people=_all(people),
        rule=_rule_of_minor(stands, alone=bool(alone), delegated=bool(delegates), guarded=guarded),
        minor=True,
        notes=_notes(stands),
        do_not_contact=stands.do_not_contact,
        divided=stands.parents_disagree,
    )


def _rule_of_minor(stands: Stands, *, alone: bool, delegated: bool, guarded: bool) -> str:
    child = _("L’enfant est informé et associé, selon son âge et sa maturité.")
    if guarded:
        return _("L’enfant est sous tutelle : son tuteur ou sa tutrice décide.") + " " + child
    said = []
    if alone:
        said.append(_("Un seul parent exerce l’autorité parentale, par jugement : il décide seul."))
    elif stands.parents_disagree:
        said.append(
            _(
                "Les titulaires de l’autorité parentale sont en désaccord : la parole d’un seul ne suffit plus, et passe par "
                "l’avis d’un cadre."
            )
        )
    else:
        said.append(
            _(
                "Pour un enfant, les titulaires de l’autorité parentale décident. Pour un acte usuel, l’un des deux suffit, "
                "tant que vous ne connaissez pas de désaccord."
            )
        )
    if delegated:
        said.append(_("L’autorité parentale est déléguée : le jugement dit qui décide de quoi."))
    if stands.entrusted:
        said.append(
            _(
                "L’enfant est confié à l’aide sociale à l’enfance : ses parents gardent l’autorité parentale ; le service "
                "accomplit les actes usuels."
            )
        )
    return " ".join([*said, child])


def _notes(stands: Stands) -> tuple[str, ...]:
    notes = []
    if stands.discernment:
        notes.append(_("Son discernement : %(note)s") % {"note": stands.discernment})
    if stands.objects_to_parents:
        notes.append(
            _(
                "L’enfant s’oppose à ce que ses parents sachent : son intérêt est à peser avec un cadre avant de le leur dire."
            )
        )
    return tuple(notes)


def _for_adult(stands: Stands, beside: list[Representing]) -> Speakers:
    represented = stands.measure == "tutelle_personal"
    herself = Speaker(
        code=HERSELF,
        label=_("La personne elle-même"),
        hint="",
        do_not_contact=stands.do_not_contact,
        may_agree=not stands.unable,
    )
    holders = _all(one for one in beside if represented and one.representative.kind in MEASURE_HOLDERS)
    return Speakers(
        people=(herself, *holders),
        rule=_rule_of_adult(stands),
        minor=False,
        consulted=_consulted(beside),
        notes=(),
        do_not_contact=stands.do_not_contact,
    )


def _rule_of_adult(stands: Stands) -> str:
    measure = stands.measure
    if measure == "tutelle_personal":
        names = {
            PersonStatus.Kind.FAMILY_AUTHORISATION: _("Habilitation familiale relative à la personne"),
            PersonStatus.Kind.FUTURE_MANDATE: _("Mandat de protection future relatif à la personne"),
        }
        named = next(
            (
                names[PersonStatus.Kind(one.kind)]
                for one in stands.statuses
                if one.kind in names and one.scope == PersonStatus.Scope.REPRESENTATION
            ),
            _("Tutelle relative à la personne"),
        )
        rule = _(
            "%(measure)s : elle décide elle-même si elle en est capable. Sinon la personne qui la représente décide, en tenant "
            "compte de son avis ; en cas de désaccord, le juge."
        ) % {"measure": named}
        return f"{rule} {_('Elle ne peut pas exprimer sa volonté pour l’instant.')}" if stands.unable else rule
    if stands.unable:
        return _(
            "Elle ne peut pas exprimer sa volonté pour l’instant : personne ne consent à sa place. La personne de "
            "confiance est consultée ; informez-la dès que possible."
        )
    if measure in {"curatelle", "sauvegarde"}:
        return _(
            "Elle décide seule de ce qui touche à sa vie personnelle. La mesure n’y change rien : la personne qui "
            "l’assiste n’est informée ou associée qu’avec son accord exprès."
        )
    if measure == "tutelle_property":
        return _("La mesure porte sur ses biens : elle décide seule de ce qui touche à sa vie personnelle.")
    if stands.emancipated:
        return _("Mineure émancipée, la personne décide seule, comme une personne majeure.")
    return _("Elle décide seule. Un refus n’a pas à être justifié.")
