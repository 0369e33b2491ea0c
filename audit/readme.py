"""The page that goes with a bundle, for somebody who knows nothing of Tact: what it proves, what it does not, how to check it.

One file in each language, alone: no style sheet, no font, no picture to fetch. Dates are those of Paris.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from django.template.loader import render_to_string
from django.utils.translation import override

from .models import Checkpoint, Entry
from .wording import ACTIONS

PROGRAM = Path(__file__).parent / "offline" / "verify.py"
STYLE = Path(__file__).parent.parent / "templates" / "audit" / "bundle" / "readme.css"
LANGUAGES = (("LISEZ-MOI.html", "fr"), ("README.html", "en"))
END_OF_TITLE = "</title>"
# The files of the personal part, as `audit/offline/verify.py` names them.
PERSONAL, SALT = "payload.json", "payload.salt"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """An entry of the bundle: in which folder, at which leaf (None before the seal), whether its personal part is joined."""

    entry: Entry
    folder: str
    index: int | None
    personal: bool

    @property
    def label(self) -> str:
        """What was done."""
        return str(ACTIONS.get(self.entry.action, self.entry.action))

    @property
    def leaf_hash(self) -> str:
        """In hexadecimal."""
        return bytes(self.entry.leaf_hash).hex()


def program_digest() -> str:
    """SHA-256 of verify.py, in hexadecimal: what somebody who received the program apart compares it with."""
    return hashlib.sha256(PROGRAM.read_bytes()).hexdigest()


def pages(
    lines: Sequence[Line], *, head: Checkpoint | None, vkeys: Sequence[str], since: Checkpoint | None
) -> list[tuple[str, bytes]]:
    """LISEZ-MOI.html and README.html."""
    style = f"{END_OF_TITLE}\n  <style>\n{STYLE.read_text()}  </style>"
    written = []
    for name, language in LANGUAGES:
        with override(language):
            page = render_to_string(
                "audit/bundle/readme.html",
                {
                    "language": language,
                    "lines": lines,
                    "several": len(lines) > 1,
                    "sealed": any(one.index is not None for one in lines),
                    "waiting": any(one.index is None for one in lines),
                    "personal": any(one.personal for one in lines),
                    "bare": any(not one.personal for one in lines),
                    "head": head,
                    "root": bytes(head.root).hex() if head else "",
                    "vkeys": vkeys,
                    "since": since,
                    "digest": program_digest(),
                    "personal_file": PERSONAL,
                    "salt_file": SALT,
                },
            )
        written.append((name, page.replace(END_OF_TITLE, style, 1).encode()))
    return written
