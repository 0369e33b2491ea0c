"""``make check``: does a package that Tact runs on have a known weakness? pip-audit asks, about each line of requirements.lock.

Two services publish what is known: OSV and PyPI. Where neither can be reached, or the index that stands for it publishes no
advisory, one line says so and nothing fails: a check that could not be made is not a weakness. A known weakness fails, unless
docs/accepted-weaknesses.toml accepts it, with its reason, until a day.
"""

import json
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from config.places import BASE_DIR

SERVICES = ("osv", "pypi")
LOCK = BASE_DIR / "requirements.lock"
ACCEPTED = BASE_DIR / "docs" / "accepted-weaknesses.toml"
SECONDS_FOR_ALL = 300
Ask = Callable[[str, str], list[dict[str, Any]] | None]


@dataclass(frozen=True)
class Weakness:
    """One advisory about one package; the identifiers are those of its publishers (CVE, GHSA, PYSEC)."""

    package: str
    version: str
    names: frozenset[str]
    mended_in: tuple[str, ...]


@dataclass(frozen=True)
class Acceptance:
    """Why a known weakness may stay, and until what day."""

    name: str
    package: str
    until: date
    reason: str


def accepted(text: str) -> list[Acceptance]:
    """The list of docs/accepted-weaknesses.toml. Raises ValueError for one without a reason, KeyError for one without a day."""
    lines = [Acceptance(**one) for one in tomllib.loads(text).get("accepted", [])]
    for one in lines:
        if len(one.reason) < 20 or not isinstance(one.until, date):
            raise ValueError(f"{one.name}: say why it is accepted, in a sentence, and until what day.")
    return lines


def ask(service: str, requirements: str) -> list[dict[str, Any]] | None:
    """What pip-audit was told of these lines by a service; None where it was told nothing at all."""
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as lines:
        lines.write(requirements)
        lines.flush()
        command = [sys.executable, "-m", "pip_audit", "--requirement", lines.name, "--disable-pip", "--require-hashes"]
        options = [
            "--vulnerability-service",
            service,
            "--format",
            "json",
            "--progress-spinner",
            "off",
            "--timeout",
            "10",
        ]
        try:
            # Nothing of a user's: the interpreter that runs this, and fixed words.
            run = subprocess.run(
                [*command, *options], capture_output=True, text=True, timeout=SECONDS_FOR_ALL, check=False
            )
            told: list[dict[str, Any]] = json.loads(run.stdout)["dependencies"]
        except (subprocess.TimeoutExpired, ValueError, KeyError):
            return None
    return told if any("vulns" in one for one in told) else None


def first_of(lock: str) -> str:
    """One package of the lock, with its hashes: enough to know whether a service answers."""
    return (
        next(line for line in lock.replace("\\\n", " ").splitlines() if line and not line.startswith(("#", " "))) + "\n"
    )


def look(lock: str, asking: Ask = ask) -> tuple[str, list[dict[str, Any]]] | None:
    """The first service that answers, and what it says of the whole lock."""
    for service in SERVICES:
        if asking(service, first_of(lock)) is not None and (told := asking(service, lock)) is not None:
            return service, told
    return None


def found_in(told: list[dict[str, Any]]) -> list[Weakness]:
    return [
        Weakness(
            one["name"],
            one["version"],
            frozenset({advisory["id"], *advisory.get("aliases", ())}),
            tuple(advisory.get("fix_versions", ())),
        )
        for one in told
        for advisory in one.get("vulns", ())
    ]


def complaints(found: list[Weakness], list_of: list[Acceptance], today: date) -> list[str]:
    """One sentence for each weakness that is not accepted, or no longer, and for each acceptance of what is mended."""
    said = []
    for one in found:
        why = next((line for line in list_of if line.package == one.package and line.name in one.names), None)
        named = f"{one.package} {one.version}: {', '.join(sorted(one.names))}"
        if why is None:
            said.append(f"{named}. Mended in: {', '.join(one.mended_in) or 'nothing yet'}.")
        elif why.until < today:
            said.append(f"{named}, accepted until {why.until}: look at it again.")
    known = {(one.package, name) for one in found for name in one.names}
    said += [
        f"{line.name} of {line.package} is mended: take it off {ACCEPTED.name}."
        for line in list_of
        if (line.package, line.name) not in known
    ]
    return said


def main(asking: Ask = ask) -> int:
    list_of = accepted(ACCEPTED.read_text())
    looked = look(LOCK.read_text(), asking)
    if looked is None:
        sys.stdout.write(f"Known weaknesses: none of {', '.join(SERVICES)} answers from here, nothing was checked.\n")
        return 0
    service, told = looked
    said = complaints(found_in(told), list_of, datetime.now(UTC).date())
    for one in said:
        sys.stderr.write(f"{one}\n")
    skipped = sum("vulns" not in one for one in told)
    unknown = f" ({skipped} unknown to it)" if skipped else ""
    sys.stdout.write(f"Known weaknesses: {len(told)} packages asked of {service}{unknown}, {len(list_of)} accepted.\n")
    return 1 if said else 0


if __name__ == "__main__":
    sys.exit(main())
