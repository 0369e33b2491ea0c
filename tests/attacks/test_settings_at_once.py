"""Settings and duties at the same instant as what they bear on, with real commits: each act falls strictly on one side."""

from concurrent.futures import ThreadPoolExecutor
from functools import partial

from django.db import transaction

from audit.models import Entry
from consent import registry
from partners import clock, narrowing
from partners.clock import day_of
from partners.models import NarrowingDecision, NarrowingLift
from sharing import discharge, reading, service
from sharing.models import DutyAct
from tests import personas
from tests.attacks.test_at_once import at_once
from tests.duties.ways import around, duty_of, ill_treatment
from tests.narrowing.ways import approve, house, narrowed, proposed
from tests.sharing.test_two_at_once import in_thread, until, waits_for_a_lock
from tests.sharing.ways import draft_of, seen, send


def test_an_approval_waits_for_the_disclosure_under_way_and_counts_after_it(own_database: str) -> None:
    territory = personas.build()
    who = house(territory)
    personas.parents_agree(territory)
    draft = draft_of(territory)
    token = seen(draft, territory.camille)
    made = proposed(territory.school_agreement, who.tender)
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            shared = service.share(draft_id=draft.pk, previewed=token, by=territory.camille)
            approving = in_thread(pool, lambda: approve(made, who.dpo))
            until(waits_for_a_lock)
        decision = approving.result(10)
    assert shared.disclosure is not None
    assert decision.effective_at is not None
    assert decision.effective_at > shared.disclosure.released_at


def test_a_reading_waits_for_the_approval_under_way_and_is_closed(own_database: str) -> None:
    territory = personas.build()
    who = house(territory)
    personas.parents_agree(territory)
    sent = send(draft_of(territory), territory.camille).disclosure
    assert sent is not None
    made = proposed(territory.house, who.tender)
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            approve(made, who.dpo)
            opening = in_thread(pool, lambda: reading.open_disclosure(disclosure_id=sent.pk, by=territory.lantier))
            until(waits_for_a_lock)
        read = opening.result(10)
    assert read.closed == "category_excluded"
    assert read.items == ()


def test_two_lifts_proposed_at_once_are_one(own_database: str) -> None:
    territory = personas.build()
    who = house(territory)
    made = narrowed(territory.house, who)
    today = day_of(clock.now())
    lift = partial(narrowing.propose_lift, narrowing=made, why="Plus utile.", wanted_on=today)
    first, second = at_once([partial(lift, by=who.dpo), partial(lift, by=who.tender)])
    assert first == second
    assert NarrowingLift.objects.count() == 1


def test_a_narrowing_decided_in_two_tabs_at_once_is_decided_once(own_database: str) -> None:
    territory = personas.build()
    who = house(territory)
    made = proposed(territory.house, who.tender)
    first, second = at_once([partial(approve, made, who.dpo)] * 2)
    assert first == second
    assert NarrowingDecision.objects.count() == 1
    assert Entry.objects.filter(action="narrowing.approved").count() == 1


def test_telling_her_and_declaring_it_at_once_are_one_then_the_other(own_database: str) -> None:
    territory = personas.build()
    sent = ill_treatment(territory, around(territory).crip)
    duty = duty_of(sent, "inform_after")
    told = partial(
        registry.inform,
        scope=registry.Scope(
            case=territory.case,
            recipient=sent.recipient,
            purpose=sent.purpose,
            categories=("consigne_pratique",),
        ),
        by=territory.camille,
        given_by=territory.mother,
        collected_on=day_of(clock.now()),
        form="in_person",
        own_words="",
        late_reason="",
    )
    declared = partial(discharge.discharge, duty_id=duty.pk, how="De vive voix.", by=territory.camille)
    _word, answer = at_once([told, declared])
    assert isinstance(answer, DutyAct | discharge.AlreadyDone)
    assert DutyAct.objects.count() == isinstance(answer, DutyAct)


def test_opened_again_in_two_tabs_at_once_is_opened_again_once(own_database: str) -> None:
    territory = personas.build()
    duty = duty_of(ill_treatment(territory, around(territory).crip), "inform_after")
    discharge.discharge(duty_id=duty.pk, how="De vive voix.", by=territory.camille)
    again = partial(discharge.reopen, duty_id=duty.pk, why="Ce n’était pas elle.", by=territory.camille)
    answers = at_once([again, again])
    assert sum(isinstance(one, DutyAct) for one in answers) == 1
    assert sum(isinstance(one, discharge.DeclarationError) for one in answers) == 1
