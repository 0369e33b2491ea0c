"""The short way to a disclosure, for tests: a draft of Camille's to Mme Lantier, previewed and sent."""

from collections.abc import Sequence

from cases.models import Item
from partners.models import Membership
from sharing import composing, service
from sharing.models import Draft, DraftItem
from tests.personas import Territory

BENEFIT = "Des horaires de classe compatibles avec ses soins."
NECESSITY = "Sans cela, l’école ne peut pas organiser le rattrapage."


def draft_of(
    territory: Territory,
    *,
    items: Sequence[Item] | None = None,
    recipient: Membership | None = None,
    purpose: str = "scolarite",
) -> Draft:
    """Camille's draft about the child's absences, to the head of school unless said otherwise."""
    draft = composing.start(case=territory.case, by=territory.camille)
    draft.purpose = purpose
    draft.recipient = recipient or territory.lantier
    draft.benefit = BENEFIT
    draft.save()
    for item in items if items is not None else [territory.absences]:
        DraftItem.objects.create(draft=draft, item=item, necessity=NECESSITY)
    return Draft.objects.select_related("case__person", "recipient__professional", "recipient__institution").get(
        pk=draft.pk
    )


def seen(draft: Draft, by: Membership) -> str:
    """The fingerprint of what the author has on her screen."""
    return service.fingerprint(*service.preview(draft=draft, by=by), service.beside(draft))


def send(draft: Draft, by: Membership) -> service.Shared:
    """Look, then send at once."""
    return service.share(draft_id=draft.pk, previewed=seen(draft, by), by=by)
