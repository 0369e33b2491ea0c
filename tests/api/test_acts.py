"""The acts of a disclosure by a program: written, previewed, sent, read, answered; nothing that a page would not let do."""

import io
import json
import re
import zipfile
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from audit.models import Access, Entry
from cases.models import ItemContent
from consent import registry
from partners import clock
from sharing.api.scopes import Scope
from sharing.models import DecisionRecord, Disclosure, Draft, DraftItem, Outbox, Returned
from tests import personas
from tests.api.ways import Program, program_of
from tests.asking import ways as asking
from tests.personas import Territory
from tests.reviewing.ways import submitted
from tests.sharing.ways import BENEFIT, NECESSITY, draft_of, send

pytestmark = pytest.mark.usefixtures("db")
UTC = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")


@pytest.fixture
def camille_program(territory: Territory) -> Program:
    return program_of(territory.camille)


@pytest.fixture
def lantier_program(territory: Territory) -> Program:
    return program_of(territory.lantier)


def written(territory: Territory, **changes: Any) -> dict[str, Any]:
    """What a draft to Mme Lantier about the absences says, unless said otherwise."""
    return {
        "purpose": "scolarite",
        "recipient": str(territory.lantier.pk),
        "benefit": BENEFIT,
        "items": [{"item": str(territory.absences.pk), "necessity": NECESSITY}],
    } | changes


def drafts(territory: Territory) -> str:
    return f"situations/{territory.case.reference}/brouillons"


def kept(territory: Territory, program: Program, **changes: Any) -> dict[str, Any]:
    """A draft, and its preview."""
    answer = program.post(drafts(territory), written(territory, **changes))
    assert answer.status_code == 201, answer.content
    found: dict[str, Any] = answer.json()
    return found


def sent(territory: Territory, program: Program) -> dict[str, Any]:
    """What left, with the parents' agreement."""
    personas.parents_agree(territory)
    draft = kept(territory, program)
    answer = program.post(f"{drafts(territory)}/{draft['id']}/envoi", {"fingerprint": draft["preview"]["fingerprint"]})
    assert answer.status_code == 201, answer.content
    found: dict[str, Any] = answer.json()
    return found


def test_a_communication_goes_its_whole_way_by_programs_with_the_entries_of_the_pages(
    territory: Territory, camille_program: Program, lantier_program: Program
) -> None:
    left = sent(territory, camille_program)
    disclosure = Disclosure.objects.get()
    assert left["id"] == str(disclosure.pk)
    assert left["reference"] == disclosure.reference
    assert UTC.fullmatch(left["released_at"])

    waiting = lantier_program.get("recu").json()
    assert [one["state"] for one in waiting["results"]] == ["new"]
    assert territory.child.last_name not in json.dumps(waiting)
    cover = lantier_program.get(f"recu/{disclosure.pk}").json()
    assert cover["closed"] is None
    assert cover["state"] == "new"

    early = lantier_program.post(f"recu/{disclosure.pk}/accuse")
    assert (early.status_code, early.json()["type"]) == (409, "urn:tact:problem:not_opened")
    read = lantier_program.post(f"recu/{disclosure.pk}/lecture").json()
    assert [one["text"] for one in read["items"]] == [ItemContent.objects.get(item=territory.absences).text]
    assert territory.child.full_name in read["person"]
    done = lantier_program.post(f"recu/{disclosure.pk}/accuse").json()
    assert UTC.fullmatch(done["acknowledged_at"])

    seen = camille_program.get(f"communications/{disclosure.pk}").json()
    assert seen["state"] == "read"
    assert [one["who"] for one in seen["openings"]] == ["Hélène Lantier, Directrice"]
    assert camille_program.get("communications", state="read").json()["count"] == 1
    actions = list(Entry.objects.order_by("pk").values_list("action", flat=True))
    assert actions[-3:] == ["disclosure.released", "disclosure.opened", "disclosure.acknowledged"]
    assert Access.objects.filter(action="disclosure.opened", membership_ref=territory.lantier.pk).count() == 1


def test_what_the_page_shows_and_what_the_program_reads_are_the_same_items(
    territory: Territory, camille_program: Program, lantier_program: Program
) -> None:
    left = sent(territory, camille_program)
    page = personas.signed_in(territory.lantier).post(reverse("sharing:received", args=[left["id"]])).content.decode()
    read = lantier_program.post(f"recu/{left['id']}/lecture").json()
    for one in read["items"]:
        assert one["label"] in page
        assert one["text"] in page
        assert one["necessity"] in page
    assert territory.language.label not in page + json.dumps(read)


def test_a_preview_says_why_not_with_its_texts_and_what_would_make_it_lawful(
    territory: Territory, camille_program: Program
) -> None:
    preview = kept(territory, camille_program)["preview"]
    decision = preview["decision"]
    assert decision["verdict"] == "deny"
    assert "consent_missing" in decision["reasons"]
    assert {one["article"] for one in decision["findings"]} == {one["code"] for one in decision["articles"]}
    assert all(one["title"] for one in decision["articles"])
    assert "collect_agreement" in {one["code"] for one in decision["paths"]}
    assert preview["missing"] == []
    assert not DecisionRecord.objects.exists()


def test_a_draft_says_what_it_lacks_and_cannot_leave_before_it_is_whole(
    territory: Territory, camille_program: Program
) -> None:
    personas.parents_agree(territory)
    draft = kept(territory, camille_program, benefit="", items=[])
    assert {one["field"] for one in draft["preview"]["missing"]} == {"benefit", "items"}
    assert draft["preview"]["fingerprint"] is None
    where = f"{drafts(territory)}/{draft['id']}"
    refused = camille_program.post(f"{where}/envoi", {"fingerprint": "x"})
    assert (refused.status_code, refused.json()["type"]) == (422, "urn:tact:problem:incomplete")
    body = json.dumps(written(territory)).encode()
    whole = camille_program.call("PUT", where, body)
    assert json.loads(whole.content)["preview"]["decision"]["verdict"] == "allow"
    assert camille_program.get(where).json()["benefit"] == BENEFIT
    half = camille_program.call("PUT", where, json.dumps(written(territory, benefit="")).encode())
    assert json.loads(half.content)["preview"]["fingerprint"] is None
    assert camille_program.get(f"{where}/verdict").json()["missing"][0]["field"] == "benefit"


def test_abuse_7_what_changed_since_the_preview_sends_nothing_and_keeps_the_draft(
    territory: Territory, camille_program: Program
) -> None:
    agreed = personas.parents_agree(territory)
    draft = kept(territory, camille_program)
    assert draft["preview"]["decision"]["verdict"] == "allow"
    registry.withdraw(consent=agreed, form="in_person", own_words="", by=territory.camille)
    where = f"{drafts(territory)}/{draft['id']}"
    answer = camille_program.post(f"{where}/envoi", {"fingerprint": draft["preview"]["fingerprint"]})
    told = answer.json()
    assert (answer.status_code, told["outcome"]) == (409, "changed")
    assert told["preview"]["decision"]["verdict"] == "deny"
    assert not Disclosure.objects.exists()
    assert DraftItem.objects.filter(draft=draft["id"]).count() == 1
    # Seen as it now is, it is refused, and kept as a refusal: nothing left either.
    answer = camille_program.post(f"{where}/envoi", {"fingerprint": told["preview"]["fingerprint"]})
    assert (answer.status_code, answer.json()["outcome"]) == (409, "refused")
    assert not Disclosure.objects.exists()


def test_abuse_26_a_draft_leaves_once_whatever_the_key(territory: Territory, camille_program: Program) -> None:
    personas.parents_agree(territory)
    draft = kept(territory, camille_program)
    where = f"{drafts(territory)}/{draft['id']}/envoi"
    body = {"fingerprint": draft["preview"]["fingerprint"]}
    first = camille_program.post(where, body, key="cle-unique-1")
    same = camille_program.post(where, body, key="cle-unique-1")
    again = camille_program.post(where, body)
    assert (first.status_code, same.status_code, again.status_code) == (201, 201, 200)
    assert first.content == same.content
    assert again.json() == first.json()
    assert Disclosure.objects.count() == 1
    assert Entry.objects.filter(action="disclosure.released").count() == 1
    assert camille_program.call("DELETE", f"{drafts(territory)}/{draft['id']}").status_code == 409
    assert camille_program.call("PUT", where.removesuffix("/envoi"), b"{}").status_code == 409


def test_a_fingerprint_of_a_request_or_of_nobody_passes_for_nothing_seen(
    territory: Territory, camille_program: Program
) -> None:
    from sharing import previewed, service

    personas.parents_agree(territory)
    draft = kept(territory, camille_program)
    where = f"{drafts(territory)}/{draft['id']}/envoi"
    one = Draft.objects.get(pk=draft["id"])
    seen = service.fingerprint(*service.preview(draft=one, by=territory.camille), service.beside(one))
    for forged in ("", seen, previewed.sealed(seen, salt=previewed.REQUEST), draft["preview"]["fingerprint"] + "x"):
        answer = camille_program.post(where, {"fingerprint": forged or " "})
        assert answer.status_code in (400, 409), answer.content
    assert not Disclosure.objects.exists()


def test_what_needs_an_opinion_is_asked_by_a_program_and_left_to_whoever_gives_it(territory: Territory) -> None:
    review = submitted(territory)
    program = program_of(territory.camille)
    where = f"{drafts(territory)}/{review.draft_id}"
    preview = program.get(f"{where}/verdict").json()
    assert preview["decision"]["verdict"] == "review"
    asked = program.post(f"{where}/avis", {"fingerprint": preview["fingerprint"], "question": "Est-ce proportionné ?"})
    assert (asked.status_code, asked.json()["review"]) == (201, str(review.pk))
    held = program.post(f"{where}/envoi", {"fingerprint": preview["fingerprint"]})
    assert (held.status_code, held.json()["outcome"]) == (409, "awaiting_opinion")
    assert not Disclosure.objects.exists()


def test_it_is_not_for_me_and_the_recall_close_at_once_and_twice_is_once(
    territory: Territory, camille_program: Program, lantier_program: Program
) -> None:
    left = sent(territory, camille_program)
    back = lantier_program.post(f"recu/{left['id']}/retour", {"reason": "Je ne connais pas cette personne."})
    assert back.status_code == 200
    assert lantier_program.post(f"recu/{left['id']}/retour").json() == back.json()
    assert Returned.objects.count() == 1
    assert Outbox.objects.filter(kind=Outbox.Kind.DISCLOSURE_RETURNED).count() == 1
    closed = lantier_program.post(f"recu/{left['id']}/lecture").json()
    assert (closed["closed"]["reason"], closed["items"], closed["person"]) == ("returned", [], None)
    recalled = camille_program.post(f"communications/{left['id']}/rappel", {"wrong_recipient": True})
    assert (recalled.status_code, recalled.json()["by"]) == (200, str(territory.camille.pk))
    assert camille_program.post(f"communications/{left['id']}/rappel").json() == recalled.json()
    assert lantier_program.get(f"recu/{left['id']}").json()["closed"]["reason"] == "recalled"
    late = lantier_program.post(f"recu/{left['id']}/accuse")
    assert late.status_code == 409


def test_who_is_nothing_to_it_is_answered_as_for_what_does_not_exist(
    territory: Territory, camille_program: Program
) -> None:
    left = sent(territory, camille_program)
    nobody = "00000000-0000-4000-8000-000000000000"
    for who in (territory.leila, territory.perrin, territory.sofia, territory.yann, territory.claire):
        program = program_of(who)
        for real, unknown in (
            (f"recu/{left['id']}", f"recu/{nobody}"),
            (f"communications/{left['id']}", f"communications/{nobody}"),
            (f"situations/{territory.case.reference}", "situations/2020-9999"),
            (f"situations/{territory.case.reference}/elements", "situations/2020-9999/elements"),
            (f"communications/{left['id']}/preuve.zip", f"communications/{nobody}/preuve.zip"),
        ):
            hers, nobodys = program.get(real), program.get(unknown)
            assert hers.status_code == 404, (who, real)
            assert hers.content == nobodys.content
            assert dict(hers.headers) == dict(nobodys.headers)
        assert program.post(f"recu/{left['id']}/lecture").content == hers.content
        for empty in ("situations", "communications", "recu"):
            assert program.get(empty).json()["count"] == 0, (who, empty)
    assert Access.objects.filter(object_ref=left["id"], granted=False).count() >= 5


def test_a_situation_and_its_items_are_read_and_each_reading_is_noted(
    territory: Territory, camille_program: Program
) -> None:
    ref = territory.case.reference
    mine = camille_program.get("situations").json()
    assert [one["reference"] for one in mine["results"]] == [ref]
    assert mine["results"][0]["initials"] == territory.child.short_name
    shown = camille_program.get(f"situations/{ref}").json()
    assert (shown["items"], shown["minor"]) == (2, True)
    listed = camille_program.get(f"situations/{ref}/elements", page_size=1).json()
    assert (listed["count"], len(listed["results"])) == (2, 1)
    assert "text" not in listed["results"][0]
    item = camille_program.get(f"situations/{ref}/elements/{territory.absences.pk}").json()
    assert item["text"] == ItemContent.objects.get(item=territory.absences).text
    for answer in (mine, shown, listed, item):
        assert territory.child.last_name not in json.dumps(answer)
    noted = Access.objects.filter(membership_ref=territory.camille.pk, granted=True).exclude(object_type="api_token")
    assert {"case.read", "item.opened"} <= set(noted.values_list("action", flat=True))


def test_the_directory_says_who_is_who_and_nothing_of_anybody_followed(territory: Territory) -> None:
    program = program_of(territory.lantier, [Scope.DIRECTORY_READ])
    places = program.get("annuaire/institutions", q="tilleuls").json()
    assert [one["name"] for one in places["results"]] == ["CMPP des Tilleuls"]
    people = program.get("annuaire/professionnels", institution=str(territory.clinic.pk)).json()
    assert [one["id"] for one in people["results"]] == [str(territory.sofia.pk)]
    one = program.get(f"annuaire/professionnels/{territory.camille.pk}").json()
    assert (one["proven_status"], one["institution_name"]) == ("profession", territory.house.name)
    agreed = program.get("annuaire/conventions", institution=str(territory.school.pk)).json()
    assert [(one["number"], one["state"]) for one in agreed["results"]] == [("12", "current")]
    assert program.get(f"annuaire/institutions/{territory.house.pk}").json()["agreements"] == [
        str(territory.school_agreement.pk)
    ]
    assert "scolarite" in {one["code"] for one in program.get("vocabulaire").json()["purposes"]}


def test_a_list_asks_as_many_questions_of_one_line_as_of_four(territory: Territory) -> None:
    personas.parents_agree(territory)
    send(draft_of(territory), territory.camille)
    draft_of(territory, purpose="acces_droits")
    asking.parents_let_camille_know(territory)
    asking.ask(territory)
    camille, lantier = program_of(territory.camille), program_of(territory.lantier)
    lists = [
        *((lantier, where) for where in ("recu", "demandes")),
        *((camille, where) for where in ("communications", "demandes?side=sent", "situations")),
        *((camille, f"situations/{territory.case.reference}/{part}") for part in ("accords", "brouillons", "elements")),
    ]

    def questions() -> dict[str, int]:
        found = {}
        for program, where in lists:
            with CaptureQueriesContext(connection) as seen:
                assert program.get(where).status_code == 200
            found[where] = len(seen)
        return found

    before = questions()
    for number in range(3):
        send(draft_of(territory), territory.camille)
        asking.ask(territory, own_role=f"Sa référente, pour la {number}e fois.")
        personas.parents_agree(territory, recipient=territory.aubin, purpose="suivi_medico_social")
        personas.write_down(territory.case, territory.camille, label=f"Autre {number}")
        draft = Draft(case=territory.case, author=territory.camille, recipient=territory.lantier, purpose="scolarite")
        draft.save(force_insert=True)
    assert questions() == before


def test_a_proof_is_the_zip_of_the_page_after_the_reading(
    territory: Territory, camille_program: Program, lantier_program: Program
) -> None:
    left = sent(territory, camille_program)
    page = personas.signed_in(territory.camille).get(reverse("sharing:sent_proof", args=[left["id"]]))
    mine = camille_program.get(f"communications/{left['id']}/preuve.zip")
    assert (mine.status_code, mine["Content-Type"]) == (200, "application/zip")
    assert mine.content == page.content
    early = lantier_program.get(f"recu/{left['id']}/preuve.zip")
    assert (early.status_code, early.json()["type"]) == (409, "urn:tact:problem:not_opened")
    lantier_program.post(f"recu/{left['id']}/lecture")
    before = Access.objects.filter(action="disclosure.opened").count()
    assert lantier_program.get(f"recu/{left['id']}/preuve.zip").status_code == 200
    assert Access.objects.filter(action="disclosure.opened").count() == before
    assert lantier_program.post(f"recu/{left['id']}/preuve.zip").status_code == 200
    assert Access.objects.filter(action="disclosure.opened").count() == before + 1
    ref = territory.case.reference
    handed = camille_program.get(f"situations/{ref}/preuves.zip", communications=left["id"])
    assert handed["Content-Type"] == "application/zip"
    none = camille_program.get(f"situations/{ref}/preuves.zip", communications="00000000-0000-4000-8000-000000000000")
    assert (none.status_code, none.json()["errors"][0]["field"]) == (400, "communications")
    wrong = camille_program.get(f"communications/{left['id']}/preuve.zip", since=999_999)
    assert (wrong.status_code, wrong.json()["errors"][0]["field"]) == (400, "since")
    narrow, theirs = (program_of(who, [Scope.PROOFS_READ]) for who in (territory.camille, territory.lantier))
    bare = (
        narrow.get(f"communications/{left['id']}/preuve.zip"),
        theirs.get(f"recu/{left['id']}/preuve.zip"),
        narrow.get(f"situations/{ref}/preuves.zip", communications=left["id"]),
    )
    for one in bare:
        assert one.status_code == 200
        assert not with_names(one.content), "names and reasons take a scope of their own"
    assert with_names(mine.content)
    assert theirs.post(f"recu/{left['id']}/preuve.zip").status_code == 403
    asked = {"communications": left["id"], "reasons": "true"}
    assert narrow.get(f"situations/{ref}/preuves.zip", **asked).status_code == 403
    assert with_names(camille_program.get(f"situations/{ref}/preuves.zip", **asked).content)


def with_names(content: bytes) -> list[str]:
    """The personal parts that a proof holds."""
    return [name for name in zipfile.ZipFile(io.BytesIO(content)).namelist() if name.endswith("payload.json")]


def test_abuse_3_an_item_of_elsewhere_a_recipient_of_nowhere_a_field_of_ours_are_refused_by_name(
    territory: Territory, camille_program: Program
) -> None:
    other = personas.open_case_for(
        type(territory.child)(first_name="Autre", last_name="Enfant", birth_date=territory.child.birth_date),
        territory.leila,
    )
    foreign = personas.write_down(other, territory.leila, label="Ailleurs")
    for body, field in (
        (written(territory, items=[{"item": str(foreign.pk)}]), "items"),
        (written(territory, recipient="00000000-0000-4000-8000-000000000000"), "recipient"),
        (written(territory, recipient=str(territory.camille.pk)), "recipient"),
        (written(territory, purpose="inconnue"), "purpose"),
        (written(territory, circumstances=["minor"]), "circumstances"),
        (written(territory, sent_at=clock.now().isoformat()), "sent_at"),
        (written(territory, items=[{"item": str(territory.absences.pk), "label": "x"}]), "items[0].label"),
    ):
        answer = camille_program.post(drafts(territory), body)
        assert answer.status_code == 400, (field, answer.content)
        assert answer.json()["errors"][0]["field"].startswith(field), answer.json()
    assert not Draft.objects.exists()
