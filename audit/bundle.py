"""What leaves the house so that anyone can verify it: a zip that `audit/offline/verify.py` judges, with that very program.

The docstring of that file says which files a bundle is made of. The same entries under the same head are the same bytes.
"""

import base64
import io
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from . import consistency_proof, heads, keys, readme, receipt_keys
from .consistency_proof import ConsistencyProof
from .models import Checkpoint, Entry, Payload
from .tlog_proof import SUFFIX, TlogProof

PROGRAM = Path(__file__).parent / "offline" / "verify.py"
ENTRY, PROOF, RECEIPT, KEYS = "entry.json", f"entry{SUFFIX}", "receipt.sig", "keys.txt"
PAYLOAD, SALT, CONSISTENCY = readme.PERSONAL, readme.SALT, "consistency.txt"
# A zip can say no earlier instant: what is said of when stands in the entry and in the checkpoint.
NO_DATE = (1980, 1, 1, 0, 0, 0)
FILE_MODE = 0o100644
UNIX = 3

Files = Iterable[tuple[str, bytes]]


class NotBefore(ValueError):
    """The head to compare with is not an earlier one of this log."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lot:
    """An entry to prove, in a folder of the zip ("" for its root), with its personal part or without."""

    entry: Entry
    payload: bool
    folder: str = ""


def bundle(entry: Entry, *, payload: bool, since: Checkpoint | None = None) -> bytes:
    """The zip of one entry. `payload`: with its personal part, which the caller says that this reader may see.

    `since`: an earlier head of the log, from which a consistency proof is joined. Raises NotBefore where it is not one.
    """
    return bundle_of([Lot(entry=entry, payload=payload)], since=since)


def bundle_of(lots: Sequence[Lot], *, since: Checkpoint | None = None) -> bytes:
    """The zip of several entries, each in its folder, all under the same head. Raises NotBefore."""
    head = heads.latest()
    grown = _grown(since, head)
    known = _keys()
    personal = _personal([lot.entry.pk for lot in lots if lot.payload])
    files: list[tuple[str, bytes]] = []
    shown: list[readme.Line] = []
    for lot in lots:
        proof = heads.proof_of(lot.entry.pk, head=head) if head is not None else None
        held = personal.get(lot.entry.pk)
        top = f"{lot.folder}/" if lot.folder else ""
        files += [(f"{top}{name}", content) for name, content in _files(lot.entry, proof, held, known, grown)]
        shown.append(
            readme.Line(
                entry=lot.entry,
                folder=lot.folder,
                index=proof.index if proof else None,
                personal=held is not None,
            )
        )
    pages = readme.pages(shown, head=head, vkeys=public_keys(), since=since)
    return _zipped([*pages, ("verify.py", PROGRAM.read_bytes()), *files])


def _files(
    entry: Entry, proof: TlogProof | None, personal: Payload | None, known: bytes, grown: bytes | None
) -> list[tuple[str, bytes]]:
    files = [(ENTRY, bytes(entry.body))]
    if proof is not None:
        files.append((PROOF, proof.encoded))
        if grown is not None:
            files.append((CONSISTENCY, grown))
    else:
        files.append((RECEIPT, base64.b64encode(bytes(entry.receipt)) + b"\n"))
    files.append((KEYS, known))
    if personal is not None:
        files += [(PAYLOAD, bytes(personal.body)), (SALT, bytes(personal.salt).hex().encode() + b"\n")]
    return files


def _personal(entries: Sequence[int]) -> dict[int, Payload]:
    """The personal parts of these entries; of those that were erased, none is left."""
    return {one.pk: one for one in Payload.objects.filter(pk__in=entries)} if entries else {}


def _grown(since: Checkpoint | None, head: Checkpoint | None) -> bytes | None:
    if since is None:
        return None
    if head is None or not 0 < since.size <= head.size:
        raise NotBefore
    try:
        hashes = heads.consistency(since.size, head.size) if since.size < head.size else []
    except ValueError as error:
        raise NotBefore from error
    return consistency_proof.written([ConsistencyProof(since.size, head.size, tuple(hashes))])


def public_keys() -> list[str]:
    """The log's keys, then those of the receipts, the oldest first."""
    return [
        *(one.vkey for one in keys.log_vkeys()),
        *(one.key.vkey for one in receipt_keys.accepted_here()),
    ]


def _keys() -> bytes:
    """The public keys, one a line; how each key was introduced by the one before it, as comments."""
    lines = ["# Clés du journal / Keys of the log"]
    for one in keys.log_keys():
        note = "# Annoncée par la clé précédente / Introduced by the key before it"
        lines += [*_said(note, one.statement), one.vkey]
    lines.append("# Clés des reçus / Keys of the receipts")
    notes = receipt_keys.notes_by_key(receipt_keys.rows())
    for accepted in receipt_keys.accepted_here():
        note = "# Laquelle elle remplace, et depuis quand / Which one it replaces, and since when"
        lines += [*_said(note, notes.get(accepted.key.vkey)), accepted.key.vkey]
    return "".join(f"{line}\n" for line in lines).encode()


def _said(words: str, note: bytes | memoryview | None) -> list[str]:
    """How a key takes the place of another, as remarks: `verify.py` reads the note there."""
    if note is None:
        return []
    return [words, *(f"#   {line}".rstrip() for line in bytes(note).decode().splitlines())]


def _zipped(files: Files) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        for name, content in files:
            one = zipfile.ZipInfo(name, NO_DATE)
            one.compress_type, one.create_system, one.external_attr = zipfile.ZIP_DEFLATED, UNIX, FILE_MODE << 16
            archive.writestr(one, content, compresslevel=9)
    return held.getvalue()
