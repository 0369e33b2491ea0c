"""The composition, the live verdict, the check page and the confirmation, through the doors that users take."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.html import escape

from audit.models import Entry
from cases import opening
from partners import clock
from partners.vocabulary import vocabulary
from sharing import aims, composing, withdrawal
from sharing.helping import looking
from sharing.models import Disclosure, Draft, DraftItem
from tests import personas
from tests.personas import Territory
from tests.sharing.ways import BENEFIT, NECESSITY, draft_of

pytestmark = pytest.mark.django_db


def url(name: str, draft: Draft) -> str:
    return reverse(f"sharing:{name}", args=[draft.case.reference, draft.pk])


def filled(territory: Territory, **changes: Any) -> dict[str, Any]:
    """What the page posts when everything is said about the absences."""
    return {
        "purpose": "scolarite",
        "recipient": str(territory.lantier.pk),
        "benefit": BENEFIT,
        "item": [str(territory.absences.pk)],
        f"necessity-{territory.absences.pk}": NECESSITY,
        **changes,
    }


def token_of(page: str) -> str:
    found = re.search(r'name="seen" value="([^"]+)"', page)
    assert found is not None
    return found[1]


@pytest.fixture
def camille_at_work(sign_in: Callable[[str], Client]) -> Client:
    return sign_in("camille")


def test_a_double_click_on_communicate_begins_one_draft(territory: Territory, camille_at_work: Client) -> None:
    start = reverse("sharing:start", args=[territory.case.reference])
    first, second = camille_at_work.post(start), camille_at_work.post(start)
    assert first.url == second.url  # type: ignore[attr-defined]
    assert Draft.objects.count() == 1


def test_the_live_verdict_keeps_what_is_typed_and_always_answers_200(
    territory: Territory, camille_at_work: Client
) -> None:
    draft = composing.start(case=territory.case, by=territory.camille)
    for posted in ({}, {"purpose": "scolarite"}, filled(territory), {"purpose": "n’importe quoi", "item": "pas un id"}):
        answer = camille_at_work.post(url("verdict", draft), posted, headers={"hx-request": "true"})
        assert answer.status_code == 200
        assert 'id="verdict"' in answer.content.decode()
    draft.refresh_from_db()
    assert draft.saved_at > draft.started_at


def test_the_verdict_turns_when_the_agreement_is_recorded_and_turns_back_when_it_is_withdrawn(
    territory: Territory, camille_at_work: Client
) -> None:
    draft = composing.start(case=territory.case, by=territory.camille)

    def state() -> str:
        page = camille_at_work.post(url("verdict", draft), filled(territory)).content.decode()
        found = re.search(r'data-verdict="(\w+)"', page)
        assert found is not None
        return found[1]

    assert state() == "deny"
    consent = personas.parents_agree(territory)
    assert state() == "allow"
    withdrawal.withdraw(consent=consent, form="in_person", own_words="", by=territory.camille)
    assert state() == "deny"


def test_the_refusal_shows_the_ways_out_before_the_reasons(territory: Territory, camille_at_work: Client) -> None:
    draft = draft_of(territory, items=[territory.absences, territory.language])
    page = camille_at_work.get(url("compose", draft)).content.decode()
    assert "Recueillir l’accord des parents" in page
    assert "Laisser « Bilan de langage » de côté" in page.replace("\u00a0", " ")
    assert page.index("Ce qui le rendrait possible") < page.index("Pourquoi</summary>")


def test_purposes_are_chosen_in_the_first_person_the_usual_ones_first(
    territory: Territory, camille_at_work: Client
) -> None:
    draft = composing.start(case=territory.case, by=territory.camille)
    page = camille_at_work.get(url("compose", draft)).content.decode()
    usual = composing.usual_purposes(draft=draft, by=territory.camille)
    words = vocabulary().purposes
    assert 1 <= len(usual) <= composing.USUAL_PURPOSES
    assert set(usual) <= aims.open_purposes(
        territory.camille.role, composing.partner_roles(draft=draft, by=territory.camille)
    )
    places = [page.index(escape(words[code].i_want)) for code in usual]
    assert places == sorted(places)
    assert max(places) < page.index("Toutes les autres finalités")
    for code in words:
        assert f'value="{code}"' in page


def test_a_purpose_is_searched_without_javascript_accents_apart(territory: Territory, camille_at_work: Client) -> None:
    draft = draft_of(territory)
    page = camille_at_work.post(
        url("compose", draft), filled(territory, pq="preoccupante information", action="search")
    ).content.decode()
    assert page.index("Trouvé") < page.index('value="pe_ip"') < page.index("Les plus courantes")
    assert page.count('value="pe_ip"') == 1
    draft.refresh_from_db()
    assert draft.benefit == BENEFIT
    none = camille_at_work.post(url("compose", draft), filled(territory, pq="xylophone")).content.decode()
    assert "Aucune finalité ne contient" in none


def test_what_is_asked_to_know_leads_to_why_not_and_what_to_answer(
    territory: Territory, camille_at_work: Client
) -> None:
    draft = draft_of(territory, purpose="curiosite")
    page = camille_at_work.get(url("compose", draft)).content.decode().replace("\u00a0", " ")
    folded = page[page.index("On me demande, pour savoir…") - 90 :]
    assert "<details" in folded[:90]
    assert " open" in folded[:90]
    for purpose in vocabulary().forbidden_purposes.values():
        assert escape(purpose.i_want) in page
    assert "Vouloir savoir ne suffit pas" in page
    assert "Je n’ai rien à confirmer ni à infirmer" in page
    assert "Ce que vous pouvez faire" in page
    assert "Ce qui le rendrait possible" not in page


def test_a_list_and_a_receipt_keep_the_neutral_words(territory: Territory, camille_at_work: Client) -> None:
    personas.parents_agree(territory)
    page = camille_at_work.get(url("check", draft_of(territory))).content.decode()
    assert vocabulary().purposes["scolarite"].label in page
    assert escape(vocabulary().purposes["scolarite"].i_want) not in page


def test_another_recipient_comes_with_the_purpose_that_suits_her(territory: Territory, camille_at_work: Client) -> None:
    draft = draft_of(territory)
    camille_at_work.post(url("compose", draft), filled(territory, role="medecin_scolaire/suivi_medico_social"))
    draft.refresh_from_db()
    assert draft.purpose == "suivi_medico_social"
    camille_at_work.post(url("compose", draft), filled(territory, role="medecin_scolaire/curiosite"))
    draft.refresh_from_db()
    assert draft.purpose == "scolarite"


def test_what_goes_together_is_said_with_the_way(territory: Territory, camille_at_work: Client) -> None:
    draft = draft_of(territory, items=[territory.absences, territory.language])
    page = camille_at_work.get(url("compose", draft)).content.decode().replace("\u00a0", " ")
    assert "six mois, renouvelable, et laisser « Bilan de langage » de côté" in page


def test_an_old_item_is_asked_about_and_never_blocked(territory: Territory, camille_at_work: Client) -> None:
    personas.parents_agree(territory)
    today = clock.day_of(clock.now())
    old = opening.write_once(
        case=territory.case,
        by=territory.camille,
        at=clock.now(),
        label="Sorties du jeudi",
        text="Il est instable le jeudi. " * 60,
        category="consigne_pratique",
        nature="fait_constate",
        provenance="person",
        provenance_detail="",
        origin="",
        third_parties=[],
        observed_on=today - timedelta(days=430),
    )
    draft = draft_of(territory, items=[old])
    page = camille_at_work.get(url("compose", draft)).content.decode().replace("\u00a0", " ")
    assert "Observé il y a 14 mois : est-ce encore vrai ?" in page
    assert "Texte long : un extrait suffirait-il ?" in page
    assert "« instable » : est-ce un fait constaté, ou un jugement ?" in page
    assert page.count("est-ce encore vrai") == 1
    assert 'data-verdict="allow"' in page


@pytest.mark.parametrize(
    ("earlier", "later", "months"),
    [("2025-11-22", "2026-11-21", 11), ("2025-11-21", "2026-11-21", 12), ("2027-01-01", "2026-11-21", 0)],
)
def test_months_gone_by_are_whole(earlier: str, later: str, months: int) -> None:
    assert looking.months_between(date.fromisoformat(earlier), date.fromisoformat(later)) == months


def test_leaving_an_item_out_is_one_click(territory: Territory, camille_at_work: Client) -> None:
    draft = draft_of(territory, items=[territory.absences, territory.language])
    posted = filled(territory, item=[str(territory.absences.pk), str(territory.language.pk)])
    camille_at_work.post(url("compose", draft), posted | {"leave_out": str(territory.language.pk)})
    assert [row.item for row in DraftItem.objects.filter(draft=draft)] == [territory.absences]


def test_what_is_missing_is_said_field_by_field_and_nothing_typed_is_lost(
    territory: Territory, camille_at_work: Client
) -> None:
    draft = composing.start(case=territory.case, by=territory.camille)
    posted = filled(territory, benefit="", **{f"necessity-{territory.absences.pk}": ""}) | {"action": "check"}
    answer = camille_at_work.post(url("compose", draft), posted)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Écrivez ce que cela change pour la personne" in page
    assert "Indiquez pourquoi Mme Lantier a besoin de" in page
    draft.refresh_from_db()
    assert (draft.purpose, draft.recipient) == ("scolarite", territory.lantier)


def test_too_long_a_text_is_refused_with_its_length_and_the_rest_is_kept(
    territory: Territory, camille_at_work: Client
) -> None:
    draft = composing.start(case=territory.case, by=territory.camille)
    answer = camille_at_work.post(url("compose", draft), filled(territory, benefit="mot " * 400) | {"action": "check"})
    assert "Raccourcissez ce texte" in answer.content.decode()
    draft.refresh_from_db()
    assert draft.purpose == "scolarite"


def test_the_check_page_shows_what_will_be_read_and_what_stays_here(
    territory: Territory, camille_at_work: Client
) -> None:
    personas.parents_agree(territory)
    page = camille_at_work.get(url("check", draft_of(territory))).content.decode()
    assert "Ce que Mme Lantier lira" in page
    assert "Milo est absent le mardi" in page
    stays = page[page.index("Ce qui reste ici") :]
    assert "Bilan de langage" in stays
    assert "Trouble du langage" not in page


def test_camille_sends_and_gets_a_confirmation_that_stays(territory: Territory, camille_at_work: Client) -> None:
    personas.parents_agree(territory)
    draft = draft_of(territory)
    seen = token_of(camille_at_work.get(url("check", draft)).content.decode())
    sent = camille_at_work.post(url("check", draft), {"seen": seen})
    assert sent.status_code == 302
    disclosure = Disclosure.objects.get()
    for _ in range(2):
        page = camille_at_work.get(url("done", draft)).content.decode()
        assert disclosure.reference in page
    assert camille_at_work.post(url("check", draft), {"seen": seen}).url == url("done", draft)  # type: ignore[attr-defined]
    assert camille_at_work.get(url("compose", draft)).url == url("done", draft)  # type: ignore[attr-defined]
    assert Disclosure.objects.count() == 1


def test_abuse_07_withdrawn_between_the_check_and_the_click_answers_409_with_nothing_sent(
    territory: Territory, camille_at_work: Client
) -> None:
    consent = personas.parents_agree(territory)
    draft = draft_of(territory)
    seen = token_of(camille_at_work.get(url("check", draft)).content.decode())
    withdrawal.withdraw(consent=consent, form="in_person", own_words="", by=territory.camille)
    answer = camille_at_work.post(url("check", draft), {"seen": seen})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "La situation a changé depuis votre vérification" in page
    assert not Disclosure.objects.exists()
    assert camille_at_work.get(url("compose", draft)).status_code == 200


def test_a_forged_token_sends_nothing(territory: Territory, camille_at_work: Client) -> None:
    personas.parents_agree(territory)
    draft = draft_of(territory)
    for forged in ("", "n’importe quoi", "YWJj:abc:def"):
        assert camille_at_work.post(url("check", draft), {"seen": forged}).status_code == 409
    assert not Disclosure.objects.exists()


def test_asking_for_a_decision_that_refuses_is_recorded(territory: Territory, camille_at_work: Client) -> None:
    draft = draft_of(territory)
    page = camille_at_work.get(url("check", draft)).content.decode()
    assert "Communiquer à Mme Lantier</button>" not in page
    answer = camille_at_work.post(url("check", draft), {"seen": token_of(page)})
    assert answer.status_code == 409
    assert Entry.objects.filter(action="disclosure.refused").count() == 1


def test_a_declared_answer_counts_and_what_is_computed_cannot_be_declared(
    territory: Territory, camille_at_work: Client
) -> None:
    draft = composing.start(case=territory.case, by=territory.camille)
    camille_at_work.post(
        url("verdict", draft),
        filled(territory, **{"answer-gravity": "yes", "answer-same_care_team": "yes", "answer-inconnue": "yes"}),
    )
    draft.refresh_from_db()
    assert draft.circumstances == ["gravity"]
    camille_at_work.post(url("verdict", draft), filled(territory, **{"answer-gravity": "no"}))
    draft.refresh_from_db()
    assert draft.circumstances == []


def test_an_item_of_another_case_cannot_be_slipped_in(territory: Territory, camille_at_work: Client) -> None:
    other = personas.open_case_for(
        personas.Person(first_name="Zoé", last_name="Lambert", birth_date=personas.born_years_ago(7)), territory.leila
    )
    hers = personas.write_down(other, territory.leila)
    draft = composing.start(case=territory.case, by=territory.camille)
    camille_at_work.post(url("verdict", draft), filled(territory, item=[str(hers.pk)]))
    assert not DraftItem.objects.filter(draft=draft).exists()


def test_nobody_else_finds_the_draft(territory: Territory, sign_in: Callable[[str], Client]) -> None:
    draft = draft_of(territory)
    personas.assign(territory.case, territory.leila, territory.nadia)
    for name in ("leila", "nadia", "lantier", "yann"):
        for page in ("compose", "check", "done"):
            assert sign_in(name).get(url(page, draft)).status_code == 404


def test_the_case_page_shows_who_knows_what_and_keeps_what_was_withdrawn(
    territory: Territory, camille_at_work: Client
) -> None:
    consent = personas.parents_agree(territory)
    draft = draft_of(territory)
    seen = token_of(camille_at_work.get(url("check", draft)).content.decode())
    camille_at_work.post(url("check", draft), {"seen": seen})
    page = camille_at_work.get(reverse("sharing:case", args=[territory.case.reference])).content.decode()
    assert "École Jean-Macé" in page
    assert "non lu" in page
    withdrawal.withdraw(consent=consent, form="in_person", own_words="", by=territory.camille)
    page = camille_at_work.get(reverse("sharing:case", args=[territory.case.reference])).content.decode()
    assert "accord retiré le" in page
    title = page[page.index("<title>") : page.index("</title>")]
    assert territory.child.last_name not in title


def test_home_says_what_waits_and_says_so_when_nothing_does(
    territory: Territory, sign_in: Callable[[str], Client]
) -> None:
    assert "Rien ne vous attend" in sign_in("perrin").get("/").content.decode()
    personas.parents_agree(territory)
    draft = draft_of(territory)
    camille = sign_in("camille")
    assert "Brouillons à reprendre" in camille.get("/").content.decode()
    seen = token_of(camille.get(url("check", draft)).content.decode())
    camille.post(url("check", draft), {"seen": seen})
    page = sign_in("lantier").get("/").content.decode()
    assert Disclosure.objects.get().reference in page
    assert territory.child.last_name not in page


def test_who_knows_what_says_the_same_as_the_list_when_she_agrees_again(
    territory: Territory, camille_at_work: Client
) -> None:
    consent = personas.parents_agree(territory)
    draft = draft_of(territory)
    seen = token_of(camille_at_work.get(url("check", draft)).content.decode())
    camille_at_work.post(url("check", draft), {"seen": seen})
    withdrawal.withdraw(consent=consent, form="in_person", own_words="", by=territory.camille)
    page = reverse("sharing:case", args=[territory.case.reference])
    said = "accord retiré le"
    assert said in camille_at_work.get(page).content.decode()
    personas.parents_agree(territory)
    assert said not in camille_at_work.get(page).content.decode()
    assert "retiré" not in camille_at_work.get(reverse("sharing:sent")).content.decode()
