"""Every action recorded anywhere in the code has its words and its sentence; codes of the rulebook are said, not shown."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.template import Context, Template
from django.template.loader import get_template
from django.utils import translation

from audit import access_wording, references, sentences, wording
from partners.vocabulary import vocabulary

APPS = ("audit", "partners", "cases", "consent", "sharing")
CODE = re.compile(r"[a-z_]+\.[a-z_]+")
# The functions that write to a register; `action` is an argument of each.
WRITERS = {"record", "compose", "note_access", "note", "refused", "_common", "case_or_404", "controlled"}
WORDS = {*wording.ACTIONS, *access_wording.ACCESSES}


def trees() -> Iterator[tuple[Path, ast.Module]]:
    for app in APPS:
        for path in (settings.BASE_DIR / app).rglob("*.py"):
            if "migrations" not in path.parts:
                yield path.relative_to(settings.BASE_DIR), ast.parse(path.read_text())


def constants(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and CODE.fullmatch(node.value):
            yield node.value


def called(node: ast.Call) -> str:
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def written() -> set[tuple[str, str]]:
    """(file, action) of every code given to a writer, or given the name of an action, or that begins like one."""
    families = {code.partition(".")[0] for code in WORDS}
    found: set[tuple[str, str]] = set()
    for path, tree in trees():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                given = [
                    *(node.args if called(node) in WRITERS else []),
                    *(k.value for k in node.keywords if k.arg == "action"),
                ]
                for argument in given:
                    found |= {(str(path), code) for code in constants(argument)}
        read = {
            code
            for node in ast.walk(tree)
            if isinstance(node, ast.keyword) and node.arg == "source"
            for code in constants(node)
        }
        found |= {
            (str(path), code)
            for code in constants(tree)
            if code not in read  # where a field of the interface is read from
            and code.partition(".")[0] in families
            and not code.endswith((".html", ".py", ".yaml", ".txt", ".typ", ".json", ".salt"))
        }
    return found


def test_every_action_written_anywhere_has_its_words() -> None:
    missing = sorted((path, code) for path, code in written() if code not in WORDS)
    assert not missing, f"add them to audit/wording.py, or access_wording.py: {missing}"


def test_every_act_that_a_trigger_accepts_has_its_words(db: None) -> None:
    for citation in references.citations():
        for action in references.actions_of(citation):
            assert action in wording.ACTIONS


@pytest.mark.parametrize("action", wording.ACTIONS)
def test_every_action_has_its_own_sentence(action: str) -> None:
    assert sentences.ACTION_SHAPE.fullmatch(action)
    assert get_template(f"{sentences.FOLDER}/{action}.html")


def test_every_sentence_is_the_sentence_of_an_action() -> None:
    folder = settings.BASE_DIR / "templates" / sentences.FOLDER
    written_for = {path.stem for path in folder.glob("*.*.html")}
    assert written_for == set(wording.ACTIONS)


@pytest.mark.parametrize(
    "path", sorted((settings.BASE_DIR / "templates" / "audit").rglob("*.html")), ids=lambda p: p.name
)
def test_a_page_of_the_auditor_asks_for_no_name_and_no_payload(path: Path) -> None:
    source = path.read_text()
    for word in ("payload", "last_name", "first_name", "full_name", "formal_name", "|safe", "autoescape"):
        assert word not in source


def said(template: str, **values: object) -> str:
    return Template("{% load rulebook %}" + template).render(Context(values))


def test_codes_are_said_as_the_rulebook_says_them() -> None:
    label = vocabulary().categories["logement"].label
    assert said("{{ code|category_label }}", code="logement") == label
    assert said("{{ code|purpose_label }}", code="curiosite") != "curiosite"
    assert said("{{ code|basis_label }}", code="CASF-L226-2-2") == (
        "Code de l’action sociale et des familles, article L226-2-2"
    )


def test_the_title_of_a_text_is_said_in_english_too() -> None:
    with translation.override("en"):
        assert (
            said("{{ code|basis_label }}", code="CASF-L226-2-2") == "Social Action and Families Code, article L226-2-2"
        )


def test_the_days_of_a_duty_are_said_as_days() -> None:
    def sentence(action: str, **codes: str) -> str:
        line = {"body": {"actor": None}, "codes": {"duty": "reexamine_information", **codes}, "refs": {}}
        return get_template(f"{sentences.FOLDER}/{action}.html").render({"line": line, "places": {}})

    assert "5 décembre 2026." in sentence("duty.postponed", due_at="2026-12-05T23:00:00.000000Z")
    assert "14 novembre 2026." in sentence("duty.discharged", done_on="2026-11-14")


def test_several_codes_are_said_as_a_list() -> None:
    assert said("{{ codes|nature_label }}", codes=["document", "hypothese"]) == "Document et hypothèse"
    assert said("{{ codes|duty_label }}", codes=[]) == ""
    assert said("{{ codes|reason_label }}", codes=None) == ""


def test_an_unknown_code_is_shown_as_it_is_and_escaped() -> None:
    assert said("{{ code|role_label }}", code="<b>") == "&lt;b&gt;"
    assert said("{{ code|family_label }}", code="nouvelle") == "nouvelle"


@pytest.mark.parametrize(("label", "inside"), [("Identité", "identité"), ("MDPH", "MDPH"), ("", "")])
def test_a_label_inside_a_sentence_loses_its_capital_unless_it_is_an_acronym(label: str, inside: str) -> None:
    assert said("{{ label|lower_first }}", label=label) == inside
