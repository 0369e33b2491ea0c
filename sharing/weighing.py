"""Weighing: every text that serves the purpose and fits is tried, every norm is evaluated, the mildest outcome is retained.

Then an obligation goes before a permission, then the fewest reasons, then the order of the rulebook. Where no text fits, silence
(Code pénal 226-13) is the first reason, and the text that came nearest is tried too, so that a refusal gives every reason. A norm
that errs refuses.
"""

from __future__ import annotations

from collections.abc import Mapping

from partners.vocabulary import vocabulary
from sharing import duties, law
from sharing.facts import Facts
from sharing.law import Basis
from sharing.matter import Matter
from sharing.outcome import ALLOW, DENY, REVIEW, SEVERITY, Decision, Effect, Finding, ItemDecision
from sharing.rules import RULES, Rule
from sharing.saying import spoken
from sharing.wording import _

_SEVEREST_FIRST = {DENY: 0, REVIEW: 1, ALLOW: 2}
_BEING_FOLLOWED = "fait_du_suivi"
_NEARLY = 3  # how many texts that nearly fit are named


def weigh(
    facts: Facts,
    *,
    texts: Mapping[str, tuple[Basis, ...]] = law.BY_PURPOSE,
    rules: tuple[Rule, ...] = RULES,
) -> Decision:
    """Decide under these texts and norms: ours, or fewer or more, to prove what they do."""
    m = Matter(facts)
    candidates = () if m.gate else _candidates(facts, texts)
    trials = [(m.missing(text), text) for text in candidates]
    fitting = [text for misses, text in trials if not misses]
    if fitting:
        outcomes = [_under(m, text, rules) for text in fitting]
        text, findings = min(outcomes, key=_preference)
        m.text, m.misses = text, ()
        return _decision(m, text.code, findings)
    if trials:
        # Of those equally near, one that is open to this sender: "no text is open to you" is said only where it is true.
        m.misses, m.text = min(trials, key=lambda trial: (len(trial[0]), "sender" in trial[0], trial[1].order))
    findings = _findings(m, rules)
    if m.gate:
        return _decision(m, None, findings)
    refusals = [each for each in findings if each.effect == DENY] or [_nothing_permits()]
    near = sorted((len(misses), text.order, text.code) for misses, text in trials)
    nearly = tuple(code for count, _order, code in near if count == 1)[:_NEARLY]
    return _decision(m, None, refusals, nearly)


def _candidates(facts: Facts, texts: Mapping[str, tuple[Basis, ...]]) -> tuple[Basis, ...]:
    serving = texts.get(facts.purpose, ())
    if facts.basis is None:
        return serving
    return tuple(text for text in serving if text.code == facts.basis)


def _under(m: Matter, text: Basis, rules: tuple[Rule, ...]) -> tuple[Basis, list[Finding]]:
    m.text, m.misses = text, ()
    return text, _findings(m, rules)


def _preference(outcome: tuple[Basis, list[Finding]]) -> tuple[int, bool, int, int]:
    text, findings = outcome
    reasons = len({each.reason for each in findings})
    return SEVERITY[_strictest(findings)], not text.is_obligation, reasons, text.order


def _findings(m: Matter, rules: tuple[Rule, ...]) -> list[Finding]:
    found = []
    for each in rules:
        finding = each.finding(m)
        if finding is not None:
            found.append(finding)
    if len(found) > 1:
        found.sort(key=lambda finding: _SEVEREST_FIRST[finding.effect])
    return found


def _strictest(findings: list[Finding]) -> str:
    # They stand severest first.
    return findings[0].effect if findings else ALLOW


def _decision(m: Matter, basis: str | None, findings: list[Finding], nearly: tuple[str, ...] = ()) -> Decision:
    items = tuple([_item(each.ref, each.code, findings) for each in m.items])
    hidden = tuple([each.ref for each in items if each.category == _BEING_FOLLOWED and each.verdict == DENY])
    if hidden:
        findings = _with(findings, _followed(hidden))
        items = tuple([_item(each.ref, each.category, findings) for each in items])
    verdict = _strictest(findings)
    refused = verdict == DENY
    return Decision(
        verdict=verdict,
        basis=basis,
        items=items,
        findings=tuple(findings),
        duties=() if refused else duties.owed(m),
        nearly=nearly,
        say=spoken(m, findings, items),
        access_until=None if refused else duties.access_until(m),
        rulebook=vocabulary().digest,
    )


def _item(ref: str, category: str, findings: list[Finding]) -> ItemDecision:
    own = tuple([each for each in findings if not each.items or ref in each.items])
    return ItemDecision(ref, category, own[0].effect if own else ALLOW, own)


def _nothing_permits() -> Finding:
    """Refusal by default rests on no norm: were every one of them silent, what no text permits is refused."""
    return Finding(
        rule="nothing_permits_it",
        reason="no_basis",
        effect=Effect.DENY.value,
        article=law.CP_226_13,
        message=_("Aucun texte ne permet de communiquer ces informations à ce destinataire pour cette finalité."),
    )


def _followed(items: tuple[str, ...]) -> Finding:
    """The very fact of being followed is secret (law.md, part 1.2): it says so with any refusal of it."""
    return Finding(
        rule="being_followed_is_itself_a_secret",
        reason="being_followed_is_secret",
        effect=Effect.DENY.value,
        article=law.CP_226_13,
        message=_("Le fait même d’être suivi est un secret : on ne le confirme ni ne l’infirme."),
        remedy="",
        items=items,
    )


def _with(findings: list[Finding], more: Finding) -> list[Finding]:
    refusals = [each for each in findings if each.effect == DENY]
    return [*refusals, more, *findings[len(refusals) :]]
