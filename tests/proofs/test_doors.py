"""Who may take which proof, and what a page says of it: a receipt, then a leaf of the sealed log."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from audit.models import Access, Entry
from cases import access
from cases.models import Assignment
from consent import registry
from consent.models import PriorInformation
from partners import clock
from sharing.models import Disclosure
from sharing.proofs import page
from sharing.returning import acts as returning
from tests import personas
from tests.duties.ways import concern
from tests.personas import Territory
from tests.sharing.ways import draft_of, send
from tests.urgency.ways import sound

from .ways import files_of, folders_of, taken

pytestmark = pytest.mark.django_db
SignIn = Callable[[str], Client]


@pytest.fixture
def sent(territory: Territory) -> Disclosure:
    """Camille told Mme Lantier, with the parents' agreement."""
    personas.parents_agree(territory)
    released = send(draft_of(territory), territory.camille).disclosure
    assert released is not None
    return released


def payloads(content: bytes) -> set[str]:
    """The folders that hold a personal part."""
    return {name.partition("/")[0] for name in files_of(content) if name.endswith("payload.json")}


def test_what_is_not_hers_answers_like_what_does_not_exist_and_is_noted(sent: Disclosure, sign_in: SignIn) -> None:
    ref = sent.case.reference
    doors = {
        reverse("sharing:sent_proof", args=[sent.pk]): ("leila", "nadia", "lantier", "perrin", "yann"),
        reverse("sharing:received_proof", args=[sent.pk]): ("camille", "leila", "perrin", "claire"),
        reverse("sharing:proofs", args=[ref]): ("leila", "nadia", "lantier", "claire"),
        reverse("sharing:proofs_file", args=[ref]): ("leila", "nadia", "lantier", "claire"),
        reverse("audit:entry_proof", args=[sent.entry.uuid]): ("camille", "nadia", "lantier"),
    }
    for door, others in doors.items():
        for persona in others:
            before = Access.objects.filter(granted=False).count()
            assert sign_in(persona).get(door).status_code == 404, (persona, door)
            assert Access.objects.filter(granted=False).count() == before + 1, (persona, door)


def test_the_proof_of_what_was_received_comes_after_its_reading_and_stays_when_the_text_closes(
    territory: Territory, sent: Disclosure, sign_in: SignIn
) -> None:
    lantier, door = sign_in("lantier"), reverse("sharing:received_proof", args=[sent.pk])
    received, name = reverse("sharing:received", args=[sent.pk]), f"preuve-{sent.reference}"
    assert door not in lantier.get(received).content.decode()
    for answer in (lantier.get(door), lantier.post(door)):
        assert (answer.status_code, answer["Location"]) == (302, received)
    sent.refresh_from_db()
    assert sent.opened_at is None, "asking for a proof reads nothing"
    shown = lantier.post(received).content.decode()
    assert door in shown
    assert "Reçu signé" in shown
    assert payloads(taken(lantier.get(door), name)) == {"2-lecture"}, "her own act's alone: a GET reads nothing"
    openings = Access.objects.filter(action="disclosure.opened", granted=True)
    before = openings.count()
    assert payloads(taken(lantier.post(door), name)) == {"1-communication", "2-lecture"}
    assert openings.count() == before + 1, "what she takes away she reads: decided again, traced"
    returning.recall(disclosure_id=sent.pk, by=territory.camille)
    stub = lantier.get(received).content.decode()
    assert door in stub
    for answer in (lantier.get(door), lantier.post(door)):
        content = taken(answer, name)
        assert payloads(content) == {"2-lecture"}
        assert folders_of(files_of(content)) == {"1-communication", "2-lecture", "3-rappel"}


def test_what_was_never_opened_leaves_no_proof_once_it_is_closed(
    territory: Territory, sent: Disclosure, sign_in: SignIn
) -> None:
    returning.recall(disclosure_id=sent.pk, by=territory.camille)
    lantier, received = sign_in("lantier"), reverse("sharing:received", args=[sent.pk])
    door = reverse("sharing:received_proof", args=[sent.pk])
    assert lantier.post(door)["Location"] == received
    assert door not in lantier.get(received).content.decode()


def test_an_author_who_no_longer_follows_the_case_keeps_the_proof_without_its_personal_part(
    territory: Territory, sent: Disclosure, sign_in: SignIn
) -> None:
    camille, door = sign_in("camille"), reverse("sharing:sent_proof", args=[sent.pk])
    name = f"preuve-{sent.reference}"
    assert payloads(taken(camille.get(door), name)) == {"1-communication"}
    assert door in camille.get(reverse("sharing:sent_one", args=[sent.pk])).content.decode()
    assert sent.draft_id is not None
    done = reverse("sharing:done", args=[sent.case.reference, sent.draft_id])
    assert "Reçu signé" in camille.get(done).content.decode()
    followed = Assignment.objects.get(case=territory.case, membership=territory.camille)
    personas.assign(territory.case, territory.leila, territory.camille)
    access.end_assignment(assignment=followed, reason="Elle change de secteur.", by=territory.camille)
    assert camille.get(reverse("sharing:sent_one", args=[sent.pk])).status_code == 404
    assert door in camille.get(reverse("sharing:recall", args=[sent.pk])).content.decode()
    content = taken(camille.get(door), name)
    assert not payloads(content)
    assert folders_of(files_of(content)) == {"1-communication"}
    assert payloads(taken(sign_in("leila").get(door), name)) == {"1-communication"}
    assert sign_in("nadia").get(door).status_code == 404


def test_a_head_that_never_was_is_answered_by_a_sentence_and_nothing_is_taken(
    territory: Territory, sent: Disclosure, sign_in: SignIn
) -> None:
    sign_in("lantier").post(reverse("sharing:received", args=[sent.pk]))
    taken_before = Access.objects.filter(action="proof.downloaded").count()
    opened = Access.objects.filter(action="disclosure.opened").count()
    doors: list[tuple[str, str, str]] = [
        ("camille", "get", reverse("sharing:sent_proof", args=[sent.pk])),
        ("lantier", "post", reverse("sharing:received_proof", args=[sent.pk])),
        ("camille", "get", reverse("sharing:proofs_file", args=[sent.case.reference])),
        ("camille", "get", f"{reverse('sharing:proofs', args=[sent.case.reference])}?choix=1"),
        ("claire", "get", reverse("audit:entry_proof", args=[sent.entry.uuid])),
    ]
    for persona, method, door in doors:
        for asked, sentence in (
            ("1234567", "aucune tête de ce nombre d’entrées"),
            ("hier", "nombre entier"),
            ("0", "supérieur"),
            ("9" * 30, "inférieur"),
        ):
            data: dict[str, Any] = {"since": asked, "choix": "1", "c": str(sent.pk)}
            answer = getattr(sign_in(persona), method)(door, data)
            assert answer.status_code == 422, (persona, asked)
            assert sentence in answer.content.decode(), (persona, asked)
            assert f'value="{asked}"' in answer.content.decode(), "nothing typed is lost"
    assert Access.objects.filter(action="proof.downloaded").count() == taken_before
    assert Access.objects.filter(action="disclosure.opened").count() == opened


def test_the_referent_hands_over_what_the_person_knows_and_chooses_the_rest(
    territory: Territory, sent: Disclosure, sign_in: SignIn
) -> None:
    camille, ref = sign_in("camille"), territory.case.reference
    sheet, file = reverse("sharing:proofs", args=[ref]), reverse("sharing:proofs_file", args=[ref])
    alarm = sound(territory, personas.rescue(territory)).disclosure
    assert alarm is not None
    shown = camille.get(sheet)
    assert sheet in camille.get(reverse("sharing:case", args=[ref])).content.decode()
    assert [(row.disclosure.pk, row.told) for row in shown.context["proofs"].rows] == [
        (sent.pk, True),
        (alarm.pk, False),
    ]
    assert [row.disclosure.pk for row in shown.context["proofs"].chosen] == [sent.pk]
    page_text = shown.content.decode()
    entry = Entry.objects.get(pk=sent.entry_id)
    for said in (str(entry.uuid), bytes(entry.leaf_hash).hex(), sent.reference, sent.recipient_label):
        assert said in page_text
    assert "rien ne dit qu’elle le sait" in page_text
    name = f"preuves-{ref}"
    assert folders_of(files_of(taken(camille.get(file), name))) == {f"{sent.reference}-1-communication"}
    both = {"choix": "1", "c": [str(sent.pk), str(alarm.pk), "zzz"]}
    content = taken(camille.get(file, both), name)
    assert folders_of(files_of(content)) == {f"{one.reference}-1-communication" for one in (sent, alarm)}
    assert not payloads(content), "names and reasons leave when the referent joins them"
    assert payloads(taken(camille.get(file, both | {"reasons": "on"}), name)) == folders_of(files_of(content))
    empty = camille.get(file, {"choix": "1"})
    assert empty.status_code == 422
    assert "Choisissez au moins une communication" in empty.content.decode()


def test_what_the_person_was_not_told_for_a_reason_that_stands_is_neither_on_the_sheet_nor_in_the_file(
    territory: Territory, sign_in: SignIn
) -> None:
    crip = personas.post(
        personas.professional("Irène", "Marchand"),
        territory.department,
        "crip",
        "Responsable",
        "mission",
        "CASF L226-3",
    )
    worry = concern(territory, crip)
    camille, ref = sign_in("camille"), territory.case.reference
    shown = camille.get(reverse("sharing:proofs", args=[ref]))
    assert [one.pk for one in shown.context["proofs"].kept_back] == [worry.pk]
    assert not shown.context["proofs"].rows
    answer = camille.get(reverse("sharing:proofs_file", args=[ref]), {"choix": "1", "c": str(worry.pk)})
    assert answer.status_code == 422, "asked for by its id, it does not leave either"
    tell(territory, worry)
    shown = camille.get(reverse("sharing:proofs", args=[ref]))
    assert [(row.disclosure.pk, row.told, row.chosen) for row in shown.context["proofs"].rows] == [
        (worry.pk, True, True)
    ]
    tell(
        territory,
        worry,
        withheld=PriorInformation.Withheld.CHILD_INTEREST,
        withheld_reason="Le père menace de l’emmener.",
        decided_with="la cheffe de service",
        reexamine_on=clock.day_of(clock.now()),
    )
    shown = camille.get(reverse("sharing:proofs", args=[ref]))
    assert [one.pk for one in shown.context["proofs"].kept_back] == [worry.pk], "an exception made since counts too"


def tell(territory: Territory, disclosure: Disclosure, **exception: Any) -> None:
    """The mother is told of what was said, or is not, with its reason."""
    registry.inform(
        scope=registry.Scope(
            case=territory.case,
            recipient=disclosure.recipient,
            purpose=disclosure.purpose,
            categories=sorted({item["category"] for item in disclosure.record.facts["items"]}),
        ),
        given_by=territory.mother,
        collected_on=clock.day_of(clock.now()),
        form="in_person",
        own_words="",
        late_reason="",
        by=territory.camille,
        **exception,
    )


def test_pages_cost_the_same_statements_whatever_there_is_to_prove(
    territory: Territory, sent: Disclosure, sign_in: SignIn
) -> None:
    camille, address = sign_in("camille"), reverse("sharing:proofs", args=[territory.case.reference])

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert camille.get(address).status_code == 200
        return len(queries)

    few = cost()
    for _ in range(4):
        send(draft_of(territory), territory.camille)
    assert cost() == few
    with CaptureQueriesContext(connection) as queries:
        page.of_one(sent, "/")
    assert len(queries) == 1
