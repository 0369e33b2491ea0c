"""What the demonstration shows of duties: some done, some late, some to come, each with somebody whom it falls to."""

import pytest

from partners import clock
from partners.models import Membership
from sharing.daily.desk import Desk
from sharing.demo.following import HOW
from sharing.duty_page import nearest, of_membership
from sharing.models import Duty, DutyAct
from sharing.owing import states

pytestmark = pytest.mark.usefixtures("undone")


def somebody(email: str) -> Membership:
    return Membership.objects.filter(professional__email=email).order_by("starts_at")[0]


def test_duties_are_met_done_late_and_to_come() -> None:
    at = clock.now()
    found = [one for one in states(Duty.objects.all()) if one.to_do]
    assert any(one.done_at is not None and not one.done_by for one in found), "declared done"
    assert any(one.done_by for one in found), "done by an act of the house"
    assert any(one.late(at) for one in found)
    assert any(one.waiting and not one.late(at) for one in found)


def test_camille_has_something_to_do_and_nadia_something_late() -> None:
    at = clock.now()
    camille = somebody("camille.roussel@vallieres.example")
    waiting = nearest(Desk(camille, at).duties, at)
    assert waiting is not None
    assert waiting["lines"][0].due == "dans 5 jours"
    assert of_membership(camille, at)["done"]
    assert of_membership(somebody("nadia.benali@vallieres.example"), at)["late"]
    assert of_membership(Membership.objects.get(role="crip"), at)["later"]


def test_every_duty_falls_to_somebody() -> None:
    members = Membership.objects.select_related("professional")
    owed = {pk for one in members for pk in Duty.objects.visible_to(one).values_list("pk", flat=True)}
    orphans = Duty.objects.exclude(pk__in=owed).exclude(owed_by="institution").exclude(owed_by="reviewer")
    assert not list(orphans.values_list("code", "record__author__institution__name"))


def test_what_was_declared_was_owed_and_happened_in_its_time() -> None:
    at = clock.now()
    acts = DutyAct.objects.select_related("duty__record", "by")
    assert acts.exists()
    for act in acts:
        assert act.duty.code in HOW
        assert act.duty.record.decided_at < act.at < at
        assert act.duty.due_at is None or act.at <= act.duty.due_at or act.duty.due_at == act.duty.record.decided_at
        assert act.by_id != act.duty.record.author_id or act.duty.owed_by == "author"
