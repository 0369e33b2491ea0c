"""A decision, as the pages show it: one sentence, the ways out with their links, the questions, the reasons."""

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from partners.vocabulary import vocabulary
from sharing import facts as f
from sharing import law
from sharing.models import DecisionRecord, Draft, Duty
from sharing.outcome import ALLOW, DENY, REVIEW, Decision, DutyDue, Finding, ItemDecision, Way

SIGNS = {ALLOW: "ok", REVIEW: "wait", DENY: "no"}
# Ways that the page can carry out at once, by a button of the composition.
LEAVE_OUT = "leave_out"
ADDRESS = "address"
CONSENT_WAYS = {"collect_agreement": "agreement", "inform_first": "information"}
ALWAYS_DUE = {"minimise", "trace"}


def words() -> dict[str, str]:
    """The word of each state; with its icon and its colour, never alone."""
    return {
        ALLOW: _("Autorisé"),
        REVIEW: _("Avis d’un cadre attendu"),
        DENY: _("Pas en l’état"),
        "incomplete": _("Incomplet"),
        "unavailable": _("Vérification impossible"),
    }


def incomplete(missing: tuple[str, ...], at: datetime) -> dict[str, Any]:
    """The panel while a purpose, a recipient or an item is missing."""
    sentences = {
        "purpose": _("Dites d’abord pour quoi faire."),
        "recipient": _("Dites à qui."),
        "items": _("Choisissez au moins une information."),
    }
    return {
        "state": "incomplete",
        "word": words()["incomplete"],
        "say": " ".join(sentences[name] for name in missing),
        "checked_at": at,
    }


def panel(*, draft: Draft, facts: f.Facts, decision: Decision, labels: dict[str, str]) -> dict[str, Any]:
    """The whole panel of a draft (templates/components/verdict_panel.html)."""
    return {
        "state": decision.verdict,
        "word": words()[decision.verdict],
        "say": _(decision.say),
        "paths": [_path(way, draft=draft, labels=labels) for way in decision.paths],
        "questions": _questions(draft, decision),
        "findings": findings(decision.findings, labels),
        "duties": duties(decision.duties),
        "rules_label": rules_label(),
        "checked_at": facts.at,
        "form_id": "compose",
    }


def rules_label() -> str:
    """« règles du 21 nov. 2026 · 3f9a12 »: which rulebook answered."""
    return _("règles %(digest)s") % {"digest": vocabulary().digest[:8]}


def _path(way: Way, *, draft: Draft, labels: dict[str, str]) -> dict[str, Any]:
    named = [labels.get(ref, "") for ref in way.items]
    shown: dict[str, Any] = {"label": _(way.label), "detail": _(way.detail) if way.detail else ""}
    if way.code == LEAVE_OUT:
        shown |= {"label": _("Laisser %(items)s de côté") % {"items": _quoted(named)}}
        shown |= {"name": LEAVE_OUT, "value": ",".join(way.items)}
    elif way.code == ADDRESS:
        shown |= {"name": "role", "value": way.role}
    elif way.code in CONSENT_WAYS:
        query = {
            "act": CONSENT_WAYS[way.code],
            "recipient": str(draft.recipient_id),
            "purpose": draft.purpose,
            "categories": ",".join(way.categories),
            "next": reverse("sharing:compose", args=[draft.case.reference, draft.pk]),
        }
        shown |= {"method": "get", "url": f"{reverse('consent:new', args=[draft.case.reference])}?{urlencode(query)}"}
    return shown


def _quoted(labels: list[str]) -> str:
    return ", ".join(_("« %(label)s »") % {"label": label} for label in labels if label)


def _questions(draft: Draft, decision: Decision) -> list[dict[str, str]]:
    return [
        {
            "name": f"answer-{question.circumstance}",
            "text": _(question.text),
            "value": "yes" if question.circumstance in draft.circumstances else "",
        }
        for question in decision.questions
    ]


def findings(found: tuple[Finding, ...], labels: dict[str, str]) -> list[dict[str, str]]:
    """One line a reason: the sentence, and below it the text on which it rests."""
    shown = []
    for one in found:
        article = law.ARTICLES.get(one.article)
        about = _quoted([labels[ref] for ref in one.items if ref in labels]) if len(labels) > 1 else ""
        shown.append(
            {
                "sign": SIGNS.get(one.effect, "no"),
                "message": " ".join(
                    part for part in (_(one.message), one.detail and f"({_(one.detail)})", about) if part
                ),
                "law": article.title if article else one.article,
            }
        )
    return shown


def duties(due: tuple[DutyDue, ...]) -> list[str]:
    """What the author, or somebody else, owes with it; what is always owed is not repeated on every page."""
    known = vocabulary().duties
    return [_(known[one.code].label) for one in due if one.code not in ALWAYS_DUE]


def recipient_duties(due: tuple[DutyDue, ...]) -> list[str]:
    """What the recipient reads of them: her own."""
    return duties(tuple(one for one in due if one.owed_by == "recipient"))


def stored_duties(record: DecisionRecord) -> list[dict[str, Any]]:
    """The duties written with a decision, with their due date."""
    known = vocabulary().duties
    return [
        {"label": _(known[one.code].label) if one.code in known else one.code, "due_at": one.due_at}
        for one in Duty.objects.filter(record=record)
        if one.code not in ALWAYS_DUE
    ]


def item_verdict(one: ItemDecision, decision: Decision) -> dict[str, str]:
    """The few words beside an item: may it leave, and if not, would an agreement suffice?"""
    if one.verdict == ALLOW:
        return {"sign": "ok", "word": _("peut partir")}
    if one.verdict == REVIEW:
        return {"sign": "wait", "word": _("avis attendu")}
    if any(way.code in CONSENT_WAYS and one.ref in way.items for way in decision.paths):
        return {"sign": "wait", "word": _("possible avec l’accord")}
    return {"sign": "no", "word": _("ne peut pas partir")}
