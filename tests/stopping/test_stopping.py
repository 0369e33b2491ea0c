"""Taking back, opposing, recorded in error: at once, for good, told; and what depended on it."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from audit.models import Entry
from consent import invalidating, registry
from consent.history import lines
from consent.models import Consent, Invalidation, Objection, Refusal, Withdrawal
from consent.standing import standing
from partners import clock
from sharing import states, withdrawal
from sharing.models import Disclosure, Outbox
from sharing.reviewing import opinions, queue
from sharing.reviewing.standing import standing_of
from sharing.stopping import errors
from sharing.stopping.blocked import blocked
from tests import personas
from tests.personas import Territory
from tests.reviewing.ways import answer, submitted
from tests.sharing.ways import draft_of, send

pytestmark = pytest.mark.django_db
SignIn = Callable[[str], Client]


@pytest.fixture
def consent(territory: Territory) -> Consent:
    return personas.parents_agree(territory)


@pytest.fixture
def disclosure(territory: Territory, consent: Consent) -> Disclosure:
    released = send(draft_of(territory), territory.camille).disclosure
    assert released is not None
    return released


def text_of(response: object) -> str:
    return " ".join(response.content.decode().replace("\u00a0", " ").split())  # type: ignore[attr-defined]


def page(territory: Territory, consent: Consent) -> str:
    return reverse("sharing:withdraw", args=[territory.case.reference, consent.pk])


def test_the_page_says_what_is_known_what_closes_and_the_button_closes_it(
    territory: Territory, consent: Consent, disclosure: Disclosure, sign_in: SignIn
) -> None:
    waiting = draft_of(territory)
    lantier, camille = sign_in("lantier"), sign_in("camille")
    lantier.post(reverse("sharing:received", args=[disclosure.pk]))
    lantier.post(reverse("sharing:print_received", args=[disclosure.pk]))
    shown = text_of(camille.get(page(territory, consent)))
    assert "cela reste connu" in shown
    assert "Une version à imprimer a été préparée le" in shown
    assert "Un brouillon s’appuie sur cette parole" in shown
    assert blocked([waiting], territory.camille, clock.now()) == {}
    done = camille.post(page(territory, consent), {"speaker": str(territory.mother.pk), "form": "in_person"})
    assert done.status_code == 302
    taken = Withdrawal.objects.get()
    assert taken.given_by == territory.mother
    assert "accord retiré" in blocked([waiting], territory.camille, clock.now())[waiting.pk]
    assert "bloqué" in text_of(camille.get("/"))


def test_another_holder_refuses_for_herself_and_takes_nothing_back(
    territory: Territory, consent: Consent, sign_in: SignIn
) -> None:
    """Law.md, 3.2: what the mother gave, the father does not take back; his no is a refusal, and a disagreement."""
    response = sign_in("camille").post(
        page(territory, consent), {"speaker": str(territory.father.pk), "form": "in_person"}
    )
    assert "act=refusal" in response["Location"]
    assert not Withdrawal.objects.exists()


def test_all_is_taken_back_with_one_button_one_withdrawal_and_one_entry_each(
    territory: Territory, consent: Consent, disclosure: Disclosure, sign_in: SignIn
) -> None:
    personas.parents_agree(territory, recipient=territory.sofia)
    client = sign_in("camille")
    everything = reverse("sharing:withdraw_all", args=[territory.case.reference])
    shown = text_of(client.get(everything))
    assert "Mme Lantier" in shown
    assert "Mme Marchetti" in shown
    said = {"speaker": str(territory.mother.pk), "form": "written"}
    for _twice in range(2):
        assert client.post(everything, said).status_code == 302
    assert Withdrawal.objects.count() == 2
    assert Entry.objects.filter(action="consent.withdrawn").count() == 2
    assert Outbox.objects.filter(kind=Outbox.Kind.CONSENT_WITHDRAWN).count() == 1
    assert "Aucun accord n’est en vigueur." in text_of(client.get(everything))


def test_an_agreement_that_ended_may_still_be_taken_back_and_is_said_to_be_over(
    territory: Territory, sign_in: SignIn
) -> None:
    over = personas.parents_agree(territory, days=1, at=clock.now() - 3 * personas.A_YEAR / 365)
    client = sign_in("camille")
    assert "Cet accord a déjà pris fin" in text_of(client.get(page(territory, over)))
    said = {"speaker": str(territory.mother.pk), "form": "in_person"}
    assert client.post(page(territory, over), said).status_code == 302


def test_an_objection_is_one_page_it_closes_tells_and_gives_a_receipt(
    territory: Territory, consent: Consent, disclosure: Disclosure, sign_in: SignIn
) -> None:
    client = sign_in("camille")
    opposing = reverse("sharing:object", args=[territory.case.reference, territory.lantier.pk, "scolarite"])
    shown = text_of(client.get(opposing))
    assert disclosure.reference in shown
    assert "Les obligations, les signalements, les réquisitions et les secours" in shown
    assert client.post(opposing, {"form": "in_person"}).status_code == 422
    said = {"speaker": str(territory.mother.pk), "form": "in_person", "categories": ["consigne_pratique"]}
    response = client.post(opposing, said, follow=True)
    assert "Récépissé d’opposition" in text_of(response)
    assert Objection.objects.count() == 1
    told = Outbox.objects.get(kind=Outbox.Kind.READING_CLOSED)
    assert (told.recipient, told.reference) == (territory.lantier, disclosure.reference)
    assert states.state_of(disclosure) == states.ENDED
    personas.parents_agree(territory)
    assert states.state_of(disclosure) == states.NEW


def test_what_was_recorded_in_error_stays_in_the_list_closes_what_left_and_tells(
    territory: Territory, consent: Consent, disclosure: Disclosure, sign_in: SignIn
) -> None:
    client = sign_in("camille")
    wrong = reverse("sharing:recorded_in_error", args=[territory.case.reference, consent.pk])
    assert client.post(wrong, {"note": " "}).status_code == 422
    for _twice in range(2):
        assert client.post(wrong, {"note": "Mauvais destinataire"}).status_code == 302
    assert Invalidation.objects.count() == 1
    assert Entry.objects.filter(action="word.invalidated").count() == 1
    shown = text_of(client.get(reverse("consent:list", args=[territory.case.reference])))
    assert "Enregistré par erreur" in shown
    assert "Mauvais destinataire" in shown
    assert Outbox.objects.get(kind=Outbox.Kind.READING_CLOSED).recipient == territory.lantier
    assert states.state_of(disclosure) == states.ENDED
    assert not Withdrawal.objects.exists()


def test_only_whoever_recorded_it_or_her_team_lead_says_it_was_an_error(
    territory: Territory, consent: Consent, sign_in: SignIn
) -> None:
    personas.assign(territory.case, territory.leila, territory.camille)
    personas.assign(territory.case, territory.nadia, territory.camille)
    wrong = reverse("sharing:recorded_in_error", args=[territory.case.reference, consent.pk])
    assert sign_in("leila").post(wrong, {"note": "Erreur"}).status_code == 404
    with pytest.raises(invalidating.NotHersToInvalidate):
        errors.invalidate(word=consent, note="Erreur", by=territory.leila)
    assert sign_in("nadia").post(wrong, {"note": "Erreur"}).status_code == 302


@pytest.mark.parametrize("kind", ["refusal", "objection", "information", "withdrawal"])
def test_each_word_counts_no_more_once_it_was_an_error_and_still_counts_before(
    kind: str, territory: Territory, consent: Consent
) -> None:
    word: invalidating.Recorded
    said = {
        "scope": registry.Scope(
            case=territory.case, recipient=territory.lantier, purpose="scolarite", categories=["besoins_scolaires"]
        ),
        "given_by": territory.mother,
        "collected_on": clock.day_of(clock.now()),
        "form": "in_person",
        "by": territory.camille,
    }
    if kind == "refusal":
        word = registry.refuse(**said)  # type: ignore[arg-type]
    elif kind == "objection":
        word = registry.object_to(**said)  # type: ignore[arg-type]
    elif kind == "information":
        word = registry.inform(**said)  # type: ignore[arg-type]
    else:
        word = withdrawal.withdraw(consent=consent, form="in_person", own_words="", by=territory.camille).withdrawal

    def stands(at: object) -> object:
        return standing(person=territory.child.pk, recipient=territory.lantier.pk, purpose="scolarite", at=at)  # type: ignore[arg-type]

    before = clock.now()
    counted = stands(before)
    errors.invalidate(word=word, note="Jamais dit", by=territory.camille)
    assert stands(before) == counted
    assert stands(clock.now()) != counted
    found = lines(territory.case, territory.camille, clock.now())
    assert any("erreur" in line.state or any("erreur" in note for note in line.notes) for line in found)
    if kind == "withdrawal":
        again = withdrawal.withdraw(consent=consent, form="in_person", own_words="", by=territory.camille)
        assert again.withdrawal != word


def test_a_refusal_after_an_agreement_tells_those_who_can_read_no_more(
    territory: Territory, consent: Consent, disclosure: Disclosure
) -> None:
    personas.parents_refuse(territory)
    assert Refusal.objects.exists()
    assert Outbox.objects.get(kind=Outbox.Kind.READING_CLOSED).reference == disclosure.reference


def test_an_opinion_that_was_awaited_ends_with_the_agreement_and_leaves_the_queue(territory: Territory) -> None:
    """One parent agrees and the other does not: an opinion is awaited, until the first takes her word back."""
    consent = personas.parents_agree(territory)
    registry.refuse(
        scope=registry.Scope(
            case=territory.case, recipient=territory.lantier, purpose="scolarite", categories=["consigne_pratique"]
        ),
        given_by=territory.father,
        collected_on=clock.day_of(clock.now()),
        form="in_person",
        by=territory.camille,
    )
    review = submitted(territory, draft_of(territory))
    assert review in queue.waiting(territory.nadia)
    withdrawal.withdraw(consent=consent, form="in_person", own_words="", by=territory.camille)
    assert standing_of(review).state == "stopped"
    assert review not in queue.waiting(territory.nadia)
    with pytest.raises(opinions.AlreadyAnswered):
        answer(review, "favourable", territory.nadia)
