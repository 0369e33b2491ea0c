"""``make check``, last step: what is written still says what the code does.

The environment's example names exactly the variables that the settings read, the lock holds every package asked for,
and the Makefile has every command that the README promises.
"""

import re
import sys
from pathlib import Path

from config.places import BASE_DIR

READ_IN_SETTINGS = re.compile(r"env\.(?:text|words|flag|integer|choice)\(\s*\"([A-Z_]+)\"")
# Read before there are settings, or without them: by the launcher, docker compose and config.roles.
READ_ELSEWHERE = {"TACT_VAR", "PORT", "POSTGRES_PASSWORD", "AUDITOR_PASSWORD"}
NAMED_IN_EXAMPLE = re.compile(r"^([A-Z_]+)=", re.MULTILINE)
ASKED_PACKAGE = re.compile(r"^([A-Za-z0-9._-]+)", re.MULTILINE)
LOCKED_PACKAGE = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^]]*\])?==", re.MULTILINE)
PROMISED_COMMAND = re.compile(r"`make ([a-z0-9-]+)")


def canonical(package: str) -> str:
    """PEP 503's spelling of a package's name."""
    return re.sub(r"[-_.]+", "-", package).lower()


def out_of_step(folder: Path = BASE_DIR) -> list[str]:
    """One sentence per document that no longer says what the code does."""
    complaints = []
    readers = "".join((folder / "config" / name).read_text() for name in ("settings.py", "proconnect.py"))
    read = set(READ_IN_SETTINGS.findall(readers)) | READ_ELSEWHERE
    named = set(NAMED_IN_EXAMPLE.findall((folder / ".env.example").read_text()))
    complaints += [f".env.example does not name {name}, which the settings read." for name in sorted(read - named)]
    complaints += [f".env.example names {name}, which nothing reads." for name in sorted(named - read)]

    asked = {canonical(name) for name in ASKED_PACKAGE.findall((folder / "requirements.txt").read_text())}
    lock = (folder / "requirements.lock").read_text()
    locked = {canonical(name) for name in LOCKED_PACKAGE.findall(lock)}
    complaints += [f"requirements.lock lacks {name}: run `make lock`." for name in sorted(asked - locked)]
    if "://" in lock:
        complaints.append("requirements.lock names a package index: hashes alone say what is installed.")

    commands = set(re.findall(r"^([a-z0-9-]+):", (folder / "Makefile").read_text(), re.MULTILINE))
    for document in [folder / "README.md", folder / "CONTRIBUTING.md"]:
        promised = set(PROMISED_COMMAND.findall(document.read_text())) if document.exists() else set()
        complaints += [f"{document.name} promises `make {name}`." for name in sorted(promised - commands)]
    return complaints


def main() -> int:
    complaints = out_of_step()
    for complaint in complaints:
        sys.stderr.write(f"{complaint}\n")
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())
