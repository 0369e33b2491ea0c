"""What deserves to be looked at: one principle of law.md at a time, on plain values. Never a score, never a block."""

from dataclasses import fields, replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partners.vocabulary import vocabulary
from sharing.helping import looking, wording
from sharing.helping.looking import notes
from sharing.helping.seen import Chosen, HerWord, Note, Seen

TODAY = date(2026, 11, 21)
ABSENCES = Chosen(
    ref="absences",
    label="Absences du mardi",
    category="consigne_pratique",
    nature="fait_constate",
    provenance="observed",
    text="Absent le mardi après-midi depuis la rentrée.",
    necessity="L’école organise le rattrapage.",
    observed_on=TODAY - timedelta(days=20),
)
DRAFT = Seen(
    today=TODAY,
    purpose="scolarite",
    recipient="Mme Lantier",
    benefit="Des leçons rattrapées.",
    items=(ABSENCES,),
    verdict="allow",
    rests_on_agreement=True,
    drafted_in=timedelta(hours=1),
)
REFUSED = HerWord(
    state="refused", purpose="scolarite", categories=frozenset({"consigne_pratique"}), own_words="Non.", on=TODAY
)


def codes(seen: Seen) -> list[str]:
    return [one.code for one in notes(seen)]


def with_item(**changes: Any) -> Seen:
    return replace(DRAFT, items=(replace(ABSENCES, **changes),))


def test_there_is_nothing_to_look_at_in_a_plain_draft() -> None:
    assert codes(DRAFT) == []


@pytest.mark.parametrize(
    ("seen", "expected"),
    [
        (replace(DRAFT, benefit="C’est pour son bien."), ["weak_argument"]),
        (with_item(necessity="Pour lui éviter de répéter."), ["weak_argument"]),
        (replace(DRAFT, circumstances=frozenset({"argument_what_she_wants"})), ["weak_argument"]),
        (replace(DRAFT, benefit="Compléter notre dossier."), ["institution_only"]),
        (replace(DRAFT, benefit="L’éloigner d’un père toxique."), ["judging"]),
        (replace(DRAFT, benefit="C’est urgent, l’enfant attend."), ["felt_urgency"]),
        (replace(DRAFT, benefit="C’est urgent, l’enfant attend.", circumstances=frozenset({"gravity"})), []),
        (replace(DRAFT, benefit="C’est urgent, l’enfant attend.", purpose="secours"), []),
        (replace(DRAFT, benefit="C’est urgent, l’enfant attend.", pressing=True), []),
        (with_item(necessity="Il faut agir au plus vite."), ["felt_urgency"]),
        (with_item(text="Milo est ingérable."), ["judging"]),
        (with_item(text="Milo est ingérable.", nature="propos_tiers"), []),
        (with_item(label="Famille à problèmes", nature="propos_tiers"), ["judging_title"]),
        (with_item(label="« Famille à problèmes »", nature="propos_tiers"), []),
        (with_item(text="Sa tante dit : « Milo est ingérable. »"), []),
        (with_item(observed_on=date(2025, 11, 20)), ["old"]),
        (with_item(observed_on=date(2025, 11, 21)), []),
        (with_item(text="mot " * 300), ["long"]),
        (with_item(text="mot " * 100, nature="document"), ["whole_document"]),
        (with_item(text="Bref.", nature="document"), []),
        (with_item(nature="analyse_pro", text="Des retards répétés."), ["her_own_view"]),
        (with_item(nature="hypothese", text="Il serait fatigué."), ["her_own_view"]),
        (with_item(category="appreciation_sociale", text="Budget tendu."), ["her_own_view"]),
        (with_item(category="appreciation_sociale", nature="propos_personne", text="« Je tiens. »"), []),
        (with_item(nature="analyse_pro", text="Des retards ; la tante est un appui."), []),
        (replace(DRAFT, sent_to_her=2), []),
        (replace(DRAFT, sent_to_her=3, sent_here=1), ["often"]),
        (replace(DRAFT, words=(REFUSED,), rests_on_agreement=False), ["agreement_refused"]),
        (replace(DRAFT, words=(REFUSED,)), []),
        (replace(DRAFT, words=(REFUSED,), rests_on_agreement=False, verdict="deny"), []),
        (replace(DRAFT, words=(REFUSED,), rests_on_agreement=False, verdict=""), []),
        (replace(DRAFT, words=(replace(REFUSED, categories=frozenset({"logement"})),), rests_on_agreement=False), []),
        (replace(with_item(category="addiction"), drafted_in=timedelta(seconds=90)), ["hasty"]),
        (replace(with_item(category="addiction"), drafted_in=timedelta(seconds=150)), []),
        (replace(DRAFT, drafted_in=timedelta(seconds=90)), []),
        (replace(with_item(category="addiction"), drafted_in=timedelta(seconds=90), pressing=True), []),
    ],
)
def test_each_principle_asks_its_question(seen: Seen, expected: list[str]) -> None:
    assert codes(seen) == expected


def test_her_own_words_in_the_same_draft_go_with_an_appreciation() -> None:
    analysis = replace(ABSENCES, ref="analysis", nature="analyse_pro", text="Des retards répétés.")
    hers = replace(ABSENCES, ref="hers", nature="propos_personne", text="« Le matin, je n’y arrive pas. »")
    assert codes(replace(DRAFT, items=(analysis,))) == ["her_own_view"]
    assert codes(replace(DRAFT, items=(analysis, hers))) == []


def test_words_left_aside_are_proposed_beside_an_appreciation() -> None:
    seen = replace(with_item(nature="analyse_pro"), speaking_elsewhere=("Souhaits pour la rentrée",))
    (note,) = notes(seen)
    assert "Souhaits pour la rentrée" in wording.text_of(note, who="M. B.", recipient="")
    assert wording.action_of(note) == ("", "")


def test_she_agreed_since_and_nothing_is_asked() -> None:
    since = replace(REFUSED, state="given", on=TODAY + timedelta(days=1))
    assert codes(replace(DRAFT, words=(REFUSED, since), rests_on_agreement=False)) == []


def test_what_she_said_answers_a_weak_argument_where_it_was_said_for_this_purpose() -> None:
    said = replace(REFUSED, state="given", own_words="Oui,\nque l’école le sache.", on=date(2026, 11, 14))
    argued = replace(DRAFT, benefit="Elle le souhaite.")
    (asked,) = notes(argued)
    assert wording.action_of(asked)[0] == wording.TO_HER_WORDS
    assert wording.answer_of(asked) == ""
    (answered,) = notes(replace(argued, words=(said,)))
    shown = wording.answer_of(answered).replace("\u00a0", " ")
    assert shown == "Le 14 novembre 2026, elle a dit : « Oui, que l’école le sache. »"
    assert wording.action_of(answered) == ("", "")
    (elsewhere,) = notes(replace(argued, words=(replace(said, purpose="acces_droits"),)))
    assert wording.answer_of(elsewhere) == ""


def test_the_criteria_of_danger_are_words_that_a_professional_can_tick() -> None:
    known = vocabulary().circumstances
    assert {known[code].source for code in looking.DANGER} == {"declared"}
    assert looking.HELP_AT_ONCE in vocabulary().purposes


def test_a_second_look_is_for_the_most_sensitive_that_does_not_press() -> None:
    known = vocabulary().categories.values()
    offered = {one.code for one in known if looking.deserves_another_look(with_item(category=one.code))}
    assert offered == {one.code for one in known if one.sensitivity == 3}
    assert not looking.deserves_another_look(replace(with_item(category="addiction"), pressing=True))
    assert not looking.deserves_another_look(replace(with_item(category="addiction"), purpose="secours"))


def test_a_note_is_a_question_and_never_a_score() -> None:
    assert {one.name for one in fields(Note)} == {"code", "place", "ref", "words", "number", "here", "ask", "said"}
    assert not any("score" in name or "weight" in name or "rank" in name for name in dir(looking))


texts = st.lists(
    st.sampled_from(
        [
            "pour son bien",
            "elle le souhaite",
            "toxique",
            "urgent",
            "pour info",
            "«",
            "»",
            "'",
            "ingérable",
            "\n",
            "100 %",
        ]
    ),
    max_size=6,
).map(" ".join)
items = st.builds(
    Chosen,
    ref=st.sampled_from(["a", "b"]),
    label=texts,
    category=st.sampled_from([*vocabulary().categories, "inconnue"]),
    nature=st.sampled_from([*vocabulary().natures, "inconnue"]),
    provenance=st.just("person"),
    text=texts,
    necessity=texts,
    observed_on=st.dates(date(2000, 1, 1), date(2030, 1, 1)),
)
words = st.builds(
    HerWord,
    state=st.sampled_from(["given", "refused", "objected", "withdrawn"]),
    purpose=st.sampled_from(["scolarite", "acces_droits"]),
    categories=st.frozensets(st.sampled_from(list(vocabulary().categories)), max_size=3),
    own_words=texts,
    on=st.dates(date(2025, 1, 1), date(2026, 11, 21)),
)
drafts = st.builds(
    Seen,
    today=st.just(TODAY),
    purpose=st.sampled_from(["", "scolarite", "secours"]),
    recipient=st.sampled_from(["", "Mme Lantier"]),
    benefit=texts,
    circumstances=st.frozensets(st.sampled_from(list(vocabulary().circumstances)), max_size=3),
    pressing=st.booleans(),
    items=st.lists(items, max_size=2).map(tuple),
    speaking_elsewhere=st.lists(texts, max_size=2).map(tuple),
    words=st.lists(words, max_size=2).map(tuple),
    sent_to_her=st.integers(0, 9),
    sent_here=st.integers(0, 9),
    verdict=st.sampled_from(["", "allow", "review", "deny"]),
    rests_on_agreement=st.booleans(),
    drafted_in=st.one_of(st.none(), st.timedeltas(timedelta(0), timedelta(days=1))),
)


@given(drafts)
def test_whatever_the_draft_every_note_can_be_said(seen: Seen) -> None:
    found = notes(seen)
    assert found == notes(seen)
    for note in found:
        text = wording.text_of(note, who="M. B.", recipient="Mme Lantier")
        assert text
        assert "%(" not in text
        assert bool(wording.action_of(note)[0]) == bool(wording.action_of(note)[1])
        wording.answer_of(note)
    places = [one.place for one in found]
    order = ["benefit", "recipient", "item", "need", "items", "word", "sending"]
    assert places == sorted(places, key=order.index)
