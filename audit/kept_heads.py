"""A signed head kept outside from an earlier day: a checkpoint, a proof, a bundle (folder or archive), as partners keep them.

The protection is there: whoever holds the base and the key can rewrite everything but what others kept (trust.md).
"""

import zipfile
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext as _

from . import notes, tlog_proof
from .checkpoint import Checkpoint
from .faults import Fault, Flaw

PROOF = "entry.tlog-proof"
MOST_BYTES = tlog_proof.MOST_BYTES


class Unreadable(ValueError):
    """The file holds no signed head; the sentence says why, in the reader's language."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A head as a file has it; its signatures are verified by `faults`, with the keys of the trail."""

    name: str
    note: bytes
    head: Checkpoint


def read(path: Path) -> Kept:
    """The head in a file. Unreadable."""
    try:
        raw = _head_of(path)
        if raw.startswith(tlog_proof.FIRST_LINE.encode()):
            raw = tlog_proof.TlogProof.parse(raw).checkpoint
        return Kept(path.name, raw, Checkpoint.parse(raw))
    except (OSError, zipfile.BadZipFile, NotImplementedError, RuntimeError) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise Unreadable(_("%(path)s ne peut pas être lu : %(why)s") % {"path": path, "why": why}) from error
    except KeyError as error:
        raise Unreadable(
            _("%(path)s ne contient aucune preuve scellée (%(name)s)") % {"path": path, "name": PROOF}
        ) from error
    except notes.NoteError as error:
        raise Unreadable(_("%(path)s n’est pas une tête de journal signée") % {"path": path}) from error


def _head_of(path: Path) -> bytes:
    if path.is_dir():
        return _read_file(path / PROOF)
    if not zipfile.is_zipfile(path):
        return _read_file(path)
    with zipfile.ZipFile(path) as archive:
        names = [name for name in archive.namelist() if name == PROOF or name.endswith(f"/{PROOF}")]
        if len(names) != 1:
            raise KeyError(PROOF)
        with archive.open(names[0]) as file:
            return file.read(MOST_BYTES + 1)


def _read_file(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(MOST_BYTES + 1)


def faults(kept: Kept, *, size: int, origin: str, root: bytes | None, keys: list[notes.VerifierKey]) -> list[Fault]:
    """Whether today's trail, of this size, extends a head kept earlier; `root` is today's at the size of that head.

    None where it could not be computed: the leaves that are missing are named apart.
    """
    flaws = []
    if origin and kept.head.origin != origin:
        flaws.append(Flaw("kept_other_log", kept.head.origin))
    else:
        try:
            Checkpoint.opened(kept.note, keys)
        except notes.NoteError:
            flaws.append(Flaw("kept_key"))
    if kept.head.size > size:
        flaws.append(Flaw("kept_cut", str(kept.head.size)))
    elif root is not None and root != kept.head.root:
        flaws.append(Flaw("kept_rewritten", str(kept.head.size)))
    return [Fault(None, tuple(flaws), place="kept", named=kept.name)] if flaws else []
