"""Known weaknesses: what fails `make check`, what is accepted until a day, and what is said where nobody can be asked."""

import subprocess
from datetime import date
from typing import Any

import pytest

from config import weaknesses

TODAY = date(2026, 11, 22)
LOCK = (
    "# made by make lock\nalpha==1.0 \\\n    --hash=sha256:00 \\\n    --hash=sha256:01\n"
    "    # via beta\nbeta==2.0 --hash=sha256:11\n"
)
WEAK: list[dict[str, Any]] = [
    {
        "name": "alpha",
        "version": "1.0",
        "vulns": [{"id": "PYSEC-2026-1", "aliases": ["CVE-2026-0001"], "fix_versions": ["1.1"], "description": "…"}],
    },
    {"name": "beta", "version": "2.0", "vulns": []},
]
ACCEPTS = """[[accepted]]
name = "CVE-2026-0001"
package = "alpha"
until = 2026-12-01
reason = "The part that is weak is never called from here."
"""


def test_a_known_weakness_fails_and_says_where_it_is_mended(capsys: pytest.CaptureFixture[str]) -> None:
    asked = []

    def answer(service: str, requirements: str) -> list[dict[str, Any]]:
        asked.append((service, requirements.count("==")))
        return WEAK

    assert weaknesses.main(answer) == 1
    assert asked[0] == ("osv", 1), "one package first: does anybody answer?"
    assert asked[1][1] > 100
    said = capsys.readouterr()
    assert "alpha 1.0: CVE-2026-0001, PYSEC-2026-1. Mended in: 1.1." in said.err


def test_where_nobody_answers_one_line_says_so_and_nothing_fails(capsys: pytest.CaptureFixture[str]) -> None:
    assert weaknesses.main(lambda _service, _lines: None) == 0
    assert capsys.readouterr().out == "Known weaknesses: none of osv, pypi answers from here, nothing was checked.\n"


def test_whether_anybody_answers_is_asked_of_one_package_with_its_hashes() -> None:
    assert weaknesses.first_of(LOCK).split() == ["alpha==1.0", "--hash=sha256:00", "--hash=sha256:01"]


def test_the_second_service_is_asked_where_the_first_is_silent() -> None:
    def answer(service: str, _lines: str) -> list[dict[str, Any]] | None:
        return WEAK if service == "pypi" else None

    assert weaknesses.look(LOCK, answer) == ("pypi", WEAK)


def test_an_acceptance_holds_until_its_day_and_goes_with_what_it_accepts() -> None:
    found, list_of = weaknesses.found_in(WEAK), weaknesses.accepted(ACCEPTS)
    assert weaknesses.complaints(found, list_of, TODAY) == []
    late = weaknesses.complaints(found, list_of, date(2026, 12, 2))
    assert late == ["alpha 1.0: CVE-2026-0001, PYSEC-2026-1, accepted until 2026-12-01: look at it again."]
    assert weaknesses.complaints([], list_of, TODAY) == [
        "CVE-2026-0001 of alpha is mended: take it off accepted-weaknesses.toml."
    ]


def test_an_acceptance_without_a_reason_is_none() -> None:
    with pytest.raises(ValueError, match="say why"):
        weaknesses.accepted(ACCEPTS.replace("The part that is weak is never called from here.", "later"))


def test_the_list_that_stands_can_be_read() -> None:
    assert isinstance(weaknesses.accepted(weaknesses.ACCEPTED.read_text()), list)


def test_a_package_that_a_service_does_not_know_is_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    """An index that stands for PyPI and publishes no advisory: pip-audit then says « not found » of every line."""

    class Silent:
        stdout = '{"dependencies": [{"name": "alpha", "skip_reason": "not found"}], "fixes": []}'

    monkeypatch.setattr(subprocess, "run", lambda *_args, **_options: Silent)
    assert weaknesses.ask("pypi", LOCK) is None
    Silent.stdout = ""
    assert weaknesses.ask("pypi", LOCK) is None
