"""A decision, as the pages show it: one sentence, the ways out with their links, the questions, the reasons."""

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from partners.vocabulary import vocabulary
from sharing import editions, law
from sharing import facts as f
from sharing.gather import INVOLVEMENT_CIRCUMSTANCE
from sharing.models import DecisionRecord, Draft, RulebookEdition
from sharing.outcome import ALLOW, DENY, REVIEW, Decision, DutyDue, Finding, ItemDecision, Path, Way
from sharing.unsaid import SILENT
from sharing.wording import uncapitalised

SIGNS = {ALLOW: "ok", REVIEW: "wait", DENY: "no"}
# What the pages of the person's word call the act that each of these ways asks for.
WORD_ACTS = {
    Path.COLLECT_AGREEMENT: "agreement",
    Path.NOTE_HER_WORDS: "agreement",
    Path.INFORM_FIRST: "information",
    Path.INVITE_PARENTS: "information",
}
LEAVE_OUT = Path.LEAVE_OUT.value
# What the page of the recipient's institution carries out.
KNOWING = {Path.READ_SHEET, Path.VALIDATE_SHEET}
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
        "say": decision.say,
        "paths": _paths(draft, facts, decision, labels),
        "paths_title": _("Ce que vous pouvez faire") if _no_way(decision) else _("Ce qui le rendrait possible"),
        "no_way": _no_way(decision),
        "questions": _questions(draft, decision),
        "findings": findings(decision.findings, labels),
        "duties": duties(decision.duties),
        "rules_label": rules_label(),
        "checked_at": facts.at,
        "form_id": "compose",
    }


def rules_label() -> str:
    """« Règles n° 3 »: which edition answers."""
    return _numbered(editions.current())


def stored_rules(record: DecisionRecord) -> str:
    """« Règles n° 3 »: under which edition it was decided; the rulebook's digest where editions were not kept yet."""
    if record.edition is None:
        return _("Règles %(digest)s") % {"digest": record.rulebook[:8]}
    return _numbered(record.edition)


def _numbered(edition: RulebookEdition) -> str:
    return _("Règles n° %(number)s") % {"number": edition.number}


def _paths(draft: Draft, facts: f.Facts, decision: Decision, labels: dict[str, str]) -> list[dict[str, Any]]:
    """The ways out, each once: the same advice for two sets of items is one line."""
    shown = [_path(way, draft=draft, facts=facts, labels=labels) for way in decision.paths]
    as_shown = {way.label: one["label"] for way, one in zip(decision.paths, shown, strict=True)}
    for way, one in zip(decision.paths, shown, strict=True):
        one["detail"] = _detail(way, decision, as_shown)
    return list({(one["label"], one.get("url"), one.get("value")): one for one in shown}.values())


def _no_way(decision: Decision) -> bool:
    """Nothing would let anybody know: what is left is what can be done without."""
    return all(way.code in SILENT | {Path.CONSULT_WITHOUT_NAME} for way in decision.paths)


def _detail(way: Way, decision: Decision, as_shown: dict[str, str]) -> str:
    """The small print: what it covers, what goes with it, and whether an opinion will still be awaited."""
    also = [uncapitalised(as_shown.get(label, label)) for label in way.also]
    told = [way.detail, *(_("et %(step)s") % {"step": step} for step in also)]
    if decision.verdict == DENY and way.verdict == REVIEW:
        told.append(_("l’avis d’un cadre sera encore attendu"))
    return ", ".join(part for part in told if part)


def _path(way: Way, *, draft: Draft, facts: f.Facts, labels: dict[str, str]) -> dict[str, Any]:
    """A way out as a link or a button, where the page can carry it out; otherwise as the advice it is."""
    shown: dict[str, Any] = {"label": way.label, "detail": way.detail}
    code = Path(way.code)
    if code is Path.LEAVE_OUT:
        shown["label"] = _("Laisser %(items)s de côté") % {"items": _quoted([labels.get(ref, "") for ref in way.items])}
        shown |= {"name": LEAVE_OUT, "value": ",".join(way.items)}
    elif code is Path.ADDRESS_SOMEONE_ELSE:
        shown |= {"name": "role", "value": f"{way.role}/{way.purpose}"}
    elif code is Path.SAY_LESS:
        back = reverse("sharing:compose", args=[draft.case.reference, draft.pk])
        url = reverse("cases:item_new", args=[draft.case.reference])
        shown |= {"method": "get", "url": f"{url}?{urlencode({'next': back})}"}
    elif code in WORD_ACTS:
        concerned = [item.category for item in facts.items if not way.items or item.ref in way.items]
        query = {
            "act": WORD_ACTS[code],
            "recipient": str(draft.recipient_id),
            "purpose": draft.purpose,
            "categories": ",".join(dict.fromkeys(way.categories or concerned)),
            "next": reverse("sharing:compose", args=[draft.case.reference, draft.pk]),
        }
        shown |= {"method": "get", "url": f"{reverse('consent:new', args=[draft.case.reference])}?{urlencode(query)}"}
    elif code is Path.CONSULT_WITHOUT_NAME:
        url = reverse("sharing:consultation_new")
        shown |= {"method": "get", "url": f"{url}?{urlencode({'situation': draft.case.reference})}"}
    elif code in KNOWING and draft.recipient is not None:
        shown |= {"method": "get", "url": reverse("partners:institution", args=[draft.recipient.institution_id])}
    elif code is Path.ESTABLISH and way.label in _recorded_around():
        shown |= {"method": "get", "url": reverse("cases:involvements", args=[draft.case.reference])}
    return shown


def _recorded_around() -> set[str]:
    """The things to establish that the page « Professionnels autour de la personne » records."""
    known = vocabulary().circumstances
    return {_(known[code].to_do) for code in INVOLVEMENT_CIRCUMSTANCE.values() if known[code].to_do}


def _quoted(labels: list[str]) -> str:
    return ", ".join(_("« %(label)s »") % {"label": label} for label in labels if label)


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
                    part
                    for part in (
                        _(one.message),
                        one.detail and _("Il manque : %(what)s.") % {"what": _(one.detail)},
                        about,
                    )
                    if part
                ),
                "law": _(article.title) if article else one.article,
                "law_url": reverse("sharing:rule", args=[one.article]) if article else "",
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


def item_verdict(one: ItemDecision, decision: Decision) -> dict[str, str]:
    """The few words beside an item: may it leave, and if not, would an agreement suffice?"""
    if one.verdict == ALLOW:
        return {"sign": "ok", "word": _("peut partir")}
    if any(way.code == Path.SAY_WHY_NECESSARY and one.ref in way.items for way in decision.paths):
        return {"sign": "wait", "word": _("nécessité à dire")}
    if one.verdict == REVIEW:
        return {"sign": "wait", "word": _("avis attendu")}
    if any(way.code == Path.COLLECT_AGREEMENT and one.ref in way.items for way in decision.paths):
        return {"sign": "wait", "word": _("possible avec l’accord")}
    return {"sign": "no", "word": _("ne peut pas partir")}
