"""What every explanation owes to whoever reads it, over all the scenarios of the rulebook: not examples, properties."""

import re
from dataclasses import replace
from functools import cache
from itertools import chain

from partners.vocabulary import vocabulary
from sharing import law
from sharing.decision import Decision, decide
from sharing.facts import Facts, Item
from sharing.outcome import ALLOW, DENY, SEVERITY, Path
from sharing.rules import RULES
from sharing.saying import demanded
from sharing.unsaid import SILENT
from sharing.ways import ways_out
from tests.core.intended import ON_AGREEMENT, SCHOOL_TEAM, intended
from tests.core.strategies import written
from tests.core.sweeps import over_each

STORIES = written()
# Beside the person or without a word: nothing of this lets anybody else know.
WITH_HER = (Path.COLLECT_AGREEMENT, Path.INFORM_FIRST, Path.NOTE_HER_WORDS, Path.INVITE_PARENTS, Path.SAY_IT_HERSELF)
# « L226-2-1 », « R1110-2 », « art. 7-2 », « 226-13 »: people speak of secrecy without them.
AN_ARTICLE = re.compile(r"\b[LRD]\.? ?\d{2,}|\bart(?:icle|\.)|\b\d{2,}-\d+\b|\b(?:CASF|CSP|RGPD|CPP|CCH|CPCE)\b")
ELISIONS = re.compile(
    r"\b(?:à le|à les|de le(?! dire| faire)|de les|de il|que il|que elle|si il|le a|la a|la e|le é)\b", re.IGNORECASE
)
NBSP = "\u00a0"


@cache
def explained(name: str) -> Decision:
    return decide(STORIES[name], paths=True)


def sentences(decision: Decision) -> list[str]:
    return [decision.say, *(finding.message for finding in decision.findings)]


def texts(decision: Decision) -> list[str]:
    ways = chain.from_iterable((way.label, way.detail) for way in decision.paths)
    return [*sentences(decision), *ways, *(question.text for question in decision.questions)]


every_story = over_each(sorted(STORIES))


@every_story
def test_a_refusal_or_a_review_always_says_what_can_be_done(name: str) -> None:
    decision = explained(name)
    assert (decision.verdict != ALLOW) == bool(decision.paths)


@every_story
def test_where_nobody_can_be_told_it_says_so_and_names_who_can_help(name: str) -> None:
    facts, decision = STORIES[name], explained(name)
    codes = {way.code for way in decision.paths}
    telling = codes - SILENT - {Path.CONSULT_WITHOUT_NAME}
    forbidden = facts.purpose in vocabulary().forbidden_purposes
    if decision.verdict != DENY or telling or facts.purpose == law.CONSULTATION:
        return
    refused = any(each.state != "given" for each in facts.consents) or "person_objects" in facts.circumstances
    if Path.CHOOSE_FIRST in codes or Path.ONE_BY_ONE in codes:
        assert facts.items == () or facts.person.many
    elif forbidden and Path.SAY_NOTHING in codes:
        assert next(way for way in decision.paths if way.code == Path.SAY_NOTHING).detail.startswith("«")
    elif demanded(facts):
        assert Path.AWAIT_OPINION in codes
    elif Path.ASK_DEPOSITARY in codes or (refused and Path.CONSULT_WITHOUT_NAME in codes):
        pass  # she decides; her refusal is an answer
    else:
        advice = next(way for way in decision.paths if way.code == Path.ASK_FOR_ADVICE)
        if advice.label.startswith("Remettre sa demande"):
            return
        assert advice.label.startswith("Rien ne le permet ici")
        assert all(who in advice.detail for who in ("cadre", "service juridique", "délégué"))


@every_story
def test_every_way_that_tells_someone_is_milder_when_followed(name: str) -> None:
    facts = STORIES[name]
    decision = decide(facts)
    for way, changed in ways_out(facts, decision):
        if way.code in SILENT and changed is facts:
            assert way.verdict == decision.verdict
        else:
            assert decide(changed).verdict == way.verdict
            assert SEVERITY[way.verdict] < SEVERITY[decision.verdict]


@every_story
def test_the_least_intrusive_comes_first_and_help_before_all(name: str) -> None:
    codes = [way.code for way in explained(name).paths]
    order = [path.value for path in Path]
    assert codes == sorted(codes, key=order.index)
    with_her = [codes.index(code) for code in codes if code in WITH_HER]
    others = [place for place, code in enumerate(codes) if code not in (*WITH_HER, Path.CALL_FOR_HELP)]
    assert not with_her or not others or max(with_her) < min(others)
    if "grave_imminent_peril" in STORIES[name].circumstances and codes:
        assert codes[0] in (Path.CALL_FOR_HELP, Path.VERIFY_CALL)


@every_story
def test_nobody_who_refused_is_asked_again(name: str) -> None:
    facts = STORIES[name]
    refused = any(each.state != "given" for each in facts.consents) or "person_objects" in facts.circumstances
    for way in explained(name).paths if refused else ():
        assert way.code not in (Path.COLLECT_AGREEMENT, Path.NOTE_HER_WORDS)
        if way.code == Path.SAY_IT_HERSELF:
            assert "libre" in way.label or "enfant" in way.label


@every_story
def test_what_an_authority_demands_is_never_handed_over_from_here(name: str) -> None:
    facts, decision = STORIES[name], explained(name)
    if demanded(facts):
        assert ALLOW not in {way.verdict for way in decision.paths}
        assert {way.code for way in decision.paths} <= {
            Path.ESTABLISH,
            Path.ONE_BY_ONE,
            Path.AWAIT_OPINION,
            Path.SAY_NOTHING,
            Path.LEAVE_OUT,
        }
        assert "direction" in decision.say or facts.person.many


@every_story
def test_parents_are_not_sent_to_speak_of_what_endangers_their_child(name: str) -> None:
    facts = STORIES[name]
    dangerous = {item.category for item in facts.items} & {"violences", "parole_enfant"}
    if facts.person.is_minor and (dangerous or "exception_child_interest" in facts.circumstances):
        for way in explained(name).paths:
            assert way.label != "Proposer aux parents de le dire eux-mêmes"


@every_story
def test_a_child_s_services_are_not_suggested_for_an_adult(name: str) -> None:
    if not STORIES[name].person.is_minor:
        assert {way.role for way in explained(name).paths}.isdisjoint({"crip", "juge_enfants"})


@every_story
def test_no_article_is_said_aloud(name: str) -> None:
    for text in texts(explained(name)):
        assert not AN_ARTICLE.search(text), text


@every_story
def test_the_french_is_well_written(name: str) -> None:
    decision = explained(name)
    for text in texts(decision):
        assert not re.search(rf"[^{NBSP}][:;?!»]", text.replace("://", "")), text
        assert not re.search(rf"«(?!{NBSP})", text), text
        assert not re.search("'|  ", text), text
        assert not ELISIONS.search(text), text
    for sentence in sentences(decision):
        assert sentence.endswith("."), sentence
        assert sentence[0].isupper() or sentence[0] == "«", sentence
    for way in decision.paths:
        assert re.fullmatch(r"[A-ZÀÉ].*[^.]", way.label), way.label
    for question in decision.questions:
        assert question.text.endswith(f"{NBSP}?")


@every_story
def test_one_to_three_questions_each_of_which_changes_the_answer(name: str) -> None:
    facts, decision = STORIES[name], explained(name)
    codes = [question.circumstance for question in decision.questions]
    assert len(codes) == len(set(codes)) <= 3
    for code in codes:
        alone = facts.circumstances ^ {code}
        companions = facts.circumstances | set(codes)
        verdicts = {decide(facts.but(circumstances=each)).verdict for each in (alone, companions)}
        assert verdicts != {decision.verdict}, code
    if not facts.person.is_minor:
        assert not any("enfant" in question.text for question in decision.questions)


@every_story
def test_a_recipient_is_not_said_to_know_what_stays(name: str) -> None:
    """« … peut connaître … » is said of an allow, or with what would make it so."""
    decision = explained(name)
    if decision.verdict == DENY and re.search(r"\b(?:peut|peuvent) connaître", decision.say):
        ways = {way.code for way in decision.paths if way.verdict == ALLOW}
        items = {each.verdict for each in decision.items}
        first = (Path.COLLECT_AGREEMENT, Path.INFORM_FIRST, Path.SAY_LESS)
        assert ALLOW in items or ways & set(first)


IN_PART = (Item("situation_admin", ref="1"), Item("logement", ref="2", origin="ip"))
CONTROLLED = (IN_PART[0], replace(IN_PART[1], origin="controle_rsa"))
OTHERS = (
    intended(SCHOOL_TEAM, recipient="enseignant", circumstances=[], recipient_party={"in_force": False}),
    intended(ON_AGREEMENT, categories=["situation_admin", "logement"], facts={"items": IN_PART}),
    intended(ON_AGREEMENT, categories=["situation_admin", "logement"], facts={"items": CONTROLLED}),
    intended(sender_party={"in_force": False}),
    intended(recipient="voisin"),
    intended(categories=["humeur"]),
    intended(item={"origin": "enquête"}),
    intended(item={"received": True}),
    intended(item={"necessity": ""}),
    intended(informed="excepted", circumstances=["same_care", "named_recipient"]),
    intended(facts={"narrowed": frozenset({"sante_fonctionnel"})}),
    intended(facts={"kept_here": frozenset({"sante_fonctionnel"})}),
    intended(facts={"opinion_on": frozenset({"sante_fonctionnel"})}),
    intended(facts={"closed_purposes": frozenset({"coord_soins"})}),
)
"""What no scenario says: someone who left, a word that is not known, a local setting, a necessity not written."""


def with_more(facts: Facts) -> list[Facts]:
    """The same, and with something harmless beside it, so that something may be left out."""
    known = ("logement", "identite", "situation_admin", "consigne_pratique")
    return [facts, *(facts.but(items=(*facts.items, Item(each, ref="+"))) for each in known)]


def test_the_remedy_of_a_norm_is_a_way_that_is_offered_somewhere() -> None:
    offered: set[tuple[str, str]] = set()
    everything = [*STORIES.values(), *OTHERS]
    for facts in chain.from_iterable(map(with_more, everything)):
        decision = decide(facts, paths=True)
        codes = {way.code for way in decision.paths}
        offered |= {(finding.rule, finding.remedy) for finding in decision.findings if finding.remedy in codes}
    unkept = [(rule.name, rule.remedy) for rule in RULES if rule.remedy and (rule.name, rule.remedy) not in offered]
    assert unkept == []


def test_every_purpose_is_chosen_in_the_first_person_and_read_in_neutral_words() -> None:
    words = vocabulary()
    said = [purpose.i_want for purpose in words.purposes.values()]
    assert len(said) == len(set(said))
    assert all(re.match(r"Je |J’", each) for each in said)
    assert not any(re.match(r"Je |J’", purpose.label) for purpose in words.purposes.values())


def test_a_forbidden_purpose_says_why_not_and_what_to_answer() -> None:
    for code, purpose in vocabulary().forbidden_purposes.items():
        decision = decide(intended(purpose=code), paths=True)
        assert decision.verdict == DENY
        assert decision.say.startswith(purpose.why)
        answer = next(way for way in decision.paths if way.code == Path.SAY_NOTHING)
        assert purpose.answer in answer.detail
        assert purpose.answer.endswith(".")
        assert not purpose.why.endswith(".")


def test_what_may_be_said_in_the_place_of_something_is_what_the_text_allows() -> None:
    said = {way.label for name in STORIES for way in explained(name).paths if way.code == Path.SAY_LESS}
    assert said == {
        "Dire seulement que plusieurs professionnels sont nécessaires",
        f"Dire seulement «{NBSP}frein{NBSP}: santé{NBSP}»",
        "Dire seulement ce qu’il y a à faire en classe",
    }


def test_what_goes_together_is_said_together() -> None:
    for name in STORIES:
        paths = explained(name).paths
        labels = {way.label for way in paths}
        for way in paths:
            assert set(way.also) <= labels
            assert bool(way.together) <= bool(way.also)


def test_what_an_authority_demands_is_known_by_its_texts() -> None:
    demands = {purpose for text in law.BASES if text.is_requisition for purpose in text.purposes}
    assert all(demanded(replace(intended(), purpose=purpose)) for purpose in demands)
    assert not demanded(intended(purpose="curiosite"))
