"""What would let somebody be recognised in a text is found; what would not is let alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sharing.consulting.recognisable import certain, doubtful, marks

NAMES = ("Milo", "Bertin-Duval", "Inès", "O’Connor")
PLACES = ("Vallières", "École Jean-Macé")

NAMED = [
    ("Milo ne vient plus en classe.", "Milo", "name"),
    ("Je pense que milo a peur.", "milo", "name"),
    ("La mère, Ines, ne répond plus.", "Ines", "name"),
    ("La famille DUVAL a déménagé.", "DUVAL", "name"),
    ("On parle de l’O’Connor du dessous.", None, "name"),
    ("Elle habite à Vallieres depuis peu.", "Vallieres", "place"),
    ("Son numéro est le 06 12 34 56 78.", "06 12 34 56 78", "phone"),
    ("Écrire à la.mere@exemple.fr.", "la.mere@exemple.fr", "mail"),
    ("NIR 1 85 05 78 006 084 36.", "1 85 05 78 006 084 36", "number"),
    ("Né le 12/03/2017.", None, "date"),
    ("Vu le mardi 3 octobre.", None, "date"),
    ("Depuis octobre 2024, rien.", None, "month"),
    ("Arrivée en 2019.", "2019", "year"),
    ("Un enfant de 9 ans.", "9 ans", "age"),
    ("Voir la situation 2026-0143.", "2026-0143", "reference"),
    ("Voir C-2026-000143.", "C-2026-000143", "reference"),
    ("Au 12 rue des Lilas.", None, "address"),
    ("Dans le 63400.", "63400", "postcode"),
]


@pytest.mark.parametrize(("text", "word", "kind"), NAMED)
def test_what_names_somebody_is_found(text: str, word: str | None, kind: str) -> None:
    found = certain(marks(text, names=NAMES, places=PLACES))
    assert kind in {one.kind for one in found}, found
    if word is not None:
        assert word in {one.text for one in found}, found


@pytest.mark.parametrize(
    "text",
    [
        "Un parent refuse tout contact depuis le signalement. Comment reprendre ?",
        "L’ASE et le CMPP ne sont pas d’accord. La CRIP attend.",
        "Cet enfant a peur de rentrer chez lui deux soirs par semaine.",
        "Madame refuse ; Monsieur accepte. « Je ne veux plus vous voir », dit-elle.",
        "La dette s’élève à 2500 euros, puis à 12000 €.",
        "Elle vient 2-3 fois par mois, parfois 1.5 heure.",
        "Je ne sais pas si je dois en parler au juge ou à l’École.",
    ],
)
def test_what_names_nobody_is_let_alone(text: str) -> None:
    assert not marks(text, names=NAMES, places=("Vallières",))


def test_a_capital_in_a_sentence_is_only_doubtful() -> None:
    found = marks("Il passe ses soirées chez Kevin.")
    assert not certain(found)
    assert [one.text for one in doubtful(found)] == ["Kevin"]


@given(st.sampled_from(NAMES + PLACES), st.text(alphabet=" ,.;abcdé'’\n", max_size=30), st.booleans())
def test_a_known_name_never_passes_wherever_it_stands(name: str, around: str, low: bool) -> None:
    said = name.lower() if low else name
    assert certain(marks(f"{around} {said} {around}", names=NAMES, places=PLACES))


@given(st.text(max_size=120))
def test_marks_are_in_order_inside_the_text_and_never_overlap(text: str) -> None:
    end = 0
    for one in marks(text, names=NAMES):
        assert one.start >= end
        assert one.text in text
        end = one.start + len(one.text)
