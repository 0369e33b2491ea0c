"""Rows → what the help looks at. Two statements, whatever the number of items, words and disclosures."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db.models import Case as When
from django.db.models import CharField, Count, Exists, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models import When as Branch

from cases.models import Item, ItemContent
from cases.offered import offered
from consent.counting import counting, withdrawals
from consent.models import Consent, Objection, Refusal
from partners import clock
from partners.models import Membership
from sharing import composing, law
from sharing.helping import looking
from sharing.helping.seen import Chosen, HerWord, Seen
from sharing.models import Disclosure, Draft, DraftItem
from sharing.outcome import Decision

A_WEEK = timedelta(days=7)
_WORD = ("state", "purpose", "categories", "own_words", "collected_on")


def seen(
    *,
    draft: Draft,
    by: Membership,
    known: Sequence[tuple[Item, str]],
    rows: Sequence[DraftItem],
    decision: Decision | None,
    at: datetime,
) -> Seen:
    """One draft as the help looks at it. ``known``: the items of the case with what they say, of which ``rows`` are chosen."""
    chosen = {row.item_id for row in rows}
    texts = {item.pk: text for item, text in known}
    sent_to_her, sent_here = _recently_sent(draft, by, at)
    basis = law.BY_CODE.get(decision.basis) if decision is not None and decision.basis else None
    return Seen(
        today=clock.day_of(at),
        purpose=draft.purpose,
        recipient=composing.recipient_short(draft.recipient) if draft.recipient else "",
        benefit=draft.benefit,
        circumstances=frozenset(draft.circumstances),
        pressing=draft.urgent or draft.said_at is not None,
        items=tuple(chosen_of(row.item, texts.get(row.item_id, ""), row.necessity) for row in rows),
        speaking_elsewhere=tuple(one.label for one, _text in known if one.pk not in chosen and _speaks(one)),
        words=her_words(draft),
        sent_to_her=sent_to_her,
        sent_here=sent_here,
        verdict=decision.verdict if decision is not None else "",
        rests_on_agreement=basis is not None and basis.asks_agreement,
        drafted_in=at - draft.started_at,
    )


def known_items(draft: Draft, words: str = "") -> list[tuple[Item, str]]:
    """The items that are chosen, and the latest that match, each with what it says: `cases.offered`, in one statement."""
    text = ItemContent.objects.filter(item=OuterRef("pk")).values("text")[:1]
    chosen = DraftItem.objects.filter(draft=draft).values("item")
    found = offered(draft.case_id, words=words, always=chosen).annotate(text=Subquery(text))
    return [(item, item.text or "") for item in found]


def chosen_of(item: Item, text: str, necessity: str = "") -> Chosen:
    """An item, as the help looks at it."""
    return Chosen(
        ref=str(item.pk),
        label=item.label,
        category=item.category,
        nature=item.nature,
        provenance=item.provenance,
        text=text,
        necessity=necessity,
        observed_on=item.observed_on,
    )


def _speaks(item: Item) -> bool:
    return item.nature == looking.HER_WORDS or item.category in looking.HER_VIEW


def her_words(draft: Draft) -> tuple[HerWord, ...]:
    """What she, or whoever speaks for her, said of this recipient, whatever the purpose; the oldest first. One statement."""
    if draft.recipient_id is None:
        return ()
    taken_back = Exists(withdrawals())
    given = When(Branch(taken_back, then=Value("withdrawn")), default=Value("given"), output_field=CharField())
    scope = {"person": draft.case.person_id, "recipient": draft.recipient_id}
    said: list[QuerySet] = [
        counting(model.objects.filter(**scope)).order_by().annotate(state=state).values_list(*_WORD)
        for model, state in (
            (Consent, given),
            (Refusal, Value("refused", output_field=CharField())),
            (Objection, Value("objected", output_field=CharField())),
        )
    ]
    rows = said[0].union(*said[1:], all=True).order_by("collected_on")
    return tuple(
        HerWord(state=state, purpose=purpose, categories=frozenset(categories), own_words=own_words, on=on)
        for state, purpose, categories, own_words, on in rows
    )


def _recently_sent(draft: Draft, by: Membership, at: datetime) -> tuple[int, int]:
    """How many times she wrote to this recipient in seven days, and how many of them about this case. One statement."""
    if draft.recipient_id is None:
        return 0, 0
    sent = Disclosure.objects.filter(author=by, recipient=draft.recipient_id, released_at__gt=at - A_WEEK).aggregate(
        all=Count("pk"), here=Count("pk", filter=Q(case=draft.case_id))
    )
    return sent["all"], sent["here"]
