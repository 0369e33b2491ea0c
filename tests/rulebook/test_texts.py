"""« Ce que disent les textes » as it is built: every text, what each asks in words, its versions, when it must be read again."""

import re
import shutil
from datetime import date, timedelta
from pathlib import Path

import pytest

from partners.vocabulary import RULEBOOK, RulebookError, vocabulary
from sharing import law
from sharing import reading_the_law as reading
from sharing.rules import RULES

TODAY = date(2026, 11, 21)
ROLE_OF_KIND = {
    "obligation": "oblige",
    "permission_partage": "permet",
    "permission_signalement": "permet",
    "accord": "permet",
    "requisition": "contraint",
    "rgpd": "droit",
}
TO_BE_ASKED = {"CPP-40", "CASF-L133-4", "CRPA-L114-8", "CASF-L226-3-2", "CESEDA-L552-7"}
"""law.md, part 1.3: not in bases.yaml, hence refused and to be asked of the legal service."""
NO_SHARING_TEXT = {"CASF-L115-2-1", "CASF-L113-3", "CSP-L3221-1"}
"""law.md, part 0.2: taken for sharing texts, and none."""


def whole(code: str, today: date = TODAY) -> reading.Text:
    found = reading.text(code, today)
    assert found is not None, code
    return found


def texts(today: date = TODAY, **asked: str) -> list[reading.Text]:
    return [one for theme in reading.found(reading.shelf(today), **asked) for one in theme.texts]


def said(one: reading.Text, label: str) -> str:
    return " ".join(next(line.said for line in one.lines if line.label == label))


def changed(tmp_path: Path, before: str, after: str) -> Path:
    folder = tmp_path / "rulebook"
    shutil.copytree(RULEBOOK, folder)
    path = folder / "articles.yaml"
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after, 1), encoding="utf-8")
    return folder


def test_every_text_is_shown_once_in_its_theme() -> None:
    shown = [one.code for one in texts()]
    assert sorted(shown) == sorted(law.ARTICLES)
    assert {theme.code for theme in reading.shelf(TODAY)} == set(law.THEMES)
    assert all(theme.texts for theme in reading.shelf(TODAY))


def test_every_basis_says_from_whom_to_whom_for_what_and_on_what_conditions() -> None:
    for basis in law.BASES:
        one = whole(basis.code)
        labels = {line.label for line in one.lines}
        assert {"À qui", "Pour quoi", "Au sujet de qui", "À quelles conditions", "Quelles informations"} <= labels, one
        assert all(line.said and all(line.said) for line in one.lines), basis.code
        assert one.domains, basis.code


def test_a_text_on_which_nothing_rests_says_why() -> None:
    for one in texts():
        assert one.is_basis == (one.code in law.BY_CODE)
        assert one.is_basis or one.meaning.endswith("."), one.code


def test_what_a_text_does_agrees_with_the_kind_of_its_basis() -> None:
    for basis in law.BASES:
        assert law.ARTICLES[basis.code].role_of_text == ROLE_OF_KIND[basis.kind], basis.code


def test_texts_to_be_asked_of_the_legal_service_found_nothing_here() -> None:
    asked = {code for code, one in law.ARTICLES.items() if one.role_of_text == "a_demander"}
    assert asked >= TO_BE_ASKED
    assert not asked & set(law.BY_CODE)
    assert {law.ARTICLES[code].role_of_text for code in NO_SHARING_TEXT} == {"rien_ici"}


def test_a_text_that_binds_permits_nothing() -> None:
    binding = [one for one in texts() if one.role == "lie"]
    assert binding
    assert not [one.code for one in binding if one.is_basis]


def test_every_text_cited_by_a_rule_a_basis_or_the_proof_of_a_role_is_in_the_file() -> None:
    cited = {one.article for one in RULES if one.article} | set(law.BY_CODE)
    assert cited <= set(law.ARTICLES)
    known = [each for one in law.ARTICLES.values() for each in one.cited_as]
    assert len(known) == len(set(known))
    proofs = {proof for role in vocabulary().roles.values() for proof in reading.proofs(role)}
    assert proofs <= set(known), proofs - set(known)
    assert set(known) <= proofs, set(known) - proofs


def test_a_proof_may_name_two_articles_of_the_same_code() -> None:
    roles = vocabulary().roles
    assert reading.proofs(roles["equipe_evaluation_ip"]) == ("CASF L221-6", "CASF D226-2-5")
    assert reading.proofs(roles["opj"]) == ("CPP 60-1", "CPP 77-1-1")
    assert reading.proofs(roles["parents"]) == ("C. civ. 371-1",)
    assert reading.proofs(roles["benevole"]) == ()


def test_a_text_names_the_roles_that_it_binds() -> None:
    assert "Assistant·e de service social de secteur" in whole("CASF-L411-3-1").binds
    assert whole("ACCES-RGPD-15").binds == ()


def test_every_rule_stands_on_the_page_of_its_text_or_under_any_text() -> None:
    placed = [norm.name for one in texts() for norm in one.norms] + [norm.name for norm in reading.norms()]
    assert sorted(placed) == sorted(rule.name for rule in RULES)


def test_what_the_person_is_owed_is_said_as_the_text_says_it() -> None:
    owed = "Ce qui est dû à la personne"
    assert "son accord n’est pas demandé" in said(whole("CASF-L226-2-1"), owed)
    assert "contraire à l’intérêt de l’enfant" in said(whole("CASF-L226-2-2"), owed)
    assert "un cadre donne son avis avant" in said(whole("CASF-L226-2-2"), owed)
    assert "cela ne retarde pas" in said(whole("CASF-L226-2-1"), owed)
    assert "peut s’opposer" in said(whole("CSP-L1110-4-II"), owed)
    assert "rien ne passe" in said(whole("CSP-L1110-4-II"), owed)
    assert "Un support écrit" in said(whole("CSP-L1110-4-III-HORS"), owed)
    assert "celui de ses parents" in said(whole("ACCORD"), owed)
    assert "celui de ses parents" not in said(whole("CP-226-14-2"), owed)
    assert "un mineur" in said(whole("CP-226-14-2"), owed)


def test_delays_supervision_and_reading_time_are_said() -> None:
    assert "24 heures" in said(whole("CP-226-14-3"), "Qui donne un avis")
    assert "72 heures" in said(whole("CP-226-14-1"), "Qui donne un avis")
    assert "service juridique" in said(whole("REQUISITION-JUDICIAIRE"), "Qui donne un avis")
    assert "trois mois" in said(whole("CASF-L226-2-1"), "Ce qui reste à faire")
    assert "15\u00a0jours" in said(whole("CASF-L226-2-1"), "Ce qui reste à faire").replace(" j", "\u00a0j")
    assert "6 mois" in said(whole("ACCORD"), "Jusqu’à quand le destinataire lit").replace("\u00a0", " ")


def test_categories_are_all_but_or_only_purpose_by_purpose() -> None:
    label = "Quelles informations"
    assert said(whole("CASF-L121-6-2-1"), label).startswith("Le besoin de coordination")
    assert "sauf le diagnostic" in said(whole("CASF-L121-6-2-6"), label)
    assert "Scolarité\u00a0: les besoins scolaires" in said(whole("ACCORD"), label)
    assert "Jamais l’origine" in said(whole("CASF-L226-2-2"), label)
    assert "que les autres textes ferment" in said(whole("REQUISITION-JUDICIAIRE"), label)


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("L226-2-1", "CASF-L226-2-1"),
        ("226-14 sujetion", "CP-226-14-2bis"),
        ("CHARTE delinquance", "CIPD-CHARTE"),
        ("cmpp", "CSP-L1110-4-II"),
        ("association nationale conteste", "CIPD-CHARTE"),
        ("expulsion", "L90-449-7-2"),
        ("personnes agees", "CASF-L119-2"),
    ],
)
def test_a_text_is_found_without_accents_by_its_number_a_service_or_a_situation(query: str, code: str) -> None:
    found = [one.code for one in texts(query=query)]
    assert code in found
    assert len(found) < len(law.ARTICLES) / 2


def test_a_search_that_finds_nothing_gives_nothing() -> None:
    assert texts(query="zzz") == []
    assert {one.role for one in texts(role="a_demander")} == {"a_demander"}
    assert [one.code for one in texts(query="40", role="a_demander")] == ["CPP-40"]


def test_a_review_that_is_due_is_said_from_the_day_after() -> None:
    due = law.ARTICLES["CP-226-13"].review_due
    assert due is not None
    assert not whole("CP-226-13", due).overdue
    assert whole("CP-226-13", due + timedelta(days=1)).overdue
    assert reading.overdue(reading.shelf(TODAY)) == ()
    late = reading.overdue(reading.shelf(due + timedelta(days=1)))
    assert len(late) == len(law.ARTICLES)


def test_a_review_whose_day_is_not_known_is_never_late(tmp_path: Path) -> None:
    folder = changed(tmp_path, "review_due: 2027-11-21", 'review_due: "à confirmer"')
    one = reading.text("CP-226-13", date(2099, 1, 1), law.read_articles(folder))
    assert one is not None
    assert one.review_due is None
    assert not one.overdue


def test_a_new_version_stands_before_the_former_one_which_stays_shown(tmp_path: Path) -> None:
    present = law.ARTICLES["CP-226-13"]
    former = (
        '  version: "loi de 2030"\n  says: "Autrement."\n  earlier:\n    - version: "texte consolidé au 6 décembre 2023"\n'
        f'      says: "{present.says}"\n      confidence: A\n      verified_on: 2023-12-06\n      source: "Légifrance"\n'
    )
    path = RULEBOOK / "articles.yaml"
    says = re.search(r"- code: CP-226-13\n(?:  .*\n)*?(  version: .*\n  says: .*\n)", path.read_text(encoding="utf-8"))
    assert says is not None
    articles = law.read_articles(changed(tmp_path, says.group(1), former))
    one = reading.text("CP-226-13", TODAY, articles)
    assert one is not None
    assert one.current.version == "loi de 2030"
    assert [version.says for version in one.earlier] == [present.says]
    assert articles["CP-226-13"].title == present.title


MISTAKES = [
    ("theme: cadre_penal", "theme: cosmos", "CP-226-13.*« theme » : « cosmos » est inconnu"),
    ("role_of_text: interdit", "role_of_text: peut_etre", "CP-226-13.*« role_of_text » : « peut_etre » est inconnu"),
    ('  version: "texte consolidé au 6 décembre 2023"\n', "", "CP-226-13.*« version » manque"),
    ('cited_as: ["CP 226-14 4°"]', "cited_as: [4]", "CP-226-14-4.*« cited_as » doit être une liste de textes"),
    ('    - version: "avant la loi', '    - wording: "avant la loi', "CP-226-14-4.earlier.*« version » manque"),
    ("    - version:", "    - note: x\n      version:", "CP-226-14-4.earlier.*champ inconnu : note"),
    (
        'version: "avant la loi 2020-936 du 30 juillet 2020"',
        'version: "texte consolidé au 6 décembre 2023 ; 4° depuis la loi 2020-936 du 30 juillet 2020"',
        "CP-226-14-4.*deux versions portent le même nom",
    ),
]


@pytest.mark.parametrize(("before", "after", "says"), MISTAKES, ids=[mistake[1] or "none" for mistake in MISTAKES])
def test_a_mistake_in_a_text_is_named(tmp_path: Path, before: str, after: str, says: str) -> None:
    with pytest.raises(RulebookError, match=says):
        law.read_articles(changed(tmp_path, before, after))


def test_known_disputes_are_said() -> None:
    """law.md, part 8."""
    for code in (
        *("CASF-L226-2-1", "CSP-L1110-4-I", "ACCORD", "CASF-L121-6-2-5", "CSS-L114-19", "CPP-40", "CASF-R471-2"),
        *(
            "CGFP-L121-6",
            "L90-449-7-2",
            "DECRET-2026-83",
            "CASF-L311-3",
            "CASF-L262-40",
            "CP-226-14-2bis",
            "CASF-L119-2",
        ),
        *("CIPD-CHARTE", "CSI-L132-5"),
    ):
        assert law.ARTICLES[code].disputed, code


def test_a_text_read_nowhere_says_that_a_jurist_must_confirm_it() -> None:
    for one in texts():
        assert one.current.version
        assert one.current.source
        if one.current.confidence == "C":
            assert one.current.confidence_said == "à confirmer par un juriste"
            assert one.current.verified_on != date(2023, 12, 6)


def test_no_sentence_of_a_text_is_written_in_python_or_in_a_page() -> None:
    """Everything comes from the rulebook: no file of the page knows a text by its code or its number."""
    root = RULEBOOK.parent
    files = [root / "sharing" / name for name in ("law_in_words.py", "reading_the_law.py", "rules_document.py")]
    files += [root / "sharing" / "rulebook_views.py", *(root / "templates" / "sharing").glob("rule*.html")]
    # An example in a docstring is no sentence shown.
    numbered = re.compile(r"\b[LRD]\s?\d{2,4}-\d|\b\d{2,3}-\d{1,2}\b|(?:CASF|CSP|CPP|RGPD)[- ]")
    found = [
        f"{path.name}: {line.strip()}"
        for path in files
        for line in path.read_text(encoding="utf-8").splitlines()
        if numbered.search(line) and '"""' not in line
    ]
    assert not found, found
