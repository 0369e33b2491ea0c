"""« Elle a 18 ans le … »: what others gave for her ends that day, and is asked again of her."""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from cases.models import Assignment, Case
from cases.standing import MAJORITY, majority_at, majority_day
from consent.counting import still_given
from consent.models import Consent, Refusal
from partners.clock import day_of
from partners.models import Membership
from sharing.daily.desk import Desk
from sharing.daily.lines import Line, Section, section

AROUND = timedelta(days=30)


def majority(desk: Desk) -> Section | None:
    """The persons whose referent she is, who come of age within thirty days or did since, while words of others still ran.

    One statement, and two for each of those: they are few.
    """
    today = day_of(desk.at)
    near = [one for one in desk.rows(_around_majority) if abs(majority_day(one.person.birth_date) - today) <= AROUND]
    lines = []
    for one in near:
        if not _still_run(one) or (majority_at(one.person) <= desk.at and _asked_again(one)):
            continue
        on = date_format(majority_day(one.person.birth_date), "j F Y")
        coming = majority_at(one.person) > desk.at
        said = _("18 ans le %(day)s : ce que ses parents ont accepté prend fin ce jour-là, demandez-lui")
        since = _("18 ans depuis le %(day)s : ce que ses parents ont accepté a pris fin, demandez-lui")
        lines.append(
            Line(
                text=f"{one.reference} · {one.person.short_name}",
                url=reverse("consent:list", args=[one.reference]),
                soft=(said if coming else since) % {"day": on},
                kind="" if coming else "pending",
                chip="" if coming else _("à redemander"),
            )
        )
    return section("majority", _("Elle a, ou aura, 18 ans"), lines)


def _around_majority(by: Membership, at: datetime) -> QuerySet[Case]:
    """Those for whom somebody else's word was given, and who come of age around this day."""
    today = day_of(at)
    mine = Assignment.objects.in_force().filter(case=OuterRef("pk"), membership=by, kind=Assignment.Kind.REFERENT)
    # A year is at most 366 days: this many is enough to the day, and the day itself is checked below.
    earliest, latest = (
        today + sign * AROUND - timedelta(days=MAJORITY * 365 + slack) for sign, slack in ((-1, 6), (1, 3))
    )
    return (
        Case.objects.visible_to(by)
        .filter(
            Exists(mine),
            Exists(_others_words(OuterRef("person"))),
            closed_on=None,
            person__birth_date__range=(earliest, latest),
        )
        .select_related("person")
        .order_by("person__birth_date", "reference")
    )


def _others_words(person: Any) -> QuerySet[Consent]:
    """Agreements that somebody else gave for this person, neither taken back nor recorded in error."""
    return still_given(Consent.objects.filter(person=person, given_by__isnull=False))


def _still_run(case: Case) -> bool:
    """Whether one of them runs on to that day: what was over before it needs nothing."""
    return _others_words(case.person_id).filter(valid_until__gt=majority_at(case.person)).exists()


def _asked_again(case: Case) -> bool:
    """Whether she gave her own word since."""
    hers = {"person": case.person_id, "given_by": None, "recorded_at__gte": majority_at(case.person)}
    return Consent.objects.filter(**hers).exists() or Refusal.objects.filter(**hers).exists()
