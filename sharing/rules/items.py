"""What is said: its category, how it was known, why it is necessary, item by item."""

from __future__ import annotations

from sharing import law
from sharing.matter import GIVEN, ItemMatter, Matter
from sharing.outcome import Effect, Path
from sharing.rules.norm import rule
from sharing.wording import _

# What an équipe de suivi de la scolarisation may hear (law.md, part 1.3 E).
_SCHOOL_FORUM = law.BY_CODE[law.ACCORD].allowed["scolarite"]


@rule(
    None,
    Effect.DENY,
    reason="category_excluded",
    message=_("Ce genre d’information n’est pas prévu pour cette finalité."),
    remedy=Path.LEAVE_OUT,
)
def only_the_categories_of_the_text_pass(m: Matter, item: ItemMatter) -> bool:
    """law.md, G5: each text is limited to what its purpose needs."""
    text = m.text
    return text is not None and item.code not in text.allowed[m.facts.purpose]


@rule(
    law.CP_226_13,
    Effect.DENY,
    reason="category_excluded",
    message=_("Ce genre d’information n’est pas reconnu : dans le doute, il ne passe pas."),
    remedy=Path.LEAVE_OUT,
)
def only_known_categories_pass(m: Matter, item: ItemMatter) -> bool:
    """design.md, law 5: unknown means refused."""
    return item.category is None


@rule(
    law.RGPD_9,
    Effect.DENY,
    reason="category_excluded",
    message=_("L’origine, la religion et les opinions d’une personne ne se communiquent pas."),
    remedy=Path.LEAVE_OUT,
)
def origin_religion_and_opinion_stay(m: Matter, item: ItemMatter) -> bool:
    """law.md, part 1.4: refused under every text but the person's own access and a requisition."""
    if item.category is None or not item.category.blocked or m.gate == law.NOBODY_IDENTIFIED:
        return False
    return m.text is None or not m.text.opens_blocked


@rule(
    law.ACCORD,
    Effect.DENY,
    reason="category_excluded",
    message=_("Même avec un accord, ce destinataire n’a pas à connaître ce genre d’information ici."),
    remedy=Path.LEAVE_OUT,
)
def some_recipients_accept_little_on_agreement(m: Matter, item: ItemMatter) -> bool:
    """law.md, part 2: a teacher receives practical instructions, or what the ESS needs; a benefit controller, nothing."""
    if m.text is None or not m.text.is_agreement or m.recipient is None or m.in_forum:
        return False
    return m.recipient.accepts is not None and item.code not in m.recipient.accepts


@rule(
    law.C_EDUC_D351_11,
    Effect.DENY,
    reason="category_excluded",
    message=_("En équipe de suivi, seuls entrent les besoins scolaires, les consignes pratiques et le retentissement."),
    remedy=Path.LEAVE_OUT,
)
def a_school_forum_hears_little(m: Matter, item: ItemMatter) -> bool:
    """law.md, part 1.3 E and P-13: whatever the voluntary sharing said there, the categories of the forum only."""
    return m.in_forum and m.text is not None and m.text.voluntary and item.code not in _SCHOOL_FORUM


@rule(
    law.RGPD_5,
    Effect.DENY,
    reason="category_excluded",
    message=_(
        "La convention entre vos institutions, ou le règlement de l’instance, ne prévoit pas ce genre d’information."
    ),
    remedy=Path.LEAVE_OUT,
)
def an_agreement_may_narrow(m: Matter, item: ItemMatter) -> bool:
    """design.md, part 4: a local setting narrows what the law allows, for voluntary sharing, and never widens it."""
    return item.code in m.facts.narrowed and m.text is not None and m.text.voluntary


@rule(
    law.RGPD_5,
    Effect.DENY,
    reason="category_excluded",
    message=_("Votre institution a choisi de garder ce genre d’information."),
    remedy=Path.LEAVE_OUT,
)
def an_institution_may_keep(m: Matter, item: ItemMatter) -> bool:
    """design.md, part 4: a local setting narrows voluntary sharing, and never widens it."""
    return item.code in m.facts.kept_here and m.text is not None and m.text.voluntary


@rule(
    law.RGPD_5,
    Effect.REVIEW,
    reason="local_opinion",
    message=_("Votre institution, une convention ou une instance demande ici l’avis d’un cadre."),
    remedy=Path.AWAIT_OPINION,
)
def a_local_setting_may_ask_for_an_opinion(m: Matter, item: ItemMatter) -> bool:
    """law.md, P-13, and design.md, part 4: the rules of an institution, an agreement or a forum may ask for a second look."""
    return item.code in m.facts.opinion_on and m.text is not None and m.text.voluntary


@rule(
    law.RGPD_18,
    Effect.DENY,
    reason="limited",
    message=_("Le partage de cette information est limité, à la demande de la personne ou de qui la représente."),
    remedy=Path.LEAVE_OUT,
)
def what_is_limited_is_not_shared(m: Matter, item: ItemMatter) -> bool:
    """law.md, part 4, "Rights": voluntary sharing stops; rescue, obligations, reports, authorities and her own access do not."""
    return item.item.limited and m.text is not None and m.text.voluntary


@rule(
    law.CP_226_13,
    Effect.DENY,
    reason="address_protected",
    message=_(
        "L’adresse de la personne est protégée : ses coordonnées ne partent pas sans son accord pour ce destinataire."
    ),
    remedy=Path.LEAVE_OUT,
)
def a_protected_address_stays(m: Matter, item: ItemMatter) -> bool:
    """law.md, part 5: neither between professionals nor to the parents who ask, unless she agreed to just this.

    It never stops rescue, obligations, reports to an authority, requisitions, nor her own access.
    """
    if "address_protected" not in m.held or item.code != law.WHERE_SHE_IS or item.consent == GIVEN:
        return False
    return m.gate == law.PARENTS_OF_THE_CHILD or (m.text is not None and m.text.voluntary)


@rule(
    law.RGPD_5,
    Effect.DENY,
    reason="third_party_data",
    message=_("Cette information parle aussi de quelqu’un d’autre, qui n’a rien accepté."),
    remedy=Path.LEAVE_OUT_THIRD_PARTIES,
)
def nobody_agrees_for_a_third_party(m: Matter, item: ItemMatter) -> bool:
    """law.md, parts 1.3 J and 6.2: consent of one never covers another; redaction is required."""
    third_party = item.item.third_parties or "third_party_data" in m.held
    return third_party and m.text is not None and m.text.asks_agreement and m.text.voluntary


@rule(
    law.RGPD_5,
    Effect.DENY,
    reason="hearsay",
    message=_("Une rumeur ne se communique pas."),
    remedy=Path.SAY_WHAT_WAS_SEEN,
)
def hearsay_stays(m: Matter, item: ItemMatter) -> bool:
    """law.md, P-07: what nobody saw, heard or was told first-hand."""
    rumour = item.nature is not None and not item.nature.shareable
    return (rumour or "hearsay" in m.held) and _craft_applies(m)


@rule(
    law.RGPD_5,
    Effect.DENY,
    reason="opinion_unlabelled",
    message=_("Une hypothèse n’est pas un fait : elle se présente comme une hypothèse, datée, avec son auteur."),
    remedy=Path.LABEL_HYPOTHESIS,
)
def a_hypothesis_is_presented_as_one(m: Matter, item: ItemMatter) -> bool:
    """law.md, P-07: facts, words, analyses and hypotheses are told apart."""
    return (item.nature is None or "hypothesis_unlabelled" in m.held) and _craft_applies(m)


def _craft_applies(m: Matter) -> bool:
    """Whoever calls for help, answers an authority, or gives the person what is hers, does not choose among statements."""
    text = m.text
    return text is None or not (text.rescue or text.is_requisition or text.opens_blocked)


@rule(
    law.RGPD_5,
    Effect.DENY,
    reason="necessity_to_show",
    message=_("Dites ce qui serait communiqué : sans information choisie, rien n’est permis."),
)
def an_empty_scope_covers_nothing(m: Matter) -> bool:
    """design.md, law 5: naming the person to someone already says something of her, and nothing here says what for."""
    return not m.items and not m.gate and _craft_applies(m)


@rule(
    law.RGPD_5,
    Effect.DENY,
    reason="necessity_to_show",
    message=_("Dites quelle décision ne pourrait pas être prise sans cette information."),
    remedy=Path.SAY_WHY_NECESSARY,
)
def each_item_is_necessary(m: Matter, item: ItemMatter) -> bool:
    """law.md, P-02: for each item, which decision could not be taken without it? Asked, and not answered."""
    necessity = item.item.necessity
    return necessity is not None and not necessity.strip() and not m.is_rescue


@rule(
    None,
    Effect.REVIEW,
    reason="sensitive_category",
    message=_("Cette information est très sensible : sur le seul accord, un cadre donne d’abord son avis."),
    remedy=Path.AWAIT_OPINION,
)
def very_sensitive_items_are_reviewed(m: Matter, item: ItemMatter) -> bool:
    """law.md, part 1.3 J: on her agreement alone, sensitivity 3 goes to review."""
    if m.text is None or m.text.supervision_if_sensitivity_3 != "ex_ante":
        return False
    return item.category is not None and item.category.sensitivity >= 3
