"""Who tends the directory for her institution, and what her acts have in common: their errors, the words they keep."""

from datetime import datetime
from uuid import UUID

from .models import Function, Institution, Membership
from .text import plain

TENDING = (Function.DIRECTORY_ADMIN, Function.TEAM_LEAD)
"""The functions that write, validate, sign and end for an institution."""
SENTENCE_MOST = 300
LABEL_MOST = 160


class DirectoryError(ValueError):
    """It cannot be recorded so; the message says what to do, in the user's language."""


class NotTended(Exception):
    """She does not tend the directory there: answered like a page that does not exist."""


class SamePerson(Exception):
    """Whoever wrote, signed or suspended for one side is not the second person, under whatever membership (abuse 10)."""


class TooLate(Exception):
    """Somebody was quicker, or a day is over: what stands now is on the page."""


def tends(by: Membership, *institutions: UUID, functions: tuple[str, ...] = TENDING) -> bool:
    """Whether she holds one of these functions in one of these institutions, now."""
    at_work = Membership.objects.in_force().filter(pk=by.pk, functions__overlap=list(functions))
    return at_work.filter(institution__in=institutions).exists()


def held(pk: UUID) -> Institution:
    """Hold an institution's row, as disclosures under way do: each is strictly before this act, or after it."""
    return Institution.objects.select_for_update(no_key=True).get(pk=pk)


def open_at(institution: Institution, at: datetime) -> bool:
    """Whether an institution is at work at this instant."""
    return institution.closed_at is None or at < institution.closed_at


def said(text: str, missing: str, *, most: int = SENTENCE_MOST) -> str:
    """A sentence in one line, made plain. Raises DirectoryError, with `missing`, where there is none, or where it is too long."""
    sentence = " ".join(plain(text).split())
    if not sentence or len(sentence) > most:
        raise DirectoryError(missing)
    return sentence


def signature(by: Membership) -> str:
    """« Nadia Benali, cheffe de service »: how a signature is read later, whoever she has become."""
    return f"{by.professional.full_name}, {by.job_title}"[:LABEL_MOST]
