"""The guided visit: each step is a real act, read from the real rows; begun, left, taken up, begun again, two at once."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from audit import verification
from audit.models import Entry
from cases.models import Assignment, Case
from config import demo_visit
from partners.models import Professional
from sharing.demo import visit as way
from sharing.demo.visit_steps import steps
from sharing.models import DecisionRecord, Disclosure
from tests.architecture import source
from tests.demo.visiting import ENTER, VISIT, Visitor, accesses

pytestmark = pytest.mark.usefixtures("undone", "as_demonstration")
ORDER = (way.CAMILLE, way.CAMILLE, way.CAMILLE, way.LANTIER, way.NADIA, way.YANN)


@pytest.fixture
def one() -> Visitor:
    return Visitor()


def somebody(email: str) -> Professional:
    return Professional.objects.get(email=email)


def test_a_visit_begins_from_the_sign_in_page_in_one_press(one: Visitor) -> None:
    assert "Suivre la visite guidée (3 minutes)" in one.get("/connexion/").text
    one.press("begin")
    assert one.page.status_code == 200
    assert re.fullmatch(r"/situations/[\d-]+/communiquer/[0-9a-f-]{36}/", one.address)
    assert one.bar.you == "Camille Roussel"
    assert (one.tour.number, one.tour.hers) == (1, True)
    assert one.tour.spot is not None
    assert "Pas en l’état" in one.text


def test_every_step_is_done_by_the_real_act_of_its_person_on_the_real_page(one: Visitor) -> None:
    one.press("begin")
    for number, email in enumerate(ORDER, start=1):
        assert (one.tour.number, one.tour.step.email) == (number, email)
        if not one.tour.hers:
            assert f"Continuer comme {one.tour.name}" in one.text
            one.press("continue")
        assert one.tour.hers
        assert one.tour.spot is not None, f"step {number} lands at {one.address}, where there is nothing to do"
        assert one.tour.spot.do in one.page.content.decode()
        assert one.visit.done == number - 1
        one.do(number)
        assert one.visit.done == number, (number, one.address)
    assert one.tour.over
    assert "Visite terminée" in one.text


def test_the_refusal_is_kept_with_its_reasons_and_nothing_left(one: Visitor) -> None:
    one.press("begin").do(1)
    assert one.page.status_code == 409
    record = DecisionRecord.objects.get(case=one.visit.case)
    assert (record.verdict, record.purpose) == ("deny", "scolarite")
    assert not Disclosure.objects.filter(case=one.visit.case).exists()
    assert any(spot.anchor == "verdict" and spot.is_at(one.address) for spot in one.tour.step.spots)


def test_only_the_absences_leave(one: Visitor) -> None:
    one.press("begin").do(1).do(2).do(3)
    sent = one.visit.disclosure
    assert sent is not None
    one.press("continue").post(f"/recu/{sent.pk}/")
    assert "rendez-vous réguliers" in one.text
    assert "trouble du langage" not in one.text
    assert "pas pourquoi" not in one.text
    assert one.tour.spot is not None
    assert "Accuser réception" in one.tour.spot.do


def test_the_proof_is_the_trail_of_this_very_visit(one: Visitor) -> None:
    one.press("begin")
    other = Visitor().press("begin").do(1)
    for number in range(1, 6):
        one.do(number)
        if not one.tour.hers:
            one.press("continue")
    assert one.bar.you == "Yann Le Goff"
    shown = [line.entry for line in one.page.context["lines"]]
    assert {entry.case_ref for entry in shown} == {one.visit.case.pk}
    assert len(shown) == Entry.objects.filter(case_ref=one.visit.case.pk).count()
    told = [entry.action for entry in reversed(shown)]
    way_of_it = ("disclosure.refused", "consent.given", "disclosure.released", "disclosure.opened")
    assert [told.index(action) for action in way_of_it] == sorted(told.index(action) for action in way_of_it)
    assert told[-1] == "consent.withdrawn"
    family = one.visit.case.person.last_name
    assert family not in one.text
    assert one.visit.done == 5
    one.do(6)
    assert one.page.context["job"].asked_by is not None
    assert verification.verify().holds
    assert one.visit.done == 6
    assert other.visit.done == 1


def test_what_she_read_is_closed_when_the_agreement_is_taken_back(one: Visitor) -> None:
    one.press("begin")
    for number in range(1, 6):
        one.do(number)
        one.press("continue")
    sent = one.visit.disclosure
    assert sent is not None
    one.post(ENTER, email=way.LANTIER, next=f"/recu/{sent.pk}/")
    assert "rendez-vous réguliers" not in one.text
    assert "retiré" in one.text


def test_two_visitors_at_once_do_not_disturb_one_another(one: Visitor) -> None:
    other = Visitor().press("begin")
    one.press("begin").do(1)
    assert one.visit.case.pk != other.visit.case.pk
    assert one.visit.case.person_id != other.visit.case.person_id
    other.do(1).do(2)
    assert (one.visit.done, other.visit.done) == (1, 2)
    one.get("/")
    assert one.tour.number == 2


def test_verifying_before_having_read_one_s_own_acts_proves_nothing(one: Visitor) -> None:
    one.press("begin").post(ENTER, email=way.YANN, next="/audit/")
    one.post("/audit/verification/")
    assert not one.visit.verified


def test_it_is_left_and_taken_up_where_it_was(one: Visitor) -> None:
    one.press("begin").do(1)
    one.press("leave", next="/annuaire/")
    assert one.address == "/annuaire/"
    assert one.tour.paused
    assert "Reprendre la visite guidée (étape 2 sur 6)" in one.text
    assert "data-step" not in one.text
    one.press("continue")
    assert (one.tour.number, one.tour.paused) == (2, False)
    assert one.tour.spot is not None


def test_it_is_taken_up_from_the_sign_in_page(one: Visitor) -> None:
    one.press("begin").do(1).do(2).do(3)
    one.post("/deconnexion/")
    assert one.address == "/connexion/"
    assert "Continuer comme Mme Lantier" in one.text
    one.press("continue")
    assert one.bar.you == "Mme Lantier"
    assert one.page.context["acting"].role == "directeur_ecole"


def test_begun_again_it_has_another_child_and_nobody_follows_the_first(one: Visitor) -> None:
    first = one.press("begin").do(1).visit.case
    one.press("begin")
    assert one.visit.case.pk != first.pk
    assert one.visit.done == 0
    assert not Assignment.objects.in_force().filter(case=first).exists()
    assert way.read(first.pk) is None
    assert not Case.objects.visible_to(way.cast().camille).filter(pk=first.pk).exists()


def test_a_draft_given_up_is_written_again(one: Visitor) -> None:
    one.press("begin")
    gone = one.visit.draft
    assert gone is not None
    one.post(f"/situations/{gone.case.reference}/communiquer/{gone.pk}/abandonner/")
    assert one.tour.spot is None
    assert "Aller à la page de cette étape" in one.text
    one.press("continue")
    assert one.visit.draft not in {None, gone}
    assert one.tour.spot is not None


def test_away_from_the_page_of_the_step_one_is_led_back_to_it(one: Visitor) -> None:
    one.press("begin").get("/annuaire/")
    assert one.tour.hers
    assert one.tour.spot is None
    one.press("continue")
    assert one.tour.spot is not None


def test_a_step_passed_over_is_not_waited_for(one: Visitor) -> None:
    """The agreement recorded without having asked for the decision: one goes on from there."""
    one.press("begin").do(2)
    assert one.visit.done == 2
    assert not one.visit.refused


def test_the_visits_of_other_days_leave_the_caseload(one: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    old = one.press("begin").visit.case
    monkeypatch.setattr(way, "KEPT", -way.KEPT)
    Visitor().press("begin")
    assert way.read(old.pk) is None
    assert one.get("/").bar.tour is None
    assert one.press("continue").address == VISIT
    assert not one.client.cookies[demo_visit.COOKIE].value


def test_a_cookie_that_was_not_signed_here_is_no_visit(one: Visitor) -> None:
    case = Case.objects.values_list("pk", flat=True)[0]
    for value in (str(case), f"{case}:1abc:xyz", "", "x" * 5000):
        one.client.cookies[demo_visit.COOKIE] = value
        assert one.get("/connexion/").bar.tour is None


def test_a_case_that_is_no_visit_is_never_one(one: Visitor) -> None:
    assert not [case for case in Case.objects.values_list("pk", flat=True)[:20] if way.read(case)]


def test_the_trail_holds_after_a_visit(one: Visitor) -> None:
    one.press("begin").do(1).do(2).do(3)
    assert verification.verify().holds


def test_one_goes_on_as_another_on_the_same_page(one: Visitor) -> None:
    one.post(ENTER, email=way.CAMILLE, next="/annuaire/")
    key = one.client.session.session_key
    assert len(one.bar.others) == 6
    one.post(ENTER, email=way.NADIA, next=one.bar.here)
    assert (one.address, one.bar.you) == ("/annuaire/", "Nadia Benali")
    assert one.client.session.session_key != key
    assert accesses("session.closed")[-1] == somebody(way.CAMILLE).pk
    assert accesses("session.opened")[-1] == somebody(way.NADIA).pk


def test_where_the_page_is_not_hers_she_lands_at_home_and_is_told(one: Visitor) -> None:
    one.press("begin").do(1)
    page = one.bar.here
    one.post(ENTER, email="paul.perrin@jean-mace.example", next=page)
    assert one.address == "/"
    assert "n’est pas ouverte à M. Perrin : vous voici à son accueil" in one.text.replace("\u00a0", " ")
    assert one.get(page).page.status_code == 404, "asked for by herself, it is the page that does not exist"


def test_the_relief_opens_the_page_that_the_school_may_not(one: Visitor) -> None:
    one.press("begin")
    case = f"/situations/{one.visit.case.reference}/"
    assert one.post(ENTER, email=way.NADIA, next=case).address == case
    assert one.post(ENTER, email=way.LANTIER, next=case).address == "/"


def test_what_takes_a_post_only_is_no_page_to_land_on(one: Visitor) -> None:
    assert one.post(ENTER, email=way.CAMILLE, next="/session/prolonger/").address == "/"


def test_nobody_lands_elsewhere_than_in_the_house(one: Visitor) -> None:
    for action in ("leave", "begin"):
        answer = Client().post(VISIT, {"action": action, "next": "https://evil.example/"})
        assert answer.status_code == 302
        assert "evil" not in answer.headers["Location"]
    assert one.post(ENTER, email=way.CAMILLE, next="https://evil.example/").address == "/"


def test_an_unknown_gesture_is_a_page_that_does_not_exist(one: Visitor) -> None:
    assert one.press("erase").page.status_code == 404
    assert one.post(ENTER, email="nobody@vallieres.example").page.status_code == 404


def test_without_the_territory_there_is_nothing_to_visit(one: Visitor) -> None:
    Professional.objects.filter(email=way.NADIA).update(email="elsewhere@vallieres.example")
    assert one.press("begin").page.status_code == 404


def test_the_page_of_the_visit_says_the_six_steps_before_anybody_signs_in(one: Visitor) -> None:
    one.get(VISIT)
    for step in steps():
        assert step.sees in one.page.content.decode()
    assert "Mme Lantier" in one.text


def test_each_step_says_who_what_why_and_where_in_few_words() -> None:
    for step in steps():
        assert step.who.startswith("Vous êtes")
        assert step.sees.count(".") == 1
        assert len(step.sees.split()) <= 24


def test_it_does_not_exist_outside_the_demonstration(one: Visitor, settings: Any) -> None:
    settings.DEMO = False
    assert one.get(VISIT).page.status_code == 404
    assert one.press("begin").page.status_code == 404
    page = one.get("/connexion/")
    assert "demo_bar" not in page.page.context
    assert "demo.css" not in page.text
    assert "visite" not in page.text


def test_nothing_of_the_demonstration_is_imported_elsewhere() -> None:
    """`config.urls` opens its doors, `config.prepare` loads it and prints its accounts; the rest of it is its own."""
    allowed = {"config/urls.py", "config/prepare.py"}
    found = [
        f"{source.named(path)}:{line} {name}"
        for path in source.app_files()
        if not Path(source.named(path)).name.startswith(("demo_", "load_demo"))
        and not source.named(path).startswith("sharing/demo/")
        and source.named(path) not in allowed
        for line, name in source.imports_of(path)
        if name.startswith(("sharing.demo", "config.demo_"))
    ]
    assert not found, found
