"""Two people at once, on a database where commits are real: one wins, the other reads a clear sentence."""

import functools
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from cases import linking
from cases.models import PersonLink, PersonLinkAnswer
from partners.models import Function
from tests import personas
from tests.linking.ways import WHY, another_sheet, twins
from tests.sharing.test_two_at_once import in_thread


def test_of_two_proposals_of_the_same_pair_one_stands_and_so_of_two_answers(own_database: str) -> None:
    territory = personas.build()
    both = twins(territory)
    second = personas.post(
        personas.professional("Karim", "Ziani", title="M."), territory.house, "chef_service", "Chef de service",
        "fonction", "CASF L221-6", Function.REVIEWER,
    )  # fmt: skip
    for n in range(3):
        sides = ((both.first, both.second, territory.camille), (both.second, both.first, territory.leila))

        def propose(side: Any) -> str:
            first, other, by = side
            try:
                linking.propose_link(first=first, second=other, reason=WHY, by=by)
            except linking.LinkError as error:
                return str(error)
            return "proposed"

        with ThreadPoolExecutor(2) as pool:
            said = sorted(
                one.result(30) for one in [in_thread(pool, functools.partial(propose, side)) for side in sides]
            )
        assert said[1] == "proposed"
        assert "déjà proposé" in said[0]
        link = linking.waiting_links().get()

        def answer(by: Any, link: PersonLink = link) -> str:
            try:
                linking.answer_link(link=link, approved=by == territory.nadia, reason="Pas elle.", by=by)
            except linking.AlreadySettled:
                return "settled"
            return "answered"

        with ThreadPoolExecutor(2) as pool:
            tried = [in_thread(pool, functools.partial(answer, who)) for who in (territory.nadia, second)]
            assert sorted(one.result(30) for one in tried) == ["answered", "settled"]
        assert PersonLinkAnswer.objects.filter(link=link).count() == 1
        if PersonLinkAnswer.objects.get(link=link).approved:
            linking.end_link(link=link, reason=f"Encore, {n}.", by=territory.camille)
    further = another_sheet(territory, territory.camille, "Duval")
    with ThreadPoolExecutor(3) as pool:
        links = [
            linking.propose_link(first=further.person, second=other, reason=WHY, by=territory.camille)
            for other in (both.first, both.second)
        ]
        tried = [
            in_thread(pool, functools.partial(linking.answer_link, link=link, approved=True, by=territory.nadia))
            for link in links
        ]
        for one in tried:
            one.result(30)  # nobody waits in a circle
