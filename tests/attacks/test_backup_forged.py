"""A backup is for a public key: whoever knows it can write one. What somebody else wrote, or renamed, is refused or left alone."""

import io
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from config.backup import BackupError, age, restoring, saving

WHOLE: dict[str, Any] = {
    "taken_at": "2026-11-22T06:00:00+00:00",
    "migrations": [],
    "newest": None,
    "trail": {"size": 0},
}


def written(folder: Path, said: bytes) -> tuple[Path, Path]:
    """A file for this key, by anybody; and the key."""
    key, path = folder / "identity.txt", folder / "tact-2026-11-22-060000.age"
    public = age.make_identity(key)
    (folder / "recipients.txt").write_text(public)
    with age.new_file(path) as file:
        age.encrypt(io.BytesIO(said), file, age.recipients(folder / "recipients.txt"))
    return path, key


def test_only_the_file_whose_digest_was_noted_is_put_back(tmp_path: Path) -> None:
    path, key = written(tmp_path, saving.MAGIC + json.dumps(WHOLE).encode() + b"\nwhat pg_restore would run")
    noted = age.digest_of(path)
    assert restoring.opened(path, age.identities(key), digest=noted.upper()).size == 0
    with pytest.raises(BackupError, match="empreinte"):
        restoring.opened(path, age.identities(key), digest="0" * 64)


@pytest.mark.parametrize(
    "said",
    [b"", b"\n", b"{}\n", b"[]\n", b"null\n", b"[" * 100_000, json.dumps({**WHOLE, "taken_at": 5}).encode(), b"\xff\n"],
)
def test_a_file_that_only_begins_like_ours_is_refused_in_a_sentence(tmp_path: Path, said: bytes) -> None:
    path, key = written(tmp_path, saving.MAGIC + said)
    with pytest.raises(BackupError, match="pas une sauvegarde"):
        restoring.opened(path, age.identities(key))


def test_a_name_that_is_no_date_neither_stops_the_forgetting_nor_stands_for_the_newest(tmp_path: Path) -> None:
    at = datetime(2026, 11, 22, tzinfo=UTC)
    old, newest = (tmp_path / saving.NAME.format(at=at - timedelta(days=days)) for days in (50, 40))
    strange = [tmp_path / "tact-zzzz-zz-zz-zzzzzz.age", tmp_path / "tact-2026-99-99-999999.age"]
    for path in (old, newest, *strange):
        path.touch()
    assert saving.forget(folder=tmp_path, days=30, at=at) == [old]
    assert newest.exists()
    assert all(path.exists() for path in strange)
