"""What the first page reads, written once: the same rows as the ORM would read, for each, in half the statements."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.models import QuerySet
from django.test.utils import CaptureQueriesContext
from psycopg2.extras import Json

from cases.models import Case, Person
from partners import clock, written_for
from partners.models import Membership
from partners.written_once import AskedWhileWriting
from sharing.asking import home as asking
from sharing.daily import anomalies, between, desk, majority, sections
from sharing.daily.desk import Desk
from sharing.models import Disclosure
from sharing.reviewing import examined, queue, standing
from sharing.reviewing import home as reviewing
from sharing.rights import waiting as rectifying
from tests import personas
from tests.duties.ways import around, concern
from tests.personas import Territory
from tests.reviewing.ways import submitted
from tests.sharing.ways import draft_of, send

pytestmark = pytest.mark.django_db

BUILDS: tuple[Any, ...] = (
    desk._cases, desk._received, desk._unread, standing.asked_by, reviewing.concluded_of, rectifying.read_for,
    asking._pressing, asking._unread_outcomes, between._to_deliver, between._advice_asked, between._advice_read,
    anomalies._hers, majority._around_majority, sections._ending, sections._conventions, sections._drafts, sections._refused,
    sections._served,
)  # fmt: skip
FOR_OPINIONS: tuple[Any, ...] = (queue.read_for, examined.read_for)


def test_the_rows_are_those_that_the_orm_would_read_for_each_and_at_each_instant(territory: Territory) -> None:
    personas.parents_agree(territory, days=20)
    submitted(territory)
    concern(territory, around(territory).crip, timedelta(days=31))
    send(draft_of(territory), territory.camille)
    found = 0
    now = clock.now()
    for by in (territory.camille, territory.leila, territory.nadia, territory.lantier, territory.sofia):
        for build in (*BUILDS, *(FOR_OPINIONS if queue.gives_opinions(by) else ())):
            for at in (now, now + timedelta(days=9), now + timedelta(days=40)):
                rows = written_for.rows(build, by=by, at=at)
                assert rows == list(build(by, at)), (build, by)
                found += len(rows)
    assert found > 20, "something was read"


def test_of_two_who_are_alike_neither_reads_what_is_the_other_s(territory: Territory) -> None:
    """Another post like Camille's, elsewhere, with a situation of its own: one statement serves both, each with her rows."""
    mine = territory.camille
    elsewhere = personas.institution("Maison des solidarités de Clairval", "Service social départemental de secteur")
    hers = personas.post(
        personas.professional("Maud", "Ferrand"), elsewhere, mine.role, "Assistante sociale", mine.secrecy_status,
        mine.secrecy_proof,
    )  # fmt: skip
    child = Person(first_name="Nour", last_name="Vasseur", birth_date=personas.born_years_ago(9))
    other = personas.open_case_for(child, hers)
    personas.write_down(other, hers)
    submitted(territory)
    send(draft_of(territory), mine)
    assert written_for._alike(mine) == written_for._alike(hers)
    now = clock.now()
    for build in BUILDS:
        for by in (mine, hers, mine):
            assert written_for.rows(build, by=by, at=now) == list(build(by, now)), (build, by)
    assert [case.pk for case in Case.objects.visible_to(mine)] == [territory.case.pk]
    assert [case.pk for case in Case.objects.visible_to(hers)] == [other.pk]
    personas.end_post(hers)
    assert not Case.objects.visible_to(hers)


def test_what_would_stand_for_everybody_is_refused_and_nothing_is_nothing(territory: Territory) -> None:
    def asks(by: Membership, at: datetime) -> QuerySet[Case]:
        return Case.objects.filter(pk__in=list(Case.objects.values_list("pk", flat=True)))

    def none(by: Membership, at: datetime) -> QuerySet[Case]:
        return Case.objects.none()

    with pytest.raises(AskedWhileWriting):
        written_for.rows(asks, by=territory.camille)
    assert written_for.rows(none, by=territory.camille) == []


def test_no_connection_is_left_on_what_all_threads_share(territory: Territory) -> None:
    written_for.rows(anomalies._hers, by=territory.camille, at=clock.now())
    kept = written_for._rows(anomalies._hers, written_for._alike(territory.camille), None)
    shared = [one for one in kept.parameters if isinstance(one, Json)]
    assert shared
    assert not any(getattr(one, "_conn", None) for one in shared)


def test_what_is_counted_with_the_first_rows_is_all_of_them(territory: Territory) -> None:
    for _one in range(3):
        draft_of(territory)
    rows, many = written_for.first(sections._drafts, by=territory.camille, most=2)
    assert (len(rows), many) == (2, 3)
    assert written_for.first(sections._drafts, by=territory.leila, most=2) == ([], 0)


def _next_month(by: Membership, at: datetime) -> QuerySet[Case]:
    return Case.objects.filter(
        created_at__lt=at + timedelta(days=30), opened_on__gte=clock.day_of(at) - timedelta(days=30)
    )


def test_an_instant_or_a_day_near_the_mark_is_as_near_the_instant_of_the_reading(territory: Territory) -> None:
    now, by = clock.now(), territory.camille
    every = set(Case.objects.values_list("pk", flat=True))
    assert set(written_for.column(_next_month, by=by, at=now)) == every
    assert not written_for.column(_next_month, by=by, at=now - timedelta(days=60))
    assert not written_for.column(_next_month, by=by, at=now + timedelta(days=4000))


def test_the_first_page_asks_few_questions_and_no_more_of_several_things_than_of_one(territory: Territory) -> None:
    def statements(by: Membership) -> int:
        client = personas.signed_in(by)
        client.get("/")
        with CaptureQueriesContext(connection) as seen:
            assert client.get("/").status_code == 200
        return len(seen)

    crip = around(territory).crip

    def more() -> None:
        submitted(territory)
        concern(territory, crip, timedelta(days=31))
        send(draft_of(territory), territory.camille)
        draft_of(territory)

    more()
    who = (territory.camille, territory.nadia, territory.lantier)
    before = [statements(by) for by in who]
    assert all(many <= most for many, most in zip(before, MOST, strict=True)), before
    for _time in range(3):
        more()
    assert [statements(by) for by in who] == before
    assert Disclosure.objects.count() >= 4
    assert Desk(territory.camille, clock.now()).duties


MOST = (45, 55, 42)
