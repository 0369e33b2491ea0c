"""What somebody does with a bundle that she took home: open it, run the program that is in it, in an empty environment."""

import io
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

from audit.bundle import PROGRAM

Files = dict[str, bytes]


def files_of(content: bytes) -> Files:
    """The files of a zip, by their names."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def folders_of(files: Files) -> set[str]:
    """The folders of the bundles that lie together."""
    return {name.partition("/")[0] for name in files if "/" in name}


def taken(answer: Any, name: str) -> bytes:
    """The zip in an answer: a file to save under this name, kept by nobody on the way."""
    assert answer.status_code == 200, answer.status_code
    assert answer["Content-Type"] == "application/zip"
    assert answer["Content-Disposition"] == f'attachment; filename="{name}.zip"'
    assert "no-store" in answer["Cache-Control"]
    assert answer["X-Content-Type-Options"] == "nosniff"
    return bytes(answer.content)


def kept(folder: Path, content: bytes, name: str) -> Path:
    """A zip in a folder of hers."""
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_bytes(content)
    return path


def judged(bundle: Path, *arguments: str) -> tuple[int, str]:
    """The exit status of the program and what it said, in French: no site, no environment, nothing beside it."""
    made = subprocess.run(
        [sys.executable, "-I", "-S", str(PROGRAM), str(bundle), "--lang", "fr", *arguments],
        env={},
        capture_output=True,
        cwd=bundle.parent,
        timeout=60,
        check=False,
    )
    assert not made.stderr, made.stderr.decode()
    return made.returncode, made.stdout.decode()


def zipped(files: Files) -> bytes:
    """A zip of these files: a bundle that somebody changed."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return held.getvalue()
