"""Abuse 17: characters that hide, reorder or flood what is read."""

import unicodedata

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from cases.models import ItemContent
from partners.fields import PlainLinesField, PlainTextField
from partners.text import graphemes, plain
from tests import personas
from tests.personas import Territory

BIDI = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c"
ZERO_WIDTH = "\u200b\u2060\ufeff\u00ad\u180e"
CONTROLS = "".join(map(chr, (*range(9), 11, 12, *range(14, 32), *range(0x7F, 0xA0))))


@pytest.mark.parametrize("hidden", [BIDI, ZERO_WIDTH, CONTROLS, "\ue000\uf8ff", "\U000e0041\U000e007f"])
def test_abuse_17_what_cannot_be_seen_is_not_kept(hidden: str) -> None:
    woven = "".join(f"a{one}" for one in hidden)
    assert plain(woven) == "a" * len(hidden)


def test_abuse_17_a_reversed_name_reads_in_its_order() -> None:
    assert plain("rapport\u202egpj.exe") == "rapportgpj.exe"


def test_abuse_17_one_spelling_for_one_letter() -> None:
    assert plain("e\u0301cole") == plain("\u00e9cole") == "\u00e9cole"
    assert plain("e\u200b\u0301cole") == "\u00e9cole"


def test_abuse_17_line_ends_are_one_sign_and_tabs_stay() -> None:
    assert plain("un\r\ndeux\rtrois\tquatre\n") == "un\ndeux\ntrois\tquatre"


def test_abuse_17_french_typography_and_other_scripts_are_kept() -> None:
    text = "« Ça va ? » dit-elle ; œuvre, Zoë, Nguyễn, العربية, 中文, 👩‍👧"
    assert plain(text.replace(" ?", "\u00a0?")) == text.replace(" ?", "\u00a0?")


@given(st.text())
def test_abuse_17_what_is_plain_stays_as_it_is(text: str) -> None:
    once = plain(text)
    assert plain(once) == once
    assert unicodedata.is_normalized("NFC", once)
    assert not [char for char in once if unicodedata.category(char) in ("Cc", "Cs", "Co") and char not in "\n\t"]
    assert not set(once) & set(BIDI + ZERO_WIDTH)


def test_abuse_17_a_limit_counts_what_a_reader_sees() -> None:
    field = PlainTextField(most=5, lines=3)
    assert field.clean("e\u0323\u0302" * 5)
    with pytest.raises(ValidationError):
        field.clean("abcdef")


def test_abuse_17_a_letter_cannot_carry_a_tower_of_marks() -> None:
    field = PlainTextField(most=10, lines=3)
    with pytest.raises(ValidationError):
        field.clean("a" + "\u0336" * 5000)
    assert graphemes("a" + "\u0336" * 5000) == 1


def test_abuse_17_a_single_line_holds_no_line_end() -> None:
    assert PlainTextField(most=40).clean("un\ndeux\u2028trois\r\n") == "un deux trois"
    assert PlainLinesField(most=40).clean("un\n\u200b\n deux ") == ["un", "deux"]


@pytest.mark.django_db
def test_abuse_17_an_act_makes_plain_what_it_is_given(territory: Territory) -> None:
    item = personas.write_down(
        territory.case, territory.camille, label="Ab\u202esence", text="Tex\u0000te \u2066cach\u0065\u0301"
    )
    item.refresh_from_db()
    assert item.label == "Absence"
    assert ItemContent.objects.get(item=item).text == "Texte caché"
