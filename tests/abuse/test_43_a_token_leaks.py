"""Abuse 43: a token leaks, or a partner scrapes with hers. It is narrow, short, counted, watched, and ended in one click."""

from typing import Any

import pytest

from audit.models import Access
from partners.models import Function
from sharing import outbox
from sharing.api.scopes import Scope
from sharing.api.tokens import revoke_token
from sharing.models import Outbox
from tests import personas
from tests.api.ways import Program, token_of
from tests.personas import Territory
from tests.sharing.ways import draft_of, send

pytestmark = pytest.mark.django_db
HERE, ELSEWHERE = "192.0.2.17", "198.51.100.9"


@pytest.fixture
def protector(territory: Territory) -> Any:
    """Who answers for information where Mme Lantier works."""
    return personas.post(
        personas.professional("Noé", "Garde"), territory.school, "dpo", "Délégué à la protection des données",
        "discretion", "", Function.DPO,
    )  # fmt: skip


def told(kind: str) -> list[Any]:
    return [one.recipient for one in Outbox.objects.filter(kind=kind).order_by("pk")]


def test_abuse_43_a_token_of_one_network_opens_nothing_from_another(territory: Territory, protector: Any) -> None:
    made = token_of(territory.lantier, networks=["192.0.2.0/24", "2001:db8::/32"])
    program = Program(made.secret)
    answers = {
        place: program.client.get("/api/v1/moi", headers=program.headers, REMOTE_ADDR=place).status_code
        for place in (HERE, "::ffff:192.0.2.200", "2001:db8::9", ELSEWHERE, "2001:db9::1", "", "nowhere")
    }
    assert answers == {
        HERE: 200, "::ffff:192.0.2.200": 200, "2001:db8::9": 200, ELSEWHERE: 401, "2001:db9::1": 401, "": 401, "nowhere": 401,
    }  # fmt: skip
    assert told(Outbox.Kind.TOKEN_ODD_USE) == [territory.lantier, protector], "once a day, both of them"
    assert Access.objects.filter(action="api_token.used", granted=False, object_ref=str(made.token.pk)).count() == 4


def test_abuse_43_an_address_that_a_stranger_writes_is_believed_of_nobody(territory: Territory, settings: Any) -> None:
    made = token_of(territory.lantier, networks=[HERE])
    program = Program(made.secret, **{"X-Forwarded-For": HERE})

    def status(**environment: str) -> int:
        return int(program.client.get("/api/v1/moi", headers=program.headers, **environment).status_code)  # type: ignore[arg-type]

    assert status(REMOTE_ADDR=ELSEWHERE) == 401
    settings.BEHIND_PROXY = True
    assert status(REMOTE_ADDR="10.0.0.1") == 200
    program.headers["X-Forwarded-For"] = f"{HERE}, {ELSEWHERE}"
    assert status(REMOTE_ADDR="10.0.0.1") == 401, "what the proxy wrote last, not what the caller wrote first"


def test_abuse_43_a_token_that_is_revoked_and_still_used_is_told(territory: Territory, protector: Any) -> None:
    made = token_of(territory.lantier)
    revoke_token(token=made.token, by=territory.lantier)
    for _try in range(3):
        assert Program(made.secret).get("moi").status_code == 401
    assert told(Outbox.Kind.TOKEN_ODD_USE) == [territory.lantier, protector]


def test_abuse_43_a_day_s_calls_are_counted_and_their_end_is_told(territory: Territory, protector: Any) -> None:
    program = Program(token_of(territory.lantier, [Scope.DIRECTORY_READ], calls_a_day=3).secret)
    assert [program.get("moi").status_code for _call in range(6)] == [200, 200, 200, 429, 429, 429]
    assert told(Outbox.Kind.TOKEN_MANY_CALLS) == [territory.lantier, protector]
    for letter in Outbox.objects.filter(kind__in=[Outbox.Kind.TOKEN_MANY_CALLS, Outbox.Kind.TOKEN_ODD_USE]):
        written = outbox.letter_of(letter)
        assert territory.lantier.professional.last_name not in f"{written.subject}{written.body}"
    assert Access.objects.filter(action="api_token.used").count() == 3


def test_abuse_43_what_a_token_may_not_it_may_not_whoever_bears_it(territory: Territory) -> None:
    """The narrowest token of a partner: her own name, and nothing of anybody."""
    program = Program(token_of(territory.lantier, [Scope.PROOFS_READ]).secret)
    assert set(program.get("moi").json()) == {"membership", "token"}
    assert program.get("situations").status_code in {403, 404}
    assert program.get("annuaire").status_code in {403, 404}


def test_abuse_43_what_programs_read_is_counted_with_what_pages_read(
    territory: Territory, protector: Any, settings: Any
) -> None:
    settings.OPENINGS_A_DAY = 2
    personas.parents_agree(territory)
    sent = [send(draft_of(territory), territory.camille).disclosure for _time in range(3)]
    program = Program(token_of(territory.lantier, [Scope.RECEIVED_OPEN]).secret)
    for one in sent:
        assert one is not None
        read = program.post(f"recu/{one.pk}/lecture", key="")
        assert read.status_code == 200, "told, never blocked"
        assert territory.absences.label in read.content.decode()
    assert told(Outbox.Kind.MANY_OPENINGS) == [protector]
