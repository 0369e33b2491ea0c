"""Add to the directory an institution that Tact does not know, correct what it says of one, open it to its first people.

What an institution is (name, what it is, number) and who comes first to it take two persons of the institution that asks: by a
name a sender recognises a partner, and by a number ProConnect lets somebody in. Adding opens nothing: no sheet, no agreement, no
post comes with it. How it is reached is corrected by one person, with an entry. Acts are functions.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import gettext as _

from audit import ledger

from . import clock
from .accounts import opening
from .cards import IDENTITY, Card, Resembling, card_of, differences, refuse_taken, resembling
from .models import (
    Function,
    Institution,
    InstitutionAnswer,
    InstitutionChange,
    InstitutionChangeQuerySet,
    Membership,
    MembershipQuerySet,
)
from .tending import DirectoryError, NotTended, SamePerson, TooLate, held, open_at, said, tends

MAY = (Function.DIRECTORY_ADMIN,)
SECONDS = (Function.DIRECTORY_ADMIN, Function.DPO)
"""Who may be the second person; failing both, a team lead of the institution that asks."""
LOCK = 0x7AC7_0A11
Kind = InstitutionChange.Kind
PROPOSED = {
    Kind.ADD: "institution.proposed",
    Kind.CORRECT: "institution.change_proposed",
    Kind.OPEN: "institution.opening_proposed",
}
ACCEPTED = {Kind.ADD: "institution.added", Kind.CORRECT: "institution.change_approved", Kind.OPEN: "institution.opened"}
REFUSED = {
    Kind.ADD: "institution.refused",
    Kind.CORRECT: "institution.change_refused",
    Kind.OPEN: "institution.opening_refused",
}


# --- who may -------------------------------------------------------------------------------------------------------------


def added_by(house: Institution, institution: Institution) -> bool:
    """Whether this house added that institution to the directory."""
    made = InstitutionAnswer.objects.filter(accepted=True, change__kind=Kind.ADD, change__house=house)
    return made.filter(institution=institution).exists()


def addition_of(institution: Institution) -> InstitutionAnswer | None:
    """By whom it was added, where another institution did; one statement."""
    found = InstitutionAnswer.objects.filter(accepted=True, change__kind=Kind.ADD, institution=institution)
    return found.select_related("change__house").first()


def has_had_somebody(institution: Institution) -> bool:
    """Whether somebody tends its directory, or did: from then on nobody else corrects what it says (ADR 0047).

    Posts that are over count, with the functions they had: it never comes back to who added it.
    """
    ever = Membership.objects.filter(institution=institution)
    return ever.filter(functions__contains=[Function.DIRECTORY_ADMIN]).exists()


def may_correct(by: Membership, institution: Institution) -> bool:
    """Whether she tends the directory there, or in the house that added it as long as nobody ever did."""
    if not tends(by, by.institution_id, functions=MAY):
        return False
    if institution.pk == by.institution_id:
        return True
    return added_by(by.institution, institution) and not has_had_somebody(institution)


def may_open(by: Membership, institution: Institution) -> bool:
    """Whether it is hers to say who comes first: her house added it, and nobody has tended it yet."""
    return institution.pk != by.institution_id and may_correct(by, institution)


def second_persons(change: InstitutionChange) -> MembershipQuerySet:
    """Who may answer: somebody else of the institution that asks."""
    others = Membership.objects.in_force().filter(institution=change.house_id).exclude(professional=change.proposer_id)
    first = others.filter(functions__overlap=list(SECONDS))
    return first if first.exists() else others.filter(functions__contains=[Function.TEAM_LEAD])


def for_her(by: Membership) -> list[InstitutionChange]:
    """Those that wait for her answer, the oldest first; no statement for who could not give one."""
    if not by.has_function(*SECONDS, Function.TEAM_LEAD):
        return []
    waiting: InstitutionChangeQuerySet = InstitutionChange.objects.visible_to(by).waiting()
    found = waiting.exclude(proposer=by.professional_id).select_related("institution", "proposed_by__professional")
    return [one for one in found.order_by("proposed_at") if second_persons(one).filter(pk=by.pk).exists()]


# --- asking --------------------------------------------------------------------------------------------------------------


def _one_at_a_time() -> None:
    """Two institutions of one number cannot be added at once: no index could say it, since a closed one keeps its own."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


def _both_held(house: UUID, institution: UUID) -> Institution:
    """Hold the house that asks, and the institution it is about, which is returned: nobody leaves either meanwhile.

    In order of id, whichever asks.
    """
    rows = {pk: held(pk) for pk in sorted({house, institution})}
    return rows[institution]


def _refs(change: InstitutionChange, institution: Institution | None) -> dict[str, Any]:
    about = {} if institution is None else {"institution": institution.pk}
    return {"change": change.pk, "house": change.house_id, **about}


def _proposed(
    *,
    kind: str,
    institution: Institution | None,
    before: dict[str, Any],
    after: dict[str, Any],
    why: str,
    by: Membership,
    at: datetime,
    action: str = "",
) -> InstitutionChange:
    """The row with its entry; with an `action` it is done at once, by her alone."""
    row = InstitutionChange(
        kind=kind,
        house_id=by.institution_id,
        institution=institution,
        before=before,
        after=after,
        why=why,
        needs_second=not action,
        proposed_by=by,
        proposer_id=by.professional_id,
        proposed_at=at,
    )
    if row.needs_second:
        waiting = InstitutionChange.objects.waiting().filter(kind=kind, house=row.house_id, institution=institution)
        same = {"after__name": after["name"]} if institution is None else {}
        if waiting.filter(**same).exists():
            raise DirectoryError(_("Une proposition attend déjà la réponse d’une deuxième personne."))
        if not second_persons(row).exists():
            raise _nobody_else()
    row.entry_id = ledger.record(
        action=action or PROPOSED[Kind(kind)],
        at=at,
        actor=by.pk,
        refs=_refs(row, institution),
        codes={"fields": sorted(after)},
        personal={"before": before, "after": after, "why": why},
    )
    row.save(force_insert=True)
    return row


def _nobody_else() -> DirectoryError:
    return DirectoryError(
        _(
            "Il faut une deuxième personne pour l’accepter, et il n’y en a pas : qui tient l’annuaire, ou protège les données."
        )
    )


@transaction.atomic
def propose(
    *, card: Card, why: str, other: bool = False, by: Membership, at: datetime | None = None
) -> InstitutionChange:
    """Propose that an institution unknown to Tact be added to the directory; a second person of one's own accepts.

    `other`: she looked at those that are called nearly so, and it is none of them. Raises NotTended, Resembling, DirectoryError.
    """
    _one_at_a_time()
    held(by.institution_id)
    if not tends(by, by.institution_id, functions=MAY):
        raise NotTended
    card = card.checked()
    why = said(why, _("Dites pourquoi, en une phrase : elle reste au journal."))
    refuse_taken(card.siret)
    if not other and (near := resembling(card.name)):
        raise Resembling(near)
    _before, after = differences(None, card)
    return _proposed(kind=Kind.ADD, institution=None, before={}, after=after, why=why, by=by, at=at or clock.now())


@transaction.atomic
def correct(
    *,
    institution: Institution,
    card: Card,
    why: str,
    other: bool = False,
    by: Membership,
    at: datetime | None = None,
) -> InstitutionChange:
    """Correct what the directory says of one's own institution, or of one that it added and that nobody tends yet.

    How it is reached: at once. What it is: once a second person accepts, and the rest with it. Unchanged, one's own is said to have
    been looked at today. Raises NotTended, Resembling, DirectoryError.
    """
    _one_at_a_time()
    institution = _both_held(by.institution_id, institution.pk)
    at = at or clock.now()
    if not may_correct(by, institution) or not open_at(institution, at):
        raise NotTended
    card = card.checked()
    before, after = differences(card_of(institution), card)
    own = institution.pk == by.institution_id
    if not after and not own:
        raise DirectoryError(_("Rien n’a changé : l’annuaire dit déjà cela."))
    touched = set(after) & set(IDENTITY)
    if "siret" in touched:
        refuse_taken(card.siret, but=institution.pk)
    if "name" in touched and not other and (near := resembling(card.name, but=institution.pk)):
        raise Resembling(near)
    if touched or why.strip():
        why = said(why, _("Dites pourquoi, en une phrase : elle reste au journal."))
    alone = "institution.changed" if after else "institution.verified"
    action = "" if touched else alone
    row = _proposed(
        kind=Kind.CORRECT, institution=institution, before=before, after=after, why=why, by=by, at=at, action=action
    )
    if not row.needs_second:
        _take_effect(institution, row, at)
    return row


@transaction.atomic
def propose_opening(
    *, institution: Institution, people: opening.FirstPeople, why: str, by: Membership, at: datetime | None = None
) -> InstitutionChange:
    """Propose who comes first to an institution that one's own added: who tends its directory, who protects its data.

    A second person accepts; then both are invited, as anybody is. Raises NotTended, DirectoryError.
    """
    _one_at_a_time()
    institution = _both_held(by.institution_id, institution.pk)
    at = at or clock.now()
    if not may_open(by, institution) or not open_at(institution, at):
        raise NotTended
    why = said(why, _("Dites pourquoi, en une phrase : elle reste au journal."))
    after = people.checked().told()
    return _proposed(kind=Kind.OPEN, institution=institution, before={}, after=after, why=why, by=by, at=at)


# --- answering -----------------------------------------------------------------------------------------------------------


@transaction.atomic
def answer(
    *, change: InstitutionChange, accepted: bool, sentence: str, by: Membership, at: datetime | None = None
) -> tuple[InstitutionAnswer, list[opening.Sent]]:
    """Accept what a colleague asks of the directory, or refuse it in a sentence. The same answer given twice is given once.

    With the answer come the invitations of an opening, each with the secret that its letter alone carries. Raises NotTended,
    SamePerson, DirectoryError, TooLate where it was answered, where who asked left, or where the institution changed meanwhile.
    """
    _one_at_a_time()
    about = _both_held(change.house_id, change.institution_id or change.house_id)
    if by.professional_id == change.proposer_id:
        raise SamePerson
    if not second_persons(change).filter(pk=by.pk).exists():
        raise NotTended
    earlier = InstitutionAnswer.objects.filter(change=change).first()
    if earlier is not None:
        if (earlier.answerer_id, earlier.accepted) == (by.professional_id, accepted):
            return earlier, []
        raise TooLate
    if not InstitutionChange.objects.waiting().filter(pk=change.pk).exists():
        raise TooLate
    at = at or clock.now()
    if not accepted:
        sentence = said(sentence, _("Dites pourquoi vous refusez, en une phrase."))
    institution = _accepted(change, about, at) if accepted else None
    row = InstitutionAnswer(
        change=change,
        accepted=accepted,
        institution=institution,
        sentence="" if accepted else sentence,
        proposer_id=change.proposer_id,
        answered_by=by,
        answerer_id=by.professional_id,
        answered_at=at,
    )
    kind = Kind(change.kind)
    row.entry_id = ledger.record(
        action=(ACCEPTED if accepted else REFUSED)[kind],
        at=at,
        actor=by.pk,
        refs=_refs(change, institution or change.institution),
        codes={"fields": sorted(change.after)},
        personal={"sentence": row.sentence, **({"after": change.after} if accepted else {})},
    )
    row.save(force_insert=True)
    sent: list[opening.Sent] = []
    if institution is not None and kind == Kind.OPEN:
        sent = opening.invited(institution=institution, told=change.after, why=change.why, by=by, at=at)
    return row, sent


def _accepted(change: InstitutionChange, institution: Institution, at: datetime) -> Institution:
    """The institution as it is from now on, held by the act. Raises TooLate, DirectoryError."""
    if change.kind == Kind.ADD:
        refuse_taken(change.after.get("siret", ""))
        made = Institution(**change.after)
        made.save(force_insert=True)
        return made
    proposer = Membership.objects.select_related("institution").get(pk=change.proposed_by_id)
    may = may_open if change.kind == Kind.OPEN else may_correct
    if not may(proposer, institution) or not open_at(institution, at):
        raise TooLate
    if change.kind == Kind.CORRECT:
        _take_effect(institution, change, at)
    return institution


def _take_effect(institution: Institution, change: InstitutionChange, at: datetime) -> None:
    """What the change says, over what was read as it was asked. Raises TooLate where it says something else meanwhile."""
    if any(getattr(institution, name) != text for name, text in change.before.items()):
        raise TooLate
    if "siret" in change.after:
        refuse_taken(change.after["siret"], but=institution.pk)
    for name, text in change.after.items():
        setattr(institution, name, text)
    changed = [*change.after]
    if institution.pk == change.house_id:
        institution.verified_on = clock.day_of(at)
        changed.append("verified_on")
    institution.save(update_fields=changed)
