"""What the person is owed: her agreement, her objection, the child's own secrecy, the parents who disagree."""

from __future__ import annotations

from sharing import law
from sharing.matter import GIVEN, NO_WORD, REFUSED, WEAK_ARGUMENTS, WITHDRAWN, ItemMatter, Matter
from sharing.outcome import Effect, Path
from sharing.rules.norm import rule
from sharing.wording import _


@rule(
    law.CSP_L1111_5,
    Effect.DENY,
    reason="minor_health_secrecy",
    message=_("La loi garde à l’enfant le secret de ces soins, même envers ses parents."),
    remedy=Path.SAY_IT_HERSELF,
)
def a_minor_keeps_the_secret_of_her_care(m: Matter) -> bool:
    """CSP L1111-5, L1111-5-1, L2212-7, L5134-1: the parents are not told against her will."""
    return "minor_health_secrecy" in m.held and m.gate == law.PARENTS_OF_THE_CHILD


@rule(
    law.C_CIV_371_1,
    Effect.REVIEW,
    reason="minor_objects",
    message=_("L’enfant ne veut pas que ses parents sachent : son intérêt est à peser avec un cadre."),
    remedy=Path.SAY_IT_HERSELF,
)
def a_minor_who_objects_is_heard(m: Matter) -> bool:
    """law.md, part 3.2: no general right, the child's interest is weighed."""
    return "minor_objects" in m.held and m.gate == law.PARENTS_OF_THE_CHILD


def _agreement_owed(m: Matter) -> bool:
    return m.text is not None and m.text.asks_agreement


@rule(
    law.CASF_L311_3,
    Effect.DENY,
    reason="consent_missing",
    message=_("L’accord qu’il faut n’est pas enregistré pour cela."),
    remedy=Path.COLLECT_AGREEMENT,
)
def agreement_comes_before(m: Matter, item: ItemMatter) -> bool:
    """CSP L1110-4 III, CASF L241-10, CP 226-14 2°, and what rests on her agreement alone: for this recipient and this purpose."""
    return _agreement_owed(m) and item.consent == NO_WORD and not m.agreement_exempt


@rule(
    law.CASF_L311_3,
    Effect.DENY,
    reason="consent_missing",
    message=_("Un refus est enregistré : il n’a pas à être justifié."),
    remedy=Path.SAY_IT_HERSELF,
)
def a_refusal_is_heard(m: Matter, item: ItemMatter) -> bool:
    """law.md, part 3.5: a refusal blocks what rests on agreement; an emergency does not undo it."""
    if item.consent != REFUSED:
        return False
    return m.silent or (_agreement_owed(m) and not _exempt_by_age(m))


@rule(
    law.CASF_L311_3,
    Effect.DENY,
    reason="consent_missing",
    message=_("Aucun texte ne le permet, et aucun accord n’est enregistré."),
    remedy=Path.SAY_IT_HERSELF,
)
def without_text_nor_agreement_nothing_passes(m: Matter, item: ItemMatter) -> bool:
    """law.md, part 1.3 J: where no text fits, what is left is her agreement; it is missing too."""
    text = m.text
    if not m.silent or text is None or item.consent != NO_WORD:
        return False
    return not text.asks_agreement and not text.rescue and not text.is_requisition


@rule(
    law.CASF_L311_3,
    Effect.DENY,
    reason="consent_withdrawn",
    message=_("L’accord a été retiré : rien de nouveau ne passe."),
    remedy=Path.SAY_IT_HERSELF,
)
def a_withdrawal_stops_what_follows(m: Matter, item: ItemMatter) -> bool:
    """law.md, part 3.5: from then on, for what rests on her agreement or on her not opposing."""
    if item.consent != WITHDRAWN or m.text is None:
        return False
    return (m.text.asks_agreement or m.text.objection == "blocks") and not _exempt_by_age(m)


def _exempt_by_age(m: Matter) -> bool:
    return m.text is not None and not m.text.consent_exempt.isdisjoint(m.subjects)


@rule(
    law.CSP_L1110_4_IV,
    Effect.DENY,
    reason="person_objects",
    message=_("Une opposition est enregistrée, et ce texte la respecte."),
    remedy=Path.SAY_IT_HERSELF,
)
def an_objection_stops(m: Matter) -> bool:
    """CSP L1110-4 IV and what rests on agreement: she may oppose at any time."""
    text = m.text
    if text is None or text.objection != "blocks" or _exempt_by_age(m):
        return False
    return "person_objects" in m.held or (not text.asks_agreement and m.objects)


@rule(
    None,
    Effect.REVIEW,
    reason="person_objects",
    message=_("Une opposition est enregistrée : un cadre donne son avis avant toute communication."),
    remedy=Path.AWAIT_OPINION,
)
def an_objection_is_weighed(m: Matter) -> bool:
    """law.md, part 1.4, "→ review": CASF L121-6-2, L345-2-10, L345-1."""
    return m.text is not None and m.text.objection == "review" and m.objects


@rule(
    law.C_CIV_372_2,
    Effect.REVIEW,
    reason="parents_disagree",
    message=_("Les parents sont en désaccord : l’accord d’un seul ne suffit plus."),
    remedy=Path.COLLECT_AGREEMENT,
)
def one_parent_is_not_enough_when_they_disagree(m: Matter) -> bool:
    """C. civ. 372-2: good faith is presumed until the disagreement is known."""
    text = m.text
    if text is None or not m.person.is_minor or "parents_known_to_disagree" not in m.held:
        return False
    return text.objection == "blocks" and not _exempt_by_age(m)


@rule(
    law.C_EDUC_D351_11,
    Effect.REVIEW,
    reason="condition_missing",
    message=_("L’équipe de suivi se tient sans les parents, ni présents ni invités."),
    remedy=Path.INVITE_PARENTS,
)
def parents_are_present_or_invited(m: Matter) -> bool:
    """law.md, part 1.4, settled: an ESS held without the parents goes to review."""
    if not m.in_forum or m.text is None:
        return False
    return m.text.is_agreement and "parents_present" not in m.held and "presence_proposed" not in m.held


@rule(
    law.CP_226_13,
    Effect.DENY,
    reason="weak_argument",
    message=_("Cet argument ne suffit pas à lui seul : ce que la personne en a dit, et quand, compte davantage."),
    remedy=Path.NOTE_HER_WORDS,
)
def a_weak_argument_founds_nothing(m: Matter) -> bool:
    """law.md, parts 1.4 and 5, P-04: refused under every text; her dated words, or her agreement, mend it."""
    if WEAK_ARGUMENTS.isdisjoint(m.held) or m.is_rescue or m.gate == law.NOBODY_IDENTIFIED:
        return False
    agreed = bool(m.items) and all(each.consent == GIVEN for each in m.items)
    return "dated_statement_of_person" not in m.held and not agreed
