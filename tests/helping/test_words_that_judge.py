"""Words that judge where a fact is expected: found however they are spelt, and left alone where they judge nobody."""

import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases import evaluative
from cases.evaluative import WORDS, judgements, judging_words
from cases.phrases import Expressions, folded, own_words, spelt
from partners.vocabulary import RulebookError, read_yaml

LISTED = [
    word for family in read_yaml(evaluative.file_of(evaluative.FILE))["judging"].values() for word in family["words"]
]

JUDGED = {
    "Père alcoolique.": ["alcoolique"],
    "La mère est MANIPULATRICE": ["manipulatrice"],
    "une mère toxique et un père violent": ["toxique", "violent"],
    "famille à problèmes": ["famille à problèmes"],
    "FAMILLE A PROBLEME": ["famille a probleme"],
    "Ménage instable, enfants ingérables": ["instable", "ingérables"],
    "C’est un pervers narcissique": ["pervers narcissique"],
    "Elle ne veut pas s’en sortir.": ["ne veut pas s’en sortir"],
    "Il ne fait pas d'efforts": ["ne fait pas d'efforts"],
    "menteur·se, agressif(ve)": ["menteur", "agressif"],
    "l’alcoolique du troisième": ["alcoolique"],
    "Dans le logement, le père est violent": ["violent"],
    "Les parents sont démissionnaires": ["démissionnaires"],
    "mère, toxique": ["toxique"],
    "Il la dit « folle » ; il est toxique": ["toxique"],
    "Très\u00a0paresseuse": ["paresseuse"],
    "famille\nà problèmes": ["famille à problèmes"],
    "Un cas\u2011social": ["cas social"],
}
NOT_JUDGED = [
    "eau non toxique",
    "L’eau du puits est toxique",
    "un produit très toxique",
    "Elle dit : «\u00a0il est toxique\u00a0».",
    "« Elle est « folle » et menteuse », dit-il",
    'Il a crié "menteuse" deux fois',
    "“Tu es paresseux”, dit le père",
    "gel hydro-alcoolique et solution hydroalcoolique",
    "Réunion des Alcooliques anonymes le jeudi",
    "hépatite alcoolique suivie à l’hôpital",
    "logement actuellement très instable, emploi instable",
    "effets pervers de la mesure",
    "Il n’est pas violent ; elle n’est jamais agressive",
    "salariée démissionnaire, démissionnaire depuis mars",
    "violences conjugales, maltraitance signalée, manipulation de charges",
    "Décédé de mort violente en 2019",
    "épisode dépressif traité depuis 2024",
    "pénalement irresponsable, dit le jugement",
    "intoxication, toxicité, alcoolémie, carence en fer, délai de carence",
    "",
]


@pytest.mark.parametrize(("text", "words"), JUDGED.items())
def test_a_word_that_judges_is_found_as_it_was_written(text: str, words: list[str]) -> None:
    found = [word.replace("\u2011", " ") for word in judging_words(text)]
    assert found == words


@pytest.mark.parametrize("text", NOT_JUDGED)
def test_what_judges_nobody_is_left_alone(text: str) -> None:
    assert judging_words(text) == []


@pytest.mark.parametrize("word", LISTED)
def test_every_listed_word_is_found_by_itself(word: str) -> None:
    assert judging_words(f"Madame est {word}.")


def test_each_word_comes_with_what_to_write_instead() -> None:
    for family in WORDS.families.values():
        assert len(family.ask) > 20
    assert [one.ask for one in judgements("toxique, et toxique encore")] == [WORDS.families["liens"].ask]


spellings = st.sampled_from(LISTED).flatmap(
    lambda word: st.sampled_from(
        [
            word,
            word.upper(),
            word.capitalize(),
            word.replace("'", "’"),
            word.replace(" ", "\u00a0"),
            word.replace(" ", "  \n"),
            unicodedata.normalize("NFD", word),
            "".join(one for one in unicodedata.normalize("NFD", word) if not unicodedata.combining(one)),
            f"{word}s",
        ]
    )
)
before = st.sampled_from(["", "Madame est ", "(", "On la dit très ", "l’", "Selon moi, "])
after = st.sampled_from(["", ".", " ;", ")", " envers l’enfant", "\n", " »"])


@given(before, spellings, after)
def test_no_spelling_hides_a_listed_word(start: str, word: str, end: str) -> None:
    assert judging_words(f"{start}{word}{end}")


@given(spellings, st.sampled_from(["«{}»", "«\u00a0{}\u00a0»", "“{}”", '"{}"', "« a « {} » b »"]))
def test_what_is_quoted_is_somebodys_own_words(word: str, quoted: str) -> None:
    if '"' in quoted:
        word = " ".join(word.split())
    assert judging_words(f"Elle a dit {quoted.format(word)} hier.") == []


@given(spellings)
def test_a_word_within_another_is_another_word(word: str) -> None:
    assert judging_words(f"anti{word}isme") == []


@given(st.text())
def test_reading_keeps_every_character_in_its_place(text: str) -> None:
    assert len(folded(text)) == len(spelt(text)) == len(own_words(text))


@given(st.text(alphabet="aeé’'«»\"“” \n.-toxique", max_size=60))
def test_what_is_found_stands_in_the_text(text: str) -> None:
    for word in judging_words(text):
        assert " ".join(word.split()) in " ".join(spelt(text).lower().split())


def test_a_few_words_may_stand_in_between() -> None:
    few = Expressions(["éviter … répéter"])
    assert few.words_in("pour lui éviter de tout répéter") == ["éviter de tout répéter"]
    assert few.words_in("éviter les retards. Puis répéter la consigne") == []
    assert few.words_in("éviter qu’un jour ou l’autre elle ne doive encore le répéter") == []


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("judging: {}\nthings: []\nnegations: []\nlinks: []\nstops: []\n", "la section manque"),
        ("judging:\n  a: {ask: Dites., words: [yes]}\n", "n’est pas un texte"),
        ("judging:\n  a: {words: [toxique]}\n", "« ask » manque"),
        ("judging:\n  a: {ask: Dites., words: [toxique], weight: 3}\n", "champ inconnu"),
        ("judging:\n  a: {ask: Dites., words: [toxique]}\nscore: 3\n", "champ inconnu"),
    ],
)
def test_a_list_that_does_not_hold_together_is_named(tmp_path: Path, text: str, named: str) -> None:
    path = tmp_path / evaluative.FILE
    path.write_text(text, encoding="utf-8")
    with pytest.raises(RulebookError, match=named):
        evaluative.read(path)


def test_a_rulebook_without_the_list_keeps_the_bundled_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(evaluative, "RULEBOOK", tmp_path)
    assert evaluative.file_of(evaluative.FILE).parent == evaluative.BUNDLED
    (tmp_path / evaluative.FILE).write_text("judging: {}\n", encoding="utf-8")
    assert evaluative.file_of(evaluative.FILE).parent == tmp_path
