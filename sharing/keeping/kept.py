"""What a situation's page says is kept with it: the decisions not to share, the calls, what is still to be handed over.

And, for their author alone, the pressures that she noted.
"""

from typing import Any

from cases.models import Case
from partners.models import Membership
from sharing.keeping.withheld import REASONS
from sharing.models import Call, NotShared, PressureNote
from sharing.urgency import delivering

SHOWN = 5


def of_case(case: Case, by: Membership) -> dict[str, Any]:
    """`withheld`, `calls`, `pressures` and `to_hand_over`, the latest first; four statements."""
    rows = NotShared.objects.visible_to(by).filter(case=case)
    withheld = rows.select_related("recipient__institution", "by__professional")[:SHOWN]
    return {
        "withheld": [{"row": one, "why": REASONS.get(one.code, one.code)} for one in withheld],
        "calls": Call.objects.visible_to(by).filter(case=case).select_related("by__professional")[:SHOWN],
        "pressures": PressureNote.objects.visible_to(by).filter(case=case)[:SHOWN],
        "to_hand_over": list(
            delivering.awaited(by).filter(case=case).select_related("recipient__institution").order_by("-released_at")
        ),
    }
