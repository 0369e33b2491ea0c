"""Leaving an institution (abuse 32): everything ends at the next request, and nothing that she followed is lost."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from audit.models import Entry
from cases import access
from cases.models import Assignment, Case
from partners import clock
from partners.accounts import changing, leaving
from partners.models import MembershipEnd
from partners.tending import DirectoryError, NotTended, SamePerson, TooLate
from sharing.leaving import acts
from sharing.leaving import requests as passing
from sharing.leaving.left import left_by
from sharing.models import Draft, DraftItem
from tests import personas, posts
from tests.asking import ways as requests
from tests.personas import Territory
from tests.reviewing.ways import submitted
from tests.sharing.ways import draft_of

pytestmark = pytest.mark.django_db
WHY = "Mutation"


def left(territory: Territory, **fields: object) -> MembershipEnd:
    return leaving.end(membership=territory.camille, last_day=None, why=WHY, by=territory.nadia)


def her_assignment(territory: Territory) -> Assignment:
    return Assignment.objects.get(case=territory.case, membership=territory.camille, ends_at=None)


def test_abuse_32_who_left_at_once_goes_nowhere_more_and_her_sessions_are_over(territory: Territory) -> None:
    client = Client()
    sign_in = {"login": territory.camille.professional.email, "password": personas.PASSWORD}
    assert client.post("/connexion/", sign_in).status_code == 302
    assert client.get("/situations/").status_code == 200
    hers = personas.signed_in(territory.nadia)
    page = reverse("partners:member_end", args=[territory.camille.pk])
    assert hers.post(page, {"when": "day", "why": WHY}).status_code == 422
    assert hers.post(page, {"when": "now"}).status_code == 422
    done = hers.post(page, {"when": "now", "why": WHY})
    assert done.headers["Location"] == reverse("sharing:relay", args=[territory.camille.pk])
    gone = client.get("/situations/")
    assert gone.status_code == 302
    assert gone.headers["Location"].startswith("/connexion/")
    row = MembershipEnd.objects.get()
    assert Entry.objects.get(pk=row.entry_id).action == "membership.ended"
    assert territory.case.reference in hers.get(done.headers["Location"]).content.decode()
    with pytest.raises(TooLate):
        left(territory)


def test_who_leaves_at_a_date_works_until_the_end_of_that_day(territory: Territory) -> None:
    today = clock.day_of(clock.now())
    with pytest.raises(DirectoryError):
        leaving.end(membership=territory.camille, last_day=today - timedelta(days=1), why=WHY, by=territory.nadia)
    row = leaving.end(membership=territory.camille, last_day=today + timedelta(days=9), why=WHY, by=territory.nadia)
    assert row.ends_at == clock.end_of(today + timedelta(days=9))
    client = personas.signed_in(territory.camille)
    assert client.get(f"/situations/{territory.case.reference}/").status_code == 200
    told = personas.signed_in(territory.nadia).get(reverse("partners:members"), {"etat": "part"}).content.decode()
    assert "Camille Roussel" in told
    assert "préparer le relais" in told
    sooner = leaving.end(membership=territory.camille, last_day=None, why="Finalement maintenant", by=territory.nadia)
    assert sooner.ends_at < row.ends_at
    assert client.get(f"/situations/{territory.case.reference}/").status_code == 302


def test_nobody_ends_her_own_post_nor_one_beyond_hers_nor_the_last_who_tends(territory: Territory) -> None:
    admin = personas.tends_the_directory(territory, territory.house)
    with pytest.raises(SamePerson):
        leaving.end(membership=territory.nadia, last_day=None, why=WHY, by=territory.nadia)
    with pytest.raises(NotTended):
        leaving.end(membership=admin, last_day=None, why=WHY, by=territory.nadia)
    for outsider in (territory.camille, territory.sofia, territory.claire):
        with pytest.raises(NotTended):
            leaving.end(membership=territory.leila, last_day=None, why=WHY, by=outsider)
    second = personas.tends_the_directory(territory, territory.house, name="Odile")
    leaving.end(membership=admin, last_day=clock.day_of(clock.now()), why=WHY, by=second)
    with pytest.raises(DirectoryError):
        leaving.end(membership=second, last_day=clock.day_of(clock.now()), why=WHY, by=admin)
    for persona in (territory.camille, territory.sofia):
        for door in ("partners:member_end", "sharing:relay"):
            assert personas.signed_in(persona).get(reverse(door, args=[territory.leila.pk])).status_code == 404


def test_who_leaves_on_a_later_day_is_not_somebody_left_to_tend(territory: Territory) -> None:
    first, second, third = (
        personas.tends_the_directory(territory, territory.house, name=name) for name in ("Odile", "Ondine", "Oriane")
    )
    today = clock.day_of(clock.now())
    for one, days in ((first, 10), (third, 12)):
        leaving.end(membership=one, last_day=today + timedelta(days=days), why=WHY, by=second)
    with pytest.raises(DirectoryError, match="Plus personne"):
        leaving.end(membership=second, last_day=today + timedelta(days=5), why=WHY, by=first)
    with pytest.raises(DirectoryError, match="Plus personne"):
        changing.propose(membership=second, functions=(), why=WHY, by=first)
    sooner = leaving.end(membership=first, last_day=today + timedelta(days=2), why=WHY, by=second)
    assert sooner.ends_at == clock.end_of(today + timedelta(days=2))


def test_what_she_followed_is_handed_over_with_her_drafts(territory: Territory) -> None:
    draft = draft_of(territory)
    draft.circumstances = ["urgency"]
    draft.save(update_fields=["circumstances"])
    left(territory)
    page = reverse("sharing:relay", args=[territory.camille.pk])
    client = personas.signed_in(territory.nadia)
    name = f"case_{her_assignment(territory).pk}"
    assert client.post(page, {"why": WHY}).status_code == 422
    assert client.post(page, {"why": WHY, name: str(territory.sofia.pk)}).status_code == 422
    assert client.post(page, {"why": WHY, name: str(territory.leila.pk)}).status_code == 302
    assert "Tout est réglé" in client.get(page).content.decode()
    taken = Assignment.objects.get(case=territory.case, membership=territory.leila)
    assert taken.kind == Assignment.Kind.REFERENT
    assert Assignment.objects.get(case=territory.case, membership=territory.camille).ends_at is not None
    mine = Draft.objects.visible_to(territory.leila).get()
    assert (mine.purpose, mine.benefit, mine.recipient) == (draft.purpose, draft.benefit, draft.recipient)
    assert mine.circumstances == []
    assert [line.item for line in DraftItem.objects.filter(draft=mine)] == [territory.absences]
    draft.refresh_from_db()
    assert draft.discarded_at is not None
    entry = Entry.objects.get(action="draft.transferred")
    assert str(mine.pk).encode() in bytes(entry.body)
    assert personas.signed_in(territory.leila).get(f"/situations/{territory.case.reference}/").status_code == 200


def test_a_situation_is_left_to_nobody_by_a_team_lead_alone(territory: Territory) -> None:
    admin = personas.tends_the_directory(territory, territory.house)
    draft = draft_of(territory)
    left(territory)
    one = her_assignment(territory)
    with pytest.raises(access.LastToFollow):
        acts.hand_over(assignment=one, to=None, why=WHY, by=admin)
    assert her_assignment(territory).pk == one.pk
    acts.hand_over(assignment=one, to=None, why=WHY, by=territory.nadia)
    draft.refresh_from_db()
    assert draft.discarded_at is not None
    with pytest.raises(TooLate):
        acts.hand_over(assignment=one, to=territory.leila, why=WHY, by=territory.nadia)
    assert Case.objects.visible_to(territory.leila).count() == 0


def test_a_situation_goes_only_to_who_stays_and_whose_proof_was_seen(territory: Territory) -> None:
    one = her_assignment(territory)
    with pytest.raises(TooLate):
        acts.hand_over(assignment=one, to=territory.leila, why=WHY, by=territory.nadia)
    left(territory)
    with pytest.raises(DirectoryError):
        acts.hand_over(assignment=one, to=territory.camille, why=WHY, by=territory.nadia)
    with pytest.raises(access.NotFromThisInstitution):
        acts.hand_over(assignment=one, to=territory.sofia, why=WHY, by=territory.nadia)
    posts.is_bound(territory.leila, proven=False)
    with pytest.raises(access.SecrecyNotProven):
        acts.hand_over(assignment=one, to=territory.leila, why=WHY, by=territory.nadia)
    with pytest.raises(NotTended):
        acts.hand_over(assignment=one, to=territory.nadia, why=WHY, by=territory.leila)


def test_who_tends_the_directory_without_leading_the_team_entrusts_nothing_to_herself(territory: Territory) -> None:
    asked = requests.sent(territory)
    admin = personas.tends_the_directory(territory, territory.house)
    left(territory)
    page, one = reverse("sharing:relay", args=[territory.camille.pk]), her_assignment(territory)
    client = personas.signed_in(admin)
    shown = client.get(page).content.decode()
    assert str(territory.leila.pk) in shown
    assert str(admin.pk) not in shown
    assert client.post(page, {"why": WHY, f"case_{one.pk}": str(admin.pk)}).status_code == 422
    with pytest.raises(NotTended):
        acts.hand_over(assignment=one, to=admin, why=WHY, by=admin)
    with pytest.raises(NotTended):
        passing.hand_over_request(request_id=asked.pk, leaver=territory.camille, to=admin, by=admin)
    assert not Case.objects.visible_to(admin).exists()
    acts.hand_over(assignment=one, to=territory.nadia, why=WHY, by=territory.nadia)
    assert Case.objects.visible_to(territory.nadia).get() == territory.case, "who leads the team may"


def test_a_colleague_in_relay_becomes_the_referent_in_her_stead(territory: Territory) -> None:
    personas.assign(territory.case, territory.leila, territory.camille)
    left(territory)
    acts.hand_over(assignment=her_assignment(territory), to=territory.leila, why=WHY, by=territory.nadia)
    now = Assignment.objects.get(case=territory.case, membership=territory.leila, ends_at=None)
    assert now.kind == Assignment.Kind.REFERENT
    assert Case.objects.visible_to(territory.leila).get() == territory.case


def test_what_cannot_be_handed_over_says_whose_turn_it_is(territory: Territory) -> None:
    asked = requests.sent(territory)
    submitted(territory)
    left(territory)
    found = left_by(territory.camille)
    assert [(one.request.reference, one.hers) for one in found.waiting] == [(asked.reference, True)]
    assert found.opinions == 1
    assert [one.assignment.case for one in found.followed] == [territory.case]
    told = personas.signed_in(territory.nadia).get(reverse("sharing:relay", args=[territory.camille.pk]))
    assert asked.reference in told.content.decode()
    assert "Milo" not in told.content.decode()
    team = personas.signed_in(territory.nadia).get(reverse("cases:team")).content.decode()
    assert reverse("sharing:relay", args=[territory.camille.pk]) in team
    home = personas.signed_in(territory.nadia).get("/").content.decode()
    assert reverse("sharing:relay", args=[territory.camille.pk]) in home
