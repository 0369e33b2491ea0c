"""A decision as a program reads it: the verdict, its reasons each with its text, what it obliges to, what would make it lawful."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from audit import alarms
from partners.models import Membership
from sharing import composing, law, previewed, service
from sharing import facts as f
from sharing.api.schema import Problem
from sharing.api.words import Instant
from sharing.models import Draft
from sharing.outcome import ALLOW, DENY, REVIEW, Decision, Finding

VERDICTS = [ALLOW, REVIEW, DENY]


class ArticleShown(serializers.Serializer[Any]):
    """A text that is cited; its sheet is `GET /regles/<code>` on the pages."""

    code = serializers.CharField()
    title = serializers.CharField()
    says = serializers.CharField()


class FindingShown(serializers.Serializer[Any]):
    """One norm that speaks here."""

    rule = serializers.CharField()
    reason = serializers.CharField(help_text="vocabulary.yaml, reasons")
    effect = serializers.ChoiceField(VERDICTS)
    article = serializers.CharField(help_text="articles.yaml")
    message = serializers.CharField()
    detail = serializers.CharField(allow_blank=True)
    items = serializers.ListField(child=serializers.CharField())
    remedy = serializers.CharField(allow_blank=True)


class ItemVerdict(serializers.Serializer[Any]):
    """What may become of one item if it were alone; of a request, of one category."""

    ref = serializers.CharField()
    category = serializers.CharField()
    verdict = serializers.ChoiceField(VERDICTS)
    reasons = serializers.ListField(child=serializers.CharField())


class DutyShown(serializers.Serializer[Any]):
    """Something owed with an allow or a review."""

    code = serializers.CharField(help_text="vocabulary.yaml, duties")
    owed_by = serializers.CharField()
    due_at = Instant(allow_null=True)


class PathShown(serializers.Serializer[Any]):
    """A lawful way out, already tried on the facts as it would change them."""

    code = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    detail = serializers.CharField(allow_blank=True)
    items = serializers.ListField(child=serializers.CharField())
    role = serializers.CharField(allow_blank=True)
    purpose = serializers.CharField(allow_blank=True)
    categories = serializers.ListField(child=serializers.CharField())
    together = serializers.ListField(child=serializers.CharField())
    verdict = serializers.ChoiceField(VERDICTS)


class QuestionShown(serializers.Serializer[Any]):
    """A plain question whose answer would change the verdict: answered by declaring the circumstance."""

    circumstance = serializers.CharField()
    text = serializers.CharField()


class DecisionShown(serializers.Serializer[Any]):
    """The whole answer."""

    verdict = serializers.ChoiceField(VERDICTS)
    say = serializers.CharField(allow_blank=True)
    basis = serializers.CharField(allow_null=True, help_text="bases.yaml")
    reasons = serializers.ListField(child=serializers.CharField())
    articles = ArticleShown(many=True)
    findings = FindingShown(many=True)
    items = ItemVerdict(many=True)
    duties = DutyShown(many=True)
    paths = PathShown(many=True)
    questions = QuestionShown(many=True)
    access_until = Instant(allow_null=True)
    rulebook = serializers.CharField()
    decided_at = Instant()


class Missing(serializers.Serializer[Any]):
    """Something to complete before anything may leave: where, and what to write."""

    field = serializers.CharField()
    detail = serializers.CharField()


class Preview(serializers.Serializer[Any]):
    """What would become of a draft now. `fingerprint` is what is sent back to send it: null while something is missing."""

    missing = Missing(many=True)
    suspended = serializers.BooleanField(help_text="An alarm on the trail suspends ordinary sharing.")
    decision = DecisionShown(allow_null=True)
    fingerprint = serializers.CharField(allow_null=True)


class NotSent(Problem):
    """409: nothing left; the draft is kept, with what would become of it now."""

    outcome = serializers.ChoiceField(["refused", "awaiting_opinion", "changed", "suspended"])
    preview = Preview()


def decided(facts: f.Facts, decision: Decision) -> dict[str, Any]:
    """A decision with its ways out, in the caller's language."""
    cited = dict.fromkeys(one.article for one in decision.findings)
    return {
        "verdict": decision.verdict,
        "say": decision.say,
        "basis": decision.basis,
        "reasons": list(decision.reasons),
        "articles": [
            {"code": one.code, "title": _(one.title), "says": _(one.says)}
            for one in (law.ARTICLES[code] for code in cited if code in law.ARTICLES)
        ],
        "findings": [_finding(one) for one in decision.findings],
        "items": [
            {
                "ref": one.ref,
                "category": one.category,
                "verdict": one.verdict,
                "reasons": list(dict.fromkeys(each.reason for each in one.findings)),
            }
            for one in decision.items
        ],
        "duties": decision.duties,
        "paths": decision.paths,
        "questions": [{"circumstance": one.circumstance, "text": _(one.text)} for one in decision.questions],
        "access_until": decision.access_until,
        "rulebook": decision.rulebook,
        "decided_at": facts.at,
    }


def _finding(one: Finding) -> dict[str, Any]:
    said = {name: getattr(one, name) for name in ("rule", "reason", "effect", "article", "items", "remedy")}
    return said | {"message": _(one.message), "detail": _(one.detail) if one.detail else ""}


def preview(draft: Draft, by: Membership, at: datetime | None = None) -> dict[str, Any]:
    """What would become of this draft now, as `Preview` says it."""
    missing = [_missing(gap) for gap in composing.gaps(draft, composing.rows_of(draft))]
    told: dict[str, Any] = {
        "missing": missing,
        "suspended": alarms.sharing_suspended(),
        "decision": None,
        "fingerprint": None,
    }
    try:
        facts, decision = service.preview(draft=draft, by=by, at=at)
    except service.IncompleteDraft:
        return dict(Preview(told).data)
    # As on the pages: what is seen before it is whole is no ground to send.
    told["fingerprint"] = None if missing else previewed.token(draft, facts, decision)
    told["decision"] = decided(facts, decision)
    return dict(Preview(told).data)


def _missing(gap: composing.Gap) -> dict[str, str]:
    """Which field a gap of the page is about, and what to write: without an item's label, since this answer is kept a while."""
    if gap.target.startswith("need-"):
        ref = gap.target.removeprefix("need-")
        return {"field": f"items[{ref}].necessity", "detail": _("Indiquez pourquoi le destinataire en a besoin.")}
    return {"field": {"id_benefit": "benefit", "items-title": "items"}.get(gap.target, gap.target), "detail": gap.text}
