"""The facts, read against the words of the rulebook and against one text: what the rules ask their questions about."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache

from partners.vocabulary import Category, Nature, Role, vocabulary
from sharing import law
from sharing.facts import ConsentFact, Facts, Item, Party
from sharing.law import Basis
from sharing.readable import readable
from sharing.wording import _, quoted

WORDS = vocabulary()

WEAK_ARGUMENTS = frozenset({"argument_for_her_own_good", "argument_spare_repeating", "argument_what_she_wants"})
BINDING = frozenset(code for code, bound in WORDS.bounds.items() if bound.bound)
_UNBOUND = frozenset({"discretion", "none"})
_PERSONS = frozenset({"person"})
_NO_PROFESSIONAL_PARTNER = frozenset({"person", "authority"})

# The circumstances on which the groups of someone depend.
_GROUPING = frozenset({"both_work_with_person", "coordinator_designated", "same_care_team", "agreement_expired"})

_PURPOSES = WORDS.purposes.keys() | WORDS.forbidden_purposes.keys()

GIVEN, REFUSED, WITHDRAWN, NO_WORD = "given", "refused", "withdrawn", "none"


@lru_cache(maxsize=4096)
def _groups(role: str, bound: str, grouping: frozenset[str]) -> frozenset[str]:
    """What bases.yaml may call this professional: the groups of her role, and those derived (roles.yaml, at the top)."""
    known = WORDS.roles.get(role)
    if known is None or bound not in WORDS.bounds:
        return frozenset()
    own = known.groups
    derived = {
        "any": bound not in _PERSONS,
        "any_convention": bound not in _NO_PROFESSIONAL_PARTNER and "agreement_expired" not in grouping,
        "bound_any": bound in BINDING,
        "unbound_any": bound in _UNBOUND,
        "health_or_social_professional": bool(
            own & {"health_professional", "professionnel_action_sociale", "mission_ase"}
        ),
        "intervenant_meme_personne": "professionnel_action_sociale" in own and "both_work_with_person" in grouping,
        "coordonnateur": "professionnel_action_sociale" in own and "coordinator_designated" in grouping,
        "professionnel_seul_ou_coordonnateur": "professionnel_action_sociale" in own,
        "equipe_soins": "r1110_2" in own and "same_care_team" in grouping,
        # A role listed among the bound counts as such only while the recorded status says so.
        "bound_pe": "bound_pe" in own and bound in BINDING,
    }
    return (own - {"bound_pe"}) | {group for group, belongs in derived.items() if belongs}


def possible_groups(role: str) -> frozenset[str]:
    """What bases.yaml may call someone in this role, everything that could be established being so."""
    known = WORDS.roles.get(role)
    return _groups(role, known.bound if known else "", _GROUPING - {"agreement_expired"})


@lru_cache(maxsize=256)
def _subjects(minor: bool, defenceless: bool) -> frozenset[str]:
    if minor:
        return frozenset({"mineur"})
    return frozenset({"majeur", "majeur_vulnerable"} if defenceless else {"majeur"})


class ItemMatter:
    """One item, with what is known of it: its words, what the person said of it, whether she was told."""

    __slots__ = ("category", "code", "consent", "depositary", "informed", "item", "nature", "received", "ref")

    def __init__(self, item: Item, facts: Facts, held: frozenset[str]) -> None:
        self.item = item
        self.ref = item.ref
        self.code = item.category
        self.category: Category | None = WORDS.categories.get(item.category)
        self.nature: Nature | None = WORDS.natures.get(item.nature)
        self.consent = word_on(item.category, facts)
        told = facts.informed.categories
        self.informed = facts.informed.state == "done" and (told is None or item.category in told)
        self.depositary = item.depositary and "not_depositary" not in held
        self.received = item.received or "onward_sharing" in held


class Matter:
    """The whole, read once; ``text`` and ``misses`` change as each text is tried."""

    __slots__ = (
        "facts",
        "gate",
        "held",
        "items",
        "misses",
        "person",
        "readable",
        "recipient",
        "recipient_bound",
        "recipient_groups",
        "sender",
        "sender_bound",
        "sender_groups",
        "subjects",
        "text",
    )

    def __init__(self, facts: Facts) -> None:
        held = facts.circumstances
        grouping = held & _GROUPING
        self.facts = facts
        self.readable = readable(facts)
        self.held = held
        self.person = facts.person
        self.sender: Role | None = WORDS.roles.get(facts.sender.role)
        self.recipient: Role | None = WORDS.roles.get(facts.recipient.role)
        self.sender_bound = _bound(facts.sender, self.sender)
        self.recipient_bound = _bound(facts.recipient, self.recipient)
        self.sender_groups = _groups(facts.sender.role, self.sender_bound, grouping)
        self.recipient_groups = _groups(facts.recipient.role, self.recipient_bound, grouping)
        self.items = tuple([ItemMatter(item, facts, held) for item in facts.items])
        self.subjects = _subjects(facts.person.is_minor, facts.person.vulnerable or facts.person.unable)
        self.gate = self._gate()
        self.text: Basis | None = None
        self.misses: tuple[str, ...] = ()

    def _gate(self) -> str:
        if "nominative" not in self.held:
            if "non_nominative" in self.held or not self.person.identifiable:
                return law.NOBODY_IDENTIFIED
            if self.facts.purpose == law.CONSULTATION and "reidentification_risk" in self.held:
                return law.NOBODY_IDENTIFIED
        if self.recipient is not None and self.recipient.parental and self.person.is_minor:
            return law.PARENTS_OF_THE_CHILD
        return ""

    def missing(self, basis: Basis) -> tuple[str, ...]:
        """Why this text does not fit: among ``sender``, ``recipient``, ``subject``, ``agreement``; empty where it fits."""
        misses = []
        if basis.sender not in self.sender_groups:
            misses.append("sender")
        to_whom = self.recipient_groups.isdisjoint(basis.recipients)
        if to_whom or self._neither_side(basis) or (basis.is_agreement and self._beyond_agreement()):
            misses.append("recipient")
        if self.person.many or (basis.subject and basis.subject.isdisjoint(self.subjects)):
            misses.append("subject")
        if basis.is_agreement and not any(each.consent in (GIVEN, WITHDRAWN) for each in self.items):
            misses.append("agreement")
        return tuple(misses)

    def _neither_side(self, basis: Basis) -> bool:
        side = basis.one_side
        return bool(side) and side not in self.sender_groups and side not in self.recipient_groups

    def _beyond_agreement(self) -> bool:
        limit = self.recipient.on_agreement_for if self.recipient else None
        return limit is not None and self.facts.purpose not in limit

    # --- what the rules ask --------------------------------------------------------------------------------------------

    @property
    def silent(self) -> bool:
        """No text fits, and no gate makes one needless."""
        return not self.gate and (self.text is None or bool(self.misses))

    @property
    def in_forum(self) -> bool:
        """In an équipe de suivi de la scolarisation, whose members are bound as such."""
        return "forum_ess" in self.held or self.recipient_bound == "instance"

    @property
    def is_rescue(self) -> bool:
        """Calling for help: nothing else is asked of the one who calls."""
        return self.text is not None and self.text.rescue

    @property
    def is_institutional(self) -> bool:
        """A legal flow of the institution, whoever the depositary is."""
        return self.text is not None and self.text.depositary == "institution"

    @property
    def agreement_exempt(self) -> bool:
        """Her agreement is not asked for, because of who she is or because she cannot speak."""
        text = self.text
        return text is not None and (not text.consent_exempt.isdisjoint(self.subjects) or self.emergency)

    @property
    def emergency(self) -> bool:
        """Urgent, and she cannot express her will: she is told, and asked, afterwards."""
        text = self.text
        return text is not None and text.emergency == "inform_after" and "emergency_person_unable" in self.held

    @property
    def call_unverified(self) -> bool:
        """They called or came, and nothing shows who they are."""
        held = self.held
        return "peril_unverified" in held or ("by_telephone" in held and "call_back_verified" not in held)

    @property
    def sender_is_depositary(self) -> bool:
        return "not_depositary" not in self.held and all(each.depositary for each in self.items)

    @property
    def exception_founded(self) -> bool:
        """She was not told, for a reason that the text accepts."""
        text = self.text
        return text is not None and bool(text.info_exception) and "exception_child_interest" in self.held

    @property
    def objects(self) -> bool:
        """She opposes: by an objection, a refusal or a withdrawal."""
        return "person_objects" in self.held or any(each.consent in (REFUSED, WITHDRAWN) for each in self.items)

    def unmet(self, conditions: tuple[str, ...]) -> str:
        """The labels of those conditions that are not established, for a sentence; empty where all are."""
        return ", ".join([quoted(_(WORDS.circumstances[each].label)) for each in conditions if each not in self.held])


def _bound(party: Party, role: Role | None) -> str:
    if party.bound is not None:
        return party.bound
    return role.bound if role is not None else ""


def word_on(category: str, facts: Facts) -> str:
    """What the person said on passing this category to this recipient for this purpose, now: her last word.

    A refusal or a withdrawal prevails over an agreement unless the agreement is known to be the later of the two.
    """
    if not facts.consents:
        return NO_WORD
    agreed = [c for c in facts.consents if c.state == GIVEN and _covers(c, category, facts)]
    against = [c for c in facts.consents if c.state != GIVEN and _touches(c, category, facts)]
    if agreed and all(any(_later(yes, no) for yes in agreed) for no in against):
        return GIVEN
    if against:
        # A word that is not understood is a refusal.
        return WITHDRAWN if any(c.state == WITHDRAWN for c in against) else REFUSED
    return NO_WORD


def agreed_until(category: str, facts: Facts) -> datetime | None:
    """Until when her agreements to just this last: the latest of them; None where one has no end."""
    ends = [c.valid_until for c in facts.consents if c.state == GIVEN and _covers(c, category, facts)]
    return None if None in ends else max((end for end in ends if end is not None), default=None)


def _covers(consent: ConsentFact, category: str, facts: Facts) -> bool:
    return (
        bool(consent.recipient)
        and consent.recipient == facts.recipient.ref
        and consent.institution in ("", facts.recipient.institution)
        and consent.purpose == facts.purpose
        and category in consent.categories
        and (consent.valid_from is None or consent.valid_from <= facts.at)
        and (consent.valid_until is None or facts.at < consent.valid_until)
    )


def _touches(consent: ConsentFact, category: str, facts: Facts) -> bool:
    # Words that are not understood may have meant this.
    named = consent.categories
    return (
        consent.recipient in ("", facts.recipient.ref)
        and (consent.purpose == facts.purpose or consent.purpose not in _PURPOSES)
        and (category in named or not named or not named <= WORDS.categories.keys())
    )


def _later(agreed: ConsentFact, against: ConsentFact) -> bool:
    said = agreed.said_at or agreed.valid_from
    other = against.said_at or (against.valid_until if against.state == WITHDRAWN else against.valid_from)
    return said is not None and other is not None and said > other
