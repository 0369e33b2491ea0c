"""Keep the signed paper of a conversation, and hand it over to whoever may see the case."""

import hashlib
import uuid
from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from audit import ledger
from cases.files import lock_person
from cases.models import Case
from partners import clock
from partners.models import Membership

from .models import Consent, Objection, PersonsWord, PriorInformation, Refusal, Scan, ScanContent
from .papers_received import Paper, PaperRefused

WORDS: tuple[type[PersonsWord], ...] = (Consent, Refusal, Objection, PriorInformation)


def words_of(*, case: Case, sitting: uuid.UUID) -> list[PersonsWord]:
    """What was said in this conversation about this case; empty where there was none."""
    return [word for model in WORDS for word in model.objects.filter(case=case, sitting=sitting)]


@transaction.atomic
def keep(*, case: Case, sitting: uuid.UUID, paper: Paper, by: Membership, at: datetime | None = None) -> Scan:
    """Keep the paper that was signed in this conversation; the same one pressed twice is kept once.

    A conversation has one paper, and a paper serves one conversation, whoever recorded it (abuse 5). Raises PaperRefused with
    a sentence, and LookupError where nothing was said in such a conversation.
    """
    lock_person(case.person_id)
    if not words_of(case=case, sitting=sitting):
        raise LookupError(sitting)
    earlier = Scan.objects.filter(Q(sitting=sitting) | Q(received_digest=paper.received_digest)).first()
    if earlier is not None:
        if earlier.sitting == sitting and earlier.received_digest == paper.received_digest:
            return earlier
        if earlier.sitting == sitting:
            raise PaperRefused(_("Un papier est déjà joint à cette parole : il n’est pas remplacé."))
        raise PaperRefused(_("Ce papier a déjà servi ailleurs : chaque parole a son propre papier signé."))
    at = at or clock.now()
    scan_id = uuid.uuid4()
    digest = hashlib.sha256(paper.content).hexdigest()
    entry_id = ledger.record(
        action="scan.kept",
        at=at,
        actor=by.pk,
        case=case.pk,
        refs={"person": case.person_id, "scan": scan_id},
        codes={"kind": paper.kind, "size": len(paper.content), "pages": paper.pages, "digest": digest},
    )
    scan = Scan.objects.create(
        id=scan_id,
        case=case,
        sitting=sitting,
        kind=paper.kind,
        size=len(paper.content),
        pages=paper.pages,
        received_digest=paper.received_digest,
        digest=digest,
        kept_at=at,
        by=by,
        entry_id=entry_id,
    )
    ScanContent.objects.create(scan=scan, content=paper.content)
    return scan


def content_of(scan: Scan) -> bytes:
    """The bytes of a scan that was reached through `visible_to`."""
    return bytes(ScanContent.objects.values_list("content", flat=True).get(scan=scan))
