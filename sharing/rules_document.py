"""docs/rules.md: the rulebook on paper, written from what the page « Ce que disent les textes » shows. Same texts, same bytes.

No day of today in it: whether a review is late is for the page to say.
"""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

from django.conf import settings
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from sharing import law
from sharing import reading_the_law as reading
from sharing.rules import RULES

RULES_DOCUMENT = Path(settings.BASE_DIR) / "docs" / "rules.md"
ENGLISH = (
    "*The rulebook that Tact decides by, text by text then norm by norm, in French for the jurists who read it; written by "
    "`manage.py write_rules` from `rulebook/` and `sharing/rules/`: change those, not this file.*"
)


def document() -> str:
    """The whole document, in French, ending in a line feed."""
    with translation.override("fr"):
        return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    shelves = reading.shelf(date.min)
    texts = [one for theme in shelves for one in theme.texts]
    yield f"# {_('Ce que disent les textes')}"
    yield ""
    yield ENGLISH
    yield ""
    worth = reading.confidences()
    counted = [f"{said} : {sum(one.current.confidence == code for one in texts)}" for code, said in worth.items()]
    bases = sum(one.is_basis for one in texts)
    yield _(
        "%(texts)d textes (%(worth)s), dont %(bases)d sur lesquels une information peut passer ; %(norms)d règles."
    ) % {
        "texts": len(texts),
        "worth": ", ".join(counted),
        "bases": bases,
        "norms": len(RULES),
    }
    for theme in shelves:
        yield ""
        yield f"## {theme.label}"
        for one in theme.texts:
            yield from _text(one)
    yield ""
    yield f"## {_('Les règles')}"
    yield ""
    yield _("Toutes sont examinées à chaque décision ; la plus sévère l’emporte.")
    yield ""
    for rule in RULES:
        yield from _norm(reading.norm(rule))


def _text(one: reading.Text) -> Iterator[str]:
    yield ""
    yield f"### {one.title}"
    yield ""
    yield one.current.says
    yield ""
    yield _point(one.role_said, one.kind or one.meaning)
    for line in one.lines:
        detail = f" *({line.detail})*" if line.detail else ""
        yield _point(line.label, " ".join(_sentence(said) for said in line.said) + detail)
    if one.binds:
        yield _point(_("Fonctions dont le statut repose sur lui"), ", ".join(one.binds))
    if one.norms:
        yield _point(_("Règles"), ", ".join(f"`{each.name}`" for each in one.norms))
    if one.current.disputed:
        yield _point(_("Discuté, ou encore inconnu"), one.current.disputed)
    yield _point(
        _("Lecture"), f"{_worth(one.current)} ; {_('à relire avant le')} {_day(one.review_due)} ; `{one.code}`"
    )
    for former in one.earlier:
        yield _point(_("Version antérieure"), f"{former.says} {_worth(former)}")


def _norm(norm: reading.Norm) -> Iterator[str]:
    article = law.ARTICLES[norm.article].title if norm.article else _("le texte essayé")
    yield f"- **{norm.message}**"
    yield f"  {norm.effect_said} · {norm.reason} · {article} · `{norm.name}`"


def _worth(one: reading.Reading) -> str:
    return f"{one.confidence_said} ; {_('version')} : {one.version} ; {_('vérifié au')} {_day(one.verified_on)} ; {one.source}"


def _day(day: date | None) -> str:
    return date_format(day, "j F Y") if day else _("à confirmer")


def _point(label: str, said: str) -> str:
    return f"- **{label}** : {said}"


def _sentence(said: str) -> str:
    return said if said.endswith((".", "?", "!")) else f"{said}."
