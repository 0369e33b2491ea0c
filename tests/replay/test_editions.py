"""Law.md, 0.1 and 6.2: a past decision keeps the version of the rules it was taken under, whole, with a number for readers."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.test import Client
from django.urls import reverse

from partners.vocabulary import digest_of, vocabulary
from sharing import editions, panel, service
from sharing.models import DecisionRecord, RulebookEdition
from sharing.rules import RULES
from tests import personas
from tests.conftest import as_migrator
from tests.personas import Territory
from tests.sharing.ways import draft_of, seen, send

TABLE = "sharing_rulebookedition"


@pytest.mark.django_db
def test_the_first_decision_writes_down_the_rules_it_was_taken_under(territory: Territory) -> None:
    assert editions.in_service() is None
    record = send(draft_of(territory), territory.camille).record
    assert record is not None
    kept = RulebookEdition.objects.get()
    assert (record.edition, kept.number, kept.rulebook) == (kept, 1, record.rulebook)
    assert set(kept.files) == {"articles.yaml", "bases.yaml", "roles.yaml", "vocabulary.yaml"}
    assert digest_of(kept.files) == vocabulary().digest == record.rulebook
    assert kept.rules == [rule.name for rule in RULES]
    assert editions.holds(kept)


@pytest.mark.django_db
def test_a_refusal_keeps_its_edition_like_a_release(territory: Territory) -> None:
    refused = send(draft_of(territory), territory.camille).record
    personas.parents_agree(territory)
    released = send(draft_of(territory), territory.camille).record
    assert refused is not None
    assert released is not None
    assert (refused.verdict, released.verdict) == ("deny", "allow")
    assert refused.edition_id == released.edition_id is not None
    assert RulebookEdition.objects.count() == 1


@pytest.mark.django_db
def test_a_correction_of_the_rules_is_another_edition_and_the_earlier_stays(
    territory: Territory, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = send(draft_of(territory), territory.camille).record
    assert before is not None
    with monkeypatch.context() as later:
        later.setattr(editions, "rules", lambda: ("a_norm_of_the_next_release",))
        later.setattr(editions, "digest", lambda: editions._digest(vocabulary().digest, editions.rules()))
        after = send(draft_of(territory), territory.camille).record
        assert after is not None
        assert after.edition is not None
        assert (after.edition.number, editions.holds(RulebookEdition.objects.get(number=2))) == (2, True)
    assert DecisionRecord.objects.get(pk=before.pk).edition == editions.current()
    assert editions.current().number == 1


def test_two_processes_at_once_write_one_edition(own_database: str) -> None:
    gate = threading.Barrier(4)

    def write() -> int:
        gate.wait()
        try:
            return editions.current().number
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        numbers = [future.result(20) for future in [pool.submit(write) for _ in range(4)]]
    assert numbers == [1, 1, 1, 1]
    assert RulebookEdition.objects.count() == 1


def test_an_edition_that_nobody_committed_gives_its_number_back(own_database: str) -> None:
    with transaction.atomic():
        assert editions.current().number == 1
        transaction.set_rollback(True)
    assert editions.in_service() is None
    assert editions.current().number == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    "statement", [f"UPDATE {TABLE} SET number = 7", f"DELETE FROM {TABLE}", f"TRUNCATE {TABLE} CASCADE"]
)
def test_the_application_may_neither_change_nor_remove_an_edition(statement: str) -> None:
    editions.current()
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        connection.cursor().execute(statement)


@pytest.mark.parametrize("statement", [f"UPDATE {TABLE} SET number = 7", f"DELETE FROM {TABLE}"])
def test_not_even_the_owner_rewrites_an_edition(own_database: str, statement: str) -> None:
    editions.current()
    with as_migrator(), pytest.raises(ProgrammingError, match="append-only"):
        connection.cursor().execute(statement)


@pytest.mark.django_db
def test_no_decision_is_written_without_its_edition(territory: Territory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(editions, "current", lambda: None)
    with pytest.raises(IntegrityError, match="decided_under_an_edition"), transaction.atomic():
        send(draft_of(territory), territory.camille)


@pytest.mark.django_db
def test_the_number_is_shown_beside_the_verdict_on_the_check_page_and_on_what_left(
    territory: Territory, sign_in: Callable[[str], Client]
) -> None:
    personas.parents_agree(territory)
    draft = draft_of(territory)
    camille = sign_in("camille")
    way = [territory.case.reference, draft.pk]
    for page in ("sharing:compose", "sharing:check"):
        text = camille.get(reverse(page, args=way)).content.decode()
        assert "Règles n°\u00a01" in text
        assert "vérifié à" in text
    sent = service.share(draft_id=draft.pk, previewed=seen(draft, territory.camille), by=territory.camille).disclosure
    assert sent is not None
    at = sent.released_at.astimezone(personas.clock.PARIS)
    for address in (reverse("sharing:done", args=way), reverse("sharing:sent_one", args=[sent.pk])):
        text = camille.get(address).content.decode()
        assert f"Règles n°\u00a01 · vérifié à {at:%H:%M}" in text


def test_what_was_decided_before_editions_were_kept_shows_its_digest() -> None:
    assert panel.stored_rules(DecisionRecord(rulebook="3f9a12cd" + 56 * "0")) == "Règles 3f9a12cd"
