"""The five ways in which a professional records the person's word: what each is called, asks, writes, and says when done."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partners.clock import day_of
from partners.models import Membership

from . import notices, registry
from .forms import (
    AgreementForm,
    InformationForm,
    ObjectionForm,
    PostponedForm,
    RefusalForm,
    WordForm,
    full_date,
)
from .models import Form, Notice, PersonsWord, PriorInformation
from .registry import Scope

AGREEMENT, REFUSAL, OBJECTION, INFORMATION, POSTPONED = "agreement", "refusal", "objection", "information", "postponed"


@dataclass(frozen=True, slots=True)
class Said:
    """What is answered once the act is recorded, and its row; `level` is the name of a message's level."""

    text: str
    row: PersonsWord
    level: str = "success"

    @property
    def sitting(self) -> uuid.UUID | None:
        """The conversation whose paper is then to be joined; None where nobody was spoken to."""
        return None if isinstance(self.row, PriorInformation) and self.row.exception else self.row.sitting


Recorder = Callable[[WordForm, Scope, Notice | None, Membership, datetime], Said]


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """One act, never blended with another (law.md, 3.1). `for_minors_only`: it does not exist for an adult.

    `notice` is the kind of text that is read with her before she answers; "" where nobody is spoken to.
    """

    code: str
    label: str | Promise
    hint: str | Promise
    button: str | Promise
    attest: str | Promise
    form: type[WordForm]
    record: Recorder
    notice: str = ""
    for_minors_only: bool = False


def name_of(recipient: Membership) -> str:
    """« Mme Lantier »: professionals are named to each other."""
    return recipient.professional.formal_name or recipient.professional.full_name


def text_of(
    act: str,
    *,
    minor: bool,
    form: str = "",
    style: str = notices.Style.STANDARD,
    language: str = notices.Language.FR,
) -> str:
    """Which text is read for this kind of notice: a child's holders of authority have theirs, a call has its script."""
    if form == Form.TELEPHONE and act == notices.AGREEMENT:
        act = notices.TELEPHONE
    audience = notices.Audience.PARENTS if minor else notices.Audience.ADULT
    return notices.chosen(act=act, audience=audience, style=style, language=language)


def _to_confirm(row: PersonsWord) -> str:
    """What is left to do after a call."""
    if row.form != Form.TELEPHONE:
        return ""
    return " " + _(
        "Par téléphone, c’est à confirmer : envoyez-lui le papier, et notez sa réponse quand vous la verrez."
    )


def _agreement(form: WordForm, scope: Scope, notice: Notice | None, by: Membership, at: datetime) -> Said:
    until = day_of(at) + timedelta(days=form.cleaned_data["duration"])
    row = registry.give(
        scope=scope,
        notice=notice or notices.current(notices.AGREEMENT),
        valid_until=until,
        by=by,
        **form.word(),
    )
    said = _("Accord enregistré jusqu’au %(until)s, pour %(who)s.") % {
        "until": full_date(until),
        "who": name_of(scope.recipient),
    }
    return Said(said + _to_confirm(row), row)


def _refusal(form: WordForm, scope: Scope, notice: Notice | None, by: Membership, at: datetime) -> Said:
    row = registry.refuse(scope=scope, notice=notice, by=by, **form.word())
    return Said(
        _(
            "Refus enregistré. Vous ne pourrez pas communiquer ces informations à %(who)s. "
            "Rien d’autre ne change pour la personne."
        )
        % {"who": name_of(scope.recipient)},
        row,
        "info",
    )


def _objection(form: WordForm, scope: Scope, notice: Notice | None, by: Membership, at: datetime) -> Said:
    row = registry.object_to(scope=scope, notice=notice, by=by, **form.word())
    return Said(
        _(
            "Opposition enregistrée. Elle compte dès maintenant, avant toute communication à %(who)s. "
            "Rien d’autre ne change pour la personne."
        )
        % {"who": name_of(scope.recipient)},
        row,
        "info",
    )


def _information(form: WordForm, scope: Scope, notice: Notice | None, by: Membership, at: datetime) -> Said:
    row = registry.inform(
        scope=scope,
        notice=notice,
        child_heard=bool(form.cleaned_data.get("child_heard")),
        presence_proposed=bool(form.cleaned_data.get("presence_proposed")),
        by=by,
        **form.word(),
    )
    return Said(
        _("Information enregistrée. Ce n’est pas un accord : si un accord est nécessaire, il reste à recueillir."),
        row,
    )


def _postponed(form: WordForm, scope: Scope, notice: Notice | None, by: Membership, at: datetime) -> Said:
    again: Any = day_of(at) + timedelta(days=form.cleaned_data["reexamine_in"])
    withheld = form.cleaned_data["withheld"]
    row = registry.inform(
        scope=scope,
        withheld=withheld,
        withheld_reason=form.cleaned_data["withheld_reason"],
        decided_with=form.cleaned_data["decided_with"],
        reexamine_on=again,
        by=by,
        **form.word(),
    )
    said = _("Information différée, avec sa raison. À réexaminer au plus tard le %(day)s.") % {"day": full_date(again)}
    if withheld == PriorInformation.Withheld.CHILD_INTEREST:
        return Said(said, row)
    kindly = _(
        "Que ce soit plus difficile ensuite se comprend, et se discute avec votre responsable ; cela ne suffit pas à ne "
        "pas informer, et la communication reste impossible en attendant."
    )
    return Said(f"{said} {kindly}", row, "warning")


ACTS: dict[str, Act] = {
    act.code: act
    for act in (
        Act(
            code=AGREEMENT,
            label=gettext_lazy("Accord"),
            hint=gettext_lazy("La personne accepte que ces informations soient communiquées, et dit jusqu’à quand."),
            button=gettext_lazy("Enregistrer l’accord"),
            attest=gettext_lazy(
                "En enregistrant, vous attestez avoir lu ce texte avec la personne et noté ce qu’elle a dit."
            ),
            form=AgreementForm,
            record=_agreement,
            notice=notices.AGREEMENT,
        ),
        Act(
            code=REFUSAL,
            label=gettext_lazy("Refus"),
            hint=gettext_lazy(
                "La personne ne le souhaite pas. C’est une réponse normale, qui n’a pas à être justifiée."
            ),
            button=gettext_lazy("Enregistrer le refus"),
            attest=gettext_lazy(
                "Un refus est noté sans commentaire : il ne dit rien de la coopération de la personne."
            ),
            form=RefusalForm,
            record=_refusal,
            notice=notices.AGREEMENT,
        ),
        Act(
            code=OBJECTION,
            label=gettext_lazy("Opposition"),
            hint=gettext_lazy("Un texte permettrait de communiquer sans son accord ; la personne s’y oppose."),
            button=gettext_lazy("Enregistrer l’opposition"),
            attest=gettext_lazy("Une opposition s’exprime à tout moment, sans forme ni raison."),
            form=ObjectionForm,
            record=_objection,
            notice=notices.INFORMATION,
        ),
        Act(
            code=INFORMATION,
            label=gettext_lazy("Information donnée"),
            hint=gettext_lazy(
                "La personne est prévenue de ce qui est dit, à qui et pourquoi. Ce n’est pas lui demander son accord."
            ),
            button=gettext_lazy("Enregistrer l’information"),
            # What is told before a communication makes it lawful; what is told after it discharges a duty: the hour says which.
            attest=gettext_lazy("En enregistrant, vous attestez avoir donné cette information. L’heure est gardée."),
            form=InformationForm,
            record=_information,
            notice=notices.INFORMATION,
        ),
        Act(
            code=POSTPONED,
            label=gettext_lazy("Information différée"),
            hint=gettext_lazy("Prévenir maintenant nuirait à l’enfant : dites le risque, et quand vous réexaminez."),
            button=gettext_lazy("Enregistrer le report"),
            attest=gettext_lazy(
                "L’information est différée, pas supprimée : la décision, sa raison et sa date sont consignées."
            ),
            form=PostponedForm,
            record=_postponed,
            for_minors_only=True,
        ),
    )
}


def said_to(
    *,
    act: Act,
    form: WordForm,
    scope: Scope,
    minor: bool,
    by: Membership,
    at: datetime,
    style: str = notices.Style.STANDARD,
    language: str = notices.Language.FR,
) -> Said:
    """Record what a valid form says, with the text that was read in its style and language. Raises ScopeError."""
    said = form.cleaned_data.get("form", "")
    text = text_of(act.notice, minor=minor, form=said, style=style, language=language) if act.notice else ""
    return act.record(form, scope, notices.current(text) if text else None, by, at)


def acts_for(*, minor: bool) -> list[Act]:
    """The acts that exist for this person."""
    return [act for act in ACTS.values() if minor or not act.for_minors_only]
