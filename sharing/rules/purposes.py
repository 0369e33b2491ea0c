"""What for: silence where no text speaks, purposes that are never lawful, information kept to the purpose it was collected for."""

from __future__ import annotations

from partners.vocabulary import vocabulary
from sharing import law
from sharing.facts import INFORMED_WORDS, MEASURES
from sharing.matter import ItemMatter, Matter
from sharing.outcome import Effect, Path
from sharing.rules.norm import rule
from sharing.wording import _

WORDS = vocabulary()

PURPOSES = WORDS.purposes.keys() | WORDS.forbidden_purposes.keys()
CHILD_PROTECTION = frozenset(p.code for p in WORDS.purposes.values() if p.domain == "protection_enfance")
ILL_TREATMENT = "signaler_sevices"
# law.md, L226-3: these are not another domain.
NEVER_LOCKED = frozenset({ILL_TREATMENT, "secours", "requisition", "droit_acces"})
OPEN_TO_CONCERN_REPORTS = CHILD_PROTECTION | NEVER_LOCKED


@rule(
    law.CP_226_13,
    Effect.DENY,
    reason="no_basis",
    message=_("Aucun texte ne permet de communiquer ces informations à ce destinataire pour cette finalité."),
    remedy=Path.ADDRESS_SOMEONE_ELSE,
)
def silence_is_the_rule(m: Matter) -> bool:
    """CP 226-13: what no text permits is refused."""
    return m.silent


@rule(
    law.CP_226_13,
    Effect.DENY,
    reason="purpose_forbidden",
    message=_("Savoir, contrôler ou renseigner ne suffit jamais : cette finalité ne justifie aucune communication."),
    remedy=Path.SAY_NOTHING,
)
def some_purposes_are_never_lawful(m: Matter) -> bool:
    """law.md, part 1.1: curiosity, informal control, police intelligence, lists, flows, screening."""
    return m.facts.purpose in WORDS.forbidden_purposes


@rule(
    law.RGPD_5,
    Effect.DENY,
    reason="systematic",
    message=_("Une communication concerne une seule personne, à un moment donné : ni liste, ni envoi systématique."),
    remedy=Path.SAY_NOTHING,
)
def sharing_is_about_one_person_at_a_time(m: Matter) -> bool:
    """law.md, parts 1.1 and 5, P-01: never automatic, never systematic, never several persons at once."""
    forbidden = WORDS.forbidden_purposes.get(m.facts.purpose)
    return m.person.many or (forbidden is not None and forbidden.systematic)


@rule(
    law.RGPD_5,
    Effect.DENY,
    reason="purpose_narrowed",
    message=_("Votre institution, une convention ou une instance a fermé cette finalité."),
    remedy=Path.SAY_IT_HERSELF,
)
def a_local_setting_may_close_a_purpose(m: Matter) -> bool:
    """design.md, part 4: for voluntary sharing only; what the law obliges to, and reports, stay open."""
    return m.facts.purpose in m.facts.closed_purposes and m.text is not None and m.text.voluntary


@rule(
    law.CP_226_13,
    Effect.DENY,
    reason="no_basis",
    message=_("Une donnée de cette demande n’est pas reconnue : dans le doute, rien n’est communiqué."),
    remedy=Path.ASK_FOR_ADVICE,
)
def what_is_unknown_is_refused(m: Matter) -> bool:
    """design.md, law 5: unreadable or unknown means refused: a word of the rulebook, a text invoked, an instant without zone."""
    facts = m.facts
    return not (
        m.readable
        and facts.informed.state in INFORMED_WORDS
        and facts.person.measure in MEASURES
        and facts.circumstances <= WORDS.circumstances.keys()
        and facts.purpose in PURPOSES
        and m.sender_bound in WORDS.bounds
        and m.recipient_bound in WORDS.bounds
        and m.sender is not None
        and m.recipient is not None
        and (facts.basis is None or facts.basis in law.BY_CODE)
        and facts.narrowed <= WORDS.categories.keys()
        and facts.kept_here <= WORDS.categories.keys()
        and facts.opinion_on <= WORDS.categories.keys()
        and facts.closed_purposes <= PURPOSES
    )


@rule(
    law.CASF_L226_3,
    Effect.DENY,
    reason="purpose_locked",
    message=_("Cette information vient d’une information préoccupante : elle ne sert qu’à protéger l’enfant."),
    remedy=Path.LEAVE_OUT,
)
def concern_report_serves_child_protection_only(m: Matter, item: ItemMatter) -> bool:
    """CASF L226-3, last paragraph: the purpose lock of a concern report."""
    from_report = item.item.origin == "ip" or "item_origin_ip" in m.held
    if not from_report or m.gate == law.NOBODY_IDENTIFIED:
        return False
    # Reporting ill-treatment is not another domain where it is "of that child"; of an adult, it is.
    of_an_adult = m.facts.purpose == ILL_TREATMENT and not m.person.is_minor
    return of_an_adult or m.facts.purpose not in OPEN_TO_CONCERN_REPORTS


@rule(
    law.CASF_L262_40,
    Effect.DENY,
    reason="purpose_locked",
    message=_(
        "Cette information vient d’un contrôle du RSA : elle ne va qu’au département, et par lui à l’équipe du RSA."
    ),
    remedy=Path.LEAVE_OUT,
)
def rsa_control_goes_to_the_departement_only(m: Matter, item: ItemMatter) -> bool:
    """CASF L262-40: collected in control, it goes to the département and, through it, to the équipe pluridisciplinaire."""
    from_control = item.item.origin == "controle_rsa" or "item_origin_controle_rsa" in m.held
    if not from_control or m.facts.purpose in NEVER_LOCKED or m.gate == law.NOBODY_IDENTIFIED:
        return False
    if m.text is None or "controle" not in m.text.locks:
        return True
    through_it = "pcd" in m.sender_groups and "equipe_pluri_rsa" in m.recipient_groups
    return not ("pcd" in m.recipient_groups or through_it)


@rule(
    law.RGPD_5,
    Effect.DENY,
    reason="purpose_locked",
    message=_("On ne sait pas pour quoi cette information a été recueillie : elle ne peut servir à autre chose."),
    remedy=Path.LEAVE_OUT,
)
def what_was_collected_for_an_unknown_end_stays(m: Matter, item: ItemMatter) -> bool:
    """RGPD 5: purpose limitation supposes that the purpose is known."""
    return item.item.origin not in ("", "ip", "controle_rsa")
