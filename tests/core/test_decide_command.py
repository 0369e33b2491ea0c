"""`manage.py decide FILE`: scenarios in, one JSON object a line out; no database."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.management import CommandError, call_command

from partners.vocabulary import RULEBOOK
from sharing import scenarios
from sharing.facts import UnreadableFactsError
from tests.core.intended import CONCERN_REPORT, LEAVING_HOSPITAL, intended

Ran = tuple[list[dict[str, Any]], str, int]


def run(path: Path | str) -> Ran:
    out, err = io.StringIO(), io.StringIO()
    status: int | str | None = 0
    try:
        call_command("decide", str(path), stdout=out, stderr=err, no_color=True)
    except SystemExit as end:
        status = end.code
    return [json.loads(line) for line in out.getvalue().splitlines()], err.getvalue(), int(status or 0)


def written(tmp_path: Path, *entries: Any) -> Path:
    path = tmp_path / "essai.yaml"
    # Each written in full: the rulebook refuses references from one place to another.
    text = "".join(yaml.safe_dump([entry], allow_unicode=True) for entry in entries)
    path.write_text(text, encoding="utf-8")
    return path


def entry(name: str, **changes: Any) -> dict[str, Any]:
    return {"id": name, "given": {**LEAVING_HOSPITAL, **changes}}


@pytest.mark.parametrize("path", sorted((RULEBOOK / "scenarios").glob("*.yaml")), ids=lambda path: path.stem)
def test_every_scenario_of_the_rulebook_is_printed_on_a_line(path: Path) -> None:
    lines, errors, status = run(path)
    expected = [each for each in yaml.safe_load(path.read_text(encoding="utf-8")) if "id" in each]
    assert [line["id"] for line in lines] == [each["id"] for each in expected]
    assert [line["verdict"] for line in lines] == [each["expect"]["verdict"] for each in expected]
    assert (errors, status) == ("", 0)
    assert all(list(line) == ["id", "verdict", "basis", "reasons", "duties", "paths"] for line in lines)


def test_an_unknown_name_is_an_error_that_names_the_scenario_and_the_others_are_printed(tmp_path: Path) -> None:
    path = written(tmp_path, entry("A"), entry("B", sender="voisin"), entry("C", purpose="curiosite"))
    lines, errors, status = run(path)
    assert [(line["id"], line["verdict"]) for line in lines] == [("A", "allow"), ("C", "deny")]
    assert errors.strip().replace("\u00a0", " ") == "Scénario B : rôle inconnu : « voisin »."
    assert status == 1


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (entry("X", purpose="voir"), "finalité inconnue : « voir »"),
        (entry("X", categories=["humeur"]), "catégorie inconnue : « humeur »"),
        (entry("X", circumstances=["il_pleut"]), "circonstance inconnue : « il_pleut »"),
        (entry("X", basis="LOI-1"), "texte inconnu : « LOI-1 »"),
        (entry("X", person="child"), "personne inconnue"),
        ({"id": "X"}, "il manque : given"),
        ({"id": "X", "given": 3}, "les faits doivent être"),
        (3, "il manque : given"),
        ({**entry("X"), "comment": ""}, "inconnu ici : « comment »"),
        ({**entry("X"), "expect": ["deny"]}, "« expect » doit être"),
        ({**entry("X"), "expect": {"verdict": "perhaps"}}, "verdict inconnu"),
        ({**entry("X"), "expect": {"reasons": ["no_luck"]}}, "raison inconnue"),
        ({**entry("X"), "expect": {"duties": [["trace"]]}}, "devoir inconnu"),
        ({**entry("X"), "expect": {"basis": "LOI-1"}}, "texte inconnu"),
        ({**entry("X"), "expect": {"mood": "good"}}, "inconnu dans « expect »"),
    ],
)
def test_what_is_wrong_in_a_scenario_is_said(tmp_path: Path, wrong: Any, says: str) -> None:
    lines, errors, status = run(written(tmp_path, wrong))
    assert (lines, status) == ([], 1)
    assert says in errors
    assert ("Scénario X" if isinstance(wrong, dict) else "Scénario entrée 1") in errors


def test_a_stored_decision_can_be_pasted_as_a_scenario(tmp_path: Path) -> None:
    facts = intended(CONCERN_REPORT, informed="not_done")
    path = written(tmp_path, {"id": "contested", "given": facts.to_plain()})
    lines, _errors, status = run(path)
    assert (lines[0]["basis"], lines[0]["reasons"], status) == ("CASF-L226-2-1", ["information_missing"], 0)


def test_a_single_scenario_needs_no_list(tmp_path: Path) -> None:
    path = tmp_path / "one.yaml"
    path.write_text(yaml.safe_dump(entry("alone")), encoding="utf-8")
    assert run(path)[0][0]["id"] == "alone"


def test_scenarios_are_read_from_the_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(yaml.safe_dump([entry("piped")])))
    assert run("-")[0][0]["verdict"] == "allow"


@pytest.mark.parametrize("content", ["{[", "oui"])
def test_a_file_that_is_no_scenario_is_one_sentence(tmp_path: Path, content: str) -> None:
    path = tmp_path / "odd.yaml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(CommandError, match=r"odd\.yaml : le fichier"):
        run(path)
    with pytest.raises(UnreadableFactsError):
        list(scenarios.read(content))


def test_a_file_that_is_not_there_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="ne peut pas être lu"):
        run(tmp_path / "nowhere.yaml")
