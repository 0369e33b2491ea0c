"""« Qui a ouvert votre dossier »: what the person is handed. Functions and services, no reader's name, nothing of what is written.

Professionals are said by what they do and where: a name is asked for by voice, of who hands the paper over. It says neither her
name nor her birth date: left on a table, it tells who reads, not what (ADR 0034).
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from django.conf import settings
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cases.models import Case
from consent.papers.press import Block, Paper
from partners import clock
from partners.dates import day
from partners.models import Membership
from sharing.papers.words import language_of_the_page

from .forms import CHILD, HERSELF, PARENTS
from .openings import Openings


def paper(*, case: Case, found: Openings, audience: str, easy: bool, by: Membership, at: datetime) -> Paper:
    """The paper of this day, for her, for a child or for its parents, in everyday or in easy words."""
    title, blocks = {
        HERSELF: _easy if easy else _everyday,
        CHILD: _for_a_child,
        PARENTS: _for_parents,
    }[audience](found, by)
    return Paper(
        title=title,
        language=language_of_the_page(),
        footer=_("Qui a ouvert le dossier · référence %(ref)s") % {"ref": case.reference},
        blocks=(
            {
                "kind": "aside",
                "text": _("Référence à rappeler : %(ref)s · le %(day)s") % {"ref": case.reference, "day": day(at)},
            },
            *blocks,
        ),
        at=clock.start_of(clock.day_of(at)),
        airy=easy or audience == CHILD,
    )


Said = tuple[str, list[Block]]


def _everyday(found: Openings, by: Membership) -> Said:
    return _("Qui a ouvert votre dossier"), [
        _text(
            _(
                "Chaque fois qu’une ou un professionnel ouvre votre dossier dans Tact, c’est noté. Voici ce qui est noté."
            )
        ),
        *_lists(
            found,
            here=_("Dans le service qui vous accompagne"),
            elsewhere=_("Ailleurs : ce qui a été communiqué sur vous"),
        ),
        *_refusals(found),
        {"kind": "heading", "text": _("Ce que ce papier ne dit pas")},
        {
            "kind": "bullets",
            "items": [
                _("Les noms. Pour savoir un nom, demandez-le à la personne qui vous remet ce papier."),
                _("Ce qui est écrit dans votre dossier. Vous pouvez demander à le voir."),
                _not_yet(),
            ],
        },
        {"kind": "heading", "text": _("Combien de temps c’est gardé")},
        _text(_kept(found)),
        _text(_("La liste de ce qui a été communiqué sur vous est gardée à part, et plus longtemps.")),
        *_whom_to_ask(by),
    ]


def _for_parents(found: Openings, by: Membership) -> Said:
    return _("Qui a ouvert le dossier de votre enfant"), [
        _text(_("Chaque fois qu’une ou un professionnel ouvre ce dossier dans Tact, c’est noté.")),
        _text(_("Voici qui l’a ouvert dans notre service.")),
        *_lists(found, here=_("Dans le service qui accompagne votre enfant"), elsewhere=""),
        *_refusals(found),
        {"kind": "heading", "text": _("Ce que ce papier ne dit pas")},
        {
            "kind": "bullets",
            "items": [
                _("Les noms. Pour savoir un nom, demandez-le à la personne qui vous remet ce papier."),
                _("Qui l’a lu dans d’autres services : nous en parlons avec vous et avec votre enfant."),
                _("Ce qui est écrit dans le dossier."),
            ],
        },
        {"kind": "heading", "text": _("Combien de temps c’est gardé")},
        _text(_kept(found)),
        *_whom_to_ask(by),
    ]


def _easy(found: Openings, by: Membership) -> Said:
    return _("Qui a ouvert votre dossier ?"), [
        _section(
            "keep",
            _("Votre dossier, qu’est-ce que c’est ?"),
            _("Nous écrivons des informations sur vous."),
            _("C’est votre dossier."),
            _("Quand quelqu’un ouvre votre dossier, l’ordinateur le note."),
        ),
        *_lists(found, here=_("Dans notre service"), elsewhere=_("Dans les autres services")),
        *_refusals(found),
        _section("until", _("Combien de temps ?"), _kept(found)),
        _section(
            "rights",
            _("Vos droits"),
            _("Vous pouvez demander les noms."),
            _("Vous pouvez demander à lire votre dossier."),
            _not_yet(),
        ),
        *_whom_to_ask(by),
        {"kind": "small", "text": _("Ce texte n’a pas encore été relu par des personnes concernées.")},
    ]


def _for_a_child(found: Openings, by: Membership) -> Said:
    return _("Qui a ouvert ton dossier ?"), [
        _section(
            "keep",
            _("Ton dossier, c’est quoi ?"),
            _("Nous écrivons des choses sur toi, pour t’aider."),
            _("C’est ton dossier."),
            _("Quand quelqu’un l’ouvre, l’ordinateur le note."),
        ),
        *_lists(found, here=_("Dans notre service"), elsewhere=_("Dans les autres services")),
        _section(
            "rights",
            _("Tu peux demander"),
            _("Tu peux demander qui c’est."),
            _("Tu peux demander ce qui est écrit sur toi."),
            _("Tu peux dire que tu n’es pas d’accord."),
        ),
        {"kind": "heading", "text": _("Une question ? Demande à")},
        _text(_met(by)),
        {"kind": "small", "text": _("Ce texte n’a pas encore été relu par des enfants.")},
    ]


def _lists(found: Openings, *, here: str, elsewhere: str) -> list[Block]:
    blocks: list[Block] = []
    for title, rows in ((here, found.here), (elsewhere, found.elsewhere)):
        if rows and title:
            blocks.append({"kind": "heading", "text": title})
            blocks.append(
                {
                    "kind": "answers",
                    "pairs": [[capfirst(f"{one.function}, {one.service}"), _when(one.days)] for one in rows],
                }
            )
    return blocks or [_text(_("Rien n’est noté pour l’instant."))]


def _when(days: Sequence[date]) -> str:
    """« le 3 mars 2026 », « 12 jours, du 3 mars au 4 mai 2026 »."""
    if len(days) == 1:
        return _("le %(day)s") % {"day": date_format(days[0], "j F Y")}
    return _("%(n)d jours différents, du %(first)s au %(last)s") % {
        "n": len(days),
        "first": date_format(days[0], "j F Y"),
        "last": date_format(days[-1], "j F Y"),
    }


def _refusals(found: Openings) -> list[Block]:
    if not found.refused:
        return []
    said = ngettext(
        "%(n)d jour, quelqu’un a voulu ouvrir le dossier et n’a pas pu. Cela peut être un numéro mal écrit.",
        "%(n)d jours différents, quelqu’un a voulu ouvrir le dossier et n’a pas pu. Cela peut être un numéro mal écrit.",
        len(found.refused),
    )
    return [{"kind": "heading", "text": _("Essais refusés")}, _text(said % {"n": len(found.refused)})]


def _not_yet() -> str:
    """On every paper, whatever there is: it says nothing of this one."""
    return _("Parfois la loi demande de prévenir plus tard : la lecture s’ajoute au papier quand c’est dit.")


def _kept(found: Openings) -> str:
    kept = _("Ces notes sont gardées %(months)d mois, puis effacées.") % {"months": settings.ACCESS_LOG_MONTHS}
    if found.since is None:
        return kept
    return kept + " " + _("Ce papier dit ce qui est noté depuis le %(since)s.") % {"since": day(found.since)}


def _whom_to_ask(by: Membership) -> Iterable[Block]:
    yield {"kind": "heading", "text": _("Une question ? Appelez")}
    yield _text(_met(by))
    yield _text(
        _("Vous pouvez demander à voir, à corriger ou à limiter ce qui est écrit : %(dpo)s.")
        % {"dpo": by.institution.dpo_contact or by.institution.name}
    )
    yield _text(_("Vous pouvez adresser une plainte à la CNIL : www.cnil.fr."))


def _met(by: Membership) -> str:
    phone = by.institution.phone or by.professional.phone
    return ", ".join(one for one in (by.professional.full_name, by.institution.name, phone) if one)


def _text(said: str) -> Block:
    return {"kind": "text", "text": said}


def _section(icon: str, question: str, *sentences: str) -> Block:
    return {"kind": "section", "icon": icon, "question": question, "sentences": list(sentences)}
