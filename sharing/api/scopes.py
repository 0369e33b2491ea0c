"""What a token may do: each view says which scope each of its verbs asks for; what is not said is refused."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Scope(models.TextChoices):
    """A token never lets its bearer do more than she may: a scope only narrows it."""

    DIRECTORY_READ = "directory:read", _("Lire l’annuaire")
    CASES_READ = "cases:read", _("Lire mes situations")
    SHARING_PREVIEW = "sharing:preview", _("Vérifier si un partage est possible")
    SHARING_SEND = "sharing:send", _("Communiquer une information")
    SENT_READ = "sent:read", _("Suivre ce que j’ai communiqué")
    SHARING_RECALL = "sharing:recall", _("Rappeler ce que j’ai communiqué")
    RECEIVED_READ = "received:read", _("Voir ce qui m’attend")
    RECEIVED_OPEN = "received:open", _("Lire ce que j’ai reçu")
    RECEIVED_RETURN = "received:return", _("Retourner ce qui n’est pas pour moi")
    REQUESTS_READ = "requests:read", _("Voir les demandes")
    REQUESTS_WRITE = "requests:write", _("Demander et répondre")
    CONSENT_READ = "consent:read", _("Lire ce que la personne a décidé")
    CONSENT_WRITE = "consent:write", _("Enregistrer ce que la personne décide")
    PROOFS_READ = "proofs:read", _("Télécharger les preuves")
    PROOFS_CONTENT = "proofs:content", _("Télécharger les preuves, avec les noms et les motifs")


EXPLAINED = {
    Scope.DIRECTORY_READ: _(
        "Les services, les professionnels et leurs coordonnées, comme dans les pages de l’annuaire."
    ),
    Scope.CASES_READ: _("Les situations que vous suivez et la liste de leurs éléments. Chaque lecture est notée."),
    Scope.SHARING_PREVIEW: _("La réponse de la loi, sans rien envoyer."),
    Scope.SHARING_SEND: _(
        "Envoyer, en votre nom, des éléments choisis à un destinataire nommé. C’est vous qui en répondez."
    ),
    Scope.SENT_READ: _("Où en sont vos communications : lues, accusées, retournées."),
    Scope.SHARING_RECALL: _("Fermer une communication envoyée par erreur."),
    Scope.RECEIVED_READ: _("La liste de vos communications reçues, sans leur contenu."),
    Scope.RECEIVED_OPEN: _(
        "Le contenu de vos communications reçues, et l’accusé de réception. Chaque lecture est notée."
    ),
    Scope.RECEIVED_RETURN: _("Dire « ce n’est pas pour moi » : la communication est fermée pour vous."),
    Scope.REQUESTS_READ: _("Les demandes que vous avez envoyées ou reçues."),
    Scope.REQUESTS_WRITE: _("Envoyer une demande, y répondre, la retirer, en votre nom."),
    Scope.CONSENT_READ: _("Les accords, refus et retraits notés dans les situations que vous suivez."),
    Scope.CONSENT_WRITE: _("Noter un accord, un refus ou un retrait que la personne vous a exprimé."),
    Scope.PROOFS_READ: _(
        "Les preuves de ce qui est inscrit au journal, pour vos communications : ni noms, ni rien de ce qui est écrit."
    ),
    Scope.PROOFS_CONTENT: _(
        "Les mêmes preuves, avec les noms et les motifs écrits que vous pouvez lire. Une page vous demande de nouveau qui vous "
        "êtes ; un jeton, non."
    ),
}
"""What each scope lets a program do, in the words of the page where a token is made."""

WRITING = frozenset(
    {
        Scope.SHARING_SEND,
        Scope.SHARING_RECALL,
        Scope.RECEIVED_RETURN,
        Scope.REQUESTS_WRITE,
        Scope.CONSENT_WRITE,
    }
)
"""Scopes by which something is done in her name."""
READING_CONTENT = frozenset({Scope.CASES_READ, Scope.RECEIVED_OPEN, Scope.PROOFS_CONTENT})
"""Scopes by which what is written of a person leaves Tact for a program."""
