"""Who publishes and who hosts, as the settings say it; « à confirmer » where they do not, invented in a demonstration."""

from django.conf import settings

FICTITIOUS = {
    "publisher": "Département du Val-de-Sauve",
    "publisher_address": "1, place de la Sauve, 99000 Vallières",
    "publisher_contact": "tact@val-de-sauve.example",
    "director": "La présidente du conseil départemental",
    "host": "Hébergeur des Tilleuls",
    "host_address": "12, allée des Tilleuls, 99000 Vallières",
    "host_contact": "contact@hebergeur.example",
    "host_health": "",
    "accessibility_contact": "accessibilite@val-de-sauve.example",
}
"""The demonstration's: names that lead to nobody."""


def published() -> dict[str, str]:
    """What the pages say of this house; empty where it has not been said, which the pages show as « à confirmer »."""
    said: dict[str, str] = settings.PUBLISHED
    return {name: text or (FICTITIOUS.get(name, "") if settings.DEMO else "") for name, text in said.items()}


def unsaid() -> list[str]:
    """What a visitor has a right to read and nobody has written."""
    return [name for name, text in published().items() if not text]
