"""Every text has its English, and the compiled catalogue is that of the written one (design.md, part 3; law 12)."""

import re

import pytest
from babel.messages.catalog import Catalog
from django.core.management import CommandError, call_command
from django.utils import translation

from config import catalogue
from sharing.law import ARTICLES


def test_the_english_catalogue_is_whole_and_compiled() -> None:
    try:
        call_command("catalogue", check=True, verbosity=0, stdout=None)
    except CommandError as error:
        pytest.fail(str(error))


def test_a_text_without_translation_is_found() -> None:
    made = Catalog(locale="en")
    made.add("Rien n’a été communiqué.")
    made.add("%(n)s jours", "%(days)s days")
    assert len(catalogue.flaws(made)) == 2


def test_two_runs_give_the_same_bytes() -> None:
    first, second = catalogue.gathered(), catalogue.gathered()
    assert catalogue.po_bytes(first) == catalogue.po_bytes(second)
    assert catalogue.mo_bytes(first) == catalogue.mo_bytes(second)


def test_texts_are_gathered_from_python_templates_and_the_rulebook() -> None:
    files = {where for where, _text, _context in catalogue.texts()}
    assert {
        "consent/registry.py",
        "sharing/ways.py",
        "templates/base.html",
        "rulebook/vocabulary.yaml",
        "rulebook/articles.yaml",
        "rulebook/dangers.yaml",
    } <= files


def test_which_wording_was_read_and_the_former_ones_are_gathered_too() -> None:
    said = {text for where, text, _context in catalogue.texts() if where == "rulebook/articles.yaml"}
    for article in ARTICLES.values():
        assert {article.says, article.version, article.source} <= said
        for former in article.earlier:
            assert {former.says, former.version, former.source} <= said


def test_english_is_spoken_where_it_is_asked() -> None:
    with translation.override("en"):
        assert translation.gettext("Se déconnecter") == "Sign out"
    with translation.override("fr"):
        assert translation.gettext("Se déconnecter") == "Se déconnecter"


def test_french_texts_keep_french_typography() -> None:
    """No-break space before : ; ? ! and inside « », typographic apostrophe, no straight quotation mark around words."""
    wrong = re.compile(r"[^\s\u00a0\u202f] [:;?!»](?!\S)|« |\w'\w|(?<![\w=])\"\w")
    found = []
    for where, text, _context in catalogue.texts():
        for one in (text,) if isinstance(text, str) else text:
            if wrong.search(re.sub(r"<[^>]*>|%\(\w+\)[sd]", "x", one)):
                found.append(f"{where}: {one}")
    assert not found, f"{len(found)}: " + "\n".join(found[:60])


def test_a_label_that_a_sentence_quotes_is_the_one_that_english_shows() -> None:
    """« Appuyez sur … » : whoever reads English looks for a button by the name that the sentence gives it."""
    labels = {
        one.id: one.string for one in catalogue.written() if isinstance(one.id, str) and one.id and not one.context
    }
    found = []
    for message in catalogue.written():
        if not message.id:
            continue
        for said, english in zip(*catalogue.both(message), strict=False):
            for label in re.findall("«\u00a0([^»]+)\u00a0»", said):
                shown = str(labels.get(label, "")).rstrip(".").lower()
                if english and shown not in english.lower():
                    found.append(f"{english!r} says of {label!r} another name than {labels[label]!r}")
    assert not found, "\n".join(found)
