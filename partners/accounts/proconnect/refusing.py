"""What went wrong on the way back from ProConnect, each with a sentence that says what to do."""

from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from django.utils.translation import gettext_lazy as _

SENTENCES = {
    "cancelled": _("Vous avez renoncé à ProConnect. Rien n’a changé : entrez d’une autre manière, ou recommencez."),
    "silent": _(
        "ProConnect ne répond pas, ou répond mal. Réessayez dans quelques minutes, ou entrez avec votre mot de passe : "
        "rien n’est perdu."
    ),
    "state": _(
        "Cette réponse de ProConnect a déjà servi, ou n’a pas été demandée par ce navigateur. Recommencez depuis la "
        "page de connexion."
    ),
    "replayed": _(
        "Cette réponse de ProConnect ne répond pas à la demande que vous venez de faire : elle a été refusée. "
        "Recommencez depuis la page de connexion."
    ),
    "expired": _("La réponse de ProConnect est arrivée trop tard. Recommencez depuis la page de connexion."),
    "not_for_us": _(
        "La réponse de ProConnect n’était pas destinée à Tact : elle a été refusée. Recommencez ; si cela se répète, "
        "prévenez la personne qui administre Tact."
    ),
    "unreadable": _(
        "La signature de ProConnect n’a pas pu être vérifiée : la réponse a été refusée. Recommencez ; si cela se "
        "répète, prévenez la personne qui administre Tact."
    ),
    "refused": _("ProConnect a refusé la connexion. Recommencez, ou entrez avec votre mot de passe."),
}
"""By reason. None names anybody, and none says whether an account exists."""


class Refused(OAuth2Error):
    """Nobody enters by this answer; `reason` is a word of SENTENCES."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
