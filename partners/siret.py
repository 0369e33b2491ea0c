"""The number of an establishment (SIRET, INSEE): fourteen digits, of which the last makes the Luhn sum a multiple of ten.

Offices of La Poste, whose numbers keep to another sum, are no institution of Tact's.
"""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

DIGITS = 14
SHAPE = re.compile(rf"[0-9]{{{DIGITS}}}")


def luhn_holds(digits: str) -> bool:
    """Whether the sum, every second digit from the right doubled (and its own digits added), is a multiple of ten."""
    doubled = (int(one) * (1 + place % 2) for place, one in enumerate(reversed(digits)))
    return sum(sum(divmod(one, 10)) for one in doubled) % 10 == 0


def is_siret(text: str) -> bool:
    """Whether this could be an establishment's number; whether the establishment exists, INSEE alone knows."""
    return SHAPE.fullmatch(text) is not None and luhn_holds(text)


def check_siret(text: str) -> None:
    """Refuse what is no number of an establishment. Raises ValidationError, with what to look at."""
    if not is_siret(text):
        raise ValidationError(
            _(
                "Vérifiez ce numéro SIRET : il compte quatorze chiffres, sans espace, et l’un d’eux ne va pas avec les autres."
            ),
            code="siret",
        )


def spaced(siret: str) -> str:
    """As it is written for people: 3, 3, 3 and 5 digits."""
    return "\N{NO-BREAK SPACE}".join(part for part in (siret[:3], siret[3:6], siret[6:9], siret[9:]) if part)
