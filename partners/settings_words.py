"""What a narrowing says, in words: « Cette convention ne laisse pas passer : santé mentale. » The same sentences on every page."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from . import clock, wording
from .agreement_words import title_of
from .models import Agreement, Forum, Institution, Membership, Narrowing, NarrowingDecision, NarrowingLift
from .models.narrowings import GOVERNING
from .narrowing import Place, Proposal, deciders_of, place_of
from .templatetags.rulebook import lower_first


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A narrowing as a page says it: where, what, since or until when, who proposed and who decided."""

    narrowing: Narrowing
    decision: NarrowingDecision | None
    lift: NarrowingLift | None
    lift_decision: NarrowingDecision | None
    at: datetime

    @property
    def state(self) -> str:
        """`waiting`, `refused`, `to_come`, `current` or `lifted`."""
        if self.decision is None:
            return "waiting"
        if not self.decision.approved or self.decision.effective_at is None:
            return "refused"
        lifted = self.lifted_at
        if lifted is not None and lifted <= max(self.at, self.decision.effective_at):
            return "lifted"
        return "current" if self.decision.effective_at <= self.at else "to_come"

    @property
    def stands(self) -> bool:
        """In force or to come: what the directory says to everybody."""
        return self.state in {"current", "to_come"}

    @property
    def lifted_at(self) -> datetime | None:
        """The instant at which it ends or ended, where that is decided."""
        return self.lift_decision.effective_at if self.lift_decision is not None else None

    @property
    def lift_waits(self) -> bool:
        return self.lift is not None and self.lift_decision is None

    @property
    def waits(self) -> bool:
        """Whether a second person is awaited, for it or for its lift."""
        return self.decision is None or (self.stands and self.lift_waits)

    @property
    def proposal(self) -> Proposal:
        """What awaits a second person, or awaited one: the lift where there is one, the narrowing otherwise."""
        return self.lift if self.lift is not None and self.decision is not None else self.narrowing

    @property
    def place(self) -> str:
        return name_of(place_of(self.narrowing))

    @property
    def sentences(self) -> list[str]:
        return sentences(self.narrowing)

    @property
    def since(self) -> str:
        """« Depuis le 1er décembre 2026. », « À partir du … », and until when where its end is decided."""
        if self.decision is None or self.decision.effective_at is None:
            return _("Voulu à partir du %(day)s.") % {"day": _day(clock.start_of(self.narrowing.wanted_on))}
        start, end = _day(self.decision.effective_at), self.lifted_at
        if end is not None:
            return _("À partir du %(start)s, et levé à partir du %(end)s.") % {"start": start, "end": _day(end)}
        pattern = _("Depuis le %(start)s.") if self.state == "current" else _("À partir du %(start)s.")
        return pattern % {"start": start}


def _day(at: datetime) -> str:
    return date_format(clock.day_of(at), "j F Y")


def key_of(place: Place) -> str:
    """How a form names a place."""
    return f"{type(place)._meta.model_name}:{place.pk}"


def name_of(place: Place) -> str:
    """The institution, the agreement or the forum as a list names it."""
    if isinstance(place, Agreement):
        return _("%(agreement)s, %(title)s") % {"agreement": title_of(place), "title": place.title}
    return place.name


def sentences(narrowing: Narrowing) -> list[str]:
    """What no longer passes, a sentence each."""
    place = place_of(narrowing)
    found = []
    if narrowing.categories:
        found.append(_left_out(place) % {"what": _said(map(wording.category, narrowing.categories))})
    if narrowing.purposes:
        found.append(_closed(place) % {"what": _said(map(wording.purpose, narrowing.purposes))})
    if narrowing.opinion_on:
        found.append(_asked(place) % {"what": _said(map(wording.category, narrowing.opinion_on))})
    if narrowing.at_most_days is not None:
        days = narrowing.at_most_days
        found.append(
            ngettext(
                "Ce qui est communiqué peut être lu %(days)d jour au plus.",
                "Ce qui est communiqué peut être lu %(days)d jours au plus.",
                days,
            )
            % {"days": days}
        )
    return found


def _left_out(place: Place) -> str:
    if isinstance(place, Institution):
        return _("Cette institution garde, et ne communique pas : %(what)s.")
    if isinstance(place, Forum):
        return _("Cette instance ne laisse pas entrer : %(what)s.")
    return _("Cette convention ne laisse pas passer : %(what)s.")


def _closed(place: Place) -> str:
    if isinstance(place, Institution):
        return _("Cette institution ne communique rien pour : %(what)s.")
    if isinstance(place, Forum):
        return _("Cette instance n’est plus ouverte pour : %(what)s.")
    return _("Cette convention ne sert plus pour : %(what)s.")


def _asked(place: Place) -> str:
    if isinstance(place, Institution):
        return _("Cette institution demande d’abord l’avis d’un cadre pour : %(what)s.")
    if isinstance(place, Forum):
        return _("Cette instance demande d’abord l’avis d’un cadre pour : %(what)s.")
    return _("Cette convention demande d’abord l’avis d’un cadre pour : %(what)s.")


def _said(labels: Iterable[str]) -> str:
    # Labels hold « et » themselves: commas alone keep them apart.
    return ", ".join(map(lower_first, labels))


def standings(found: Iterable[Narrowing], at: datetime) -> list[Standing]:
    """Each with its decision, its last lift and the decision on it; three statements whatever their number."""
    every = list(found)
    lifts = {
        one.narrowing_id: one
        for one in NarrowingLift.objects.filter(narrowing__in=every)
        .select_related("proposed_by__professional", "proposed_by__institution")
        .order_by("proposed_at")
    }
    decisions = NarrowingDecision.objects.select_related("decided_by__professional", "decided_by__institution")
    of_narrowings = {one.narrowing_id: one for one in decisions.filter(narrowing__in=every)}
    of_lifts = {one.lift_id: one for one in decisions.filter(lift__in=lifts.values())}
    return [
        Standing(
            narrowing=one,
            decision=of_narrowings.get(one.pk),
            lift=(lift := lifts.get(one.pk)),
            lift_decision=of_lifts.get(lift.pk) if lift is not None else None,
            at=at,
        )
        for one in every
    ]


def to_decide(by: Membership, at: datetime) -> list[Standing]:
    """What others proposed and this membership may decide, the oldest first; nothing for who governs nothing."""
    if not by.has_function(*GOVERNING):
        return []
    found = (
        Narrowing.objects.governed_by(by).select_related("institution", "agreement", "forum").order_by("proposed_at")
    )
    waiting = [one for one in standings(found, at) if one.waits]
    return [one for one in waiting if deciders_of(one.proposal).filter(pk=by.pk).exists()]


def standing_at(place: Place, by: Membership, at: datetime) -> list[Standing]:
    """What is narrowed in one place, in force first, then to come."""
    kind = type(place)._meta.model_name
    found = Narrowing.objects.visible_to(by).approved_by(at).filter(**{str(kind): place})
    lines = standings(found.select_related("institution", "agreement", "forum"), at)
    return sorted((one for one in lines if one.stands), key=lambda one: one.state != "current")
