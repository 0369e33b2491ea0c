"""The pages of her rights: asked, answered, limited, lifted; what is missing is asked for, and nothing typed is lost."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from cases import access, rights
from cases.models import Assignment, Limitation, Rectification
from partners import clock
from sharing.daily import sections
from sharing.daily.reminders import due, remind
from sharing.models import Disclosure, Outbox
from tests import personas
from tests.personas import Territory
from tests.receiving.test_reading_pages import text_of
from tests.rights.ways import CORRECTED, WRONG, asks, limits, sent
from tests.sharing.test_compose_pages import token_of
from tests.sharing.ways import draft_of

pytestmark = pytest.mark.django_db
SignIn = Callable[[str], Client]


def of_item(territory: Territory, door: str) -> str:
    return reverse(f"sharing:{door}", args=[territory.case.reference, territory.absences.pk])


def test_she_asks_in_her_words_and_the_item_shows_the_clock_then_the_answer(
    territory: Territory, sign_in: SignIn
) -> None:
    sent(territory)
    camille = sign_in("camille")
    page = of_item(territory, "rectify")
    missing = camille.post(page, {"text": WRONG})
    assert missing.status_code == 422
    assert WRONG in text_of(missing)
    assert "Dites qui le demande" in text_of(missing)
    assert camille.post(page, {"asker": str(territory.mother.pk), "text": WRONG}).status_code == 302
    asked = Rectification.objects.get()
    assert asked.asked_by == territory.mother
    item = reverse("cases:item", args=[territory.case.reference, territory.absences.pk])
    assert "réponse au plus tard le" in text_of(camille.get(item))
    assert "Mme Inès Bertin (mère)" in text_of(camille.get(item))
    answer = reverse("sharing:rectification", args=[territory.case.reference, asked.pk])
    shown = text_of(camille.get(answer))
    assert WRONG in shown
    assert "absent le mardi" in shown
    assert "serait prévenu d’une rectification" in shown
    empty = camille.post(answer, {"text": CORRECTED})
    assert empty.status_code == 422
    assert CORRECTED in text_of(empty)
    done = camille.post(answer, {"answer": "accept", "text": CORRECTED}, follow=True)
    assert "Le destinataire de la communication en est prévenu" in text_of(done)
    assert CORRECTED in text_of(camille.get(item))
    assert "Rectifiée" in text_of(camille.get(reverse("sharing:case", args=[territory.case.reference])))
    again = camille.post(answer, {"answer": "refuse", "text": "Non."}, follow=True)
    assert "Une réponse a déjà été donnée" in text_of(again)


def test_a_refusal_says_where_to_complain_and_a_colleague_does_not_answer(
    territory: Territory, sign_in: SignIn
) -> None:
    asked = asks(territory)
    answer = reverse("sharing:rectification", args=[territory.case.reference, asked.pk])
    personas.assign(territory.case, territory.leila, territory.nadia)
    leila = sign_in("leila")
    assert "La réponse revient à Camille Roussel" in text_of(leila.get(answer))
    refused = leila.post(answer, {"answer": "accept", "text": CORRECTED})
    assert refused.status_code == 422
    assert "La réponse revient à qui a écrit" in text_of(refused)
    done = sign_in("camille").post(answer, {"answer": "refuse", "text": "Constaté trois fois."}, follow=True)
    assert "saisir la CNIL" in text_of(done)


def test_the_month_shows_on_the_first_page_and_is_reminded_then_late(territory: Territory) -> None:
    now = clock.now()
    asks(territory, at=now - timedelta(days=26))

    def section(at_days: int) -> tuple[int, int]:
        found = [
            one for one in sections.of(territory.camille, now + timedelta(days=at_days)) if one.name == "rectifications"
        ]
        return found[0].count, found[0].late

    assert section(0) == (1, 0)
    assert section(10) == (1, 1)
    assert [one.kind for one in due(now)] == ["rectification_waiting"]
    remind(now)
    remind(now + timedelta(days=10))
    assert remind(now + timedelta(days=11)) == 0
    assert Outbox.objects.filter(kind="rectification_waiting", recipient=territory.camille).count() == 2


def test_once_its_author_is_gone_the_team_lead_is_told_and_led_to_who_follows(
    territory: Territory, sign_in: SignIn
) -> None:
    personas.assign(territory.case, territory.leila, territory.nadia)
    asks(territory)
    access.end_assignment(
        assignment=Assignment.objects.get(case=territory.case, membership=territory.camille),
        reason="Elle part",
        by=territory.nadia,
    )
    assert not rights.waiting_for(territory.camille).exists()
    (line,) = next(one for one in sections.of(territory.nadia, clock.now()) if one.name == "rectifications").lines
    assert line.url == reverse("cases:assignments", args=[territory.case.reference])
    assert (
        sign_in("nadia")
        .get(reverse("sharing:rectification", args=[territory.case.reference, Rectification.objects.get().pk]))
        .status_code
        == 404
    )
    personas.assign(territory.case, territory.nadia, territory.nadia)
    (line,) = next(one for one in sections.of(territory.nadia, clock.now()) if one.name == "rectifications").lines
    assert "/rectifications/" in line.url


def test_sharing_is_limited_and_the_item_the_case_and_the_draft_say_so(territory: Territory, sign_in: SignIn) -> None:
    disclosure = sent(territory)
    camille = sign_in("camille")
    page = of_item(territory, "limit_item")
    assert disclosure.recipient_label in text_of(camille.get(page))
    missing = camille.post(page, {"text": "Tant que ce n’est pas vérifié."})
    assert missing.status_code == 422
    assert "Tant que ce n’est pas vérifié." in text_of(missing)
    done = camille.post(page, {"asker": "herself", "ground": "claim", "text": ""}, follow=True)
    assert done.status_code == 200
    one = Limitation.objects.get()
    assert (one.item, one.asked_by) == (territory.absences, None)
    draft = draft_of(territory)
    for address in (
        reverse("cases:item", args=[territory.case.reference, territory.absences.pk]),
        reverse("sharing:case", args=[territory.case.reference]),
        reverse("sharing:compose", args=[territory.case.reference, draft.pk]),
    ):
        assert "Partage limité depuis le" in text_of(camille.get(address)), address
    assert "Le partage de cette information est limité" in text_of(
        camille.get(reverse("sharing:check", args=[territory.case.reference, draft.pk]))
    )
    assert camille.get(page).status_code == 302
    assert "Limiter le partage de toute la situation" in text_of(
        camille.get(reverse("sharing:limit_case", args=[territory.case.reference]))
    )


def test_a_limitation_is_lifted_once_she_was_told(territory: Territory, sign_in: SignIn) -> None:
    one = limits(territory)
    camille = sign_in("camille")
    page = reverse("sharing:limitation", args=[territory.case.reference, one.pk])
    today = clock.day_of(clock.now())
    for told, why in (
        ("", "Dites quel jour"),
        ((today + timedelta(days=1)).isoformat(), "pas encore venu"),
        ((today - timedelta(days=9)).isoformat(), "n’existait pas encore"),
    ):
        answer = camille.post(page, {"person_told_on": told, "reason": "Vérifié avec elle."})
        assert answer.status_code == 422
        assert why in text_of(answer)
        assert "Vérifié avec elle." in text_of(answer)
    typed = {"person_told_on": today.isoformat(), "reason": "Vérifié avec elle."}
    assert camille.post(page, typed).status_code == 302
    assert "levée le" in text_of(camille.get(page))
    assert "déjà levée" in text_of(camille.post(page, typed, follow=True))
    assert not rights.standing(territory.case.pk).exists()


def test_markup_in_her_words_stays_text(territory: Territory, sign_in: SignIn) -> None:
    camille = sign_in("camille")
    camille.post(of_item(territory, "rectify"), {"asker": "herself", "text": "<script>alert(1)</script>"})
    asked = Rectification.objects.get()
    shown = camille.get(reverse("sharing:rectification", args=[territory.case.reference, asked.pk])).content.decode()
    assert "<script>alert(1)" not in shown


def test_abuse_07_limited_between_the_check_and_the_click_answers_409_with_nothing_sent(
    territory: Territory, sign_in: SignIn
) -> None:
    personas.parents_agree(territory)
    draft = draft_of(territory)
    camille = sign_in("camille")
    check = reverse("sharing:check", args=[territory.case.reference, draft.pk])
    seen = token_of(camille.get(check).content.decode())
    camille.post(
        reverse("sharing:limit_case", args=[territory.case.reference]), {"asker": "herself", "ground": "claim"}
    )
    answer = camille.post(check, {"seen": seen})
    assert answer.status_code == 409
    assert "La situation a changé depuis votre vérification" in text_of(answer)
    assert not Disclosure.objects.exists()
