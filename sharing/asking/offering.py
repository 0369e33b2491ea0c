"""What the page of a request offers: purposes, partners, categories by family."""

from typing import Any

from django.db.models import Case as When
from django.db.models import Exists, IntegerField, OuterRef, Value
from django.db.models import When as Branch
from django.utils.translation import gettext as _

from cases.models import Involvement
from consent.forms import open_categories
from partners import finding, wording
from partners.models import AgreementParty, Membership, Reached, SecrecyStatus
from partners.vocabulary import vocabulary
from sharing import aims, composing
from sharing.asking.forms import Typed
from sharing.models import Draft

SHOWN_PARTNERS, USUAL = 8, 6
VERY_SENSITIVE = 3


def partners_to_ask(typed: Typed, by: Membership) -> list[Membership]:
    """Those chosen, who work around the person, whose institutions are linked by an agreement; then the others. One statement."""
    chosen = typed.asked.pk if typed.asked else None
    ours = AgreementParty.objects.filter(institution=by.institution_id).values("agreement")
    linked = AgreementParty.objects.filter(agreement__in=ours, institution=OuterRef("institution"))
    around = Involvement.objects.filter(case=typed.case, membership=OuterRef("pk"), ends_at__isnull=True)
    ranked = (
        finding.professionals(by=by, words=typed.search)
        .exclude(institution=by.institution_id)
        .filter(reached_by=Reached.IN_APP)
        .annotate(
            rank=When(
                Branch(pk=chosen, then=Value(0)),
                Branch(Exists(around), then=Value(1)),
                Branch(Exists(linked), then=Value(2)),
                default=Value(3),
                output_field=IntegerField(),
            )
        )
        .order_by("rank", "institution__name", "professional__last_name", "pk")
    )
    found: list[Membership] = list(ranked[:SHOWN_PARTNERS])
    if typed.asked is not None and typed.asked not in found:
        found = [typed.asked, *found]
    return found


def partner_choices(typed: Typed, by: Membership, error: str) -> dict[str, Any]:
    """Whom to ask (templates/components/choice_cards.html)."""
    return {
        "name": "recipient",
        "legend": _("À qui ?"),
        "legend_hidden": True,
        "error": error,
        "groups": [
            {
                "choices": [
                    {
                        "value": str(one.pk),
                        "label": f"{composing.recipient_short(one)}, {one.job_title}",
                        "hint": f"{one.institution.name} · {SecrecyStatus(one.proven_status).label}",
                        "checked": typed.asked is not None and one.pk == typed.asked.pk,
                    }
                    for one in partners_to_ask(typed, by)
                ]
            }
        ],
    }


def purpose_choices(typed: Typed, by: Membership, error: str) -> dict[str, Any]:
    """In the first person: what was searched, those that a text opens to an answer, the others, and what is never asked."""
    words = vocabulary()
    found = composing.found_purposes(typed.purpose_search)
    usual = [code for code in _answered_for(typed, by) if code not in found]
    if typed.purpose in words.purposes and typed.purpose not in (*usual, *found):
        usual = [typed.purpose, *usual]

    def choice(code: str) -> dict[str, Any]:
        lawful = words.purposes.get(code)
        label = _(lawful.i_want) if lawful else _(words.forbidden_purposes[code].label)
        return {"value": code, "label": label, "checked": code == typed.purpose}

    shown = {*found, *usual}
    by_domain = [
        {
            "label": _(domain.label),
            "choices": [
                choice(code) for code, one in words.purposes.items() if one.domain == domain.code and code not in shown
            ],
        }
        for domain in words.domains.values()
    ]
    forbidden = [code for code in words.forbidden_purposes if code not in found]
    return {
        "name": "purpose",
        "legend": _("Pour quoi faire ?"),
        "legend_hidden": True,
        "error": error,
        "groups": [
            *([{"label": _("Trouvé"), "choices": [choice(code) for code in found]}] if found else []),
            {"label": _("Les plus courantes") if found else "", "choices": [choice(code) for code in usual]},
        ],
        "folds": [
            {"label": _("Toutes les autres finalités"), "groups": [one for one in by_domain if one["choices"]]},
            {
                "label": _("Ce qui ne se demande pas"),
                "hint": _("Un partenaire n’a rien à répondre à ces demandes : la page dit pourquoi."),
                "groups": [{"choices": [choice(code) for code in forbidden]}],
                "open": typed.purpose in words.forbidden_purposes and typed.purpose not in found,
            },
        ],
    }


def _answered_for(typed: Typed, by: Membership) -> list[str]:
    """The purposes for which somebody around may tell this role something, the usual first."""
    around = composing.partner_roles(draft=Draft(case=typed.case, author=by), by=by)
    agreed = composing.agreed_purposes(by)
    roles = {typed.asked.role} if typed.asked else around
    known = frozenset(code for role in roles for code in aims.open_purposes(role, {by.role}))
    return sorted(known, key=lambda code: (-agreed[code], *aims.order(code)))[:USUAL]


def families(typed: Typed) -> list[dict[str, Any]]:
    """The categories to tick, family by family; nothing is ticked beforehand."""
    words = vocabulary()
    groups = []
    for family in words.families.values():
        codes = [code for code in open_categories() if words.categories[code].family == family.code]
        groups.append(
            {
                "label": wording.worded(family),
                "boxes": [
                    {
                        "id": f"categories-{code}",
                        "value": code,
                        "label": wording.category(code),
                        "checked": code in typed.categories,
                        "sensitive": words.categories[code].sensitivity >= VERY_SENSITIVE,
                    }
                    for code in codes
                ],
            }
        )
    return [group for group in groups if group["boxes"]]
