"""What could be changed, lawfully, in what is intended: each step turns facts into other facts, and says what to do.

A step is only proposed where it makes sense; whether it leads anywhere is decided again, in ``sharing.ways``. Nothing here
chases a person who refused: no step asks for an agreement that was refused, withdrawn or objected to.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import chain

from partners.vocabulary import vocabulary
from sharing import law
from sharing.duties import months_later
from sharing.facts import ConsentFact, Facts, Information, Item
from sharing.law import Basis
from sharing.matter import GIVEN, WEAK_ARGUMENTS, Matter
from sharing.outcome import Path, Way
from sharing.saying import categories_said
from sharing.wording import _, quoted

WORDS = vocabulary()

CONSENT_MONTHS = 6  # law.md, part 3.3: product default
_COMFORT = "exception_professional_comfort"


@dataclass(frozen=True, slots=True)
class Step:
    """Something to do first: how the facts would change, and how it is said once the items are known."""

    code: Path
    change: Callable[[Facts], Facts]
    ways: Callable[[Facts], tuple[Way, ...]]


def applicable(m: Matter) -> tuple[Step, ...]:
    """The steps that make sense here, the least intrusive first."""
    order = list(Path)
    return tuple(sorted(_steps(m), key=lambda step: order.index(step.code)))


def _steps(m: Matter) -> Iterator[Step]:
    if agreement_may_be_sought(m):
        yield Step(Path.COLLECT_AGREEMENT, agreed, _agreement_ways)
    if may_be_informed(m):
        yield Step(Path.INFORM_FIRST, told, _information_ways)
    held = m.held
    if not WEAK_ARGUMENTS.isdisjoint(held):
        yield _said(Path.NOTE_HER_WORDS, "dated_statement_of_person")
    if m.in_forum:
        yield _said(Path.INVITE_PARENTS, "presence_proposed")
    if any(item.necessity is not None and not item.necessity.strip() for item in m.facts.items):
        yield _simple(Path.SAY_WHY_NECESSARY, _necessary, _("Dire pourquoi chaque information est nécessaire"))
    if "hypothesis_unlabelled" in held:
        yield _simple(
            Path.LABEL_HYPOTHESIS,
            lambda facts: _circumstances(facts, add=("hypothesis_labelled",), drop=("hypothesis_unlabelled",)),
            _("Présenter l’hypothèse comme une hypothèse"),
            _("avec sa date et son auteur"),
        )
    if "third_party_data" in held or any(item.third_parties for item in m.facts.items):
        yield _simple(
            Path.LEAVE_OUT_THIRD_PARTIES, _without_third_parties, _("Retirer ce qui parle de quelqu’un d’autre")
        )
    for text in law.BY_PURPOSE.get(m.facts.purpose, ()):
        missing = _can_be_established(text, m)
        if missing:
            yield _established(missing)
    if m.gate == law.NOBODY_IDENTIFIED and "reidentification_risk" in held:
        yield _simple(
            Path.CONSULT_WITHOUT_NAME,
            lambda facts: _circumstances(facts, add=("non_nominative",), drop=("reidentification_risk",)),
            _("Retirer ce qui permet de reconnaître la personne"),
            _("ou en parler à d’autres, qui ne la connaissent pas"),
        )
    if m.call_unverified:
        yield _simple(
            Path.VERIFY_CALL,
            lambda facts: _circumstances(facts, add=("call_back_verified",), drop=("peril_unverified",)),
            _(WORDS.circumstances["call_back_verified"].to_do),
        )
    if "unbound_guest_present" in held:
        yield _simple(
            Path.SEND_GUEST_AWAY,
            lambda facts: _circumstances(facts, drop=("unbound_guest_present",)),
            _("En parler sans l’invité qui n’est pas soumis au secret"),
        )
    if "agreement_expired" in held:
        yield _simple(
            Path.RENEW_AGREEMENT,
            lambda facts: _circumstances(facts, drop=("agreement_expired",)),
            _("Faire renouveler la convention entre les deux institutions"),
        )
    if not m.sender_is_depositary or any(each.received for each in m.items):
        yield _simple(
            Path.ASK_DEPOSITARY,
            _by_the_depositary,
            _("Laisser décider la personne à qui l’information a été confiée"),
            _("elle seule peut la communiquer, ou non"),
        )


# --- the person ----------------------------------------------------------------------------------------------------------


def agreement_may_be_sought(m: Matter) -> bool:
    """Nobody refused, and something here rests on an agreement."""
    if m.objects or m.gate or not m.items:
        return False
    texts = law.BY_PURPOSE.get(m.facts.purpose, ())
    closed_role = m.recipient is not None and m.recipient.without_agreement is not None
    return closed_role or any(text.asks_agreement for text in texts) or not WEAK_ARGUMENTS.isdisjoint(m.held)


def agreed(facts: Facts) -> Facts:
    """The person, or both parents, were told and agreed, to this and no more."""
    agreement = ConsentFact(
        state=GIVEN,
        recipient=facts.recipient.ref,
        institution=facts.recipient.institution,
        purpose=facts.purpose,
        categories=frozenset(item.category for item in facts.items),
        valid_from=facts.at,
        valid_until=months_later(facts.at, CONSENT_MONTHS),
        said_at=facts.at,
    )
    heard = _circumstances(facts, drop=("parents_known_to_disagree",))
    return told(heard.but(consents=(*facts.consents, agreement)))


def _agreement_ways(facts: Facts) -> tuple[Way, ...]:
    categories = tuple(dict.fromkeys(item.category for item in facts.items))
    if not facts.person.is_minor:
        label = _("Recueillir l’accord de la personne")
    elif "parents_known_to_disagree" in facts.circumstances:
        label = _("Recueillir l’accord des deux parents")
    else:
        label = _("Recueillir l’accord des parents")
    what = categories_said(list(categories))
    detail = f"{_('pour')} {what}, {_('six mois, renouvelable')}"
    return (Way(Path.COLLECT_AGREEMENT.value, label, detail, _refs(facts), categories=categories),)


def may_be_informed(m: Matter) -> bool:
    """Not all was told, and telling would harm nobody."""
    if m.facts.informed.state == "done" and m.facts.informed.categories is None:
        return False
    return "exception_child_interest" not in m.held


def told(facts: Facts) -> Facts:
    """The person, or the parents, know what would be said, to whom, and why."""
    return _circumstances(facts, drop=(_COMFORT,)).but(informed=Information("done"))


def _information_ways(facts: Facts) -> tuple[Way, ...]:
    minor = facts.person.is_minor
    label = _("Informer d’abord les parents, et l’enfant") if minor else _("Informer d’abord la personne")
    return (Way(Path.INFORM_FIRST.value, label, _("de ce qui serait dit, à qui et pourquoi"), _refs(facts)),)


# --- what the text asks for ----------------------------------------------------------------------------------------------


def _can_be_established(text: Basis, m: Matter) -> tuple[str, ...]:
    asked = chain(text.requires, text.requires_if_nominative, _of_groups(text), filter(None, (text.alone_unless,)))
    missing = [each for each in dict.fromkeys(asked) if each not in m.held]
    return tuple(each for each in missing if WORDS.circumstances[each].to_do)


def _of_groups(text: Basis) -> tuple[str, ...]:
    if text.sender == "intervenant_meme_personne":
        return ("both_work_with_person",)
    return ("same_care_team",) if text.sender == "equipe_soins" else ()


def _established(missing: tuple[str, ...]) -> Step:
    def ways(facts: Facts) -> tuple[Way, ...]:
        todo = [_(WORDS.circumstances[each].to_do) for each in missing]
        return tuple(Way(Path.ESTABLISH.value, each, "", _refs(facts)) for each in todo)

    return Step(Path.ESTABLISH, lambda facts: _circumstances(facts, add=missing), ways)


# --- the items -----------------------------------------------------------------------------------------------------------


def leaving_out(facts: Facts, left: frozenset[str]) -> Facts:
    """The same without these items."""
    return facts.but(items=tuple(item for item in facts.items if item.ref not in left))


def leave_out_way(left: tuple[Item, ...], why: str) -> Way:
    """« Laisser « Santé : diagnostic » de côté »."""
    labels = [_label(item.category) for item in left]
    named = ", ".join(quoted(label) for label in dict.fromkeys(labels))
    refs = tuple(item.ref for item in left)
    return Way(Path.LEAVE_OUT.value, f"{_('Laisser')} {named} {_('de côté')}", why, refs)


def _label(category: str) -> str:
    known = WORDS.categories.get(category)
    return category if known is None else _(known.label)


def _necessary(facts: Facts) -> Facts:
    said = _("Dit.")
    return _items(
        facts, lambda item: item if item.necessity is None else replace(item, necessity=item.necessity or said)
    )


def _without_third_parties(facts: Facts) -> Facts:
    kept = _items(facts, lambda item: replace(item, third_parties=False))
    return _circumstances(kept, drop=("third_party_data",))


def _by_the_depositary(facts: Facts) -> Facts:
    hers = _items(facts, lambda item: replace(item, depositary=True, received=False))
    return _circumstances(hers, drop=("not_depositary", "onward_sharing", "hierarchical_order"))


def _items(facts: Facts, change: Callable[[Item], Item]) -> Facts:
    return facts.but(items=tuple(change(item) for item in facts.items))


# --- small parts ---------------------------------------------------------------------------------------------------------


def _circumstances(facts: Facts, *, add: tuple[str, ...] = (), drop: tuple[str, ...] = ()) -> Facts:
    return facts.but(circumstances=(facts.circumstances - set(drop)) | set(add))


def _simple(code: Path, change: Callable[[Facts], Facts], label: str, detail: str = "") -> Step:
    return Step(code, change, lambda facts: (Way(code.value, label, detail, _refs(facts)),))


def _said(code: Path, circumstance: str) -> Step:
    return _simple(
        code, lambda facts: _circumstances(facts, add=(circumstance,)), _(WORDS.circumstances[circumstance].to_do)
    )


def _refs(facts: Facts) -> tuple[str, ...]:
    return tuple(item.ref for item in facts.items)
