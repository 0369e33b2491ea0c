"""The demonstration territory: an invented département, its people, its situations (`manage.py load_demo`).

Nothing here is imported by the application outside the demonstration: `accounts()` reads no model.
"""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from . import people

_SHOWN = (
    (
        "Camille",
        "Roussel",
        gettext_noop("Camille Roussel, assistante sociale, Maison des solidarités de Vallières : elle communique"),
    ),
    (
        "Nadia",
        "Benali",
        gettext_noop("Nadia Benali, cheffe de service, Maison des solidarités de Vallières : elle encadre et donne un avis"),
    ),
    ("Hélène", "Lantier", "Mme Lantier, directrice de l’école Jean-Macé : elle reçoit"),
    ("Paul", "Perrin", "M. Perrin, enseignant à l’école Jean-Macé : rien ne lui est adressé"),
    ("Sofia", "Marchetti", "Sofia Marchetti, psychologue au CMPP de Vallières"),
    ("Yann", "Le Goff", "Yann Le Goff, auditeur interne du Département : il contrôle le journal"),
    ("Claire", "Morvan", "Claire Morvan, déléguée à la protection des données du Département"),
)


def accounts() -> list[tuple[str, str, str]]:
    """The demonstration accounts to show: who she is (in French), her address, the password."""
    address = {(post.first_name, post.last_name): people.address(post) for post in people.POSTS}
    return [(label, address[first, last], people.PASSWORD) for first, last, label in _SHOWN]
