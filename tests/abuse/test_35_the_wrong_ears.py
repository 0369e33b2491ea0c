"""Abuse 35: an alarm to somebody whom no text empowers is refused by the act itself, whatever the page offered; it is kept."""

import pytest

from audit.models import Entry
from sharing import service
from sharing.models import DecisionRecord, Disclosure, Outbox
from sharing.urgency.dangers import DANGERS
from tests import personas
from tests.personas import Territory
from tests.urgency.ways import sound

EVERY_SIGN = ("grave", "imminent", "seen", "defenceless", "acting_out", "weapon", "control")


@pytest.mark.parametrize("danger", [one.code for one in DANGERS])
def test_abuse_35_nobody_but_those_empowered_receives_an_alarm(territory: Territory, danger: str) -> None:
    for wrong in (territory.lantier, territory.perrin, territory.aubin, territory.nadia, territory.yann):
        shared = sound(territory, wrong, danger=danger, criteria=EVERY_SIGN)
        assert shared.outcome is service.Outcome.REFUSED, wrong
    assert not Disclosure.objects.exists()
    assert Entry.objects.filter(action="disclosure.refused").count() == 5
    assert not Outbox.objects.exists()


def test_abuse_35_a_judge_is_no_rescue_service(territory: Territory) -> None:
    """Empowered to receive ill-treatment of a child; not to be sent a peril, which nobody would answer at night."""
    judge = personas.judge(territory)
    assert sound(territory, judge).outcome is service.Outcome.REFUSED
    assert sound(territory, judge, danger="ill_treatment", criteria=("seen",)).outcome is service.Outcome.RELEASED


def test_abuse_35_the_police_that_calls_is_not_the_17(territory: Territory) -> None:
    police = personas.post(
        personas.professional("Marc", "Rebours", title="M."),
        personas.institution("Commissariat de Vallières", "Police nationale"),
        "police",
        "Brigadier",
        "authority",
        "CSI R434-8",
        reached_by="spoken",
    )
    assert sound(territory, police).outcome is service.Outcome.REFUSED
    assert DecisionRecord.objects.get().verdict == "deny"
