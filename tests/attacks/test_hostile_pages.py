"""The pages of duties, of the texts and of the purpose step: markup, odd searches, what is not one's own, what leaks."""

import logging
import re
import uuid
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from audit.models import Access, Entry
from partners import clock
from sharing import discharge
from sharing.models import Draft, Duty, DutyAct
from tests import personas
from tests.abuse.test_16_markup import CORPUS, is_harmless
from tests.duties.ways import Around, around, concern, conclude, duty_of, ill_treatment
from tests.narrowing.ways import house, lifted, narrowed
from tests.personas import Territory
from tests.sharing.ways import draft_of

pytestmark = pytest.mark.django_db
ODD = [
    "%",
    "%%_",
    "' OR 1=1 --",
    "\x00",
    "a\x00b",
    "\u202eenfant",
    "\ud800",
    "(" * 80,
    "x" * 20_000,
    "ﬁ",
    "İ",
    "\n\r\t",
]
CANARY = "Zorglub"
FEEDBACK = "feedback_within_3_months"


@pytest.fixture
def there(territory: Territory) -> Around:
    return around(territory)


@pytest.mark.parametrize("typed", CORPUS)
def test_a_search_of_the_texts_or_of_a_purpose_is_echoed_as_text(territory: Territory, typed: str) -> None:
    camille = personas.signed_in(territory.camille)
    for name in ("q", "role", "theme", "page"):
        assert is_harmless(camille.get("/regles/", {name: typed}).content.decode())
    assert camille.get(f"/regles/{quote(typed, safe='')}/").status_code == 404
    draft = draft_of(territory)
    page = reverse("sharing:compose", args=[territory.case.reference, draft.pk])
    for name in ("q", "role", "modifier"):
        assert is_harmless(camille.get(page, {name: typed}).content.decode())
    for name in ("pq", "q", "role", "purpose", "recipient", "item", "answer-x", "out", "leave_out"):
        answer = camille.post(page, {name: typed})
        assert answer.status_code in {200, 302}, name
        assert is_harmless(answer.content.decode())


@pytest.mark.parametrize("typed", ODD)
def test_an_odd_search_breaks_nothing(territory: Territory, typed: str) -> None:
    camille = personas.signed_in(territory.camille)
    typed = typed.encode("utf-8", "surrogatepass").decode("utf-8", "replace")
    assert camille.get("/regles/", {"q": typed}).status_code == 200
    draft = draft_of(territory)
    page = reverse("sharing:compose", args=[territory.case.reference, draft.pk])
    for name in ("pq", "q", "role", "purpose"):
        assert camille.post(page, {name: typed}).status_code == 200
    assert Draft.objects.get(pk=draft.pk).purpose in {"scolarite", ""}


def test_what_was_said_of_duties_and_settings_is_shown_as_text(territory: Territory, there: Around) -> None:
    probe = CORPUS[2]
    sent = concern(territory, there.crip)
    review, again = duty_of(sent, "review_after"), duty_of(sent, "reexamine_information")
    feedback = duty_of(sent, "feedback_within_3_months")
    discharge.discharge(duty_id=feedback.pk, how=probe, by=there.crip)
    discharge.reopen(duty_id=feedback.pk, why=probe, by=there.crip)
    conclude(sent, territory.nadia, probe)
    discharge.reopen(duty_id=review.pk, why=probe, by=territory.nadia)
    today = clock.day_of(clock.now())
    discharge.postpone(
        duty_id=again.pk, reason=probe, decided_with=probe[:120], until=today + timedelta(days=3), by=territory.camille
    )
    shown = 0
    duties = [f"/a-faire/{one.pk}/" for one in (review, again, feedback)]
    for who in (territory.camille, territory.nadia, territory.claire, territory.yann, there.crip):
        client = personas.signed_in(who)
        for page in (*duties, f"/controle/apres/{sent.pk}/", "/a-faire/", "/", "/audit/"):
            html = client.get(page).content.decode()
            assert is_harmless(html)
            shown += "x-probe" in html
    assert shown


def test_another_s_draft_takes_no_purpose(territory: Territory) -> None:
    draft = draft_of(territory)
    personas.assign(territory.case, territory.leila, territory.camille)
    page = reverse("sharing:compose", args=[territory.case.reference, draft.pk])
    for who in (territory.leila, territory.nadia, territory.lantier):
        client = personas.signed_in(who)
        for posted in ({"purpose": "acces_droits"}, {"role": "x/acces_droits"}):
            assert client.post(page, posted).status_code == 404
    assert Draft.objects.get(pk=draft.pk).purpose == "scolarite"


def test_a_draft_that_left_takes_no_other_purpose(territory: Territory) -> None:
    from tests.sharing.ways import send

    personas.parents_agree(territory)
    draft = draft_of(territory)
    assert send(draft, territory.camille).disclosure
    page = reverse("sharing:compose", args=[territory.case.reference, draft.pk])
    personas.signed_in(territory.camille).post(page, {"role": "x/acces_droits", "purpose": "acces_droits"})
    assert Draft.objects.get(pk=draft.pk).purpose == "scolarite"


def test_a_duty_that_is_not_hers_is_like_none_in_words_and_in_work(territory: Territory, there: Around) -> None:
    duty = duty_of(concern(territory, there.crip), "review_after")
    for who in (territory.leila, territory.lantier, territory.claire):
        client = personas.signed_in(who)
        answers: list[tuple[str, int]] = []
        for pk in (duty.pk, uuid.uuid4(), duty.pk, uuid.uuid4()):
            with CaptureQueriesContext(connection) as seen:
                answer = client.get(f"/a-faire/{pk}/")
            assert answer.status_code == 404
            posted = client.post(f"/a-faire/{pk}/", {"act": "fait", "how": "x", "done_on": "2026-11-21"})
            assert posted.status_code == 404
            page = re.sub(r'(?<=FToken": ")\w+|(?<=token" value=")\w+', "", answer.content.decode())
            answers.append((page.replace(str(pk), ""), len(seen)))
        assert answers[2] == answers[3]
    assert not DutyAct.objects.exists()
    assert Access.objects.filter(action="duty.opened", granted=False).count() >= 6


@pytest.mark.parametrize(
    "act", ["", "fait", "reporter", "plus-fondee", "reprendre", "<x-probe>", "__class__", "x" * 999]
)
def test_a_button_of_another_kind_of_duty_does_nothing(territory: Territory, there: Around, act: str) -> None:
    duty = duty_of(concern(territory, there.crip), "reexamine_information")
    camille = personas.signed_in(territory.camille)
    typed = {"act": act, "how": "Fait.", "done_on": clock.day_of(clock.now()).isoformat(), "again_in": "400"}
    assert camille.post(f"/a-faire/{duty.pk}/", typed).status_code in {200, 302, 422}
    kinds = set(DutyAct.objects.values_list("kind", flat=True))
    assert kinds <= ({"exception_ended"} if act == "plus-fondee" else set())
    assert state_waits(duty)


def state_waits(duty: Duty) -> bool:
    from sharing.owing import state_of

    return state_of(duty).waiting


def test_a_duty_takes_no_post_without_its_token(territory: Territory, there: Around) -> None:
    duty = duty_of(concern(territory, there.crip), "feedback_within_3_months")
    crip = personas.signed_in(there.crip, Client(enforce_csrf_checks=True))
    typed = {"act": "fait", "how": "Par courrier.", "done_on": clock.day_of(clock.now()).isoformat()}
    assert crip.post(f"/a-faire/{duty.pk}/", typed).status_code == 403
    assert crip.get(f"/a-faire/{duty.pk}/?act=fait&how=x").status_code == 200
    assert not DutyAct.objects.exists()


@pytest.fixture
def lines(caplog: pytest.LogCaptureFixture) -> Iterator[list[str]]:
    caplog.set_level(logging.DEBUG)
    said: list[str] = []
    yield said
    assert not any(CANARY.lower() in one.getMessage().lower() for one in caplog.records)


def test_no_word_of_a_duty_or_a_setting_reaches_a_log_an_address_a_title_a_letter_or_the_trail_s_body(
    territory: Territory, there: Around, lines: list[str]
) -> None:
    sent, told = concern(territory, there.crip), ill_treatment(territory, there.crip)
    today = clock.day_of(clock.now()).isoformat()
    acts = [
        (there.crip, duty_of(sent, FEEDBACK), {"act": "fait", "how": f"{CANARY} vu.", "done_on": today}),
        (there.crip, duty_of(sent, FEEDBACK), {"act": "reprendre", "why": f"{CANARY} mal lu."}),
        (there.crip, duty_of(sent, FEEDBACK), {"act": "fait", "how": CANARY, "done_on": "demain"}),
        (territory.nadia, duty_of(sent, "review_after"), {"act": "fait", "how": CANARY, "done_on": today}),
        (territory.camille, duty_of(told, "inform_after"), {"act": "fait", "how": CANARY, "done_on": today}),
        (
            territory.camille,
            duty_of(sent, "reexamine_information"),
            {"act": "reporter", "reason": CANARY, "decided_with": "Nadia", "again_in": "3"},
        ),
    ]
    for who, duty, posted in acts:
        client = personas.signed_in(who)
        answer = client.post(f"/a-faire/{duty.pk}/", posted)
        lines.append(answer.headers.get("Location", ""))
        for page in (f"/a-faire/{duty.pk}/", "/a-faire/", "/"):
            html = client.get(page).content.decode()
            lines += re.findall(r"<title>(.*?)</title>", html, re.DOTALL)
            lines += re.findall(r"(?:href|action|hx-get|hx-post)=\"([^\"]*)\"", html)
            assert personas.CHILD_LAST_NAME not in "".join(re.findall(r"<title>(.*?)</title>", html, re.DOTALL))
    eyes = house(territory)
    lifted(narrowed(territory.house, eyes), eyes)
    said: list[Any] = [*lines, *(str(one.message()) for one in mail.outbox)]
    said += [bytes(one.body).decode() for one in Entry.objects.all()]
    assert DutyAct.objects.count() == 3
    assert not [one for one in said if CANARY.lower() in one.lower()]
