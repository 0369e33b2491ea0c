"""Abuse 40: an administrator, a superuser or a command reads content. There is no back office, and no flag opens a case."""

import pytest
from django.conf import settings
from django.core.management import get_commands
from django.test import Client
from django.urls import reverse

from cases.models import Case, Item
from partners.models import Membership, Professional
from sharing.models import Disclosure
from tests import personas
from tests.personas import Territory
from tests.sharing.ways import draft_of, send

pytestmark = pytest.mark.django_db


def superuser_at(territory: Territory) -> Membership:
    """An administrator who does work in the very house that follows the child, without following her."""
    who = Professional.objects.create_user(
        "admin@tact.example", personas.PASSWORD, first_name="Ada", last_name="Ministratrice", is_superuser=True
    )
    return personas.post(who, territory.house, "ass_secteur", "Administratrice", "profession", "CASF L411-3")


def content_pages(territory: Territory, sent: Disclosure) -> list[str]:
    ref = territory.case.reference
    return [
        f"/situations/{ref}/",
        f"/situations/{ref}/identite",
        f"/situations/{ref}/suivi",
        f"/situations/{ref}/accords/",
        f"/situations/{ref}/communiquer/",
        reverse("cases:item", args=[ref, territory.absences.pk]),
        reverse("sharing:received", args=[sent.pk]),
        reverse("sharing:sent_one", args=[sent.pk]),
        "/audit/",
    ]


def test_abuse_40_a_superuser_opens_no_case_and_no_disclosure(territory: Territory) -> None:
    personas.parents_agree(territory)
    sent = send(draft_of(territory), territory.camille).disclosure
    assert sent is not None
    administrator = superuser_at(territory)
    client = personas.signed_in(administrator)
    assert client.get("/").status_code == 200
    for path in content_pages(territory, sent):
        assert client.get(path).status_code == 404, path
    assert not Case.objects.visible_to(administrator).exists()
    assert not Item.objects.visible_to(administrator).exists()
    assert not Disclosure.objects.visible_to(administrator).exists()


def test_abuse_40_a_superuser_who_works_nowhere_does_not_even_enter(territory: Territory) -> None:
    client = Client()
    client.force_login(
        Professional.objects.create_user(
            "root@tact.example", personas.PASSWORD, first_name="Racine", last_name="Machine", is_superuser=True
        )
    )
    answer = client.get("/situations/")
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/connexion/")


@pytest.mark.parametrize(
    "path", ["/admin", "/admin/", "/admin/login/", "/django-admin/", "/__debug__/", "/silk/", "/api/"]
)
def test_abuse_40_there_is_no_back_office(territory: Territory, path: str) -> None:
    assert personas.signed_in(superuser_at(territory)).get(path).status_code == 404
    assert Client().get(path).status_code == 404
    assert not [app for app in settings.INSTALLED_APPS if app.startswith("django.contrib.admin")]


def test_abuse_40_no_command_of_ours_prints_content() -> None:
    """A shell stays a residual risk, written in docs/security.md; Tact gives it no command that reads an item."""
    ours = {
        name
        for name, app in get_commands().items()
        if app in {"audit", "partners", "cases", "consent", "sharing", "config"}
    }
    assert ours <= {
        "backup",
        "backup_key",
        "catalogue",
        "check_vectors",
        "decide",
        "draw_states",
        "erase_payload",
        "found",
        "load_demo",
        "make_backup_identity",
        "make_receipt_key",
        "make_seal_key",
        "migrate",
        "purge_access_log",
        "restore",
        "restore_key",
        "rotate_receipt_key",
        "rotate_seal_key",
        "verify_audit",
        "write_rules",
        "replay",
        "seal",
    }, ours
