"""The person, who decides for her, her situation, who follows it, what is known of it, and what she asks of it."""

from .files import (
    OPEN_CASE,
    Assignment,
    AssignmentQuerySet,
    Case,
    CaseAccess,
    CaseQuerySet,
    DissentNote,
    DissentNoteQuerySet,
    Involvement,
    Item,
    ItemContent,
    ItemQuerySet,
    Person,
    Representative,
    opened_by,
)
from .linking import PersonLink, PersonLinkAnswer, PersonLinkEnd, PersonLinkQuerySet
from .rights import Limitation, LimitationLift, Rectification, RectificationAnswer
from .standing import PersonStatus, PersonStatusEnd, RepresentativeAct

__all__ = [
    "OPEN_CASE",
    "Assignment",
    "AssignmentQuerySet",
    "Case",
    "CaseAccess",
    "CaseQuerySet",
    "DissentNote",
    "DissentNoteQuerySet",
    "Involvement",
    "Item",
    "ItemContent",
    "ItemQuerySet",
    "Limitation",
    "LimitationLift",
    "Person",
    "PersonLink",
    "PersonLinkAnswer",
    "PersonLinkEnd",
    "PersonLinkQuerySet",
    "PersonStatus",
    "PersonStatusEnd",
    "Rectification",
    "RectificationAnswer",
    "Representative",
    "RepresentativeAct",
    "opened_by",
]
