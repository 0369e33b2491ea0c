"""The rulebook as it is read, text by text: what each permits, on what conditions, what it is worth, and the norms that cite it.

One source, ``rulebook/`` and ``sharing.rules``; the page « Ce que disent les textes » and docs/rules.md show the same values.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from partners.search import normalised
from partners.vocabulary import vocabulary
from partners.wording import worded
from partners.words import Role
from sharing import law
from sharing.law import Article, Version
from sharing.law_in_words import Line, lines
from sharing.outcome import ALLOW, DENY, REVIEW
from sharing.rules import RULES, Rule

QUERY_MOST = 80
PERSON = "person"
"""The status of the person and of her parents: bound to nothing, so no text binds them."""


@dataclass(frozen=True, slots=True)
class Norm:
    """A rule of the core as its sentence; ``article`` empty where it holds under whichever text is tried."""

    name: str
    effect: str
    effect_said: str
    message: str
    reason: str
    article: str


@dataclass(frozen=True, slots=True)
class Reading:
    """What a version of a text is worth: which wording, read how, when."""

    version: str
    says: str
    confidence: str
    confidence_said: str
    verified_on: date | None
    source: str
    disputed: str


@dataclass(frozen=True, slots=True)
class Text:
    """One text, whole. ``overdue``: somebody should have read it again."""

    code: str
    title: str
    theme: str
    role: str
    role_said: str
    meaning: str
    kind: str
    domains: tuple[str, ...]
    current: Reading
    review_due: date | None
    overdue: bool
    lines: tuple[Line, ...]
    norms: tuple[Norm, ...]
    binds: tuple[str, ...]
    earlier: tuple[Reading, ...]

    @property
    def is_basis(self) -> bool:
        return bool(self.lines)


@dataclass(frozen=True, slots=True)
class Theme:
    """The texts of one theme."""

    code: str
    label: str
    texts: tuple[Text, ...]

    @property
    def bases(self) -> int:
        """How many of them are texts on which something may pass."""
        return sum(one.is_basis for one in self.texts)


def themes() -> dict[str, str]:
    """Where texts are shown, in the order of the rulebook."""
    return {
        "cadre_penal": _("Le secret, et ce qui le lève"),
        "protection_enfance": _("Protection de l’enfance"),
        "action_sociale": _("Action sociale"),
        "sante": _("Santé et médico-social"),
        "handicap_ecole": _("Handicap et école"),
        "logement": _("Logement et hébergement"),
        "adultes": _("Adultes vulnérables ou protégés"),
        "prevention": _("Prévention de la délinquance, police"),
        "autorites": _("Autorités qui demandent"),
        "statuts": _("Qui est soumis au secret"),
        "personne": _("La personne, son accord, ses parents"),
        "donnees": _("Ses données"),
    }


def roles() -> dict[str, str]:
    """What a text does to a disclosure, in two or three words."""
    return {
        "permet": _("Permet de communiquer"),
        "oblige": _("Oblige à communiquer"),
        "contraint": _("Une autorité peut l’exiger"),
        "droit": _("Un droit de la personne"),
        "encadre": _("Pose une condition ou une limite"),
        "lie": _("Lie, sans permettre de communiquer"),
        "interdit": _("Interdit et punit"),
        "protege": _("Protège qui a parlé"),
        "a_demander": _("À demander au service juridique"),
        "rien_ici": _("Ne permet rien ici"),
    }


def _meanings() -> dict[str, str]:
    not_a_basis = _("Tact n’en fait pas un texte sur lequel communiquer : ce qu’il demande se fait hors de Tact.")
    return {
        "permet": not_a_basis,
        "oblige": not_a_basis,
        "contraint": not_a_basis,
        "droit": _("La personne peut le demander ; il n’autorise aucune communication à quelqu’un d’autre."),
        "encadre": _("À lui seul, il n’autorise aucune communication."),
        "lie": _(
            "Être soumis au secret, ou à la discrétion, n’autorise rien : il faut encore un texte qui permette de communiquer."
        ),
        "interdit": _("Il punit ; il n’autorise aucune communication."),
        "protege": _("Il protège après coup ; il n’autorise pas à lui seul une communication."),
        "a_demander": _(
            "Tact refuse sur ce seul texte : la question se pose au service juridique de votre institution."
        ),
        "rien_ici": _("Aucune communication ne peut s’appuyer sur lui dans Tact."),
    }


def confidences() -> dict[str, str]:
    """How far a text was verified, in words."""
    return {"A": _("article lu"), "B": _("source secondaire"), "C": _("à confirmer par un juriste")}


def effects() -> dict[str, str]:
    """What a norm does where it speaks, in a word."""
    return {DENY: _("refus"), REVIEW: _("avis attendu"), ALLOW: _("consigné, n’arrête pas")}


def norm(rule: Rule) -> Norm:
    """A rule of the core, in words."""
    return Norm(
        name=rule.name,
        effect=rule.effect,
        effect_said=effects()[rule.effect],
        message=_(rule.message),
        reason=worded(vocabulary().reasons[rule.reason]),
        article=rule.article or "",
    )


def norms(article: str | None = None) -> tuple[Norm, ...]:
    """The rules that cite this text; those that hold under whichever text is tried where ``article`` is None."""
    return tuple(norm(rule) for rule in RULES if rule.article == article)


def proofs(role: Role) -> tuple[str, ...]:
    """The texts on which the status of a role rests: « CASF L221-6, D226-2-5 » is two texts of the same code."""
    found, prefix = [], ""
    for written in filter(None, (part.strip() for part in role.proof.split(","))):
        own = re.match(r"^([^\d]*?\.?)\s+\S*\d", written)
        prefix = own.group(1) if own else prefix
        found.append(written if own else f"{prefix} {written}")
    return tuple(found)


def text(code: str, today: date, articles: Mapping[str, Article] = law.ARTICLES) -> Text | None:
    """One text, as it is to be read on this day; None where the rulebook has no such text."""
    article = articles.get(code)
    return None if article is None else _text(article, today)


def _text(article: Article, today: date) -> Text:
    basis = law.BY_CODE.get(article.code)
    words = vocabulary()
    domains = {words.purposes[purpose].domain for purpose in basis.purposes} if basis else set()
    bound = [r for r in words.roles.values() if r.bound != PERSON and not set(proofs(r)).isdisjoint(article.cited_as)]
    return Text(
        code=article.code,
        title=_(article.title),
        theme=article.theme,
        role=article.role_of_text,
        role_said=roles()[article.role_of_text],
        meaning="" if basis else _meanings()[article.role_of_text],
        kind=worded(words.kinds[basis.kind]) if basis else "",
        domains=tuple(worded(domain) for domain in words.domains.values() if domain.code in domains),
        current=_reading(article),
        review_due=article.review_due,
        overdue=article.review_due is not None and today > article.review_due,
        lines=lines(basis) if basis else (),
        norms=norms(article.code),
        binds=tuple(worded(role) for role in bound),
        earlier=tuple(_reading(version) for version in article.earlier),
    )


def _reading(version: Article | Version) -> Reading:
    return Reading(
        version=_(version.version),
        says=_(version.says),
        confidence=version.confidence,
        confidence_said=confidences()[version.confidence],
        verified_on=version.verified_on,
        source=_(version.source),
        disputed=_(version.disputed) if version.disputed else "",
    )


def shelf(today: date, articles: Mapping[str, Article] = law.ARTICLES) -> tuple[Theme, ...]:
    """Every text, by theme, in the order of the rulebook."""
    texts = [_text(article, today) for article in articles.values()]
    return tuple(
        Theme(code, label, tuple(one for one in texts if one.theme == code)) for code, label in themes().items()
    )


def found(shelves: Iterable[Theme], *, query: str = "", role: str = "", theme: str = "") -> tuple[Theme, ...]:
    """Of these, the texts that say every word searched, accents aside, and that have this role; no empty theme."""
    wanted = [normalised(word) for word in query[:QUERY_MOST].split()]
    kept = (
        Theme(each.code, each.label, tuple(one for one in each.texts if _answers(one, wanted, role)))
        for each in shelves
        if theme in ("", each.code)
    )
    return tuple(each for each in kept if each.texts)


def _answers(one: Text, wanted: list[str], role: str) -> bool:
    if role and one.role != role:
        return False
    spelling = _spelling(one) if wanted else ""
    return all(word in spelling for word in wanted)


def _spelling(one: Text) -> str:
    return normalised(" · ".join(_words(one)))


def _words(one: Text) -> Iterator[str]:
    yield from (one.code, one.title, one.role_said, one.kind, themes()[one.theme], *one.domains, *one.binds)
    for reading in (one.current, *one.earlier):
        yield from (reading.version, reading.says, reading.disputed, reading.confidence_said)
    for line in one.lines:
        yield from (*line.said, line.detail)
    yield from (each.message for each in one.norms)


def overdue(shelves: Iterable[Theme]) -> tuple[Text, ...]:
    """The texts that should have been read again."""
    return tuple(one for theme in shelves for one in theme.texts if one.overdue)
