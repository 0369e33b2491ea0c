"""A link is proposed, decided by somebody else, undone: what it joins is computed, nothing is poured (abuse 37)."""

import itertools

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from audit.models import Entry
from cases import linking
from cases.models import Case, PersonLink
from cases.sheets import sheet_ids
from partners import clock
from partners.models import Function
from tests import personas, posts
from tests.linking.ways import WHY, another_sheet, ended, linked, proposed, twins
from tests.personas import Territory


def test_a_link_counts_once_somebody_else_of_the_institution_agreed_and_until_it_is_undone(
    territory: Territory,
) -> None:
    both = twins(territory)
    before = clock.now()
    link = proposed(both)
    assert linking.sheets_of(both.first, clock.now()) == [both.first]
    linking.answer_link(link=link, approved=True, by=territory.nadia)
    during = clock.now()
    assert linking.sheets_of(both.first, during) == [both.first, both.second]
    assert linking.sheets_of(both.second, during) == [both.second, both.first]
    ended(both, link)
    assert linking.sheets_of(both.first, clock.now()) == [both.first]
    assert linking.sheets_of(both.first, during) == [both.first, both.second], "what stood then stands then"
    assert linking.sheets_of(both.first, before) == [both.first]
    said = list(Entry.objects.filter(action__startswith="link.").order_by("pk").values_list("action", flat=True))
    assert said == ["link.proposed", "link.approved", "link.ended"], "an act, an entry"


def test_who_proposed_it_never_decides_nor_does_anybody_who_is_not_there_for_it(territory: Territory) -> None:
    both = twins(territory)
    link = proposed(both)
    for who in (territory.camille, territory.leila, territory.claire, territory.lantier, territory.yann):
        with pytest.raises(linking.NotHers):
            linking.answer_link(link=link, approved=True, by=who)
    posts.has_functions(territory.camille, Function.REVIEWER)
    with pytest.raises(linking.NotHers):
        linking.answer_link(link=link, approved=True, by=territory.camille)
    with pytest.raises(linking.LinkError, match="Dites pourquoi"):
        linking.answer_link(link=link, approved=False, by=territory.nadia)
    linking.answer_link(link=link, approved=False, reason="Deux cousins.", by=territory.nadia)
    with pytest.raises(linking.AlreadySettled):
        linking.answer_link(link=link, approved=True, by=territory.nadia)
    with pytest.raises(linking.AlreadySettled):
        linking.end_link(link=link, reason="Finalement.", by=territory.camille)
    assert proposed(both).pk != link.pk, "once refused, it may be proposed again"


def test_two_sheets_of_one_s_own_institution_one_of_which_she_opens(territory: Territory) -> None:
    both = twins(territory)
    elsewhere = another_sheet(territory, territory.sofia)
    wrong = [
        (both.first, elsewhere.person, territory.camille),  # another institution
        (both.first, both.second, territory.sofia),
        (both.first, both.second, territory.nadia),  # leads the team, opens neither
    ]
    for first, second, by in wrong:
        with pytest.raises(linking.NotHers):
            linking.propose_link(first=first, second=second, reason=WHY, by=by)
    with pytest.raises(linking.LinkError, match="même fiche"):
        linking.propose_link(first=both.first, second=both.first, reason=WHY, by=territory.camille)
    with pytest.raises(linking.LinkError, match="Dites ce qui"):
        linking.propose_link(first=both.first, second=both.second, reason=" \u200b", by=territory.camille)
    proposed(both)
    for first, second, by in ((both.first, both.second, territory.camille), (both.second, both.first, territory.leila)):
        with pytest.raises(linking.LinkError, match="déjà proposé"):
            linking.propose_link(first=first, second=second, reason=WHY, by=by)


def test_a_chain_is_one_group_read_in_one_statement_however_long(territory: Territory) -> None:
    both = twins(territory)
    linked(both)
    further = [another_sheet(territory, territory.camille, name) for name in ("Duval", "Bertin", "Duval-Bertin")]
    chain = [both.second, *(case.person for case in further)]
    for near, far in itertools.pairwise(chain):
        link = linking.propose_link(first=far, second=near, reason=WHY, by=territory.camille)
        linking.answer_link(link=link, approved=True, by=territory.nadia)
    with CaptureQueriesContext(connection) as statements:
        found = linking.sheets_of(both.first, clock.now())
    assert set(found) == {both.first, *chain}
    assert found[0] == both.first
    assert len(statements) == 2, "and the clock's"
    with pytest.raises(linking.LinkError, match="déjà rapprochées"):
        linking.propose_link(first=chain[-1], second=both.first, reason=WHY, by=territory.camille)
    last, too_many = (another_sheet(territory, territory.camille, name) for name in ("Un", "Deux"))
    for case, refused in ((last, False), (too_many, True)):
        link = linking.propose_link(first=case.person, second=both.first, reason=WHY, by=territory.camille)
        if refused:
            with pytest.raises(linking.LinkError, match="Trop de fiches"):
                linking.answer_link(link=link, approved=True, by=territory.nadia)
        else:
            linking.answer_link(link=link, approved=True, by=territory.nadia)


def test_a_link_of_another_institution_is_not_walked(territory: Territory) -> None:
    """A sheet that two institutions had in common would not carry the links of one to the other."""
    both = twins(territory)
    linked(both)
    at_the_clinic = another_sheet(territory, territory.sofia)
    Case.objects.filter(pk=at_the_clinic.pk).update(person=both.second)
    third = another_sheet(territory, territory.sofia, "Tiers")
    posts.has_functions(territory.sofia, Function.TEAM_LEAD)
    colleague = personas.post(
        personas.professional("Anne", "Lise"), territory.clinic, "psychologue_cmpp", "Psychologue", "fonction", "CSP",
        Function.REVIEWER,
    )  # fmt: skip
    link = linking.propose_link(first=both.second, second=third.person, reason=WHY, by=territory.sofia)
    linking.answer_link(link=link, approved=True, by=colleague)
    assert third.person not in linking.sheets_of(both.first, clock.now())
    assert set(linking.sheets_of(both.second, clock.now())) == {both.first, both.second, third.person}


def test_a_referent_of_either_sheet_a_supervisor_or_who_proposed_it_undoes_it_with_a_reason(
    territory: Territory,
) -> None:
    both = twins(territory)
    for who in ("camille", "leila", "nadia"):
        link = linked(both)
        for stranger in (territory.lantier, territory.yann, territory.sofia):
            with pytest.raises(linking.NotHers):
                linking.end_link(link=link, reason="Non.", by=stranger)
        with pytest.raises(linking.LinkError, match="Dites pourquoi"):
            linking.end_link(link=link, reason="", by=getattr(territory, who))
        linking.end_link(link=link, reason="Deux enfants.", by=getattr(territory, who))
        with pytest.raises(linking.AlreadySettled):
            linking.end_link(link=link, reason="Deux enfants.", by=getattr(territory, who))


def test_the_database_rewrites_no_link_and_writes_none_without_its_entry(territory: Territory) -> None:
    both = twins(territory)
    link = linked(both)
    for act in (
        lambda: PersonLink.objects.filter(pk=link.pk).update(second=both.first),
        lambda: PersonLink.objects.filter(pk=link.pk).delete(),
        lambda: PersonLink.objects.create(
            institution=territory.house, first=both.first, second=both.second, reason=WHY, at=clock.now(),
            by=territory.camille, entry_id=link.entry_id,
        ),
    ):  # fmt: skip
        with pytest.raises(DatabaseError), transaction.atomic():
            act()
    assert {one for (one,) in sheet_ids([both.first.pk], clock.now())} == {both.first.pk, both.second.pk}
