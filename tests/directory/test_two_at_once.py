"""Two at once, on a database where commits are real: two who sign, two who validate, a suspension under a disclosure."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

from django.db import transaction

from partners import agreeing, sheets
from partners.models import Agreement, AgreementAct, SheetAnswer
from partners.tending import SamePerson, TooLate
from sharing import service
from sharing.models import Disclosure
from sharing.service import Outcome
from tests import personas
from tests.directory.test_agreements import drafted, state, terms
from tests.directory.ways import CONTENTS
from tests.sharing.test_two_at_once import in_thread, until, waits_for_a_lock
from tests.sharing.ways import draft_of, seen


def told(act: Callable[[], Any]) -> str:
    try:
        act()
    except (TooLate, SamePerson) as error:
        return type(error).__name__
    return "done"


def at_once(*acts: Callable[[], Any]) -> list[str]:
    with ThreadPoolExecutor(len(acts)) as pool:
        return sorted(one.result(30) for one in [in_thread(pool, partial(told, act)) for act in acts])


def test_both_parties_who_sign_at_once_both_sign_and_it_is_in_force(own_database: str) -> None:
    territory = personas.build()
    solange = personas.tends_the_directory(territory, territory.school, name="Solange")
    made = drafted(territory)
    signed = at_once(
        lambda: agreeing.sign(agreement=made, by=territory.nadia), lambda: agreeing.sign(agreement=made, by=solange)
    )
    assert (signed, state(made)) == (["done", "done"], "current")


def test_two_of_one_institution_who_sign_at_once_sign_once(own_database: str) -> None:
    territory = personas.build()
    armelle = personas.tends_the_directory(territory, territory.house, name="Armelle")
    made = drafted(territory)
    signed = at_once(
        lambda: agreeing.sign(agreement=made, by=territory.nadia), lambda: agreeing.sign(agreement=made, by=armelle)
    )
    assert signed == ["TooLate", "done"]
    assert AgreementAct.objects.filter(agreement=made, move="signed").count() == 1


def test_one_who_validates_while_another_asks_for_changes_gives_one_answer(own_database: str) -> None:
    territory = personas.build()
    solange = personas.tends_the_directory(territory, territory.department, name="Solange")
    armelle = personas.tends_the_directory(territory, territory.house, name="Armelle")
    sheet = sheets.write(about=territory.department, partner=territory.house, contents=CONTENTS, by=solange)
    answered = at_once(
        lambda: sheets.answer(sheet=sheet, validated=True, sentence="", by=territory.nadia),
        lambda: sheets.answer(sheet=sheet, validated=False, sentence="Précisez.", by=armelle),
    )
    assert answered == ["TooLate", "done"]
    assert SheetAnswer.objects.filter(sheet=sheet).count() == 1


def test_two_who_revise_at_once_write_one_version(own_database: str) -> None:
    territory = personas.build()
    solange = personas.tends_the_directory(territory, territory.school, name="Solange")
    made = territory.school_agreement
    revised = at_once(
        lambda: agreeing.revise(agreement=made, terms=terms(), why="Bilan.", by=territory.nadia),
        lambda: agreeing.revise(agreement=made, terms=terms(), why="Bilan.", by=solange),
    )
    assert revised == ["TooLate", "done"]
    assert Agreement.objects.filter(number="12").count() == 2


def test_abuse_13_a_disclosure_waits_for_the_suspension_under_way_and_is_stopped(own_database: str) -> None:
    territory = personas.build()
    personas.parents_agree(territory)
    draft = draft_of(territory)
    token = seen(draft, territory.camille)
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            agreeing.suspend(agreement=territory.school_agreement, why="Bilan.", by=territory.nadia)
            sending = in_thread(pool, lambda: service.share(draft_id=draft.pk, previewed=token, by=territory.camille))
            until(waits_for_a_lock)
        assert sending.result(20).outcome is Outcome.CHANGED
    assert not Disclosure.objects.exists()
