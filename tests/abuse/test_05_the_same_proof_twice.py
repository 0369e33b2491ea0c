"""Abuse 5: a proof serves what it was signed for, and an agreement covers exactly what was said, nothing near it."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from audit.models import Entry
from consent import notices, registry, scans
from consent.models import Consent, PersonsWord, Scan
from consent.papers_received import Paper, PaperRefused
from consent.registry import Scope
from partners import clock
from sharing import service
from tests import personas
from tests.personas import Territory
from tests.sharing.ways import draft_of, send

pytestmark = pytest.mark.django_db
SIGNED = Paper(kind=Scan.Kind.PDF, content=b"%PDF-1.7 signed", pages=1, received_digest="5c" * 32)


def agreed(territory: Territory, **changes: Any) -> Consent:
    today = clock.day_of(clock.now())
    scope: dict[str, Any] = {
        "case": territory.case, "recipient": territory.lantier, "purpose": "scolarite",
        "categories": ["consigne_pratique"],
    }  # fmt: skip
    said: dict[str, Any] = {
        "notice": notices.current(notices.AGREEMENT), "valid_until": today, "given_by": territory.mother,
        "collected_on": today, "form": "written", "by": territory.camille,
    }  # fmt: skip
    taken = {name: changes.pop(name) for name in list(changes) if name in scope}
    return registry.give(scope=Scope(**(scope | taken)), **(said | changes))


def of_another_person(territory: Territory) -> dict[str, Any]:
    adult = personas.Person(first_name="Zoé", last_name="Autre", birth_date=personas.born_years_ago(40))
    return {"case": personas.open_case_for(adult, territory.camille), "given_by": None}


def for_another_partner(territory: Territory) -> dict[str, Any]:
    return {"recipient": territory.aubin}


def for_another_purpose(territory: Territory) -> dict[str, Any]:
    return {"purpose": "coord_soins"}


OTHERS: list[Callable[[Territory], dict[str, Any]]] = [of_another_person, for_another_partner, for_another_purpose]


@pytest.mark.parametrize("other", OTHERS)
def test_abuse_05_the_same_paper_is_refused_for_another_person_partner_or_purpose(
    other: Callable[[Territory], dict[str, Any]], territory: Territory
) -> None:
    first = agreed(territory)
    assert first.sitting is not None
    scans.keep(case=territory.case, sitting=first.sitting, paper=SIGNED, by=territory.camille)
    second = agreed(territory, **other(territory))
    assert second.sitting is not None
    assert second.sitting != first.sitting
    with pytest.raises(PaperRefused):
        scans.keep(case=second.case, sitting=second.sitting, paper=SIGNED, by=territory.camille)
    assert Scan.objects.count() == 1
    assert Entry.objects.filter(action="scan.kept").count() == 1


def test_abuse_05_the_conversation_of_a_word_is_the_server_s_never_the_page_s(territory: Territory) -> None:
    first = agreed(territory)
    address = reverse("consent:new", args=[territory.case.reference])
    typed = {
        "speaker": str(territory.mother.pk), "categories": ["consigne_pratique"], "form": "written", "language": "fr",
        "collected_on": clock.day_of(clock.now()).isoformat(), "sitting": str(first.sitting),
        "scan": SimpleUploadedFile("x.pdf", b"%PDF-1.7"),
    }  # fmt: skip
    asked = f"{address}?act=refusal&recipient={territory.aubin.pk}&purpose=scolarite&sitting={first.sitting}"
    assert personas.signed_in(territory.camille).post(asked, typed).status_code == 302
    sittings = [row.sitting for model in PersonsWord.__subclasses__() for row in model._default_manager.all()]
    assert len(sittings) == len(set(sittings)) == 2


@pytest.mark.parametrize(
    "other",
    [for_another_partner, for_another_purpose, lambda _territory: {"categories": ["besoins_scolaires"]}],
)
def test_abuse_05_an_agreement_covers_exactly_its_recipient_its_purpose_and_its_categories(
    other: Callable[[Territory], dict[str, Any]], territory: Territory
) -> None:
    agreed(territory, **other(territory))
    shared = send(draft_of(territory), territory.camille)
    assert shared.disclosure is None
    assert shared.outcome == service.Outcome.REFUSED
    agreed(territory)
    assert send(draft_of(territory), territory.camille).disclosure is not None
