"""An entry is written with its act or not at all, in bytes that anyone can check and that hold no name."""

import hashlib
import json
import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, connection, transaction
from django.db.models import F
from hypothesis import given
from hypothesis import strategies as st

from audit import canonical, ledger, receipt_keys, signing
from audit.models import Access, Entry, Payload
from audit.reading import Row
from cases.models import Item
from consent import registry
from consent.models import Consent, Withdrawal
from partners import clock
from tests.personas import Territory, build, parents_agree, parents_refuse, write_down

CODES = st.text(st.characters(codec="utf-8"), max_size=20)
PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63) | CODES,
    lambda inside: st.lists(inside, max_size=4) | st.dictionaries(CODES, inside, max_size=4),
    max_leaves=20,
)


def test_an_entry_is_never_recorded_outside_a_transaction(own_database: str) -> None:
    with pytest.raises(ledger.NotInTransaction):
        ledger.record(action="case.opened", at=clock.now(), actor=None)
    with pytest.raises(ledger.NotInTransaction):
        ledger.record_many([])
    assert not Entry.objects.exists()


def test_an_instant_without_time_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        ledger.compose(action="case.opened", at=datetime(2026, 11, 21, 14, 32), actor=None)  # noqa: DTZ001


@pytest.mark.parametrize("value", [float("nan"), float("inf"), {1, 2}, object(), b"bytes"])
def test_what_json_cannot_say_is_refused(value: Any) -> None:
    with pytest.raises((TypeError, ValueError)):
        ledger.compose(action="case.opened", at=datetime.now(UTC), actor=None, codes={"value": value})


def test_the_hash_that_postgresql_generates_is_ours(territory: Territory) -> None:
    for entry in Entry.objects.all():
        body = bytes(entry.body)
        assert bytes(entry.leaf_hash) == canonical.leaf_hash(body) == hashlib.sha256(b"\x00" + body).digest()


def test_an_entry_and_its_columns_say_the_same(territory: Territory) -> None:
    for entry in Entry.objects.all():
        body = json.loads(bytes(entry.body))
        assert body["uuid"] == str(entry.uuid)
        assert body["action"] == entry.action
        assert body["actor"] == str(entry.actor_ref)
        assert body["case"] == (str(entry.case_ref) if entry.case_ref else None)
        assert body["at"] == canonical.instant(entry.at)


def test_every_entry_carries_the_transaction_that_wrote_it(own_database: str) -> None:
    ids = []
    for _ in range(2):
        with transaction.atomic():
            ids.append(ledger.record(action="case.opened", at=clock.now(), actor=None))
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_current_xact_id()")
                assert str(Entry.objects.values_list("xid", flat=True).get(pk=ids[-1])) == str(cursor.fetchone()[0])
    first, second = Entry.objects.filter(pk__in=ids).values_list("xid", flat=True)
    assert first != second


def test_two_entries_of_the_same_act_have_nothing_in_common_but_the_act(db: None) -> None:
    at = datetime.now(UTC)
    one, other = (ledger.compose(action="case.opened", at=at, actor=None, personal={"name": "Milo"}) for _ in range(2))
    first, second = json.loads(one.body), json.loads(other.body)
    assert first["nonce"] != second["nonce"]
    assert first["commitment"] != second["commitment"], "a salt for each: equal names do not show"


def test_no_name_and_no_content_reaches_the_bytes_of_an_entry(territory: Territory) -> None:
    consent = parents_agree(territory)
    parents_refuse(territory, categories=["sante_diagnostic"])
    registry.withdraw(consent=consent, form="in_person", own_words="J’ai changé d’avis.", by=territory.camille)
    canary = "Balthazar-Canari"
    write_down(
        territory.case, territory.camille, label=f"Chez {canary}", text=f"{canary} habite là.", third_parties=[canary]
    )
    secrets = (
        canary, "Milo", "Bertin", "Duval", "Camille", "Roussel", "Lantier", "Inès", "Jean-Macé", "Vallières",
        "mardis", "langage", "changé d’avis", territory.child.birth_date.isoformat(), territory.case.reference,
    )  # fmt: skip
    for entry in Entry.objects.all():
        text = bytes(entry.body).decode()
        for secret in secrets:
            assert secret not in text, f"{entry.action} holds {secret!r}"
    assert any(canary in bytes(one.body).decode() for one in Payload.objects.all()), (
        "the canary did sing, in the payload"
    )


def test_the_payload_is_the_one_that_the_entry_committed_to(territory: Territory) -> None:
    for payload in Payload.objects.select_related("entry"):
        committed = json.loads(bytes(payload.entry.body))["commitment"]
        assert canonical.commitment(bytes(payload.salt), bytes(payload.body)) == committed


def test_the_access_log_takes_its_instant_from_the_database(db: None) -> None:
    before = clock.now()
    ledger.note_access(
        action="case.read", object_type="case", object_ref="x" * 200, granted=False, professional=None, membership=None
    )
    noted = Access.objects.latest("pk")
    assert before <= noted.at <= clock.now()
    assert noted.object_ref == "x" * 64


# Abuse 20: no entry, no act. Each is tried on real commits, with a failure that comes from PostgreSQL itself.


def revoke_insert(cursor: Any) -> None:
    cursor.execute("REVOKE ALL ON audit_entry FROM tact_app")


def revoke_payload(cursor: Any) -> None:
    cursor.execute("REVOKE ALL ON audit_payload FROM tact_app")


def disk_full(cursor: Any) -> None:
    cursor.execute(
        "CREATE FUNCTION disk_full() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = 'disk_full'; END $$;"
        " CREATE TRIGGER disk_full BEFORE INSERT ON audit_entry FOR EACH ROW EXECUTE FUNCTION disk_full()"
    )


@pytest.mark.parametrize("failure", [revoke_insert, revoke_payload, disk_full])
def test_abuse_20_an_act_whose_entry_cannot_be_written_does_not_happen(
    own_database: str, superuser_cursor: Any, failure: Callable[[Any], None]
) -> None:
    territory = build()
    consent = parents_agree(territory)
    before = (Item.objects.count(), Consent.objects.count(), Entry.objects.count())
    failure(superuser_cursor)
    for act in (
        lambda: write_down(territory.case, territory.camille, label="Autre"),
        lambda: parents_agree(territory, categories=["besoins_scolaires"]),
        lambda: registry.withdraw(consent=consent, form="in_person", own_words="", by=territory.camille),
    ):
        with pytest.raises(DatabaseError):
            act()
    superuser_cursor.execute("GRANT SELECT ON audit_entry, audit_payload TO tact_app")
    assert (Item.objects.count(), Consent.objects.count(), Entry.objects.count()) == before
    assert not Withdrawal.objects.exists()


def test_abuse_20_an_entry_that_waits_too_long_for_a_lock_takes_its_act_with_it(
    own_database: str, superuser_cursor: Any
) -> None:
    territory = build()
    before = (Item.objects.count(), Entry.objects.count())
    superuser_cursor.execute("BEGIN; LOCK TABLE audit_entry IN SHARE MODE")
    try:
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '200ms'")
        with pytest.raises(DatabaseError, match="lock timeout"):
            write_down(territory.case, territory.camille, label="Autre")
    finally:
        superuser_cursor.execute("ROLLBACK")
    assert (Item.objects.count(), Entry.objects.count()) == before


def test_abuse_20_without_a_key_for_the_receipt_there_is_no_act(
    territory: Territory, settings: Any, tmp_path: Any
) -> None:
    settings.PRODUCTION = True
    settings.RECEIPT_KEY = tmp_path / "missing.pem"
    before = (Item.objects.count(), Entry.objects.count())
    with pytest.raises(ImproperlyConfigured, match="make_receipt_key"):
        write_down(territory.case, territory.camille, label="Autre")
    assert (Item.objects.count(), Entry.objects.count()) == before


# Canonical bytes and receipts.


@given(PLAIN)
def test_canonical_bytes_read_back_to_the_same_value_and_the_same_bytes(value: Any) -> None:
    encoded = canonical.encode(value)
    assert json.loads(encoded) == value
    assert canonical.encode(json.loads(encoded)) == encoded


@given(st.dictionaries(CODES, PLAIN, min_size=2, max_size=6), st.randoms(use_true_random=False))
def test_canonical_bytes_do_not_depend_on_the_order_of_keys(value: dict[str, Any], random: Any) -> None:
    keys = list(value)
    random.shuffle(keys)
    assert canonical.encode({key: value[key] for key in keys}) == canonical.encode(value)


@given(
    st.datetimes(
        min_value=datetime(1970, 1, 1),  # noqa: DTZ001
        timezones=st.sampled_from([UTC, timezone(timedelta(hours=2)), timezone(timedelta(hours=-11))]),
    )
)
def test_an_instant_is_written_once_whatever_its_time_zone(at: datetime) -> None:
    try:
        elsewhere = at.astimezone(timezone(timedelta(hours=5, minutes=30)))
        written = canonical.instant(at)
    except OverflowError:
        return
    assert canonical.instant(elsewhere) == written
    assert datetime.fromisoformat(written) == at


@given(st.binary(max_size=200), st.binary(max_size=200), st.binary(min_size=32, max_size=32))
def test_a_commitment_binds_its_payload_and_its_salt(payload: bytes, other: bytes, salt: bytes) -> None:
    made = canonical.commitment(salt, payload)
    assert (canonical.commitment(salt, other) == made) == (payload == other)
    assert canonical.commitment(salt[::-1] + b"!", payload) != made


def test_a_receipt_holds_for_its_own_bytes_alone(db: None) -> None:
    body = b'{"action":"case.opened"}'
    receipt = signing.sign(body)
    check = receipt_keys.checker()
    row = Row(1, b"", b"", b"", None, None, body, receipt, None, None, None)
    assert signing.holds(body, receipt)
    assert check(row)
    for forged in (b"", receipt[:-1], bytes(64), receipt[::-1]):
        assert not signing.holds(body, forged)
        assert not check(row._replace(receipt=forged))
    assert not check(row._replace(body=body + b" "))


def test_a_receipt_says_what_it_signs_so_that_no_other_signature_of_the_key_passes_for_one(db: None) -> None:
    body = b"a checkpoint"
    bare = signing.private_key().sign(body)
    assert not signing.holds(body, bare)


def test_the_order_of_entries_is_the_order_in_which_they_were_recorded(db: None) -> None:
    at = clock.now()
    with transaction.atomic():
        ids = ledger.record_many([ledger.compose(action="case.opened", at=at, actor=uuid.uuid4()) for _ in range(50)])
    assert ids == sorted(ids)
    assert list(Entry.objects.filter(pk__in=ids).order_by(F("pk")).values_list("pk", flat=True)) == ids
