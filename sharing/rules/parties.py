"""From whom, to whom: whom a text names, who is bound, who decides, who may be trusted to be who they say."""

from __future__ import annotations

from sharing import law
from sharing.matter import BINDING, GIVEN, ItemMatter, Matter
from sharing.outcome import Effect, Path
from sharing.rules.norm import rule
from sharing.wording import _


@rule(
    law.CP_226_14,
    Effect.DENY,
    reason="sender_not_eligible",
    message=_("Pour cela, aucun texte ne désigne votre fonction."),
    remedy=Path.ASK_FOR_ADVICE,
)
def sender_is_among_those_the_text_names(m: Matter) -> bool:
    """law.md, G4: most permissions are given to some professions or missions only."""
    return "sender" in m.misses


@rule(
    law.CP_226_14,
    Effect.DENY,
    reason="sender_not_eligible",
    message=_("Vous n’exercez plus dans ce service : vous ne pouvez plus communiquer en son nom."),
    remedy=Path.ASK_FOR_ADVICE,
)
def sender_is_still_in_office(m: Matter) -> bool:
    """law.md, part 2: secrecy and permissions follow the mission."""
    return not m.facts.sender.in_force and not m.is_rescue


@rule(
    law.CP_226_14,
    Effect.DENY,
    reason="recipient_outside_mission",
    message=_("Pour cela, aucun texte ne désigne ce destinataire : ce n’est pas sa mission."),
    remedy=Path.ADDRESS_SOMEONE_ELSE,
)
def recipient_is_among_those_the_text_names(m: Matter) -> bool:
    """law.md, G2 and G3: a closed list of recipients, each within its mission."""
    return "recipient" in m.misses and not ("agreement_expired" in m.held and m.text is not None and m.text.voluntary)


@rule(
    law.CP_226_14,
    Effect.DENY,
    reason="subject_outside_text",
    message=_("Le texte qui pourrait le permettre ne vise pas une personne de cet âge, ou dans cette situation."),
    remedy=Path.ASK_FOR_ADVICE,
)
def the_text_is_about_such_a_person(m: Matter) -> bool:
    """law.md, G4: a minor, an adult, an adult unable to protect herself; a protection measure alone is not enough."""
    return "subject" in m.misses and not m.person.many


@rule(
    law.CP_226_14,
    Effect.DENY,
    reason="recipient_outside_mission",
    message=_("Ce destinataire n’exerce plus dans cette institution."),
    remedy=Path.ADDRESS_SOMEONE_ELSE,
)
def recipient_is_still_in_office(m: Matter) -> bool:
    """law.md, G2: an identified person, in her role, in her institution."""
    return not m.facts.recipient.in_force and not m.is_rescue


@rule(
    law.CP_226_13,
    Effect.DENY,
    reason="recipient_not_bound",
    message=_("Ce destinataire n’est pas soumis au secret professionnel, et aucun texte ne le désigne."),
    remedy=Path.ADDRESS_SOMEONE_ELSE,
)
def secrets_go_to_those_who_are_bound(m: Matter) -> bool:
    """law.md, 0.3: being bound is necessary for most texts; where none names the recipient, its absence is a reason more."""
    if not m.silent or m.recipient_bound in BINDING or m.recipient_bound == "person" or m.in_forum:
        return False
    return m.text is None or m.text.is_agreement or "recipient" in m.misses


@rule(
    law.CP_226_13,
    Effect.DENY,
    reason="recipient_not_bound",
    message=_("Un invité qui n’est pas soumis au secret est présent : rien ne peut être dit devant lui."),
    remedy=Path.SEND_GUEST_AWAY,
)
def nothing_is_said_before_an_unbound_guest(m: Matter) -> bool:
    """law.md, P-13: in a forum, the presence of an unbound guest blocks."""
    return "unbound_guest_present" in m.held and not m.is_rescue


@rule(
    law.RGPD_5,
    Effect.DENY,
    reason="agreement_expired",
    message=_("La convention entre vos deux institutions n’est plus en vigueur."),
    remedy=Path.RENEW_AGREEMENT,
)
def voluntary_sharing_supposes_an_agreement_in_force(m: Matter) -> bool:
    """law.md, G2: for the person's agreement and voluntary sharing only; never for obligations, reports, requisitions, peril."""
    return "agreement_expired" in m.held and m.text is not None and m.text.voluntary


@rule(
    law.RGPD_5,
    Effect.DENY,
    reason="condition_missing",
    message=_("Vos deux institutions n’ont pas encore validé la fiche de mission de ce partenaire."),
    remedy=Path.VALIDATE_SHEET,
)
def voluntary_sharing_supposes_that_both_know_their_missions(m: Matter) -> bool:
    """law.md, P-11: for voluntary sharing and the person's agreement only; never for obligations, reports, requisitions, peril."""
    return m.facts.sheet_missing and m.text is not None and m.text.voluntary


@rule(
    law.RGPD_5,
    Effect.DENY,
    reason="condition_missing",
    message=_("Vous n’avez pas encore lu la fiche de mission de ce partenaire."),
    remedy=Path.READ_SHEET,
)
def the_mission_sheet_is_read_before_the_first_disclosure(m: Matter) -> bool:
    """law.md, P-11: whoever shares has opened the partner's sheet before her first disclosure to it."""
    return m.facts.sheet_unread and not m.facts.sheet_missing and m.text is not None and m.text.voluntary


@rule(
    law.REQUISITION,
    Effect.DENY,
    reason="authority_unverified",
    message=_(
        "Un appel ou une visite ne prouve rien : on ne confirme ni n’infirme, et l’on rappelle par le numéro officiel."
    ),
    remedy=Path.VERIFY_CALL,
)
def callers_are_called_back(m: Matter) -> bool:
    """law.md, part 1.1 and H: a call without requisition has no value; in an emergency the call-back must be verified."""
    if not m.call_unverified:
        return False
    text = m.text
    if text is not None and text.rescue:
        return True
    if text is not None and text.is_requisition:
        return "written" not in m.held
    return m.silent and m.recipient_bound == "authority"


@rule(
    law.CP_226_13,
    Effect.DENY,
    reason="not_depositary",
    message=_("Seule la personne à qui l’information a été confiée peut décider de la communiquer."),
    remedy=Path.ASK_DEPOSITARY,
)
def only_the_depositary_releases(m: Matter, item: ItemMatter) -> bool:
    """law.md, 0.3 and G1: nobody performs someone else's disclosure, legal flows and rescue apart."""
    return not item.depositary and not m.is_rescue and not m.is_institutional and m.gate != law.NOBODY_IDENTIFIED


@rule(
    law.CP_226_13,
    Effect.DENY,
    reason="hierarchical_order",
    message=_("Un ordre de la hiérarchie ne permet pas de communiquer ce qui a été confié à quelqu’un d’autre."),
    remedy=Path.ASK_DEPOSITARY,
)
def an_order_founds_nothing(m: Matter) -> bool:
    """law.md, part 1.4, settled: from one who is not the depositary, refused."""
    return _ordered(m) and not m.sender_is_depositary and not m.is_institutional


@rule(
    law.CP_226_13,
    Effect.RECORD,
    reason="hierarchical_order",
    message=_("Un ordre de la hiérarchie ne change rien : vous restez libre de communiquer ou non."),
)
def an_order_spoils_nothing(m: Matter) -> bool:
    """law.md, part 1.4, settled: to the depositary, who decides freely, it is recorded."""
    return _ordered(m) and (m.sender_is_depositary or m.is_institutional)


def _ordered(m: Matter) -> bool:
    return "hierarchical_order" in m.held and not m.is_rescue and m.gate != law.NOBODY_IDENTIFIED


@rule(
    law.CP_226_13,
    Effect.DENY,
    reason="onward_sharing_forbidden",
    message=_(
        "Cette information vous a été confiée par un autre professionnel : vous ne pouvez pas la transmettre plus loin."
    ),
    remedy=Path.ASK_DEPOSITARY,
)
def what_was_received_is_not_passed_on(m: Matter, item: ItemMatter) -> bool:
    """law.md, 6.1 (no re-share, whatever the text) and CASF L121-6-2, paragraph 6."""
    return item.received and not m.is_rescue and not m.is_institutional and m.gate != law.NOBODY_IDENTIFIED


@rule(
    law.C_CIV_459,
    Effect.DENY,
    reason="protected_adult",
    message=_("La mesure de protection n’ouvre pas cet accès : il y faut l’accord de la personne elle-même."),
    remedy=Path.COLLECT_AGREEMENT,
)
def a_protection_measure_opens_no_access(m: Matter, item: ItemMatter) -> bool:
    """law.md, part 1.4: a curateur, and a tuteur aux biens beyond property, receive nothing without the person's own agreement."""
    role = m.recipient
    if role is None or role.without_agreement is None or m.gate:
        return False
    if role.under_measure and (m.person.is_minor or role.under_measure == m.person.measure):
        return False
    return item.code not in role.without_agreement and item.consent != GIVEN
