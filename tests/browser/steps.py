"""What people do at their browser, step by step, with or without JavaScript: the same words on the same pages."""

import re
import time
from collections.abc import Callable
from datetime import date, datetime
from email import message_from_bytes, policy
from itertools import count
from pathlib import Path
from typing import Any

from partners.clock import PARIS
from sharing.demo import accounts

CAMILLE = "camille.roussel@vallieres.example"
LANTIER = "helene.lantier@jean-mace.example"
PERRIN = "paul.perrin@jean-mace.example"
AUDITOR = "yann.le-goff@val-de-sauve.example"
# Several files walk the same site: nobody is made twice, or « Ouvrir une situation » would offer the first.
_BIRTHDAYS = count(1)
PASSWORDS = {email: password for _label, email, password in accounts()}
BENEFIT = "Des horaires de classe compatibles avec ses soins."
NECESSITY = "Sans cela, l’école ne peut pas organiser le rattrapage."


def today() -> date:
    return datetime.now(PARIS).date()


def sign_in(page: Any, email: str) -> None:
    """Through the form, as anybody."""
    page.goto("/connexion/")
    page.fill("input[name=login]", email)
    page.fill("input[name=password]", PASSWORDS[email])
    page.locator("form:has(input[name=password])").get_by_role("button").first.click()
    page.wait_for_url(re.compile(r"(/|/agir-pour/.*)$"))


def sign_out(page: Any) -> None:
    page.get_by_role("button", name="Se déconnecter").click()
    page.wait_for_url("**/connexion/**")


def act_as(page: Any, job: str) -> None:
    """Among several places of work, this one."""
    page.goto("/agir-pour/")
    page.locator(".choice", has_text=re.compile(job, re.IGNORECASE)).get_by_role("radio").check()
    page.get_by_role("button", name="Continuer").click()
    page.wait_for_load_state()


def open_first_case(page: Any) -> str:
    """From her caseload, the child's situation; returns its reference."""
    if page.url == "about:blank":
        page.goto("/situations/")
    page.get_by_role("link", name="Mes situations").first.click()
    page.locator("tr", has_text="-0143").get_by_role("link").click()
    page.wait_for_url(re.compile(r"/situations/\d+-0143/$"))
    return str(re.search(r"situations/([\d-]+)/", page.url)[1])  # type: ignore[index]


def create_case(page: Any) -> str:
    """« Ouvrir une situation » for a child whom nobody follows; returns its reference."""
    page.goto("/situations/nouvelle/")
    page.fill("[name=first_name]", "Nino")
    page.fill("[name=last_name]", "Carpentier")
    page.fill("[name=birth_date]", f"{today().year - 9}-01-{next(_BIRTHDAYS):02d}")
    page.get_by_role("button", name="Continuer").click()
    page.select_option("[name=domain]", "handicap")
    page.fill("[name=reason]", "Demande de ses parents, après un entretien à l’école.")
    mother = page.locator("section.sheet", has_text="Autorité parentale").first
    mother.locator("[name$=kind]").select_option("mother")
    mother.locator("[name$=first_name]").fill("Aline")
    mother.locator("[name$=last_name]").fill("Carpentier")
    page.get_by_role("button", name="Ouvrir la situation").last.click()
    page.wait_for_url(re.compile(r"/situations/\d+-\d+/$"))
    return str(re.search(r"situations/([\d-]+)/", page.url)[1])  # type: ignore[index]


def write_item(page: Any, *, label: str, text: str, category: str, nature: str) -> None:
    """« Noter une information » from the page of the situation."""
    page.get_by_role("link", name="Écrire une information").click()
    page.fill("[name=label]", label)
    page.fill("[name=text]", text)
    page.check(f"input[name=nature][value={nature}]")
    page.select_option("[name=category]", category)
    page.select_option("[name=provenance]", "family")
    page.fill("[name=observed_on]", today().isoformat())
    page.get_by_role("button", name="Enregistrer", exact=True).click()
    page.wait_for_url(re.compile(r"/situations/\d+-\d+/$"))


def begin(page: Any) -> None:
    page.get_by_role("button", name="Communiquer une information").click()
    page.wait_for_url("**/communiquer/*-*/")


def say_what_of(page: Any, *, words: tuple[str, ...]) -> None:
    """Purpose, recipient, benefit, items, and why each is necessary."""
    page.check("input[name=purpose][value=scolarite]")
    lantier = page.locator(".choice", has_text="Mme Lantier, directrice")
    if not lantier.count():
        page.fill("input[name=q]", "lantier")
        page.get_by_role("button", name="Chercher dans l’annuaire").click()
    lantier.get_by_role("radio").check()
    page.fill("[name=benefit]", BENEFIT)
    for label in words:
        card = page.locator(".item", has_text=label)
        card.get_by_role("checkbox").check()
        card.locator("textarea").fill(NECESSITY)


def verdict(page: Any) -> str:
    return str(page.locator("#verdict").get_attribute("data-verdict"))


def eventually(page: Any, condition: Callable[[], bool], seconds: float = 8) -> None:
    """Wait for what the page will come to; fail where it does not."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, page.locator("main").inner_text()[-1500:]
        page.wait_for_timeout(50)


def record_agreement(page: Any) -> None:
    """On the page of the person's word, reached by the way out."""
    page.wait_for_url("**/accords/nouveau/**")
    page.check("input[name=categories][value=consigne_pratique]")
    page.locator("input[name=duration]").nth(1).check()
    page.locator("input[name=speaker]").first.check()
    page.check("input[name=form][value=in_person]")
    page.fill("[name=own_words]", "D’accord pour les mardis, pas plus.")
    page.get_by_role("button", name="Enregistrer l’accord").click()
    page.wait_for_url("**/communiquer/*-*/")


def letters(folder: Path, to: str) -> list[Any]:
    """The mail written to somebody, oldest first."""
    found = []
    for path in sorted(folder.glob("*.log")):
        for raw in path.read_bytes().split(b"-" * 79):
            letter = message_from_bytes(raw.strip(), policy=policy.default)
            if to in (letter["To"] or ""):
                found.append(letter)
    return found


def followed(page: Any, *, javascript: bool = True) -> None:
    """To the end of a verification: the page looks again by itself, or by its link where no script runs."""
    page.wait_for_url("**/audit/verification/*-*/")

    def over() -> bool:
        if not javascript and page.get_by_role("link", name="Actualiser").count():
            page.get_by_role("link", name="Actualiser").click()
        return "entrées vérifiées" in page.locator("main").inner_text()

    eventually(page, over, seconds=60)
