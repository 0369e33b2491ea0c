"""Addresses known beforehand: RFC 9116 for flaws, the W3C's for passwords, robots kept out; cookies by their real names."""

from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.test import Client, override_settings

from config.public import cookies
from tests.architecture import source
from tests.personas import PASSWORD, Territory


def fields(text: str) -> dict[str, str]:
    return dict(line.split(": ", 1) for line in text.strip().splitlines())


def test_a_flaw_can_be_told_to_somebody_until_a_day_that_is_not_far() -> None:
    answer = Client().get("/.well-known/security.txt")
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    said = fields(answer.content.decode())
    assert said["Contact"] == settings.SECURITY_CONTACT
    assert said["Canonical"] == f"{settings.SITE_URL}/.well-known/security.txt"
    assert said["Preferred-Languages"] == "fr, en"
    expires = datetime.strptime(said["Expires"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    assert timedelta(days=90) < expires - datetime.now(UTC) < timedelta(days=365)
    policy = said["Policy"].removeprefix(settings.SITE_URL)
    assert 'id="faille"' in Client().get(policy).content.decode()


def test_without_a_contact_there_is_no_such_file() -> None:
    with override_settings(SECURITY_CONTACT=""):
        assert Client().get("/.well-known/security.txt").status_code == 404
        assert "à confirmer" in Client().get("/mentions-legales/").content.decode()


def test_a_password_manager_is_led_to_where_a_password_changes() -> None:
    answer = Client().get("/.well-known/change-password")
    assert (answer.status_code, answer["Location"]) == (302, "/compte/mot-de-passe/")


def test_no_robot_is_let_in() -> None:
    assert Client().get("/robots.txt").content.decode() == "User-agent: *\nDisallow: /\n"


def test_the_page_of_cookies_names_every_one_that_is_set(territory: Territory) -> None:
    client = Client()
    client.get("/connexion/")
    address = territory.camille.professional.email
    client.post("/connexion/", {"username": address, "login": address, "password": PASSWORD})
    client.post("/langue/", {"language": "en", "next": "/"})
    client.get("/")
    set_by_tact = {name for name, cookie in client.cookies.items() if cookie.value}
    listed = {one.name for one in cookies.cookies()}
    assert set_by_tact == listed
    page = Client().get("/cookies/").content.decode()
    assert all(f"<code>{name}</code>" in page for name in listed)


def test_nothing_is_kept_in_the_browser_but_cookies() -> None:
    scripts = [path.read_text() for path in (source.ROOT / "static" / "js").glob("*.js")]
    assert scripts
    for words in ("localStorage", "sessionStorage", "indexedDB", "document.cookie"):
        assert not any(words in script for script in scripts), words
