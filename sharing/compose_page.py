"""What the composition and the check page show, made from rows for the components (templates/components)."""

import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from cases import dissent, rights
from cases.models import Item, ItemContent, Limitation, Person, RectificationAnswer
from cases.standing import stands
from consent.standing import Standing, standing
from partners import clock
from partners.dates import day
from partners.models import Membership, SecrecyStatus
from partners.vocabulary import vocabulary
from sharing import composing, panel
from sharing import facts as f
from sharing.helping import page as helping
from sharing.helping.gathering import known_items
from sharing.models import Draft, DraftItem
from sharing.outcome import Decision

HYPOTHESIS = "hypothese"


STAYS_SHOWN = 12


def label_of(kind: str, code: str) -> str:
    """The label of a word of the rulebook, in the reader's language; the code itself where it is unknown."""
    words = vocabulary()
    found = getattr(words, kind).get(code)
    if found is None and kind == "purposes":
        found = words.forbidden_purposes.get(code)
    return _(found.label) if found else code


def compose_context(
    *,
    draft: Draft,
    by: Membership,
    facts: f.Facts | None,
    decision: Decision | None,
    form: composing.ComposeForm,
    gaps: list[composing.Gap],
    search: str,
    role: str,
    purpose_search: str = "",
    items_search: str = "",
    light: bool = False,
) -> dict[str, Any]:
    """Everything the page shows; `light` leaves out what the live verdict does not swap (purposes, recipients)."""
    at = clock.now()
    rows = composing.rows_of(draft)
    known = known_items(draft, items_search)
    found = helping.help_with(draft=draft, by=by, known=known, rows=rows, decision=decision, at=at)
    beside = found.areas()
    # Django's own id for the errors, then ours: whoever comes to the field hears both.
    form.fields["benefit"].widget.attrs["aria-describedby"] = f"id_benefit_error {beside['benefit']['id']}"
    context: dict[str, Any] = {
        "case": draft.case,
        "draft": draft,
        "form": form,
        "errors": [{"text": gap.text, "target": gap.target} for gap in gaps],
        "saved_at": draft.saved_at,
        "panel": found.beside(_panel(draft, facts, decision, rows, at)),
        "help": beside,
        "items": _items(
            [item for item, _text in known],
            rows,
            decision,
            gaps,
            {} if light else helping.item_notes(known, today=clock.day_of(at)),
            beside["need"],
        ),
        "benefit_error": _error(gaps, "id_benefit"),
        "items_error": _error(gaps, "items-title"),
    }
    if draft.recipient is not None and draft.purpose:
        context["word"] = person_state(draft, standing_of(draft, at))
    if light:
        return context
    return context | {
        "items_search": items_search,
        "items_in_all": Item.objects.filter(case=draft.case_id).count(),
        "arguments": found.arguments(),
        "purposes": purpose_choices(draft, by, purpose_search, _error(gaps, "purpose")),
        "purpose_search": purpose_search,
        "purpose_unknown": bool(purpose_search) and not composing.found_purposes(purpose_search),
        "recipients": recipient_choices(draft, by, search, role, _error(gaps, "recipient")),
        "search": search,
        "role_label": label_of("roles", role) if role else "",
        "nobody": bool(role or search) and not composing.recipients(draft=draft, by=by, search=search, role=role),
    }


def _error(gaps: list[composing.Gap], target: str) -> str:
    return next((gap.text for gap in gaps if gap.target == target), "")


def _panel(
    draft: Draft, facts: f.Facts | None, decision: Decision | None, rows: list[DraftItem], at: Any
) -> dict[str, Any]:
    if facts is None or decision is None:
        chosen = composing.rows_of(draft)
        lacking = [
            name
            for name, there in (("purpose", draft.purpose), ("recipient", draft.recipient), ("items", chosen))
            if not there
        ]
        return panel.incomplete(tuple(lacking), at)
    labels = {str(row.item_id): row.item.label for row in rows}
    return panel.panel(draft=draft, facts=facts, decision=decision, labels=labels)


def _items(
    known: list[Item],
    rows: list[DraftItem],
    decision: Decision | None,
    gaps: list[composing.Gap],
    again: Mapping[uuid.UUID, list[dict[str, str]]],
    needs: Mapping[str, dict[str, Any]],
) -> list[dict[str, Any]]:
    """Every item of the case, the chosen ones ticked, each with what may become of it and what to look at again."""
    chosen = {row.item_id: row for row in rows}
    limits = list(rights.standing(known[0].case_id)) if known else []
    verdicts = {one.ref: one for one in decision.items} if decision else {}
    words = vocabulary()
    shown = []
    for item in known:
        row = chosen.get(item.pk)
        decided = verdicts.get(str(item.pk))
        category = words.categories.get(item.category)
        verdict = panel.item_verdict(decided, decision) if decided and decision else None
        shown.append(
            {
                "id": str(item.pk),
                "title": item.label,
                "tags": [
                    {
                        "text": label_of("categories", item.category),
                        "sensitive": bool(category and category.sensitivity > 2),
                    },
                    label_of("natures", item.nature),
                ],
                "provenance": _("%(how)s · %(day)s")
                % {"how": item.get_provenance_display(), "day": date_format(item.observed_on, "j F Y")},
                "notes": [*_limited(item, limits), *again.get(item.pk, [])],
                "choice": {"name": "item", "value": str(item.pk), "checked": row is not None},
                "verdict": verdict,
                "denied": bool(verdict and verdict["sign"] == "no"),
                "need_help": needs.get(str(item.pk)) or helping.no_need_help(item),
                "necessity": {
                    "name": f"{composing.NECESSITY}{item.pk}",
                    "value": row.necessity if row else "",
                    "label": _("Sans cette information, quelle décision ne peut être prise ?"),
                    "error": _error(gaps, f"need-{item.pk}"),
                },
            }
        )
    return shown


def _limited(item: Item, limits: Iterable[Limitation]) -> list[dict[str, str]]:
    """« Partage limité depuis le 3 mai 2026 », of this item or of the whole case."""
    since = [one.at for one in limits if one.item_id in (None, item.pk)]
    return [{"text": _("Partage limité depuis le %(day)s.") % {"day": day(min(since))}}] if since else []


def purpose_choices(draft: Draft, by: Membership, search: str, error: str) -> dict[str, Any]:
    """In the first person: what was searched, the usual ones, the others by domain, and what is asked « pour savoir »."""
    words = vocabulary()
    found = composing.found_purposes(search)
    usual = [code for code in composing.usual_purposes(draft=draft, by=by) if code not in found]
    if draft.purpose in words.purposes and draft.purpose not in (*usual, *found):
        usual = [draft.purpose, *usual]

    def choice(code: str) -> dict[str, Any]:
        one = words.purposes.get(code) or words.forbidden_purposes[code]
        return {"value": code, "label": _(one.i_want), "checked": code == draft.purpose}

    shown = {*found, *usual}
    by_domain = [
        {
            "label": _(domain.label),
            "choices": [
                choice(code)
                for code, purpose in words.purposes.items()
                if purpose.domain == domain.code and code not in shown
            ],
        }
        for domain in words.domains.values()
    ]
    asked = [choice(code) for code in words.forbidden_purposes if code not in found]
    groups = [{"label": _("Trouvé"), "choices": [choice(code) for code in found]}] if found else []
    return {
        "name": "purpose",
        "legend": _("Pour quoi faire ?"),
        "legend_hidden": True,
        "error": error,
        "groups": [*groups, {"label": _("Les plus courantes") if found else "", "choices": [choice(c) for c in usual]}],
        "folds": [
            {"label": _("Toutes les autres finalités"), "groups": [each for each in by_domain if each["choices"]]},
            {
                "label": _("On me demande, pour savoir…"),
                "hint": _("Jamais une raison suffisante : la page dit pourquoi, et quoi répondre."),
                "groups": [{"choices": asked}],
                "open": draft.purpose in words.forbidden_purposes and draft.purpose not in found,
            },
        ],
    }


def recipient_choices(draft: Draft, by: Membership, search: str, role: str, error: str) -> dict[str, Any]:
    """Whom: who works with her and who already received come first."""
    found = composing.recipients(draft=draft, by=by, search=search, role=role)
    if draft.recipient is not None and draft.recipient not in found:
        found = [draft.recipient, *found]
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
                        "checked": one.pk == draft.recipient_id,
                    }
                    for one in found
                ]
            }
        ],
    }


def standing_of(draft: Draft, at: Any) -> Standing:
    """Her word, for the recipient and the purpose of this draft."""
    if draft.recipient_id is None:
        raise ValueError("a draft without recipient has nobody to speak of")
    return standing(person=draft.case.person_id, recipient=draft.recipient_id, purpose=draft.purpose, at=at)


def person_state(draft: Draft, word: Standing) -> dict[str, Any]:
    """« Avec M. B. et ses parents »: what was told, what was agreed, and where to record it."""
    at = clock.now()
    minor = stands(draft.case.person, at).minor
    given = [one for one in word.words if one.state == "given" and one.valid_until and one.valid_until > at]
    return {
        "minor": minor,
        "informed": bool(word.informed),
        "withheld": word.withheld,
        "until": min((one.valid_until for one in given if one.valid_until), default=None),
        "families": ", ".join(sorted({label_of("categories", code) for one in given for code in one.categories})),
        "refused": bool(word.said("refused") or word.said("objected")),
        "withdrawn": bool(word.said("withdrawn")) and not given,
        "record_url": helping.her_word_url(draft),
    }


def about(person: Person) -> str:
    """Who it is about, as the recipient must know it: the whole name, and the year of birth against homonyms."""
    born = {"M.": _("%(name)s, né en %(year)s"), "Mme": _("%(name)s, née en %(year)s")}
    sentence = born.get(person.title, _("%(name)s, né·e en %(year)s"))
    return sentence % {"name": person.full_name, "year": person.birth_date.year}


def reading_of(*, draft: Draft, by: Membership, rows: list[DraftItem], decision: Decision) -> dict[str, Any]:
    """« Ce que Mme Lantier lira »: the very component of her page."""
    chosen = [row.item_id for row in rows]
    texts = dict(ItemContent.objects.filter(item__in=chosen).values_list("item", "text"))
    notes = dissent.on_items(chosen)
    corrections = rights.annotations(chosen)
    who = composing.recipient_short(draft.recipient) if draft.recipient else ""
    return {
        "title": _("Ce que %(who)s lira") % {"who": who},
        "author": f"{by.professional.full_name}, {by.job_title}",
        "institution": by.institution.name,
        "recipient": f"{who} · {draft.recipient.institution.name}" if draft.recipient else "",
        "person": about(draft.case.person),
        "purpose": label_of("purposes", draft.purpose),
        "benefit": draft.benefit,
        "items": [
            item_reading(
                row.item,
                row.necessity,
                texts[row.item_id],
                [dissent.shown(one, within=by.institution_id) for one in notes.get(row.item_id, ())],
                corrections.get(row.item_id, ()),
            )
            for row in rows
        ],
        "duties": panel.recipient_duties(decision.duties),
        "until": date_format(clock.last_day(decision.access_until), "j F Y") if decision.access_until else "",
    }


def item_reading(
    item: Item,
    necessity: str,
    text: str | None,
    dissents: Iterable[dict[str, str]] = (),
    corrections: Iterable[RectificationAnswer] = (),
) -> dict[str, Any]:
    """One item as it is read: its nature before its text, then what was corrected of it, and who sees it otherwise (P-08)."""
    return {
        "label": item.label,
        "category": label_of("categories", item.category),
        "nature": item.nature,
        "nature_label": label_of("natures", item.nature),
        "nature_banner": _("Hypothèse : à vérifier, n’est pas un fait établi.") if item.nature == HYPOTHESIS else "",
        "text": text,
        "observed_on": item.observed_on,
        "provenance": item.get_provenance_display(),
        "necessity": necessity,
        "corrections": [rights.shown(one) for one in corrections],
        "dissents": list(dissents),
    }


def stays_of(*, draft: Draft, rows: list[DraftItem]) -> dict[str, Any]:
    """« Ce qui reste ici »: the latest other items of the case, by their label and category, and how many more there are."""
    others = Item.objects.filter(case=draft.case_id).exclude(pk__in=[row.item_id for row in rows])
    shown = [{"label": item.label, "reason": label_of("categories", item.category)} for item in others[:STAYS_SHOWN]]
    return {"shown": shown, "more": others.count() - len(shown) if len(shown) == STAYS_SHOWN else 0}
