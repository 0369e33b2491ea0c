"""Who must have a second factor, and whether this session proved one: read from what the request already knows.

A session's proofs are in allauth's records of it (`account_authentication_methods`), which name the method and the instant.
"""

from typing import cast

from allauth.account.internal.flows.login import get_authentication_records, record_authentication
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.http import HttpRequest

from partners.models import Function, Membership, Professional
from partners.vocabulary import vocabulary

REQUIRED = "required"
WITH_A_FUNCTION = (
    Function.REVIEWER,
    Function.TEAM_LEAD,
    Function.DPO,
    Function.AUDITOR,
    Function.DIRECTORY_ADMIN,
)
FOLLOWING = frozenset({"professionnel_action_sociale", "mission_ase"})
"""Groups of roles whose trade is to follow people's situations; every other role meets Tact as a partner (docs/adr/0036)."""
VOUCHED = "second_factor"
"""In a record of the session: whoever made it answers for two factors."""
PRIMARY = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
"""What proves; recovery codes only stand in for it."""


def expected_of(membership: Membership) -> bool:
    """Whether this post asks for a second factor: one of the five functions, or a partner's role."""
    if membership.has_function(*WITH_A_FUNCTION):
        return True
    role = vocabulary().roles.get(membership.role)
    return role is None or not FOLLOWING & role.groups


def expected(request: HttpRequest) -> bool:
    """Whether one of her posts in force asks for it, here where it is required. No statement."""
    memberships: list[Membership] = getattr(request, "memberships", [])
    return settings.SECOND_FACTOR == REQUIRED and any(map(expected_of, memberships))


def proved(request: HttpRequest) -> bool:
    """Whether this session proved a second factor of hers, or somebody who answers for it did. No statement."""
    records = get_authentication_records(request, request.user)
    return any(one.get("method") == "mfa" or one.get(VOUCHED) is True for one in records)


def second_factor_due(request: HttpRequest) -> bool:
    """Whether she may go nowhere but to setting it up, or proving it. No statement."""
    return expected(request) and not proved(request)


def vouch(request: HttpRequest, professional: Professional, *, method: str, **told: str) -> None:
    """Record that two factors were proved elsewhere: by a provider that says so (its `amr`), or by the demonstration's entry."""
    record_authentication(request, professional, method, **{VOUCHED: True}, **told)


def has_one(professional: Professional) -> bool:
    """Whether she set up an application or a key."""
    return Authenticator.objects.filter(user_id=professional.pk, type__in=PRIMARY).exists()


def whose(request: HttpRequest) -> Professional:
    """Who is signed in."""
    return cast(Professional, request.user)


def record(request: HttpRequest, factor: Authenticator) -> None:
    """Record that this session proved this factor, just set up."""
    record_authentication(request, whose(request), "mfa", id=factor.pk, type=str(factor.type))
