"""The spaces where information circulates: what their rules leave out, who is present, what is signed (law.md, P-13)."""

from datetime import timedelta
from typing import Any

import pytest

from partners import clock, forums
from partners.models import Forum, ForumMember, Membership
from partners.narrowing import Takes
from partners.vocabulary import vocabulary
from sharing import service
from tests import personas, posts
from tests.narrowing.ways import House, narrowed, outcome, parents_invited, reasons
from tests.personas import Territory
from tests.sharing.ways import draft_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def seat(territory: Territory) -> Membership:
    """Mme Lantier, as member of the follow-up team; the parents agree and are invited."""
    one = personas.seat_in_the_ess(territory)
    parents_invited(territory, one, ["consigne_pratique"])
    personas.parents_agree(territory, recipient=one)
    return one


def facts(territory: Territory, recipient: Membership, purpose: str = "scolarite") -> Any:
    return service.preview(draft=draft_of(territory, recipient=recipient, purpose=purpose), by=territory.camille)[0]


def test_every_kind_of_forum_has_roles_of_the_rulebook() -> None:
    assert set(forums.ROLES) == set(Forum.Kind.values)
    assert vocabulary().roles.keys() >= forums.SEATED_ROLES
    assert forums.ONLY_THERE <= forums.SEATED_ROLES


def test_a_seat_in_no_recorded_forum_receives_as_it_always_did(territory: Territory, seat: Membership) -> None:
    given = facts(territory, seat)
    assert "forum_ess" in given.circumstances
    assert not given.closed_purposes
    assert outcome(draft_of(territory, recipient=seat), territory.camille) == "released"


def test_what_enters_the_forum_is_what_its_rules_take(territory: Territory, seat: Membership) -> None:
    forum = personas.forum(territory, seat, territory.aubin)
    assert outcome(draft_of(territory, recipient=seat), territory.camille) == "released"
    forum.categories = ["besoins_scolaires"]
    forum.save()
    assert "category_excluded" in reasons(draft_of(territory, recipient=seat), territory.camille)
    forum.categories = []
    forum.save()
    assert facts(territory, seat).narrowed == frozenset(vocabulary().categories)


def test_a_forum_that_names_nobody_or_is_for_something_else_receives_no_name(
    territory: Territory, seat: Membership
) -> None:
    draft = draft_of(territory, recipient=seat)
    forum = personas.forum(territory, seat)
    for name, value in (("nominative", False), ("purposes", ["acces_droits"]), ("purposes", [])):
        before = getattr(forum, name)
        setattr(forum, name, value)
        forum.save()
        assert "purpose_narrowed" in reasons(draft, territory.camille), (name, value)
        setattr(forum, name, before)
        forum.save()
    assert "purpose_narrowed" not in reasons(draft, territory.camille)


def test_closing_a_forum_or_leaving_it_opens_nothing(territory: Territory, seat: Membership) -> None:
    draft = draft_of(territory, recipient=seat)
    forum = personas.forum(territory, seat)
    Forum.objects.filter(pk=forum.pk).update(closed_at=clock.now())
    assert outcome(draft, territory.camille) == "refused"
    Forum.objects.filter(pk=forum.pk).update(closed_at=None)
    assert outcome(draft, territory.camille) == "released"
    ForumMember.objects.filter(membership=seat).update(ends_at=clock.now())
    assert outcome(draft, territory.camille) == "refused"


def test_two_forums_for_one_purpose_leave_out_what_either_leaves_out(territory: Territory, seat: Membership) -> None:
    personas.forum(territory, seat)
    personas.forum(territory, seat, categories=["sante_fonctionnel"])
    assert facts(territory, seat).narrowed >= {"consigne_pratique", "besoins_scolaires"}
    assert outcome(draft_of(territory, recipient=seat), territory.camille) == "refused"


def test_a_guest_whom_nothing_binds_silences_the_forum_until_she_leaves(territory: Territory, seat: Membership) -> None:
    draft = draft_of(territory, recipient=seat)
    forum = personas.forum(territory, seat)
    guest = ForumMember.objects.create(
        forum=forum, membership=territory.perrin, starts_at=clock.now() - timedelta(hours=1)
    )
    assert "recipient_not_bound" in reasons(draft, territory.camille)
    ForumMember.objects.filter(pk=guest.pk).update(bound_by="C. éduc. D351-11")
    assert outcome(draft, territory.camille) == "released"
    ForumMember.objects.filter(pk=guest.pk).update(bound_by="")
    assert outcome(draft, territory.camille) == "refused"
    ForumMember.objects.filter(pk=guest.pk).update(ends_at=clock.now())
    assert outcome(draft, territory.camille) == "released"


def test_a_status_that_nobody_checked_binds_no_guest(territory: Territory, seat: Membership) -> None:
    forum = personas.forum(territory, seat)
    ForumMember.objects.create(forum=forum, membership=territory.aubin, starts_at=clock.now() - timedelta(hours=1))
    assert "unbound_guest_present" not in facts(territory, seat).circumstances
    posts.is_bound(territory.aubin, proven=False)
    assert "unbound_guest_present" in facts(territory, seat).circumstances


def test_internal_rules_count_once_signed(territory: Territory) -> None:
    group = personas.post(
        territory.perrin.professional, territory.school, "clspd_groupe", "Membre du groupe", "discretion", "CSI L132-5"
    )
    forum = personas.forum(
        territory, group, kind=Forum.Kind.CLSPD_GROUPE, purposes=["prevention_delinquance"], categories=["logement"],
        bound_by="CSI L132-5", rules_signed_on=None,
    )  # fmt: skip
    assert "internal_rules_signed" not in facts(territory, group, "prevention_delinquance").circumstances
    today = clock.day_of(clock.now())
    for day, signed in ((today + timedelta(days=1), False), (today, True)):
        Forum.objects.filter(pk=forum.pk).update(rules_signed_on=day)
        held = facts(territory, group, "prevention_delinquance").circumstances
        assert ("internal_rules_signed" in held) is signed


def test_who_sits_there_under_another_role_receives_as_before(territory: Territory) -> None:
    personas.parents_agree(territory)
    personas.forum(territory, territory.lantier, categories=[])
    given = facts(territory, territory.lantier)
    assert "forum_ess" not in given.circumstances
    assert "consigne_pratique" not in given.narrowed
    assert outcome(draft_of(territory), territory.camille) == "released"


def test_a_forum_may_be_narrowed_by_those_who_hold_it(territory: Territory, seat: Membership) -> None:
    forum = personas.forum(territory, seat)
    one = personas.tends_the_directory(territory, territory.school, name="Solange")
    other = personas.tends_the_directory(territory, territory.school, name="Armelle")
    draft = draft_of(territory, recipient=seat)
    for takes, expected in (
        (Takes(opinion_on=("consigne_pratique",)), "awaiting_opinion"),
        (Takes(categories=("consigne_pratique",)), "refused"),
    ):
        narrowed(forum, House(tender=one, dpo=other), takes)
        assert outcome(draft, territory.camille) == expected
    # To the head of school herself, outside the forum, nothing has changed.
    personas.parents_agree(territory)
    assert outcome(draft_of(territory), territory.camille) == "released"
