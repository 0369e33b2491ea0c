"""A draft, the rules in force, what was decided, what left, what was asked, what opinions were given, what must follow, tokens."""

from .asking import InformationRequest, InformationRequestQuerySet, RequestAct
from .consulting import Consultation, ConsultationAct, ConsultationParticipant
from .decisions import DecisionRecord, RulebookEdition
from .disclosures import (
    Delivery,
    DisclosedItem,
    Disclosure,
    DisclosureQuerySet,
    Recalled,
    Returned,
    Usefulness,
)
from .drafts import Draft, DraftItem
from .duties import Duty, DutyAct, DutyQuerySet, answers_for_her_institution
from .incidents import Incident, IncidentAct
from .keeping import Call, NotShared, PressureNote
from .outbox import Outbox
from .reviewing import Conclusion, Opinion, Review, ReviewQuerySet, Unsealing
from .tokens import ApiToken, ApiTokenQuerySet, IdempotentCall, TokenRevocation

__all__ = [
    "ApiToken",
    "ApiTokenQuerySet",
    "Call",
    "Conclusion",
    "Consultation",
    "ConsultationAct",
    "ConsultationParticipant",
    "DecisionRecord",
    "Delivery",
    "DisclosedItem",
    "Disclosure",
    "DisclosureQuerySet",
    "Draft",
    "DraftItem",
    "Duty",
    "DutyAct",
    "DutyQuerySet",
    "IdempotentCall",
    "Incident",
    "IncidentAct",
    "InformationRequest",
    "InformationRequestQuerySet",
    "NotShared",
    "Opinion",
    "Outbox",
    "PressureNote",
    "Recalled",
    "RequestAct",
    "Returned",
    "Review",
    "ReviewQuerySet",
    "RulebookEdition",
    "TokenRevocation",
    "Unsealing",
    "Usefulness",
    "answers_for_her_institution",
]
