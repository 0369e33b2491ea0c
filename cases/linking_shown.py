"""What pages say of the links between sheets, to who may open a case of one and to who decides: never what the other holds."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from partners.dates import day
from partners.models import Function, Membership

from . import linking
from .models import Case, PersonLink, PersonLinkAnswer, PersonLinkEnd
from .sheets import sheet_ids


@dataclass(frozen=True, slots=True, kw_only=True)
class Joined:
    """Another sheet of the same person: the reference of its case and its service, nothing of what it holds."""

    reference: str
    place: str
    mine: bool
    """Whether she who acts may open that case too."""


def joined(case: Case, by: Membership, at: datetime) -> list[Joined]:
    """The other sheets of the person of a case, near or far; one statement, a second where there are some."""
    found = (
        Case.objects.filter(institution=case.institution_id, person__in=sheet_ids([case.person_id], at))
        .exclude(person=case.person_id)
        .select_related("institution")
        .order_by("person_id", "-closed_on", "-opened_on")
        .distinct("person_id")
    )
    others = list(found)
    mine = _mine([one.pk for one in others], by)
    return [
        Joined(reference=one.reference, place=str(one.institution), mine=one.pk in mine)
        for one in sorted(others, key=lambda one: one.reference)
    ]


def _mine(cases: list[uuid.UUID], by: Membership) -> set[uuid.UUID]:
    return set(Case.objects.visible_to(by).filter(pk__in=cases).values_list("pk", flat=True)) if cases else set()


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """One link, as it is told to those who follow one of its sheets."""

    pk: uuid.UUID
    title: str
    said: tuple[str, ...]
    kind: str
    chip: str
    may_end: bool


def of_case(case: Case, by: Membership) -> list[Shown]:
    """The links of the sheet of this case, the latest first; what waits on another sheet is told there only."""
    approved = PersonLinkAnswer.objects.filter(link=OuterRef("pk"), approved=True)
    mine = Q(first=case.person_id) | Q(Exists(approved), second=case.person_id)
    links = list(_told(PersonLink.objects.visible_to(by).filter(mine, institution=case.institution_id)))
    return _each(links, case, by)


def _told(links: QuerySet[PersonLink]) -> QuerySet[PersonLink]:
    return links.select_related("by__professional").order_by("-at", "pk")


def _each(links: list[PersonLink], case: Case, by: Membership) -> list[Shown]:
    if not links:
        return []
    answers = {
        one.link_id: one for one in PersonLinkAnswer.objects.filter(link__in=links).select_related("by__professional")
    }
    ends = {one.link_id: one for one in PersonLinkEnd.objects.filter(link__in=links).select_related("by__professional")}
    references = _references([one for link in links for one in (link.first_id, link.second_id) if one], case)
    deciding = linking.answerers(case.institution_id)
    hers = by.pk in {one.pk for one in deciding} or linking.is_referent(by, [case.person_id])
    return [
        _shown(one, answers.get(one.pk), ends.get(one.pk), case, references, deciding, hers=hers or one.by_id == by.pk)
        for one in links
    ]


def _references(persons: Iterable[uuid.UUID], case: Case) -> dict[uuid.UUID, str]:
    """The reference of each sheet's case in this institution, open if one is; one statement."""
    found = Case.objects.filter(institution=case.institution_id, person__in=set(persons))
    rows = (
        found.order_by("person_id", "-closed_on", "-opened_on").distinct("person_id").values_list("person", "reference")
    )
    return dict(rows)


def _shown(
    link: PersonLink,
    answer: PersonLinkAnswer | None,
    end: PersonLinkEnd | None,
    case: Case,
    references: dict[uuid.UUID, str],
    deciding: list[Membership],
    *,
    hers: bool,
) -> Shown:
    from_here = link.first_id == case.person_id
    other = link.second_id if from_here else link.first_id
    said = []
    if from_here:
        said.append(
            _("%(who)s l’a proposé le %(day)s : %(reason)s")
            % {"who": link.by.professional.full_name, "day": day(link.at), "reason": link.reason}
        )
    if answer is not None:
        words = {"who": answer.by.professional.full_name, "day": day(answer.at), "reason": answer.reason}
        if answer.approved:
            said.append(_("%(who)s l’a accepté le %(day)s.") % words)
        else:
            said.append(_("%(who)s l’a refusé le %(day)s : %(reason)s") % words)
    if end is not None:
        words = {"who": end.by.professional.full_name, "day": day(end.at), "reason": end.reason}
        said.append(_("%(who)s y a mis fin le %(day)s : %(reason)s") % words)
    if answer is None and end is None:
        said.append(whose_turn(link, deciding))
    known = answer is not None and answer.approved and other is not None
    if known:
        title = _("Situation %(reference)s") % {"reference": references.get(other, "")}  # type: ignore[arg-type]
    elif link.asked:
        title = _("Référence %(reference)s") % {"reference": link.asked}
    else:
        title = _("La fiche de même nom et de même date de naissance")
    kind, chip = _state(answer, end)
    still = end is None and (answer is None or answer.approved)
    return Shown(pk=link.pk, title=title, said=tuple(said), kind=kind, chip=chip, may_end=still and hers)


def _state(answer: PersonLinkAnswer | None, end: PersonLinkEnd | None) -> tuple[str, str]:
    if end is not None:
        return "ended", _("défait") if answer is not None else _("retiré")
    if answer is None:
        return "pending", _("attend une réponse")
    return ("given", _("rapprochées")) if answer.approved else ("refused", _("refusé"))


def whose_turn(link: PersonLink, deciding: list[Membership]) -> str:
    """Who decides it now, by name; that nobody does, where the institution has nobody else for it."""
    names = [one.professional.full_name for one in deciding if one.professional_id != link.by.professional_id]
    if not names:
        return _("Personne d’autre ne peut en décider dans votre service : parlez-en à votre direction.")
    return _("C’est à %(names)s de répondre.") % {"names": _(" ou ").join(names)}


# --- for who decides -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class ToDecide:
    """A link that waits for a supervisor, or that holds: by whom, of which situations, without a name of the person."""

    url: str
    text: str
    soft: str
    holds: bool


def may_supervise(by: Membership) -> bool:
    """Whether proposals of her institution may come to her; no statement."""
    return by.has_function(Function.REVIEWER, Function.TEAM_LEAD) and by.is_bound


def to_decide(by: Membership) -> list[ToDecide]:
    """The proposals that this membership may answer, the oldest first; no statement where she answers none, two otherwise."""
    if not may_supervise(by):
        return []
    waiting = linking.waiting_links().filter(institution=by.institution_id)
    return _listed(waiting.exclude(by__professional=by.professional_id).order_by("at", "pk"), by, holds=False)


def holding(by: Membership) -> list[ToDecide]:
    """The links that hold in her institution, the latest first: she may undo them."""
    if not may_supervise(by):
        return []
    approved = PersonLinkAnswer.objects.filter(link=OuterRef("pk"), approved=True)
    links = linking.open_links().filter(Exists(approved), institution=by.institution_id)
    return _listed(links.order_by("-at", "pk"), by, holds=True)


def _listed(links: QuerySet[PersonLink], by: Membership, *, holds: bool) -> list[ToDecide]:
    rows = list(links.select_related("by__professional"))
    if not rows:
        return []
    cases = Case.objects.filter(
        institution=by.institution_id, person__in={one for row in rows for one in (row.first_id, row.second_id) if one}
    )
    named: dict[uuid.UUID | None, str] = dict(
        cases.order_by("person_id", "-closed_on", "-opened_on").distinct("person_id").values_list("person", "reference")
    )
    return [
        ToDecide(
            url=reverse("cases:link", args=[row.pk]),
            text=_("%(one)s et %(other)s : la même personne ?")
            % {
                "one": named.get(row.first_id, ""),
                "other": row.asked or (named.get(row.second_id, "") if row.second_id else ""),
            },
            soft=f"{row.by.professional.full_name} · {day(row.at)}",
            holds=holds,
        )
        for row in rows
    ]
