"""Who gives an opinion, who may be handed it, who is told. Never the author, nor who would receive it: by person."""

import uuid
from collections.abc import Collection

from partners.models import Function, Membership
from sharing.models import Opinion, Review


def at_hand(institution: uuid.UUID, *, apart: Collection[uuid.UUID]) -> list[Membership]:
    """Those of an institution who give opinions or protect data, but for these professionals. One statement."""
    found = Membership.objects.in_force().filter(
        institution=institution, functions__overlap=[Function.REVIEWER, Function.DPO]
    )
    people = found.exclude(professional__in=list(apart)).select_related("professional", "institution")
    return list(people.order_by("professional__last_name", "professional__first_name", "pk"))


def answering(everyone: list[Membership]) -> list[Membership]:
    """Of these, those whose turn it is: who gives opinions and is bound; where nobody is, the DPO and who is not bound."""
    bound = [one for one in everyone if one.has_function(Function.REVIEWER) and one.is_bound]
    return bound or everyone


def dpos(institution: uuid.UUID, *, apart: Collection[uuid.UUID] = ()) -> list[Membership]:
    """Who protects data in an institution. One statement."""
    return [one for one in at_hand(institution, apart=apart) if one.has_function(Function.DPO)]


def apart_of(review: Review) -> set[uuid.UUID]:
    """The professionals who give no opinion on it: its author, who would receive it, who handed it on."""
    handed = Opinion.objects.filter(review=review, kind=Opinion.Kind.TRANSFER).values_list("reviewer", flat=True)
    return {review.writer_id, review.record.recipient.professional_id, *handed}


def transferable_to(review: Review, by: Membership) -> list[Membership]:
    """To whom she may hand it on: another person who gives opinions or protects data there."""
    return at_hand(review.author.institution_id, apart={*apart_of(review), by.professional_id})
