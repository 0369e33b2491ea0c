"""What the author sees of the opinion that she asked: on the check page, on the composition, on her first page."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from partners.dates import instant
from partners.models import Membership
from sharing import content
from sharing.models import Draft, DraftItem, Opinion, Review
from sharing.outcome import DENY, REVIEW, Decision
from sharing.reviewing import who, words
from sharing.reviewing.standing import AROUND, EDITED, STOPPED, SUSPENDED, Standing, reference_of, standings


def of_draft(draft: Draft) -> tuple[Standing | None, Standing | None]:
    """The opinion asked on what the draft says now; and, where there is none, the last one, which its edits made lapse."""
    asked = Review.objects.filter(draft=draft).select_related(*AROUND).order_by("-submitted_at")
    found = standings(asked)
    current = next((one for one in found if one.state != EDITED), None)
    lapsed = found[0] if found and current is None else None
    return current, lapsed


def asked_before(draft: Draft) -> Review | None:
    """The last opinion that a colleague who left had asked on the draft that this one takes over."""
    if draft.continues_id is None:
        return None
    return Review.objects.filter(draft=draft.continues_id).order_by("-submitted_at").first()


def on_check(
    *, draft: Draft, decision: Decision, rows: Sequence[DraftItem], by: Membership, at: datetime
) -> dict[str, Any]:
    """What the check page says and offers about opinions. `can_send`: whether it may leave now."""
    current, lapsed = of_draft(draft)
    digest = current.review.digest if current else ""
    submitted = content.Content(digest=digest, unnoted=digest)
    institution = content.answered_by_the_institution(draft.purpose, decision.basis)
    awaited = decision.verdict == REVIEW
    last = current.last if current else None
    labels = {row.item_id: row.item.label for row in rows}
    earlier = asked_before(draft) if awaited and current is None else None
    out = [labels[item] for item in last.leave_out if item in labels] if last else []
    return {
        "can_send": content.may_leave(draft, submitted, decision),
        "opinion": {
            "refused": decision.verdict == DENY,
            "by_the_institution": awaited and institution,
            "can_ask": awaited and current is None and not institution,
            "nobody": awaited and current is None and not institution and not _somebody(draft, by),
            "current": current,
            "asked": earlier.asked if earlier else "",
            "reference": reference_of(current.review) if current else "",
            "chip": {"kind": words.CHIPS[current.state], "text": words.state_word(current.state)} if current else None,
            "turn": words.whose_turn(current, at, to_author=True) if current else "",
            "told": words.told(current.opinions) if current else [],
            "say": stopped_sentence()
            if current and current.state == STOPPED
            else _say(current, last)
            if current and last
            else "",
            "leave_out": out if last and last.kind == Opinion.Kind.REDUCE else [],
            "lapsed": lapsed_sentence(lapsed) if lapsed else _outlived(current, decision),
        },
    }


def _somebody(draft: Draft, by: Membership) -> bool:
    recipient = draft.recipient.professional_id if draft.recipient else by.professional_id
    return bool(who.at_hand(by.institution_id, apart={by.professional_id, recipient}))


def stopped_sentence() -> str:
    """That her word ended the opinion that was asked."""
    return _(
        "L’accord a été retiré, ou la personne s’y oppose : la demande d’avis a pris fin. Ce que vous aviez écrit est gardé."
    )


def _say(current: Standing, last: Opinion) -> str:
    """What the last opinion means for her, in one sentence."""
    name, when = last.by.professional.full_name, instant(last.at)
    if last.kind == Opinion.Kind.TRANSFER and current.state == SUSPENDED:
        return _("%(who)s a transmis votre demande le %(at)s : elle reste suspendue, rien ne part.") % {
            "who": name,
            "at": when,
        }
    return {
        Opinion.Kind.FAVOURABLE: _(
            "%(who)s a donné un avis favorable le %(at)s. Vous restez libre de communiquer, ou non."
        ),
        Opinion.Kind.REDUCE: _("%(who)s conseille d’en dire moins, le %(at)s."),
        Opinion.Kind.SUSPEND: _(
            "%(who)s a suspendu cette communication le %(at)s : rien ne part tant que l’avis n’est pas repris."
        ),
        Opinion.Kind.UNFAVOURABLE: _(
            "%(who)s a donné un avis défavorable le %(at)s : cela ne partira pas ainsi. Modifiez-le, ou gardez-le ici."
        ),
        Opinion.Kind.TRANSFER: _("%(who)s a transmis votre demande le %(at)s : rien ne change pour vous."),
    }[Opinion.Kind(last.kind)] % {"who": name, "at": when}


def _outlived(current: Standing | None, decision: Decision) -> str:
    """Something asks for an opinion that was not there when it was asked: what to do; "" where it still answers."""
    if current is None or decision.verdict != REVIEW or content.answers(current.review, decision):
        return ""
    return _(
        "Depuis votre demande du %(at)s, autre chose appelle un avis : voyez pourquoi ci-dessous. "
        "Dites-en un mot dans ce que cela change pour la personne, puis demandez un nouvel avis."
    ) % {"at": instant(current.review.submitted_at)}


def lapsed_sentence(lapsed: Standing) -> str:
    """Why the opinion that she asked says nothing of what she would send now."""
    if lapsed.last is None:
        return _(
            "Ce n’est plus ce que vous aviez soumis le %(at)s (modifié depuis, ou divergence notée) : "
            "la demande d’avis ne vaut plus."
        ) % {"at": instant(lapsed.review.submitted_at)}
    return _(
        "Ce n’est plus le même contenu (modifié depuis, ou divergence notée) : l’avis du %(at)s portait sur autre chose, "
        "il ne vaut plus."
    ) % {"at": instant(lapsed.last.at)}


def on_compose(draft: Draft, at: datetime) -> dict[str, str]:
    """One line for the composition: where the opinion stands, or that it lapsed; empty where none was asked."""
    current, lapsed = of_draft(draft)
    if lapsed is not None:
        return {"kind": "warning", "text": lapsed_sentence(lapsed)}
    if current is None and asked_before(draft) is not None:
        told = _(
            "Un avis avait été demandé sur ce brouillon avant qu’il vous soit confié : relisez-le, puis redemandez l’avis "
            "en vérifiant."
        )
        return {"kind": "info", "text": told}
    if current is None:
        return {}
    turn = words.whose_turn(current, at, to_author=True)
    warned = _("Un avis porte sur ce contenu exact : le modifier le fait tomber.")
    return {"kind": "info", "text": f"{turn} {warned}".strip()}
