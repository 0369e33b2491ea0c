"""The acts of the person's rights: what is written, once, by whom, and nothing rewritten (RGPD 16 and 18)."""

from datetime import date, datetime, timedelta

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from audit.models import Entry
from cases import access, rights
from cases.models import Assignment, ItemContent, Limitation, Person, Rectification, RectificationAnswer
from partners import clock
from partners.clock import PARIS
from tests import personas
from tests.personas import Territory
from tests.rights.ways import CORRECTED, WRONG, asks, corrected, lifted, limits

pytestmark = pytest.mark.django_db


def test_a_request_is_one_row_and_one_entry_however_often_the_same_words_are_posted(territory: Territory) -> None:
    first, again = asks(territory), asks(territory)
    assert first == again
    assert Rectification.objects.count() == Entry.objects.filter(action="rectification.requested").count() == 1
    body = bytes(Entry.objects.get(action="rectification.requested").body).decode()
    assert WRONG not in body
    assert "Bertin" not in body


def test_a_correction_stands_beside_the_item_and_rewrites_nothing(territory: Territory) -> None:
    before = ItemContent.objects.get(item=territory.absences).text
    answer = corrected(territory)
    assert ItemContent.objects.get(item=territory.absences).text == before
    assert rights.annotations([territory.absences.pk]) == {territory.absences.pk: [answer]}
    assert rights.shown(answer)["text"] == CORRECTED
    assert not rights.waiting(territory.case).exists()


def test_a_refusal_is_motivated_stands_nowhere_and_is_answered_once(territory: Territory) -> None:
    asked = asks(territory)
    with pytest.raises(IntegrityError), transaction.atomic():
        rights.refuse_rectification(rectification=asked, text=" ", by=territory.camille)
    rights.refuse_rectification(rectification=asked, text="Constaté trois mardis de suite.", by=territory.camille)
    with pytest.raises(rights.AlreadyAnswered):
        rights.accept_rectification(rectification=asked, text=CORRECTED, by=territory.camille)
    assert rights.annotations([territory.absences.pk]) == {}
    assert Entry.objects.filter(action="rectification.refused").count() == 1
    assert not Entry.objects.filter(action="rectification.accepted").exists()
    assert asks(territory) != asked


def test_the_depositary_answers_and_once_she_is_gone_her_team_lead(territory: Territory) -> None:
    asked = asks(territory)
    personas.assign(territory.case, territory.nadia, territory.nadia)
    personas.assign(territory.case, territory.leila, territory.nadia)
    for other in (territory.nadia, territory.leila):
        with pytest.raises(rights.NotHersToAnswer):
            rights.accept_rectification(rectification=asked, text=CORRECTED, by=other)
    access.end_assignment(
        assignment=Assignment.objects.get(case=territory.case, membership=territory.camille),
        reason="Elle part",
        by=territory.nadia,
    )
    assert not rights.may_answer(asked.item, territory.leila)
    rights.accept_rectification(rectification=asked, text=CORRECTED, by=territory.nadia)


def test_one_month_is_counted_in_paris_days_and_ends_with_the_month(territory: Territory) -> None:
    assert rights.due_on(datetime(2026, 1, 31, 12, tzinfo=PARIS)) == date(2026, 2, 28)
    assert rights.due_on(datetime(2026, 11, 22, 23, 30, tzinfo=PARIS)) == date(2026, 12, 22)
    assert rights.due_on(datetime(2026, 12, 5, 12, tzinfo=PARIS)) == date(2027, 1, 5)


def test_a_limitation_stands_until_it_is_lifted_and_she_is_told_before(territory: Territory) -> None:
    one = limits(territory, territory.absences)
    assert limits(territory, territory.absences) == one
    now = clock.now()
    held = rights.limits_at(territory.case.pk, now)
    assert (held.hold(territory.absences.pk), held.hold(territory.language.pk)) == (True, False)
    assert not rights.limits_at(territory.case.pk, one.at - timedelta(seconds=1)).items
    today = clock.day_of(now)
    for told in (today + timedelta(days=1), today - timedelta(days=1)):
        with pytest.raises(rights.ToldAfterwards):
            rights.lift_limitation(limitation=one, reason="Vérifié.", person_told_on=told, by=territory.camille)
    lifted(territory, one)
    with pytest.raises(rights.AlreadyLifted):
        lifted(territory, one)
    assert rights.limitation_on(territory.absences) is None
    assert rights.limits_at(territory.case.pk, now).hold(territory.absences.pk)
    assert limits(territory, territory.absences) != one


def test_a_limitation_of_the_whole_case_holds_every_item(territory: Territory) -> None:
    limits(territory)
    held = rights.limits_at(territory.case.pk, clock.now())
    assert held.whole
    assert held.hold(territory.language.pk)
    assert rights.limitation_on(territory.language) == Limitation.objects.get()
    assert Entry.objects.filter(action="limitation.started").count() == 1


def test_an_item_of_another_case_is_not_limited_here_nor_for_a_ground_that_is_unknown(territory: Territory) -> None:
    other = personas.open_case_for(
        Person(first_name="Lina", last_name="Morel", birth_date=personas.born_years_ago(40)), territory.camille
    )
    theirs = personas.write_down(other, territory.camille)
    for item, ground in ((theirs, "accuracy"), (territory.absences, "parce que")):
        with pytest.raises(ValueError, match=r"another case|parce que"):
            rights.limit(case=territory.case, item=item, ground=ground, asked_by=None, text="", by=territory.camille)


def test_nobody_changes_or_removes_any_of_it(territory: Territory) -> None:
    corrected(territory)
    lifted(territory, limits(territory))
    for rows in (Rectification.objects, RectificationAnswer.objects, Limitation.objects):
        for change in (lambda rows=rows: rows.update(text="Rien."), lambda rows=rows: rows.all().delete()):
            with pytest.raises(DatabaseError), transaction.atomic():
                change()
