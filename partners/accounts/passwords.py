"""What a password must be, in sentences that say what to do (recommandation de la CNIL sur les mots de passe, à confirmer).

Long rather than complicated: no composition is forced, nothing expires, a phrase is welcome, pasting is allowed.
"""

import re
import unicodedata
from itertools import pairwise
from typing import Any

from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partners.models import Professional

LEAST, MOST = 12, 200
LEFT_AT_LEAST = 6
RULE = gettext_lazy(
    "Au moins 12 caractères. Une phrase fait un bon mot de passe : « mon vélo dort au troisième étage ». "
    "Ni votre nom, ni un mot de passe courant ; majuscules, chiffres et signes ne sont pas obligatoires."
)


class LongEnough:
    """Twelve characters: below, no delay is long enough."""

    def validate(self, password: str, user: Professional | None = None) -> None:
        if len(password) < LEAST:
            raise ValidationError(
                _("Ce mot de passe est trop court : écrivez au moins %(least)s caractères.") % {"least": LEAST},
                code="password_too_short",
            )

    def get_help_text(self) -> str:
        return str(RULE)


class NotHerself(password_validation.UserAttributeSimilarityValidator):
    """What whoever knows her would try first."""

    DEFAULT_USER_ATTRIBUTES = ("email", "first_name", "last_name")

    def validate(self, password: str, user: Any = None) -> None:
        try:
            super().validate(password, user)
            if user is not None and _made_of(password, user):
                raise ValidationError("", code="password_too_similar")
        except ValidationError as error:
            raise ValidationError(
                _("Ce mot de passe ressemble trop à votre nom ou à votre adresse : choisissez-en un autre."),
                code=error.code,
            ) from error


def _made_of(password: str, user: Professional) -> bool:
    """Whether her names and her address, digits and signs aside, are nearly all there is in it."""
    written = _plain(password)
    words = {
        word for text in (user.first_name, user.last_name, user.email) for word in re.split(r"[\W_]+", _plain(text))
    }
    left = written
    for word in sorted(words, key=len, reverse=True):
        left = left.replace(word, "") if len(word) > 2 else left
    return left != written and len(re.sub(r"[\W\d_]+", "", left)) < LEFT_AT_LEAST


def _plain(text: str) -> str:
    return "".join(one for one in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(one))


class NotCommon(password_validation.CommonPasswordValidator):
    """What everybody else writes: twenty thousand of them, digits and signs at either end left out."""

    def validate(self, password: str, user: Any = None) -> None:
        plain = password.lower().strip()
        if {plain, re.sub(r"^[\W\d_]+|[\W\d_]+$", "", plain)} & self.passwords:
            raise ValidationError(
                _("Ce mot de passe est parmi les plus courants : choisissez-en un que personne d’autre n’écrit."),
                code="password_too_common",
            )


class NotRegular:
    """« aaaaaaaaaaaa », « abcabcabcabc », « 123456789012 »: long, and guessed at once."""

    def validate(self, password: str, user: Professional | None = None) -> None:
        steps = {ord(two) - ord(one) for one, two in pairwise(password)}
        if len(set(password.lower())) < 5 or len(steps) == 1 or re.fullmatch(r"(.{1,6})\1+", password):
            raise ValidationError(
                _("Ce mot de passe se répète ou se suit : ajoutez-y d’autres mots."), code="password_too_regular"
            )

    def get_help_text(self) -> str:
        return ""
