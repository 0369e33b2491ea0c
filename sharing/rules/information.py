"""Whether the person was told beforehand, which is not asking for her agreement; and the exceptions."""

from __future__ import annotations

from sharing import law
from sharing.matter import ItemMatter, Matter
from sharing.outcome import Effect, Path
from sharing.rules.norm import rule
from sharing.wording import _


def _untold(m: Matter, item: ItemMatter) -> bool:
    """Prior information is owed for this item and was not given; an emergency defers it."""
    text = m.text
    return text is not None and text.owes_information and not item.informed and not m.emergency


def _excepted(m: Matter) -> bool:
    reasons = ("exception_child_interest", "exception_professional_comfort")
    return m.facts.informed.state == "excepted" or any(each in m.held for each in reasons)


@rule(
    law.CSP_R1110_3,
    Effect.DENY,
    reason="information_missing",
    message=_("L’information préalable n’est pas enregistrée : ce texte en fait une condition."),
    remedy=Path.INFORM_FIRST,
)
def information_before_is_a_condition(m: Matter, item: ItemMatter) -> bool:
    """law.md, part 1.4: where a law makes it a condition, refused."""
    return m.text is not None and m.text.information_is_a_condition and _untold(m, item)


@rule(
    None,
    Effect.REVIEW,
    reason="information_missing",
    message=_("L’information préalable n’est pas enregistrée : un cadre donne son avis avant toute communication."),
    remedy=Path.INFORM_FIRST,
)
def information_before_is_expected(m: Matter, item: ItemMatter) -> bool:
    """law.md, part 1.4: the product's rule and CASF L226-2-2, review where she was not told."""
    if m.text is None or m.text.supervision_if_not_informed != "ex_ante" or not _untold(m, item):
        return False
    return not (_excepted(m) and m.exception_founded)


@rule(
    None,
    Effect.RECORD,
    reason="information_missing",
    message=_("L’information préalable n’est pas enregistrée : cela ne retarde pas la transmission, mais se motive."),
)
def information_never_delays_where_delay_endangers(m: Matter, item: ItemMatter) -> bool:
    """law.md, part 1.4: concern reports, CASF L411-3 and L119-2 are never stopped by it."""
    return m.text is not None and m.text.supervision_if_not_informed == "ex_post" and _untold(m, item)


def _unfounded(m: Matter, item: ItemMatter) -> bool:
    return _excepted(m) and _untold(m, item) and not m.exception_founded


@rule(
    None,
    Effect.DENY,
    reason="information_exception_unfounded",
    message=_("Rien ne permet ici de se passer d’informer la personne."),
    remedy=Path.INFORM_FIRST,
)
def no_exception_where_information_is_a_condition(m: Matter, item: ItemMatter) -> bool:
    """CSP R1110-3 III: only emergency or impossibility dispenses from it."""
    return m.text is not None and m.text.information_is_a_condition and _unfounded(m, item)


@rule(
    None,
    Effect.REVIEW,
    reason="information_exception_unfounded",
    message=_("Craindre une réaction ne dispense pas d’informer : seul l’intérêt d’un enfant le permettrait."),
    remedy=Path.INFORM_FIRST,
)
def professional_comfort_is_no_exception(m: Matter, item: ItemMatter) -> bool:
    """CASF L226-2-2: unless contrary to the child's interest; law.md, part 3.5."""
    return m.text is not None and m.text.supervision_if_not_informed == "ex_ante" and _unfounded(m, item)


@rule(
    None,
    Effect.RECORD,
    reason="information_exception_unfounded",
    message=_("Craindre une réaction ne dispense pas d’informer : ce choix sera revu."),
)
def an_unfounded_exception_is_looked_at_afterwards(m: Matter, item: ItemMatter) -> bool:
    """law.md, part 1.3 B: for a concern report, ex post review, never a delay."""
    return m.text is not None and m.text.supervision_if_not_informed == "ex_post" and _unfounded(m, item)


@rule(
    None,
    Effect.REVIEW,
    reason="information_exception_reviewed",
    message=_("Informer les parents nuirait à l’enfant : un cadre donne son avis sur cette exception."),
    remedy=Path.AWAIT_OPINION,
)
def a_founded_exception_is_reviewed_before(m: Matter, item: ItemMatter) -> bool:
    """CASF L226-2-2: the exception is decided with someone else."""
    if m.text is None or m.text.supervision_if_not_informed != "ex_ante":
        return False
    return _excepted(m) and m.exception_founded and _untold(m, item)
