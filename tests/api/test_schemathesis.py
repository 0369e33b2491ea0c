"""Every door of programs, tried from its own description, for each role: no failure, nothing undescribed, nobody else's row.

Calls are generated from the OpenAPI document; the ids they name are those of the scene: the caller's, somebody else's, nobody's.
What a call does is forgotten at once. Derandomized: the same calls at each run.
"""

import contextlib
import json
import time
import uuid
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import schemathesis
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, transaction
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.core.transport import Response
from schemathesis.specs.openapi import checks

from audit.models import Entry
from cases.models import Case, Item, Person
from partners import clock
from sharing.models import DecisionRecord, Disclosure, Draft, InformationRequest
from tests import personas
from tests.api.ways import token_of
from tests.asking.ways import DECISION, ROLE
from tests.doors import scene as scenes
from tests.doors.scene import Scene
from tests.sharing.ways import NECESSITY

ROLES = {
    "referent": "camille",
    "colleague": "leila",
    "team lead": "nadia",
    "partner": "lantier",
    "other partner": "sofia",
    "auditor": "yann",
    "DPO": "claire",
}
SONG = "Zorimbelle"
"""What the other case sings: it exists nowhere else."""
CHECKS = [
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
]
EXAMPLES = 3
MOST_SECONDS = 60
"""Of processor, for the whole of it."""
QUIET = settings(
    max_examples=EXAMPLES,
    deadline=None,
    database=None,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
IDS = frozenset({"recipient", "asked", "item", "institution"})
TOLD: dict[str, Any] = {
    "purpose": "scolarite",
    "benefit": "Des horaires compatibles avec ses soins.",
    "necessity": NECESSITY,
    "categories": ["besoins_scolaires"],
    "circumstances": [],
    "decision_at_stake": DECISION,
    "own_role": ROLE,
    "needed_on": (clock.day_of(datetime.now(UTC)) + timedelta(days=5)).isoformat(),
}


@dataclass
class Ground:
    """The scene, the tokens, the ids that calls name, and what nobody may be told."""

    scene: Scene
    tokens: dict[str, str]
    ids: dict[str, list[str]]
    canaries: dict[str, list[str]]
    seen: Counter[tuple[str, int]] = field(default_factory=Counter)


def elsewhere(scene: Scene) -> tuple[Case, Item, Draft]:
    """A case that Dr Aubin follows, in another house: no role here may hear of it."""
    aubin = scene.territory.aubin
    child = Person(first_name=f"{SONG}a", last_name=f"{SONG}nom", birth_date=personas.born_years_ago(8))
    case = personas.open_case_for(child, aubin, domain="handicap")
    item = personas.write_down(case, aubin, label=f"{SONG} titre", text=f"{SONG} texte")
    draft = Draft.objects.create(case=case, author=aubin, purpose="scolarite", benefit=f"{SONG} bienfait")
    return case, item, draft


def canaries_of(scene: Scene, role: str) -> list[str]:
    """What this role may never read through any door of programs."""
    territory = scene.territory
    child, mother = territory.child, territory.mother
    never = [SONG, str(territory.absences.entry_id)] if role != "referent" else [SONG]
    if role in {"referent", "partner"}:
        # Mme Lantier reads what left, of whom it is, and never the diagnosis that stayed.
        return (
            never if role == "referent" else [SONG, territory.language.label, mother.first_name, "Trouble du langage"]
        )
    return [
        SONG,
        child.last_name,
        mother.last_name,
        territory.absences.label,
        territory.language.label,
        "Trouble du langage",
    ]


@contextlib.contextmanager
def in_this_transaction() -> Iterator[None]:
    """A server closes its connection between two calls; here all of them share one, and its transaction."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    try:
        with transaction.atomic():
            yield
    finally:
        for signal in (request_started, request_finished):
            signal.connect(close_old_connections)


@pytest.fixture(scope="module")
def ground(django_db_setup: None, django_db_blocker: Any) -> Iterator[Ground]:
    with django_db_blocker.unblock(), in_this_transaction():
        scene = scenes.build()
        case, item, draft = elsewhere(scene)
        territory = scene.territory
        nobody = [str(uuid.UUID(int=7, version=4))]
        yield Ground(
            scene=scene,
            tokens={role: token_of(getattr(territory, name)).secret for role, name in ROLES.items()},
            ids={
                "ref": [territory.case.reference, territory.case.reference, case.reference, "2020-9999"],
                "elements": [str(territory.absences.pk), str(territory.language.pk), str(item.pk), *nobody],
                "brouillons": [str(scene.waiting.pk), str(scene.waiting.pk), str(draft.pk), *nobody],
                "accords": [str(scene.agreed.pk), str(scene.withdrawn.pk), *nobody],
                "communications": [str(scene.sent.pk), str(scene.spoken.pk), str(scene.alarm.pk), *nobody],
                "recu": [str(scene.sent.pk), str(scene.sent.pk), str(scene.spoken.pk), *nobody],
                "demandes": [str(scene.asked.pk), str(scene.asked.pk), *nobody],
                "institutions": [str(territory.school.pk), str(territory.house.pk), *nobody],
                "professionnels": [str(territory.lantier.pk), str(territory.sofia.pk), *nobody],
                "conventions": [str(territory.school_agreement.pk), *nobody],
                "recipient": [str(territory.lantier.pk), str(territory.aubin.pk), *nobody],
                "item": [str(territory.absences.pk), str(territory.language.pk), str(item.pk)],
                "situation": [territory.case.reference, territory.case.reference, case.reference],
            },
            canaries={role: canaries_of(scene, role) for role in ROLES},
        )
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def without_limit(settings: Any) -> None:
    """Whoever knocks at every door does it faster than a program may."""
    settings.API_CALLS_A_MINUTE = 1_000_000
    settings.API_CALLS_A_DAY = 1_000_000


def described(ground: Ground) -> Any:
    """The description, as a program fetches it."""
    headers = {"Authorization": f"Bearer {ground.tokens['referent']}"}
    return schemathesis.openapi.from_wsgi("/api/v1/schema", WSGIHandler(), headers=headers)


def named(operation: Any, ids: dict[str, list[str]], draw: Any) -> dict[str, str]:
    """What stands in the address: things of the scene."""
    found = {}
    parts = operation.path.strip("/").split("/")
    for place, part in enumerate(parts):
        if part == "{ref}":
            found["ref"] = draw(st.sampled_from(ids["ref"]))
        elif part == "{id}" or part == "{pk}":
            found[part.strip("{}")] = draw(st.sampled_from(ids[parts[place - 1]]))
    return found


def meant(body: Any, ids: dict[str, list[str]], draw: Any) -> Any:
    """The same body, naming things of the scene, with words of the rulebook that go together one time out of two."""
    if isinstance(body, list):
        return [meant(one, ids, draw) for one in body]
    if not isinstance(body, dict):
        return body
    sensible = draw(st.booleans())
    told = {name: meant(one, ids, draw) for name, one in body.items()}
    for name in told.keys() & {"recipient", "asked"}:
        told[name] = draw(st.sampled_from(ids["recipient"]))
    for name in told.keys() & {"item", "situation"}:
        told[name] = draw(st.sampled_from(ids[name]))
    if sensible:
        told |= {name: TOLD[name] for name in told.keys() & TOLD.keys()}
    return told


def forgotten(case: Any, secret: str) -> Response:
    """One call by this token, whose effects are then forgotten."""
    with transaction.atomic():
        answer: Response = case.call(headers={"Authorization": f"Bearer {secret}", "Accept-Language": "fr"})
        transaction.set_rollback(True)
    return answer


def held(ground: Ground, role: str, case: Any, answer: Response) -> None:
    """What is promised of every answer."""
    where = f"{case.method} {case.formatted_path} by the {role}"
    assert answer.status_code < 500, (where, case.body, answer.text)
    case.validate_response(answer, checks=CHECKS)
    text = "" if answer.content is None else answer.content.decode(errors="replace")
    told = text if not text.isascii() or "\\u" not in text else json.dumps(json.loads(text), ensure_ascii=False)
    foreign = [one for one in ground.canaries[role] if one in told]
    assert not foreign, (where, foreign, told[:400])
    ground.seen[case.operation.label, answer.status_code] += 1


def counts() -> list[int]:
    return [one.objects.count() for one in (Draft, Disclosure, DecisionRecord, InformationRequest, Entry)]


def well_written(ground: Ground, operation: Any) -> None:
    """Calls as the description allows them: by each role, then by who left."""

    @seed(1)
    @QUIET
    @given(drawn=st.data())
    def tried(drawn: Any) -> None:
        case = drawn.draw(operation.as_strategy(path_parameters=named(operation, ground.ids, drawn.draw)))
        case.body = meant(case.body, ground.ids, drawn.draw)
        for role, secret in ground.tokens.items():
            held(ground, role, case, forgotten(case, secret))
        gone = forgotten(case, ground.scene.former_token)
        assert gone.status_code == 401, (case.formatted_path, gone.text)
        case.validate_response(gone, checks=CHECKS)

    tried()


def badly_written(ground: Ground, operation: Any) -> None:
    """Bodies made to break the description: another type, an unknown field, a missing one."""

    @seed(2)
    @QUIET
    @given(drawn=st.data())
    def tried(drawn: Any) -> None:
        where = named(operation, ground.ids, drawn.draw)
        case = drawn.draw(
            operation.as_strategy(
                GenerationMode.NEGATIVE, path_parameters=where, headers={"Idempotency-Key": "essai-contraire"}, query={}
            )
        )
        answer = forgotten(case, ground.tokens["referent"])
        assert answer.status_code < 500, (case.method, case.formatted_path, case.body, answer.text)
        case.validate_response(answer, checks=[*CHECKS, checks.negative_data_rejection])

    tried()


def test_every_door_holds_for_each_role_what_its_description_says(ground: Ground) -> None:
    began, before = time.process_time(), counts()
    operations = [result.ok() for result in described(ground).get_all_operations()]
    assert len(operations) > 45, len(operations)
    for operation in operations:
        well_written(ground, operation)
    assert counts() == before
    ended = {status for _label, status in ground.seen}
    assert {200, 201, 400, 404} <= ended, ended
    well = {label for label, status in ground.seen if status < 300}
    assert len(well) >= 25, sorted({label for label, _status in ground.seen} - well)
    for operation in operations:
        if operation.body:
            badly_written(ground, operation)
    assert time.process_time() - began < MOST_SECONDS
