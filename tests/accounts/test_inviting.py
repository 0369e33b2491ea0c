"""Inviting somebody, the proof of her secrecy, her functions: by whom, with whom, and what each opens."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse

from audit.models import Entry
from cases import access, files
from cases.models import Assignment, Case, Person
from partners import clock, confirming
from partners.accounts import changing, inviting, joining, letters, proving
from partners.accounts.posts import Post
from partners.models import (
    Function,
    FunctionAnswer,
    FunctionChange,
    Invitation,
    InvitationEnd,
    Membership,
    Professional,
    SecrecyCheck,
)
from partners.tending import DirectoryError, NotTended, SamePerson, TooLate
from tests import personas, posts
from tests.personas import Territory

pytestmark = pytest.mark.django_db
NEW_PASSWORD = "les tilleuls sentent bon en juin"


def post(**fields: Any) -> Post:
    """Zoé Martin, social worker to come."""
    told: dict[str, Any] = {
        "email": "zoe.martin@vallieres.fr",
        "title": "Mme",
        "first_name": "Zoé",
        "last_name": "Martin",
        "role": "ass_secteur",
        "job_title": "Assistante sociale",
    }
    return Post(**(told | fields))


def admin_of(territory: Territory) -> Membership:
    """Somebody who tends the directory of the house, and gives no opinion."""
    return personas.post(
        personas.professional("Simone", "Annuaire"), territory.house, "institution", "Secrétaire générale", "fonction",
        "Lettre de mission", "directory_admin",
    )  # fmt: skip


def account(**fields: str) -> joining.NewAccount:
    told = {"title": "Mme", "first_name": "Zoé", "last_name": "Martin", "password": NEW_PASSWORD}
    return joining.NewAccount(**(told | fields))


def join(territory: Territory, **fields: Any) -> Membership:
    """Zoé, invited by Nadia, accepts."""
    _invitation, secret = inviting.invite(post=post(**fields), by=territory.nadia)
    return joining.accept(secret=secret, by=account())


def proved(client: Client, *, minutes_ago: int) -> Client:
    """She proved who she is then."""
    session = client.session
    session[confirming.SESSION_KEY] = (clock.now() - timedelta(minutes=minutes_ago)).isoformat()
    session.save()
    return client


def test_a_team_lead_invites_and_the_letter_alone_carries_the_link(territory: Territory) -> None:
    client = personas.signed_in(territory.nadia)
    typed = {
        "email": "Zoe.Martin@vallieres.fr", "title": "Mme", "first_name": "Zoé", "last_name": "Martin",
        "role": "ass_secteur", "job_title": "Assistante sociale", "secrecy_status": "", "functions": ["reviewer"],
    }  # fmt: skip
    answer = client.post(reverse("partners:invite"), typed, follow=True)
    assert answer.status_code == 200
    invitation = Invitation.objects.get()
    assert (invitation.email, invitation.secrecy_status, invitation.secrecy_proof) == (
        "zoe.martin@vallieres.fr", "profession", "CASF L411-3",
    )  # fmt: skip
    assert invitation.expires_at - invitation.invited_at == timedelta(days=7)
    (letter,) = mail.outbox
    found = re.search(r"/invitation/([\w-]+)/", str(letter.body))
    assert found is not None
    assert letter.to == ["zoe.martin@vallieres.fr"]
    told = f"{letter.subject}\n{letter.body}"
    for hidden in ("Zoé", "Martin", "Nadia", "Benali", territory.house.name, "Milo"):
        assert hidden not in told
    secret = found.group(1)
    assert secret not in answer.content.decode()
    assert invitation.digest == inviting.digest_of(secret) != secret
    entry = Entry.objects.get(pk=invitation.entry_id)
    assert entry.action == "invitation.sent"
    assert b"martin" not in bytes(entry.body).lower()


def test_opening_the_link_does_nothing_and_posting_accepts_once(territory: Territory) -> None:
    _invitation, secret = inviting.invite(post=post(), by=territory.nadia)
    page = reverse("partners:invitation", args=[secret])
    client = Client()
    for _scanner in range(2):
        shown = client.get(page)
        assert shown.status_code == 200
        assert shown.headers["Referrer-Policy"] == "no-referrer"
    assert not Professional.objects.filter(email="zoe.martin@vallieres.fr").exists()
    typed = {"title": "Mme", "first_name": "Zoé", "last_name": "Martin", "password": "courte", "again": "courte"}
    assert client.post(page, typed).status_code == 422
    assert client.post(page, typed | {"password": NEW_PASSWORD, "again": "autre"}).status_code == 422
    accepted = client.post(page, typed | {"password": NEW_PASSWORD, "again": NEW_PASSWORD})
    assert accepted.status_code == 302
    membership = Membership.objects.get(professional__email="zoe.martin@vallieres.fr")
    assert membership.institution == territory.house
    assert membership.awaits_proof
    assert membership.professional.check_password(NEW_PASSWORD)
    assert client.post(page, typed | {"password": NEW_PASSWORD, "again": NEW_PASSWORD}).status_code == 404
    assert InvitationEnd.objects.get().kind == "accepted"


def test_a_link_that_is_unknown_late_withdrawn_or_of_somebody_who_left_is_the_same_page(territory: Territory) -> None:
    client = Client()

    def answer_to(secret: str) -> tuple[int, str]:
        got = client.get(reverse("partners:invitation", args=[secret]))
        return got.status_code, re.sub(r'X-CSRFToken": "[^"]*"|value="[^"]*"', "", got.content.decode())

    unknown = answer_to("A" * 43)
    assert unknown[0] == 404
    late, secret_late = inviting.invite(post=post(), by=territory.nadia, at=clock.now() - timedelta(days=8))
    assert answer_to(secret_late) == unknown
    withdrawn, secret = inviting.invite(post=post(), by=territory.nadia)
    inviting.withdraw(invitation=withdrawn, by=territory.nadia)
    assert answer_to(secret) == unknown
    _other, secret = inviting.invite(post=post(email="lea.petit@vallieres.fr"), by=territory.nadia)
    personas.end_post(territory.nadia)
    assert answer_to(secret) == unknown
    with pytest.raises(joining.NotUsable):
        joining.accept(secret=secret, by=account())
    assert late.pk != withdrawn.pk


def test_an_address_already_known_gets_a_second_post_and_the_inviter_learns_nothing(territory: Territory) -> None:
    client = personas.signed_in(territory.nadia)
    typed = {"title": "", "role": "ass_secteur", "job_title": "Assistante sociale", "secrecy_status": ""}
    pages = []
    for email, first, last in (
        (territory.sofia.professional.email, "Sofia", "Marchetti"),
        ("inconnue@vallieres.fr", "Sofia", "Marchetti"),
    ):
        answer = client.post(
            reverse("partners:invite"), typed | {"email": email, "first_name": first, "last_name": last}, follow=True
        )
        told = answer.content.decode().replace(email, "")
        pages.append(re.sub(r"[0-9a-f]{8}(-[0-9a-f-]{27})?|X-CSRFToken\": \"[^\"]*\"|value=\"[^\"]*\"", "", told))
    assert pages[0] == pages[1]
    secret = re.search(r"/invitation/([\w-]+)/", str(mail.outbox[0].body)).group(1)  # type: ignore[union-attr]
    page = reverse("partners:invitation", args=[secret])
    assert "next=" in Client().get(page).content.decode()
    assert Client().post(page, {"password": NEW_PASSWORD, "again": NEW_PASSWORD}).status_code == 409
    assert personas.signed_in(territory.leila).post(page).status_code == 409
    hers = personas.signed_in(territory.sofia)
    assert hers.get(page).status_code == 200
    assert hers.post(page).status_code == 302
    posts = Membership.objects.in_force().filter(professional=territory.sofia.professional)
    assert {one.institution for one in posts} == {territory.clinic, territory.house}


def test_who_may_invite_and_give_what(territory: Territory) -> None:
    for nobody in (territory.camille, territory.sofia, territory.claire):
        with pytest.raises(NotTended):
            inviting.invite(post=post(), by=nobody)
        assert personas.signed_in(nobody).get(reverse("partners:invite")).status_code == 404
    for function in ("directory_admin", "dpo", "auditor"):
        with pytest.raises(DirectoryError):
            inviting.invite(post=post(functions=(function,)), by=territory.nadia)
    posts.has_functions(territory.nadia, "team_lead")
    with pytest.raises(DirectoryError):
        inviting.invite(post=post(functions=("reviewer",)), by=territory.nadia)
    with pytest.raises(DirectoryError):
        inviting.invite(post=post(role="parents"), by=territory.nadia)
    with pytest.raises(DirectoryError):
        inviting.invite(post=post(email=territory.camille.professional.email), by=territory.nadia)


def test_an_invitation_is_sent_again_under_another_link_and_waits_once(territory: Territory) -> None:
    first, secret = inviting.invite(post=post(), by=territory.nadia)
    with pytest.raises(DirectoryError):
        inviting.invite(post=post(), by=territory.nadia)
    client = personas.signed_in(territory.nadia)
    page = reverse("partners:invitation_sent", args=[first.pk])
    assert client.post(page, {"action": "again"}).status_code == 302
    with pytest.raises(joining.NotUsable):
        joining.found(secret, clock.now())
    newer = Invitation.objects.exclude(pk=first.pk).get()
    assert client.post(reverse("partners:invitation_sent", args=[newer.pk]), {"action": "withdraw"}).status_code == 302
    assert inviting.state_of(newer, clock.now()) == inviting.WITHDRAWN
    assert personas.signed_in(territory.sofia).get(page).status_code == 404
    assert letters.reference(first) in client.get(page).content.decode()


def test_no_case_before_somebody_else_saw_the_proof(territory: Territory) -> None:
    zoe = join(territory)
    client = personas.signed_in(zoe)
    assert "Nadia Benali" in client.get(reverse("cases:create")).content.decode()
    assert client.post(reverse("cases:create"), {}).status_code == 409
    child = Person(first_name="Alix", last_name="Morin", birth_date=personas.born_years_ago(7))
    with pytest.raises(access.SecrecyNotProven), transaction.atomic():
        files.open_case(person=child, domain="protection_enfance", reason="Demande", by=zoe, at=clock.now())
    assert not Person.objects.filter(last_name="Morin").exists()
    with pytest.raises(access.SecrecyNotProven):
        access.assign(case=territory.case, membership=zoe, kind="colleague", reason="Relais", by=territory.nadia)
    told = personas.signed_in(territory.nadia).post(
        reverse("cases:assignments", args=[territory.case.reference]),
        {"membership": str(zoe.pk), "kind": "colleague", "reason": "Relais"},
        follow=True,
    )
    assert "ne peut pas encore suivre" in told.content.decode()
    with pytest.raises(SamePerson):
        proving.check(membership=zoe, status="profession", proof="CASF L411-3", seen="Ma carte", proven=True, by=zoe)
    page = reverse("partners:member_secrecy", args=[zoe.pk])
    assert page in personas.signed_in(territory.nadia).get("/").content.decode()
    assert page not in client.get("/").content.decode()
    assert client.get(page).status_code == 404
    assert personas.signed_in(territory.camille).get(page).status_code == 404
    hers = personas.signed_in(territory.nadia)
    typed = {"status": "profession", "proof": "CASF L411-3", "answer": "proven"}
    assert hers.post(page, typed).status_code == 422
    assert hers.post(page, typed | {"seen": "Carte professionnelle"}).status_code == 302
    zoe.refresh_from_db()
    assert zoe.is_bound
    access.assign(case=territory.case, membership=zoe, kind="colleague", reason="Relais", by=territory.nadia)
    assert client.get(f"/situations/{territory.case.reference}/").status_code == 200
    proving.check(membership=zoe, status="profession", proof="", seen="Carte périmée", proven=False, by=territory.nadia)
    assert client.get(f"/situations/{territory.case.reference}/").status_code == 404
    assert not Case.objects.visible_to(Membership.objects.get(pk=zoe.pk)).exists()


def test_the_database_refuses_an_act_without_its_entry_and_two_persons_who_are_one(territory: Territory) -> None:
    zoe = join(territory)
    end = InvitationEnd.objects.get()
    check = {
        "membership": zoe, "holder": zoe.professional, "status": "profession", "proof": "x", "seen": "x", "proven": True,
        "checked_by": territory.nadia, "checker": territory.nadia.professional, "checked_at": clock.now(),
    }  # fmt: skip
    for forged in (
        check | {"entry_id": end.entry_id},
        check | {"checked_by": zoe, "checker": zoe.professional, "entry_id": end.entry_id},
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            SecrecyCheck.objects.create(**forged)
    with pytest.raises(DatabaseError), transaction.atomic():
        Invitation.objects.update(email="autre@vallieres.fr")
    with pytest.raises(DatabaseError), transaction.atomic():
        InvitationEnd.objects.all().delete()


def test_a_change_of_functions_is_at_once_or_by_two_persons(territory: Territory) -> None:
    admin, leila, nadia = admin_of(territory), territory.leila, territory.nadia
    changing.propose(membership=leila, functions=("reviewer",), why="Elle donne des avis", by=nadia)
    leila.refresh_from_db()
    assert leila.functions == ["reviewer"]
    with pytest.raises(SamePerson):
        changing.propose(membership=nadia, functions=("team_lead",), why="Moins", by=nadia)
    with pytest.raises(DirectoryError):
        changing.propose(membership=leila, functions=("auditor",), why="Contrôle", by=nadia)
    change = changing.propose(membership=leila, functions=("reviewer", "auditor"), why="Contrôle", by=admin)
    leila.refresh_from_db()
    assert leila.functions == ["reviewer"]
    assert change.needs_second
    for herself in (admin, leila):
        with pytest.raises(SamePerson):
            changing.answer(change=change, accepted=True, sentence="", by=herself)
    with pytest.raises(NotTended):
        changing.answer(change=change, accepted=True, sentence="", by=territory.camille)
    changing.answer(change=change, accepted=True, sentence="", by=nadia)
    leila.refresh_from_db()
    assert leila.functions == ["reviewer", "auditor"]
    with pytest.raises(TooLate):
        changing.answer(change=change, accepted=False, sentence="Non", by=nadia)
    with pytest.raises(DirectoryError):
        changing.propose(membership=admin, functions=(), why="Elle part", by=nadia)


def test_the_last_who_tends_the_directory_stays(territory: Territory) -> None:
    admin = admin_of(territory)
    second = changing.propose(membership=territory.leila, functions=("directory_admin",), why="À deux", by=admin)
    changing.answer(change=second, accepted=True, sentence="", by=territory.nadia)
    territory.leila.refresh_from_db()
    taken = changing.propose(membership=admin, functions=(), why="Elle change de poste", by=territory.leila)
    changing.answer(change=taken, accepted=True, sentence="", by=territory.nadia)
    third = changing.propose(membership=admin, functions=("directory_admin",), why="Elle revient", by=territory.leila)
    changing.answer(change=third, accepted=False, sentence="Pas maintenant", by=territory.nadia)
    admin.refresh_from_db()
    assert admin.functions == []
    assert FunctionAnswer.objects.get(change=third).sentence == "Pas maintenant"


def test_three_functions_asked_with_an_invitation_wait_for_a_second_person(territory: Territory) -> None:
    admin = admin_of(territory)
    _invitation, secret = inviting.invite(post=post(functions=("reviewer", "dpo")), by=admin)
    zoe = joining.accept(secret=secret, by=account())
    assert zoe.functions == ["reviewer"]
    change = FunctionChange.objects.get()
    page = reverse("partners:function_change", args=[change.pk])
    lists = personas.signed_in(territory.nadia).get(reverse("partners:members")).content.decode()
    assert page in lists
    client = proved(personas.signed_in(territory.nadia), minutes_ago=1)
    assert "Nadia Benali" in client.get(page).content.decode()
    assert client.post(page, {"answer": "refuse"}).status_code == 422
    assert client.post(page, {"answer": "accept"}).status_code == 302
    zoe.refresh_from_db()
    assert zoe.functions == ["reviewer", "dpo"]
    assert personas.signed_in(admin).get(page).status_code == 200


def test_functions_change_only_once_she_proved_who_she_is(territory: Territory) -> None:
    page = reverse("partners:member_functions", args=[territory.leila.pk])
    client = proved(personas.signed_in(territory.nadia), minutes_ago=6)
    typed = {"functions": ["reviewer"], "why": "Elle donne des avis"}
    assert client.post(page, typed).status_code == 422
    assert client.post(page, typed | {"password": "pas le bon"}).status_code == 422
    territory.leila.refresh_from_db()
    assert territory.leila.functions == []
    assert client.post(page, typed | {"password": personas.PASSWORD}).status_code == 302
    territory.leila.refresh_from_db()
    assert territory.leila.functions == ["reviewer"]


def test_the_list_says_who_is_there_and_whose_turn_it_is(territory: Territory) -> None:
    zoe = join(territory)
    client = personas.signed_in(territory.nadia)
    page = reverse("partners:members")
    told = client.get(page).content.decode()
    assert "Camille Roussel" in told
    assert "Sofia Marchetti" not in told
    assert "vérifier ce qui l’engage" in told
    assert "Camille Roussel" not in client.get(page, {"etat": "a-verifier"}).content.decode()
    assert "Zoé Martin" in client.get(page, {"q": "martin"}).content.decode()
    assert "Zoé Martin" not in client.get(page, {"fonction": Function.REVIEWER}).content.decode()
    assert client.get(reverse("partners:member", args=[zoe.pk])).status_code == 200
    for outsider in (territory.camille, territory.sofia):
        assert personas.signed_in(outsider).get(page).status_code == 404
    assert client.get(reverse("partners:member", args=[territory.sofia.pk])).status_code == 404
    assert Assignment.objects.filter(membership=zoe).count() == 0
