"""What a text asks to be established, who must give an opinion first, and the two gates where no text is needed."""

from __future__ import annotations

from sharing import law
from sharing.matter import BINDING, Matter
from sharing.outcome import Effect, Path
from sharing.rules.norm import rule
from sharing.wording import _

_AUTHORITY_CONDITIONS = ("authority_verified", "authorised_agent")


@rule(
    None,
    Effect.DENY,
    reason="condition_missing",
    message=_("Ce que le texte demande n’est pas encore établi."),
    remedy=Path.ESTABLISH,
)
def conditions_are_established(m: Matter) -> str:
    """law.md, G4: what a text requires, all of it; a demand by an authority is at least written."""
    text = m.text
    if text is None or text.supervision_if_missing:
        return ""
    if text.is_requisition and ("written" in m.held or "written" not in text.requires):
        return ""
    return m.unmet(text.requires)


@rule(
    None,
    Effect.REVIEW,
    reason="condition_missing",
    message=_("Une condition n’est pas encore établie : un avis est attendu."),
    remedy=Path.ESTABLISH,
)
def some_conditions_may_be_reviewed(m: Matter) -> str:
    """bases.yaml, supervision_if_missing; a requisition's conditions are established by the legal service."""
    text = m.text
    if text is None or not (text.supervision_if_missing or text.is_requisition):
        return ""
    return m.unmet(text.requires)


@rule(
    None,
    Effect.REVIEW,
    reason="authority_unverified",
    message=_("La qualité de celui qui demande n’est pas encore vérifiée."),
    remedy=Path.AWAIT_OPINION,
)
def the_authority_is_verified(m: Matter) -> str:
    """law.md, part 1.3 H: check who signs, the article, the scope, the date."""
    text = m.text
    if text is None or not text.is_requisition:
        return ""
    return m.unmet(tuple(each for each in text.requires if each in _AUTHORITY_CONDITIONS))


@rule(
    law.CASF_L121_6_2_6,
    Effect.DENY,
    reason="condition_missing",
    message=_(
        "Plusieurs professionnels interviennent : seul le coordonnateur désigné s’adresse au maire ou au département."
    ),
    remedy=Path.ESTABLISH,
)
def where_several_work_the_coordinator_speaks(m: Matter) -> str:
    """law.md, part 1.4, settled: the professional who intervenes alone, or the coordinator."""
    text = m.text
    if text is None or not text.alone_unless or "both_work_with_person" not in m.held:
        return ""
    return m.unmet((text.alone_unless,))


@rule(
    None,
    Effect.REVIEW,
    reason="legal_review",
    message=_("Une demande d’autorité se traite avec le service juridique : c’est l’institution qui répond."),
    remedy=Path.AWAIT_OPINION,
)
def authorities_are_answered_by_the_institution(m: Matter) -> bool:
    """law.md, part 1.3 H: a requisition is never answered alone, and never released by the application."""
    return m.text is not None and m.text.is_requisition


@rule(
    None,
    Effect.REVIEW,
    reason="necessity_to_show",
    message=_("Un cadre dit si c’est strictement nécessaire à ce que ce destinataire a à décider."),
    remedy=Path.AWAIT_OPINION,
)
def some_disclosures_await_an_opinion(m: Matter) -> bool:
    """law.md, part 1.3 C: CASF L121-6-2, paragraph 6, always goes to review."""
    return m.text is not None and m.text.supervision == "ex_ante" and not m.text.is_requisition


@rule(
    law.CSI_L132_5,
    Effect.DENY,
    reason="bound_sender_nominative",
    message=_("Le secret vous lie : aucun nom dans ce groupe, où l’on peut parler de situations."),
    remedy=Path.CONSULT_WITHOUT_NAME,
)
def the_bound_give_no_names_to_a_prevention_group(m: Matter) -> bool:
    """law.md, part 1.3 G: CSI L132-5 does not lift secrecy."""
    return _names_given(m) and m.sender_bound in BINDING


@rule(
    law.CSI_L132_5,
    Effect.DENY,
    reason="condition_missing",
    message=_("Aucun nom n’est échangé dans ce groupe sans règlement intérieur signé."),
    remedy=Path.ESTABLISH,
)
def names_need_signed_internal_rules(m: Matter) -> str:
    """law.md, part 1.3 G: under signed internal rules, refused without."""
    return m.unmet(m.text.requires_if_nominative) if m.text is not None and _names_given(m) else ""


@rule(
    law.CSI_L132_5,
    Effect.REVIEW,
    reason="legally_contested",
    message=_("Donner un nom dans ce groupe est juridiquement discuté : un avis est attendu."),
    remedy=Path.CONSULT_WITHOUT_NAME,
)
def names_in_a_prevention_group_are_contested(m: Matter) -> bool:
    """law.md, part 1.3 G: for a sender who is not bound, review."""
    return _names_given(m) and m.sender_bound not in BINDING


def _names_given(m: Matter) -> bool:
    return m.text is not None and m.text.nominative_if_sender_bound == "deny"


@rule(
    law.CP_226_13,
    Effect.REVIEW,
    reason="reidentification_risk",
    message=_(
        "Quelqu’un pourrait reconnaître la personne : retirez ce qui l’identifie, ou passez par un texte qui permet de la nommer."
    ),
    remedy=Path.CONSULT_WITHOUT_NAME,
)
def a_recognisable_person_is_not_unnamed(m: Matter) -> bool:
    """law.md, P-05: a participant knows the situation; nominative rules if it goes on."""
    return m.gate == law.NOBODY_IDENTIFIED and "reidentification_risk" in m.held


@rule(
    law.CP_226_13,
    Effect.RECORD,
    reason="non_nominative",
    message=_("Personne n’est identifiable : parler d’une situation, sans la personne, reste possible."),
)
def a_situation_without_a_name_is_no_secret(m: Matter) -> bool:
    """law.md, G0: no text is needed where nobody can be identified."""
    return m.gate == law.NOBODY_IDENTIFIED and "reidentification_risk" not in m.held
