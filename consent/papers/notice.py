"""The notice that is handed over before she answers, with the place to tick, to write and to sign: nothing is ticked beforehand.

It says the case's reference and, unless it is asked « sans le nom », initials: left on a table, it tells who wrote and to whom,
which the law requires, and nothing else. The reference is what she quotes to stop: with it whoever answers finds the
case, and without an account it opens nothing; a code of its own would be one more secret to lose.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import override

from cases.models import Case
from consent import notices
from consent.notices import Audience, Style
from partners import clock, wording
from partners.dates import day
from partners.models import Membership
from partners.templatetags.rulebook import lower_first
from partners.text import plain

from .press import Block, Paper

MOST_ROWS_WRITTEN_BY_HAND = 4
MOST_ROWS_ON_A_PAGE = 12

# Questions of the texts → the drawing beside them; a question that has none goes without.
DRAWINGS = {
    "speaker": ("Qui va parler ?", "Qui parle ?", "Who will speak?", "Who is speaking?"),
    "recipient": ("À qui ?", "To whom?"),
    "why": ("Pourquoi ?", "Why?"),
    "what": ("Quoi ?", "De quoi ?", "What?", "About what?"),
    "keep": ("Que gardons-nous ici ?", "What do we keep here?"),
    "free": ("Êtes-vous libre ?", "Êtes-vous libres ?", "Qui décide ?", "Are you free?", "Who decides?"),
    "told": (
        "Est-ce une question ?",
        "Est-ce que je te demande ton accord ?",
        "Is it a question?",
        "Am I asking you to agree?",
    ),
    "child": ("Et votre enfant ?", "And your child?"),
    "until": ("Jusqu’à quand ?", "Until when?"),
    "stop": (
        "Comment dire stop ?",
        "Comment dire : je m’oppose ?",
        "Comment dire que tu n’es pas d’accord ?",
        "How to say stop?",
        "How to say: I object?",
        "How to say that you do not agree?",
    ),
    "rights": ("Vos droits", "Tes droits", "Your rights"),
}
_DRAWING_OF = {question: name for name, questions in DRAWINGS.items() for question in questions}


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the notice is for. `scopes` are (recipient, purpose); what is not known yet is left blank, to write by hand."""

    act: str
    audience: str
    style: str
    language: str
    scopes: Sequence[tuple[Membership | None, str]]
    categories: Sequence[str]
    named: bool

    @property
    def code(self) -> str:
        """The code of the text that is read."""
        return notices.chosen(act=self.act, audience=self.audience, style=self.style, language=self.language)

    @property
    def drawn(self) -> bool:
        """Whether a drawing stands beside each question."""
        return self.style == Style.FALC or self.audience == Audience.CHILD


def paper(*, case: Case, asked: Asked, by: Membership, at: datetime) -> Paper:
    """The paper of one conversation, on this day: two pages for an adult, one for a child. Raises KeyError (`notices`)."""
    language = notices.language_of(asked.code)
    with override(language):
        reply = {
            Audience.CHILD: _childs_reply,
            Audience.PARENTS: _reply,
            Audience.ADULT: _reply,
        }[Audience(asked.audience)]
        return Paper(
            title=_title(asked),
            language=language,
            footer=_("Référence %(ref)s · texte %(code)s, version %(version)d")
            % {"ref": case.reference, "code": asked.code, "version": len(notices.TEXTS[asked.code])},
            at=clock.start_of(clock.day_of(at)),
            airy=asked.style == Style.FALC and asked.audience != Audience.CHILD,
            blocks=(*_head(case, asked, at), *_sections(asked, by), *reply(asked), *_not_read_again(asked)),
        )


def _title(asked: Asked) -> str:
    agreement = asked.act == notices.AGREEMENT
    if asked.audience == Audience.CHILD:
        return _("Je voudrais parler de toi") if agreement else _("Je vais parler de toi : je te préviens")
    if asked.audience == Audience.PARENTS:
        if agreement:
            return _("Êtes-vous d’accord pour que l’on parle de votre enfant ?")
        return _("Nous allons parler de votre enfant : nous vous prévenons")
    if agreement:
        return _("Êtes-vous d’accord pour que l’on parle de vous ?")
    return _("Nous allons parler de vous : nous vous prévenons")


def _head(case: Case, asked: Asked, at: datetime) -> list[Block]:
    said = _("Référence à rappeler : %(ref)s · le %(day)s") % {"ref": case.reference, "day": day(at)}
    if asked.named:
        said = f"{said} · {case.person.short_name}"
    return [{"kind": "aside", "text": said}]


def _sections(asked: Asked, by: Membership) -> list[Block]:
    recipients = [one for one, _purpose in asked.scopes if one is not None]
    purposes = [one for _recipient, one in asked.scopes if one]
    blocks: list[Block] = []
    for one in notices.filled(asked.code, by=by, recipients=recipients, purposes=purposes):
        block: Block = {
            "kind": "section",
            "question": one.question,
            "sentences": [plain(said) for said in one.sentences],
        }
        question = one.question.replace("\N{NO-BREAK SPACE}", " ")
        if asked.drawn and question in _DRAWING_OF:
            block["icon"] = _DRAWING_OF[question]
        blocks.append(block)
    return blocks


def _reply(asked: Asked) -> list[Block]:
    return _agreements_reply(asked) if asked.act == notices.AGREEMENT else _informations_reply(asked)


def _agreements_reply(asked: Asked) -> list[Block]:
    rows = [wording.category(one) for one in asked.categories] or [""] * MOST_ROWS_WRITTEN_BY_HAND
    columns = [_("Information"), _("Oui"), _("Non"), _("1 mois"), _("3 mois"), _("6 mois")]
    blocks: list[Block] = [
        {"kind": "heading", "text": _("Votre réponse")},
        {"kind": "text", "text": _("Cochez vous-même, pour chaque ligne : oui ou non, et jusqu’à quand.")},
        *(
            {
                "kind": "choices",
                "title": _for_whom(recipient, purpose),
                "columns": columns,
                "rows": rows,
            }
            for recipient, purpose in asked.scopes
        ),
        {"kind": "lines", "text": _("Ce que cela change, et mes conditions si j’en ai :"), "n": 2},
        _signature(asked),
    ]
    return _together(blocks, rows=len(asked.scopes) * (len(rows) + 2))


def _together(blocks: list[Block], *, rows: int) -> list[Block]:
    """What is ticked and signed stands on one page, wherever a page can hold it."""
    return [{"kind": "together", "blocks": blocks}] if rows <= MOST_ROWS_ON_A_PAGE else blocks


def _for_whom(recipient: Membership | None, purpose: str) -> str:
    """What is signed says by itself to whom, and for what."""
    who, where = notices.BLANK, ""
    if recipient is not None:
        who = f"{recipient.professional.title} {recipient.professional.full_name}".strip()
        where = f", {recipient.institution.name}"
    return _("À %(who)s, pour : %(purpose)s") % {
        "who": f"{who}{where}",
        "purpose": lower_first(wording.purpose(purpose)) if purpose else notices.BLANK,
    }


def _signature(asked: Asked) -> Block:
    parents = asked.audience == Audience.PARENTS
    name = _("Nom (facultatif), père, mère…") if parents else _("Nom (facultatif)")
    return {"kind": "signature", "fields": [name, _("Date"), _("Signature")]}


def _informations_reply(asked: Asked) -> list[Block]:
    told: list[Block] = [
        {"kind": "bullets", "items": [wording.category(one) for one in asked.categories]}
        if asked.categories
        else {"kind": "lines", "text": _("Les informations :"), "n": 2}
    ]
    blocks: list[Block] = [
        {"kind": "heading", "text": _("Ce que nous allons dire")},
        *({"kind": "text", "text": _for_whom(recipient, purpose)} for recipient, purpose in asked.scopes),
        *told,
        {"kind": "lines", "text": _("Le texte qui le permet, et jusqu’à quand :"), "n": 1},
        {"kind": "heading", "text": _("Votre réponse")},
        {"kind": "boxes", "choices": [_("J’ai reçu cette information."), _("Je m’y oppose.")]},
        {"kind": "lines", "text": _("Ce que j’en pense :"), "n": 2},
        _signature(asked),
    ]
    return _together(blocks, rows=2 * len(asked.scopes) + len(asked.categories))


def _childs_reply(asked: Asked) -> list[Block]:
    return [
        {"kind": "heading", "text": _("À toi")},
        {
            "kind": "boxes",
            "choices": [_("J’ai compris."), _("J’ai une question."), _("Je ne suis pas d’accord.")],
        },
        {"kind": "lines", "text": _("Ce que j’en pense, avec mes mots ou un dessin :"), "n": 2},
    ]


def _not_read_again(asked: Asked) -> list[Block]:
    """Who wrote the text, where those whom it is for have not read it again: no easy-to-read mark before that."""
    if asked.audience == Audience.CHILD:
        return [{"kind": "small", "text": _("Ce texte n’a pas encore été relu par des enfants.")}]
    if asked.style == Style.FALC:
        return [{"kind": "small", "text": _("Ce texte n’a pas encore été relu par des personnes concernées.")}]
    return []
