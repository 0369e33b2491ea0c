"""Two sheets of one person: proposed by one, decided by another, undone at will; nothing is poured from one into the other.

A link is of one institution. It opens no case. What it changes: what the person, or her state, stops on one sheet is stopped from
the other too (cases.sheets, consent.standing, cases.standing); agreements are never pooled. Abuse 37, ADR 0026.
"""

import uuid
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from audit import ledger
from partners import clock
from partners.models import Function, Membership
from partners.text import plain

from .files import namesakes
from .models import Assignment, Case, Person, PersonLink, PersonLinkAnswer, PersonLinkEnd
from .sheets import EVER, sheet_ids

SHEETS_MOST = 6  # of one person; beyond, the file itself is to be looked at
WAITING_MOST = 3  # proposals that wait, of one sheet: nobody tries references one after the other (abuse 29)


class LinkError(ValueError):
    """It cannot be recorded so; `field` names what is wrong, the message says what to do, in the user's language."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


class NotHers(Exception):
    """She may open neither sheet, or it is not for her to decide: she is answered as if there were none."""


class AlreadySettled(Exception):
    """Somebody answered it or ended it meanwhile."""


# --- who decides ---------------------------------------------------------------------------------------------------------------


def answerers(institution: uuid.UUID, *, apart: uuid.UUID | None = None) -> list[Membership]:
    """Who may decide in an institution: its reviewers and team leads bound by secrecy, but for this professional. One statement."""
    found = Membership.objects.in_force().filter(
        institution=institution, functions__overlap=[Function.REVIEWER, Function.TEAM_LEAD]
    )
    if apart is not None:
        found = found.exclude(professional=apart)
    people = found.select_related("professional").order_by("professional__last_name", "professional__first_name", "pk")
    return [one for one in people if one.is_bound]


def supervises(link: PersonLink, by: Membership) -> bool:
    """Whether she is of those who decide in the institution of this link."""
    return by.institution_id == link.institution_id and by.pk in {one.pk for one in answerers(link.institution_id)}


def may_answer(link: PersonLink, by: Membership) -> bool:
    """The same, and never the one who proposed it, whichever post she acts for."""
    return link.by.professional_id != by.professional_id and supervises(link, by)


def may_end(link: PersonLink, by: Membership) -> bool:
    """A referent of either sheet, who decides in the institution, or whoever proposed it."""
    if by.institution_id != link.institution_id:
        return False
    return (
        link.by_id == by.pk
        or supervises(link, by)
        or is_referent(by, [one for one in (link.first_id, link.second_id) if one])
    )


def is_referent(by: Membership, sheets: list[uuid.UUID]) -> bool:
    """Whether she is the referent of a case of one of these sheets, in the institution for which she acts."""
    mine = Assignment.objects.in_force().filter(
        membership=by, kind=Assignment.Kind.REFERENT, case__in=Case.objects.visible_to(by)
    )
    return mine.filter(case__institution=by.institution_id, case__person__in=sheets).exists()


# --- what stands ---------------------------------------------------------------------------------------------------------------


def open_links() -> QuerySet[PersonLink]:
    """Those that wait or hold: neither refused nor ended."""
    refused = PersonLinkAnswer.objects.filter(link=OuterRef("pk"), approved=False)
    ended = PersonLinkEnd.objects.filter(link=OuterRef("pk"))
    return PersonLink.objects.filter(~Exists(refused), ~Exists(ended))


def waiting_links() -> QuerySet[PersonLink]:
    """Those that nobody answered yet."""
    return open_links().filter(~Exists(PersonLinkAnswer.objects.filter(link=OuterRef("pk"))))


def sheets_of(person: Person, at: datetime) -> list[Person]:
    """Every sheet of this person at an instant, hers first: what an export of hers covers. One statement."""
    found = Person.objects.filter(pk__in=sheet_ids([person.pk], at)).order_by("created_at", "pk")
    return sorted(found, key=lambda one: one.pk != person.pk)


# --- acts ----------------------------------------------------------------------------------------------------------------------


@transaction.atomic
def propose_link(
    *, first: Person, second: Person, reason: str, by: Membership, at: datetime | None = None
) -> PersonLink:
    """Propose that two sheets of one's institution are of one person. Raises LinkError, NotHers.

    She opens a case of one of them at least; the other is known by its exact name and birth date, or by its reference.
    """
    if first.pk == second.pk:
        raise LinkError("which", _("C’est la même fiche."))
    _hold([first.pk, second.pk])
    cases = Case.objects.filter(institution=by.institution_id, person__in=[first.pk, second.pk])
    if len({person for (person,) in cases.values_list("person")}) < 2:
        raise NotHers
    if not Case.objects.visible_to(by).filter(institution=by.institution_id, person__in=[first.pk, second.pk]).exists():
        raise NotHers
    at = at or clock.now()
    if second.pk in _group(first.pk):
        raise LinkError("which", _("Ces deux fiches sont déjà rapprochées."))
    if _between(first.pk, second.pk).exists():
        raise LinkError("which", _("Le rapprochement de ces deux fiches est déjà proposé : il attend une réponse."))
    _check(first.pk, reason)
    return _write(first.pk, second.pk, "", reason, by, at)


@transaction.atomic
def propose_by_reference(
    *, first: Person, reference: str, reason: str, by: Membership, at: datetime | None = None
) -> PersonLink:
    """The same, the other sheet named by the reference of one of its cases. Raises LinkError, NotHers.

    Whether the institution has such a case is not said: a reference that leads nowhere is written down alike, with the same
    statements, and whoever decides sees it (abuse 29).
    """
    reference = plain(reference).strip()
    other = (
        Case.objects.filter(institution=by.institution_id, reference=reference)
        .exclude(person=first.pk)
        .values_list("person", flat=True)
        .first()
    )
    _hold([first.pk, other or first.pk])
    opened = Case.objects.visible_to(by).filter(institution=by.institution_id, person=first.pk)
    references = {one for (one,) in opened.values_list("reference")}
    if not references:
        raise NotHers
    if reference in references:
        raise LinkError("reference", _("C’est la situation où vous êtes : écrivez la référence de l’autre."))
    at = at or clock.now()
    if (other or first.pk) in _group(first.pk) - {first.pk}:
        raise LinkError("reference", _("Ces deux fiches sont déjà rapprochées."))
    if waiting_links().filter(first=first.pk, asked=reference).exists():
        raise LinkError("reference", _("Une demande attend déjà une réponse pour cette référence."))
    # Proposed already from elsewhere: nothing more to link, and not hers to know.
    if _between(first.pk, other or first.pk).exists():
        other = None
    _check(first.pk, reason)
    return _write(first.pk, other, reference, reason, by, at)


def propose_namesake(*, case: Case, reason: str, by: Membership) -> PersonLink:
    """`propose_link` with the one other sheet of the same name and birth date. Raises LinkError, NotHers."""
    found = namesakes(case.person, institution=case.institution_id)
    if len(found) != 1:
        raise LinkError("which", _("Aucune autre fiche ne porte exactement ce nom et cette date de naissance."))
    return propose_link(first=case.person, second=found[0], reason=reason, by=by)


@transaction.atomic
def answer_link(
    *, link: PersonLink, approved: bool, reason: str = "", by: Membership, at: datetime | None = None
) -> PersonLinkAnswer:
    """Say whether two sheets are of one person. Raises NotHers, AlreadySettled, LinkError where a refusal says no reason."""
    if not may_answer(link, by):
        raise NotHers
    _hold(_everyone(link))
    if not waiting_links().filter(pk=link.pk).exists():
        raise AlreadySettled
    at = at or clock.now()
    reason = plain(reason)
    if approved and link.second_id is None:
        raise LinkError("decision", _("Cette référence ne mène à aucune autre fiche de votre service : refusez."))
    if approved and len(_everyone(link)) > SHEETS_MOST:
        raise LinkError("decision", _("Trop de fiches seraient rapprochées : vérifiez d’abord celles qui le sont."))
    if not approved and not reason:
        raise LinkError("reason", _("Dites pourquoi : qui l’a proposé doit pouvoir comprendre."))
    entry_id = ledger.record(
        action="link.approved" if approved else "link.refused",
        at=at,
        actor=by.pk,
        case=_case_of(link),
        refs=_refs(link),
        personal={"reason": reason},
    )
    return PersonLinkAnswer.objects.create(link=link, approved=approved, reason=reason, at=at, by=by, entry_id=entry_id)


@transaction.atomic
def end_link(*, link: PersonLink, reason: str, by: Membership, at: datetime | None = None) -> PersonLinkEnd:
    """Undo a link, or take a proposal back: each sheet is again what it was. Raises NotHers, AlreadySettled, LinkError."""
    if not may_end(link, by):
        raise NotHers
    _hold(_everyone(link))
    if not open_links().filter(pk=link.pk).exists():
        raise AlreadySettled
    at = at or clock.now()
    reason = plain(reason)
    if not reason:
        raise LinkError("reason", _("Dites pourquoi : qui suit l’autre fiche doit pouvoir comprendre."))
    entry_id = ledger.record(
        action="link.ended",
        at=at,
        actor=by.pk,
        case=_case_of(link),
        refs=_refs(link),
        personal={"reason": reason},
    )
    return PersonLinkEnd.objects.create(link=link, reason=reason, at=at, by=by, entry_id=entry_id)


def _hold(persons: list[uuid.UUID]) -> None:
    """Lock these sheets in the order of their ids, as whoever discloses does (sharing.anchors): nobody waits in a circle."""
    list(Person.objects.select_for_update(no_key=True).filter(pk__in=persons).order_by("pk").values_list("pk"))


def _group(person: uuid.UUID) -> set[uuid.UUID]:
    return {one for (one,) in sheet_ids([person], EVER)}


def _everyone(link: PersonLink) -> list[uuid.UUID]:
    """Every sheet that this link joins or would join."""
    ends = [one for one in (link.first_id, link.second_id) if one]
    return list({one for (one,) in sheet_ids(ends, EVER)})


def _between(one: uuid.UUID, other: uuid.UUID) -> QuerySet[PersonLink]:
    return open_links().filter(Q(first=one, second=other) | Q(first=other, second=one))


def _check(first: uuid.UUID, reason: str) -> None:
    if not plain(reason):
        raise LinkError("reason", _("Dites ce qui vous fait penser que c’est la même personne."))
    if waiting_links().filter(first=first).count() >= WAITING_MOST:
        raise LinkError("which", _("Plusieurs demandes attendent déjà pour cette fiche : attendez leur réponse."))


def _write(
    first: uuid.UUID, second: uuid.UUID | None, asked: str, reason: str, by: Membership, at: datetime
) -> PersonLink:
    link = PersonLink(
        institution_id=by.institution_id,
        first_id=first,
        second_id=second,
        asked=asked,
        reason=plain(reason),
        at=at,
        by=by,
    )
    link.entry_id = ledger.record(
        action="link.proposed",
        at=at,
        actor=by.pk,
        case=_case_of(link),
        refs=_refs(link),
        personal={"reason": link.reason, "asked": asked},
    )
    link.save(force_insert=True)
    return link


def _refs(link: PersonLink) -> dict[str, uuid.UUID]:
    found = {"link": link.pk, "institution": link.institution_id, "first": link.first_id}
    return found | ({"second": link.second_id} if link.second_id else {})


def _case_of(link: PersonLink) -> uuid.UUID | None:
    """The case of the first sheet, open if one is: where the trail shows it."""
    found = Case.objects.filter(person=link.first_id, institution=link.institution_id)
    return found.order_by("-closed_on", "-opened_on").values_list("pk", flat=True).first()
