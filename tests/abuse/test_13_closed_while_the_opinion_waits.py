"""Abuse 13: what closes while an opinion is awaited makes a favourable one refused, with the reason."""

from collections.abc import Callable

import pytest

from cases.access import end_assignment
from cases.models import Assignment
from partners import clock, narrowing
from sharing.models import Opinion
from sharing.reviewing import opinions
from tests import personas
from tests.personas import Territory
from tests.reviewing.ways import Kind, answer, awaiting, submitted


def the_partner_leaves(territory: Territory) -> None:
    personas.end_post(territory.sofia)


def the_partner_closes(territory: Territory) -> None:
    territory.clinic.closed_at = clock.now()
    territory.clinic.save(update_fields=["closed_at"])


def the_purpose_is_closed_here(territory: Territory) -> None:
    """The agreement between the two institutions is narrowed, by two people."""
    tender = personas.tends_the_directory(territory, territory.house)
    decider = personas.second_dpo_post(territory)
    proposed = narrowing.propose(
        place=territory.house,
        takes=narrowing.Takes(categories=("besoins_scolaires",)),
        why="Bilan de l’année.",
        wanted_on=clock.day_of(clock.now()),
        by=tender,
    )
    narrowing.decide(proposal=proposed, approved=True, sentence="Proportionné.", by=decider)


@pytest.mark.parametrize("close", [the_partner_leaves, the_partner_closes, the_purpose_is_closed_here])
def test_abuse_13_a_favourable_opinion_is_refused_with_its_reason(
    close: Callable[[Territory], None], territory: Territory
) -> None:
    review = submitted(territory)
    close(territory)
    with pytest.raises(opinions.NoLongerPossible) as refused:
        answer(review, Kind.FAVOURABLE, territory.nadia)
    assert refused.value.decision is not None
    assert refused.value.decision.verdict == "deny"
    page = personas.signed_in(territory.nadia).post(
        f"/controle/avis/{review.pk}/", {"act": "avis", "kind": "favourable", "reason": "", "seen": "0"}
    )
    assert page.status_code == 409
    assert "Pas en l’état" in page.content.decode()
    assert not Opinion.objects.exists()
    answer(review, Kind.UNFAVOURABLE, territory.nadia)


@pytest.mark.parametrize("how", ["suspended_at", "ended_at"])
def test_abuse_13_an_agreement_that_stops_meanwhile_refuses_it(how: str, territory: Territory) -> None:
    """With the agreement of the parents as the only ground, the convention between the institutions is needed."""
    item = personas.write_down(
        territory.case, territory.camille, label="Suivi", text="Un suivi est en cours.", category="addiction"
    )
    there = personas.agreement(
        "77", territory.house, territory.clinic, purposes=["acces_droits"], categories=["addiction"]
    )
    ccas = personas.post(
        personas.professional("Inès", "Morel"), territory.clinic, "cesf_ccas", "Conseillère", "mission", "CASF L133-5"
    )
    personas.parents_agree(territory, recipient=ccas, purpose="acces_droits", categories=("addiction",))
    draft = awaiting(territory, recipient=ccas, purpose="acces_droits")
    from sharing.models import DraftItem

    DraftItem.objects.filter(draft=draft).delete()
    DraftItem.objects.create(draft=draft, item=item, necessity="Sans cela, le droit n’est pas ouvert.")
    review = submitted(territory, draft)
    setattr(there, how, clock.now())
    there.save(update_fields=[how])
    with pytest.raises(opinions.NoLongerPossible) as refused:
        answer(review, Kind.FAVOURABLE, territory.nadia)
    assert refused.value.decision is not None
    assert "agreement_expired" in refused.value.decision.reasons


def test_abuse_13_a_consent_taken_back_refuses_it(territory: Territory) -> None:
    from sharing import withdrawal
    from sharing.models import DraftItem

    item = personas.write_down(
        territory.case, territory.camille, label="Suivi", text="Un suivi est en cours.", category="addiction"
    )
    given = personas.parents_agree(
        territory, recipient=territory.leila, purpose="acces_droits", categories=("addiction",)
    )
    draft = awaiting(territory, recipient=territory.leila, purpose="acces_droits")
    DraftItem.objects.filter(draft=draft).exclude(item=item).delete()
    DraftItem.objects.create(draft=draft, item=item, necessity="Sans cela, le droit n’est pas ouvert.")
    review = submitted(territory, draft)
    withdrawal.withdraw(consent=given, form="in_person", own_words="", by=territory.camille)
    with pytest.raises(opinions.AlreadyAnswered) as over:
        answer(review, Kind.FAVOURABLE, territory.nadia)
    assert over.value.standing.state == "stopped"


def test_abuse_13_an_author_who_no_longer_follows_the_case_sends_nothing(territory: Territory) -> None:
    review = submitted(territory)
    personas.assign(territory.case, territory.leila, territory.camille)
    mine = Assignment.objects.get(case=territory.case, membership=territory.camille)
    end_assignment(assignment=mine, reason="Mutation", by=territory.camille)
    with pytest.raises(opinions.NoLongerPossible):
        answer(review, Kind.FAVOURABLE, territory.nadia)
