"""Tokens of the members of an institution, seen and ended by who tends its directory or protects its data: a leak does not wait
for its owner. Never a secret: there is none to show."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Max, QuerySet, Value
from django.db.models.functions import Concat
from django.urls import reverse
from django.utils.translation import gettext as _

from audit import ledger
from audit.models import Access
from partners import clock
from partners.models import Membership
from partners.search import Normalised, normalised
from partners.text import plain
from sharing.api import throttles
from sharing.api.scopes import READING_CONTENT, WRITING, Scope
from sharing.api.tokens import TokenError, reference_of
from sharing.models import ApiToken, ApiTokenQuerySet, Outbox, TokenRevocation
from sharing.outbox import promise

WHY_MOST = 300
WORDS_MOST = 5


@dataclass(frozen=True, slots=True)
class HouseLine:
    """A token as those who oversee it see it."""

    token: ApiToken
    may: list[str]
    writes: bool
    """Whether something may be done in her name with it."""
    reads: bool
    """Whether what is written of a person may leave Tact with it."""
    last_used_at: datetime | None
    mine: bool

    @property
    def last_day(self) -> date:
        """The last day on which it serves."""
        return clock.last_day(self.token.expires_at)


def in_force(by: Membership, *, words: str = "") -> ApiTokenQuerySet:
    """Those that a program may use now in the name of a member of her institution, by owner, the latest first."""
    found = ApiToken.objects.of_house(by).in_force()
    wanted = normalised(words).split()[:WORDS_MOST]
    if wanted:
        space = Value(" ")
        who = ("membership__professional__first_name", space, "membership__professional__last_name")
        found = found.annotate(text=Normalised(Concat(*who, space, "name", space, "ending")))
        for word in wanted:
            found = found.filter(text__contains=word)
    order = ("membership__professional__last_name", "membership__professional__first_name", "-at", "pk")
    return found.select_related("membership__professional", "membership__institution").order_by(*order)


def lines(found: list[ApiToken], by: Membership) -> list[HouseLine]:
    """Each with its last use; one statement, whatever their number."""
    used = Access.objects.filter(
        object_type=throttles.OBJECT, object_ref__in=[str(one.pk) for one in found], granted=True
    ).order_by()
    last = dict(used.values_list("object_ref").annotate(last=Max("at")))
    return [
        HouseLine(
            token=one,
            may=[str(each.label) for each in Scope if each in one.scopes],
            writes=bool(WRITING & set(one.scopes)),
            reads=bool(READING_CONTENT & set(one.scopes)),
            last_used_at=last.get(str(one.pk)),
            mine=one.membership.professional_id == by.professional_id,
        )
        for one in found
    ]


def ended_by_house(by: Membership) -> QuerySet[TokenRevocation]:
    """Those that somebody else than their owner ended in her institution, the latest first."""
    found = TokenRevocation.objects.filter(token__in=ApiToken.objects.of_house(by))
    return found.select_related("token", "owner", "revoker")


def others(by: Membership) -> ApiTokenQuerySet:
    """Those that she may end for her institution: her own, she ends on her own page."""
    return ApiToken.objects.of_house(by).exclude(membership__professional=by.professional_id)


@transaction.atomic
def revoke_for_house(*, token: ApiToken, why: str, by: Membership, at: datetime | None = None) -> ApiToken:
    """End a colleague's token, at once and for good, and tell her why by a letter; done again, nothing more.

    Raises ApiToken.DoesNotExist where it is not of her institution, or is her own; TokenError without a reason.
    """
    found = (
        ApiToken.objects.select_for_update(no_key=True, of=("self",))
        .select_related("membership__professional", "membership__institution")
        .get(pk=token.pk, pk__in=others(by).values("pk"))
    )
    if found.revoked_at is not None:
        return found
    sentence = " ".join(plain(why).split())
    if not sentence or len(sentence) > WHY_MOST:
        raise TokenError(_("Dites pourquoi, en une phrase : la personne la lira."))
    found.revoked_at = at or clock.now()
    row = TokenRevocation(
        token=found,
        membership_id=found.membership_id,
        owner_id=found.membership.professional_id,
        why=sentence,
        revoked_by=by,
        revoker_id=by.professional_id,
        at=found.revoked_at,
    )
    row.entry_id = ledger.record(
        action="api_token.revoked_by_house",
        at=found.revoked_at,
        actor=by.pk,
        refs={"token": found.pk, "membership": found.membership_id, "institution": by.institution_id},
        personal={"name": found.name, "why": sentence},
    )
    row.save(force_insert=True)
    found.save(update_fields=["revoked_at"])
    if found.membership.in_force_at(found.revoked_at):
        promise(
            kind=Outbox.Kind.TOKEN_REVOKED,
            key=f"token_revoked:{found.pk}",
            recipient=found.membership,
            reference=reference_of(found),
            path=reverse("sharing:tokens"),
        )
    return found
