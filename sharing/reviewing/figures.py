"""What an institution may know of its own practice: ages, delays, weeks, rules. No person, no small count, nor what gives it.

Five statements, whatever the number of rows.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import Aggregate, Count, DurationField, Exists, ExpressionWrapper, F, OuterRef, Q, QuerySet
from django.db.models.functions import TruncWeek
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from partners.clock import PARIS, day_of
from partners.models import Agreement, AgreementParty, Institution
from sharing.models import Disclosure, Opinion, Review
from sharing.reviewing.queue import ENDING

LEAST = 5
LATELY = timedelta(days=90)
WEEKS = 8
SOON = timedelta(days=60)
RULES, PARTNERS = 8, 12
AGE_BOUNDS = (timedelta(days=1), timedelta(days=3), timedelta(days=7))
BAR = 100  # the longest bar, in units of its drawing


class Median(Aggregate):
    """The middle value: half came sooner, half later. One very late answer does not move it."""

    function = "PERCENTILE_CONT"
    template = "%(function)s(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"
    name = "Median"
    output_field = DurationField()


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One line: its words, its figure in words, and the length of its bar; 0 where the figure is not shown."""

    label: str
    figure: str
    length: int = 0
    note: str = ""


def masked(counts: Mapping[str, int]) -> dict[str, int | None]:
    """The counts, None for those that are not shown: under five; and the next smallest, where one alone would be deduced.

    A total known elsewhere, less what is shown, then gives no single cell away.
    """
    small = {label for label, count in counts.items() if count < LEAST}
    if len(small) == 1 and len(counts) > 1:
        small.add(min((label for label in counts if label not in small), key=lambda label: counts[label]))
    return {label: None if label in small else count for label, count in counts.items()}


def bars(counts: Mapping[str, int], notes: Mapping[str, str] | None = None) -> list[Bar]:
    """Lines with their bars, to the scale of the longest that is shown."""
    shown = masked(counts)
    longest = max((count for count in shown.values() if count is not None), default=1)
    return [
        Bar(
            label=label,
            figure=_figure(count, counts[label]),
            length=0 if count is None else max(round(BAR * count / longest), 1),
            note=(notes or {}).get(label, ""),
        )
        for label, count in shown.items()
    ]


def _figure(shown: int | None, count: int) -> str:
    if shown is not None:
        return str(shown)
    return _("moins de 5") if count < LEAST else _("non affiché")


def ages(institution: Institution, at: datetime) -> list[Bar]:
    """Since when what awaits an opinion awaits it."""
    ended = Opinion.objects.filter(review=OuterRef("pk"), kind__in=ENDING)
    waiting = Review.objects.filter(
        ~Exists(ended), author__institution=institution, draft__sent_at__isnull=True, draft__discarded_at__isnull=True
    )
    one, three, seven = (at - bound for bound in AGE_BOUNDS)
    found = waiting.aggregate(
        today=Count("pk", filter=Q(submitted_at__gt=one)),
        days=Count("pk", filter=Q(submitted_at__lte=one, submitted_at__gt=three)),
        week=Count("pk", filter=Q(submitted_at__lte=three, submitted_at__gt=seven)),
        longer=Count("pk", filter=Q(submitted_at__lte=seven)),
    )
    return bars(
        {
            _("moins d’un jour"): found["today"],
            _("1 à 3 jours"): found["days"],
            _("3 à 7 jours"): found["week"],
            _("plus de 7 jours"): found["longer"],
        }
    )


def delays(institution: Institution, at: datetime) -> list[Bar]:
    """How long partners take to acknowledge: half of them sooner, half later. A partner of few communications shows none."""
    sent: QuerySet[Disclosure] = Disclosure.objects.filter(
        author__institution=institution, acknowledged_at__isnull=False, released_at__gt=at - LATELY
    )
    rows = (
        sent.order_by()
        .values("recipient__institution__name")
        .annotate(
            many=Count("pk"),
            half=Median(ExpressionWrapper(F("acknowledged_at") - F("released_at"), output_field=DurationField())),
        )
        .filter(many__gte=LEAST)
        .order_by("-half", "recipient__institution__name")[:PARTNERS]
    )
    found = [(row["recipient__institution__name"], row["half"]) for row in rows]
    longest = max((half for _name, half in found), default=timedelta(1))
    return [
        Bar(label=name, figure=_length(half), length=max(round(BAR * (half / longest)), 1) if longest else 1)
        for name, half in found
    ]


def _length(time: timedelta) -> str:
    if time.days:
        return ngettext("%(days)d jour", "%(days)d jours", time.days) % {"days": time.days}
    hours = time // timedelta(hours=1)
    return _("%(hours)d h") % {"hours": hours} if hours else _("moins d’une heure")


def emergencies(institution: Institution, at: datetime) -> list[Bar]:
    """How many communications left as emergencies, week by week, the latest first."""
    monday = day_of(at) - timedelta(days=day_of(at).weekday())
    weeks = [monday - timedelta(weeks=back) for back in range(WEEKS)]
    found = dict(
        Disclosure.objects.filter(
            author__institution=institution, urgent=True, released_at__gt=at - timedelta(weeks=WEEKS)
        )
        .order_by()
        .annotate(week=TruncWeek("released_at", tzinfo=PARIS))
        .values_list("week")
        .annotate(many=Count("pk"))
    )
    by_day = {day_of(week): many for week, many in found.items()}
    return bars({_("semaine du %(day)s") % {"day": date_format(week, "j F Y")}: by_day.get(week, 0) for week in weeks})


_STOPPING = """
    SELECT f ->> 'rule', min(f ->> 'message'), count(DISTINCT r.draft_id)
    FROM sharing_decisionrecord r
    JOIN partners_membership m ON m.id = r.author_id
    CROSS JOIN LATERAL jsonb_array_elements(r.decision -> 'findings') f
    WHERE m.institution_id = %s AND r.verdict <> 'allow' AND r.decided_at > %s AND f ->> 'effect' <> 'allow'
    GROUP BY 1 ORDER BY 3 DESC, 1 LIMIT %s
"""


def stopping(institution: Institution, at: datetime) -> list[Bar]:
    """Which rule stops, or makes wait, the most drafts: its own words. What is rare is not listed."""
    with connection.cursor() as cursor:
        cursor.execute(_STOPPING, [institution.pk, at - LATELY, RULES])
        rows = cursor.fetchall()
    return bars({_(message): many for _rule, message, many in rows if many >= LEAST})


def ending(institution: Institution, at: datetime) -> list[dict[str, Any]]:
    """The agreements of the institution that end within sixty days."""
    party = AgreementParty.objects.filter(agreement=OuterRef("pk"), institution=institution)
    today = day_of(at)
    found = Agreement.objects.followed().filter(  # type: ignore[misc]  # `followed` annotates it
        Exists(party),
        newer_signed=False,
        suspended_at__isnull=True,
        ended_at__isnull=True,
        ends_on__range=(today, today + SOON),
    )
    return [
        {"agreement": one, "ends_on": one.ends_on, "days": (one.ends_on - today).days}
        for one in found.order_by("ends_on", "number")
    ]
