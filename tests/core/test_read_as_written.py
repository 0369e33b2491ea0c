"""What jurists wrote is what is decided on: every field of the rulebook is read as it stands.

Words that readers see are set in French typography as they are read; here, spaces and apostrophes are those of the keyboard.
"""

from dataclasses import MISSING, Field, fields
from pathlib import Path
from typing import Any

import pytest
import yaml

from partners.vocabulary import RULEBOOK, TO_CONFIRM, RulebookError, parse_yaml, read_yaml, vocabulary
from sharing import law

WORDS = parse_yaml((RULEBOOK / "vocabulary.yaml").read_text(encoding="utf-8"))
SECTIONS = {
    "purposes": "purposes",
    "forbidden_purposes": "forbidden_purposes",
    "categories": "categories",
    "natures": "natures",
    "weak_arguments": "weak_arguments",
    "circumstances": "circumstances",
    "duties": "duties",
    "groups": "groups",
    "bound": "bounds",
    "kinds": "kinds",
}
# What a text that says nothing of it means (the comments of bases.yaml).
UNSAID = {
    "objection": "recorded",
    "supervision": "none",
    "review_hours": 72,
    "feedback_days": 0,
    "access_months": 0,
    "delay_months": 0,
    **dict.fromkeys(("rescue", "opens_blocked", "obligation_if_unbound", "contested"), False),
    **dict.fromkeys(("subject", "consent_exempt", "locks", "requires", "requires_if_nominative", "duties"), ()),
}
WORKED_OUT = frozenset({"code", "order", "allowed", "voluntary", "owes_information", "information_is_a_condition"})


def _entries(file: str) -> dict[str, dict[str, Any]]:
    return {each["code"]: each for each in parse_yaml((RULEBOOK / file).read_text(encoding="utf-8"))}


BASES, ROLES = _entries("bases.yaml"), _entries("roles.yaml")


def _typed(value: Any) -> Any:
    return value.replace("\u00a0", " ").replace("’", "'") if isinstance(value, str) else value


def _as_written(read: Any, raw: Any) -> bool:
    """Whether what is read is what was written, whatever kind of collection it is kept in."""
    return _typed(read) == (type(read)(raw) if isinstance(read, frozenset | tuple) else _typed(raw))


def _left_out(field: "Field[Any]") -> Any:
    return None if field.default is MISSING else field.default


@pytest.mark.parametrize("section", SECTIONS)
def test_every_word_is_read_as_it_is_written(section: str) -> None:
    read = getattr(vocabulary(), SECTIONS[section])
    assert set(read) == set(WORDS[section])
    for code, raw in WORDS[section].items():
        word = read[code]
        for field in fields(word):
            value = getattr(word, field.name)
            if field.name != "code":
                assert _as_written(value, raw.get(field.name, _left_out(field))), (code, field.name)


@pytest.mark.parametrize("section", ["domains", "families", "reasons"])
def test_every_plain_label_is_read_as_it_is_written(section: str) -> None:
    read = {code: _typed(word.label) for code, word in getattr(vocabulary(), section).items()}
    assert read == {code: _typed(label) for code, label in WORDS[section].items()}


def test_every_role_is_read_as_it_is_written() -> None:
    assert set(vocabulary().roles) == set(ROLES)
    for code, raw in ROLES.items():
        role = vocabulary().roles[code]
        for field in fields(role):
            value = getattr(role, field.name)
            if field.name == "instead":
                others = [(each.role, each.purpose, each.asked_for) for each in value]
                told = raw.get("instead", ())
                assert others == [
                    (each["role"], each.get("purpose", ""), frozenset(each["for"]) if "for" in each else None)
                    for each in told
                ]
            else:
                default = {"proof": "", "groups": ()}.get(field.name, _left_out(field))
                assert _as_written(value, raw.get(field.name, default)), (code, field.name)


def test_every_text_is_read_as_it_is_written() -> None:
    assert [text.code for text in law.BASES] == list(BASES)
    for order, (code, raw) in enumerate(BASES.items()):
        text = law.BY_CODE[code]
        assert text.order == order
        for field in fields(text):
            if field.name not in WORKED_OUT and not field.name.startswith(("is_", "asks_")):
                value = getattr(text, field.name)
                assert _as_written(value, raw.get(field.name, UNSAID.get(field.name, ""))), (code, field.name)


def test_what_follows_from_a_text_is_worked_out_from_its_kind_and_from_what_the_person_is_owed() -> None:
    for code, raw in BASES.items():
        text, kind, owed = law.BY_CODE[code], raw["kind"], raw["person_rule"]
        voluntary = bool(WORDS["kinds"][kind].get("voluntary"))
        assert text.voluntary == voluntary
        assert (text.is_obligation, text.is_requisition, text.is_agreement) == (
            kind == "obligation",
            kind == "requisition",
            kind == "accord",
        )
        assert text.asks_agreement == (owed == "consent_prior")
        notice = owed == "info_prior" or raw.get("info") == "prior" or (owed == "consent_prior" and voluntary)
        assert text.owes_information == notice
        assert text.information_is_a_condition == (notice and "supervision_if_not_informed" not in raw)


def test_each_purpose_of_a_text_opens_the_categories_written_for_it_and_no_other() -> None:
    for code, raw in BASES.items():
        excluded = set(raw.get("excluded_categories", ()))
        assert set(law.BY_CODE[code].allowed) == set(raw["purposes"])
        for purpose, allowed in law.BY_CODE[code].allowed.items():
            own = raw.get("purpose_categories", {}).get(purpose)
            whole = own if own is not None else raw.get("categories", WORDS["categories"])
            assert allowed == set(whole) - excluded, (code, purpose)


def test_the_texts_that_serve_a_purpose_stand_in_their_order() -> None:
    assert set(law.BY_PURPOSE) == {purpose for raw in BASES.values() for purpose in raw["purposes"]}
    for purpose, texts in law.BY_PURPOSE.items():
        assert [text.code for text in texts] == [code for code, raw in BASES.items() if purpose in raw["purposes"]]


def test_every_article_is_read_as_it_is_written_its_former_versions_too() -> None:
    def read_as(version: Any, raw: dict[str, Any]) -> None:
        for field in fields(version):
            value, written = getattr(version, field.name), raw.get(field.name)
            if written is None:
                written = {"disputed": "", "cited_as": ()}.get(field.name)
            elif written == TO_CONFIRM and field.name in ("verified_on", "review_due"):
                written = None
            if field.name not in ("earlier", "theme", "role_of_text"):
                assert _as_written(value, written), (raw, field.name)

    for code, raw in _entries("articles.yaml").items():
        article = law.ARTICLES[code]
        read_as(article, raw)
        assert len(article.earlier) == len(raw.get("earlier", ()))
        for version, written in zip(article.earlier, raw.get("earlier", ()), strict=True):
            read_as(version, written)


def test_what_was_disputed_of_a_former_version_is_kept(tmp_path: Path) -> None:
    text = (RULEBOOK / "articles.yaml").read_text(encoding="utf-8")
    former = '    - version: "avant la loi'
    assert former in text
    doubted = text.replace(former, f'    - disputed: "Une phrase."\n{former.replace("- ", "  ", 1)}', 1)
    (tmp_path / "articles.yaml").write_text(doubted, encoding="utf-8")
    kept = [version.disputed for article in law.read_articles(tmp_path).values() for version in article.earlier]
    assert kept.count("Une phrase.") == 1


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("? [a, b]\n: c", "un nom est un mot"),
        ("a: 1\na: 2", "« a » est écrit deux fois"),
        ("a: &ici [b]\nc: &la [*ici, *ici]\nd: *la", "un renvoi dans un renvoi"),
        ("a: 2026-02-30", "une valeur n’est pas lisible"),
        ("[" * 600, "trop de niveaux"),
    ],
)
def test_what_cannot_be_read_in_one_way_only_is_refused(text: str, says: str) -> None:
    with pytest.raises(yaml.YAMLError, match=says):
        parse_yaml(text)


def test_what_is_said_twice_may_be_written_once() -> None:
    assert parse_yaml("a: &ici {b: [c]}\nd: *ici\ne: {<<: *ici, f: g}") == {
        "a": {"b": ["c"]},
        "d": {"b": ["c"]},
        "e": {"b": ["c"], "f": "g"},
    }


def test_a_rulebook_is_made_of_files(tmp_path: Path) -> None:
    (tmp_path / "bases.yaml").mkdir()
    with pytest.raises(RulebookError, match=r"bases\.yaml.*ce n’est pas un fichier"):
        read_yaml(tmp_path / "bases.yaml")
