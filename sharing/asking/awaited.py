"""Whether a communication begun to answer a request still answers it: it waits, and whoever asked still follows the person."""

from dataclasses import dataclass
from enum import StrEnum

from cases.models import Case
from sharing import anchors
from sharing.asking.standing import hold, state_of
from sharing.graphs import REQUEST
from sharing.models import Draft, InformationRequest, RequestAct


class Lost(StrEnum):
    """Why nothing may answer a request any more."""

    WITHDRAWN = "withdrawn"
    TRANSFERRED = "transferred"
    CLOSED = "closed"
    ENDED = "ended"
    NOT_FOLLOWED = "not_followed"


@dataclass(frozen=True, slots=True)
class Answer:
    """The request that a draft answers, if it answers one, and why it no longer does ("" while it does)."""

    request: InformationRequest | None = None
    lost: str = ""

    @property
    def answered(self) -> InformationRequest | None:
        """The request that would be answered if the draft left now."""
        return None if self.lost else self.request

    @property
    def seen(self) -> tuple[str, ...]:
        """What an author must have seen before it leaves: nothing while it answers."""
        return (f"{self.lost}:{self.request.pk}",) if self.lost and self.request else ()


def asker_follows(request: InformationRequest) -> bool:
    """Whether whoever asked still follows the situation she asked for; a precision is about what she was sent, not a situation."""
    if request.case_id is None:
        return True
    return Case.objects.visible_to(request.asker).filter(pk=request.case_id).exists()


def of_draft(draft: Draft, *, held: bool = False) -> Answer:
    """What this draft answers, now. `held`: until the transaction ends, so that a withdrawal comes before it or after.

    The request, then the asker's assignment. Towards somebody else than whoever asked, it answers nothing.
    """
    if draft.answers_id is None:
        return Answer()
    if held:
        hold(draft.answers_id)
    found = InformationRequest.objects.received_by(draft.author).filter(pk=draft.answers_id)
    request = found.select_related("asker__professional", "asker__institution", "about__case").first()
    if request is None or request.asker_id != draft.recipient_id:
        return Answer()
    if held and request.case_id is not None:
        anchors.hold_assignment(case=request.case_id, membership=request.asker_id)
    state = state_of(request)
    if not REQUEST.allows(state, RequestAct.Kind.ANSWERED):
        return Answer(request, Lost(state) if state in set(Lost) else Lost.ENDED)
    return Answer(request, "" if asker_follows(request) else Lost.NOT_FOLLOWED)
