"""The short ways of the person's rights: the mother asks for her child, Camille writes it down and answers."""

from datetime import datetime

from cases import rights
from cases.models import Item, Limitation, Rectification, RectificationAnswer
from partners import clock
from partners.models import Membership
from sharing.models import Disclosure
from tests import personas
from tests.personas import Territory
from tests.sharing.ways import draft_of, send

WRONG = "Ce n’est pas tous les mardis : seulement ceux de la séance."
CORRECTED = "Absent les mardis de séance seulement, un sur deux, dit sa mère."


def asks(territory: Territory, item: Item | None = None, at: datetime | None = None) -> Rectification:
    """The mother asks that what is written of the absences be corrected."""
    return rights.request_rectification(
        item=item or territory.absences, asked_by=territory.mother, text=WRONG, by=territory.camille, at=at
    )


def corrected(territory: Territory, item: Item | None = None) -> RectificationAnswer:
    """Asked, and accepted by Camille, without telling anybody."""
    return rights.accept_rectification(rectification=asks(territory, item), text=CORRECTED, by=territory.camille)


def limits(territory: Territory, item: Item | None = None, by: Membership | None = None) -> Limitation:
    """The mother has the sharing of this item, or of the whole case, stopped."""
    return rights.limit(
        case=territory.case,
        item=item,
        ground="accuracy",
        asked_by=territory.mother,
        text="Tant que ce n’est pas vérifié.",
        by=by or territory.camille,
    )


def lifted(territory: Territory, limitation: Limitation) -> None:
    """Over, the mother having been told today."""
    rights.lift_limitation(
        limitation=limitation,
        reason="Vérifié avec elle.",
        person_told_on=clock.day_of(clock.now()),
        by=territory.camille,
    )


def sent(territory: Territory, items: list[Item] | None = None) -> Disclosure:
    """The absences, sent to the head of school with the mother's agreement."""
    personas.parents_agree(territory)
    disclosure = send(draft_of(territory, items=items), territory.camille).disclosure
    assert disclosure is not None
    return disclosure
