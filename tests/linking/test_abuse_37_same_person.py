"""Abuse 37: a link pools no agreement, the « no » of either sheet counts, nothing of one opens by the other, and it is undone."""

import functools
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cases import linking, standing
from cases.models import PersonLink, PersonStatus
from consent import registry
from consent.models import Refusal
from partners import clock
from sharing import again, gather, replay, service
from sharing.models import DecisionRecord, Disclosure
from sharing.outcome import ALLOW, DENY
from sharing.service import Outcome
from tests import personas
from tests.deciding.ways import adult, records
from tests.linking.ways import WHY, Twins, another_sheet, ended, linked, proposed, refused_elsewhere, twins
from tests.personas import Territory
from tests.sharing.test_two_at_once import in_thread, until, waits_for_a_lock
from tests.sharing.ways import draft_of, seen, send

Kind = PersonStatus.Kind


def test_abuse_37_agreed_on_one_sheet_refused_on_the_other_is_refused_while_they_are_linked(
    territory: Territory,
) -> None:
    both = twins(territory)
    personas.parents_agree(territory)
    before = send(draft_of(territory), territory.camille)
    assert before.outcome is Outcome.RELEASED
    assert before.disclosure is not None
    refused_elsewhere(both)
    draft = draft_of(territory)

    def verdict() -> str:
        return service.preview(draft=draft, by=territory.camille)[1].verdict

    assert verdict() == ALLOW, "two sheets: two persons, as long as nobody said otherwise"
    link = proposed(both)
    assert verdict() == ALLOW, "a proposal changes nothing"
    linking.answer_link(link=link, approved=True, by=territory.nadia)
    assert verdict() == DENY
    assert send(draft, territory.camille).outcome is Outcome.REFUSED
    assert again.closed(Disclosure.objects.filter(pk=before.disclosure.pk), clock.now()), "reading decides again"
    replayed = {one.record: one for one in replay.replay(DecisionRecord.objects.all())}
    assert replayed[before.disclosure.record_id].difference is None, (
        "what was decided before the link stands as decided"
    )
    ended(both, link)
    assert service.preview(draft=draft_of(territory), by=territory.camille)[1].verdict == ALLOW
    assert not again.closed(Disclosure.objects.filter(pk=before.disclosure.pk), clock.now())


def test_abuse_37_an_agreement_of_the_other_sheet_opens_nothing_whatever_the_link(territory: Territory) -> None:
    both = twins(territory)
    registry.give(
        scope=registry.Scope(
            case=both.other, recipient=territory.lantier, purpose="scolarite", categories=("consigne_pratique",)
        ),
        notice=personas.notice(),
        valid_until=clock.day_of(clock.now()),
        given_by=None,
        collected_on=clock.day_of(clock.now()),
        form="in_person",
        own_words="D’accord.",
        conditions="",
        late_reason="",
        by=territory.leila,
        at=clock.now(),
    )
    verdicts = [service.preview(draft=draft_of(territory), by=territory.camille)[1].verdict]
    linked(both)
    verdicts.append(service.preview(draft=draft_of(territory), by=territory.camille)[1].verdict)
    assert verdicts == [DENY, DENY]


def test_abuse_37_a_no_travels_along_a_chain(territory: Territory) -> None:
    both = twins(territory)
    personas.parents_agree(territory)
    middle = another_sheet(territory, territory.leila, "Bertin")
    for one, other in ((both.first, middle.person), (middle.person, both.second)):
        by = territory.camille if one == both.first else territory.leila
        link = linking.propose_link(first=one, second=other, reason=WHY, by=by)
        linking.answer_link(link=link, approved=True, by=territory.nadia)
    assert service.preview(draft=draft_of(territory), by=territory.camille)[1].verdict == ALLOW
    refused_elsewhere(both)
    assert service.preview(draft=draft_of(territory), by=territory.camille)[1].verdict == DENY


def test_abuse_37_what_protects_counts_from_either_sheet_and_a_measure_is_only_to_be_checked(
    territory: Territory,
) -> None:
    both = twins(territory)
    link = linked(both)
    for kind in (Kind.PARENTS_DISAGREE, Kind.PROTECTED_ADDRESS, Kind.DO_NOT_CONTACT):
        records(both.other, territory, kind)
    stands = standing.stands(both.first, clock.now())
    assert (stands.do_not_contact, stands.protected_address, stands.parents_disagree) == (True, True, True)
    assert stands.statuses == (), "they are ended where they were noted"
    assert len(stands.elsewhere) == 3

    def told() -> frozenset[str]:
        return gather.gather(
            case=territory.case, sender=territory.camille, recipient=territory.lantier, purpose="scolarite",
            chosen=[], circumstances=[], justification="", at=clock.now(),
        ).circumstances  # fmt: skip

    assert {"address_protected", "parents_known_to_disagree"} <= told()
    ended(both, link)
    assert not {"address_protected", "parents_known_to_disagree"} & told()
    grown, twice = adult(territory), adult(territory)
    records(twice, territory, Kind.TUTELLE, scope=PersonStatus.Scope.PROPERTY)
    records(twice, territory, Kind.VULNERABLE)
    joined = linking.propose_link(first=grown.person, second=twice.person, reason=WHY, by=territory.camille)
    linking.answer_link(link=joined, approved=True, by=territory.nadia)
    stands = standing.stands(grown.person, clock.now())
    assert (stands.measure, stands.vulnerable, len(stands.to_check)) == ("", False, 1)


def test_abuse_37_a_link_opens_nothing_of_the_other_situation(
    territory: Territory, sign_in: Callable[[str], Client]
) -> None:
    both = twins(territory)
    refused_elsewhere(both)
    linked(both)
    camille, leila = sign_in("camille"), sign_in("leila")
    mine, theirs = territory.case.reference, both.other.reference
    for door in ("sharing:case", "cases:identity", "consent:list", "consent:who_decides", "cases:same_person"):
        assert camille.get(reverse(door, args=[theirs])).status_code == 404
        assert leila.get(reverse(door, args=[mine])).status_code == 404
    for address in (reverse("sharing:case", args=[mine]), reverse("consent:list", args=[mine])):
        page = camille.get(address).content.decode()
        assert theirs in page, "that there is another sheet, and whose service"
        assert reverse("sharing:case", args=[theirs]) not in page
        assert "Non." not in page
    personas.assign(both.other, territory.camille, territory.leila)
    assert reverse("consent:list", args=[theirs]) in camille.get(reverse("consent:list", args=[mine])).content.decode()


def test_abuse_29_a_reference_is_answered_alike_whether_or_not_it_leads_anywhere(
    territory: Territory, sign_in: Callable[[str], Client]
) -> None:
    """Same statements, same answer, same page afterwards: a reference of one's service, of another's, of nobody."""
    real = another_sheet(territory, territory.leila, "Autre").reference
    foreign = another_sheet(territory, territory.sofia).reference
    nobody = "2019-0001"
    client = sign_in("camille")
    address = reverse("cases:same_person", args=[territory.case.reference])
    client.get(address)
    answers = []
    for reference in (real, foreign, nobody):
        with CaptureQueriesContext(connection) as statements:
            answer = client.post(address, {"reference": reference, "reason": WHY})
        assert answer.status_code == 302
        page = client.get(address).content.decode()
        link = PersonLink.objects.get(asked=reference)
        answers.append((len(statements), _alike(page, reference, link)))
        linking.end_link(link=link, reason="Essai.", by=territory.camille)
    assert len({statements for statements, _page in answers}) == 1, [statements for statements, _page in answers]
    assert len({page for _statements, page in answers}) == 1
    assert "Votre demande est transmise" in answers[0][1]
    known = PersonLink.objects.values_list("asked", "second")
    assert {asked: second is not None for asked, second in known} == {real: True, foreign: False, nobody: False}


def _alike(page: str, reference: str, link: PersonLink) -> str:
    """The section of this demand only, without what names it."""
    start = page.index("Référence " + reference)
    said = page[start : page.index("</li>", start)].replace(reference, "").replace(str(link.pk), "")
    message = page[page.index("Votre demande") : page.index("Votre demande") + 120]
    return said + message


def test_abuse_37_a_refusal_recorded_on_the_other_sheet_never_crosses_a_disclosure(own_database: str) -> None:
    """Whoever discloses holds every sheet: of a refusal on one and a disclosure from the other, one comes first."""
    territory = personas.build()
    late = []
    for _round in range(5):
        both = twins(territory)
        link = linked(both)
        personas.parents_agree(territory)
        draft = draft_of(territory)
        token = seen(draft, territory.camille)
        gate = threading.Barrier(2)
        with ThreadPoolExecutor(2) as pool:
            sending = in_thread(pool, functools.partial(_leave, gate, draft, token, territory))
            refusing = in_thread(pool, functools.partial(_refuse, gate, both))
            shared, refusal = sending.result(20), refusing.result(20)
        if shared.disclosure is not None and shared.disclosure.released_at >= refusal.recorded_at:
            late.append(shared.disclosure)
        ended(both, link)
    assert late == []


def test_abuse_37_a_disclosure_waits_for_the_refusal_under_way_on_the_other_sheet(own_database: str) -> None:
    both = twins(personas.build())
    territory = both.territory
    linked(both)
    personas.parents_agree(territory)
    draft = draft_of(territory)
    token = seen(draft, territory.camille)
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            refused_elsewhere(both)
            sending = in_thread(pool, lambda: service.share(draft_id=draft.pk, previewed=token, by=territory.camille))
            until(waits_for_a_lock)
        assert sending.result(10).outcome is Outcome.CHANGED


def _leave(gate: threading.Barrier, draft: Any, token: str, territory: Territory) -> service.Shared:
    gate.wait()
    return service.share(draft_id=draft.pk, previewed=token, by=territory.camille)


def _refuse(gate: threading.Barrier, both: Twins) -> Refusal:
    gate.wait()
    return refused_elsewhere(both)


@pytest.mark.parametrize("who", ["camille", "leila"])
def test_abuse_37_every_sheet_is_covered_by_what_is_handed_to_the_person(territory: Territory, who: str) -> None:
    both = twins(territory)
    linked(both)
    hers = both.first if who == "camille" else both.second
    assert {one.pk for one in linking.sheets_of(hers, clock.now())} == {both.first.pk, both.second.pk}
