"""The help in plain words: a question for each note, and what one may do about it. French, with its typography."""

from collections.abc import Iterable

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from partners.vocabulary import vocabulary
from sharing.helping.looking import YEAR
from sharing.helping.seen import HerWord, Note

# What the page can do at once: the name of the button that keeps what is typed and goes there.
TO_HER_WORDS, TO_NEW_ITEM, TO_ADVICE = "words", "add", "advice"


def text_of(note: Note, *, who: str, recipient: str) -> str:
    """The question. ``who``: the person, by her initials; ``recipient``: how the recipient is called."""
    quoted = quotations(note.words)
    if note.code == "weak_argument":
        label = quoted or _("« %(label)s »") % {"label": _(vocabulary().weak_arguments[note.ref].label)}
        return _("%(words)s : %(ask)s") % {"words": label, "ask": _(note.ask)}
    if note.code in ("judging", "judging_title"):
        return _judging(note, quoted)
    if note.code == "often":
        return _often(note, recipient)
    if note.code == "old":
        return _old(note.number)
    if note.code == "her_own_view":
        asked = _("Vous communiquez une appréciation. Qu’en dit %(who)s ? Une ressource, un point d’appui ?") % {
            "who": who
        }
        seen = _("Peut-être déjà dans %(words)s.") % {"words": quoted} if quoted else ""
        return " ".join(part for part in (asked, seen) if part)
    if note.code == "agreement_refused":
        return _(
            "%(said)s Ce texte s’en passe : est-ce pour cela que vous le choisissez ? Dites-lui ce que vous faites."
        ) % {"said": _said_no(note.said[0])}
    sentences = {
        "institution_only": _("%(words)s : l’institution y gagne. Et pour %(who)s, qu’est-ce que cela change ?"),
        "felt_urgency": _(
            "%(words)s : danger, risque, ou inconfort ? Dites qui s’inquiète, et ce qui a été vu ou entendu."
        ),
        "whole_document": _("Document entier : un extrait suffirait-il ?"),
        "long": _("Texte long : un extrait suffirait-il ?"),
        "hasty": _("Écrit en moins de deux minutes, sur un sujet très sensible : rien ne presse, relisez-le."),
    }
    return sentences[note.code] % {"words": quoted, "who": who}


def answer_of(note: Note) -> str:
    """What she said of it already, with the day and her words; empty where nothing is recorded."""
    if note.code != "weak_argument" or not note.said:
        return ""
    last = note.said[-1]
    return _("Le %(day)s, elle a dit : « %(words)s »") % {
        "day": date_format(last.on, "j F Y"),
        "words": " ".join(last.own_words.split()),
    }


def action_of(note: Note) -> tuple[str, str]:
    """What to do next: the name of a button of the page and its words; both empty where writing otherwise is enough."""
    if note.code == "weak_argument":
        return (TO_HER_WORDS, _("Noter ce qu’elle répond")) if not note.said else ("", "")
    if note.code == "felt_urgency":
        return TO_ADVICE, _("Demander conseil sans nommer la personne")
    if note.code in ("whole_document", "long"):
        return TO_NEW_ITEM, _("Noter un extrait")
    if note.code in ("judging", "judging_title") and note.place == "item":
        return TO_NEW_ITEM, _("Noter les faits")
    if note.code == "her_own_view" and not note.words:
        return TO_NEW_ITEM, _("Noter ses mots")
    return "", ""


def quotations(words: Iterable[str]) -> str:
    """« ceci », « cela »."""
    return ", ".join(_("« %(label)s »") % {"label": word} for word in words)


def to_look_at(number: int) -> str:
    """How many things there are to look at, for the line that is announced."""
    return ngettext("%(n)s point à regarder", "%(n)s points à regarder", number) % {"n": number}


def _judging(note: Note, quoted: str) -> str:
    if note.place == "item" and note.code == "judging":
        asked = _("%(words)s : est-ce un fait constaté, ou un jugement ?") % {"words": quoted}
    else:
        asked = _("%(words)s juge plus qu’il ne constate.") % {"words": quoted}
    return f"{asked} {_(note.ask)}"


def _often(note: Note, recipient: str) -> str:
    if note.here:
        return _(
            "Avec celle-ci, %(number)s communications à %(who)s en sept jours, dont %(here)s déjà dans cette situation : "
            "chacune a-t-elle sa décision ?"
        ) % {"number": note.number, "who": recipient, "here": note.here}
    return _("Avec celle-ci, %(number)s communications à %(who)s en sept jours : chacune a-t-elle sa décision ?") % {
        "number": note.number,
        "who": recipient,
    }


def _old(months: int) -> str:
    if months < 2 * YEAR:
        return _("Observé il y a %(months)s mois : est-ce encore vrai ?") % {"months": months}
    return _("Observé il y a %(years)s ans : est-ce encore vrai ?") % {"years": months // YEAR}


def _said_no(word: HerWord) -> str:
    day = date_format(word.on, "j F Y")
    return {
        "refused": _("Un refus est enregistré pour ce destinataire, le %(day)s."),
        "objected": _("Une opposition est enregistrée pour ce destinataire, le %(day)s."),
        "withdrawn": _("L’accord donné le %(day)s pour ce destinataire a été retiré."),
    }[word.state] % {"day": day}
