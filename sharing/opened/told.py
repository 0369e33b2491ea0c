"""Which communications the person may read the openings of, without learning by a paper what was put off for a reason.

Unknown means no: a communication of which nothing shows that she was told is not on her paper (law.md, 3.4 and 3.5).
"""

import uuid
from collections.abc import Iterable
from datetime import datetime

from cases.models import Case
from consent import withheld
from sharing.models import Disclosure
from sharing.proofs.page import told_of


def told(case: Case, disclosures: Iterable[uuid.UUID], at: datetime) -> set[uuid.UUID]:
    """Those of these communications of this case that she was told of, and about which nothing is still put off."""
    found = list(Disclosure.objects.filter(case=case, pk__in=list(disclosures)).select_related("recipient"))
    if not found:
        return set()
    known, put_off = told_of([one.record_id for one in found])
    # Whatever the purpose: the institution that reads would say enough.
    later = {one.row.recipient.institution_id for one in withheld.waiting(cases=[case.pk], at=at)}
    return {one.pk for one in found if one.record_id in known - put_off and one.recipient.institution_id not in later}
