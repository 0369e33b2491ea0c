"""Who decides, for this person, on this day (law.md, 3.2): herself, or those who hold authority for her."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from cases.models import Person, Representative
from partners import clock

HERSELF = "herself"
FOR_A_MINOR = frozenset({Representative.Kind.DELEGATE, Representative.Kind.GUARDIAN})


@dataclass(frozen=True, slots=True)
class Speaker:
    """Somebody whose word counts; `representative` is None where the person speaks for herself."""

    code: str
    label: str
    hint: str
    representative: Representative | None = None


@dataclass(frozen=True, slots=True)
class Speakers:
    """Those whose word counts, and the sentence that says why them."""

    people: tuple[Speaker, ...]
    rule: str
    minor: bool

    def find(self, code: str) -> Speaker | None:
        """The speaker of this code; None where there is none."""
        return next((one for one in self.people if one.code == code), None)


def speakers_for(person: Person, at: datetime) -> Speakers:
    """Those who may agree, refuse, object or be told, at this instant; one statement."""
    around = [
        one for one in Representative.objects.filter(person=person) if clock.covers(at, one.starts_on, one.ends_on)
    ]
    if person.is_minor_at(at):
        return _for_minor(around)
    return _for_adult(person, around)


def _represented(one: Representative) -> Speaker:
    return Speaker(
        code=str(one.pk),
        label=one.formal_name,
        hint=str(one.get_kind_display()),
        representative=one,
    )


def _for_minor(around: list[Representative]) -> Speakers:
    holders = [one for one in around if one.holds_parental_authority or one.kind in FOR_A_MINOR]
    return Speakers(
        people=tuple(_represented(one) for one in holders),
        rule=_(
            "Pour un enfant, les titulaires de l’autorité parentale décident. Pour un acte usuel, l’un des deux suffit, "
            "tant que vous ne connaissez pas de désaccord. L’enfant est informé et associé, selon son âge et sa maturité."
        ),
        minor=True,
    )


def _for_adult(person: Person, around: list[Representative]) -> Speakers:
    herself = Speaker(code=HERSELF, label=_("La personne elle-même"), hint="")
    measure = Person.Measure(person.measure)
    guardians: tuple[Speaker, ...] = ()
    if measure == Person.Measure.TUTELLE_PERSONAL:
        guardians = tuple(_represented(one) for one in around if one.kind == Representative.Kind.GUARDIAN)
    return Speakers(people=(herself, *guardians), rule=_rule(measure, unable=person.unable), minor=False)


def _rule(measure: str, *, unable: bool) -> str:
    if measure == Person.Measure.TUTELLE_PERSONAL:
        return _(
            "Tutelle relative à la personne : elle décide elle-même si elle en est capable. Sinon la personne qui la "
            "représente décide, en tenant compte de son avis ; en cas de désaccord, le juge."
        )
    if measure in {Person.Measure.CURATELLE, Person.Measure.SAUVEGARDE}:
        return _(
            "Elle décide seule de ce qui touche à sa vie personnelle. La curatelle n’y change rien : la personne qui "
            "l’assiste n’est informée ou associée qu’avec son accord exprès."
        )
    if measure == Person.Measure.TUTELLE_PROPERTY:
        return _("La tutelle porte sur ses biens : elle décide seule de ce qui touche à sa vie personnelle.")
    if unable:
        return _(
            "Elle ne peut pas exprimer sa volonté pour l’instant : personne ne consent à sa place. La personne de "
            "confiance est consultée ; informez-la dès que possible."
        )
    return _("Elle décide seule. Un refus n’a pas à être justifié.")
