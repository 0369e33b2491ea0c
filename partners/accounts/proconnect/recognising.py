"""Recognise an identity of ProConnect for a colleague: by whoever tends the directory, then by a second person where it takes two.

It takes two where nothing but that answer would stand between whoever holds the identity and her account: she has no second factor,
and did not link it herself (docs/adr/0044). Nobody recognises herself. Acts are functions, each with its entry.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from audit import ledger
from partners import clock
from partners.accounts import factors, mailing
from partners.models import (
    Function,
    Membership,
    MembershipQuerySet,
    ProConnectAnswer,
    ProConnectConfirmation,
    ProConnectRequest,
    Professional,
)
from partners.models.proconnect import SECOND_PERSONS
from partners.tending import DirectoryError, NotTended, SamePerson, TooLate, said, tends

from .linking import link_of, recognise, stands


@transaction.atomic
def answer(
    *,
    request: ProConnectRequest,
    approved: bool,
    professional: Professional | None,
    by: Membership,
    at: datetime | None = None,
) -> ProConnectAnswer:
    """Say that this identity, from this establishment, is this colleague; or that it is nobody of the institution.

    Where she has no second factor, it opens nothing before a second person said so too: they are written to. The name that
    ProConnect gave goes to the entry's personal part, and leaves the request with the last answer. Raises NotTended, SamePerson,
    TooLate, DirectoryError.
    """
    held = ProConnectRequest.objects.select_for_update(no_key=True).get(pk=request.pk)
    if not ProConnectRequest.objects.visible_to(by).filter(pk=held.pk).exists():
        raise NotTended
    if not ProConnectRequest.objects.waiting().filter(pk=held.pk).exists():
        raise TooLate
    chosen = held.professional or professional
    if approved and chosen is None:
        raise DirectoryError(_("Choisissez de qui il s’agit."))
    if chosen is not None:
        if chosen.pk == by.professional_id:
            raise SamePerson
        here = Membership.objects.in_force().filter(professional=chosen, institution=by.institution_id)
        if not here.exists():
            raise DirectoryError(_("Choisissez quelqu’un qui travaille aujourd’hui dans votre institution."))
    two = approved and chosen is not None and _takes_two(held, chosen)
    at = at or clock.now()
    refs: dict[str, Any] = {"request": held.pk, "institution": by.institution_id}
    entry = ledger.record(
        action="proconnect.refused" if not approved else "proconnect.proposed" if two else "proconnect.approved",
        at=at,
        actor=by.pk,
        refs=refs | ({"professional": chosen.pk} if chosen else {}),
        personal={"siret": held.siret, "name": held.said_name},
    )
    if approved and chosen is not None and not two:
        recognise(held, chosen, by, at, entry)
    if not two:
        _forget_names(held)
    made = ProConnectAnswer.objects.create(
        request=held,
        approved=approved,
        needs_second=two,
        professional=chosen,
        answered_by=by,
        answerer_id=by.professional_id,
        answered_at=at,
        entry_id=entry,
    )
    if two:
        seconds = second_persons(made)
        if not seconds.exists():
            raise DirectoryError(
                _(
                    "Cette personne n’a pas de second facteur : il faut une deuxième personne pour la reconnaître, et il n’y en "
                    "a pas ici. Demandez-lui d’entrer avec son mot de passe : elle reliera elle-même son identité."
                )
            )
        for one in _told(seconds):
            mailing.ask(mailing.Kind.PROCONNECT_WAITING, one)
    return made


@transaction.atomic
def confirm(
    *, answer: ProConnectAnswer, confirmed: bool, sentence: str, by: Membership, at: datetime | None = None
) -> ProConnectConfirmation:
    """Say as a second person that it is she, or refuse, in a sentence. The same answer given twice is given once.

    Raises NotTended, SamePerson, TooLate (answered, thirty days gone by, the first person or whom it is about left), and
    DirectoryError.
    """
    held = ProConnectRequest.objects.select_for_update(no_key=True).get(pk=answer.request_id)
    chosen = answer.professional
    if by.professional_id in {answer.answerer_id, answer.professional_id}:
        raise SamePerson
    if chosen is None or not second_persons(answer).filter(pk=by.pk).exists():
        raise NotTended
    earlier = ProConnectConfirmation.objects.filter(answer=answer).first()
    if earlier is not None:
        if (earlier.confirmer_id, earlier.confirmed) == (by.professional_id, confirmed):
            return earlier
        raise TooLate
    house = answer.answered_by.institution_id
    here = Membership.objects.in_force().filter(professional=chosen, institution=house)
    first = tends(answer.answered_by, house, functions=(Function.DIRECTORY_ADMIN,))
    if not ProConnectRequest.objects.to_confirm().filter(pk=held.pk).exists() or not first or not here.exists():
        raise TooLate
    if not confirmed or sentence.strip():
        sentence = said(sentence, _("Dites pourquoi vous refusez, en une phrase."))
    at = at or clock.now()
    refs: dict[str, Any] = {"request": held.pk, "institution": house, "professional": chosen.pk}
    entry = ledger.record(
        action="proconnect.confirmed" if confirmed else "proconnect.confirmation_refused",
        at=at,
        actor=by.pk,
        refs=refs,
        personal={"siret": held.siret, "name": held.said_name, "sentence": sentence.strip()},
    )
    if confirmed:
        recognise(held, chosen, by, at, entry)
    _forget_names(held)
    return ProConnectConfirmation.objects.create(
        answer=answer,
        confirmed=confirmed,
        sentence=sentence.strip(),
        professional=chosen,
        answerer_id=answer.answerer_id,
        confirmed_by=by,
        confirmer_id=by.professional_id,
        confirmed_at=at,
        entry_id=entry,
    )


def second_persons(answer: ProConnectAnswer) -> MembershipQuerySet:
    """Who may answer after the first person, in the same institution: neither that person nor whom it is about."""
    at_work = Membership.objects.in_force().filter(
        institution=answer.answered_by.institution_id, functions__overlap=[str(one) for one in SECOND_PERSONS]
    )
    return at_work.exclude(professional__in=[answer.answerer_id, answer.professional_id])


def _told(seconds: MembershipQuerySet) -> Iterable[Professional]:
    """Each once, whatever her posts."""
    return Professional.objects.filter(pk__in=seconds.values("professional"))


def _takes_two(request: ProConnectRequest, chosen: Professional) -> bool:
    """Whether nothing but one answer would stand between whoever holds the identity and her account."""
    if factors.has_one(chosen):
        return False
    now = link_of(request)
    return now is None or not stands(now)


def _forget_names(request: ProConnectRequest) -> None:
    """What ProConnect said of her leaves the request: nobody answers it any more."""
    request.said_name = request.said_email = ""
    request.save(update_fields=["said_name", "said_email"])
