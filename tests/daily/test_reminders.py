"""What the schedule reminds of: each once by its key, nothing of what is over, numbers only in the morning's letter."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail

from consent import registry, withheld
from consent.models import PriorInformation
from partners import clock
from partners.models import AgreementParty
from sharing import outbox, reading, tasks
from sharing.daily import digest, reminders
from sharing.models import Outbox
from tests import personas, posts
from tests.duties.ways import around, concern, conclude, duty_of
from tests.personas import Territory
from tests.sharing.ways import draft_of, send

pytestmark = pytest.mark.django_db


def kinds() -> list[str]:
    reminded = [Outbox.Kind.CONVENTION_ENDING, Outbox.Kind.CONSENT_ENDING, Outbox.Kind.UNREAD, Outbox.Kind.DUTY_DUE]
    return sorted(Outbox.objects.filter(kind__in=reminded).values_list("kind", flat=True))


def test_a_reminder_is_sent_once_however_often_the_schedule_runs(territory: Territory) -> None:
    personas.parents_agree(territory, days=20)
    for _ in range(3):
        reminders.remind(clock.now())
    assert kinds() == ["consent_ending"]
    row = Outbox.objects.get(kind="consent_ending")
    assert (row.recipient, row.reference) == (territory.camille, territory.case.reference)


def test_an_agreement_taken_back_refused_since_or_given_anew_is_not_reminded(territory: Territory) -> None:
    ending = personas.parents_agree(territory, days=20)
    at = clock.now()
    assert len(list(reminders.consents_ending(at))) == 1
    longer = personas.parents_agree(territory, days=180)
    assert not list(reminders.consents_ending(at + timedelta(seconds=1)))
    registry.withdraw(consent=longer, form="in_person", own_words="Non.", by=territory.camille)
    registry.withdraw(consent=ending, form="in_person", own_words="Non.", by=territory.camille)
    assert not list(reminders.consents_ending(clock.now()))


def test_who_follows_the_case_now_is_reminded_once_its_collector_has_left(territory: Territory) -> None:
    personas.parents_agree(territory, days=20)
    personas.assign(territory.case, territory.leila, territory.nadia)
    posts.ends(territory.camille)
    assert [one.recipient for one in reminders.consents_ending(clock.now())] == [territory.leila]


def test_what_is_unread_after_five_days_is_reminded_to_whom_it_came_while_it_can_be_read(territory: Territory) -> None:
    consent = personas.parents_agree(territory)
    sent = send(draft_of(territory), territory.camille).disclosure
    assert sent is not None
    later = sent.released_at + timedelta(days=5)
    assert not list(reminders.unread(later - timedelta(minutes=1)))
    assert [one.recipient for one in reminders.unread(later)] == [territory.lantier]
    reading.open_disclosure(disclosure_id=sent.pk, by=territory.lantier)
    assert not list(reminders.unread(later))
    other = send(draft_of(territory), territory.camille).disclosure
    assert other is not None
    registry.withdraw(consent=consent, form="in_person", own_words="Non.", by=territory.camille)
    assert not list(reminders.unread(other.released_at + timedelta(days=6)))


def test_information_put_off_is_reminded_and_stands_on_the_first_page_until_she_is_told(territory: Territory) -> None:
    today = clock.day_of(clock.now())

    def inform(*categories: str, **options: Any) -> PriorInformation:
        scope = registry.Scope(
            case=territory.case, recipient=territory.lantier, purpose="scolarite", categories=categories
        )
        word: dict[str, Any] = {"given_by": territory.mother, "collected_on": today, "form": "in_person"}
        return registry.inform(scope=scope, by=territory.camille, **word | options)

    def shown() -> str:
        return personas.signed_in(territory.camille).get("/").content.decode()

    put_off: dict[str, Any] = {
        "given_by": None, "form": "", "withheld": "child_interest", "withheld_reason": "Pression sur l’enfant.",
        "decided_with": "Mme Benali",
    }  # fmt: skip
    assert "Informations différées" not in shown()
    first = inform("consigne_pratique", "besoins_scolaires", **put_off, reexamine_on=today + timedelta(days=10))
    assert "Informations différées" in shown()
    assert not list(reminders.deferred_due(clock.now()))
    assert [one.recipient for one in reminders.deferred_due(clock.now() + timedelta(days=7))] == [territory.camille]
    assert digest.counts_of(territory.camille, clock.now())["deferred"] == 1
    inform("consigne_pratique")
    found = withheld.waiting(cases=[territory.case.pk], at=clock.now())
    assert [(one.row, one.categories) for one in found] == [(first, ("besoins_scolaires",))]
    again = inform("besoins_scolaires", **put_off, reexamine_on=today + timedelta(days=2))
    assert [one.row for one in withheld.waiting(cases=[territory.case.pk], at=clock.now())] == [again]
    reminders.remind(clock.now())
    assert kinds() == ["duty_due"]
    inform("besoins_scolaires", child_heard=True, understanding="Il redit à qui.")
    assert not withheld.waiting(cases=[territory.case.pk], at=clock.now())
    assert "Informations différées" not in shown()


def test_a_convention_about_to_end_is_reminded_on_each_side_to_who_may_prolong_it(territory: Territory) -> None:
    agreement = territory.school_agreement
    agreement.ends_on = clock.day_of(clock.now()) + timedelta(days=30)
    agreement.save(update_fields=["ends_on"])
    found = list(reminders.conventions_ending(clock.now()))
    assert [one.recipient for one in found] == [territory.nadia]  # the school has nobody for it
    odette = personas.tends_the_directory(territory, territory.school)
    found = list(reminders.conventions_ending(clock.now()))
    assert {one.recipient for one in found} == {territory.nadia, odette}
    assert AgreementParty.objects.filter(agreement=agreement).count() == 2
    agreement.suspended_at = clock.now()
    agreement.save(update_fields=["suspended_at"])
    assert not list(reminders.conventions_ending(clock.now()))


def test_what_is_owed_soon_is_reminded_to_whoever_owes_it_and_not_once_done(territory: Territory) -> None:
    sent = concern(territory, around(territory).crip)
    at = clock.now()
    review = duty_of(sent, "review_after")
    assert review.due_at is not None
    found = {one.path: one.recipient for one in reminders.duties_due(review.due_at - timedelta(hours=23))}
    assert found == {f"/a-faire/{review.pk}/": territory.nadia}
    conclude(sent, territory.nadia)
    assert not list(reminders.duties_due(review.due_at - timedelta(hours=23)))
    feedback = duty_of(sent, "feedback_within_3_months")
    assert [one.recipient for one in reminders.duties_due(at + timedelta(days=80)) if str(feedback.pk) in one.path] == [
        sent.recipient
    ]


def test_the_morning_letter_holds_numbers_and_goes_once_a_day(territory: Territory) -> None:
    personas.parents_agree(territory)
    send(draft_of(territory), territory.camille)
    at = clock.now()
    digest.send_digests(at)
    digest.send_digests(at)
    rows = {row.recipient_id: row for row in Outbox.objects.filter(kind=Outbox.Kind.DIGEST)}
    assert rows[territory.lantier.pk].counts["received"] == 1
    assert territory.perrin.pk not in rows  # nobody is written to for nothing
    mail.outbox.clear()
    outbox.sweep()
    letter = next(
        one for one in mail.outbox if one.subject.startswith("À faire aujourd’hui") and "lantier" in one.to[0]
    )
    assert "1 communication à lire ou à accuser" in letter.body
    for named in (personas.CHILD_FIRST_NAME, personas.CHILD_LAST_NAME, territory.case.reference, "Roussel", "C-20"):
        assert named not in letter.body
    digest.send_digests(at + timedelta(days=1))
    assert Outbox.objects.filter(kind=Outbox.Kind.DIGEST, recipient=territory.lantier).count() == 2


def test_every_kind_of_thing_that_presses_has_its_line_in_the_morning_letter() -> None:
    from django.template.loader import render_to_string

    from sharing.daily import sections

    for build in sections.BUILDERS:
        name = build.__name__
        counts = {"received": 0, "late": 0} | {name: 3}
        said = render_to_string("sharing/mail/digest.txt", {"counts": counts, "url": "https://tact.example/"})
        assert ("- 3 " in said) == (name not in NOT_PRESSING), name


NOT_PRESSING = {"unread", "drafts", "refused", "served"}
"""They wait for nobody else: the first page shows them, no letter counts them."""


def test_the_tasks_of_the_schedule_run_twice_without_a_further_effect(territory: Territory) -> None:
    personas.parents_agree(territory, days=20)
    for task in (tasks.remind, tasks.send_digests):
        task.run()
        many = Outbox.objects.count()
        task.run()
        assert Outbox.objects.count() == many
