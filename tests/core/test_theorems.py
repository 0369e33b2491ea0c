"""The eight theorems of Cedar's authorizer, held here, and what must hold whatever the facts (law.md, part 6.2)."""

from dataclasses import replace
from datetime import datetime
from types import MappingProxyType

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from partners.vocabulary import vocabulary
from sharing import law
from sharing.decision import decide
from sharing.facts import Facts
from sharing.matter import Matter
from sharing.outcome import DENY, SEVERITY, Decision
from sharing.rules import RULES, Rule
from sharing.weighing import weigh
from tests.core.strategies import disclosures, plausible

# A drawing is small and the machine is shared: fewer examples, no deadline.
some = settings(max_examples=60, deadline=None)

subsets_of_texts = st.frozensets(st.sampled_from(sorted(law.BY_CODE)))
subsets_of_rules = st.frozensets(st.sampled_from(RULES))


def _texts(codes: frozenset[str]) -> MappingProxyType[str, tuple[law.Basis, ...]]:
    return MappingProxyType(dict(law.by_purpose(tuple(law.BY_CODE[code] for code in sorted(codes)))))


def _adding(name: str, effect: str) -> Rule:
    return Rule(name, law.CP_226_13, effect, "no_basis", "Essai.", "", False, lambda _matter: True)


def _needs_a_text(facts: Facts) -> bool:
    return not Matter(facts).gate


def _severity(decision: Decision) -> int:
    return SEVERITY[decision.verdict]


@some
@given(disclosures)
def test_forbid_trumps_permit(facts: Facts) -> None:
    assert weigh(facts, rules=(*RULES, _adding("forbid", DENY))).verdict == DENY


@some
@given(disclosures)
def test_without_any_text_everything_nominative_is_refused(facts: Facts) -> None:
    assume(_needs_a_text(facts))
    decision = weigh(facts, texts={})
    assert decision.verdict == DENY
    assert decision.reasons[0] == "no_basis"
    assert decision.findings[0].article == law.CP_226_13


@some
@given(disclosures)
def test_allowed_if_and_only_if_a_text_permits_and_no_norm_forbids(facts: Facts) -> None:
    assume(_needs_a_text(facts))
    decision = decide(facts)
    matter = Matter(facts)
    serving = law.BY_PURPOSE.get(facts.purpose, ())
    fitting = [text for text in serving if facts.basis in (None, text.code) and not matter.missing(text)]
    outcomes = {text.code: weigh(facts.but(basis=text.code)) for text in fitting}
    permitted = any(each.verdict == "allow" for each in outcomes.values())
    assert (decision.verdict == "allow") == permitted
    if decision.verdict == "allow":
        assert decision.basis in outcomes
        assert all(finding.effect == "allow" for finding in decision.findings)


@some
@given(disclosures, st.randoms(use_true_random=False))
def test_the_order_of_items_of_consents_and_of_rules_does_not_matter(facts: Facts, chance: object) -> None:
    shuffle = chance.shuffle  # type: ignore[attr-defined]
    items, consents, rules = list(facts.items), list(facts.consents), list(RULES)
    for each in (items, consents, rules):
        shuffle(each)
    before = decide(facts)
    after = weigh(facts.but(items=tuple(items), consents=tuple(consents)), rules=tuple(rules))
    assert (after.verdict, after.basis, set(after.reasons)) == (before.verdict, before.basis, set(before.reasons))
    assert set(after.duties) == set(before.duties)
    assert {each.ref: each.verdict for each in after.items} == {each.ref: each.verdict for each in before.items}


@some
@given(disclosures)
def test_duplicates_do_not_matter(facts: Facts) -> None:
    before, after = decide(facts), weigh(facts.but(consents=facts.consents * 2), rules=RULES * 2)
    assert (after.verdict, after.basis, after.reasons, after.duties) == (
        before.verdict,
        before.basis,
        before.reasons,
        before.duties,
    )


@some
@given(disclosures, subsets_of_texts)
def test_adding_a_text_never_makes_the_verdict_stricter(facts: Facts, codes: frozenset[str]) -> None:
    assert _severity(weigh(facts)) <= _severity(weigh(facts, texts=_texts(codes)))


@some
@given(disclosures, subsets_of_rules)
def test_adding_a_norm_never_makes_the_verdict_milder(facts: Facts, left_out: frozenset[Rule]) -> None:
    # Silence itself is the norm of last resort: without it nothing would refuse where no text speaks.
    fewer = tuple(rule for rule in RULES if rule not in left_out)
    assert _severity(weigh(facts)) >= _severity(weigh(facts, rules=fewer))


@some
@given(disclosures)
def test_the_norms_that_are_told_are_those_that_decided(facts: Facts) -> None:
    decision = decide(facts)
    strictest = max((SEVERITY[finding.effect] for finding in decision.findings), default=0)
    assert strictest == _severity(decision)
    deciding = {finding.rule for finding in decision.findings if SEVERITY[finding.effect] == strictest > 0}
    others = tuple(rule for rule in RULES if rule.name not in deciding)
    if deciding:
        assert _severity(weigh(facts, rules=others)) < strictest or decision.basis is None or _other_text(facts)


def _other_text(facts: Facts) -> bool:
    matter = Matter(facts)
    return sum(1 for text in law.BY_PURPOSE.get(facts.purpose, ()) if not matter.missing(text)) > 1


@some
@given(disclosures, st.sampled_from(RULES))
def test_an_erring_norm_never_permits(facts: Facts, erring: Rule) -> None:
    def errs(*_anything: object) -> bool:
        raise KeyError("unreadable")

    broken = tuple(replace(rule, applies=errs) if rule is erring else rule for rule in RULES)
    decision = weigh(facts, rules=broken)
    if facts.items or not erring.about_item:
        assert decision.verdict == DENY
        assert erring.name in {finding.rule for finding in decision.findings}
    assert _severity(decision) >= _severity(decide(facts))


# --- what must hold whatever the facts -----------------------------------------------------------------------------------


@some
@given(disclosures)
def test_every_outcome_cites_a_text_that_can_be_read(facts: Facts) -> None:
    decision = decide(facts, paths=True)
    assert decision.verdict == "allow" or decision.findings
    assert all(finding.article in law.ARTICLES for finding in decision.findings)
    assert all(reason in vocabulary().reasons for reason in decision.reasons)
    assert all(duty.code in vocabulary().duties for duty in decision.duties)
    assert decision.basis is None or decision.basis in law.ARTICLES
    assert decision.say.endswith((".", "?"))
    assert decision.rulebook == vocabulary().digest


@some
@given(disclosures)
def test_the_whole_is_as_strict_as_its_strictest_item(facts: Facts) -> None:
    decision = decide(facts)
    assert all(SEVERITY[each.verdict] <= _severity(decision) for each in decision.items)
    about_the_whole = [finding for finding in decision.findings if not finding.items]
    if facts.items and not about_the_whole:
        assert max(SEVERITY[each.verdict] for each in decision.items) == _severity(decision)


categories_set_aside = st.frozensets(st.sampled_from(sorted(vocabulary().categories)))


@some
@given(
    disclosures,
    categories_set_aside,
    categories_set_aside,
    categories_set_aside,
    st.frozensets(st.sampled_from(sorted(vocabulary().purposes))),
    st.integers(min_value=1, max_value=800),
)
def test_no_local_setting_turns_a_refusal_into_a_permission(
    facts: Facts,
    narrowed: frozenset[str],
    kept: frozenset[str],
    opinion: frozenset[str],
    closed: frozenset[str],
    days: int,
) -> None:
    bare = facts.but(
        narrowed=frozenset(),
        kept_here=frozenset(),
        opinion_on=frozenset(),
        closed_purposes=frozenset(),
        at_most_days=None,
    )
    free = decide(bare)
    alone = [
        {"narrowed": narrowed},
        {"kept_here": kept},
        {"opinion_on": opinion},
        {"closed_purposes": closed},
        {"at_most_days": days},
        {"circumstances": facts.circumstances | {"agreement_expired"}},
    ]
    together = {name: value for each in alone for name, value in each.items()}
    for these in (*alone, together):
        under_settings = decide(bare.but(**these))
        assert _severity(under_settings) >= _severity(free)
        if under_settings.verdict == free.verdict != "deny" and under_settings.basis == free.basis:
            assert _no_later(under_settings.access_until, free.access_until)


def _no_later(one: datetime | None, other: datetime | None) -> bool:
    """Whether one access ends no later than the other; None: the recipient keeps it in a file of its own."""
    return other is None or (one is not None and one <= other)


@some
@given(disclosures)
def test_what_came_from_a_concern_report_never_leaves_child_protection(facts: Facts) -> None:
    assume(_needs_a_text(facts) and facts.items)
    locked = facts.but(items=tuple(replace(item, origin="ip") for item in facts.items))
    purpose = vocabulary().purposes.get(facts.purpose)
    if decide(locked).verdict != DENY:
        assert purpose is not None
        assert purpose.domain == "protection_enfance" or purpose.code in {
            "signaler_sevices",
            "secours",
            "requisition",
            "droit_acces",
        }


@some
@given(plausible, st.sampled_from(("m-roche", "", "mme-lantier-2")))
def test_an_agreement_for_one_recipient_never_opens_another(facts: Facts, other: str) -> None:
    elsewhere = facts.but(recipient=replace(facts.recipient, ref=other))
    without = elsewhere.but(consents=())
    assert decide(elsewhere).verdict == decide(without).verdict


@some
@given(disclosures)
def test_an_unknown_word_is_a_refusal_whatever_the_rest(facts: Facts) -> None:
    unknown = (
        facts.but(circumstances=facts.circumstances | {"il_pleut"}),
        facts.but(purpose="pour_voir"),
        facts.but(basis="CIRCULAIRE-12"),
        facts.but(sender=replace(facts.sender, role="voisin")),
        facts.but(recipient=replace(facts.recipient, role="voisin")),
        facts.but(recipient=replace(facts.recipient, bound="un_peu")),
        facts.but(person=replace(facts.person, measure="tutelle_lunaire")),
        facts.but(informed=replace(facts.informed, state="vaguement")),
        facts.but(at=facts.at.replace(tzinfo=None)),
    )
    assert {decide(each).verdict for each in unknown} == {DENY}


@some
@given(disclosures)
def test_the_same_facts_give_the_same_decision(facts: Facts) -> None:
    assert decide(facts, paths=True) == decide(facts, paths=True)
