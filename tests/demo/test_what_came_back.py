"""The demonstration shows one communication returned, whose incident runs, and one recalled; each with its entry."""

import pytest

from audit.models import Entry
from partners import clock
from sharing import reading, states
from sharing.models import Disclosure, Incident, IncidentAct, Recalled, Returned

pytestmark = pytest.mark.usefixtures("undone")


def test_one_was_returned_and_its_incident_runs() -> None:
    returned = Returned.objects.get()
    incident = Incident.objects.get(disclosure=returned.disclosure)
    assert incident.opened_at == returned.at
    assert incident.opened_at < clock.now() < incident.due_at
    assert not IncidentAct.objects.filter(incident=incident, kind=IncidentAct.Kind.CLOSED).exists()
    assert states.state_of(returned.disclosure) == states.RETURNED
    actions = Entry.objects.filter(pk__in=[returned.entry_id, incident.entry_id]).values_list("action", flat=True)
    assert set(actions) == {"disclosure.returned", "incident.opened"}


def test_one_was_recalled_by_the_head_of_the_team() -> None:
    recalled = Recalled.objects.select_related("by", "disclosure__author").get()
    assert recalled.by.has_function("team_lead")
    assert recalled.by.institution_id == recalled.disclosure.author.institution_id
    assert reading.closed_because(Disclosure.objects.get(pk=recalled.disclosure_id), clock.now()) == states.RECALLED
