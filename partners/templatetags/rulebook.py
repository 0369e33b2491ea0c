"""Codes of the rulebook as pages say them, and references of memberships as places of work; unknown codes stay codes.

Each filter takes a code or a list of codes; a list becomes « A, b et c ».
"""

from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import Any
from uuid import UUID

from django import template
from django.utils.translation import gettext as _

from partners.models import Function, Institution, Membership
from partners.vocabulary import RULEBOOK, Word, french, read_yaml, vocabulary
from partners.wording import worded

register = template.Library()
Codes = str | Iterable[str] | None


def joined(words: Iterable[str]) -> str:
    """« a, b et c »."""
    listed = [one for one in words if one]
    if len(listed) < 2:
        return "".join(listed)
    return _("%(most)s et %(last)s") % {"most": ", ".join(listed[:-1]), "last": listed[-1]}


def _said(codes: Codes, words: Mapping[str, Word]) -> str:
    several = [codes] if isinstance(codes, str) else codes or []
    labels = [worded(words[code]) if code in words else str(code) for code in several]
    return joined([*labels[:1], *map(lower_first, labels[1:])])


def _labels_of(name: str, words: Callable[[], Mapping[str, Word]]) -> None:
    def label(codes: Codes) -> str:
        return _said(codes, words())

    label.__doc__ = f"The label of one or several codes of the rulebook ({name})."
    register.filter(f"{name}_label", label)


def _all_purposes() -> Mapping[str, Word]:
    return {**vocabulary().purposes, **vocabulary().forbidden_purposes}


_labels_of("purpose", _all_purposes)
_labels_of("category", lambda: vocabulary().categories)
_labels_of("family", lambda: vocabulary().families)
_labels_of("nature", lambda: vocabulary().natures)
_labels_of("role", lambda: vocabulary().roles)
_labels_of("reason", lambda: vocabulary().reasons)
_labels_of("duty", lambda: vocabulary().duties)
_labels_of("domain", lambda: vocabulary().domains)
_labels_of("bound", lambda: vocabulary().bounds)
_labels_of("circumstance", lambda: vocabulary().circumstances)


@cache
def _titles() -> Mapping[str, Word]:
    """The title of each text, by the code that bases and findings cite."""
    articles: list[dict[str, Any]] = read_yaml(RULEBOOK / "articles.yaml")
    return {one["code"]: Word(one["code"], french(one["title"])) for one in articles}


_labels_of("basis", _titles)


@register.filter
def lower_first(text: str) -> str:
    """A label inside a sentence: its first letter small, unless the word is an acronym."""
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]


@register.filter
def function(code: str) -> str:
    """What somebody does in Tact beside her profession; a code that is none stays a code."""
    return str(Function(code).label) if code in Function.values else str(code)


@register.filter
def listed(labels: Iterable[str]) -> str:
    """« Besoins scolaires, consigne pratique »: labels hold « et » themselves, so commas alone keep them apart."""
    every = list(labels)
    return ", ".join([*every[:1], *map(lower_first, every[1:])])


@register.filter
def pseudonym(ref: object) -> str:
    """The first eight characters of a reference: enough to recognise it on a page, never a name."""
    return str(ref)[:8] if ref else ""


@register.simple_tag
def places_of_work(refs: Iterable[str]) -> dict[str, str]:
    """Role and institution of memberships, by reference, and the names of institutions; two statements, no person's name."""
    wanted = {one for one in (_uuid(ref) for ref in refs) if one}
    found = {
        str(one.pk): f"{_said(one.role, vocabulary().roles)}, {one.institution.name}"
        for one in Membership.objects.filter(pk__in=wanted).select_related("institution")
    }
    return found | {str(one.pk): one.name for one in Institution.objects.filter(pk__in=wanted)}


@register.filter
def named(ref: object, places: Mapping[str, str]) -> str:
    """A reference as an auditor reads it: the role and the institution, then the pseudonym."""
    place, short = places.get(str(ref), ""), pseudonym(ref)
    text = f"{place} ({short})" if place else short
    return text or _("le système")


def _uuid(ref: object) -> UUID | None:
    try:
        return UUID(str(ref))
    except ValueError:
        return None
