"""What is read with the person before she answers: versioned texts, kept for ever beside the acts they led to.

The words stand in `consent/texts`, a file a version, not in a catalogue: a version is the exact text that was read, whatever
the reader's language. To change a sentence, add a version (`accord.3.txt`); an act remembers its own.

`chosen` says which text, `filled` what to show of it, `current` the row that an act keeps:

    code = notices.chosen(act=notices.AGREEMENT, audience=Audience.PARENTS, style=Style.FALC, language=Language.FR)
    sections = notices.filled(code, by=by, recipients=[recipient], purposes=[purpose])
    registry.give(..., notice=notices.current(code))
"""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from partners import wording
from partners.models import Membership
from partners.templatetags.rulebook import lower_first

from .models import Notice

AGREEMENT = "accord"
INFORMATION = "information"
TELEPHONE = "script-telephone"
"""Read aloud, a sentence a line, and followed by the person's own words; it asks for an agreement."""
BLANK = "\N{HORIZONTAL ELLIPSIS}" * 12
"""What is not known yet: written by hand on the paper."""
FOLDER = Path(__file__).parent / "texts"


class Audience(models.TextChoices):
    """To whom it is said."""

    ADULT = "adult", _("Un adulte")
    PARENTS = "parents", _("Des parents, pour leur enfant")
    CHILD = "child", _("Un enfant")


class Style(models.TextChoices):
    """How it is said; the easy-to-read one was not read again yet by those whom it is for, and says so on paper."""

    STANDARD = "standard", _("Langage courant")
    FALC = "falc", _("Facile à lire")


class Language(models.TextChoices):
    """In which language it is written."""

    FR = "fr", _("Français")
    EN = "en", _("Anglais")


def _texts() -> dict[str, tuple[str, ...]]:
    """Every file of `texts`, « code.version.txt ». Raises ValueError where a version is missing."""
    found: dict[str, dict[int, str]] = {}
    for path in sorted(FOLDER.glob("*.txt")):
        code, version, _suffix = path.name.split(".")
        found.setdefault(code, {})[int(version)] = path.read_bytes().decode()
    for code, versions in found.items():
        if sorted(versions) != list(range(1, len(versions) + 1)):
            raise ValueError(f"{code}: a version is missing")
    return {code: tuple(versions[number] for number in sorted(versions)) for code, versions in found.items()}


TEXTS: dict[str, tuple[str, ...]] = _texts()
"""Every version of each text, the first being version 1; the last is the one read today."""


class NoticeAltered(RuntimeError):
    """A version kept in the database does not have the words it has here: add a version, never change one."""


@dataclass(frozen=True, slots=True)
class Section:
    """A question, and its answer in short sentences."""

    question: str
    sentences: tuple[str, ...]


def _code(act: str, audience: str, style: str, language: str) -> str:
    plain = (Audience.ADULT, Style.STANDARD, Language.FR)
    said = (str(one) for one, usual in zip((audience, style, language), plain, strict=True) if one != usual)
    return "-".join((act, *said))


def chosen(
    *,
    act: str,
    audience: str = Audience.ADULT,
    style: str = Style.STANDARD,
    language: str = Language.FR,
) -> str:
    """The code of the text to read: `accord`, `accord-parents-falc-en`.

    A child's text is already plain, and a script is heard, not read: they have one style. Raises KeyError for what is no
    act, audience, style or language.
    """
    if (
        act not in TEXTS
        or audience not in Audience.values
        or style not in Style.values
        or language not in Language.values
    ):
        raise KeyError(f"{act}, {audience}, {style}, {language}")
    for nearest in (_code(act, audience, style, language), _code(act, audience, Style.STANDARD, language)):
        if nearest in TEXTS:
            return nearest
    return act


def language_of(code: str) -> str:
    """In which language this text is written: for the `lang` of what shows it."""
    return Language.EN if code.endswith(f"-{Language.EN}") else Language.FR


def digest_of(text: str) -> str:
    """SHA-256, hex, of the exact words."""
    return hashlib.sha256(text.encode()).hexdigest()


def current(code: str) -> Notice:
    """The text read today, written down the first time it is needed. Raises KeyError, NoticeAltered."""
    text = TEXTS[code][-1]
    with transaction.atomic():
        notice, _new = Notice.objects.get_or_create(
            code=f"tact-{code}",
            version=len(TEXTS[code]),
            defaults={"text": text, "digest": digest_of(text)},
        )
    if notice.text != text or notice.digest != digest_of(text):
        raise NoticeAltered(str(notice))
    return notice


def sections(text: str, **who: str) -> list[Section]:
    """A text filled in with who, to whom, for what; as it is read aloud, question by question."""
    found = []
    for block in text.strip().split("\n\n"):
        question, *sentences = block.split("\n")
        found.append(Section(question=question, sentences=tuple(_put(one, who) for one in sentences)))
    return found


def _put(sentence: str, who: dict[str, str]) -> str:
    """Fill in, without a second full stop after « Mme F. »."""
    return re.sub(r"(?<!\.)\.\.(?!\.)", ".", sentence.format(**who))


def filled(code: str, *, by: Membership, recipients: Sequence[Membership], purposes: Sequence[str]) -> list[Section]:
    """The text read today, filled in: what the page shows and what the paper says are this, and nothing else.

    `purposes` are codes of the rulebook; without any, or without recipient, a place to write is left. Names and words of the
    rulebook only: nothing that a form was given. Raises KeyError.
    """
    language = language_of(code)
    house = by.institution
    with override(language):
        return sections(
            TEXTS[code][-1],
            author=by.professional.full_name,
            job=lower_first(by.job_title),
            institution=house.name,
            recipient=_and([_introduced(one) for one in dict.fromkeys(recipients)], language),
            purpose=_and([lower_first(wording.purpose(one)) for one in dict.fromkeys(purposes)], language),
            phone=house.phone or by.professional.phone or house.name,
            dpo=house.dpo_contact or house.name,
        )


def _introduced(one: Membership) -> str:
    """« Mme Hélène Lantier, directrice, École Jean-Macé »."""
    who = f"{one.professional.title} {one.professional.full_name}".strip()
    return f"{who}, {lower_first(one.job_title)}, {one.institution.name}"


def _and(said: list[str], language: str) -> str:
    """Several are joined so that each can be counted: « A ; et B »."""
    if not said:
        return BLANK
    joint = {Language.FR: "\N{NO-BREAK SPACE}; et ", Language.EN: "; and "}[Language(language)]
    return joint.join(said)
