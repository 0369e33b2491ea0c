"""Several people at the same instant, with real commits: what is done twice is done once, and nothing slips by."""

import random
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import pytest
from django.db import OperationalError, connection, transaction
from django.test import Client
from django.urls import reverse

from audit.models import Entry
from cases import access, files
from cases.models import Assignment, Involvement
from consent.models import Consent, Refusal, Withdrawal
from partners import clock
from partners.models import Agreement, Membership
from sharing import reading, service, withdrawal
from sharing.models import Disclosure, Draft
from tests import personas, posts
from tests.personas import Territory
from tests.sharing.test_two_at_once import in_thread, until, waits_for_a_lock
from tests.sharing.ways import draft_of, seen, send


def at_once(acts: Sequence[Callable[[], Any]]) -> list[Any]:
    """What each act came to, or its exception; all begin at the same instant, each on its own connection."""
    gate = threading.Barrier(len(acts))

    def after_the_gate(act: Callable[[], Any]) -> Callable[[], Any]:
        def run() -> Any:
            gate.wait(10)
            return act()

        return run

    with ThreadPoolExecutor(len(acts)) as pool:
        waiting = [in_thread(pool, after_the_gate(act)) for act in acts]
        return [one.exception(30) or one.result() for one in waiting]


def word(territory: Territory, act: str) -> tuple[str, dict[str, Any]]:
    """The page on which Camille records the mother's word towards Mme Lantier, and what it posts."""
    today = clock.day_of(clock.now()).isoformat()
    address = reverse("consent:new", args=[territory.case.reference])
    posted = {
        "speaker": str(territory.mother.pk),
        "categories": ["consigne_pratique"],
        "collected_on": today,
        "form": "in_person",
        "language": "fr",
        "own_words": "Finalement non.",
        "duration": "30",
    }
    return f"{address}?act={act}&recipient={territory.lantier.pk}&purpose=scolarite", posted


def released(territory: Territory) -> Disclosure:
    personas.parents_agree(territory)
    disclosure = send(draft_of(territory), territory.camille).disclosure
    assert disclosure is not None
    return disclosure


@pytest.mark.parametrize("act", ["refusal", "objection"])
def test_a_word_said_while_a_disclosure_leaves_is_never_dated_before_it(own_database: str, act: str) -> None:
    """Dated when it was asked for, it would say that the disclosure went against it."""
    territory = personas.build()
    personas.parents_agree(territory)
    draft = draft_of(territory)
    token = seen(draft, territory.camille)
    client = personas.signed_in(territory.camille)
    address, posted = word(territory, act)
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            files.lock_person(territory.child.pk)
            answer = in_thread(pool, lambda: client.post(address, posted).status_code)
            until(waits_for_a_lock)
            shared = service.share(draft_id=draft.pk, previewed=token, by=territory.camille)
        assert answer.result(10) == 302
    assert shared.disclosure is not None
    recorded = Entry.objects.filter(action__in=["consent.refused", "objection.recorded"]).get()
    assert recorded.at > shared.disclosure.released_at


def test_an_assignment_ended_while_a_disclosure_leaves_ends_after_it(own_database: str) -> None:
    territory = personas.build()
    personas.parents_agree(territory)
    draft = draft_of(territory)
    token = seen(draft, territory.camille)
    mine = Assignment.objects.get(case=territory.case, membership=territory.camille)
    lead = personas.signed_in(territory.nadia)
    address = reverse("cases:end_assignment", args=[territory.case.reference, mine.pk])
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            Assignment.objects.select_for_update(no_key=True).get(pk=mine.pk)
            answer = in_thread(pool, lambda: lead.post(address, {"reason": "Mutation"}).status_code)
            until(waits_for_a_lock)
            shared = service.share(draft_id=draft.pk, previewed=token, by=territory.camille)
        assert answer.result(10) == 302
    mine.refresh_from_db()
    assert shared.disclosure is not None
    assert mine.ends_at is not None
    assert mine.ends_at > shared.disclosure.released_at


def test_the_last_two_who_follow_a_case_cannot_both_leave_it(own_database: str) -> None:
    territory = personas.build()
    personas.assign(territory.case, territory.leila, territory.camille)
    leaving = []
    for who in (territory.camille, territory.leila):
        mine = Assignment.objects.get(case=territory.case, membership=who)
        address = reverse("cases:end_assignment", args=[territory.case.reference, mine.pk])
        client = personas.signed_in(who)
        leaving.append(lambda client=client, address=address: client.post(address, {"reason": "Départ"}).status_code)
    at_once(leaving)
    assert Assignment.objects.in_force().filter(case=territory.case).count() == 1


def test_two_first_openings_are_one_in_the_trail(own_database: str) -> None:
    territory = personas.build()
    disclosure = released(territory)
    opening = lambda: reading.open_disclosure(disclosure_id=disclosure.pk, by=territory.lantier)  # noqa: E731
    answers = at_once([opening] * 4)
    assert [one for one in answers if isinstance(one, BaseException)] == []
    (entry,) = Entry.objects.filter(action="disclosure.opened")
    disclosure.refresh_from_db()
    assert disclosure.opened_at == entry.at


def test_a_draft_given_up_while_it_leaves_is_not_given_up(own_database: str) -> None:
    territory = personas.build()
    personas.parents_agree(territory)
    draft = draft_of(territory)
    token = seen(draft, territory.camille)
    client = personas.signed_in(territory.camille)
    address = reverse("sharing:discard", args=[territory.case.reference, draft.pk])
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            service.share(draft_id=draft.pk, previewed=token, by=territory.camille)
            answer = in_thread(pool, lambda: client.post(address).status_code)
            until(waits_for_a_lock)
        assert answer.result(10) == 302
    draft.refresh_from_db()
    assert draft.sent_at is not None
    assert draft.discarded_at is None


Posted = tuple[Membership, str, dict[str, Any], Callable[[], int]]


def forms_to_post_twice(territory: Territory) -> list[Posted]:
    """Who posts what where, and how many times it has acted so far."""
    consent = personas.parents_agree(territory)
    disclosure = send(draft_of(territory), territory.camille).disclosure
    assert disclosure is not None
    reading.open_disclosure(disclosure_id=disclosure.pk, by=territory.lantier)
    case = territory.case.reference
    item = {
        "label": "Absences", "text": "Absent trois mardis.", "category": "consigne_pratique", "nature": "fait_constate",
        "provenance": "observed", "observed_on": "2026-01-05",
    }  # fmt: skip
    follows = {"membership": str(territory.leila.pk), "kind": "colleague", "reason": "Relais"}
    works = {"membership": str(territory.sofia.pk), "kind": "care", "source": "Dit par la mère"}
    return [
        (territory.camille, reverse("cases:item_new", args=[case]), item,
         lambda: Entry.objects.filter(action="item.added").count()),
        (territory.camille, reverse("cases:assignments", args=[case]), follows,
         lambda: Entry.objects.filter(action="case.assigned").count()),
        (territory.camille, reverse("cases:involvements", args=[case]), works,
         lambda: Entry.objects.filter(action="involvement.recorded").count()),
        (territory.lantier, reverse("sharing:acknowledge", args=[disclosure.pk]), {},
         lambda: Entry.objects.filter(action="disclosure.acknowledged").count()),
        (territory.camille, reverse("sharing:withdraw", args=[case, consent.pk]), {"form": "in_person"},
         lambda: Entry.objects.filter(action="consent.withdrawn").count()),
        *((territory.camille, *word(territory, act), lambda action=action: Entry.objects.filter(action=action).count())
          for act, action in (("agreement", "consent.given"), ("refusal", "consent.refused"),
                              ("objection", "objection.recorded"), ("information", "information.given"))),
    ]  # fmt: skip


@pytest.mark.django_db
def test_every_form_posted_again_once_it_has_acted_acts_once_and_answers_the_same() -> None:
    """A double click whose second request comes after the first is done: the page that it shows is not an error."""
    wrong = []
    for who, address, posted, count in forms_to_post_twice(personas.build()):
        before = count()
        client = personas.signed_in(who)
        answers = [client.post(address, posted).status_code for _ in range(2)]
        if answers != [302, 302] or count() != before + 1:
            wrong.append((address, answers, count() - before))
    assert wrong == []


def test_every_form_posted_twice_at_once_acts_once(own_database: str) -> None:
    wrong = []
    for who, address, posted, count in forms_to_post_twice(personas.build()):
        before = count()
        first = personas.signed_in(who)

        def press(first: Client = first, address: str = address, posted: Any = posted) -> int:
            tab = Client()
            tab.cookies.load(first.cookies.output(header="", sep=";"))
            return tab.post(address, posted).status_code

        answers = at_once([press, press])
        if answers != [302, 302] or count() != before + 1:
            wrong.append((address, answers, count() - before))
    assert wrong == []


def test_acts_of_every_kind_at_once_never_wait_for_each_other_in_a_ring(own_database: str) -> None:
    """A few seconds of everything at once: no deadlock, and no disclosure dated after what should have stopped it."""
    territory = personas.build()
    case, school = territory.case, territory.school_agreement
    personas.assign(case, territory.nadia, territory.camille)
    over = time.monotonic() + 6
    went_wrong: list[str] = []

    composing = threading.Lock()

    def share() -> None:
        with composing:  # the helper takes up the empty draft again, as a double click does
            draft = draft_of(territory)
        send(draft, territory.camille)

    def agree() -> None:
        personas.parents_agree(territory, at=None)

    def take_back() -> None:
        consent = Consent.objects.exclude(pk__in=Withdrawal.objects.values("consent")).order_by("?").first()
        if consent is not None:
            withdrawal.withdraw(consent=consent, form="in_person", own_words="", by=territory.camille)

    def change_team() -> None:
        found = Assignment.objects.filter(case=case, membership=territory.leila, ends_at__isnull=True).first()
        if found is None:
            personas.assign(case, territory.leila, territory.camille)
        else:
            access.end_assignment(assignment=found, reason="Fin", by=territory.nadia, at=clock.now())

    def change_work() -> None:
        found = Involvement.objects.filter(case=case, ends_at__isnull=True).select_related("case").first()
        if found is not None:
            files.end_involvement(involvement=found, by=territory.camille, at=clock.now())
        else:
            files.record_involvement(
                case=case, membership=territory.lantier, kind="social", source="Réunion", by=territory.camille,
                at=clock.now(),
            )  # fmt: skip

    def suspend() -> None:
        with transaction.atomic():
            held = Agreement.objects.select_for_update(no_key=True).get(pk=school.pk)
            held.suspended_at = None if held.suspended_at else clock.now()
            held.save(update_fields=["suspended_at"])

    def leave() -> None:
        with transaction.atomic():
            held = Membership.objects.select_for_update(no_key=True).get(pk=territory.lantier.pk)
            at_work = held.ends_at is None or held.ends_at > clock.now()
            posts.ends(held, None if at_work else clock.now() + personas.A_YEAR)

    def read() -> None:
        found = Disclosure.objects.order_by("?").first()
        if found is not None:
            reading.open_disclosure(disclosure_id=found.pk, by=territory.lantier)

    def keep_on(act: Callable[[], None]) -> None:
        while time.monotonic() < over:
            try:
                act()
            except OperationalError as error:
                went_wrong.append(f"{act.__name__}: {error}")
            except (access.AlreadyAssigned, reading.NotReadable, service.IncompleteDraft):
                pass
            time.sleep(random.random() / 200)  # noqa: S311

    kinds = (share, share, agree, take_back, change_team, change_work, suspend, leave, read)
    with ThreadPoolExecutor(len(kinds)) as pool:
        for one in [in_thread(pool, partial(keep_on, act)) for act in kinds]:
            one.result(60)
    assert went_wrong == []
    assert Draft.objects.exists()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM sharing_disclosure d JOIN sharing_decisionrecord r ON r.id = d.record_id"
            " WHERE r.verdict <> 'allow' OR NOT EXISTS (SELECT 1 FROM consent_consent c"
            "   LEFT JOIN consent_withdrawal w ON w.consent_id = c.id WHERE c.recorded_at <= d.released_at"
            "   AND c.recipient_id = d.recipient_id AND (w.id IS NULL OR w.withdrawn_at > d.released_at))"
        )
        assert cursor.fetchone() == (0,)
    assert not Refusal.objects.exists()
