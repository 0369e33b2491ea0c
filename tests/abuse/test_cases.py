"""Each of the 44 cases is tried somewhere, by a test that is there."""

import re

from tests.abuse.cases import CASES, LATER
from tests.architecture.source import ROOT

NAMED = re.compile(r"^(?:async )?def (test_\w+)", re.MULTILINE)


def named_in(path: str) -> set[str]:
    return set(NAMED.findall((ROOT / "tests" / path).read_text()))


def test_every_case_is_tried_or_says_why_it_waits() -> None:
    assert set(CASES) | set(LATER) == set(range(1, 45))
    assert not set(CASES) & set(LATER)
    for number, (title, places) in CASES.items():
        assert title, number
        assert places, number
        for place in places:
            path, _colons, name = place.partition("::")
            found = named_in(path)
            if name:
                assert name in found, place
            else:
                named = any(re.match(rf"test_abuse_0?{number}_", one) for one in found)
                assert named or f"test_{number:02d}_" in path, (number, place)


def test_a_test_that_is_named_after_a_case_stands_on_the_map() -> None:
    told = {number: {place.partition("::")[0] for place in places} for number, (_title, places) in CASES.items()}
    forgotten = {
        (number, path.relative_to(ROOT / "tests").as_posix())
        for path in (ROOT / "tests").rglob("test_*.py")
        for number in {int(one) for one in re.findall(r"def test_abuse_(\d+)_", path.read_text())}
        if path.relative_to(ROOT / "tests").as_posix() not in told[number]
    }
    assert not forgotten, sorted(forgotten)


def test_the_document_of_security_leads_to_the_map_and_to_tests_that_are_there() -> None:
    written = (ROOT / "docs" / "security.md").read_text()
    assert "tests/abuse/cases.py" in written
    for named in set(re.findall(r"`(tests/[^`]+)`", written)):
        assert list(ROOT.glob(named.rstrip("/").replace("…", "*"))), named


def test_each_chapter_of_the_standard_has_its_lines() -> None:
    """OWASP ASVS 5.0.0 has seventeen."""
    written = (ROOT / "docs" / "security.md").read_text()
    assert re.findall(r"^\| \*\*V(\d+)\*\*", written, re.MULTILINE) == [str(one) for one in range(1, 18)]
