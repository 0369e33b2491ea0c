"""How reasons are written: weak arguments, the institution's own benefit, urgency as it is felt, strengths."""

import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.evaluative import file_of
from partners.vocabulary import RulebookError, read_yaml, vocabulary
from sharing.helping import reasons
from sharing.helping.reasons import (
    REASONS,
    arguments_in,
    only_for_the_institution,
    shows_a_strength,
    urgency_in,
)
from sharing.matter import WEAK_ARGUMENTS

LISTED = read_yaml(file_of(reasons.FILE))
GOOD, SPARE, WANTS = "pour_son_bien", "eviter_repeter", "ce_quelle_souhaite"

ARGUED = {
    "C’est pour son bien.": [GOOD],
    "POUR SON BIEN": [GOOD],
    "Je le fais dans son intérêt": [GOOD],
    "C'est mieux pour elle": [GOOD],
    "Pour lui éviter de répéter": [SPARE],
    "éviter qu’elle répète encore": [SPARE],
    "qu’elle n’ait pas à tout redire": [SPARE],
    "sans avoir à tout raconter": [SPARE],
    "Je pense que c’est ce qu’elle souhaite": [WANTS],
    "Elle le souhaite": [WANTS],
    "les parents le souhaitent": [WANTS],
    "elle serait d’accord": [WANTS],
    "elle ne s’y opposerait pas": [WANTS],
    "Pour son bien, et elle le souhaite": [GOOD, WANTS],
}
NOT_ARGUED = [
    "Pour son bien-être à l’école",
    "Vendre son bien immobilier",
    "Des horaires compatibles avec ses soins.",
    "Elle nous a dit : « je le souhaite, c’est pour mon bien »",
    "Nous en parlerons si elle le souhaite",
    "s’il le souhaite, il viendra",
    "Lui demander si elle serait d’accord",
    "L’intérêt de l’enfant commande cette aide",
    "Elle dort mieux pour l’instant",
    "L’enfant peut dire ce qu’il veut à l’audience",
    "",
]


@pytest.mark.parametrize(("text", "codes"), ARGUED.items())
def test_a_weak_argument_is_recognised(text: str, codes: list[str]) -> None:
    assert list(arguments_in(text)) == codes


@pytest.mark.parametrize("text", NOT_ARGUED)
def test_what_only_resembles_a_weak_argument_is_not_one(text: str) -> None:
    assert arguments_in(text) == {}


def test_each_weak_argument_of_the_rulebook_is_looked_for_and_declared_by_its_own_circumstance() -> None:
    assert set(REASONS.arguments) == set(vocabulary().weak_arguments)
    assert {one.circumstance for one in REASONS.arguments.values()} == WEAK_ARGUMENTS


@given(
    st.sampled_from([(code, each) for code, one in LISTED["arguments"].items() for each in one["phrases"]]),
    st.booleans(),
    st.booleans(),
)
def test_no_spelling_hides_a_weak_argument(listed: tuple[str, str], capitals: bool, accents: bool) -> None:
    code, phrase = listed
    text = phrase.replace(" … ", " de tout ").replace("'", "’")
    text = text.upper() if capitals else text
    if not accents:
        text = "".join(one for one in unicodedata.normalize("NFD", text) if not unicodedata.combining(one))
    assert code in arguments_in(f"Voilà : {text}.")
    assert arguments_in(f"Elle dit : « {text} ».") == {}


@pytest.mark.parametrize(
    ("text", "institution"),
    [
        ("Compléter notre dossier.", "compléter notre dossier"),
        ("Pour info", "pour info"),
        ("Il faut compléter le dossier", "compléter le dossier"),
        ("Gagner du temps lors de la réunion", "gagner du temps"),
        ("Compléter notre dossier pour que l’enfant ait sa place", ""),
        ("Elle gagne du temps : gagner du temps lui évite deux trajets", ""),
        ("Il pourra gagner du temps", ""),
        ("Un retour au collège préparé.", ""),
        ("Pour information des parents", ""),
        ("", ""),
    ],
)
def test_a_benefit_is_the_institutions_where_the_person_is_nowhere(text: str, institution: str) -> None:
    assert only_for_the_institution(text) == institution


@pytest.mark.parametrize(
    ("text", "alarm"),
    [
        ("C’est URGENT", "urgent"),
        ("Il faut agir, on ne peut pas laisser cet enfant", "il faut agir"),
        ("L’école est affolée", "affolée"),
        ("avant qu’il ne soit trop tard", "avant qu’il ne soit trop tard"),
        ("Place en hébergement d’urgence", ""),
        ("Passé aux urgences dimanche", ""),
        ("La coupure annoncée fonde l’urgence du traitement.", ""),
        ("Rien d’urgent", ""),
        ("Le voisin crie « c’est urgent »", ""),
    ],
)
def test_urgency_is_recognised_and_the_words_of_services_are_not_it(text: str, alarm: str) -> None:
    assert urgency_in(text) == alarm


def test_a_strength_is_what_holds_or_what_she_says() -> None:
    assert shows_a_strength("La grand-mère est un appui.")
    assert shows_a_strength("Selon elle, le matin va mieux.")
    assert not shows_a_strength("Budget déficitaire, dettes, retards.")


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("arguments: {}\n", "chaque argument fragile"),
        ("arguments:\n  inconnu: {circumstance: argument_for_her_own_good, phrases: [x]}\n", "n’est pas un argument"),
        ("arguments:\n  pour_son_bien: {circumstance: gravity, phrases: [x]}\n", "est inconnu"),
        ("arguments:\n  pour_son_bien: {circumstance: argument_for_her_own_good, phrases: []}\n", "manque"),
    ],
)
def test_a_list_that_does_not_hold_together_is_named(tmp_path: Path, text: str, named: str) -> None:
    path = tmp_path / reasons.FILE
    path.write_text(text, encoding="utf-8")
    with pytest.raises(RulebookError, match=named):
        reasons.read(path)
