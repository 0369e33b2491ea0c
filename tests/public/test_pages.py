"""The pages that every public service owes: open to all, in both languages, for nothing; they say what is true of this house."""

import re
from typing import Any

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.test import Client, override_settings

from config.public import accessibility, helping, identity
from partners.models import Institution
from tests import personas
from tests.personas import Territory

WITHOUT_A_STATEMENT = (
    "/accessibilite/",
    "/mentions-legales/",
    "/cookies/",
    "/plan-du-site/",
    "/aide/",
    "/aide/urgence/",
    "/robots.txt",
    "/.well-known/security.txt",
    "/.well-known/change-password",
)
PAGES = (
    "/accessibilite",
    "/mentions-legales",
    "/donnees-personnelles",
    "/statistiques",
    "/cookies",
    "/plan-du-site",
    "/aide",
)


def read(address: str, client: Client | None = None, language: str = "fr") -> str:
    answer = (client or Client()).get(address, headers={"Accept-Language": language})
    assert answer.status_code == 200, address
    return re.sub(r"[ \n]+", " ", answer.content.decode())


def test_a_visitor_costs_no_statement_where_nothing_is_counted(django_assert_num_queries: Any, db: None) -> None:
    client = Client()
    with django_assert_num_queries(0):
        for address in WITHOUT_A_STATEMENT:
            client.get(address)
    with django_assert_num_queries(1):
        client.get("/donnees-personnelles/")


def test_practice_writes_them_without_a_slash_and_they_are_found_so(db: None) -> None:
    for page in PAGES:
        answer = Client().get(page)
        assert (answer.status_code, answer["Location"]) == (301, f"{page}/")


def test_every_page_says_the_state_of_accessibility_and_leads_to_the_conventions(territory: Territory) -> None:
    for text in (read("/connexion/"), read("/aide/"), read("/", personas.signed_in(territory.camille))):
        foot = text[text.index("<footer") : text.index("</footer>")]
        assert '<a href="/accessibilite/">Accessibilité\u00a0: non conforme</a>' in foot
        for page in PAGES:
            assert f'href="{page}/"' in foot, page


def test_a_page_of_last_resort_says_it_too() -> None:
    from config.errors import _page

    assert "Accessibilité\u00a0: non conforme" in _page("500.html", 500).content.decode()


def test_the_declaration_claims_nothing_that_no_audit_showed() -> None:
    text = read("/accessibilite/")
    assert "Tact est non conforme" in text
    assert "Aucun audit par des personnes" in text
    assert "Défenseur des droits" in text
    with override_settings(
        ACCESSIBILITY="partielle", ACCESSIBILITY_AUDIT="Cabinet Untel, mars 2027, 71 % des critères"
    ):
        assert accessibility.state().footer == "Accessibilité\u00a0: partiellement conforme"
        assert "Cabinet Untel, mars 2027, 71 % des critères" in read("/accessibilite/")


def test_a_conformity_without_its_audit_does_not_start(monkeypatch: pytest.MonkeyPatch) -> None:
    import runpy

    monkeypatch.setenv("TACT_ACCESSIBILITY", "totale")
    with pytest.raises(ImproperlyConfigured, match="TACT_ACCESSIBILITY_AUDIT"):
        runpy.run_path(str(settings.BASE_DIR / "config" / "settings.py"))
    monkeypatch.setenv("TACT_ACCESSIBILITY", "non")
    monkeypatch.setenv("TACT_SECURITY_CONTACT", "quelqu’un")
    with pytest.raises(ImproperlyConfigured, match="TACT_SECURITY_CONTACT"):
        runpy.run_path(str(settings.BASE_DIR / "config" / "settings.py"))


def test_who_publishes_and_hosts_is_said_or_said_to_be_unknown() -> None:
    assert (
        read("/mentions-legales/").count("à confirmer") == len(identity.unsaid()) - 1
    )  # accessibility has its own page
    said = {name: f"dit-{name}" for name in settings.PUBLISHED}
    with override_settings(PUBLISHED=said):
        text = read("/mentions-legales/") + read("/accessibilite/")
        assert "à confirmer" not in text
        assert all(one in text for one in said.values())


def test_a_demonstration_says_that_its_names_are_invented() -> None:
    assert "sont inventés" not in read("/mentions-legales/")
    with override_settings(DEMO=True):
        for page in ("/mentions-legales/", "/accessibilite/"):
            assert "sont inventés" in read(page)


def test_who_protects_data_is_named_for_each_institution_at_work(territory: Territory) -> None:
    Institution.objects.filter(pk=territory.school.pk).update(dpo_contact="dpo@jean-mace.example")
    Institution.objects.filter(pk=territory.clinic.pk).update(
        dpo_contact="dpo@ferme.example", closed_at="2020-01-01T00:00Z"
    )
    text = read("/donnees-personnelles/")
    assert "dpo@jean-mace.example" in text
    assert "dpo@ferme.example" not in text
    assert f"{settings.ACCESS_LOG_MONTHS} mois" in text


def test_whoever_is_signed_in_keeps_her_menu_and_finds_her_own_dpo(territory: Territory) -> None:
    Institution.objects.filter(pk=territory.house.pk).update(dpo_contact="dpo@maison.example", phone="01 99 00 12 34")
    text = read("/aide/urgence/", personas.signed_in(territory.camille))
    assert 'id="navigation"' in text
    assert "dpo@maison.example" in text
    assert 'href="tel:0199001234"' in text
    assert "dpo@maison.example" not in read("/aide/urgence/")
    personas.end_post(territory.leila)
    assert 'id="navigation"' not in read("/aide/", personas.signed_in(territory.leila)), (
        "no post, no menu; the help is read"
    )


def test_every_topic_of_help_is_written_listed_and_leads_on() -> None:
    every = helping.topics()
    listed = {one.slug for audience in helping.audiences() for one in audience.topics}
    assert listed == set(every)
    files = {path.stem for path in (settings.BASE_DIR / "templates" / "public" / "help").glob("[a-z]*.html")}
    assert files == set(every)
    for one in every.values():
        assert one.slug not in one.next
        text = read(f"/aide/{one.slug}/")
        assert one.title in text
        for other in one.others():
            assert f'href="/aide/{other.slug}/"' in text
    assert Client().get("/aide/inconnu/").status_code == 404


def test_the_help_is_read_in_english_too() -> None:
    assert '<html lang="en">' in read("/aide/communiquer/", language="en")
