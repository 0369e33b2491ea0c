"""The decision in a sentence or two that can be said aloud: who may know what. No article number in it."""

from __future__ import annotations

from partners.vocabulary import vocabulary
from sharing import law
from sharing.facts import Facts
from sharing.matter import REFUSED, Matter
from sharing.outcome import ALLOW, DENY, REVIEW, Decision, Finding, ItemDecision, Path, Way
from sharing.wording import Said, _, capitalised, joined, said, to_whom, uncapitalised

# Marked here, said where they are needed.
THIS_RECIPIENT, THIS_INFORMATION, WHAT_IS_ASKED = _("ce destinataire"), _("cette information"), _("ce qui est demandé")


# The purposes under which an authority demands something: the institution answers, in writing, never the application.
_DEMANDS = frozenset(purpose for purpose, texts in law.BY_PURPOSE.items() if all(text.is_requisition for text in texts))
# Reasons that speak of the recipient or of what would be said; without one, something is missing that could be there.
_NOT_FOR_THEM = frozenset({"recipient_outside_mission", "recipient_not_bound", "category_excluded", "purpose_locked"})
_DECIDED_BY_ANOTHER = frozenset({"not_depositary", "onward_sharing_forbidden", "hierarchical_order"})
_FLOW, _RESCUE = "flux_automatique", "secours"
# What remains to be done before it may pass, said in the words of the way out.
_REMAINS = frozenset(
    {
        Path.COLLECT_AGREEMENT,
        Path.INFORM_FIRST,
        Path.INVITE_PARENTS,
        Path.SAY_WHY_NECESSARY,
        Path.LABEL_HYPOTHESIS,
        Path.LEAVE_OUT_THIRD_PARTIES,
        Path.ESTABLISH,
        Path.SEND_GUEST_AWAY,
        Path.READ_SHEET,
        Path.VALIDATE_SHEET,
        Path.RENEW_AGREEMENT,
    }
)
_LESS = frozenset({Path.LEAVE_OUT.value, Path.SAY_LESS.value})


def demanded(facts: Facts) -> bool:
    """An authority demands it: a requisition, a statutory right to obtain, an enforcement."""
    return facts.purpose in _DEMANDS


def spoken(m: Matter, findings: list[Finding], items: tuple[ItemDecision, ...]) -> str:
    """« L’école peut connaître les consignes pratiques. »"""
    verdict = findings[0].effect if findings else ALLOW
    if m.gate == law.NOBODY_IDENTIFIED and verdict != DENY:
        if verdict == ALLOW:
            return _("Vous pouvez parler de cette situation, sans que la personne soit reconnaissable.")
        return _("Quelqu’un pourrait reconnaître la personne : retirez ce qui l’identifie avant d’en parler.")
    who = recipient_said(m.facts)
    what = categories_said([each.category for each in items])
    if verdict == ALLOW:
        return capitalised(_allowed(m, who, what))
    if verdict == REVIEW:
        return capitalised(_reviewed(m, who, what))
    return capitalised(_refused(m, findings, items, who, what))


def _allowed(m: Matter, who: Said, what: Said) -> str:
    text = m.text
    if text is not None and text.is_obligation:
        verb = _("doivent connaître") if who.plural else _("doit connaître")
        return f"{who} {verb} {what}."
    if text is not None and text.opens_blocked and not text.is_requisition:
        return f"{who} {_('a le droit de connaître')} {what}."
    verb = _("peuvent connaître") if who.plural else _("peut connaître")
    if text is not None and text.rescue:
        return f"{who} {verb} {what}{_(', tout de suite')}."
    if text is not None and text.is_agreement:
        return f"{who} {verb} {what}, {_('puisque')} {consent_said(m.facts)}."
    return f"{who} {verb} {what}."


def _reviewed(m: Matter, who: Said, what: Said) -> str:
    if demanded(m.facts):
        return _("La direction vérifie et répond par écrit, avec le service juridique : rien ne part d’ici.")
    verb = _("pourraient connaître") if who.plural else _("pourrait connaître")
    return f"{who} {verb} {what}, {_('après l’avis d’un cadre')}."


def _refused(m: Matter, findings: list[Finding], items: tuple[ItemDecision, ...], who: Said, what: Said) -> str:
    facts = m.facts
    reasons = {each.reason for each in findings if each.effect == DENY}
    passing = [each.category for each in items if each.verdict == ALLOW]
    if passing:
        may = _("peuvent connaître") if who.plural else _("peut connaître")
        staying = [each.category for each in items if each.verdict == DENY]
        return f"{who} {may} {categories_said(passing)}. {stays(staying)}".rstrip()
    if not m.items and facts.purpose not in vocabulary().forbidden_purposes:
        return _("Dites d’abord ce qui serait communiqué.")
    if "systematic" in reasons:
        if facts.purpose == _RESCUE:
            return _("Une décision par personne : appelez les secours, puis dites-le pour chacune.")
        none = _("Rien ne part de façon automatique") if facts.purpose == _FLOW else _("Une liste ne se communique pas")
        return f"{none}{_(' : chaque communication concerne une seule personne.')}"
    if demanded(facts):
        return _demand_refused(m, reasons, who, what)
    if "authority_unverified" in reasons:
        if m.is_rescue:
            return _("Rappelez d’abord par le numéro officiel : un appel ne prouve pas qui appelle.")
        return _("On ne confirme ni n’infirme rien : une demande s’adresse par écrit à la direction.")
    if facts.purpose == law.CONSULTATION and "nominative" in m.held:
        return _("Une consultation se tient sans nom : retirez ce qui fait reconnaître la personne.")
    if not facts.recipient.in_force:
        return _("Ce destinataire n’exerce plus dans cette institution : rien ne lui est communiqué.")
    if "personne_concernee" in m.recipient_groups:
        return _("La personne a droit à une réponse : c’est au responsable de traitement de la donner.")
    if "being_followed_is_secret" in reasons:
        return _("On ne confirme ni n’infirme qu’une personne est suivie : c’est déjà un secret.")
    verb = _("n’ont pas à connaître") if who.plural else _("n’a pas à connaître")
    not_theirs = f"{who} {verb} {what}"
    role = vocabulary().roles.get(facts.recipient.role)
    to_them = to_whom(THIS_RECIPIENT if role is None else role.say)
    not_yet = f"{_('en l’état, rien ne permet de faire connaître')} {what} {to_them}"
    forbidden = vocabulary().forbidden_purposes.get(facts.purpose)
    if "minor_health_secrecy" in reasons:
        return f"{not_theirs}{_(' : la loi en garde le secret à l’enfant.')}"
    if forbidden is not None:
        return _("{why} : {then}.").format(why=_(forbidden.why), then=not_theirs)
    # Nobody says of a prosecutor that violence is not for him to know.
    closed = not_yet if m.recipient_bound == "authority" and reasons.isdisjoint(_NOT_FOR_THEM) else not_theirs
    minor = facts.person.is_minor
    if "consent_withdrawn" in reasons:
        return f"{closed}{_(' : l’accord a été retiré.')}"
    if "person_objects" in reasons:
        return f"{closed}{_(' : une opposition est enregistrée.') if minor else _(' : la personne s’y oppose.')}"
    if "address_protected" in reasons:
        return f"{closed}{_(' : son adresse est protégée.')}"
    if "limited" in reasons:
        return f"{closed}{_(' : le partage en est limité.')}"
    if "consent_missing" in reasons and any(each.consent == REFUSED for each in m.items):
        return f"{closed}{_(' : les parents ont refusé.') if minor else _(' : la personne a refusé.')}"
    if reasons <= _DECIDED_BY_ANOTHER:
        return _("La personne à qui l’information a été confiée décide seule de la communiquer, ou non.")
    if reasons == {"hearsay"}:
        return _("Une rumeur ne se communique pas : dites seulement ce que vous avez constaté ou entendu vous-même.")
    if reasons == {"weak_argument"}:
        return _("Cet argument ne suffit pas à lui seul : dites des faits, ou les mots de la personne.")
    if reasons.isdisjoint(_NOT_FOR_THEM):
        return f"{not_yet}."
    return f"{_('pour cela,')} {not_theirs}."


def _demand_refused(m: Matter, reasons: set[str], who: Said, what: Said) -> str:
    if "written" not in m.held:
        return _(
            "Une demande d’autorité se fait par écrit, à la direction : à l’oral, on ne confirme ni n’infirme rien."
        )
    if "category_excluded" in reasons:
        verb = _("n’ont pas à connaître") if who.plural else _("n’a pas à connaître")
        return f"{who} {verb} {what}{_(' : la direction répond, avec le service juridique.')}"
    return _("On ne répond pas seul à une autorité : la direction répond, par écrit, avec le service juridique.")


def spoken_with_ways(facts: Facts, decision: Decision, found: list[tuple[Way, Facts]]) -> str:
    """« L’école peut connaître les consignes pratiques si les parents sont d’accord. Le diagnostic reste ici. »"""
    steps = [
        (way, changed)
        for way, changed in found
        if way.code in _REMAINS and Path.ADDRESS_SOMEONE_ELSE not in way.together
    ]
    if not steps or demanded(facts):
        return _less_said(facts, decision, found)
    first, changed = steps[0]
    who = recipient_said(facts)
    passing = [each.category for each in changed.items]
    staying = [each.category for each in facts.items if each.category not in passing]
    less = {way.label for way, _facts in found if way.code in _LESS}
    others = [label for label in first.also if label not in less]
    if first.verdict == ALLOW and not others and first.code in (Path.COLLECT_AGREEMENT, Path.INFORM_FIRST):
        may = _("peuvent connaître") if who.plural else _("peut connaître")
        if first.code == Path.COLLECT_AGREEMENT:
            condition = f"{_('si')} {consent_said(facts)}"
        else:
            condition = (
                _("une fois les parents informés") if facts.person.is_minor else _("une fois la personne informée")
            )
        return capitalised(f"{who} {may} {categories_said(passing)} {condition}. {stays(staying)}".rstrip())
    mended = first.code == Path.SAY_WHY_NECESSARY and "weak_argument" in decision.reasons
    if decision.verdict != DENY or mended:
        return decision.say
    cannot = _("ne peuvent pas encore connaître") if who.plural else _("ne peut pas encore connaître")
    things = [uncapitalised(label) for label in (first.label, *others)]
    todo = f"{', '.join(things[:-1])} {_('et')} {things[-1]}" if others else things[0]
    then = "" if first.verdict == ALLOW else _(", puis à demander l’avis d’un cadre")
    remains = f"{who} {cannot} {categories_said(passing)}{_(' : il reste à')} {todo}{then}."
    return capitalised(f"{remains} {stays(staying)}".rstrip())


def _less_said(facts: Facts, decision: Decision, found: list[tuple[Way, Facts]]) -> str:
    """« Le département peut connaître le besoin de coordination. Le budget reste ici. »"""
    less = next((each for each in found if each[0].code == Path.SAY_LESS and not each[0].together), None)
    if less is None or less[0].verdict != ALLOW:
        return decision.say
    who = recipient_said(facts)
    may = _("peuvent connaître") if who.plural else _("peut connaître")
    passing = [each.category for each in less[1].items]
    staying = [each.category for each in facts.items if each.category not in passing]
    return capitalised(f"{who} {may} {categories_said(passing)}. {stays(staying)}".rstrip())


def recipient_said(facts: Facts) -> Said:
    """The recipient as one says it: « l’école »."""
    role = vocabulary().roles.get(facts.recipient.role)
    return said(THIS_RECIPIENT if role is None else role.say)


def consent_said(facts: Facts) -> str:
    """Whose agreement, in words: « les parents sont d’accord »."""
    if not facts.person.is_minor:
        return _("la personne est d’accord")
    if "parents_known_to_disagree" in facts.circumstances:
        return _("les deux parents sont d’accord")
    return _("les parents sont d’accord")


def categories_said(codes: list[str]) -> Said:
    """The kinds of information, each once, in words."""
    known = vocabulary().categories
    parts = [said(known[code].say if code in known else THIS_INFORMATION) for code in dict.fromkeys(codes)]
    return joined(parts) if parts else said(WHAT_IS_ASKED)


def stays(codes: list[str]) -> str:
    """« Le diagnostic reste ici. »"""
    if not codes:
        return ""
    what = categories_said(codes)
    return capitalised(f"{what} {_('restent ici') if what.plural else _('reste ici')}.")
