"""The pages where the person's word is recorded: each act with its entry, each error as a sentence, nothing ticked beforehand."""

import json
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.urls import reverse

from audit.models import Entry
from cases.models import Representative
from consent import notices
from consent.models import Consent, Objection, PriorInformation, Refusal
from partners import clock
from partners.models import Membership
from tests import posts
from tests.personas import Territory

pytestmark = pytest.mark.django_db
SignIn = Callable[[str], Client]


def today() -> date:
    return clock.day_of(clock.now())


def page(territory: Territory, **query: str) -> str:
    asked = {"act": "agreement", "recipient": str(territory.lantier.pk), "purpose": "scolarite"} | query
    asked = {name: value for name, value in asked.items() if value}
    return f"{reverse('consent:new', args=[territory.case.reference])}?{urlencode(asked)}"


def answer(territory: Territory, **said: Any) -> dict[str, Any]:
    return {
        "speaker": str(territory.mother.pk),
        "categories": ["consigne_pratique"],
        "duration": "90",
        "collected_on": today().isoformat(),
        "form": "in_person",
        "language": "fr",
        "own_words": "D’accord pour les mardis, pas plus.",
    } | said


def test_an_agreement_is_recorded_with_its_scope_its_end_its_words_and_its_entry(
    territory: Territory, sign_in: SignIn
) -> None:
    response = sign_in("camille").post(page(territory), answer(territory, conditions="Pas au reste de l’équipe."))
    assert response.status_code == 302
    consent = Consent.objects.get()
    assert (consent.recipient, consent.purpose, consent.categories) == (
        territory.lantier,
        "scolarite",
        ["consigne_pratique"],
    )
    assert consent.given_by == territory.mother
    assert consent.valid_until == clock.end_of(today() + timedelta(days=90))
    assert consent.valid_from >= consent.recorded_at
    assert consent.conditions == "Pas au reste de l’équipe."
    assert Entry.objects.get(pk=consent.entry_id).action == "consent.given"


def test_each_act_remembers_the_exact_text_that_was_read_in_the_version_that_was_chosen(
    territory: Territory, sign_in: SignIn
) -> None:
    client = sign_in("camille")
    for act, query, code in (
        ("agreement", {}, "accord-parents"),
        ("refusal", {"style": "falc"}, "accord-parents-falc"),
        ("objection", {"style": "falc", "language": "en"}, "information-parents-falc-en"),
        ("information", {"style": "zzz"}, "information-parents"),
    ):
        address = page(territory, act=act, **query)
        shown = client.get(address).content.decode()
        for section in notices.filled(
            code, by=territory.camille, recipients=[territory.lantier], purposes=["scolarite"]
        ):
            assert section.question in shown
            for sentence in section.sentences:
                assert sentence in shown
        assert client.post(address, answer(territory)).status_code == 302
        models: dict[str, Any] = {
            "agreement": Consent, "refusal": Refusal, "objection": Objection, "information": PriorInformation,
        }  # fmt: skip
        row = models[act].objects.get()
        assert row.notice.code == f"tact-{code}"
        assert row.notice.text == notices.TEXTS[code][-1]
        assert row.notice.digest == notices.digest_of(row.notice.text)
        codes = said_in(row)["codes"]
        assert (codes["notice"], codes["notice_digest"]) == (str(row.notice), row.notice.digest)


def said_in(row: Any) -> dict[str, Any]:
    """The body of the entry of an act."""
    found: dict[str, Any] = json.loads(bytes(Entry.objects.get(pk=row.entry_id).body))
    return found


def test_by_telephone_the_script_is_read_after_calling_back_a_known_number(
    territory: Territory, sign_in: SignIn
) -> None:
    Representative.objects.filter(pk=territory.mother.pk).update(phone="06 12 00 34 56")
    client = sign_in("camille")
    shown = client.get(page(territory)).content.decode()
    assert 'href="tel:0612003456"' in shown
    assert "Je vous rappelle au numéro que vous nous aviez donné." in shown
    said = answer(territory, form="telephone", called_back="on", duration="90")
    after = client.post(page(territory), said, follow=True).content.decode()
    consent = Consent.objects.get()
    assert consent.notice is not None
    assert consent.notice.code == "tact-script-telephone-parents"
    assert consent.called_back
    assert consent.valid_until <= clock.end_of(today() + timedelta(days=90))
    assert "c’est à confirmer" in after


def test_how_it_was_said_is_kept_with_its_words_apart_from_the_trail(territory: Territory, sign_in: SignIn) -> None:
    said = answer(
        territory, form="witness", witness="Mme Sow, voisine", language="other", other_language="peul",
        interpreter="M. Ba, association", understanding="Elle redit : l’école, et rien d’autre.",
        conditions="Pas par téléphone.",
    )  # fmt: skip
    sign_in("camille").post(page(territory, act="objection"), said)
    row = Objection.objects.get()
    assert (row.witness, row.language, row.interpreter) == ("Mme Sow, voisine", "peul", "M. Ba, association")
    assert row.conditions == "Pas par téléphone."
    assert row.sitting is not None
    body = said_in(row)
    assert body["refs"]["sitting"] == str(row.sitting)
    assert body["codes"]["language"] == "other"
    assert not any(word in json.dumps(body) for word in ("Sow", "peul", "Ba,", "redit"))


def test_what_was_signed_leads_to_the_page_where_the_paper_is_joined(territory: Territory, sign_in: SignIn) -> None:
    response = sign_in("camille").post(page(territory, act="refusal"), answer(territory, form="written"))
    sitting = Refusal.objects.get().sitting
    assert response["Location"] == reverse("consent:paper", args=[territory.case.reference, sitting])


def test_nothing_is_ticked_beforehand_not_even_what_was_asked_for(territory: Territory, sign_in: SignIn) -> None:
    for act in ("agreement", "refusal", "objection", "information", "postponed"):
        shown = sign_in("camille").get(page(territory, act=act, categories="consigne_pratique,besoins_scolaires"))
        assert shown.status_code == 200
        assert " checked" not in shown.content.decode()
        assert "Demandées pour cette communication" in shown.content.decode()


def test_a_refusal_is_recorded_neutrally_and_changes_nothing_else(territory: Territory, sign_in: SignIn) -> None:
    client = sign_in("camille")
    response = client.post(page(territory, act="refusal"), answer(territory, own_words=""), follow=True)
    refusal = Refusal.objects.get()
    assert Entry.objects.get(pk=refusal.entry_id).action == "consent.refused"
    said = " ".join(response.content.decode().split())
    assert (
        "Refus enregistré. Vous ne pourrez pas communiquer ces informations à Mme Lantier. "
        "Rien d’autre ne change pour la personne." in said
    )


def test_an_objection_is_an_act_of_its_own(territory: Territory, sign_in: SignIn) -> None:
    sign_in("camille").post(page(territory, act="objection"), answer(territory))
    objection = Objection.objects.get()
    assert Entry.objects.get(pk=objection.entry_id).action == "objection.recorded"
    assert not Refusal.objects.exists()


def test_information_given_is_recorded_with_whether_the_child_was_heard(territory: Territory, sign_in: SignIn) -> None:
    said = answer(territory, child_heard="on", presence_proposed="on", understanding="Il redit à qui, et pourquoi.")
    sign_in("camille").post(page(territory, act="information"), said)
    information = PriorInformation.objects.get()
    assert (information.child_heard, information.presence_proposed, information.exception) == (True, True, "")
    assert Entry.objects.get(pk=information.entry_id).action == "information.given"
    assert not Consent.objects.exists()


def test_information_put_off_says_its_motive_its_risk_and_the_day_it_is_looked_at_again(
    territory: Territory, sign_in: SignIn
) -> None:
    said = {
        "categories": ["consigne_pratique"],
        "withheld": "child_interest",
        "withheld_reason": "Pression sur l’enfant avant son audition.",
        "decided_with": "Mme Benali, responsable d’équipe",
        "reexamine_in": "7",
    }
    sign_in("camille").post(page(territory, act="postponed"), said)
    information = PriorInformation.objects.get()
    assert information.exception == "child_interest"
    assert information.reexamine_on == today() + timedelta(days=7)
    assert Entry.objects.get(pk=information.entry_id).action == "information.withheld"


def test_that_informing_complicates_the_work_is_told_kindly_not_to_suffice(
    territory: Territory, sign_in: SignIn
) -> None:
    said = {
        "categories": ["consigne_pratique"],
        "withheld": "professional_comfort",
        "withheld_reason": "L’entretien sera plus difficile.",
        "decided_with": "Mme Benali",
        "reexamine_in": "3",
    }
    response = sign_in("camille").post(page(territory, act="postponed"), said, follow=True)
    assert "ne suffit pas à ne pas informer" in " ".join(response.content.decode().split())


@pytest.mark.parametrize(
    ("act", "said", "sentence"),
    [
        ("agreement", {"speaker": ""}, "Dites qui s’est exprimé."),
        ("agreement", {"categories": []}, "Choisissez au moins une sorte d’information"),
        ("agreement", {"duration": ""}, "Dites jusqu’à quand l’accord est donné."),
        ("agreement", {"duration": "365"}, "Choisissez, dans la liste, jusqu’à quand l’accord est donné."),
        ("agreement", {"form": "telephone", "duration": "183"}, "Par téléphone, un accord vaut 90 jours au plus"),
        ("agreement", {"form": ""}, "Dites comment la personne s’est exprimée."),
        ("agreement", {"collected_on": "hier"}, "Écrivez la date ainsi"),
        ("agreement", {"collected_on": "+1"}, "ne peut pas être dans l’avenir"),
        ("agreement", {"collected_on": "-31"}, "Sa parole date de plus de 30 jours"),
        ("agreement", {"collected_on": "-2"}, "Dites pourquoi vous l’enregistrez après coup"),
        ("agreement", {"own_words": "mot " * 400}, "Raccourcissez ce texte"),
        (
            "refusal",
            {"categories": ["origine_religion_opinion"]},
            "Choisissez, dans la liste, les sortes d’information.",
        ),
        (
            "postponed",
            {"withheld": "child_interest", "reexamine_in": "7"},
            "Dites quel risque précis l’information ferait courir.",
        ),
        ("postponed", {"withheld": "child_interest", "reexamine_in": "30"}, "sous 15 jours au plus"),
        ("postponed", {"withheld": "child_interest", "reexamine_in": "7"}, "Dites avec qui c’est décidé"),
        ("refusal", {"form": "witness"}, "Nommez la personne qui était présente."),
        ("objection", {"form": "telephone"}, "un appel reçu ne prouve pas qui parle"),
        ("agreement", {"language": ""}, "Dites dans quelle langue"),
        ("agreement", {"language": "other", "interpreter": "aucun"}, "Écrivez dans quelle langue"),
        ("agreement", {"language": "ar"}, "Dites qui a interprété, ou « aucun »."),
        ("information", {"child_heard": "on"}, "Notez en quelques mots comment l’enfant a compris"),
    ],
)
def test_a_mistake_is_a_sentence_in_place_and_loses_nothing(
    territory: Territory, sign_in: SignIn, act: str, said: dict[str, Any], sentence: str
) -> None:
    if said.get("collected_on", "")[:1] in "+-" and said.get("collected_on"):
        said = said | {"collected_on": (today() + timedelta(days=int(said["collected_on"]))).isoformat()}
    response = sign_in("camille").post(page(territory, act=act), answer(territory) | said)
    assert response.status_code == 422
    shown = response.content.decode()
    assert sentence in shown
    assert "Il reste quelque chose à compléter" in shown
    if "own_words" not in said and act == "agreement":
        assert "D’accord pour les mardis, pas plus." in shown
    assert not Consent.objects.exists()
    assert not Refusal.objects.exists()
    assert not PriorInformation.objects.exists()


def test_a_word_said_some_days_ago_is_marked_as_recorded_afterwards(territory: Territory, sign_in: SignIn) -> None:
    two_days_ago = (today() - timedelta(days=2)).isoformat()
    said = answer(territory, collected_on=two_days_ago, late_reason="Panne de réseau.")
    client = sign_in("camille")
    client.post(page(territory), said)
    consent = Consent.objects.get()
    assert consent.late_reason == "Panne de réseau."
    shown = client.get(reverse("consent:list", args=[territory.case.reference])).content.decode()
    assert "Enregistré après coup" in shown


def test_an_agreement_recorded_afterwards_never_covers_the_past(territory: Territory, sign_in: SignIn) -> None:
    before = clock.now()
    said = answer(territory, collected_on=(today() - timedelta(days=5)).isoformat(), late_reason="Retour de congés.")
    sign_in("camille").post(page(territory), said)
    assert Consent.objects.get().valid_from > before


def test_one_comes_back_where_one_came_from(territory: Territory, sign_in: SignIn) -> None:
    back = reverse("sharing:case", args=[territory.case.reference])
    response = sign_in("camille").post(page(territory, next=back), answer(territory))
    assert response["Location"] == back


@pytest.mark.parametrize(
    "elsewhere", ["https://ailleurs.example/", "//ailleurs.example/", "javascript:alert(1)", "http:///a"]
)
def test_one_is_never_sent_to_another_site(territory: Territory, sign_in: SignIn, elsewhere: str) -> None:
    response = sign_in("camille").post(page(territory, next=elsewhere), answer(territory))
    assert response["Location"] == reverse("consent:list", args=[territory.case.reference])


def test_the_question_comes_first_where_the_link_did_not_say_it_all(territory: Territory, sign_in: SignIn) -> None:
    client = sign_in("camille")
    for missing in ("act", "recipient", "purpose"):
        shown = client.get(page(territory, **{missing: ""}))
        assert shown.status_code == 200
        assert "Rien n’est enregistré à cette étape." in shown.content.decode()
    asked = client.get(page(territory, act="", recipient="", purpose="", go="1"))
    assert asked.status_code == 422
    for sentence in ("Dites ce que vous enregistrez", "Dites à qui", "Dites pour quoi faire"):
        assert sentence in asked.content.decode()


def test_a_recipient_out_of_the_directory_is_not_one(territory: Territory, sign_in: SignIn, perrin: Membership) -> None:
    posts.ends(perrin)
    for wanted in (str(perrin.pk), "not-an-id", str(territory.case.pk)):
        shown = sign_in("camille").get(page(territory, recipient=wanted))
        assert "Rien n’est enregistré à cette étape." in shown.content.decode()


def test_a_professional_is_found_by_a_piece_of_her_service_without_accents(
    territory: Territory, sign_in: SignIn
) -> None:
    shown = sign_in("camille").get(page(territory, recipient="", q="ecole jean mace lantier")).content.decode()
    assert "Mme Lantier" in shown
    assert "Perrin" not in shown


def test_an_adult_speaks_for_herself_and_has_no_information_put_off(territory: Territory, sign_in: SignIn) -> None:
    child = territory.child
    child.birth_date = date(1987, 3, 2)
    child.save(update_fields=["birth_date"])
    client = sign_in("camille")
    assert "Rien n’est enregistré à cette étape." in client.get(page(territory, act="postponed")).content.decode()
    client.post(page(territory), answer(territory, speaker="herself"))
    assert Consent.objects.get().given_by is None


def test_a_child_does_not_agree_in_the_place_of_his_parents(territory: Territory, sign_in: SignIn) -> None:
    response = sign_in("camille").post(page(territory), answer(territory, speaker="herself"))
    assert response.status_code == 422
    assert not Consent.objects.exists()


def test_the_pages_of_her_word_do_not_exist_for_who_does_not_follow_her(territory: Territory, sign_in: SignIn) -> None:
    for name in ("leila", "nadia", "lantier"):
        client = sign_in(name)
        assert client.get(page(territory)).status_code == 404
        assert client.post(page(territory), answer(territory)).status_code == 404
        assert client.get(reverse("consent:list", args=[territory.case.reference])).status_code == 404
    assert not Consent.objects.exists()
