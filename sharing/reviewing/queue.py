"""What awaits an opinion: emergencies on top, then the oldest first. A constant number of statements; nothing is done in bulk."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.db.models import BooleanField, Exists, ExpressionWrapper, F, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from audit.models import Access
from cases.models import DissentNote
from partners import wording
from partners.models import Function, Membership, Professional
from partners.vocabulary import vocabulary
from sharing.models import DraftItem, Opinion, Review, ReviewQuerySet
from sharing.outcome import Effect
from sharing.reviewing import words
from sharing.reviewing.standing import AROUND, contents_of, reference_of, stopped
from sharing.rules.norm import written

A_PAGE = 20
WHILE_READING = timedelta(minutes=15)
OPENED = ("review.opened", "review.seen")
ENDING = (Opinion.Kind.FAVOURABLE, Opinion.Kind.REDUCE, Opinion.Kind.UNFAVOURABLE)
AGES = (1, 3, 7)


@dataclass(frozen=True, slots=True)
class Filters:
    """What the address keeps: a reason, an age in days, emergencies only."""

    reason: str = ""
    days: int = 0
    urgent: bool = False

    @classmethod
    def read(cls, asked: Any) -> "Filters":
        """From the parameters of an address; what is not understood filters nothing."""
        reason, days = asked.get("motif", ""), asked.get("age", "")
        return cls(
            reason=reason if reason in vocabulary().reasons else "",
            days=int(days) if days in map(str, AGES) else 0,
            urgent=asked.get("urgences", "") == "1",
        )

    @property
    def query(self) -> str:
        """The same in an address, ready for a page number."""
        kept = {
            "motif": self.reason,
            "age": str(self.days) if self.days else "",
            "urgences": "1" if self.urgent else "",
        }
        said = urlencode({name: value for name, value in kept.items() if value})
        return f"{said}&" if said else ""


def reasons() -> list[tuple[str, str]]:
    """The reasons for which a rule asks for an opinion, with their words."""
    codes = {rule.reason for rule in written() if rule.effect == Effect.REVIEW}
    known = vocabulary().reasons
    return sorted(((code, wording.worded(known[code])) for code in codes), key=lambda one: one[1])


def waiting(by: Membership) -> ReviewQuerySet:
    """The reviews that she may answer and that nothing has ended, her word included. A few statements before it is read.

    What its author saved again, or on which somebody noted that she sees it otherwise, is compared with what was submitted:
    what changed awaits nothing any more.
    """
    found = _unended(by)
    lapsed = _changed(found.filter(_touched()).select_related("draft"))
    lapsed |= stopped(found.exclude(pk__in=lapsed).order_by().only("pk"))
    return found.exclude(pk__in=lapsed) if lapsed else found


def _unended(by: Membership) -> ReviewQuerySet:
    ended = Opinion.objects.filter(review=OuterRef("pk"), kind__in=ENDING)
    return Review.objects.to_be_answered_by(by).filter(
        ~Exists(ended), draft__sent_at__isnull=True, draft__discarded_at__isnull=True
    )


def _touched() -> Q:
    """Whether what was submitted may have changed: saved again, or a dissent noted on an item of it."""
    going = DraftItem.objects.filter(draft=OuterRef(OuterRef("draft"))).values("item")
    noted = DissentNote.objects.filter(item__in=going, at__gt=OuterRef("submitted_at"))
    return Q(draft__saved_at__gt=F("submitted_at")) | Q(Exists(noted))


def _changed(touched: Iterable[Review]) -> set[uuid.UUID]:
    """Of these, those whose content is no longer what was submitted. Two statements, none where there are none."""
    rows = list(touched)
    contents = contents_of({one.draft_id: one.draft for one in rows}.values())
    return {one.pk for one in rows if not contents[one.draft_id].submitted_as(one)}


def gives_opinions(by: Membership) -> bool:
    """Whether opinions may be awaited from her."""
    return by.has_function(Function.REVIEWER, Function.DPO)


def read_for(by: Membership, at: datetime) -> QuerySet[Review]:
    """For the first page: what nothing has ended, with all that deciding again reads; `touched` of what may have changed."""
    touched = ExpressionWrapper(_touched(), output_field=BooleanField())
    found = _unended(by).annotate(touched=touched).select_related(*AROUND, "record", "case__person")
    return found.order_by("-draft__urgent", "submitted_at", "pk")


def unchanged(rows: Sequence[Review]) -> list[Review]:
    """Of what `read_for` read, those whose content is what was submitted."""
    lapsed = _changed(one for one in rows if one.touched)  # type: ignore[attr-defined]
    return [one for one in rows if one.pk not in lapsed]


def filtered(reviews: ReviewQuerySet, filters: Filters, at: datetime) -> ReviewQuerySet:
    """Those that the address asks for."""
    if filters.reason:
        reviews = reviews.filter(record__decision__reasons__contains=[filters.reason])
    if filters.days:
        reviews = reviews.filter(submitted_at__lte=at - timedelta(days=filters.days))
    return reviews.filter(draft__urgent=True) if filters.urgent else reviews


def page(by: Membership, filters: Filters, number: Any, at: datetime) -> tuple[Page[Review], list[dict[str, Any]]]:
    """One page of the queue, and its lines."""
    found = filtered(waiting(by), filters, at).select_related(*AROUND).defer("record__facts")
    shown = Paginator(found.order_by("-draft__urgent", "submitted_at", "pk"), A_PAGE).get_page(number)
    rows = list(shown.object_list)
    return shown, lines(rows, by, at)


def lines(rows: Sequence[Review], by: Membership, at: datetime) -> list[dict[str, Any]]:
    """What the queue says of each: metadata only. Three statements."""
    pks = [one.pk for one in rows]
    said = list(Opinion.objects.filter(review__in=pks).order_by("number").values_list("review", "kind"))
    last = dict(said)
    # It may be handed on since: it stays suspended until somebody takes it up again.
    suspended = {pk for pk, kind in said if kind == Opinion.Kind.SUSPEND}
    reading = being_examined(rows, by, at)
    return [
        {
            "reference": reference_of(one),
            "url": reverse("sharing:review", args=[one.pk]),
            "age": words.since(one.submitted_at, at),
            "why": words.why_reviewed(one.record),
            "author": one.author.professional.full_name,
            "to": one.record.recipient.institution.name,
            "purpose": wording.purpose(one.record.purpose),
            "urgent": one.draft.urgent,
            "suspended": one.pk in suspended,
            "transferred": last.get(one.pk) == Opinion.Kind.TRANSFER,
            "reading": reading.get(str(one.pk), ""),
        }
        for one in rows
    ]


def being_examined(rows: Sequence[Review], by: Membership, at: datetime) -> dict[str, str]:
    """« En cours d’examen par Mme D. depuis 3 min », by review: information, and no lock. Two statements.

    The first opening of the last quarter of an hour, by somebody else.
    """
    openings = Access.objects.filter(
        action__in=OPENED, object_ref__in=[str(one.pk) for one in rows], granted=True, at__gt=at - WHILE_READING
    ).exclude(professional_ref=by.professional_id)
    first = {
        ref: (who, then)
        for ref, who, then in openings.order_by("-at").values_list("object_ref", "professional_ref", "at")
    }
    names = Professional.objects.in_bulk([who for who, _then in first.values()])
    return {
        ref: _("En cours d’examen par %(who)s %(since)s")
        % {"who": names[who].formal_name, "since": words.since(then, at)}
        for ref, (who, then) in first.items()
        if who in names
    }


def last_examined(by: Membership) -> datetime | None:
    """When an opinion was last given in her institution."""
    given = Opinion.objects.filter(by__institution=by.institution_id).order_by("-at")
    return given.values_list("at", flat=True).first()
