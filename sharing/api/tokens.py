"""Making a token, and ending it: acts of the professional whose token it is, each with its entry."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from ipaddress import ip_network

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from audit import ledger
from partners import clock
from partners.models import Membership
from partners.text import plain
from sharing.api.authentication import PREFIX, digest_of
from sharing.api.scopes import Scope
from sharing.models import ApiToken, ApiTokenQuerySet, Outbox
from sharing.models.tokens import LONGEST
from sharing.outbox import promise

RANDOM_BYTES = 32
AT_ONCE = 10
"""Tokens that one professional may have in force."""
NETWORKS_MOST = 10


class TokenError(ValueError):
    """The token cannot be made as asked; the message says why, in the user's language."""


@dataclass(frozen=True, slots=True)
class Made:
    """A token as it is shown, once."""

    token: ApiToken
    secret: str


@transaction.atomic
def create_token(
    *,
    name: str,
    scopes: Iterable[str],
    expires_on: date,
    networks: Iterable[str] = (),
    calls_a_day: int | None = None,
    by: Membership,
    at: datetime | None = None,
) -> Made:
    """Make a token for this membership, until the end of a day in Paris. Raises TokenError with a sentence for the user."""
    Membership.objects.select_for_update(no_key=True, of=("self",)).get(pk=by.pk)
    at = at or clock.now()
    if not by.in_force_at(at):
        raise TokenError(_("Ce rattachement n’est plus en vigueur."))
    asked = sorted({Scope(one) for one in scopes})
    expires_at = clock.end_of(expires_on)
    if not asked:
        raise TokenError(_("Choisissez au moins une chose que ce jeton permet."))
    if not at < expires_at <= at + LONGEST:
        raise TokenError(_("Un jeton se termine après aujourd’hui, et dans l’année."))
    many = settings.API_CALLS_A_DAY if calls_a_day is None else calls_a_day
    if not 1 <= many <= settings.API_CALLS_A_DAY:
        raise TokenError(_("Le nombre d’appels par jour va de 1 à %(most)d.") % {"most": settings.API_CALLS_A_DAY})
    if in_force_of(by, at).count() >= AT_ONCE:
        raise TokenError(_("Vous avez déjà %(n)d jetons en vigueur : révoquez-en un.") % {"n": AT_ONCE})
    secret = PREFIX + secrets.token_urlsafe(RANDOM_BYTES)
    token = ApiToken(
        membership=by,
        name=plain(name)[:80] or _("Sans nom"),
        digest=digest_of(secret),
        ending=secret[-4:],
        scopes=[one.value for one in asked],
        networks=networks_of(networks),
        calls_a_day=many,
        at=at,
        expires_at=expires_at,
    )
    token.entry_id = ledger.record(
        action="api_token.created",
        at=at,
        actor=by.pk,
        refs={"token": token.pk, "institution": by.institution_id},
        codes={"scopes": token.scopes, "until": f"{expires_on:%Y-%m-%d}", "networks": len(token.networks)},
        personal={"name": token.name},
    )
    token.save(force_insert=True)
    promise(
        kind=Outbox.Kind.TOKEN_CREATED,
        key=f"token_created:{token.pk}",
        recipient=by,
        reference=reference_of(token),
        path=reverse("sharing:tokens"),
    )
    return Made(token, secret)


@transaction.atomic
def revoke_token(*, token: ApiToken, by: Membership, at: datetime | None = None) -> ApiToken:
    """End one of one's own tokens, at once and for good; done again, nothing more. Raises ApiToken.DoesNotExist if not hers."""
    mine = ApiToken.objects.visible_to(by).values("pk")
    found = ApiToken.objects.select_for_update(no_key=True, of=("self",)).get(pk=token.pk, pk__in=mine)
    if found.revoked_at is not None:
        return found
    found.revoked_at = at or clock.now()
    ledger.record(
        action="api_token.revoked",
        at=found.revoked_at,
        actor=by.pk,
        refs={"token": found.pk, "institution": by.institution_id},
    )
    found.save(update_fields=["revoked_at"])
    return found


def in_force_of(by: Membership, at: datetime) -> ApiTokenQuerySet:
    """The tokens of this professional that may be used at this instant, whatever the membership."""
    owned = ApiToken.objects.filter(membership__professional=by.professional_id)
    return owned.filter(revoked_at__isnull=True, expires_at__gt=at)


def networks_of(written: Iterable[str]) -> list[str]:
    """Networks in CIDR, an address being a network of one; raises TokenError, naming what cannot be read."""
    found: list[str] = []
    for one in written:
        try:
            network = str(ip_network(one.strip(), strict=False))
        except ValueError:
            raise TokenError(
                _("« %(network)s » n’est pas une adresse de réseau.") % {"network": one.strip()[:60]}
            ) from None
        if network not in found:
            found.append(network)
    if len(found) > NETWORKS_MOST:
        raise TokenError(_("Indiquez %(n)d réseaux au plus.") % {"n": NETWORKS_MOST})
    return found


def reference_of(token: ApiToken) -> str:
    """How a token is named where nothing may be said of it: « jeton …Xy7Q »."""
    return f"…{token.ending}"
