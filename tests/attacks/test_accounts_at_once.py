"""Accounts at the same instant, with real commits: one first start, one acceptance, one use of a code, nothing sent by who left."""

from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

from django.db import transaction
from django.test import Client

from partners.accounts import founding, joining, leaving
from partners.models import Institution, InvitationEnd, Membership, Professional
from sharing import service
from sharing.models import Disclosure
from tests import personas
from tests.accounts.factors import SECOND, code_of, enter, is_in, wait_for_a_step_that_lasts, with_application
from tests.accounts.test_founding import begin
from tests.attacks.test_at_once import at_once
from tests.sharing.test_two_at_once import in_thread, until, waits_for_a_lock
from tests.sharing.ways import draft_of, seen


def account(first_name: str) -> joining.NewAccount:
    return joining.NewAccount(
        title="", first_name=first_name, last_name="Roy", password="les tilleuls sentent bon en juin"
    )


def test_a_house_is_founded_once_and_an_invitation_accepted_once(own_database: str) -> None:
    founded = at_once([begin, begin, begin])
    (made,) = [one for one in founded if isinstance(one, founding.Founded)]
    assert sum(isinstance(one, founding.AlreadyFounded) for one in founded) == 2
    assert Institution.objects.count() == 1
    secret = made.invitations[0][1]
    joined = at_once([partial(joining.accept, secret=secret, by=account(name)) for name in ("Anne", "Ève", "Zoé")])
    assert sum(isinstance(one, Membership) for one in joined) == 1
    assert all(isinstance(one, Membership | joining.NotUsable | joining.NotHers) for one in joined), joined
    assert (Professional.objects.count(), Membership.objects.count(), InvitationEnd.objects.count()) == (1, 1, 1)


def test_a_code_opens_one_session_and_who_left_sends_nothing_more(own_database: str) -> None:
    territory = personas.build()
    secret = with_application(territory.nadia.professional)
    wait_for_a_step_that_lasts()
    clients = [Client(), Client(), Client()]
    for one in clients:
        enter(one, territory.nadia.professional)
    code = code_of(secret)
    answers: list[Any] = at_once([partial(one.post, SECOND, {"code": code}) for one in clients])
    assert sorted(answer.status_code for answer in answers) == [302, 422, 422]
    assert sum(map(is_in, clients)) == 1

    personas.parents_agree(territory)
    draft = draft_of(territory)
    token = seen(draft, territory.camille)
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            leaving.end(membership=territory.camille, last_day=None, why="Départ.", by=territory.nadia)
            sending = in_thread(
                pool, lambda: service.share(draft_id=draft.pk, previewed=token, by=territory.camille).outcome
            )
            until(waits_for_a_lock)
        refused = sending.exception(10)
        assert isinstance(refused, service.CaseNotOpen) or sending.result() is not service.Outcome.RELEASED
    assert not Disclosure.objects.exists()
