"""What is typed to record what stands for a person, or what changes for those who represent her.

The acts check what is missing (cases.standing_acts), so that a page and a command ask for the same; a form only reads.
"""

from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext, gettext_lazy
from django.utils.translation import gettext_lazy as _

from partners.fields import PlainTextField

from .forms import TITLES, day_field
from .models import PersonStatus, Representative, RepresentativeAct
from .standing import OF_ADULTS, OF_MINORS, SCOPED, Representing
from .standing_acts import (
    AUTHORITY_MOVES,
    BY_JUDGMENT,
    KINDS_OF_ADULTS,
    KINDS_OF_MINORS,
    ON_PAPER,
    Paper,
    StandingError,
    moves_for,
)

Kind, Scope, Move = PersonStatus.Kind, PersonStatus.Scope, RepresentativeAct.Move

# What each changes, said before it is chosen.
HINTS: dict[str, Any] = {
    Kind.SAUVEGARDE: _("Elle continue de décider seule."),
    Kind.CURATELLE: _("Elle décide seule de ce qui touche à sa vie personnelle."),
    Kind.TUTELLE: _("Selon que le jugement porte sur les biens ou sur la personne."),
    Kind.FAMILY_AUTHORISATION: _("Selon ce que le juge a autorisé, et à qui."),
    Kind.FUTURE_MANDATE: _("Selon ce que dit le mandat."),
    Kind.UNABLE: _("Personne ne consent à sa place ; elle est informée dès que possible."),
    Kind.VULNERABLE: _("Certains textes protègent qui ne peut pas se protéger."),
    Kind.EMANCIPATED: _("Par un jugement d’émancipation : la personne décide comme une personne majeure."),
    Kind.ENTRUSTED: _("Les parents gardent l’autorité parentale ; le service accomplit les actes usuels."),
    Kind.PARENTS_DISAGREE: _("La parole d’un seul ne suffit plus : elle passe par l’avis d’un cadre."),
    Kind.DISCERNMENT: _("Ce que l’enfant comprend compte pour l’associer. Aucun âge n’en décide."),
    Kind.OBJECTS_TO_PARENTS: _("L’enfant demande que ses parents ne sachent pas : son intérêt est pesé avec un cadre."),
    Kind.DO_NOT_CONTACT: _("Un appel ou une lettre l’exposerait : chacun le voit avant d’écrire."),
    Kind.PROTECTED_ADDRESS: _("Ses coordonnées ne partent plus sans son accord pour ce destinataire."),
}


class PaperForm(forms.Form):
    """Who decided, under which reference, when: read on the judgment."""

    authority = PlainTextField(
        label=_("Qui l’a décidé ?"),
        help_text=_("Le tribunal ou l’autorité, et sa ville, tels que l’acte les nomme."),
        most=160,
        required=False,
    )
    act_reference = PlainTextField(label=_("Référence du jugement ou de l’acte"), most=80, required=False)
    decided_on = day_field(_("Date du jugement ou de l’acte"), required="")

    use_required_attribute = False

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name in ("decided_on", "ends_on"):
            if name in self.fields:
                self.fields[name].required = False

    def paper(self) -> Paper:
        """What was typed of the paper, empty where this form does not ask for it."""
        return Paper(
            **{name: self.cleaned_data.get(name) or "" for name in ("authority", "act_reference")},
            decided_on=self.cleaned_data.get("decided_on"),
        )

    def refuse(self, error: StandingError) -> None:
        """Say what the act found missing, beside the field where it is one of this form."""
        self.add_error(error.field if error.field in self.fields else None, str(error))

    def leave_out(self, *names: str) -> None:
        """Take these fields away: they are not asked for here."""
        for name in names:
            self.fields.pop(name, None)


class StatusForm(PaperForm):
    """What stands for the person: only what its kind asks for."""

    scope = forms.ChoiceField(
        label=_("Sur quoi porte la mesure ?"),
        help_text=_("Telle que le jugement la dit : c’est ce qui change qui décide."),
        choices=Scope.choices,
        widget=forms.RadioSelect,
        required=False,
        error_messages={"invalid_choice": _("Choisissez, dans la liste, sur quoi porte la mesure.")},
    )
    note = PlainTextField(label=_("Ce que vous en savez"), most=600, lines=3, required=False)
    ends_on = day_field(
        _("Jusqu’au"), required="", help_text=_("Si la fin est déjà connue. Sinon, vous l’enregistrerez le jour venu.")
    )

    field_order = ("scope", "authority", "act_reference", "decided_on", "note", "ends_on")

    def __init__(self, *args: Any, kind: str, minor: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        if kind not in SCOPED or minor:
            self.leave_out("scope")
        elif kind == Kind.CURATELLE:
            self.fields["scope"].choices = [one for one in Scope.choices if one[0] != Scope.REPRESENTATION]  # type: ignore[attr-defined]
        if kind not in ON_PAPER:
            self.leave_out("authority", "act_reference", "decided_on")
        self.fields["note"].required = False
        if kind in NOTE_LABELS:
            self.fields["note"].label = NOTE_LABELS[kind]


NOTE_LABELS: dict[str, Any] = {
    Kind.PARENTS_DISAGREE: _("Comment le savez-vous, et sur quoi porte-t-il ?"),
    Kind.DISCERNMENT: _("Ce que l’enfant comprend de ce qui lui est expliqué"),
    Kind.OBJECTS_TO_PARENTS: _("Ce que l’enfant a dit, avec ses mots"),
    Kind.DO_NOT_CONTACT: _("Pourquoi, et comment la joindre s’il le faut"),
    Kind.PROTECTED_ADDRESS: _("Ce qui fonde cette protection"),
}


class EndStatusForm(PaperForm):
    """That something no longer stands."""

    reason = PlainTextField(
        label=_("Pourquoi cela prend-il fin ?"),
        help_text=_(
            "Par exemple : mainlevée du 3 novembre, accord retrouvé entre les parents. Le journal garde cette phrase."
        ),
        most=300,
        required=False,
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.leave_out("authority", "act_reference", "decided_on")


class NewRepresentativeForm(PaperForm):
    """Somebody who answers for the person, or is consulted."""

    kind = forms.ChoiceField(
        label=_("Lien avec la personne"),
        error_messages={
            "required": _("Choisissez le lien de cette personne avec celle que vous accompagnez."),
            "invalid_choice": _("Choisissez ce lien dans la liste."),
        },
    )
    title = forms.ChoiceField(label=_("Civilité"), choices=TITLES, required=False)
    first_name = PlainTextField(label=_("Prénom"), most=80, error_messages={"required": _("Indiquez son prénom.")})
    last_name = PlainTextField(label=_("Nom de famille"), most=80, error_messages={"required": _("Indiquez son nom.")})
    phone = PlainTextField(label=_("Téléphone"), most=30, required=False)
    reason = PlainTextField(
        label=_("Comment le savez-vous ?"),
        help_text=_("Par exemple : livret de famille vu, désignation écrite de la personne."),
        most=300,
        required=False,
    )
    ends_on = day_field(_("Jusqu’au"), required="", help_text=_("Si le jugement ou l’acte fixe une fin."))

    field_order = (
        "kind", "title", "first_name", "last_name", "phone", "reason", "authority", "act_reference", "decided_on", "ends_on",
    )  # fmt: skip

    def __init__(self, *args: Any, minor: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        kinds = KINDS_OF_MINORS if minor else KINDS_OF_ADULTS
        self.minor = minor
        self.fields["kind"].choices = [  # type: ignore[attr-defined]
            ("", gettext("Choisir…")),
            *((one.value, capfirst(one.label)) for one in Representative.Kind if one in kinds),
        ]
        self.fields["phone"].widget.attrs["autocomplete"] = "off"
        self.fields["authority"].help_text = gettext_lazy(
            "Le tribunal et sa ville : demandé pour qui représente ou assiste par jugement, inutile pour un parent."
        )

    def representative(self) -> Representative:
        """Whoever was typed, unsaved."""
        typed = {
            name: self.cleaned_data[name] for name in ("kind", "title", "first_name", "last_name", "phone", "ends_on")
        }
        parent = self.minor and typed["kind"] not in BY_JUDGMENT
        return Representative(**typed, holds_parental_authority=parent)


class ChangeForm(PaperForm):
    """What changes for a representative."""

    move = forms.ChoiceField(
        label=_("Qu’est-ce qui change ?"),
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Dites ce qui change."),
            "invalid_choice": _("Choisissez, dans la liste, ce qui change."),
        },
    )
    reason = PlainTextField(
        label=_("Pourquoi, ou comment le savez-vous ?"), most=300, required=False,
    )  # fmt: skip

    field_order = ("move", "reason", "authority", "act_reference", "decided_on")

    def __init__(self, *args: Any, one: Representing, minor: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        moves = moves_for(one, minor=minor)
        self.fields["move"].choices = [(move, capfirst(Move(move).label)) for move in moves]  # type: ignore[attr-defined]
        if not AUTHORITY_MOVES & set(moves):
            self.leave_out("authority", "act_reference", "decided_on")
        else:
            self.fields["authority"].help_text = gettext_lazy(
                "Le tribunal et sa ville : demandé pour ce que décide un juge, inutile pour le reste."
            )


def kinds_for(*, minor: bool) -> list[dict[str, Any]]:
    """What can be recorded of somebody of this age, each with what it changes."""
    out = OF_ADULTS if minor else OF_MINORS
    return [
        {
            "value": kind.value,
            "label": capfirst(kind.label),
            "hint": HINTS[kind] if not (minor and kind == Kind.TUTELLE) else "",
        }
        for kind in Kind
        if kind not in out
    ]
