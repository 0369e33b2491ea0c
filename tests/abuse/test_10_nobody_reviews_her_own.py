"""Abuse 10: nobody reviews what she wrote, under whatever title: no button, no act, and the database refuses."""

from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from audit import ledger
from partners import clock
from sharing.models import Conclusion, Opinion, Review
from sharing.reviewing import concluding, opinions
from tests import personas, posts
from tests.duties.ways import around, concern
from tests.personas import Territory
from tests.reviewing.ways import Kind, answer, submitted


@pytest.fixture
def camille_also_gives_opinions(territory: Territory) -> Territory:
    posts.has_functions(territory.camille, "reviewer")
    return territory


def test_abuse_10_the_page_has_no_button_and_the_act_refuses(camille_also_gives_opinions: Territory) -> None:
    territory = camille_also_gives_opinions
    review = submitted(territory)
    client = personas.signed_in(territory.camille)
    assert client.get(f"/controle/avis/{review.pk}/").status_code == 404
    assert str(review.pk) not in client.get("/controle/").content.decode()
    with pytest.raises(opinions.NotHers):
        answer(review, Kind.FAVOURABLE, territory.camille)


def test_abuse_10_another_title_is_the_same_person(territory: Territory) -> None:
    review = submitted(territory)
    other_title = personas.post(
        territory.camille.professional, territory.house, "chef_service", "Cheffe de service", "fonction", "CASF L221-6",
        "reviewer", "dpo",
    )  # fmt: skip
    assert not Review.objects.visible_to(other_title).exists()
    with pytest.raises(opinions.NotHers):
        answer(review, Kind.FAVOURABLE, other_title)


@transaction.atomic
def write(review: Review, **fields: Any) -> None:
    """An opinion written past the act, its constraints checked at once."""
    entry = ledger.record(action="review.favoured", at=clock.now(), actor=fields["by"].pk)
    Opinion.objects.create(
        review=review, number=1, kind=Kind.FAVOURABLE, digest=review.digest, at=clock.now(), entry_id=entry, **fields
    )
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_abuse_10_the_database_refuses_it_whoever_writes(territory: Territory) -> None:
    review = submitted(territory)
    own, reviewer = territory.camille, territory.nadia
    attempts = [
        # Under her own name; under another's, from her own title; with another's name for the author's.
        {"by": own, "reviewer": own.professional, "writer": own.professional},
        {"by": own, "reviewer": reviewer.professional, "writer": own.professional},
        {"by": own, "reviewer": own.professional, "writer": reviewer.professional},
    ]
    for fields in attempts:
        with pytest.raises(IntegrityError):
            write(review, **fields)
    assert not Opinion.objects.exists()


def test_abuse_10_nor_concludes_on_what_she_sent(camille_also_gives_opinions: Territory) -> None:
    territory = camille_also_gives_opinions
    sent = concern(territory, around(territory).crip)
    with pytest.raises(concluding.NotHers):
        concluding.conclude(
            disclosure_id=sent.pk, kind=Conclusion.Kind.JUSTIFIED, reason="Rien à redire.", seen=0, by=territory.camille
        )
    assert personas.signed_in(territory.camille).get(f"/controle/apres/{sent.pk}/").status_code == 404
