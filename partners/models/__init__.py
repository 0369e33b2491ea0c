"""Institutions, the people who work there, what links them, what they know of each other, and what is narrowed there."""

from .accounts import AccountLetter, Try
from .agreements import Agreement, AgreementAct, AgreementParty, AgreementQuerySet
from .forums import Forum, ForumMember, ForumMemberQuerySet, ForumQuerySet
from .joining import (
    FunctionAnswer,
    FunctionChange,
    FunctionChangeQuerySet,
    Invitation,
    InvitationEnd,
    InvitationQuerySet,
    MembershipEnd,
    SecrecyCheck,
)
from .losses import FactorLoss, FactorLossAnswer, FactorLossQuerySet
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
from .proconnect import (
    ProConnectAnswer,
    ProConnectAnswerQuerySet,
    ProConnectConfirmation,
    ProConnectLink,
    ProConnectRequest,
    ProConnectRequestQuerySet,
)
from .registrations import InstitutionAnswer, InstitutionChange, InstitutionChangeQuerySet
from .sheets import MissionSheet, MissionSheetQuerySet, SheetAnswer, SheetReading
from .successions import Succession, SuccessionAnswer, SuccessionQuerySet

__all__ = [
    "BINDING",
    "AccountLetter",
    "Agreement",
    "AgreementAct",
    "AgreementParty",
    "AgreementQuerySet",
    "FactorLoss",
    "FactorLossAnswer",
    "FactorLossQuerySet",
    "Forum",
    "ForumMember",
    "ForumMemberQuerySet",
    "ForumQuerySet",
    "Function",
    "FunctionAnswer",
    "FunctionChange",
    "FunctionChangeQuerySet",
    "Institution",
    "InstitutionAnswer",
    "InstitutionChange",
    "InstitutionChangeQuerySet",
    "Invitation",
    "InvitationEnd",
    "InvitationQuerySet",
    "Membership",
    "MembershipEnd",
    "MembershipQuerySet",
    "MissionSheet",
    "MissionSheetQuerySet",
    "Narrowing",
    "NarrowingDecision",
    "NarrowingLift",
    "NarrowingQuerySet",
    "ProConnectAnswer",
    "ProConnectAnswerQuerySet",
    "ProConnectConfirmation",
    "ProConnectLink",
    "ProConnectRequest",
    "ProConnectRequestQuerySet",
    "Professional",
    "ProfessionalManager",
    "Reached",
    "SecrecyCheck",
    "SecrecyStatus",
    "SheetAnswer",
    "SheetReading",
    "Succession",
    "SuccessionAnswer",
    "SuccessionQuerySet",
    "Try",
]
