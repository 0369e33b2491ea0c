"""What the emergency page shows: the dangers open to this author, whom they may reach now, and what a refusal leaves open."""

from collections.abc import Mapping
from typing import Any

from django.forms import Form
from django.utils.translation import gettext as _

from partners import wording
from partners.models import Membership, Reached
from sharing import panel, service
from sharing.facts import Facts
from sharing.urgency.dangers import BY_CODE, recipients

# Where an error of each field leads: the field itself, or the group of cards that stands for it.
TARGETS = {"danger": "danger", "recipient": "recipient"}


def danger_choices(open_codes: Mapping[str, Any], chosen: str, error: str) -> dict[str, Any]:
    """The dangers that this author may report, as cards."""
    return {
        "name": "danger",
        "legend": _("De quel danger s’agit-il ?"),
        "error": error,
        "groups": [
            {
                "choices": [
                    {
                        "value": code,
                        "label": wording.worded(BY_CODE[code]),
                        "hint": _(BY_CODE[code].hint),
                        "checked": code == chosen,
                    }
                    for code in open_codes
                ]
            }
        ],
    }


def recipient_choices(
    open_codes: Mapping[str, frozenset[str]], *, danger: str, chosen: str, by: Membership, error: str
) -> dict[str, Any]:
    """Whom a text empowers to receive it: for this danger, or for any of them while none is chosen."""
    roles = open_codes.get(danger) or frozenset().union(*open_codes.values())
    return {
        "name": "recipient",
        "legend": _("À qui ?"),
        "hint": _("Seules figurent ici les autorités et les services qu’un texte désigne pour le recevoir."),
        "error": error,
        "groups": [
            {
                "choices": [
                    {
                        "value": str(one.pk),
                        "label": f"{one.institution.name} · {one.job_title}",
                        "hint": reached_how(one),
                        "checked": str(one.pk) == chosen,
                    }
                    for one in recipients(roles=roles, by=by, chosen=chosen)
                ]
            }
        ],
    }


def reached_how(one: Membership) -> str:
    """« dans Tact », or how to reach somebody who has no account, with the number to call."""
    number = one.institution.phone
    if one.reached_by == Reached.SPOKEN:
        return (
            _("Sans compte : à appeler, au %(number)s") % {"number": number} if number else _("Sans compte : à appeler")
        )
    if one.reached_by == Reached.HANDED_OVER:
        return _("Sans compte : une feuille à remettre")
    return _("Reçoit dans Tact, aussitôt")


def errors_of(form: Form) -> list[dict[str, str]]:
    """Every error of the form, each a link to what it is about."""
    found = []
    for name, errors in form.errors.items():
        bound = form[name] if name in form.fields else None
        target = TARGETS.get(name, "")
        if bound is not None and not target:
            target = f"{bound.auto_id}_0" if bound.use_fieldset else bound.id_for_label
        found += [{"text": str(error), "target": target} for error in errors]
    return found


def refusal(facts: Facts, labels: Mapping[str, str]) -> dict[str, Any]:
    """Why it did not leave, and what would make it leave: sentences, each already tried by the rules."""
    decision = service.explained(facts)
    return {
        "say": decision.say,
        "ways": [{"label": way.label, "detail": way.detail} for way in decision.paths],
        "findings": panel.findings(decision.findings, dict(labels)),
    }
