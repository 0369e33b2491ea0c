"""Which items of a case a page offers: the latest, and those whose label holds what is looked for. A long case stays readable."""

import uuid
from collections.abc import Collection

from django.db.models import Q, QuerySet

from partners.search import Normalised, normalised

from .models import Case, Item

OFFERED = 30
WORDS_MOST = 5


def matching(items: QuerySet[Item], words: str) -> QuerySet[Item]:
    """Those whose label holds each of these words, whatever the accents and capitals; all of them where there is no word."""
    wanted = normalised(words).split()[:WORDS_MOST]
    if not wanted:
        return items
    found = items.annotate(normalised_label=Normalised("label"))
    for word in wanted:
        found = found.filter(normalised_label__contains=word)
    return found


def offered(
    case: Case | uuid.UUID, *, words: str = "", always: Collection[uuid.UUID] | QuerySet = ()
) -> QuerySet[Item]:
    """The latest thirty items of the case that match, and those of `always` whatever they are; the newest first. One statement."""
    every = Item.objects.filter(case=case)
    latest = matching(every, words).values("pk")[:OFFERED]
    return every.filter(Q(pk__in=latest) | Q(pk__in=always))
