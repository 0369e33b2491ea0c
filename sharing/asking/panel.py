"""« Ce partenaire peut-il vous répondre ? »: the verdict as whoever asks reads it, and why a request was stopped.

A partner's reasons are told as the neutral labels of the rulebook (law.md, P-18): what is said to the one who may answer is hers.
"""

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from partners import wording
from partners.vocabulary import vocabulary
from sharing import facts as f
from sharing import law, panel
from sharing.asking import acts, watching
from sharing.asking.deciding import Wish
from sharing.asking.forms import LEAVE_OUT
from sharing.compose_page import label_of
from sharing.composing import ANSWER, recipient_short
from sharing.outcome import ALLOW, DENY, REVIEW, Decision, Finding, Path, Way


def words() -> dict[str, str]:
    """The word of each state, with its icon and colour, never alone."""
    return panel.words() | {ALLOW: _("Peut vous répondre"), DENY: _("Pas en l’état")}


def say(state: str, who: str) -> str:
    """One sentence that can be said aloud."""
    return {
        ALLOW: _("%(who)s peut vous répondre, et reste libre de ne pas le faire."),
        REVIEW: _("%(who)s peut vous répondre, après l’avis d’un cadre de son service ; un non reste possible."),
        DENY: _("En l’état, %(who)s ne peut pas vous répondre : la demande ne partira pas."),
    }[state] % {"who": who}


def incomplete(missing: list[str], at: datetime) -> dict[str, Any]:
    """The panel while a purpose, a partner or a category is missing."""
    return {"state": "incomplete", "word": words()["incomplete"], "say": " ".join(missing), "checked_at": at}


def live(*, wish: Wish, facts: f.Facts, decision: Decision, stopped: str) -> dict[str, Any]:
    """The panel beside the form; `stopped` is why it would be refused at once, whatever the texts say of an answer."""
    who = recipient_short(wish.asked)
    if stopped:
        return refused(stopped, purpose=wish.purpose, at=facts.at)
    return {
        "state": decision.verdict,
        "word": words()[decision.verdict],
        "say": say(decision.verdict, who),
        "paths": ways(decision, who) if decision.verdict != ALLOW else [],
        "paths_title": _("Ce que vous pouvez faire"),
        "questions": [
            {
                "name": f"{ANSWER}{one.circumstance}",
                "text": _(one.text),
                "value": "yes" if one.circumstance in wish.circumstances else "",
            }
            for one in decision.questions
        ],
        "findings": reasons(decision.findings),
        "rules_label": panel.rules_label(),
        "checked_at": facts.at,
    }


def refused(stopped: str, *, purpose: str, at: datetime | None = None) -> dict[str, Any]:
    """The panel of what is refused whatever the decision: a purpose, a wording, an insistence; the text under it."""
    article = acts.ARTICLES[stopped]
    return {
        "state": DENY,
        "word": words()[DENY],
        "say": why(stopped, purpose),
        "paths": _always(""),
        "paths_title": _("Ce que vous pouvez faire"),
        "findings": [
            {
                "sign": "no",
                "message": why(stopped, purpose),
                "law": _(law.ARTICLES[article].title),
                "law_url": reverse("sharing:rule", args=[article]),
            }
        ],
        "rules_label": panel.rules_label(),
        "checked_at": at,
        "open_reasons": True,
    }


def why(stopped: str, purpose: str) -> str:
    """Why a request was stopped, in a sentence for the one who asked."""
    forbidden = vocabulary().forbidden_purposes.get(purpose)
    if stopped == acts.FORBIDDEN and forbidden is not None:
        reason = _(forbidden.why)
        return _("%(why)s : cela ne se demande pas à un partenaire.") % {"why": reason.replace("'", "’")}
    return {
        acts.FORBIDDEN: _("Cette finalité ne se demande pas à un partenaire."),
        acts.INSISTING: _(
            "Ce partenaire a déjà répondu sur ce sujet : un refus n’a pas à être justifié, et il est respecté. "
            "Seul un accord de la personne, recueilli depuis, permettrait de demander à nouveau."
        ),
        acts.NOT_PERMITTED: _("Aucun texte ne permet à ce partenaire de vous répondre en l’état."),
        watching.LIST: _("Une liste ne se demande pas : une demande porte sur une personne et une décision."),
        watching.SEVERAL: _("Une demande porte sur une seule personne à la fois."),
        watching.FEED: _("Rien ne part de façon régulière ou automatique : demandez quand une décision se prépare."),
        watching.WATCHING: _(
            "Votre partenaire n’est pas votre agent de renseignement : il ne surveille ni ne vérifie pour un autre service."
        ),
        watching.COVERT: _("Rien ne se demande à l’insu de la personne, ni sur ceux qui vivent avec elle."),
    }[stopped]


def reasons(findings: tuple[Finding, ...]) -> list[dict[str, str]]:
    """One line a reason and a text: the rulebook's label, neutral on both sides."""
    known = vocabulary().reasons
    shown: dict[tuple[str, str], dict[str, str]] = {}
    for one in findings:
        article = law.ARTICLES.get(one.article)
        label = _(known[one.reason].label) if one.reason in known else one.reason
        shown[label, one.article] = {
            "sign": panel.SIGNS.get(one.effect, "no"),
            "message": label.replace("'", "’"),
            "law": _(article.title) if article else one.article,
            "law_url": reverse("sharing:rule", args=[one.article]) if article else "",
        }
    return list(shown.values())


def ways(decision: Decision, who: str, *, case: str = "", back: str = "", me: str = "", purpose: str = "") -> list[Any]:
    """The ways out in words for whoever asks. With `case` and `back`, those that a page carries out are links to it."""
    shown: list[dict[str, Any]] = []
    for way in decision.paths:
        one = _way(way, who)
        if one is None:
            continue
        act = panel.WORD_ACTS.get(Path(way.code))
        if act and case:
            query = {
                "act": act,
                "recipient": me,
                "purpose": purpose,
                "categories": ",".join(way.categories or way.items),
            }
            url = reverse("consent:new", args=[case])
            one |= {"method": "get", "url": f"{url}?{urlencode(query | {'next': back})}"}
        if way.code == Path.LEAVE_OUT and not case:
            one |= {"name": LEAVE_OUT, "value": ",".join(way.items)}
        if way.code == Path.ESTABLISH and case:
            one |= {"method": "get", "url": reverse("cases:involvements", args=[case])}
        if one["label"] not in {each["label"] for each in shown}:
            shown.append(one)
    return [*shown, *_always(case)]


def _way(way: Way, who: str) -> dict[str, Any] | None:
    words_of: dict[str, tuple[str, str]] = {
        Path.COLLECT_AGREEMENT: (_("Recueillir l’accord de la personne pour que %(who)s vous réponde"), ""),
        Path.INFORM_FIRST: (_("Prévenir d’abord la personne de ce que %(who)s vous dirait"), ""),
        Path.NOTE_HER_WORDS: (_("Noter, datées, ses propres paroles"), ""),
        Path.INVITE_PARENTS: (_("Proposer aux parents d’être présents"), ""),
        Path.SAY_WHY_NECESSARY: (_("Dire quelle décision dépend de cette information"), ""),
        Path.LEAVE_OUT: (_("Ne pas demander : %(items)s"), ""),
        Path.RENEW_AGREEMENT: (_("Faire renouveler la convention entre vos deux institutions"), ""),
        Path.VALIDATE_SHEET: (_("Faire valider par ce partenaire la fiche de mission de votre institution"), ""),
        Path.ESTABLISH: (way.label, way.detail),
        Path.ADDRESS_SOMEONE_ELSE: ("", ""),
    }
    label, detail = words_of.get(way.code, ("", ""))
    if not label:
        return None
    items = ", ".join(label_of("categories", ref).lower() for ref in way.items)
    return {"label": label % {"who": who, "items": items} if "%(" in label else label, "detail": detail}


def _always(case: str) -> list[dict[str, Any]]:
    """What depends on no partner: asking her, speaking without the name."""
    without = {
        "label": _("En parler sans le nom, à un pair"),
        "detail": _("la situation, jamais la personne"),
    }
    if case:
        without |= {"method": "get", "url": f"{reverse('sharing:consultation_new')}?{urlencode({'situation': case})}"}
    return [
        {
            "label": _("Poser la question à la personne elle-même"),
            "detail": _("avec elle, sans passer par un tiers"),
        },
        without,
    ]


def purpose_said(code: str) -> str:
    """The label of a purpose, forbidden ones included."""
    forbidden = vocabulary().forbidden_purposes.get(code)
    return _(forbidden.label) if forbidden else wording.purpose(code)
