"""The first start: an empty database, one institution, two persons, and no weak choice; then the door is gone."""

import io
import re
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings as configured
from django.core import mail
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from audit.models import Entry
from config import checks
from partners import clock
from partners.accounts import changing, founding, inviting, joining, proving
from partners.accounts.posts import Post
from partners.models import Institution, Invitation, Membership, Professional
from partners.tending import DirectoryError

pytestmark = pytest.mark.django_db
HOUSE = {"name": "Association des Tilleuls", "kind": "Association", "city": "Vallières"}
ADMIN = {"email": "anne.roy@tilleuls.fr", "first_name": "Anne", "last_name": "Roy"}
DPO = {"email": "marc.diallo@tilleuls.fr", "first_name": "Marc", "last_name": "Diallo"}
WHY = "Nous sommes trois salariés : personne d’autre ne peut le faire."


def house() -> founding.House:
    return founding.House(**HOUSE)


def post(told: dict[str, str], role: str = "institution", **fields: Any) -> Post:
    return Post(**(told | fields), role=role, job_title="Responsable")


def begin(**fields: Any) -> founding.Founded:
    told: dict[str, Any] = {
        "house": house(), "administrator": post(ADMIN), "dpo": post(DPO, "responsable_traitement"), "by": "command",
    }  # fmt: skip
    return founding.found(**(told | fields))


def accepted(made: founding.Founded, place: int) -> Membership:
    invitation, secret = made.invitations[place]
    account = joining.NewAccount(
        title="", first_name=invitation.first_name, last_name=invitation.last_name, password="une phrase bien à elle"
    )
    return joining.accept(secret=secret, by=account)


def test_two_persons_open_the_house_and_nobody_else_can_begin_again() -> None:
    made = begin()
    admin, dpo = accepted(made, 0), accepted(made, 1)
    assert (admin.functions, dpo.functions) == (["directory_admin"], ["dpo"])
    assert admin.awaits_proof
    assert dpo.awaits_proof
    assert [one.pk for one in proving.checkers(admin)] == [dpo.pk]
    assert Entry.objects.filter(action="institution.created", actor_ref=None).count() == 1
    with pytest.raises(founding.AlreadyFounded):
        begin()
    with pytest.raises(DirectoryError):
        founding.invite_again(by="command")
    change = changing.propose(membership=dpo, functions=("dpo", "reviewer"), why="Des avis", by=admin)
    assert not change.needs_second


@pytest.mark.parametrize(
    "weak",
    [
        {"administrator": post(ADMIN, email="contact@tilleuls.fr")},
        {"dpo": post(DPO, email="dpo@tilleuls.fr")},
        {"dpo": post(DPO, email=ADMIN["email"])},
        {"dpo": post({**ADMIN, "email": "autre@tilleuls.fr"})},
        {"administrator": post(ADMIN, email="pas une adresse")},
        {"dpo": None},
        {"dpo": None, "why_same": "parce que"},
        {"house": founding.House(name="", kind="Association")},
        {"house": founding.House(name="Tilleuls", kind="Association", siret="123")},
    ],
)
def test_a_weak_choice_makes_nothing(weak: dict[str, Any]) -> None:
    with pytest.raises(DirectoryError):
        begin(**weak)
    assert not Institution.objects.exists()
    assert not Invitation.objects.exists()


def test_one_person_is_both_only_if_it_is_said_why() -> None:
    made = begin(dpo=None, why_same=WHY)
    both = accepted(made, 0)
    assert set(both.functions) == {"directory_admin", "dpo"}
    entry = Entry.objects.get(action="institution.created")
    assert b'"same_person":true' in bytes(entry.body)
    assert "salariés".encode() not in bytes(entry.body)


def test_in_production_an_address_of_example_is_refused(settings: Any) -> None:
    settings.PRODUCTION = True
    with pytest.raises(DirectoryError):
        begin(administrator=post(ADMIN, email="anne.roy@tilleuls.example"))


def test_a_first_link_that_was_lost_is_made_again_and_the_earlier_one_dies() -> None:
    made = begin(at=clock.now() - timedelta(days=3))
    _invitation, lost = made.invitations[1]
    accepted(made, 0)
    again = founding.invite_again(by="command")
    assert [one.email for one, _secret in again.invitations] == [DPO["email"]]
    with pytest.raises(joining.NotUsable):
        joining.found(lost, clock.now())
    assert joining.found(again.invitations[0][1], clock.now()).email == DPO["email"]


def test_the_command_says_what_it_made_and_what_comes_next() -> None:
    told = io.StringIO()
    arguments = {
        **HOUSE,
        **{f"admin_{name}": text for name, text in ADMIN.items()},
        **{f"dpo_{name}": text for name, text in DPO.items()},
    }
    call_command("found", **arguments, stdout=told)
    said = told.getvalue()
    assert len(re.findall(rf"{re.escape(configured.SITE_URL)}/invitation/[\w-]{{43}}/", said)) == 2
    assert "What comes next" in said
    assert {one.to[0] for one in mail.outbox} == {ADMIN["email"], DPO["email"]}
    with pytest.raises(CommandError, match="exists already"):
        call_command("found", **arguments)


def test_the_command_refuses_what_is_missing_when_nobody_is_there_to_answer() -> None:
    with pytest.raises(CommandError, match="--name is missing"):
        call_command("found")
    assert not Institution.objects.exists()


def test_the_page_opens_to_the_code_of_the_day_and_is_gone_afterwards() -> None:
    client, page = Client(), reverse("partners:first_start")
    assert client.get(page).status_code == 200
    typed = {
        **HOUSE,
        **{f"admin_{name}": text for name, text in ADMIN.items()}, "admin_job": "Direction",
        **{f"dpo_{name}": text for name, text in DPO.items()}, "dpo_job": "Déléguée",
    }  # fmt: skip
    now = clock.now()
    assert founding.opens(founding.code(now).lower().replace("-", " "), now)
    assert founding.opens(founding.code(now - timedelta(days=1)), now)
    assert not founding.opens(founding.code(now - timedelta(days=2)), now)
    assert not founding.opens("", now)
    assert client.post(page, typed | {"code": "AAAA-AAAA-AAAA-AAAA"}).status_code == 422
    assert client.post(page, typed | {"code": founding.code(now), "dpo_email": ""}).status_code == 422
    assert founding.code(now) in founding.announcement()
    done = client.post(page, typed | {"code": founding.code(now)})
    assert done.status_code == 200
    assert len(mail.outbox) == 2
    assert "/invitation/" not in done.content.decode()
    assert founding.announcement() == ""
    assert client.get(page).status_code == 404
    assert client.post(page, typed | {"code": founding.code(now)}).status_code == 404
    assert {inviting.state_of(one, clock.now()) for one in Invitation.objects.all()} == {inviting.WAITING}


def test_production_does_not_start_with_an_account_of_the_demonstration(settings: Any) -> None:
    settings.PRODUCTION = True
    assert not checks.no_demonstration_account(None, databases=["default"])
    Professional.objects.create_user(
        "camille.roussel@vallieres.example", "x", first_name="Camille", last_name="Roussel"
    )
    (found,) = checks.no_demonstration_account(None, databases=["default"])
    assert found.id == checks.DEMONSTRATION
    with pytest.raises(ImproperlyConfigured, match="demonstration"):
        checks.refuse_demonstration()
    settings.PRODUCTION = False
    assert not checks.no_demonstration_account(None, databases=["default"])
