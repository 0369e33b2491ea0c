"""An opinion answers the reasons for which it was asked: what appears since is read by nobody, unless it is asked again."""

import pytest
from django.urls import reverse

from partners.narrowing import Takes
from sharing.models import Opinion
from sharing.reviewing import opinions
from sharing.service import Outcome
from tests import personas
from tests.narrowing.ways import house, narrowed
from tests.personas import Territory
from tests.reviewing.ways import SECRET, Kind, another_reviewer, answer, awaiting, left, release, submitted

pytestmark = pytest.mark.django_db


def something_else_asks_for_an_opinion(territory: Territory) -> None:
    """Two people of the house decide that such items wait for one, whoever was told."""
    narrowed(territory.house, house(territory), Takes(opinion_on=("besoins_scolaires",)))


def test_what_was_favoured_does_not_leave_once_something_else_asks_for_an_opinion(territory: Territory) -> None:
    draft = awaiting(territory)
    answer(submitted(territory, draft), Kind.FAVOURABLE, territory.nadia)
    something_else_asks_for_an_opinion(territory)
    assert release(draft, territory.camille).outcome is Outcome.AWAITING
    assert not left()
    address = reverse("sharing:check", args=[territory.case.reference, draft.pk])
    page = personas.signed_in(territory.camille).get(address).content.decode()
    assert "autre chose appelle un avis" in page


def test_asked_again_with_what_changed_said_it_leaves(territory: Territory) -> None:
    draft = awaiting(territory)
    answer(submitted(territory, draft), Kind.FAVOURABLE, territory.nadia)
    something_else_asks_for_an_opinion(territory)
    draft.benefit = f"{draft.benefit} Notre règle a changé depuis."
    draft.save()
    answer(submitted(territory, draft), Kind.FAVOURABLE, territory.nadia)
    assert release(draft, territory.camille).outcome is Outcome.RELEASED


def test_nobody_favours_what_waits_for_reasons_that_she_was_not_shown(territory: Territory) -> None:
    review = submitted(territory)
    something_else_asks_for_an_opinion(territory)
    with pytest.raises(opinions.NoLongerPossible) as now:
        answer(review, Kind.FAVOURABLE, territory.nadia)
    assert now.value.decision is not None
    assert now.value.decision.verdict == "review"
    assert not Opinion.objects.exists()
    answer(review, Kind.SUSPEND, territory.nadia)


def test_fewer_reasons_than_were_read_still_leave(territory: Territory) -> None:
    something_else_asks_for_an_opinion(territory)
    draft = awaiting(territory)
    answer(submitted(territory, draft), Kind.FAVOURABLE, territory.nadia)
    assert release(draft, territory.camille).outcome is Outcome.RELEASED


def test_what_left_is_read_no_more_on_the_page_of_its_opinion(territory: Territory) -> None:
    """It is examined afterwards by what surrounds it, or unsealed for a reason: not by whoever gives opinions, for ever."""
    draft = awaiting(territory)
    review = submitted(territory, draft)
    answer(review, Kind.FAVOURABLE, territory.nadia)
    address = reverse("sharing:review", args=[review.pk])
    nadia, rose = personas.signed_in(territory.nadia), personas.signed_in(another_reviewer(territory))
    assert SECRET in nadia.get(address).content.decode()
    assert release(draft, territory.camille).outcome is Outcome.RELEASED
    for client in (nadia, rose):
        page = client.get(address)
        assert page.status_code == 200
        assert SECRET not in page.content.decode()
        assert "Devoirs" not in page.content.decode()
