"""The demonstration territory: an invented département, its people, its situations (`manage.py load_demo`).

Nothing here is imported by the application outside the demonstration: `accounts()` reads no model.
"""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from . import people

# Address, and who she is.
_SHOWN = {
    "camille.roussel@vallieres.example": gettext_noop(
        "Camille Roussel, assistante sociale, Maison des solidarités de Vallières : elle communique"
    ),
    "nadia.benali@vallieres.example": gettext_noop(
        "Nadia Benali, cheffe de service, Maison des solidarités de Vallières : elle encadre et donne un avis"
    ),
    "helene.lantier@jean-mace.example": gettext_noop("Mme Lantier, directrice de l’école Jean-Macé : elle reçoit"),
    "paul.perrin@jean-mace.example": gettext_noop(
        "M. Perrin, enseignant à l’école Jean-Macé : rien ne lui est adressé"
    ),
    "sofia.marchetti@cmpp-vallieres.example": gettext_noop("Sofia Marchetti, psychologue au CMPP de Vallières"),
    "yann.le-goff@val-de-sauve.example": gettext_noop(
        "Yann Le Goff, auditeur interne du Département : il contrôle le journal"
    ),
    "claire.morvan@val-de-sauve.example": gettext_noop(
        "Claire Morvan, déléguée à la protection des données du Département"
    ),
}


def accounts() -> list[tuple[str, str, str]]:
    """The demonstration accounts to show: who she is, in the reader's language, her address, the password."""
    return [(_(label), email, people.PASSWORD) for email, label in _SHOWN.items()]
