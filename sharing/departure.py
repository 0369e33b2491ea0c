"""Whether a draft left, for who pressed the button and was not answered. Its id is the key: it leaves once (abuse 25, 26)."""

import uuid

from django.db import IntegrityError, OperationalError, connection, transaction

from cases.models import Case
from partners.models import Membership
from sharing.models import Disclosure, Draft

PATIENCE = "2s"
LOCK_NOT_AVAILABLE = "55P03"  # PostgreSQL's code


class NotKnownYet(Exception):
    """The act is still under way: neither left nor given up."""


@transaction.atomic
def find_out(*, draft_id: uuid.UUID, case: Case, by: Membership) -> Disclosure | None:
    """The disclosure that this draft became; None where nothing left, and nothing under way can still make it leave.

    Looking is not enough: a COMMIT may be on its way, whose answer was lost. Whoever sends holds the draft; so do we, and once
    we have it no other act is under way. Raises NotKnownYet where it does not come free.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('lock_timeout', %s, true)", [PATIENCE])
    try:
        with transaction.atomic():
            mine = Draft.objects.filter(pk=draft_id, case=case, author=by)
            if mine.select_for_update(no_key=True).first() is None:
                _hold_its_place(draft_id=draft_id, case=case, by=by)
    except OperationalError as error:
        if getattr(error.__cause__, "pgcode", "") == LOCK_NOT_AVAILABLE:
            raise NotKnownYet from error
        raise
    return Disclosure.objects.sent_from(by).filter(case=case, author=by, draft=draft_id).first()


def _hold_its_place(*, draft_id: uuid.UUID, case: Case, by: Membership) -> None:
    """An emergency writes its draft in the act itself: writing the same one waits for an act under way. It is not kept."""
    try:
        with transaction.atomic():
            Draft.objects.create(pk=draft_id, case=case, author=by)
            transaction.set_rollback(True)
    except IntegrityError:
        return  # it has just been written: what it became can be read
