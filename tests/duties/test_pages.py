"""What each owner sees and presses: her list, a duty, the home, the case, what was sent and received."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from consent.models import PriorInformation
from partners import clock
from partners.clock import day_of
from sharing import discharge
from sharing.models import Disclosure, DutyAct
from sharing.owing import state_of
from tests import personas
from tests.duties.ways import Around, around, concern, conclude, duty_of, ill_treatment
from tests.personas import Territory

pytestmark = pytest.mark.django_db


@pytest.fixture
def there(territory: Territory) -> Around:
    return around(territory)


@pytest.fixture
def sent(territory: Territory, there: Around) -> Disclosure:
    return concern(territory, there.crip, timedelta(days=3, hours=1))


def text(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status
    return re.sub(r"\s+", " ", answer.content.decode())


def test_the_list_says_what_is_late_soon_later_and_done(territory: Territory, there: Around, sent: Disclosure) -> None:
    camille, nadia, crip = (personas.signed_in(one) for one in (territory.camille, territory.nadia, there.crip))
    hers = text(camille, "/a-faire/")
    assert "En retard" in hers  # why she was not told is not written yet
    assert "dans 12 jours" in hers or "dans 11 jours" in hers  # the re-examination
    assert "Plus tard" in hers
    assert f"Situation {territory.case.reference}" in hers
    assert sent.reference in hers
    assert territory.child.last_name not in hers
    assert "en retard" in text(nadia, "/a-faire/")  # to be reviewed within 72 hours
    assert "Dire à l’auteur quelle suite a été donnée" in text(crip, "/a-faire/")
    conclude(sent, territory.nadia)
    assert "Fait ces trente derniers jours" in text(nadia, "/a-faire/")


def test_who_owes_nothing_is_told_so(territory: Territory, sent: Disclosure) -> None:
    assert "Rien à faire" in text(personas.signed_in(territory.perrin), "/a-faire/")
    assert "Ce que les communications vous demandent" not in text(personas.signed_in(territory.perrin), "/")


def test_the_home_shows_the_nearest_first_and_counts(territory: Territory, there: Around, sent: Disclosure) -> None:
    ill_treatment(territory, there.crip)
    home = text(personas.signed_in(territory.camille), "/")
    assert "3 choses à faire" in home
    assert "1 en retard" in home
    late, told, again = (
        home.index(words)
        for words in ("Dire par écrit quel risque", "Informer la personne de ce qui a été dit", "Réexaminer : informer")
    )
    assert late < told < again
    assert "1 chose à faire" in text(personas.signed_in(there.crip), "/")


def test_the_case_shows_every_duty_whoever_owes_it(territory: Territory, sent: Disclosure) -> None:
    page = text(personas.signed_in(territory.camille), f"/situations/{territory.case.reference}/")
    for words in ("Réexaminer", "Revient à : qui donne un avis", "Revient à : Mme Marchand", "en retard"):
        assert words in page
    conclude(sent, territory.nadia)
    assert "1 obligation remplie" in text(
        personas.signed_in(territory.camille), f"/situations/{territory.case.reference}/"
    )


def test_an_examination_is_led_to_from_its_duty_and_is_never_declared_there(
    territory: Territory, sent: Disclosure
) -> None:
    nadia = personas.signed_in(territory.nadia)
    address = f"/a-faire/{duty_of(sent, 'review_after').pk}/"
    page = text(nadia, address)
    assert f'href="/controle/apres/{sent.pk}/">Examiner et conclure</a>' in page
    assert 'value="fait"' not in page
    typed = {"act": "fait", "how": "Vu.", "done_on": day_of(clock.now()).isoformat()}
    assert "Cela ne se fait pas ainsi" in nadia.post(address, typed, follow=True).content.decode()
    assert not DutyAct.objects.exists()
    conclude(sent, territory.nadia)
    done = text(nadia, address)
    assert "par une conclusion écrite" in done
    assert "Examiner et conclure" not in done


def test_who_tends_the_directory_concludes_where_nobody_else_may(territory: Territory, sent: Disclosure) -> None:
    """The duty falls to her then: its page leads somewhere, and she is back at what she has to do."""
    tender = personas.tends_the_directory(territory, territory.house)
    assert personas.signed_in(tender).get(f"/controle/apres/{sent.pk}/").status_code == 404
    personas.end_post(territory.nadia)
    client = personas.signed_in(tender)
    assert f"/controle/apres/{sent.pk}/" in text(client, f"/a-faire/{duty_of(sent, 'review_after').pk}/")
    page = text(client, f"/controle/apres/{sent.pk}/")
    assert 'href="/controle/apres/"' not in page
    posted = {"kind": "justified", "reason": "Nécessaire.", "seen": "0"}
    answer = client.post(f"/controle/apres/{sent.pk}/", posted)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/a-faire/")
    assert not state_of(duty_of(sent, "review_after")).waiting


def test_a_duty_is_declared_done_on_its_page(there: Around, sent: Disclosure) -> None:
    crip = personas.signed_in(there.crip)
    address = f"/a-faire/{duty_of(sent, 'feedback_within_3_months').pk}/"
    assert "Comment le retour a-t-il été fait" in text(crip, address)
    today = day_of(clock.now()).isoformat()
    wrong = crip.post(address, {"act": "fait", "how": "", "done_on": today})
    assert wrong.status_code == 422
    assert "Dites en quelques mots" in wrong.content.decode()
    kept = crip.post(address, {"act": "fait", "how": "Rien à redire.", "done_on": "2099-01-01"})
    assert kept.status_code == 422
    assert "Rien à redire." in kept.content.decode()
    answer = crip.post(address, {"act": "fait", "how": "Rien à redire.", "done_on": today}, follow=True)
    assert "C’est fait, et enregistré" in answer.content.decode()
    assert DutyAct.objects.get().how == "Rien à redire."


def test_the_second_to_press_is_told_who_was_first(there: Around, sent: Disclosure) -> None:
    crip = personas.signed_in(there.crip)
    duty = duty_of(sent, "feedback_within_3_months")
    discharge.discharge(duty_id=duty.pk, how="Vu.", by=there.crip)
    answer = crip.post(
        f"/a-faire/{duty.pk}/",
        {"act": "fait", "how": "Encore.", "done_on": day_of(clock.now()).isoformat()},
        follow=True,
    )
    assert "Irène Marchand l’a déclaré" in answer.content.decode()
    assert DutyAct.objects.count() == 1


def test_a_wrong_declaration_is_taken_up_again_on_the_page(
    territory: Territory, there: Around, sent: Disclosure
) -> None:
    crip = personas.signed_in(there.crip)
    duty = duty_of(sent, "feedback_within_3_months")
    discharge.discharge(duty_id=duty.pk, how="Par courrier.", by=there.crip)
    address = f"/a-faire/{duty.pk}/"
    assert "Ce n’était pas fait, ou mal" in text(crip, address)
    assert crip.post(address, {"act": "reprendre", "why": ""}).status_code == 422
    crip.post(address, {"act": "reprendre", "why": "Le courrier est revenu."})
    page = text(crip, address)
    assert "Le courrier est revenu." in page
    assert "Par courrier." in page
    assert state_of(duty).waiting


def test_the_re_examination_offers_its_three_outcomes(territory: Territory, sent: Disclosure) -> None:
    camille = personas.signed_in(territory.camille)
    duty = duty_of(sent, "reexamine_information")
    address = f"/a-faire/{duty.pk}/"
    page = text(camille, address)
    for words in ("Informer maintenant", "Attendre encore", "Rien ne justifie plus d’attendre"):
        assert words in page
    assert "C’est fait</button>" not in page
    lacking = camille.post(address, {"act": "reporter", "reason": "Des pressions sur l’enfant."})
    assert lacking.status_code == 422
    assert "Des pressions sur l’enfant." in lacking.content.decode()
    camille.post(
        address,
        {
            "act": "reporter",
            "reason": "Des pressions sur l’enfant.",
            "decided_with": "Mme Benali",
            "again_in": "7",
        },
    )
    assert PriorInformation.objects.get().exception_reason == "Des pressions sur l’enfant."
    assert "Des pressions sur l’enfant." in text(camille, address)
    camille.post(address, {"act": "plus-fondee"})
    ended = text(camille, address)
    assert "informer sans attendre" in ended
    assert "Rien ne justifie plus d’attendre" not in ended
    assert state_of(duty).waiting


def test_the_way_to_inform_leads_to_the_page_of_her_word_and_back(territory: Territory, sent: Disclosure) -> None:
    camille = personas.signed_in(territory.camille)
    address = f"/a-faire/{duty_of(sent, 'reexamine_information').pk}/"
    link = re.search(r'href="(/situations/[^"]*accords/nouveau/[^"]*)"', camille.get(address).content.decode())
    assert link is not None
    where = link[1].replace("&amp;", "&")
    posted = {
        "speaker": str(territory.mother.pk),
        "categories": ["consigne_pratique"],
        "collected_on": day_of(clock.now()).isoformat(),
        "form": "in_person",
        "language": "fr",
    }
    page = camille.get(where)
    assert page.status_code == 200
    speaker = re.search(rf'value="([^"]*{territory.mother.pk}[^"]*)"', page.content.decode())
    posted["speaker"] = speaker[1] if speaker else posted["speaker"]
    answer = camille.post(where, posted)
    assert answer.status_code == 302, answer.content.decode()[:2000]
    assert answer.headers["Location"] == address
    assert state_of(duty_of(sent, "reexamine_information")).done_by == "information"


def test_the_head_of_the_team_is_asked_to_hand_over_what_nobody_follows(territory: Territory, sent: Disclosure) -> None:
    from cases import access
    from cases.models import Assignment

    mine = Assignment.objects.get(case=territory.case, membership=territory.camille)
    access.end_assignment(assignment=mine, reason="Mutation", by=territory.nadia)
    nadia = personas.signed_in(territory.nadia)
    page = text(nadia, f"/a-faire/{duty_of(sent, 'reexamine_information').pk}/")
    assert "Personne ne suit plus cette situation" in page
    assert "Attendre encore" not in page
    assert territory.child.short_name not in page


def test_who_receives_sees_what_she_owes_on_what_she_received(there: Around, sent: Disclosure) -> None:
    crip = personas.signed_in(there.crip)
    address = f"/recu/{sent.pk}/"
    assert "Ce que vous devez en retour" in text(crip, address)
    read = crip.post(address).content.decode()
    assert "Ce que vous devez en retour" in read
    assert "au plus tard le" in read


def test_who_sent_reads_what_goes_with_it_and_who_owes_it(territory: Territory, sent: Disclosure) -> None:
    page = text(personas.signed_in(territory.camille), f"/communications/{sent.pk}/")
    assert "Ce qui va avec" in page
    assert "Revient à : Mme Marchand" in page


def test_opening_a_duty_is_noted_and_so_is_a_refusal(territory: Territory, sent: Disclosure) -> None:
    from audit.models import Access

    address = f"/a-faire/{duty_of(sent, 'review_after').pk}/"
    personas.signed_in(territory.nadia).get(address)
    personas.signed_in(territory.leila).get(address)
    noted = Access.objects.filter(action="duty.opened").order_by("pk").values_list("membership_ref", "granted")
    assert list(noted) == [(territory.nadia.pk, True), (territory.leila.pk, False)]


def test_more_duties_cost_no_more_statements(territory: Territory, there: Around, sent: Disclosure) -> None:
    camille = personas.signed_in(territory.camille)
    camille.get("/a-faire/")

    def statements() -> int:
        with CaptureQueriesContext(connection) as seen:
            camille.get("/a-faire/")
        return len(seen)

    before = statements()
    for _ in range(3):
        ill_treatment(territory, there.crip)
    assert statements() == before
