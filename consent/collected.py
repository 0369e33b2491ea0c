"""How the person's word was collected: who said it, when, how, in which language, after which text; checked before it is kept."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases import standing
from cases.models import Case, Representative
from partners.clock import day_of
from partners.models import Membership
from partners.text import plain
from partners.vocabulary import vocabulary

from .models import Form, Notice

LONGEST_DAYS = 183
TELEPHONE_DAYS = 90
LATE_AFTER_DAYS = 30
REEXAMINE_WITHIN_DAYS = 15
LANGUAGES = {
    "fr": gettext_lazy("français"),
    "fsl": gettext_lazy("langue des signes française"),
    "en": gettext_lazy("anglais"),
    "ar": gettext_lazy("arabe"),
    "es": gettext_lazy("espagnol"),
    "pt": gettext_lazy("portugais"),
    "ro": gettext_lazy("roumain"),
    "ru": gettext_lazy("russe"),
    "tr": gettext_lazy("turc"),
    "uk": gettext_lazy("ukrainien"),
}
"""The languages offered; any other is written in full."""
OWN_LANGUAGE = "fr"


class ScopeError(ValueError):
    """The scope or the dates cannot be recorded; the message says what to do, in the user's language."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """Whose word, towards whom, for what, about what; compared exactly, and empty covers nothing."""

    case: Case
    recipient: Membership
    purpose: str
    categories: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Collected:
    """What every act keeps of how it came to be known (law.md, 3.3). `form` is "" where nobody spoke."""

    given_by: Representative | None
    collected_on: date
    form: str
    own_words: str = ""
    late_reason: str = ""
    conditions: str = ""
    language: str = ""
    interpreter: str = ""
    witness: str = ""
    called_back: bool = False
    understanding: str = ""
    notice: Notice | None = None
    sitting: uuid.UUID | None = None
    """The conversation in which it was said; one of its own where None."""

    def made_plain(self) -> "Collected":
        """The same, its texts in one spelling and without invisible characters; what another form asks for is left out."""
        texts: dict[str, Any] = {
            one.name: plain(text) for one in fields(self) if isinstance(text := getattr(self, one.name), str)
        }
        texts["witness"] = texts["witness"] if self.form == Form.WITNESS else ""
        called_back = self.called_back and self.form == Form.TELEPHONE
        return replace(self, **texts, called_back=called_back, sitting=self.sitting or uuid.uuid4())

    def columns(self) -> dict[str, Any]:
        """The columns of an act that hold it, but for the conversation, which no second act of the same word repeats."""
        return {one.name: getattr(self, one.name) for one in fields(self) if one.name != "sitting"}

    def codes(self, at: datetime) -> dict[str, Any]:
        """What the trail may say of it: codes, days and digests."""
        return {
            "form": self.form,
            "collected_on": self.collected_on.isoformat(),
            "late": self.collected_on < day_of(at),
            "language": self.language if self.language in LANGUAGES or not self.language else "other",
            "called_back": self.called_back,
            "notice": str(self.notice) if self.notice else "",
            "notice_digest": self.notice.digest if self.notice else "",
        }

    def personal(self) -> dict[str, str]:
        """What only the payload may say of it: names and words."""
        said = ("own_words", "conditions", "language", "interpreter", "witness", "understanding", "late_reason")
        names = {name: getattr(self, name) for name in said}
        return names | {"given_by": str(self.given_by) if self.given_by else ""}


def language_in_words(language: str) -> str:
    """« langue des signes française »; a language that is not in the list is as it was written."""
    return str(LANGUAGES.get(language, language))


def check(scope: Scope, said: Collected, at: datetime, *, spoken: bool = True) -> None:
    """That this can be recorded. `spoken` is False for what a professional decides alone. Raises ScopeError."""
    _check_scope(scope)
    if said.given_by is not None and said.given_by.person_id != scope.case.person_id:
        raise ScopeError(_("Choisissez, dans la liste, qui s’est exprimé."))
    _check_day(said, day_of(at))
    if spoken:
        _check_form(said)
        _check_called(scope, said, at)


def _check_scope(scope: Scope) -> None:
    words = vocabulary()
    if scope.purpose not in words.purposes:
        raise ScopeError(_("Dites pour quoi faire : choisissez une finalité."))
    if not set(scope.categories) <= words.categories.keys():
        raise ScopeError(_("Choisissez, dans la liste, les sortes d’information."))
    if not scope.categories:
        raise ScopeError(_("Choisissez au moins une catégorie d’informations : un accord vide ne couvre rien."))


def _check_day(said: Collected, today: date) -> None:
    if said.collected_on > today:
        raise ScopeError(_("La date à laquelle la personne s’est exprimée ne peut pas être dans l’avenir."))
    if said.collected_on < today - timedelta(days=LATE_AFTER_DAYS):
        raise ScopeError(_("Sa parole date de plus de 30 jours : demandez-lui à nouveau avant de l’enregistrer."))
    if said.collected_on < today and not said.late_reason:
        raise ScopeError(_("Dites pourquoi vous l’enregistrez après coup : l’enregistrement portera cette mention."))


def _check_called(scope: Scope, said: Collected, at: datetime) -> None:
    """Nobody who asked not to be, or whom a call would expose, is called. Two statements, of a call alone."""
    if said.form != Form.TELEPHONE:
        return
    if said.given_by is None:
        kept_silent = standing.stands(scope.case.person, at).do_not_contact
    else:
        beside = standing.representatives(scope.case.person_id, at)
        kept_silent = any(one.do_not_contact for one in beside if one.representative.pk == said.given_by.pk)
    if kept_silent:
        raise ScopeError(not_to_be_called())


def not_to_be_called() -> str:
    """What is said where somebody who is not to be contacted would have been called."""
    return _("« Ne pas contacter » est noté pour cette personne : recueillez sa parole autrement, quand elle vient.")


def _check_form(said: Collected) -> None:
    if said.form not in Form.values:
        raise ScopeError(_("Dites comment la personne s’est exprimée."))
    if said.form == Form.WITNESS and not said.witness:
        raise ScopeError(_("Nommez la personne qui était présente."))
    if said.form == Form.TELEPHONE and not said.called_back:
        raise ScopeError(
            _("Rappelez la personne au numéro que vous connaissiez déjà : un appel reçu ne prouve pas qui parle.")
        )
