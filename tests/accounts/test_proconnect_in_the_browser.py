"""By ProConnect in a real browser: our own rules let her go and come back, on every page that she sees on the way."""

import html
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from config import places
from config.supervision import Child, stop_all, web_command
from partners.models import Institution, ProConnectRequest, Professional
from sharing.demo import people
from tests.accounts.openid_provider import CLIENT_ID, CLIENT_SECRET
from tests.accounts.provider import CAMILLES, Provider, running
from tests.browser import quality
from tests.site import PATIENCE_SECONDS, Site, free_port, wait_for

pytestmark = pytest.mark.browser
CAMILLE, NADIA = "camille.roussel@vallieres.example", "nadia.benali@vallieres.example"


@pytest.fixture(scope="module")
def there(live_site: Site, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Provider]]:
    """The same demonstration, served once more, where one may enter by ProConnect; and the provider."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    folder = tmp_path_factory.mktemp("provider")
    with running(folder, url) as provider:
        environment = live_site.environment | {
            "PORT": str(port),
            "TACT_PROCONNECT_DISCOVERY_URL": provider.described().discovery_url,
            "TACT_PROCONNECT_CLIENT_ID": CLIENT_ID,
            "TACT_PROCONNECT_CLIENT_SECRET": CLIENT_SECRET,
        }
        web = Child("web", web_command(port, workers=1, threads=4), folder / "web.log", environment, places.BASE_DIR)
        try:
            web.start()
            wait_for(url, web)
            yield url, provider
        finally:
            stop_all([web], seconds=5)


def fine(page: Any, name: str) -> None:
    """What every page owes whoever reads it, at both widths."""
    for width in (1280, 320):
        page.set_viewport_size({"width": width, "height": 800})
        if folder := os.environ.get("TACT_LOOK"):
            page.screenshot(path=str(Path(folder) / f"{name}-{width}.png"), full_page=True)
        assert not page.evaluate(quality.FLAWS), (name, width)
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), (name, width)
    found = quality._AXE.run(page, options=quality.AXE).response["violations"]
    assert not found, (name, [one["id"] for one in found])
    page.set_viewport_size({"width": 1280, "height": 800})


def test_she_goes_and_comes_back_links_enters_and_leaves_in_a_real_browser(
    browser: Any, there: tuple[str, Provider], live_site: Site, django_db_blocker: Any
):
    from tests.conftest import on_database

    url, provider = there
    with django_db_blocker.unblock(), on_database(live_site.database):
        camille = Professional.objects.get(email=CAMILLE)
        house = Institution.objects.get(pk__in=_places_of(camille))
        Institution.objects.filter(pk=house.pk).update(siret=CAMILLES)
    context = browser.new_context(base_url=url, locale="fr-FR", timezone_id="Europe/Paris")
    context.set_default_timeout(PATIENCE_SECONDS * 1000)
    page = context.new_page()
    refused: list[str] = []
    loaded: list[str] = []
    page.on("console", lambda line: refused.append(line.text) if "Content Security Policy" in line.text else None)
    page.on("request", lambda sent: loaded.append(sent.url) if sent.resource_type != "document" else None)
    try:
        page.goto("/connexion/")
        fine(page, "sign-in")
        go_there(page, provider, "S’identifier avec ProConnect", "camille")
        page.wait_for_url(f"{url}/proconnect/attente/")
        fine(page, "waiting")
        page.get_by_role("link", name="Entrer et relier cette identité").click()
        page.get_by_label("Adresse e-mail professionnelle").fill(CAMILLE)
        page.get_by_label("Mot de passe", exact=True).fill(people.PASSWORD)
        page.get_by_role("button", name="Se connecter", exact=True).click()
        page.wait_for_url(f"{url}/proconnect/relier/")
        fine(page, "link")
        page.get_by_role("button", name="C’est moi").click()
        page.wait_for_url(f"{url}/compte/")
        fine(page, "account")
        page.get_by_role("button", name="Se déconnecter").click()
        page.wait_for_url("**/connexion/**")

        go_there(page, provider, "S’identifier avec ProConnect", "camille")
        page.wait_for_url(f"{url}/")
        assert page.locator("h1").count() == 1
        page.get_by_role("button", name="Se déconnecter").click()
        page.wait_for_url(f"{url}/connexion/")
        assert "déconnecté·e de Tact et de ProConnect" in html.unescape(page.content())

        go_there(page, provider, "S’identifier avec ProConnect", "impostor")
        page.get_by_role("button", name="Demander", exact=True).click()
        page.get_by_text("La demande attend").wait_for()
        fine(page, "asked")
    finally:
        context.close()
    assert not refused, refused
    assert not [one for one in loaded if not one.startswith((url, "data:"))]
    with django_db_blocker.unblock(), on_database(live_site.database):
        assert ProConnectRequest.objects.filter(siret=CAMILLES, professional=None).count() == 1


def _places_of(professional: Professional) -> Any:
    from partners.models import Membership

    return Membership.objects.in_force().filter(professional=professional).values("institution")


def go_there(page: Any, provider: Provider, button: str, who: str) -> None:
    page.get_by_role("button", name=button).click()
    page.wait_for_url(f"{provider.base}/authorize**")
    page.get_by_role("link", name=who, exact=True).click()
