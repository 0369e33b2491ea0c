"""The report before a new edition is put in service, on the whole demonstration: `manage.py replay --rulebook DIR`."""

import subprocess
import sys

import pytest

from partners.vocabulary import RULEBOOK
from sharing.models import DecisionRecord, RulebookEdition
from tests.replay.conftest import HOUSING, HOUSING_HEARS, HOUSING_HEARS_NO_MORE, Corrected, objects
from tests.site import Site

CARE = "CSP-L1110-4-II"
CARE_ASKS = "requires: [same_care, named_recipient]"


def test_the_demonstration_comes_out_the_same(demonstration: Site) -> None:
    done = demonstration.manage("replay")
    assert (done.returncode, done.stderr) == (0, "")
    assert f"{DecisionRecord.objects.count()} décisions reprises\u00a0: aucune autre." in done.stdout


def test_a_text_that_loses_a_recipient_changes_exactly_what_rested_on_it_and_is_only_tried(
    demonstration: Site, corrected: Corrected
) -> None:
    folder = corrected("bases.yaml", HOUSING_HEARS, HOUSING_HEARS_NO_MORE)
    done = demonstration.manage("replay", "--json", f"--rulebook={folder}")
    assert done.returncode == 1, done.stderr
    found = objects(done)
    rested = set(DecisionRecord.objects.filter(basis=HOUSING).exclude(verdict="deny").values_list("pk", flat=True))
    assert rested
    changed = [one for one in found["differs"] if one["verdict"]["then"] != one["verdict"]["now"]]
    assert {one["record"] for one in changed} == {str(pk) for pk in rested}
    for one in changed:
        assert (one["basis"], one["verdict"]["now"]) == ({"then": HOUSING, "now": None}, "deny")
        assert "recipient_is_among_those_the_text_names" in one["rules"]["newly"]
    assert {one["rule"]: one for one in found["summary"][0]["rules"]}["recipient_is_among_those_the_text_names"][
        "newly"
    ] >= len(rested)
    assert found["rules"][0]["edition"] is None
    assert RulebookEdition.objects.count() == 1


def test_a_text_that_asks_for_more_changes_exactly_what_lacks_it_and_names_the_norm(
    demonstration: Site, corrected: Corrected
) -> None:
    folder = corrected("bases.yaml", CARE_ASKS, "requires: [same_care, named_recipient, agreement_sought]")
    found = objects(demonstration.manage("replay", "--json", f"--rulebook={folder}"))
    lacking = DecisionRecord.objects.filter(basis=CARE).exclude(facts__circumstances__contains="agreement_sought")
    assert lacking
    assert {one["record"] for one in found["differs"]} == {str(one.pk) for one in lacking}
    assert all(one["rules"]["newly"] == ["conditions_are_established"] for one in found["differs"])
    assert [one["rule"] for one in found["summary"][0]["rules"]] == ["conditions_are_established"]


def test_the_same_rules_in_another_folder_are_the_same_edition(demonstration: Site, corrected: Corrected) -> None:
    folder = corrected("bases.yaml", HOUSING_HEARS, HOUSING_HEARS)
    done = demonstration.manage("replay", f"--rulebook={folder}")
    assert done.returncode == 0
    assert "Sous les règles n°\u00a01." in done.stdout


@pytest.mark.parametrize(
    "command", [["replay", "--json"], ["decide", str(RULEBOOK / "scenarios" / "ecole.yaml")]], ids=["replay", "decide"]
)
def test_a_reader_who_leaves_ends_the_command_quietly(demonstration: Site, command: list[str]) -> None:
    """`manage.py decide … | head -1`"""
    with subprocess.Popen(
        [sys.executable, "manage.py", *command],
        cwd=RULEBOOK.parent,
        env=demonstration.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as running:
        assert running.stdout is not None
        assert running.stderr is not None
        running.stdout.close()
        complaint = running.stderr.read().decode()
    assert (complaint, running.returncode) == ("", 141)
