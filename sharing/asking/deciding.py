"""May the one asked answer? The core decides in the direction of the answer: from her to whoever asks. Constant statements."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from audit import canonical
from cases.models import Case
from cases.standing import Stands
from cases.standing import stands as what_stands
from consent.standing import Standing, standing
from partners import sheets
from partners.models import Membership
from sharing import between, gather, service
from sharing import facts as f
from sharing.outcome import Decision


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What one professional would ask of another, on the person of one of her cases."""

    case: Case
    asked: Membership
    purpose: str
    categories: tuple[str, ...]
    decision_at_stake: str
    own_role: str = ""
    needed_on: date | None = None
    circumstances: tuple[str, ...] = ()


def facts_of(*, wish: Wish, asker: Membership, at: datetime) -> f.Facts:
    """The facts of the answer that is asked for, at this instant. Eleven statements at most, whatever is asked.

    Who works around the person is what the asker's own case says.
    """
    asked, purpose = wish.asked, wish.purpose
    settings = between.settings_for(sender=asked, recipient=asker, purpose=purpose, at=at)
    return assemble(
        wish=wish,
        asker=asker,
        agreed=between.terms(sender=asked, recipient=asker, purpose=purpose, at=at),
        settings=replace(settings, known=sheets.known(sender=asked, recipient=asker, at=at)),
        word=standing(person=wish.case.person_id, recipient=asker.pk, purpose=purpose, at=at),
        stands=what_stands(wish.case.person, at),
        recorded=gather.involvement_circumstances(wish.case, asked, at),
        at=at,
    )


def assemble(
    *,
    wish: Wish,
    asker: Membership,
    agreed: between.Terms,
    settings: between.Settings,
    word: Standing,
    stands: Stands,
    recorded: set[str],
    at: datetime,
) -> f.Facts:
    """The facts made of what was read: each category as a fact that was seen, necessary to the decision at stake.

    That the one asked has read the asker's mission sheet is for her to do before she answers: it is not held against the question.
    """
    case = wish.case
    held = gather.declared(wish.circumstances) | recorded | {"nominative", "dated_facts"}
    held |= gather.words_circumstances(word, stands, wish.categories)
    if not asker.receives_for_service:
        held.add("named_recipient")
    if not agreed.in_force:
        held.add("agreement_expired")
    if asker.role == "ess_membre":
        held.add("forum_ess")
    held |= settings.seating.circumstances
    return f.Facts(
        at=at,
        sender=gather.party(wish.asked, at),
        recipient=gather.party(asker, at),
        purpose=wish.purpose,
        items=tuple(
            f.Item(category=code, ref=code, necessity=wish.decision_at_stake.strip()) for code in wish.categories
        ),
        person=gather.subject(case, stands, at),
        consents=gather.consent_facts(word, asker, wish.purpose),
        informed=gather.information(word),
        circumstances=frozenset(held),
        justification=wish.decision_at_stake,
        narrowed=settings.left_out(agreed),
        kept_here=settings.narrowings.kept_here,
        closed_purposes=settings.closed_purposes,
        opinion_on=settings.narrowings.opinion_on,
        at_most_days=settings.narrowings.at_most_days,
        sheet_missing=not settings.known.validated,
    )


def fingerprint(wish: Wish, facts: f.Facts, decision: Decision) -> str:
    """What the asker has seen: the answer, the facts it rests on, and the words that her partner would read."""
    told = [
        str(wish.case.pk),
        str(wish.asked.pk),
        wish.decision_at_stake,
        wish.own_role,
        wish.needed_on.isoformat() if wish.needed_on else "",
    ]
    return canonical.digest(canonical.encode([service.fingerprint(facts, decision), told]))
