"""What is personal in an entry goes by the erasure role alone; the entry, its leaf and its proof stay, and the trail holds."""

import contextlib
import io
import json
from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import DatabaseError, IntegrityError, connection, transaction

from audit import canonical, erasing, heads, ledger, reading, verification
from audit.models import Entry, Erasure, Payload
from config.postgres.account import become
from partners import clock
from tests import personas
from tests.audit.sealing_ways import sealed

NADIA = uuid4()


@contextlib.contextmanager
def as_erasure() -> Iterator[None]:
    """The erasure role's rights for a while; the application's again afterwards."""
    become("erasure")
    try:
        yield
    finally:
        become("app")


def said(*arguments: str) -> str:
    """What `erase_payload` printed, run as its role."""
    out = io.StringIO()
    with as_erasure():
        call_command("erase_payload", *arguments, stdout=out)
    return out.getvalue()


def refusal(*arguments: str) -> str:
    with as_erasure(), pytest.raises(CommandError) as refused:
        call_command("erase_payload", *arguments)
    assert refused.value.returncode == 2
    return str(refused.value)


def entries(action: str) -> list[Entry]:
    return list(Entry.objects.filter(action=action).order_by("pk"))


@pytest.mark.usefixtures("own_database")
def test_the_payload_goes_and_every_proof_stays() -> None:
    personas.parents_agree(personas.build())
    head = sealed()
    assert head is not None
    one, *_ = entries("consent.given")
    other = entries("case.opened")[0]
    by = ["--reason", "erasure_granted", "--by", str(NADIA)]
    proof = heads.proof_of(one.pk, head=head)

    assert said(str(one.uuid), str(other.uuid), str(one.uuid), *by) == (
        "2 parts personnelles effacées\u00a0; les entrées et leurs preuves restent.\n"
    )

    assert not Payload.objects.filter(pk__in=[one.pk, other.pk]).exists()
    assert {erased.erased_ref for erased in Erasure.objects.all()} == {one.pk, other.pk}
    recorded = entries("payload.erased")[0]
    body = json.loads(bytes(recorded.body))
    assert (body["actor"], body["codes"]) == (str(NADIA), {"reason": "erasure_granted"})
    assert set(body["refs"]["entries"]) == {str(one.uuid), str(other.uuid)}
    kept = reading.one(one.pk)
    assert kept is not None
    assert (kept.payload, kept.salt) == (None, None)
    assert kept.leaf_hash == canonical.leaf_hash(bytes(one.body))
    assert heads.proof_of(one.pk, head=head) == proof
    assert sealed() is not None
    assert verification.verify().faults == []

    assert said(str(one.uuid), *by) == "0 part personnelle effacée\u00a0: elles l’étaient déjà. Rien n’a été noté.\n"
    third = entries("item.added")[0]
    assert said(str(one.uuid), str(third.uuid), *by) == (
        "1 part personnelle effacée\u00a0; l’entrée et sa preuve restent. 1 l’était déjà.\n"
    )
    assert len(entries("payload.erased")) == 2
    assert verification.verify().holds


@pytest.mark.usefixtures("own_database")
def test_a_mistake_is_said_and_nothing_is_touched(superuser_cursor: Any) -> None:
    with transaction.atomic():
        known = ledger.record(action="case.opened", at=clock.now(), actor=None, personal={"label": "Ana"})
        gone = ledger.record(action="case.opened", at=clock.now(), actor=None)
    uuids = dict(Entry.objects.values_list("pk", "uuid"))
    unknown = uuid4()
    by = ["--reason", "retention_ended", "--by", str(NADIA)]
    assert f"n’a cet identifiant\u00a0: {unknown}. Rien" in refusal(str(uuids[known]), str(unknown), *by)
    assert "n’est pas un identifiant" in refusal("entrée-12", *by)
    assert "n’est pas un identifiant" in refusal(str(uuids[known]), "--reason", "retention_ended", "--by", "Nadia")
    told = refusal(str(uuids[known]), "--reason", "parce que", "--by", str(NADIA))
    assert all(word in told for word in erasing.REASONS)
    superuser_cursor.execute("ALTER TABLE audit_payload DISABLE TRIGGER USER")
    superuser_cursor.execute("DELETE FROM audit_payload WHERE entry_id = %s", [gone])
    assert "a disparu sans qu’aucun effacement le dise" in refusal(str(uuids[known]), str(uuids[gone]), *by)
    become("app")
    with pytest.raises(CommandError, match="Rien n’a été effacé"):
        call_command("erase_payload", str(uuids[known]), *by)
    assert Payload.objects.filter(pk=known).exists()
    assert not Erasure.objects.exists()
    assert not entries("payload.erased")


@pytest.mark.usefixtures("own_database")
def test_postgresql_lets_nothing_go_but_what_the_entry_of_this_transaction_names() -> None:
    with transaction.atomic():
        first, second = (ledger.record(action="case.opened", at=clock.now(), actor=None) for _ in range(2))
    uuids: dict[int, UUID] = dict(Entry.objects.values_list("pk", "uuid"))
    with as_erasure():
        assert erasing.erase(entries=[uuids[first]], reason="recorded_in_error", by=NADIA, at=clock.now()) == 1
        earlier = next(iter(Erasure.objects.values_list("entry_id", flat=True)))
        with connection.cursor() as cursor:
            # An erasure of before opens nothing more; one of now opens what it names.
            with pytest.raises(IntegrityError, match="no erasure without its entry"), transaction.atomic():
                cursor.execute("DELETE FROM audit_payload WHERE entry_id = %s", [second])
            with pytest.raises(IntegrityError, match="no act without its entry"), transaction.atomic():
                cursor.execute("INSERT INTO audit_erasure (erased_ref, entry_id) VALUES (%s, %s)", [second, earlier])
            with pytest.raises(IntegrityError, match="no erasure without its entry"), transaction.atomic():
                erase_one_and_delete_another(first + 99, second)
            for statement in (
                "UPDATE audit_payload SET body = ''",
                "TRUNCATE audit_payload",
                "DELETE FROM audit_erasure",
            ):
                with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
                    cursor.execute(statement)
    assert Payload.objects.filter(pk=second).exists()
    assert verification.verify().holds


def erase_one_and_delete_another(named: int, other: int) -> None:
    with connection.cursor() as cursor:
        entry = ledger.record(action="payload.erased", at=clock.now(), actor=NADIA, refs={"entries": []})
        cursor.execute("INSERT INTO audit_erasure (erased_ref, entry_id) VALUES (%s, %s)", [named, entry])
        cursor.execute("DELETE FROM audit_payload WHERE entry_id = %s", [other])
