"""What deserves to be looked at before sending: each function one principle of law.md, part 5. Pure; never a score, never a block.

A note asks a question; whether anything may be sent is decided elsewhere, and no note changes it.
"""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from cases.evaluative import Judgement, judgements
from partners.vocabulary import vocabulary
from sharing.helping.reasons import (
    REASONS,
    arguments_in,
    only_for_the_institution,
    shows_a_strength,
    urgency_in,
)
from sharing.helping.seen import Chosen, Note, Seen, in_order

YEAR = 12
OLD_MONTHS = 12
LONG = 900  # characters: about half a page
LONG_DOCUMENT = 300  # characters: beyond an extract
OFTEN = 3  # disclosures of one author to one recipient in seven days, this one not counted
HASTY = timedelta(minutes=2)
SENSITIVE = 3
FACT, DOCUMENT, HER_WORDS, OTHERS_WORDS = "fait_constate", "document", "propos_personne", "propos_tiers"
OPINIONS = frozenset({"analyse_pro", "hypothese"})
APPRECIATION = "appreciation_sociale"
HER_VIEW = frozenset({"projet_souhaits", "parole_enfant"})
DANGER = frozenset(
    {
        "grave_imminent_peril",
        "grave_immediate_danger",
        "life_in_immediate_danger",
        "danger_not_immediate",
        "gravity",
        "dangerousness",
        "weapon_or_intent",
        "coercive_control",
        "exposed_to_violence",
        "emergency_person_unable",
    }
)
"""The criteria of danger that a professional can tick (vocabulary.yaml, ``circumstances``)."""
HELP_AT_ONCE = "secours"
AGAINST = frozenset({"refused", "objected", "withdrawn"})


def notes(seen: Seen) -> tuple[Note, ...]:
    """Everything to look at in a draft, as the page goes down."""
    found: list[Note] = [
        *weak_arguments(seen),
        *benefit(seen),
        *often(seen),
        *appreciation(seen),
        *without_her_agreement(seen),
        *haste(seen),
    ]
    for one in seen.items:
        found += [*of_item(one, seen.today), *of_necessity(one, seen)]
    return in_order(found)


def urgent(seen: Seen) -> bool:
    """Somebody is in danger, by the criteria ticked: nothing is put off until tomorrow."""
    return seen.pressing or seen.purpose == HELP_AT_ONCE or not DANGER.isdisjoint(seen.circumstances)


def deserves_another_look(seen: Seen) -> bool:
    """Of the most sensitive kind, and nothing presses (P-20)."""
    known = vocabulary().categories
    return not urgent(seen) and any(
        one.category in known and known[one.category].sensitivity >= SENSITIVE for one in seen.items
    )


def weak_arguments(seen: Seen) -> Iterator[Note]:
    """P-04: each argument written or declared, with what the person said of it, where she did."""
    written = arguments_in("\n".join([seen.benefit, *(one.necessity for one in seen.items)]))
    statements = tuple(one for one in seen.words if one.own_words and one.purpose == seen.purpose)
    for code, argument in REASONS.arguments.items():
        if code in written or argument.circumstance in seen.circumstances:
            yield Note(
                code="weak_argument",
                place="benefit",
                ref=code,
                words=(written[code],) if code in written else (),
                ask=vocabulary().weak_arguments[code].ask,
                said=statements,
            )


def benefit(seen: Seen) -> Iterator[Note]:
    """P-03, P-07, P-10: whose benefit it is, whether it judges, whether an alarm stands for a danger."""
    institution = only_for_the_institution(seen.benefit)
    if institution:
        yield Note(code="institution_only", place="benefit", words=(institution,))
    yield from _judged(judgements(seen.benefit), place="benefit")
    alarm = urgency_in(seen.benefit)
    if alarm and not urgent(seen):
        yield Note(code="felt_urgency", place="benefit", words=(alarm,))


def often(seen: Seen) -> Iterator[Note]:
    """P-01: many disclosures to the same recipient in a short time."""
    if seen.recipient and seen.sent_to_her >= OFTEN:
        yield Note(code="often", place="recipient", number=seen.sent_to_her + 1, here=seen.sent_here)


def appreciation(seen: Seen) -> Iterator[Note]:
    """P-15: an appreciation goes with the person's own view, or with a resource."""
    shared = [one for one in seen.items if _appreciates(one)]
    if not shared:
        return
    if any(one.nature == HER_WORDS or one.category in HER_VIEW for one in seen.items):
        return
    if any(shows_a_strength(f"{one.label}\n{one.text}\n{one.necessity}") for one in seen.items):
        return
    yield Note(
        code="her_own_view",
        place="items",
        words=seen.speaking_elsewhere[:1],
        ref=shared[0].ref,
    )


def _appreciates(one: Chosen) -> bool:
    return one.nature in OPINIONS or (one.category == APPRECIATION and one.nature not in (HER_WORDS, OTHERS_WORDS))


def without_her_agreement(seen: Seen) -> Iterator[Note]:
    """P-17: she said no to this recipient, and a text that does without her agreement is what remains."""
    if seen.verdict in ("", "deny") or seen.rests_on_agreement:
        return
    chosen = frozenset(one.category for one in seen.items)
    against = [one for one in seen.words if one.state in AGAINST and (not one.categories or one.categories & chosen)]
    if against:
        last = max(against, key=lambda one: one.on)
        agreed_since = any(one.state == "given" and one.on > last.on and chosen <= one.categories for one in seen.words)
        if not agreed_since:
            yield Note(code="agreement_refused", place="word", said=(last,))


def haste(seen: Seen) -> Iterator[Note]:
    """P-20: sensitive, nothing presses, and drafted in less than two minutes."""
    if seen.drafted_in is not None and seen.drafted_in < HASTY and deserves_another_look(seen):
        yield Note(code="hasty", place="sending")


def of_item(one: Chosen, today: date) -> Iterator[Note]:
    """P-02, P-07 and P-15: is it still true, would an extract do, is it a fact, is its title a label stuck on somebody?"""
    months = months_between(one.observed_on, today)
    if _is_old(one.observed_on, today):
        yield Note(code="old", place="item", ref=one.ref, number=months)
    if one.nature == DOCUMENT and len(one.text) > LONG_DOCUMENT:
        yield Note(code="whole_document", place="item", ref=one.ref)
    elif len(one.text) > LONG:
        yield Note(code="long", place="item", ref=one.ref)
    if one.nature == FACT:
        yield from _judged(judgements(f"{one.label}\n{one.text}"), place="item", ref=one.ref)
    else:
        yield from _judged(judgements(one.label), place="item", ref=one.ref, code="judging_title")


def of_necessity(one: Chosen, seen: Seen) -> Iterator[Note]:
    """The reason given for an item, which its recipient reads: P-07 and P-10."""
    yield from _judged(judgements(one.necessity), place="need", ref=one.ref)
    alarm = urgency_in(one.necessity)
    if alarm and not urgent(seen):
        yield Note(code="felt_urgency", place="need", ref=one.ref, words=(alarm,))


def _judged(found: Sequence[Judgement], *, place: str, ref: str = "", code: str = "judging") -> Iterator[Note]:
    """One note for each thing to write instead, with the words that ask for it."""
    for ask in dict.fromkeys(one.ask for one in found):
        words = tuple(one.word for one in found if one.ask == ask)
        yield Note(code=code, place=place, ref=ref, words=words, ask=ask)


def months_between(earlier: date, later: date) -> int:
    """Whole months gone by; 0 where the day is to come."""
    months = (later.year - earlier.year) * YEAR + later.month - earlier.month - (later.day < earlier.day)
    return max(months, 0)


def _is_old(observed_on: date, today: date) -> bool:
    months = months_between(observed_on, today)
    return months > OLD_MONTHS or (months == OLD_MONTHS and observed_on.day != today.day)
