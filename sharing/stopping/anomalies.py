"""What left without an agreement at the moment it left, though it needed one: for who protects data, and for its author (abuse 6).

An agreement that turned out to be recorded in error was none; one recorded afterwards never covers what came before it. Found by
looking, never stored; nothing is undone here.
"""

from dataclasses import dataclass

from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from consent.models import Consent, Invalidation
from partners.dates import day
from partners.models import Membership
from sharing.models import Disclosure
from sharing.outcome import DENY
from sharing.stopping.concerned import ON_AGREEMENT

MISSING = ("consent_missing", "consent_withdrawn", "no_basis")


@dataclass(frozen=True, slots=True, kw_only=True)
class Anomaly:
    """One communication, why it is here, and whether an agreement was recorded afterwards."""

    disclosure: Disclosure
    why: str
    late: bool


def without_agreement(disclosures: QuerySet[Disclosure]) -> QuerySet[Disclosure]:
    """Of these, those that left while no agreement stood, as is known now; each with `in_error`, `late` and what `said` reads."""
    scope = {
        "person": OuterRef("case__person"),
        "recipient": OuterRef("recipient"),
        "purpose": OuterRef("purpose"),
    }
    mistaken = Invalidation.objects.filter(consent=OuterRef("pk"))
    then = Consent.objects.filter(
        valid_from__lte=OuterRef("released_at"),
        valid_until__gt=OuterRef("released_at"),
        **scope,
    )
    missing = Q()
    for reason in MISSING:
        missing |= Q(record__decision__reasons__contains=[reason])
    return (
        disclosures.annotate(
            stood=Exists(then.filter(~Exists(mistaken))),
            in_error=Exists(then.filter(Exists(mistaken))),
            late=Exists(
                Consent.objects.filter(
                    recorded_at__gt=OuterRef("released_at"), collected_on__lte=OuterRef("released_at__date"), **scope
                )
            ),
            refused=ExpressionWrapper(Q(record__verdict=DENY) & missing, output_field=BooleanField()),
        )
        .filter(Q(basis__in=ON_AGREEMENT, in_error=True, stood=False) | Q(refused=True))
        .select_related("case", "recipient__institution", "author__professional")
        .order_by("-released_at")
    )


def anomalies(disclosures: QuerySet[Disclosure]) -> list[Anomaly]:
    """The same, as a page says them; one statement."""
    return [said(one) for one in without_agreement(disclosures)]


def said(one: Disclosure) -> Anomaly:
    """One of `without_agreement`, in words."""
    return Anomaly(disclosure=one, why=_why(one), late=bool(one.late))  # type: ignore[attr-defined]


def of_institution(by: Membership) -> list[Anomaly]:
    """Those of what left from the institutions whose data she protects: her own."""
    return anomalies(Disclosure.objects.filter(author__institution=by.institution_id))


def _why(one: Disclosure) -> str:
    said = {"day": day(one.said_at or one.released_at)}
    if one.in_error:  # type: ignore[attr-defined]
        return _("partie le %(day)s sur un accord enregistré par erreur") % said
    return _("dite ou partie le %(day)s sans qu’un accord soit enregistré") % said
