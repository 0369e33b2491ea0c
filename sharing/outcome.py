"""What a decision says: a verdict, its reasons, what it obliges to, and the ways out. Plain values, no logic."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import datetime
from enum import StrEnum
from typing import Any

ALLOW, REVIEW, DENY = "allow", "review", "deny"


class Effect(StrEnum):
    """What a norm does where it speaks."""

    DENY = DENY
    REVIEW = REVIEW
    RECORD = ALLOW  # told, and stops nothing


class Path(StrEnum):
    """The ways out, from the least intrusive: where life is at stake, help; then work with the person first."""

    CALL_FOR_HELP = "call_for_help"
    COLLECT_AGREEMENT = "collect_agreement"
    INFORM_FIRST = "inform_first"
    NOTE_HER_WORDS = "note_her_words"
    INVITE_PARENTS = "invite_parents"
    SAY_IT_HERSELF = "say_it_herself"
    SAY_WHY_NECESSARY = "say_why_necessary"
    LABEL_HYPOTHESIS = "label_hypothesis"
    LEAVE_OUT_THIRD_PARTIES = "leave_out_third_parties"
    SAY_WHAT_WAS_SEEN = "say_what_was_seen"
    SAY_LESS = "say_less"
    LEAVE_OUT = "leave_out"
    CHOOSE_FIRST = "choose_first"
    ONE_BY_ONE = "one_by_one"
    ANOTHER_TEXT = "another_text"
    ESTABLISH = "establish"
    VERIFY_CALL = "verify_call"
    SEND_GUEST_AWAY = "send_guest_away"
    READ_SHEET = "read_sheet"
    VALIDATE_SHEET = "validate_sheet"
    RENEW_AGREEMENT = "renew_agreement"
    ASK_DEPOSITARY = "ask_depositary"
    ADDRESS_SOMEONE_ELSE = "address_someone_else"
    CONSULT_WITHOUT_NAME = "consult_without_name"
    AWAIT_OPINION = "await_opinion"
    SAY_NOTHING = "say_nothing"
    ASK_THE_PURPOSE = "ask_the_purpose"
    ASK_FOR_ADVICE = "ask_for_advice"
    WAIT = "wait"


# From the mildest to the strictest: the strictest finding wins.
SEVERITY: dict[str, int] = {ALLOW: 0, REVIEW: 1, DENY: 2}


@dataclass(frozen=True, slots=True)
class Finding:
    """One norm that speaks here: what it asks for, in a sentence, and where it is written."""

    rule: str  # the norm, as a name
    reason: str  # code of vocabulary.yaml, `reasons`
    effect: str  # "deny" | "review" | "allow": the last is recorded and stops nothing
    article: str  # code of articles.yaml
    message: str  # a sentence for the professional, in French, without article number
    remedy: str = ""  # code of a way out, see sharing.ways
    items: tuple[str, ...] = ()  # references of the items concerned; empty: the whole disclosure
    detail: str = ""  # labels of the rulebook that make the sentence precise


@dataclass(frozen=True, slots=True)
class ItemDecision:
    """What may become of one item if it were alone in the disclosure."""

    ref: str
    category: str
    verdict: str
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class DutyDue:
    """Something owed with an allow or a review."""

    code: str  # code of vocabulary.yaml, `duties`
    due_at: datetime | None  # None: at once, or as long as the disclosure lasts
    owed_by: str  # "author" | "reviewer" | "recipient" | "institution"


@dataclass(frozen=True, slots=True)
class Way:
    """A lawful way out, already tried on the facts as it would change them."""

    code: str
    label: str  # what to do, in French
    detail: str = ""  # small print, in French
    items: tuple[str, ...] = ()  # references of the items it is about; empty: all
    role: str = ""  # the other recipient, where there is one
    purpose: str = ""  # the purpose that goes with it, where it differs
    categories: tuple[str, ...] = ()  # what an agreement would have to cover
    together: tuple[str, ...] = ()  # codes of the other ways without which this one does not suffice
    also: tuple[str, ...] = ()  # their labels, in French
    verdict: str = ALLOW  # what comes out when it is followed, with those that go together


@dataclass(frozen=True, slots=True)
class Question:
    """A plain question whose answer would change the verdict."""

    circumstance: str
    text: str


@dataclass(frozen=True, slots=True)
class Decision:
    """The whole answer, for one intended disclosure. A refusal is a value, kept like a release."""

    verdict: str
    basis: str | None
    items: tuple[ItemDecision, ...] = ()
    findings: tuple[Finding, ...] = ()
    duties: tuple[DutyDue, ...] = ()
    paths: tuple[Way, ...] = ()
    questions: tuple[Question, ...] = ()
    nearly: tuple[str, ...] = ()  # texts that nearly fit
    say: str = ""  # one sentence that can be said aloud
    access_until: datetime | None = None  # None: the recipient keeps it in a file of its own
    rulebook: str = ""  # sha256 of the rulebook, hex

    @property
    def reasons(self) -> tuple[str, ...]:
        """Reason codes, in order, each once."""
        return tuple(dict.fromkeys(finding.reason for finding in self.findings))

    def to_plain(self) -> dict[str, Any]:
        """Values that JSON can carry; ``reasons`` beside the fields."""
        plain: dict[str, Any] = _plain(self)
        plain["reasons"] = list(self.reasons)
        return plain


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    if isinstance(value, datetime):
        return value.isoformat()
    if hasattr(value, "__dataclass_fields__"):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    return value
