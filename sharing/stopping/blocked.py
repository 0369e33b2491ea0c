"""Drafts that her word blocks: kept, and their author told why. Computed from what stands, never stored."""

import uuid
from collections.abc import Iterable
from datetime import datetime

from django.utils.translation import gettext as _

from consent.standing import AUTHORITY_ENDED, CAME_OF_AGE, IN_ERROR, Standing, Towards, standings
from partners.models import Membership
from sharing import service
from sharing.models import Draft, DraftItem
from sharing.outcome import DENY


def blocked(drafts: Iterable[Draft], by: Membership, at: datetime) -> dict[uuid.UUID, str]:
    """Of these drafts of hers, those that her word stops, each with why in a few words.

    Five statements; then a decision for each on which somebody said no, or whose agreement lapsed: a no does not stop what the
    law imposes. `case` comes with its person.
    """
    rows = [one for one in drafts if one.recipient_id and one.purpose]
    categories: dict[uuid.UUID, set[str]] = {one.pk: set() for one in rows}
    for draft, category in DraftItem.objects.filter(draft__in=categories).values_list("draft", "item__category"):
        categories[draft].add(category)
    towards = {one.pk: Towards(one.case.person_id, one.recipient_id, one.purpose) for one in rows if one.recipient_id}
    words = standings(set(towards.values()), at=at) if rows else {}
    found = {}
    for one in rows:
        why = _why(words[towards[one.pk]], categories[one.pk])
        if why and _denied(one, by, at):
            found[one.pk] = why
    return found


def _why(word: Standing, categories: set[str]) -> str:
    if word.said("withdrawn") & categories:
        return _("bloqué : accord retiré")
    if word.said("objected") & categories:
        return _("bloqué : la personne s’y oppose")
    if word.said("refused") & categories:
        return _("bloqué : la personne refuse")
    lapsed = word.lapsed_on(categories - word.said("given"))
    return {
        IN_ERROR: _("bloqué : accord enregistré par erreur"),
        CAME_OF_AGE: _("bloqué : elle décide désormais elle-même"),
        AUTHORITY_ENDED: _("bloqué : qui avait donné l’accord ne décide plus"),
    }.get(lapsed, "")


def _denied(draft: Draft, by: Membership, at: datetime) -> bool:
    try:
        _facts, decision = service.preview(draft=draft, by=by, at=at)
    except service.IncompleteDraft:
        return True
    return decision.verdict == DENY
