"""What a post may do, what binds her and when it ends: the database refuses a change that its act does not say."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from partners import clock
from partners.accounts import changing, leaving, proving
from partners.accounts.posts import BY_TWO
from partners.models import Function, FunctionAnswer, FunctionChange, Membership
from tests import personas, posts
from tests.personas import Territory


def refused(pk: UUID, says: str, **columns: Any) -> bool:
    """Whether the application's own role may not write this, though it holds the right to change the table."""
    try:
        with transaction.atomic():
            Membership.objects.filter(pk=pk).update(**columns)
    except IntegrityError as error:
        return says in str(error)
    return False


def test_no_function_no_proof_and_no_end_without_their_act(territory: Territory) -> None:
    one = territory.leila
    assert refused(one.pk, "no function without its act", functions=["reviewer"])
    assert refused(one.pk, "no secrecy without its check", secrecy_verified_on=None)
    assert refused(one.pk, "no secrecy without its check", secrecy_verified_on=clock.day_of(clock.now()))
    assert refused(one.pk, "no secrecy without its check", secrecy_status="instance")
    assert refused(one.pk, "no secrecy without its check", secrecy_proof="Un arrêté")
    assert refused(one.pk, "no end without its act", ends_at=clock.now())
    assert refused(one.pk, "a post stays whose it is", role="enseignant")
    assert refused(one.pk, "a post stays whose it is", institution=territory.school)
    assert refused(one.pk, "a post stays whose it is", professional=territory.lantier.professional)
    Membership.objects.filter(pk=one.pk).update(job_title="Éducatrice", receives_for_service=True)


def test_the_acts_change_them_and_allow_nothing_else(territory: Territory) -> None:
    one = territory.leila
    changing.propose(membership=one, functions=("reviewer",), why="Elle donne des avis.", by=territory.nadia)
    assert refused(one.pk, "no function", functions=["reviewer", "team_lead"])
    assert refused(one.pk, "no function", functions=["reviewer", "dpo"])
    seen: dict[str, Any] = {"proof": "CASF L411-3", "seen": "Sa carte professionnelle"}
    proving.check(membership=one, status="profession", proven=True, by=territory.nadia, **seen)
    assert refused(one.pk, "no secrecy", secrecy_status="mission")
    proving.check(membership=one, status="profession", proven=False, by=territory.nadia, **seen)
    in_a_month = clock.day_of(clock.now() + timedelta(days=30))
    leaving.end(membership=one, last_day=in_a_month, why="Elle déménage.", by=territory.nadia)
    assert refused(one.pk, "no end", ends_at=None)
    assert refused(one.pk, "no end", ends_at=clock.now() + timedelta(days=300))
    leaving.end(membership=one, last_day=None, why="Plus tôt que prévu.", by=territory.nadia)
    one.refresh_from_db()
    assert one.functions == ["reviewer"]
    assert one.secrecy_verified_on is None
    assert one.ends_at is not None
    assert one.ends_at <= clock.now()


@pytest.mark.parametrize("function", sorted(BY_TWO))
def test_a_function_that_takes_two_persons_takes_both_in_the_database_too(
    territory: Territory, function: Function
) -> None:
    """Whatever the row of the change says of itself."""
    one, by = territory.leila, territory.nadia
    change = FunctionChange(
        membership=one, holder_id=one.professional_id, before=[], after=[function], why="Seule.", needs_second=False,
        proposed_by=by, proposer_id=by.professional_id, proposed_at=clock.now(),
    )  # fmt: skip
    posts._recorded(change, "functions.changed", by)
    assert refused(one.pk, "no function", functions=[function])
    answer = FunctionAnswer(
        change=change, accepted=False, sentence="Non.", holder_id=one.professional_id, proposer_id=by.professional_id,
        answered_by=territory.claire, answerer_id=territory.claire.professional_id, answered_at=clock.now(),
    )  # fmt: skip
    posts._recorded(answer, "functions.refused", territory.claire)
    assert refused(one.pk, "no function", functions=[function])


def test_the_act_of_another_day_or_of_a_colleague_allows_nothing(own_database: str) -> None:
    """Real commits: each act is of a transaction that is over."""
    territory = personas.build()
    posts.ends(territory.leila, clock.now() + timedelta(days=10))
    posts.has_functions(territory.leila, "reviewer")
    posts.has_functions(territory.leila)
    posts.is_bound(territory.leila, proven=False)
    posts.is_bound(territory.leila)
    assert refused(territory.leila.pk, "no function", functions=["reviewer"])
    assert refused(territory.leila.pk, "no secrecy", secrecy_verified_on=None)
    assert refused(territory.leila.pk, "no end", ends_at=None)
    with transaction.atomic():
        posts.ends(territory.camille)
        assert refused(territory.leila.pk, "no end", ends_at=clock.now())


def _dropped() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER partners_membership_by_its_act ON partners_membership")


def _asleep() -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE partners_membership DISABLE TRIGGER partners_membership_by_its_act")


@pytest.mark.parametrize("attempt", [_dropped, _asleep])
def test_the_application_does_not_take_its_own_guard_away(territory: Territory, attempt: Callable[[], None]) -> None:
    with pytest.raises(DatabaseError, match="must be owner"), transaction.atomic():
        attempt()
    personas.end_post(territory.leila)
