"""The acts that communicate nothing, and are therefore always lawful.

Letting the person speak, handing a demand over to the direction, answering without confirming anything, letting the one who was
confided it decide, asking for advice, waiting.
"""

from __future__ import annotations

from collections.abc import Iterator

from partners.vocabulary import vocabulary
from sharing import law
from sharing.law import Basis
from sharing.matter import Matter
from sharing.outcome import DENY, REVIEW, Decision, Path, Way
from sharing.saying import demanded
from sharing.wording import _, quoted

WORDS = vocabulary()

# What communicates nothing, hence needs no decision: somebody else decides, or nothing is said.
SILENT = frozenset(
    {
        Path.SAY_IT_HERSELF,
        Path.CHOOSE_FIRST,
        Path.ONE_BY_ONE,
        Path.ASK_DEPOSITARY,
        Path.AWAIT_OPINION,
        Path.SAY_NOTHING,
        Path.ASK_THE_PURPOSE,
        Path.ASK_FOR_ADVICE,
        Path.WAIT,
    }
)

RESCUE = "secours"  # group, and purpose
MORTAL = frozenset({"grave_imminent_peril", "life_in_immediate_danger", "grave_immediate_danger"})
_URGENT = MORTAL | {"gravity", "emergency_person_unable"}
_CARERS = "health_professional"
_WHAT_PARENTS_MAY_HAVE_DONE = frozenset({"violences", "parole_enfant"})


def unsaid(m: Matter, decision: Decision, *, closed: bool, offered: frozenset[str]) -> Iterator[Way]:
    """Those that make sense here; ``closed`` where nothing else would let anyone know, ``offered``: the codes of the other ways."""
    facts = m.facts
    texts = _texts(m)
    forbidden = facts.purpose in WORDS.forbidden_purposes and not m.gate
    asked_by_authority = demanded(facts)
    if not m.items and decision.verdict == DENY and not forbidden:
        yield Way(Path.CHOOSE_FIRST.value, _("Choisir d’abord ce qui serait communiqué"))
        return
    if asked_by_authority:
        yield _to_legal_service()
    elif decision.verdict == REVIEW:
        yield _opinion()
    hidden = "address_protected" in m.held and any(item.code == law.WHERE_SHE_IS for item in m.items)
    # Nobody asks a child to say where she is hidden.
    if m.gate == law.PARENTS_OF_THE_CHILD:
        if not hidden:
            yield Way(
                Path.SAY_IT_HERSELF.value,
                _("Proposer à l’enfant d’en parler avec ses parents"),
                _("avec vous, s’il le souhaite"),
            )
    elif _may_hear_it(m) and any(_she_could_say_it(text) for text in texts):
        yield _herself(m, texts)
    if decision.verdict == DENY and (forbidden or _without_paper(m, asked_by_authority)):
        yield _answer(m)
    if forbidden and WORDS.forbidden_purposes[facts.purpose].purpose_behind:
        asked = _("quelle décision en dépend, et ce que cela change pour la personne : c’est cela, la finalité")
        yield Way(Path.ASK_THE_PURPOSE.value, _("Demander à quoi cela servirait"), asked)
    if decision.verdict == DENY and not forbidden:
        if Path.ASK_DEPOSITARY not in offered and _hers_to_tell(m, texts):
            yield _depositary_decides()
        if m.person.many:
            if Path.ONE_BY_ONE not in offered:
                one = _("Décider pour une seule personne à la fois")
                yield Way(Path.ONE_BY_ONE.value, one, _("une communication, une décision"))
            return
        # Her refusal is an answer: nobody is asked how to go round it.
        if closed and not asked_by_authority and not (m.objects and Path.CONSULT_WITHOUT_NAME in offered):
            whom = _("à un cadre, au service juridique ou au délégué à la protection des données")
            hers = "personne_concernee" in m.recipient_groups
            yield (
                _her_right()
                if hers
                else Way(Path.ASK_FOR_ADVICE.value, _("Rien ne le permet ici : demander conseil"), whom)
            )
    if not forbidden and m.held.isdisjoint(_URGENT) and all(text.voluntary for text in texts):
        respected = _("ne pas communiquer est une décision professionnelle, et elle est respectée")
        yield Way(Path.WAIT.value, _("Attendre, si rien ne presse"), respected)


def _without_paper(m: Matter, asked_by_authority: bool) -> bool:
    """An authority that calls or comes without paper, help apart."""
    if asked_by_authority:
        return "written" not in m.held
    return m.call_unverified and m.recipient_bound == "authority" and RESCUE not in m.recipient_groups


def _answer(m: Matter) -> Way:
    """What to answer, word for word, and what to keep of it."""
    forbidden = WORDS.forbidden_purposes.get(m.facts.purpose)
    if forbidden is not None:
        said = quoted(_(forbidden.answer))
    else:
        said = quoted(_("Je ne peux ni confirmer ni infirmer. Adressez votre demande par écrit à la direction."))
    if m.call_unverified or m.recipient_bound == "authority":
        said = f"{said} {_('Puis notez qui demande, le numéro, l’heure et la question.')}"
    return Way(Path.SAY_NOTHING.value, _("Répondre sans rien confirmer ni infirmer"), said)


def _hers_to_tell(m: Matter, texts: tuple[Basis, ...]) -> bool:
    """Somebody else was confided it, and might tell this recipient: it is for her to decide."""
    theirs = not m.sender_is_depositary or any(each.received for each in m.items)
    return theirs and any(m.missing(text) == ("sender",) for text in texts)


def _depositary_decides() -> Way:
    step = _("Laisser décider la personne à qui l’information a été confiée")
    return Way(Path.ASK_DEPOSITARY.value, step, _("elle seule peut la communiquer, ou non"))


def _texts(m: Matter) -> tuple[Basis, ...]:
    return law.BY_PURPOSE.get(m.facts.purpose, ())


def _her_right() -> Way:
    """She asks for what is known of her: somebody owes her an answer."""
    label = _("Remettre sa demande au délégué à la protection des données")
    return Way(Path.ASK_FOR_ADVICE.value, label, _("elle a droit à une réponse, sous un mois"))


def _may_hear_it(m: Matter) -> bool:
    """Nobody is sent to say it to those who may not know it even with her agreement, nor parents to what endangers a child."""
    role = m.recipient
    if m.recipient_bound == "authority" and all(text.voluntary and not text.is_agreement for text in _texts(m)):
        return False  # nobody is sent to the police to be helped
    if m.person.is_minor and not m.objects:
        at_home = any(each.code in _WHAT_PARENTS_MAY_HAVE_DONE for each in m.items)
        if at_home or "exception_child_interest" in m.held or m.facts.informed.state == "excepted":
            return "exception_professional_comfort" in m.held and not at_home
    if role is None or role.accepts == frozenset():
        return False
    return role.on_agreement_for is None or m.facts.purpose in role.on_agreement_for


def _she_could_say_it(text: Basis) -> bool:
    """Sharing between professionals, what rests on her will, and what she is asked for her own rights; not reports, nor demands."""
    if text.nominative_if_sender_bound:
        return False
    if text.voluntary or text.asks_agreement or "agreement_sought" in text.requires:
        return True
    return text.is_obligation and text.owes_information and not text.obligation_if_unbound


def _herself(m: Matter, texts: tuple[Basis, ...]) -> Way:
    minor = m.person.is_minor
    if m.objects:
        label = _("Laisser les parents libres de le dire") if minor else _("Laisser la personne libre de le dire")
        detail = _("un jour, ou jamais : on ne le redemande pas")
    elif _for_carers_only(m, texts):
        label = _("Proposer à la personne d’en parler à un professionnel de santé")
        detail = _("lui peut saisir la justice, dans les conditions de la loi")
    elif minor:
        label, detail = _("Proposer aux parents de le dire eux-mêmes"), _("ils sont libres de le faire, ou non")
    else:
        label, detail = _("Proposer à la personne de le dire elle-même"), _("elle est libre de le faire, ou non")
    return Way(Path.SAY_IT_HERSELF.value, label, detail, tuple(item.ref for item in m.facts.items))


def _for_carers_only(m: Matter, texts: tuple[Basis, ...]) -> bool:
    """For such a person, the texts name health professionals, and the sender is not one."""
    about = [text for text in texts if not text.subject or not text.subject.isdisjoint(m.subjects)]
    return _CARERS not in m.sender_groups and bool(about) and all(text.sender == _CARERS for text in about)


def _opinion() -> Way:
    return Way(Path.AWAIT_OPINION.value, _("Demander l’avis d’un cadre"), _("vous restez libre de ne pas communiquer"))


def _to_legal_service() -> Way:
    return Way(
        Path.AWAIT_OPINION.value,
        _("Remettre la demande à la direction ou au service juridique"),
        _("l’institution vérifie et répond par écrit : rien ne part d’ici"),
    )
