"""Another edition in service, `TACT_RULEBOOK=DIR`: whole, or not at all; what it decides says so."""

from collections.abc import Callable
from pathlib import Path

import pytest

from partners.vocabulary import Vocabulary
from sharing import editions
from sharing.models import DecisionRecord, RulebookEdition
from tests import personas
from tests.replay.conftest import HOUSING, HOUSING_HEARS, HOUSING_HEARS_NO_MORE, Corrected, house_of
from tests.sharing.ways import draft_of, send
from tests.site import Site


def test_a_real_release_is_refused_under_rules_that_no_longer_permit_it(house: Site, corrected: Corrected) -> None:
    territory = personas.build()
    refusal = send(draft_of(territory), territory.camille).record
    personas.parents_agree(territory)
    release = send(draft_of(territory), territory.camille).record
    assert refusal is not None
    assert release is not None
    folder = corrected("bases.yaml", "consigne_pratique, sante_fonctionnel]}", "sante_fonctionnel]}")
    done = house.manage("replay", f"--rulebook={folder}", f"--case={territory.case.reference}")
    assert done.returncode == 1, done.stderr
    assert f"Sous des règles qui n’ont encore rien décidé\u00a0: {folder} (" in done.stdout
    assert str(release.pk) in done.stdout
    assert done.stdout.count("verdict\u00a0: Autorisé → Pas en l’état") == 1


def test_an_edition_in_service_decides_by_itself_and_gets_its_number(house: Site, corrected: Corrected) -> None:
    editions.current()
    folder = corrected("bases.yaml", HOUSING_HEARS, HOUSING_HEARS_NO_MORE)
    house.environment["TACT_RULEBOOK"] = str(folder)
    done = house.manage("load_demo")
    assert done.returncode == 0, done.stderr
    newest = RulebookEdition.objects.get(number=2)
    assert newest.rulebook == Vocabulary(folder).digest
    assert HOUSING_HEARS_NO_MORE in newest.files["bases.yaml"]
    assert set(DecisionRecord.objects.values_list("edition__number", flat=True)) == {2}
    assert not DecisionRecord.objects.filter(basis=HOUSING).exclude(verdict="deny").exists()


def missing(folder: Path) -> None:
    (folder / "roles.yaml").unlink()


def broken(folder: Path) -> None:
    (folder / "bases.yaml").write_text("- {[", encoding="utf-8")


def unknown_word(folder: Path) -> None:
    path = folder / "bases.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace(HOUSING_HEARS, "recipients: [voisin]"), encoding="utf-8")


def without_what_the_norms_cite(folder: Path) -> None:
    path = folder / "vocabulary.yaml"
    lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join(one for one in lines if not one.startswith("  consent_withdrawn:")), encoding="utf-8")


@pytest.mark.parametrize(
    ("breaking", "says"),
    [
        (missing, "roles.yaml"),
        (broken, "bases.yaml"),
        (unknown_word, "« voisin » est inconnu"),
        (without_what_the_norms_cite, "il manque 'consent_withdrawn', que les règles citent"),
    ],
)
def test_rules_that_do_not_hold_together_stop_at_the_start_in_a_sentence(
    tmp_path: Path, corrected: Corrected, breaking: Callable[[Path], None], says: str
) -> None:
    folder = corrected("bases.yaml", HOUSING_HEARS, HOUSING_HEARS)
    breaking(folder)
    house = house_of("tact", tmp_path / "var")
    house.environment["TACT_RULEBOOK"] = str(folder)
    done = house.manage("check")
    assert done.returncode == 2
    assert f"{folder} : " in done.stderr
    assert says in done.stderr
    assert "Traceback" not in done.stderr


def test_a_folder_that_is_not_there_is_one_sentence(tmp_path: Path) -> None:
    house = house_of("tact", tmp_path / "var")
    done = house.manage("replay", f"--rulebook={tmp_path / 'nowhere'}")
    assert (done.returncode, done.stdout) == (2, "")
    assert "n’est pas un dossier" in done.stderr
    house.environment["TACT_RULEBOOK"] = str(tmp_path / "nowhere")
    done = house.manage("check")
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
