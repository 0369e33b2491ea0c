"""What the doors of programs name, in the scene: the same things as those of the pages."""

from collections.abc import Callable
from typing import Any

Thing = Callable[[Any], Any]


def _waiting(scene: Any) -> Any:
    return scene.waiting.pk


def _sent(scene: Any) -> Any:
    return scene.sent.pk


def _asked(scene: Any) -> Any:
    return scene.asked.pk


OF_CASE: dict[str, tuple[Thing, ...]] = {
    **dict.fromkeys(("situation", "items", "drafts", "who_decides", "words", "text_to_read", "withdraw_all"), ()),
    "situation_proofs": (),
    "item": (lambda scene: scene.territory.absences.pk,),
    **dict.fromkeys(("draft", "draft_preview", "draft_send", "draft_ask_opinion"), (_waiting,)),
    "withdraw": (lambda scene: scene.agreed.pk,),
}
"""Under the case, and what more."""

BY_ID: dict[str, Thing] = {
    "institution": lambda scene: scene.territory.school.pk,
    "professional": lambda scene: scene.territory.sofia.pk,
    "agreement": lambda scene: scene.territory.school_agreement.pk,
    **dict.fromkeys(("sent_one", "recall", "sent_proof", "received_one", "open", "acknowledge", "send_back"), _sent),
    **dict.fromkeys(("ask_precision", "answer_received"), _sent),
    "received_proof": lambda scene: scene.spoken.pk,
    **dict.fromkeys(("request", "request_open", "request_answer", "request_draft", "request_withdraw"), _asked),
    "request_seen": _asked,
}
"""By one id."""
