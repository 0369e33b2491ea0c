"""A folder of rules that would choke the application: it stops at the start in one sentence, whole or not at all."""

import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from partners.vocabulary import RULEBOOK, RulebookError, Vocabulary, read_yaml
from tests.replay.conftest import Corrected, corrected, house_of

__all__ = ["corrected"]

A_DAY_READ = re.compile(r"^([^#\n]*verified_on: )\d{4}-\d\d-\d\d", re.MULTILINE)


def a_day_that_does_not_exist(folder: Path) -> None:
    path = folder / "articles.yaml"
    wrong, times = A_DAY_READ.subn(r"\g<1>2026-02-30", path.read_text(encoding="utf-8"), count=1)
    assert times == 1
    path.write_text(wrong, encoding="utf-8")


def an_alias_bomb(folder: Path) -> None:
    levels = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    levels += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 12)]
    (folder / "vocabulary.yaml").write_text("\n".join(levels), encoding="utf-8")


def aliases_in_a_list(folder: Path) -> None:
    nested = ["- &a0 [x, x, x, x, x, x, x, x, x, x]"]
    nested += [f"- &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 12)]
    (folder / "roles.yaml").write_text("\n".join([*nested, "- {code: x, label: x, groups: [*a11]}"]), encoding="utf-8")


def a_well_of_brackets(folder: Path) -> None:
    (folder / "roles.yaml").write_text("[" * 20_000, encoding="utf-8")


def a_list_for_a_name(folder: Path) -> None:
    (folder / "vocabulary.yaml").write_text("? [a, b]\n: c\n", encoding="utf-8")


def a_number_without_end(folder: Path) -> None:
    (folder / "roles.yaml").write_text(f"- code: {'9' * 6000}\n", encoding="utf-8")


def a_python_object(folder: Path) -> None:
    (folder / "roles.yaml").write_text("- !!python/object/apply:os.system ['true']\n", encoding="utf-8")


def a_pipe(folder: Path) -> None:
    (folder / "roles.yaml").unlink()
    os.mkfifo(folder / "roles.yaml")


def a_link_to_what_never_ends(folder: Path) -> None:
    (folder / "roles.yaml").unlink()
    (folder / "roles.yaml").symlink_to("/dev/zero")


def a_link_to_itself(folder: Path) -> None:
    (folder / "roles.yaml").unlink()
    (folder / "roles.yaml").symlink_to("roles.yaml")


def a_huge_file(folder: Path) -> None:
    with (folder / "roles.yaml").open("ab") as file:
        file.truncate(64_000_000)


def what_is_not_text(folder: Path) -> None:
    (folder / "roles.yaml").write_bytes(b"\xff\xfe\x00")


def nothing(folder: Path) -> None:
    (folder / "roles.yaml").write_bytes(b"")


HOSTILE = [
    (a_day_that_does_not_exist, "articles.yaml"),
    (an_alias_bomb, "vocabulary.yaml"),
    (aliases_in_a_list, "roles.yaml"),
    (a_well_of_brackets, "roles.yaml"),
    (a_list_for_a_name, "vocabulary.yaml"),
    (a_number_without_end, "roles.yaml"),
    (a_python_object, "roles.yaml"),
    (a_pipe, "roles.yaml"),
    (a_link_to_what_never_ends, "roles.yaml"),
    (a_link_to_itself, "roles.yaml"),
    (a_huge_file, "roles.yaml"),
    (what_is_not_text, "roles.yaml"),
    (nothing, "roles.yaml"),
]


@pytest.mark.parametrize(("breaking", "named"), HOSTILE)
def test_a_hostile_file_is_one_sentence_that_names_it(
    tmp_path: Path, corrected: Corrected, breaking: Callable[[Path], None], named: str
) -> None:
    folder = corrected("bases.yaml", "recipients", "recipients")
    breaking(folder)
    house = house_of("tact", tmp_path / "var")
    house.environment["TACT_RULEBOOK"] = str(folder)
    done = house.manage("check")
    assert done.returncode == 2, done.stderr[-600:]
    assert "Traceback" not in done.stderr
    assert f"{folder} : rulebook/{named}" in done.stderr
    assert len(done.stderr) < 2_000


def test_a_folder_of_links_to_real_files_is_read_like_the_files(tmp_path: Path) -> None:
    folder = tmp_path / "linked"
    folder.mkdir()
    for file in RULEBOOK.glob("*.yaml"):
        (folder / file.name).symlink_to(file)
    assert Vocabulary(folder).digest == Vocabulary(RULEBOOK).digest


def test_the_same_is_said_of_any_file_of_rules(tmp_path: Path) -> None:
    path = tmp_path / "scenarios.yaml"
    path.write_text("day: 2026-13-01\n", encoding="utf-8")
    with pytest.raises(RulebookError, match=r"scenarios\.yaml"):
        read_yaml(path)
