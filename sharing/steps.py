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
from sharing.matter import GIVEN, WEAK_ARGUMENTS, ItemMatter, Matter
from sharing.outcome import Path, Way
from sharing.saying import categories_said
from sharing.wording import _, quoted

WORDS = vocabulary()

CONSENT_MONTHS = 6  # law.md, part 3.3: product default
_COMFORT = "exception_professional_comfort"

# What is so or is not, and cannot be made so: only written down where it is true.
_A_FACT = frozenset({"same_care", "same_care_team", "both_work_with_person"})


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
    weak = not WEAK_ARGUMENTS.isdisjoint(held)
    if weak:
        yield _said(Path.NOTE_HER_WORDS, "dated_statement_of_person")
    if m.in_forum:
        yield _said(Path.INVITE_PARENTS, "presence_proposed")
    if weak or any(item.necessity is not None and not item.necessity.strip() for item in m.facts.items):
        why = _("par des faits : l’argument avancé ne suffit pas à lui seul") if weak else ""
        yield _simple(Path.SAY_WHY_NECESSARY, _necessary, _("Dire pourquoi chaque information est nécessaire"), why)
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
    if "hearsay" in held or any(each.nature is not None and not each.nature.shareable for each in m.items):
        yield _simple(
            Path.SAY_WHAT_WAS_SEEN,
            _first_hand,
            _("Dire seulement ce que vous avez constaté ou entendu vous-même"),
            _("s’il y a quelque chose : une rumeur ne se communique pas"),
        )
    for text in law.BY_PURPOSE.get(m.facts.purpose, ()):
        missing = _can_be_established(text, m)
        if missing:
            yield _established(missing)
        # An opinion is enough for the rest.
        fewer = tuple(each for each in missing if each in _of_groups(text)) if text.supervision_if_missing else ()
        if fewer and fewer != missing:
            yield _established(fewer)
    named = m.facts.purpose == law.CONSULTATION and "nominative" in held
    if named or (m.gate == law.NOBODY_IDENTIFIED and "reidentification_risk" in held):
        yield _simple(
            Path.CONSULT_WITHOUT_NAME,
            lambda facts: _circumstances(facts, add=("non_nominative",), drop=("nominative", "reidentification_risk")),
            _("Retirer le nom, et ce qui permet de reconnaître la personne"),
            _("ou en parler à d’autres, qui ne la connaissent pas"),
        )
    if m.call_unverified:
        yield _simple(
            Path.VERIFY_CALL,
            lambda facts: _circumstances(facts, add=("call_back_verified",), drop=("peril_unverified",)),
            _(WORDS.circumstances["call_back_verified"].to_do),
        )
    if m.facts.basis is not None:
        yield _simple(
            Path.ANOTHER_TEXT,
            lambda facts: facts.but(basis=None),
            _("Ne pas s’en tenir au texte invoqué"),
            _("un autre le permet"),
        )
    if "forum_ess" in held and m.recipient_bound != "instance":
        yield _simple(
            Path.SEND_GUEST_AWAY,
            lambda facts: _circumstances(facts, drop=("forum_ess", "unbound_guest_present")),
            _("En parler hors de l’équipe de suivi, à ce seul destinataire"),
        )
    if m.person.many:
        yield _simple(
            Path.ONE_BY_ONE,
            lambda facts: facts.but(person=replace(facts.person, many=False)),
            _("Décider pour une seule personne à la fois"),
            _("une communication, une décision"),
        )
    if "unbound_guest_present" in held:
        yield _simple(
            Path.SEND_GUEST_AWAY,
            lambda facts: _circumstances(facts, drop=("unbound_guest_present",)),
            _("En parler sans l’invité qui n’est pas soumis au secret"),
        )
    if m.facts.sheet_missing:
        yield _simple(
            Path.VALIDATE_SHEET,
            lambda facts: facts.but(sheet_missing=False),
            _("Faire valider la fiche de mission de cette institution"),
            _("écrite par l’une des deux, validée par l’autre"),
        )
    if m.facts.sheet_unread:
        yield _simple(
            Path.READ_SHEET,
            lambda facts: facts.but(sheet_unread=False),
            _("Lire d’abord la fiche de mission de cette institution"),
            _("ses missions, leurs limites, ce qu’elle peut demander et recevoir"),
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
    """Nobody refused, not all is agreed yet, and something here rests on an agreement."""
    if m.objects or m.gate or not m.items:
        return False
    disagreeing = m.person.is_minor and "parents_known_to_disagree" in m.held
    if not disagreeing and all(each.consent == GIVEN for each in m.items):
        return False
    if m.recipient is not None and m.recipient.without_agreement is not None:
        return True
    weak = not WEAK_ARGUMENTS.isdisjoint(m.held)
    hidden = "address_protected" in m.held and any(each.code == law.WHERE_SHE_IS for each in m.items)
    return any(
        _rests_on_agreement(text, m)
        or (disagreeing and text.objection == "blocks")
        # Her agreement mends a weak argument, but nobody asks the parents whether their child may be protected.
        or (weak and text.voluntary and not text.info_exception)
        # She alone opens her protected address, to just this recipient.
        or (hidden and text.voluntary and text.sender in m.sender_groups)
        for text in law.BY_PURPOSE.get(m.facts.purpose, ())
    )


def _rests_on_agreement(text: Basis, m: Matter) -> bool:
    """Asked of such a person, by such a sender."""
    return text.asks_agreement and text.sender in m.sender_groups and text.consent_exempt.isdisjoint(m.subjects)


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
    detail = _("de ce qui serait dit, à qui et pourquoi")
    if minor and any(text.info_exception for text in law.BY_PURPOSE.get(facts.purpose, ())):
        detail = _("de ce qui serait dit, à qui et pourquoi, sauf si cela mettait l’enfant en danger")
    return (Way(Path.INFORM_FIRST.value, label, detail, _refs(facts)),)


# --- what the text asks for ----------------------------------------------------------------------------------------------


def _can_be_established(text: Basis, m: Matter) -> tuple[str, ...]:
    if text.is_requisition:
        # The rest is verified by the legal service: written is what the demand must be before it gets there.
        return () if "written" in m.held else ("written",)
    asked = chain(text.requires, text.requires_if_nominative, _of_groups(text), filter(None, (text.alone_unless,)))
    missing = [each for each in dict.fromkeys(asked) if each not in m.held]
    return tuple(each for each in missing if WORDS.circumstances[each].to_do)


def _of_groups(text: Basis) -> tuple[str, ...]:
    if text.sender == "intervenant_meme_personne":
        return ("both_work_with_person",)
    return ("same_care_team",) if text.sender == "equipe_soins" else ()


def _established(missing: tuple[str, ...]) -> Step:
    def ways(facts: Facts) -> tuple[Way, ...]:
        if_so = _("si c’est bien le cas")
        return tuple(
            Way(
                Path.ESTABLISH.value, _(WORDS.circumstances[each].to_do), if_so if each in _A_FACT else "", _refs(facts)
            )
            for each in missing
        )

    return Step(Path.ESTABLISH, lambda facts: _circumstances(facts, add=missing), ways)


# --- the items -----------------------------------------------------------------------------------------------------------


def leaving_out(facts: Facts, left: frozenset[str]) -> Facts:
    """The same without these items."""
    return facts.but(items=tuple(item for item in facts.items if item.ref not in left))


@dataclass(frozen=True, slots=True)
class Rather:
    """What to say in the place of something that may not be said: what is needed, and not its cause."""

    category: str
    replaced: frozenset[str]  # families; empty: any
    label: str
    detail: str


# law.md, parts 1.3 C and 1.4: the need for coordination and not the difficulties; « frein : santé » and nothing of the illness;
# part 2: a school acts on a practical instruction.
_RATHER: dict[tuple[str, str], Rather] = {
    ("CASF-L121-6-2-1", "as_alerte_coordination"): Rather(
        "besoin_coordination",
        frozenset(),
        _("Dire seulement que plusieurs professionnels sont nécessaires"),
        _("sans la nature des difficultés"),
    ),
    ("CASF-L262-40", "insertion_rsa"): Rather(
        "emploi_insertion",
        frozenset({"sante"}),
        _("Dire seulement « frein : santé »"),
        _("sans la maladie, ni ses effets"),
    ),
    ("ACCORD", "scolarite"): Rather(
        "consigne_pratique",
        frozenset({"sante", "scolarite"}),
        _("Dire seulement ce qu’il y a à faire en classe"),
        _("sans dire pourquoi"),
    ),
}


def said_less(m: Matter) -> tuple[Facts, Way] | None:
    """The same with what is needed said in the place of what may not be said; None where there is no such thing here."""
    for text in law.BY_PURPOSE.get(m.facts.purpose, ()):
        other = _RATHER.get((text.code, m.facts.purpose))
        if other is None or other.category in {item.category for item in m.facts.items}:
            continue
        accepted = text.allowed[m.facts.purpose]
        if m.recipient is not None and m.recipient.accepts is not None and not m.in_forum:
            accepted &= m.recipient.accepts
        gone = tuple(each.ref for each in m.items if each.code not in accepted and _replaced(each, other))
        if gone:
            items = tuple(
                replace(item, category=other.category) if item.ref in gone else item for item in m.facts.items
            )
            return m.facts.but(items=items), Way(Path.SAY_LESS.value, _(other.label), _(other.detail), gone)
    return None


def _replaced(each: ItemMatter, other: Rather) -> bool:
    return each.category is not None and (not other.replaced or each.category.family in other.replaced)


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
    told = _items(
        facts, lambda item: item if item.necessity is None else replace(item, necessity=item.necessity.strip() or said)
    )
    return told.but(circumstances=told.circumstances - WEAK_ARGUMENTS)


def _first_hand(facts: Facts) -> Facts:
    natures = WORDS.natures
    seen = _items(
        facts,
        lambda item: (
            replace(item, nature="fait_constate")
            if item.nature in natures and not natures[item.nature].shareable
            else item
        ),
    )
    return _circumstances(seen, drop=("hearsay",))


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
