"""Institutions, the people who work there, what links them, where they sit together, and what is narrowed there."""

from .agreements import Agreement, AgreementParty, AgreementQuerySet
from .forums import Forum, ForumMember, ForumMemberQuerySet, ForumQuerySet
from .narrowings import Narrowing, NarrowingDecision, NarrowingLift, NarrowingQuerySet
from .people import (
    BINDING,
    Function,
    Institution,
    Membership,
    MembershipQuerySet,
    Professional,
    ProfessionalManager,
    Reached,
    SecrecyStatus,
)

__all__ = [
    "BINDING",
    "Agreement",
    "AgreementParty",
    "AgreementQuerySet",
    "Forum",
    "ForumMember",
    "ForumMemberQuerySet",
    "ForumQuerySet",
    "Function",
    "Institution",
    "Membership",
    "MembershipQuerySet",
    "Narrowing",
    "NarrowingDecision",
    "NarrowingLift",
    "NarrowingQuerySet",
    "Professional",
    "ProfessionalManager",
    "Reached",
    "SecrecyStatus",
]
