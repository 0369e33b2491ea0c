"""The decision in a sentence or two that can be said aloud: who may know what. No article number in it."""

from __future__ import annotations

from partners.vocabulary import vocabulary
from sharing import law
from sharing.facts import Facts
from sharing.matter import Matter
from sharing.outcome import ALLOW, DENY, REVIEW, Finding, ItemDecision, Path, Way
from sharing.wording import Said, _, capitalised, joined, said

# Marked here, said where they are needed.
THIS_RECIPIENT, THIS_INFORMATION, WHAT_IS_ASKED = _("ce destinataire"), _("cette information"), _("ce qui est demandé")


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
        return capitalised(_reviewed(m, findings, who, what))
    return _refused(findings, items, who, what)


def _allowed(m: Matter, who: Said, what: Said) -> str:
    text = m.text
    if text is not None and text.is_obligation:
        verb = _("doivent connaître") if who.plural else _("doit connaître")
        return f"{who} {verb} {what}."
    verb = _("peuvent connaître") if who.plural else _("peut connaître")
    if text is not None and text.rescue:
        return f"{who} {verb} {what}{_(', tout de suite')}."
    if text is not None and text.is_agreement:
        return f"{who} {verb} {what}, {_('puisque')} {consent_said(m.facts)}."
    return f"{who} {verb} {what}."


def _reviewed(m: Matter, findings: list[Finding], who: Said, what: Said) -> str:
    verb = _("pourraient connaître") if who.plural else _("pourrait connaître")
    legal = any(each.reason == "legal_review" for each in findings)
    opinion = _("après l’avis du service juridique") if legal else _("après l’avis d’un cadre")
    return f"{who} {verb} {what}, {opinion}."


def _refused(findings: list[Finding], items: tuple[ItemDecision, ...], who: Said, what: Said) -> str:
    verb = _("n’ont pas à connaître") if who.plural else _("n’a pas à connaître")
    reasons = {each.reason for each in findings if each.effect == DENY}
    if "systematic" in reasons:
        return _("Une liste ne se communique pas : chaque communication concerne une seule personne.")
    if "authority_unverified" in reasons:
        return _("On ne confirme ni n’infirme rien : une demande s’adresse par écrit à la direction.")
    if "consent_withdrawn" in reasons:
        return capitalised(f"{who} {verb} {what}{_(' : l’accord a été retiré')}.")
    if "person_objects" in reasons:
        return capitalised(f"{who} {verb} {what}{_(' : la personne s’y oppose')}.")
    passing = [each.category for each in items if each.verdict == ALLOW]
    staying = [each.category for each in items if each.verdict == DENY]
    if passing:
        may = _("peuvent connaître") if who.plural else _("peut connaître")
        return capitalised(f"{who} {may} {categories_said(passing)}. {stays(staying)}")
    return capitalised(f"{who} {verb} {what} {_('pour cela')}.")


def spoken_with_ways(facts: Facts, before: str, ways: tuple[Way, ...]) -> str:
    """« L’école peut connaître les consignes pratiques si les parents sont d’accord. Le diagnostic reste ici. »"""
    first = next((way for way in ways if way.code in (Path.COLLECT_AGREEMENT, Path.INFORM_FIRST)), None)
    if first is None or first.verdict != ALLOW:
        return before
    who = recipient_said(facts)
    may = _("peuvent connaître") if who.plural else _("peut connaître")
    passing = [each.category for each in facts.items if each.ref in first.items]
    staying = [each.category for each in facts.items if each.ref not in first.items]
    if first.code == Path.COLLECT_AGREEMENT:
        condition = f"{_('si')} {consent_said(facts)}"
    else:
        condition = _("une fois les parents informés") if facts.person.is_minor else _("une fois la personne informée")
    return capitalised(f"{who} {may} {categories_said(passing)} {condition}. {stays(staying)}".rstrip())


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
