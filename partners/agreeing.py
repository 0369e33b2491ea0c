"""What is done to an agreement: drafted, revised, signed by each party, suspended, resumed, ended.

Its terms are never changed: a revision is a new version, which takes the place of the former one once every party has signed
it. Each act first takes the agreement's row, which disclosures under way hold (`sharing.anchors`); the state is asked of
`partners.graphs.AGREEMENT`. Without `at`, an act's instant is the database's, read under that lock.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from audit import ledger

from . import clock
from .graph import NotFromHere
from .graphs import AGREEMENT
from .models import Agreement, AgreementAct, AgreementParty, Function, Institution, Membership
from .tending import TENDING, DirectoryError, NotTended, SamePerson, TooLate, open_at, said, signature, tends
from .vocabulary import vocabulary

Move = AgreementAct.Move
MAY_SUSPEND = (*TENDING, Function.DPO)
NUMBER_MOST, TITLE_MOST = 40, 200
LONGEST_YEARS = 6
ACTIONS = {
    Move.DRAFTED: "agreement.proposed",
    Move.REVISED: "agreement.revision_proposed",
    Move.SIGNED: "agreement.signed",
    Move.SUSPENDED: "agreement.stopped",
    Move.RESUMED: "agreement.reopened",
    Move.ENDED: "agreement.ended",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What an agreement says: its title, for what, which categories, from which day to which day, both included."""

    title: str
    purposes: Sequence[str]
    categories: Sequence[str]
    starts_on: date
    ends_on: date

    def checked(self, today: date) -> "Terms":
        """The same in a stable order. Raises DirectoryError where something is missing, unknown, or already over."""
        words = vocabulary()
        title = said(self.title, _("Donnez à la convention un titre de 200 caractères au plus."), most=TITLE_MOST)
        if not self.purposes or not set(self.purposes) <= words.purposes.keys():
            raise DirectoryError(_("Choisissez, dans la liste, au moins une finalité."))
        open_ones = {one.code for one in words.categories.values() if not one.blocked}
        if not self.categories or not set(self.categories) <= open_ones:
            raise DirectoryError(_("Choisissez, dans la liste, au moins une sorte d’information."))
        if self.ends_on < max(self.starts_on, today):
            raise DirectoryError(_("Le dernier jour vient après le premier, et il n’est pas encore passé."))
        if self.ends_on.year - self.starts_on.year > LONGEST_YEARS:
            raise DirectoryError(_("Une convention se revoit : %(years)d ans au plus.") % {"years": LONGEST_YEARS})
        return Terms(
            title=title,
            purposes=sorted(set(self.purposes)),
            categories=sorted(set(self.categories)),
            starts_on=self.starts_on,
            ends_on=self.ends_on,
        )


# --- where an agreement stands -------------------------------------------------------------------------------------------


def state_at(agreement: Agreement, at: datetime, *, signed: bool, newer: bool, newer_signed: bool) -> str:
    """Where a version stands at this instant: a word of `partners.graphs.AGREEMENT`."""
    if (newer and not signed) or (newer_signed and agreement.ended_at is not None and agreement.ended_at <= at):
        return "replaced"
    over = at >= clock.end_of(agreement.ends_on)
    if over or (agreement.ended_at is not None and agreement.ended_at <= at):
        return "ended"
    if agreement.suspended_at is not None and agreement.suspended_at <= at:
        return "suspended"
    if not signed:
        return "unsigned"
    return "to_come" if at < clock.start_of(agreement.starts_on) else "current"


def _held(agreement: Agreement) -> Agreement:
    """This version, with all those of its number held, in one order: a disclosure under way is before this act or after it."""
    versions = Agreement.objects.select_for_update(no_key=True).filter(number=agreement.number).order_by("pk")
    return next(one for one in versions if one.pk == agreement.pk)


def _standing(agreement: Agreement, at: datetime) -> str:
    counted = Agreement.objects.followed().get(pk=agreement.pk)
    signed = not AgreementParty.objects.filter(agreement=agreement, signed_on__isnull=True).exists()
    return state_at(agreement, at, signed=signed, newer=counted.newer, newer_signed=counted.newer_signed)  # type: ignore[attr-defined]


def _moved(agreement: Agreement, move: str, at: datetime) -> str:
    """The state before this move. Raises TooLate where it does not start from there."""
    state = _standing(agreement, at)
    try:
        AGREEMENT.after(state, move)
    except NotFromHere as error:
        raise TooLate from error
    return state


def is_party(by: Membership, agreement: Agreement, *, functions: tuple[str, ...] = TENDING) -> bool:
    """Whether her institution is a party, and she tends the directory there."""
    party = AgreementParty.objects.filter(agreement=agreement, institution=by.institution_id)
    return party.exists() and tends(by, by.institution_id, functions=functions)


# --- acts ----------------------------------------------------------------------------------------------------------------


def _done(
    agreement: Agreement,
    move: str,
    *,
    by: Membership,
    at: datetime,
    why: str = "",
    effective_at: datetime | None = None,
) -> AgreementAct:
    """Write what was done, with its entry."""
    row = AgreementAct(
        agreement=agreement,
        move=move,
        institution_id=by.institution_id,
        why=why,
        done_by=by,
        doer_id=by.professional_id,
        done_at=at,
        effective_at=effective_at,
    )
    codes: dict[str, Any] = {"version": agreement.version}
    if move in {Move.DRAFTED, Move.REVISED, Move.SIGNED}:
        codes |= {
            "purposes": list(agreement.purposes),
            "categories": list(agreement.categories),
            "starts_on": agreement.starts_on.isoformat(),
            "ends_on": agreement.ends_on.isoformat(),
        }
    if effective_at is not None:
        codes["effective_on"] = clock.day_of(effective_at).isoformat()
    entry: dict[str, Any] = {
        "action": ACTIONS[Move(move)],
        "at": at,
        "actor": by.pk,
        "refs": {"agreement": agreement.pk, "institution": by.institution_id},
        "codes": codes,
        "personal": {"number": agreement.number, "title": agreement.title} | ({"why": why} if why else {}),
    }
    row.entry_id = ledger.record(**entry)
    row.save(force_insert=True)
    return row


def _written(agreement: Agreement, parties: Iterable[Institution], at: datetime) -> None:
    several = list(parties)
    if not all(open_at(one, at) for one in several):
        raise DirectoryError(_("Cette institution est fermée : une convention se conclut avec celle qui lui succède."))
    try:
        with transaction.atomic():
            agreement.save(force_insert=True)
    except IntegrityError as error:
        raise DirectoryError(_("Ce numéro est déjà celui d’une autre convention : choisissez-en un autre.")) from error
    AgreementParty.objects.bulk_create(AgreementParty(agreement=agreement, institution=one) for one in several)


@transaction.atomic
def draft(
    *,
    number: str,
    kind: str,
    partner: Institution,
    terms: Terms,
    by: Membership,
    at: datetime | None = None,
) -> Agreement:
    """Draft an agreement between one's own institution and a partner: nothing passes under it until both have signed.

    A legal instance obliges nobody to disclose, and a partner may decline without a reason (law.md, P-12).
    Raises NotTended, DirectoryError.
    """
    if not tends(by, by.institution_id):
        raise NotTended
    at = at or clock.now()
    number = said(number, _("Donnez un numéro à la convention, de 40 caractères au plus."), most=NUMBER_MOST)
    if kind not in {Agreement.Kind.VOLUNTARY, Agreement.Kind.STATUTORY}:
        raise DirectoryError(_("Dites si la convention est volontaire ou prévue par un texte."))
    if partner.pk == by.institution_id:
        raise DirectoryError(_("Une convention se conclut avec une autre institution : choisissez-la."))
    terms = terms.checked(clock.day_of(at))
    made = Agreement(
        number=number,
        title=terms.title,
        kind=kind,
        purposes=list(terms.purposes),
        categories=list(terms.categories),
        starts_on=terms.starts_on,
        ends_on=terms.ends_on,
    )
    _written(made, [by.institution, partner], at)
    _done(made, Move.DRAFTED, by=by, at=at)
    return made


@transaction.atomic
def revise(*, agreement: Agreement, terms: Terms, why: str, by: Membership, at: datetime | None = None) -> Agreement:
    """Write the next version of an agreement, for the same parties. The former one stands until all have signed this one.

    Raises NotTended, TooLate where a later version was already written, DirectoryError.
    """
    agreement = _held(agreement)
    if not is_party(by, agreement):
        raise NotTended
    at = at or clock.now()
    why = said(why, _("Dites pourquoi vous la révisez : l’autre institution le lira."))
    later = Agreement.objects.filter(number=agreement.number, version__gt=agreement.version).order_by("version")
    if any(_standing(one, at) != "ended" for one in later):
        raise TooLate
    _moved_or_ended(agreement, at)
    terms = terms.checked(clock.day_of(at))
    last = later.last() or agreement
    made = Agreement(
        number=agreement.number,
        version=last.version + 1,
        title=terms.title,
        kind=agreement.kind,
        purposes=list(terms.purposes),
        categories=list(terms.categories),
        starts_on=terms.starts_on,
        ends_on=terms.ends_on,
    )
    parties = AgreementParty.objects.filter(agreement=agreement).select_related("institution").order_by("pk")
    _written(made, [one.institution for one in parties], at)
    _done(made, Move.REVISED, by=by, at=at, why=why)
    return made


def _moved_or_ended(agreement: Agreement, at: datetime) -> None:
    # A version whose only followers were given up may be revised again, whatever they made of it.
    if _standing(agreement, at) != "replaced":
        _moved(agreement, "revise", at)


@transaction.atomic
def sign(*, agreement: Agreement, by: Membership, at: datetime | None = None) -> AgreementAct:
    """Sign a version for one's own institution. The last signature brings it into force from its first day, and closes what
    it follows from then on.

    One person signs for one institution only, whatever her memberships; signing twice signs once.
    Raises NotTended, SamePerson, TooLate.
    """
    agreement = _held(agreement)
    if not is_party(by, agreement):
        raise NotTended
    signed = AgreementAct.objects.filter(agreement=agreement, move=Move.SIGNED)
    hers = signed.filter(doer=by.professional_id).first()
    if hers is not None:
        if hers.institution_id == by.institution_id:
            return hers
        raise SamePerson
    at = at or clock.now()
    parties = list(AgreementParty.objects.filter(agreement=agreement).select_related("institution"))
    missing = [one for one in parties if one.signed_on is None]
    own = next((one for one in missing if one.institution_id == by.institution_id), None)
    if own is None:
        raise TooLate
    if not all(open_at(one.institution, at) for one in parties):
        raise TooLate
    _moved(agreement, "sign_last" if missing == [own] else "sign", at)
    own.signed_on, own.signed_by = clock.day_of(at), signature(by)
    own.save(update_fields=["signed_on", "signed_by"])
    act = _done(agreement, Move.SIGNED, by=by, at=at)
    if missing == [own]:
        _close_what_it_follows(agreement, max(clock.start_of(agreement.starts_on), at))
    return act


def _close_what_it_follows(agreement: Agreement, at: datetime) -> None:
    """Two versions never stand together: what the new one no longer names would pass under the old one."""
    for one in Agreement.objects.filter(number=agreement.number, version__lt=agreement.version):
        if one.ended_at is None or one.ended_at > at:
            one.ended_at = at
            one.save(update_fields=["ended_at"])


@transaction.atomic
def suspend(*, agreement: Agreement, why: str, by: Membership, at: datetime | None = None) -> AgreementAct:
    """Suspend at once, for any party: nothing voluntary passes under it, and what was passed under it is no longer read.

    Raises NotTended, TooLate, DirectoryError.
    """
    agreement = _held(agreement)
    if not is_party(by, agreement, functions=MAY_SUSPEND):
        raise NotTended
    at = at or clock.now()
    why = said(why, _("Dites pourquoi vous la suspendez : l’autre institution le lira."))
    _moved(agreement, "suspend", at)
    agreement.suspended_at = at
    agreement.save(update_fields=["suspended_at"])
    return _done(agreement, Move.SUSPENDED, by=by, at=at, why=why)


def suspender_of(agreement: Agreement) -> AgreementAct | None:
    """The act that suspended it last, where one is recorded."""
    found = AgreementAct.objects.filter(agreement=agreement, move=Move.SUSPENDED)
    return found.select_related("done_by__professional", "institution").order_by("done_at").last()


@transaction.atomic
def resume(*, agreement: Agreement, why: str, by: Membership, at: datetime | None = None) -> AgreementAct:
    """Let it pass again, where it was suspended, by another person there: what one closed, she does not open alone.

    Raises NotTended, SamePerson, TooLate, DirectoryError.
    """
    agreement = _held(agreement)
    if not is_party(by, agreement):
        raise NotTended
    suspended = suspender_of(agreement)
    if suspended is not None and suspended.institution_id != by.institution_id:
        raise NotTended
    if suspended is not None and suspended.doer_id == by.professional_id:
        raise SamePerson
    at = at or clock.now()
    why = said(why, _("Dites pourquoi elle reprend : l’autre institution le lira."))
    _moved(agreement, "resume", at)
    agreement.suspended_at = None
    agreement.save(update_fields=["suspended_at"])
    return _done(agreement, Move.RESUMED, by=by, at=at, why=why)


@transaction.atomic
def end(*, agreement: Agreement, last_day: date, why: str, by: Membership, at: datetime | None = None) -> AgreementAct:
    """End it before its term, after a last day in Paris; a draft is given up at once. For any party.

    Raises NotTended, TooLate, DirectoryError.
    """
    agreement = _held(agreement)
    if not is_party(by, agreement):
        raise NotTended
    at = at or clock.now()
    why = said(why, _("Dites pourquoi elle se termine : l’autre institution le lira."))
    state = _moved(agreement, "end", at)
    if last_day < clock.day_of(at):
        raise DirectoryError(_("Le dernier jour ne peut pas être déjà passé."))
    ends_at = at if state == "unsigned" else clock.end_of(last_day)
    if state != "unsigned" and (last_day >= agreement.ends_on or _ends_before(agreement, ends_at)):
        raise DirectoryError(_("Elle se termine déjà ce jour-là ou avant : choisissez un jour plus proche."))
    agreement.ended_at = ends_at
    agreement.save(update_fields=["ended_at"])
    return _done(agreement, Move.ENDED, by=by, at=at, why=why, effective_at=ends_at)


def _ends_before(agreement: Agreement, at: datetime) -> bool:
    return agreement.ended_at is not None and agreement.ended_at <= at
