"""The rulebook is checked as it loads: what does not hold together stops with a sentence that names the file and the entry."""

import hashlib
import shutil
from collections.abc import Callable
from dataclasses import FrozenInstanceError
from datetime import date
from pathlib import Path

import pytest

from partners.vocabulary import RULEBOOK, RulebookError, Vocabulary, french, vocabulary
from sharing import law

Change = Callable[[str, str, str], Path]


@pytest.fixture
def rulebook(tmp_path: Path) -> Change:
    """A copy of the rulebook in which one passage is replaced."""

    def changed(file: str, before: str, after: str) -> Path:
        folder = tmp_path / "rulebook"
        shutil.copytree(RULEBOOK, folder)
        text = (folder / file).read_text(encoding="utf-8")
        assert before in text
        (folder / file).write_text(text.replace(before, after, 1), encoding="utf-8")
        return folder

    return changed


def load(folder: Path) -> None:
    law.read_articles(folder)
    law.read_bases(folder, Vocabulary(folder))


MISTAKES = [
    ("vocabulary.yaml", "domain: transversal}", "domain: cosmos}", "secours.*« domain ».*« cosmos » est inconnu"),
    ("vocabulary.yaml", 'pe_ip: {label: "Transmettre', 'pe_ip: {label: "", x: "Transmettre', "pe_ip.*« label » manque"),
    ("vocabulary.yaml", "sensitivity: 1,", "sensitivity: 4,", "« sensitivity » va de 1 à 3"),
    ("vocabulary.yaml", "sensitivity: 1,", "sensitivity: beaucoup,", "« sensitivity » doit être un nombre"),
    ("vocabulary.yaml", "family: identite,", "family: voisins,", "« family »"),
    ("vocabulary.yaml", "blocked: true", "blocked: souvent", "« blocked » doit être true ou false"),
    ("vocabulary.yaml", "source: declared, question", "source: declared, demande", "« question » manque"),
    ("vocabulary.yaml", "source: declared", "source: devinée", "« source »"),
    ("vocabulary.yaml", "  curiosite:\n", "  secours:\n", "aussi dans purposes : secours"),
    ("vocabulary.yaml", "natures:", "nature:", "natures : la section manque"),
    ("vocabulary.yaml", "kinds:", "autres: {a: b}\nkinds:", "champ inconnu : autres"),
    ("vocabulary.yaml", "families:", "families: 3\nx:", "« families » doit être une liste de noms"),
    ("vocabulary.yaml", "  logement: {label", "  identite: {label", "« identite » est écrit deux fois"),
    ("roles.yaml", "bound: profession, proof", "bound: metier, proof", "ass_secteur.*« bound » : « metier »"),
    ("roles.yaml", "groups: [assistant_service_social", "groups: [amis", "ass_secteur.*« groups » : « amis »"),
    ("roles.yaml", "groups: [assistant_service_social,", "groups: [any,", "« any » est inconnu"),
    ("roles.yaml", "accepts: [consigne_pratique]", "accepts: consigne_pratique", "« accepts » doit être une liste"),
    ("roles.yaml", "{role: medecin_scolaire", "{role: sorcier", "« instead » : « sorcier » est inconnu"),
    ("roles.yaml", "{code: ass_scolaire", "{code: ass_secteur", "ass_secteur : écrit deux fois"),
    ("roles.yaml", "{code: ass_scolaire", "{nom: ass_scolaire", "entrée 2 : « code » manque"),
    ("roles.yaml", "- {code: ass_scolaire", "- 3\n- {code: ass_scolaire", "entrée 2 : une entrée est"),
    ("bases.yaml", "CP-434-3, kind: obligation", "CP-434-3, kind: conseil", "CP-434-3.*« kind » : « conseil »"),
    ("bases.yaml", "sender: bound_any", "sender: tout_le_monde", "CP-226-14-1.*« sender »"),
    ("bases.yaml", "purposes: [signaler_sevices]", "purposes: [dénoncer]", "« purposes » : « dénoncer »"),
    ("bases.yaml", "purposes: [signaler_sevices]", "purposes: []", "ne peuvent être vides"),
    ("bases.yaml", "requires: [gravity]", "requires: [intuition]", "CASF-L226-4-II.*« requires »"),
    ("bases.yaml", "person_rule: none", "person_rule: rien", "« person_rule »"),
    ("bases.yaml", "duties: [copy_to_pcd]", "duties: [prévenir]", "« duties »"),
    (
        "bases.yaml",
        "{scolarite: [besoins_scolaires",
        "{secours: [besoins_scolaires",
        "purpose_categories : champ inconnu",
    ),
    ("bases.yaml", "feedback_days: 92", "feedback_days: oui", "« feedback_days »"),
    ("bases.yaml", "obligation_if_unbound: true", "peut_etre: true", "champ inconnu : peut_etre"),
    ("articles.yaml", "verified_on: 2023-12-06", "verified_on: hier", "CP-226-13.*« verified_on » doit être un jour"),
    ("articles.yaml", "confidence: A\n", "confidence: D\n", "CP-226-13.*« confidence »"),
    ("articles.yaml", "- code: CP-226-14\n", "- code: CP-226-14\n  note: x\n", "champ inconnu : note"),
    (
        "articles.yaml",
        "avant la loi 2020-936 du 30 juillet 2020",
        "texte consolidé au 6 décembre 2023 ; 4° depuis la loi 2020-936 du 30 juillet 2020",
        "deux versions portent le même nom",
    ),
    ("articles.yaml", '["CP 226-14 4°"]', '["CP 226-14 4°", 4]', "« cited_as » doit être une liste de textes"),
]


@pytest.mark.parametrize(
    ("file", "before", "after", "says"), MISTAKES, ids=[f"{m[0]}: {m[2][:30]}".replace("\n", " ") for m in MISTAKES]
)
def test_a_mistake_in_the_rulebook_is_named(rulebook: Change, file: str, before: str, after: str, says: str) -> None:
    with pytest.raises(RulebookError, match=says) as raised:
        load(rulebook(file, before, after))
    assert f"rulebook/{file}" in str(raised.value)


def test_a_file_that_is_no_list_is_named(rulebook: Change) -> None:
    folder = rulebook("roles.yaml", "- {code: ass_scolaire", "- {code: ass_scolaire")
    (folder / "roles.yaml").write_text("oui", encoding="utf-8")
    with pytest.raises(RulebookError, match=r"roles\.yaml.*le fichier doit être une liste"):
        load(folder)


@pytest.mark.parametrize("file", ["vocabulary.yaml", "bases.yaml"])
def test_a_file_that_is_missing_or_broken_is_named(rulebook: Change, file: str) -> None:
    folder = rulebook(file, "label", "label") if file == "vocabulary.yaml" else rulebook(file, "code", "code")
    (folder / file).unlink()
    with pytest.raises(RulebookError, match=file):
        load(folder)
    (folder / file).write_text("{[", encoding="utf-8")
    with pytest.raises(RulebookError, match=file):
        load(folder)


def test_a_day_may_be_to_confirm(rulebook: Change) -> None:
    folder = rulebook("articles.yaml", "verified_on: 2023-12-06", 'verified_on: "à confirmer"')
    assert law.read_articles(folder)["CP-226-13"].verified_on is None
    assert law.ARTICLES["CP-226-13"].verified_on == date(2023, 12, 6)


def test_the_digest_changes_with_the_law_and_not_with_the_scenarios(rulebook: Change) -> None:
    folder = rulebook("scenarios/ecole.yaml", "L'enseignante", "Le professeur")
    assert Vocabulary(folder).digest == vocabulary().digest
    (folder / "bases.yaml").write_text("[]", encoding="utf-8")
    assert Vocabulary(folder).digest != vocabulary().digest
    assert len(vocabulary().digest) == len(hashlib.sha256().hexdigest())


def test_the_words_are_frozen_and_loaded_once() -> None:
    assert vocabulary() is vocabulary()
    with pytest.raises(TypeError):
        vocabulary().roles["voisin"] = None  # type: ignore[index]
    with pytest.raises(FrozenInstanceError):
        vocabulary().categories["logement"].sensitivity = 3  # type: ignore[misc]


def test_what_readers_see_has_french_typography() -> None:
    assert french("C'est « pour son bien » : vraiment ?") == "C’est «\u00a0pour son bien\u00a0»\u00a0: vraiment\u00a0?"
    assert vocabulary().categories["sante_diagnostic"].label == "Santé\u00a0: diagnostic"


def test_every_text_and_every_article_says_how_far_it_was_verified() -> None:
    for article in law.ARTICLES.values():
        assert article.source
        assert article.review_due is not None
        assert article.review_due > (article.verified_on or date.min)
    for basis in law.BASES:
        assert law.ARTICLES[basis.code].confidence == basis.confidence


def test_an_article_that_nobody_can_read_is_not_cited() -> None:
    with pytest.raises(KeyError):
        law.cited("CIRCULAIRE-12")
