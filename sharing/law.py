"""The law as data: the texts that permit a disclosure, the articles that are cited, and the two gates that stand before them.

Read once from ``rulebook/bases.yaml`` and ``rulebook/articles.yaml``, and checked as they are read. What a text means is in
``sharing.rules``; nothing here decides.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Any

from partners.vocabulary import RULEBOOK, Entry, Vocabulary, listed, vocabulary

PERSON_RULES = ("none", "info_recommended", "info_prior", "info_prior_or_after", "non_opposition", "consent_prior")
SUBJECTS = ("mineur", "majeur", "majeur_vulnerable")
CONFIDENCES = ("A", "B", "C")

# Where a text is shown, in this order (law.md, parts 1.3, 2 and 3.2).
THEMES = (
    *("cadre_penal", "protection_enfance", "action_sociale", "sante", "handicap_ecole", "logement", "adultes"),
    *("prevention", "autorites", "statuts", "personne", "donnees"),
)
# What a text does to a disclosure; the comments of articles.yaml give the meaning of each.
ROLES_OF_TEXT = (
    *("permet", "oblige", "contraint", "droit", "encadre", "lie", "interdit", "protege", "a_demander", "rien_ici"),
)

# The two gates, where no text is needed (law.md, part 1.1): nobody can be identified; the holders of parental authority asking
# about their own child (C. civ. 371-1).
NOBODY_IDENTIFIED = "nobody_identified"
PARENTS_OF_THE_CHILD = "parents_of_the_child"

# The category that says where somebody lives, and how to reach her.
WHERE_SHE_IS = "coordonnees"

# The purpose of speaking of a situation without the person being identified: no text serves it.
CONSULTATION = "consultation_deidentifiee"


@dataclass(frozen=True, slots=True)
class Version:
    """A former wording of a text, as it was read: never overwritten, shown below the one that followed."""

    version: str
    says: str
    confidence: str
    verified_on: date | None
    source: str
    disputed: str = ""


@dataclass(frozen=True, slots=True)
class Article:
    """A text that is cited: what it says in a line, how far it was verified, when it must be read again."""

    code: str
    title: str
    theme: str  # one of THEMES
    role_of_text: str  # one of ROLES_OF_TEXT
    version: str  # which wording was read
    says: str
    confidence: str  # A | B | C
    verified_on: date | None  # None: to be confirmed
    source: str
    review_due: date | None
    disputed: str = ""
    cited_as: tuple[str, ...] = ()  # how the proofs of roles.yaml write it
    earlier: tuple[Version, ...] = ()  # the latest first


@dataclass(frozen=True, slots=True)
class Basis:
    """A text on which information may pass; the comments of ``bases.yaml`` give the meaning of each field."""

    code: str
    kind: str
    sender: str
    recipients: tuple[str, ...]
    purposes: frozenset[str]
    person_rule: str
    confidence: str
    order: int  # place in the file: the last tie-breaker
    allowed: Mapping[str, frozenset[str]]  # purpose -> categories
    subject: frozenset[str]  # empty: whoever the person is
    consent_exempt: frozenset[str]
    requires: tuple[str, ...]
    requires_if_nominative: tuple[str, ...]
    duties: tuple[str, ...]
    info: str  # "" | "prior" | "after" | "after_or_if_possible" | "deferred"
    info_exception: str
    objection: str  # "recorded" | "review" | "blocks"
    supervision: str  # "none" | "ex_ante" | "ex_post"
    supervision_if_missing: str
    supervision_if_not_informed: str
    supervision_if_sensitivity_3: str
    nominative_if_sender_bound: str
    one_side: str
    onward: str
    locks: frozenset[str]
    consent_support: str
    consent_until: str
    depositary: str
    alone_unless: str
    emergency: str
    rescue: bool
    opens_blocked: bool
    obligation_if_unbound: bool
    contested: bool
    feedback_days: int
    review_hours: int
    access_months: int
    delay_months: int
    voluntary: bool
    # worked out once, for speed and for reading
    is_obligation: bool
    is_requisition: bool
    is_agreement: bool
    asks_agreement: bool
    owes_information: bool
    information_is_a_condition: bool


def _basis(e: Entry, order: int, words: Vocabulary) -> Basis:
    kind = e.text("kind", among=words.kinds)
    person_rule = e.text("person_rule", among=PERSON_RULES)
    purposes = e.names("purposes", among=words.purposes) or ()
    recipients = e.names("recipients", among=words.groups) or ()
    if not purposes or not recipients:
        raise e.error("« purposes » et « recipients » ne peuvent être vides")
    info = e.text("info", "", among=("prior", "after", "after_or_if_possible", "deferred"))
    not_informed = e.text("supervision_if_not_informed", "", among=("ex_ante", "ex_post"))
    voluntary = words.kinds[kind].voluntary
    asks_agreement = person_rule == "consent_prior"
    # A report made with the victim's agreement supposes that she knows; a sharing asks for a notice of its own.
    owes_information = person_rule == "info_prior" or info == "prior" or (asks_agreement and voluntary)
    basis = Basis(
        code=e.code,
        kind=kind,
        sender=e.text("sender", among=words.groups),
        recipients=recipients,
        purposes=frozenset(purposes),
        person_rule=person_rule,
        confidence=e.text("confidence", among=("A", "B", "C")),
        order=order,
        allowed=_allowed(e, purposes, words),
        subject=frozenset(e.names("subject", among=SUBJECTS) or ()),
        consent_exempt=frozenset(e.names("consent_exempt", among=SUBJECTS) or ()),
        requires=e.names("requires", among=words.circumstances) or (),
        requires_if_nominative=e.names("requires_if_nominative", among=words.circumstances) or (),
        duties=e.names("duties", among=words.duties) or (),
        info=info,
        info_exception=e.text("info_exception", "", among=("interet_enfant",)),
        objection=e.text("objection", "recorded", among=("recorded", "review", "blocks")),
        supervision=e.text("supervision", "none", among=("none", "ex_ante", "ex_post")),
        supervision_if_missing=e.text("supervision_if_missing", "", among=("ex_ante",)),
        supervision_if_not_informed=not_informed,
        supervision_if_sensitivity_3=e.text("supervision_if_sensitivity_3", "", among=("ex_ante",)),
        nominative_if_sender_bound=e.text("nominative_if_sender_bound", "", among=("deny",)),
        one_side=e.text("one_side", "", among=words.groups),
        onward=e.text("onward", "", among=("forbidden",)),
        locks=frozenset(e.names("locks", among=("controle",)) or ()),
        consent_support=e.text("consent_support", "", among=("written_notice",)),
        consent_until=e.text("consent_until", "", among=("fin_prise_en_charge",)),
        depositary=e.text("depositary", "", among=("institution",)),
        alone_unless=e.text("alone_unless", "", among=words.circumstances),
        emergency=e.text("emergency", "", among=("inform_after",)),
        rescue=e.flag("rescue"),
        opens_blocked=e.flag("opens_blocked"),
        obligation_if_unbound=e.flag("obligation_if_unbound"),
        contested=e.flag("contested"),
        feedback_days=e.number("feedback_days", 0),
        review_hours=e.number("review_hours", 72),
        access_months=e.number("access_months", 0),
        delay_months=e.number("delay_months", 0),
        voluntary=voluntary,
        is_obligation=kind == "obligation",
        is_requisition=kind == "requisition",
        is_agreement=kind == "accord",
        asks_agreement=asks_agreement,
        owes_information=owes_information,
        information_is_a_condition=owes_information and not not_informed,
    )
    e.end()
    return basis


def _allowed(e: Entry, purposes: tuple[str, ...], words: Vocabulary) -> Mapping[str, frozenset[str]]:
    only = e.names("categories", among=words.categories)
    excluded = frozenset(e.names("excluded_categories", among=words.categories) or ())
    by_purpose = Entry(e.file, f"{e.code}.purpose_categories", e.mapping("purpose_categories"))
    allowed = {}
    for purpose in purposes:
        here = by_purpose.names(purpose, among=words.categories)
        start = here if here is not None else only if only is not None else words.categories
        allowed[purpose] = frozenset(start) - excluded
    by_purpose.end()
    return MappingProxyType(allowed)


def read_bases(folder: Path, words: Vocabulary) -> tuple[Basis, ...]:
    """The texts of a rulebook folder, in their order. Raises RulebookError, naming the entry."""
    return tuple(_basis(e, order, words) for order, e in enumerate(listed(folder / "bases.yaml")))


def _article(e: Entry) -> Article:
    article = Article(
        code=e.code,
        title=e.shown("title"),
        theme=e.text("theme", among=THEMES),
        role_of_text=e.text("role_of_text", among=ROLES_OF_TEXT),
        version=e.shown("version"),
        says=e.shown("says"),
        confidence=e.text("confidence", among=CONFIDENCES),
        verified_on=e.day("verified_on"),
        source=e.shown("source"),
        review_due=e.day("review_due"),
        disputed=e.shown("disputed", ""),
        cited_as=_written(e, "cited_as"),
        earlier=tuple(_version(Entry(e.file, f"{e.code}.earlier", each)) for each in e.sequence("earlier")),
    )
    e.end()
    former = [each.version for each in article.earlier]
    if len({article.version, *former}) <= len(former):
        raise e.error("deux versions portent le même nom")
    return article


def _version(e: Entry) -> Version:
    version = Version(
        version=e.shown("version"),
        says=e.shown("says"),
        confidence=e.text("confidence", among=CONFIDENCES),
        verified_on=e.day("verified_on"),
        source=e.shown("source"),
        disputed=e.shown("disputed", ""),
    )
    e.end()
    return version


def _written(e: Entry, name: str) -> tuple[str, ...]:
    written = e.sequence(name)
    if not all(isinstance(each, str) and each for each in written):
        raise e.error(f"« {name} » doit être une liste de textes")
    return written


def read_articles(folder: Path) -> Mapping[str, Article]:
    """The articles of a rulebook folder, each in its current version. Raises RulebookError, naming the entry."""
    articles = {e.code: _article(e) for e in listed(folder / "articles.yaml")}
    return MappingProxyType(articles)


def by_purpose(bases: tuple[Basis, ...]) -> Mapping[str, tuple[Basis, ...]]:
    """For each purpose, the texts that serve it, in their order."""
    purposes = {purpose for basis in bases for purpose in basis.purposes}
    return MappingProxyType({p: tuple(b for b in bases if p in b.purposes) for p in sorted(purposes)})


ARTICLES = read_articles(RULEBOOK)
BASES = read_bases(RULEBOOK, vocabulary())
BY_CODE: Mapping[str, Basis] = MappingProxyType({basis.code: basis for basis in BASES})
BY_PURPOSE = by_purpose(BASES)


def cited(code: str, articles: Mapping[str, Any] = ARTICLES) -> str:
    """The code, provided that the article is in the rulebook: nothing is cited that cannot be read.

    Raises KeyError, naming the code.
    """
    articles[code]
    return code


for _each in BY_CODE:
    cited(_each)

CP_226_13 = cited("CP-226-13")
CP_226_14 = cited("CP-226-14")
CP_223_6 = cited("PERIL-CP-223-6")
CASF_L226_3 = cited("CASF-L226-3")
CASF_L226_2_1 = cited("CASF-L226-2-1")
CASF_L226_2_2 = cited("CASF-L226-2-2")
CASF_L121_6_2_6 = cited("CASF-L121-6-2-6")
CASF_L262_40 = cited("CASF-L262-40")
CASF_L311_3 = cited("CASF-L311-3")
CSP_L1110_4_IV = cited("CSP-L1110-4-IV")
CSP_R1110_3 = cited("CSP-R1110-3")
CSP_L1111_5 = cited("CSP-L1111-5")
C_EDUC_D351_11 = cited("C-EDUC-D351-11")
CSI_L132_5 = cited("CSI-L132-5")
REQUISITION = cited("REQUISITION-JUDICIAIRE")
ACCORD = cited("ACCORD")
C_CIV_371_1 = cited("C-CIV-371-1")
C_CIV_372_2 = cited("C-CIV-372-2")
C_CIV_459 = cited("C-CIV-459")
RGPD_5 = cited("RGPD-5")
RGPD_9 = cited("RGPD-9")
RGPD_18 = cited("RGPD-18")
