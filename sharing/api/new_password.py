"""A new password ends every other session, and no token: whoever chooses one because the old was known must hear of them."""

from typing import Any

from allauth.account.signals import password_changed, password_reset
from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import ngettext

from partners.models import Professional
from sharing.models import ApiToken


def listen() -> None:
    """Be told of every new password, whichever page it was chosen on."""
    for chosen in (password_changed, password_reset):
        chosen.connect(remind_of_tokens)


def remind_of_tokens(request: HttpRequest, user: Professional, **_sent: Any) -> None:
    """Say on the next page how many of her tokens still serve, and where to end them."""
    held = ApiToken.objects.in_force().filter(membership__professional=user.pk).count()
    if held:
        messages.warning(
            request,
            ngettext(
                "Un jeton que vous avez confié à un programme sert encore. Si quelqu’un a pu connaître votre ancien mot "
                "de passe, révoquez-le : Mon compte, Jetons de l’interface.",
                "%(count)s jetons que vous avez confiés à des programmes servent encore. Si quelqu’un a pu connaître "
                "votre ancien mot de passe, révoquez-les : Mon compte, Jetons de l’interface.",
                held,
            )
            % {"count": held},
        )
