"""Every notice to hand over: an accessible A4, short, the same bytes for the same words, and names that stay names."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from itertools import product
from types import SimpleNamespace
from typing import Any

import pytest
import typst

from consent import notices
from consent.notices import Audience, Language, Style
from consent.papers import notice, press
from partners import wording
from partners.vocabulary import vocabulary

from .reading import A4, read, said

AT = datetime(2026, 11, 22, 9, tzinfo=UTC)
CASE: Any = SimpleNamespace(reference="2026-0143", person=SimpleNamespace(short_name="L. B."))
CATEGORIES = list(vocabulary().categories)[:6]
HOSTILE = (
    '#eval("1")',
    "*x*",
    "_y_",
    "$a$",
    "\\",
    "<b>",
    "@label",
    "// c",
    "`z`",
    "#import",
    "= T",
    "[[",
    "sys.inputs",
    "%(a)s",
    "{author}",
)


class Somebody:
    """A membership as a paper sees it: names, work, house."""

    def __init__(self, title: str, first: str, last: str, job: str, house: str) -> None:
        self.professional = SimpleNamespace(
            title=title, full_name=f"{first} {last}", formal_name=f"{title} {last}", phone=""
        )
        self.job_title = job
        self.institution = SimpleNamespace(name=house, phone="03 20 00 00 10", dpo_contact="dpo@vallieres.example")


CAMILLE: Any = Somebody("Mme", "Camille", "Roussel", "Assistante sociale", "Maison des solidarités de Vallières")
LANTIER: Any = Somebody("Mme", "Hélène", "Lantier", "Directrice", "École Jean-Macé")
VARIANTS = list(product((notices.AGREEMENT, notices.INFORMATION), Audience.values, Style.values, Language.values))


def made(
    act: str = notices.AGREEMENT, audience: str = "adult", style: str = "standard", language: str = "fr", **other: Any
) -> press.Paper:
    """A notice of Camille, about Mme Lantier."""
    by, at = other.pop("by", CAMILLE), other.pop("at", AT)
    asked: dict[str, Any] = {"scopes": [(LANTIER, "scolarite")], "categories": CATEGORIES, "named": True} | other
    wanted = notice.Asked(act=act, audience=audience, style=style, language=language, **asked)
    return notice.paper(case=CASE, asked=wanted, by=by, at=at)


@pytest.mark.parametrize(("act", "audience", "style", "language"), VARIANTS)
def test_a_notice_is_an_accessible_a4_that_says_the_very_text_of_its_version(
    act: str, audience: str, style: str, language: str
) -> None:
    paper = made(act, audience, style, language)
    found = read(press.pdf(paper))
    assert found.accessible
    assert found.tagged
    assert found.language.startswith(language)
    assert found.title == paper.title
    assert found.sizes == {A4}
    assert found.pages <= (1 if audience == Audience.CHILD else 2)
    assert found.headings[0] == "H1"
    assert found.headings.count("H1") == 1
    assert "H2" in found.headings
    code = notices.chosen(act=act, audience=audience, style=style, language=language)
    for section in notices.filled(code, by=CAMILLE, recipients=[LANTIER], purposes=["scolarite"]):
        assert said(section.question) in found.words
        for sentence in section.sentences:
            assert said(sentence) in found.words, sentence
    assert "2026-0143" in found.words
    assert "L. B." in found.words
    assert code in found.words
    assert "secret partagé" not in found.words
    assert not set("☑☒") & set(found.words), "nothing is ticked beforehand"
    if audience != Audience.CHILD:
        for category in CATEGORIES:
            assert said(wording.category(category)) in found.words or language == Language.EN
    unread = "relu par des enfants" if audience == Audience.CHILD else "relu par des personnes concernées"
    if language == Language.FR:
        assert (unread in found.words) == (audience == Audience.CHILD or style == Style.FALC)


def test_each_line_of_the_grid_is_a_box_for_yes_for_no_and_for_each_end() -> None:
    found = read(press.pdf(made()))
    assert found.words.count("☐") == 5 * len(CATEGORIES)
    for end in ("1 mois", "3 mois", "6 mois"):
        assert end in found.words
    blank = read(press.pdf(made(categories=[], scopes=[(None, "")])))
    assert blank.words.count("☐") == 5 * notice.MOST_ROWS_WRITTEN_BY_HAND
    assert notices.BLANK in blank.words


def test_a_notice_for_everything_has_more_pages_and_loses_no_line() -> None:
    every = list(vocabulary().categories)
    found = read(press.pdf(made(categories=every, scopes=[(LANTIER, "scolarite"), (CAMILLE, "scolarite")])))
    assert found.words.count("☐") == 5 * 2 * len(every)


def test_a_notice_may_leave_out_the_name() -> None:
    assert "L. B." not in read(press.pdf(made(named=False))).words


def test_abuse_16_what_somebody_is_called_is_printed_as_it_is_written() -> None:
    """Markup of the compiler in a name is a name; commands that reorder what is read are taken out."""
    for hostile in HOSTILE:
        by: Any = Somebody("Mme", hostile, "Roussel", f"Chargée de {hostile}", f"Maison {hostile} de V.")
        words = read(press.pdf(made(by=by))).words
        assert said(f"{hostile} Roussel") in words, hostile
        assert said(f"Maison {hostile} de V.") in words, hostile
    by = Somebody("Mme", "Ca\u202emille\u2066", "Rous\u200bsel\x07", "Éducatrice", "Maison")
    assert "Camille Roussel" in read(press.pdf(made(by=by))).words


def test_letters_of_other_scripts_are_drawn_and_what_no_font_has_is_a_square_that_is_explained() -> None:
    for name in ("محمد", "Ελένη", "Ћирилица", "Đỗ Thị Œuvrard"):
        words = read(press.pdf(made(by=Somebody("M.", name, "Bey", "Éducateur", "Maison")))).words
        assert name in words, name
        assert press.PLACEHOLDER not in words
    words = read(press.pdf(made(by=Somebody("M.", "李小龍 😀", "Bey", "Éducateur", "Maison")))).words
    assert "□□□ □ Bey" in words
    assert "remplace un caractère" in words


def test_french_typography_reaches_the_paper() -> None:
    by: Any = Somebody("Mme", "Cœur", "L’Hôte", "Directrice", "« Le Nœud »")
    written = press.pdf(made(by=by))
    assert "Cœur L’Hôte" in read(written).words
    assert "« Le Nœud »" in read(written).words


def test_the_same_words_on_the_same_day_are_the_same_bytes_in_two_threads_too() -> None:
    once = press.pdf(made())
    assert once == press.pdf(made(at=AT + timedelta(hours=3)))
    assert once != press.pdf(made(at=AT + timedelta(days=1)))
    with ThreadPoolExecutor(2) as threads:
        assert {bytes(one) for one in threads.map(lambda _n: press.pdf(made()), range(6))} == {once}


def test_nothing_is_fetched_nor_imported() -> None:
    template = press.TEMPLATE.decode()
    for word in ("#import", "#include", "@preview", "http", "read(", "image(", "eval("):
        assert word not in template, word


def test_a_compiler_that_fails_is_said_and_is_no_other_error(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_args: Any, **_others: Any) -> bytes:
        raise RuntimeError("no font")

    monkeypatch.setattr(typst, "compile", broken)
    with pytest.raises(press.PaperNotMade):
        press.pdf(made())
