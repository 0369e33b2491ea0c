"""A membership that is refused far more different things in a day than a mistyped address explains: whoever answers for information
is told, nothing is blocked (abuse 30).

Counted from the access log, like openings (`sharing.incidents.volume`): nothing is stored of anybody, nobody is ranked.
"""

from datetime import datetime

from django.conf import settings
from django.db.models import Count
from django.urls import reverse

from audit.models import Access
from partners.clock import day_of, start_of
from partners.models import Function, Membership
from sharing.incidents.acts import answering
from sharing.models import Outbox
from sharing.outbox import promise

READERS_OF_THE_LOG = (Function.DPO, Function.AUDITOR)


def watch(at: datetime) -> None:
    """Promise the letters of today, once a day and a membership. Two statements where nobody passed the setting."""
    on = day_of(at)
    refused = (
        Access.objects.filter(at__gte=start_of(on), granted=False, membership_ref__isnull=False)
        .order_by()
        .values("membership_ref")
        .annotate(many=Count("object_ref", distinct=True))
        .filter(many__gt=settings.REFUSALS_A_DAY)
        .values_list("membership_ref", flat=True)
    )
    for reader in Membership.objects.filter(pk__in=list(refused)).order_by("pk"):
        for one in answering(reader.institution_id):
            if one.professional_id == reader.professional_id:
                continue
            log = one.has_function(*READERS_OF_THE_LOG)
            promise(
                kind=Outbox.Kind.MANY_REFUSALS,
                key=f"many_refusals:{reader.pk}:{on:%Y-%m-%d}:{one.pk}",
                recipient=one,
                reference=f"{on:%Y-%m-%d} {str(reader.pk)[:8]}",
                path=reverse("audit:accesses" if log else "sharing:incidents"),
            )
