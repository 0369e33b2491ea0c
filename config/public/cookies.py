"""Every cookie that Tact sets, by its real name: a test signs in, works and signs out, and finds no other."""

from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext as _

from partners.session import SEEN_COOKIE


@dataclass(frozen=True, slots=True)
class Cookie:
    """Its name in the browser, what it is for, how long it stays."""

    name: str
    purpose: str
    lasts: str


def cookies() -> list[Cookie]:
    """All are strictly necessary: none measures, none is read by anybody else, hence no banner."""
    return [
        Cookie(
            settings.SESSION_COOKIE_NAME,
            _("Vous garder connecté·e. Il ne contient qu’un numéro tiré au hasard."),
            _("30 minutes après votre dernier geste ; effacé à la déconnexion"),
        ),
        Cookie(
            settings.CSRF_COOKIE_NAME,
            _("Vérifier qu’un formulaire envoyé l’est bien depuis Tact, par vous."),
            _("un an, pour un nombre tiré au hasard qui change à chaque connexion"),
        ),
        Cookie(
            SEEN_COOKIE,
            _(
                "Vous dire que votre session s’est terminée par sécurité, plutôt que de vous laisser vous demander pourquoi."
            ),
            _("12 heures ; effacé à la déconnexion"),
        ),
        Cookie(
            settings.BROWSER_COOKIE_NAME,
            _(
                "Reconnaître un navigateur d’où vous êtes déjà entré·e : qui essaie des mots de passe ailleurs ne vous fait pas "
                "attendre, et vous êtes prévenu·e quand une session s’ouvre d’un autre. Il ne dit pas qui vous êtes."
            ),
            _("90 jours après votre dernière connexion"),
        ),
        Cookie(
            settings.LANGUAGE_COOKIE_NAME,
            _("Se souvenir que vous avez choisi le français ou l’anglais. Posé seulement si vous choisissez."),
            _("jusqu’à la fermeture du navigateur"),
        ),
    ]
