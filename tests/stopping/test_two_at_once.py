"""Two who stop at once stop once; all of it or nothing."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from audit.models import Entry
from consent.models import Consent, Withdrawal
from sharing import withdrawal
from sharing.models import Disclosure, Outbox
from sharing.stopping import telling
from tests import personas
from tests.sharing.ways import draft_of, send


def test_abuse_08_two_people_who_take_it_back_at_once_take_it_back_once(own_database: str) -> None:
    territory = personas.build()
    consent = personas.parents_agree(territory)
    send(draft_of(territory), territory.camille)

    def take_back(_time: int) -> object:
        try:
            return withdrawal.withdraw(
                consent=Consent.objects.select_related("case", "recipient").get(pk=consent.pk),
                form="in_person",
                own_words="",
                by=territory.camille,
            ).withdrawal.pk
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        first, second = pool.map(take_back, range(2))
    assert first == second
    assert Withdrawal.objects.count() == 1
    assert Entry.objects.filter(action="consent.withdrawn").count() == 1
    assert Outbox.objects.filter(kind=Outbox.Kind.CONSENT_WITHDRAWN).count() == 1


def test_a_withdrawal_that_cannot_tell_is_no_withdrawal_at_all(
    own_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed between the two: everything, or nothing."""
    territory = personas.build()
    consent = personas.parents_agree(territory)
    send(draft_of(territory), territory.camille)

    def killed(*_rows: object, **_how: object) -> None:
        raise ConnectionError

    with monkeypatch.context() as broken:
        broken.setattr(telling, "promise", killed)
        with pytest.raises(ConnectionError):
            withdrawal.withdraw(consent=consent, form="in_person", own_words="", by=territory.camille)
    assert not Withdrawal.objects.exists()
    assert not Entry.objects.filter(action="consent.withdrawn").exists()
    assert Disclosure.objects.count() == 1
