"""What deserves a second look before it leaves: what is old, what is long, what judges (law.md, P-02 and P-07). Never a block."""

import uuid
from collections.abc import Sequence
from datetime import date

from django.utils.translation import gettext as _

from cases.evaluative import judging_words
from cases.models import Item, ItemContent

OLD_MONTHS = 12
YEAR = 12
LONG = 900  # characters: about half a page
FACT = "fait_constate"


def notes(items: Sequence[Item], *, today: date) -> dict[uuid.UUID, list[str]]:
    """For each item, the sentences that ask whether it is still true, whether an extract would do, whether it is a fact."""
    texts = dict(ItemContent.objects.filter(item__in=[item.pk for item in items]).values_list("item", "text"))
    return {
        item.pk: [*_age(item, today), *_length(texts.get(item.pk)), *_judgement(item, texts.get(item.pk))]
        for item in items
    }


def months_between(earlier: date, later: date) -> int:
    """Whole months gone by; 0 where the day is to come."""
    months = (later.year - earlier.year) * YEAR + later.month - earlier.month - (later.day < earlier.day)
    return max(months, 0)


def _age(item: Item, today: date) -> list[str]:
    months = months_between(item.observed_on, today)
    if months < OLD_MONTHS or (months == OLD_MONTHS and item.observed_on.day == today.day):
        return []
    if months < 2 * YEAR:
        return [_("Observé il y a %(months)s mois : est-ce encore vrai ?") % {"months": months}]
    return [_("Observé il y a %(years)s ans : est-ce encore vrai ?") % {"years": months // YEAR}]


def _length(text: str | None) -> list[str]:
    return [_("Texte long : un extrait suffirait-il ?")] if text and len(text) > LONG else []


def _judgement(item: Item, text: str | None) -> list[str]:
    if item.nature != FACT:
        return []
    words = judging_words(f"{item.label}\n{text or ''}")
    if not words:
        return []
    quoted = ", ".join(_("« %(label)s »") % {"label": word} for word in words)
    return [_("%(words)s : est-ce un fait constaté, ou un jugement ?") % {"words": quoted}]
