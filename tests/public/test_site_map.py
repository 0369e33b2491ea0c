"""The map of the site says every page that has an address of its own, and leads nobody to a page that is not hers."""

import re

import pytest
from django.test import Client
from django.urls import NoReverseMatch, reverse

from config.public import site_map
from tests import personas
from tests.doors.table import DOORS
from tests.personas import Territory

NOT_ON_THE_MAP = {
    "healthz": "a word for a monitor",
    "readyz": "a word for a monitor",
    "robots_txt": "a word for a robot",
    "confirm_by_key": "a way of confirming, offered where one confirms",
    "account_reset_password_done": "what is said after asking",
    "sharing:api_description": "a file for programs, linked from the tokens",
    "security_txt": "a word for a researcher, linked from the legal notice",
}
"""Doors that answer a GET at a fixed address and are no page to go to, each with its reason."""


def pages_with_an_address() -> dict[str, str]:
    """The doors of the table that show a page to somebody, and need no name in their address; with it."""
    found = {}
    for (door, method), answers in DOORS.items():
        if method == "GET" and 200 in answers.values():
            try:
                found[door] = reverse(door)
            except NoReverseMatch:
                continue
    return found


def test_every_page_with_an_address_of_its_own_is_on_the_map() -> None:
    mapped = [page.door for section in site_map.whole() for page in section.pages]
    assert len(mapped) == len(set(mapped))
    addresses = {site_map.address(door) for door in mapped}  # a door may have two names
    missing = {
        door for door, where in pages_with_an_address().items() if where not in addresses and door not in NOT_ON_THE_MAP
    }
    assert not missing, f"add them to config/public/site_map.py, or say why not: {missing}"
    assert not set(NOT_ON_THE_MAP) - set(pages_with_an_address())
    nowhere = {door for door in mapped if not site_map.address(door)} - {"demo_visit", "demo_mail"}
    assert not nowhere, f"doors that the URLconf does not have: {nowhere}"


@pytest.mark.parametrize("name", ["camille", "nadia", "lantier", "yann", "claire"])
def test_nobodys_map_leads_to_a_page_that_is_not_hers(territory: Territory, name: str) -> None:
    client = personas.signed_in(getattr(territory, name))
    text = client.get("/plan-du-site/").content.decode()
    links = set(re.findall(r'href="(/[^"#]*)"', text[text.index("<main") : text.index("</main>")]))
    assert len(links) > 15
    wrong = {link: status for link in links if (status := client.get(link).status_code) not in {200, 302}}
    assert not wrong, wrong


def test_a_visitor_sees_what_signing_in_would_open() -> None:
    text = Client().get("/plan-du-site/").content.decode()
    assert "Après connexion." in text
    assert 'href="/situations/"' in text
