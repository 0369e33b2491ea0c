"""Requests by a program: previewed, asked, answered each way, taken back; what the rules stop reaches nobody."""

import json
import uuid
from datetime import timedelta
from typing import Any

import pytest

from audit.models import Access, Entry
from partners import clock
from sharing.models import Draft, InformationRequest
from tests import personas
from tests.api.ways import Program, program_of
from tests.asking import ways as asking
from tests.asking.ways import DECISION, ROLE
from tests.personas import Territory

pytestmark = pytest.mark.usefixtures("db")


def wish(territory: Territory, **changes: Any) -> dict[str, Any]:
    """What Camille would ask of Mme Lantier unless said otherwise."""
    return {
        "situation": territory.case.reference,
        "asked": str(territory.lantier.pk),
        "purpose": "scolarite",
        "categories": ["besoins_scolaires"],
        "decision_at_stake": DECISION,
        "own_role": ROLE,
        "needed_on": (clock.day_of(clock.now()) + timedelta(days=5)).isoformat(),
    } | changes


def asked(program: Program, body: dict[str, Any]) -> Any:
    """Look, then ask."""
    preview = program.post("demandes/verdict", body, key="").json()
    return program.post("demandes", body | {"fingerprint": preview["fingerprint"]})


def test_a_request_goes_its_whole_way_by_programs(territory: Territory) -> None:
    asking.parents_let_camille_know(territory)
    camille, lantier = program_of(territory.camille), program_of(territory.lantier)
    preview = camille.post("demandes/verdict", wish(territory), key="").json()
    assert (preview["stopped"], preview["decision"]["verdict"]) == ("", "allow")
    assert not InformationRequest.objects.exists()
    made = camille.post("demandes", wish(territory) | {"fingerprint": preview["fingerprint"]}).json()
    assert made["outcome"] == "sent"

    waiting = lantier.get("demandes", side="received", state="sent").json()
    assert [(one["reference"], one["turn"]) for one in waiting["results"]] == [(made["reference"], "asked")]
    cover = lantier.get(f"demandes/{made['id']}").json()
    assert (cover["person"], cover["decision_at_stake"], cover["categories"]) == (None, None, [])
    assert territory.child.last_name not in json.dumps(waiting) + json.dumps(cover)
    shown = lantier.post(f"demandes/{made['id']}/lecture", key="").json()
    assert territory.child.full_name in shown["person"]
    assert (shown["decision_at_stake"], shown["situation"]) == (DECISION, None)
    answer = lantier.post(f"demandes/{made['id']}/reponse", {"kind": "ask_her", "text": "Elle viendra mardi."})
    assert answer.json()["kind"] == "ask_her"
    late = lantier.post(f"demandes/{made['id']}/reponse", {"kind": "declined"})
    assert (late.status_code, late.json()["type"]) == (409, "urn:tact:problem:too_late")

    mine = camille.get(f"demandes/{made['id']}").json()
    assert (mine["outcome"]["kind"], mine["outcome"]["text"], mine["turn"]) == (
        "ask_her",
        "Elle viendra mardi.",
        "asker",
    )
    assert (mine["person"], mine["situation"]) == (territory.child.short_name, territory.case.reference)
    assert camille.post(f"demandes/{made['id']}/vue").status_code == 204
    assert camille.get(f"demandes/{made['id']}").json()["turn"] == ""
    gone = camille.post(f"demandes/{made['id']}/retrait")
    assert gone.status_code == 409
    actions = set(Entry.objects.values_list("action", flat=True))
    assert {"request.sent", "request.opened", "request.sent_to_her"} <= actions


def test_what_the_rules_stop_is_kept_with_its_reason_and_reaches_nobody(territory: Territory) -> None:
    camille, lantier = program_of(territory.camille), program_of(territory.lantier)
    refused = asked(camille, wish(territory))
    assert (refused.status_code, refused.json()["outcome"], refused.json()["stopped"]) == (
        201,
        "stopped",
        "not_permitted",
    )
    forbidden = asked(camille, wish(territory, purpose="curiosite"))
    assert forbidden.json()["stopped"] == "purpose_forbidden"
    assert camille.get("demandes", side="sent", state="stopped").json()["count"] == 2
    assert lantier.get("demandes").json()["count"] == 0
    for one in InformationRequest.objects.all():
        assert lantier.get(f"demandes/{one.pk}").status_code == 404


def test_what_changed_since_the_preview_asks_nothing(territory: Territory) -> None:
    asking.parents_let_camille_know(territory)
    camille = program_of(territory.camille)
    preview = camille.post("demandes/verdict", wish(territory), key="").json()
    other = wish(territory, own_role="Je remplace sa référente.")
    answer = camille.post("demandes", other | {"fingerprint": preview["fingerprint"]})
    assert (answer.status_code, answer.json()["type"]) == (409, "urn:tact:problem:changed")
    assert answer.json()["preview"]["decision"]["verdict"] == "allow"
    assert not InformationRequest.objects.exists()


def test_a_request_is_answered_without_the_name_or_by_a_communication(territory: Territory) -> None:
    request = asking.sent(territory)
    lantier = program_of(territory.lantier)
    named = lantier.post(f"demandes/{request.pk}/reponse", {"kind": "without_name", "text": "Milo Bertin va mieux."})
    assert (named.status_code, named.json()["type"]) == (422, "urn:tact:problem:recognisable")
    assert {"start": 0, "end": 4} in named.json()["marks"]
    assert b"Milo" not in named.content
    begun = lantier.post(f"demandes/{request.pk}/brouillon")
    assert begun.status_code == 201, begun.content
    draft = Draft.objects.get(pk=begun.json()["id"])
    assert (draft.answers_id, draft.author_id) == (request.pk, territory.lantier.pk)
    where = f"situations/{begun.json()['situation']}/brouillons/{draft.pk}"
    assert lantier.get(where).json()["answers"] == str(request.pk)
    said = lantier.post(f"demandes/{request.pk}/reponse", {"kind": "without_name", "text": "On adapte les horaires."})
    assert said.status_code == 200
    empty = lantier.post(f"demandes/{request.pk}/reponse", {"kind": "without_name"})
    assert (empty.status_code, empty.json()["errors"][0]["field"]) == (400, "text")


def test_a_request_of_somebody_else_is_answered_as_one_that_does_not_exist(territory: Territory) -> None:
    request = asking.sent(territory)
    nobody = uuid.UUID(int=5, version=4)
    for who in (territory.leila, territory.perrin, territory.yann):
        program = program_of(who)
        for door in ("lecture", "brouillon", "retrait", "vue"):
            hers, nobodys = program.post(f"demandes/{request.pk}/{door}"), program.post(f"demandes/{nobody}/{door}")
            assert (hers.status_code, hers.content) == (404, nobodys.content), door
        assert program.post(f"demandes/{request.pk}/reponse", {"kind": "declined"}).status_code == 404
    assert Access.objects.filter(action="request.opened", granted=False, object_ref=str(request.pk)).count() >= 12


def test_a_wish_badly_written_is_refused_field_by_field(territory: Territory) -> None:
    program = program_of(territory.camille)
    for changed, field in (
        ({"asked": str(territory.nadia.pk)}, "asked"),
        ({"asked": str(personas.rescue(territory).pk)}, "asked"),
        ({"categories": []}, "categories"),
        ({"needed_on": "2020-01-01"}, "needed_on"),
        ({"own_role": "   "}, "own_role"),
        ({"verdict": "allow"}, "verdict"),
        ({"situation": "ailleurs"}, "situation"),
    ):
        answer = program.post("demandes/verdict", wish(territory, **changed), key="")
        assert answer.status_code == 400, (changed, answer.content)
        assert [one["field"] for one in answer.json()["errors"]] == [field]
    elsewhere = program.post("demandes/verdict", wish(territory, situation="2020-9999"), key="")
    assert elsewhere.status_code == 404


def test_a_precision_is_asked_of_what_was_received(territory: Territory) -> None:
    from tests.sharing.ways import draft_of, send

    personas.parents_agree(territory)
    left = send(draft_of(territory), territory.camille).disclosure
    assert left is not None
    lantier = program_of(territory.lantier)
    body = {"question": "Jusqu’à quelle heure, pour décider du rattrapage ?"}
    made = lantier.post(f"recu/{left.pk}/question", body)
    assert (made.status_code, made.json()["stopped"]) == (201, "")
    assert lantier.post(f"recu/{left.pk}/question", body).json() == made.json()
    assert InformationRequest.objects.get().about_id == left.pk
    assert lantier.post(f"recu/{left.pk}/reponse").status_code == 409
    lantier.post(f"recu/{left.pk}/lecture", key="")
    none = lantier.post(f"recu/{left.pk}/reponse")
    assert (none.status_code, none.json()["type"]) == (422, "urn:tact:problem:no_situation")
