"""Bundles for tests: a right one, and every part of it to change. Its journal has forty entries; ours is number 21."""

import base64
import io
import zipfile
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from audit import canonical, consistency_proof, signing, tree
from audit.checkpoint import Checkpoint
from audit.consistency_proof import ConsistencyProof
from audit.notes import VerifierKey
from audit.tlog_proof import TlogProof

ORIGIN = "tact.example/journal"
LOG, RECEIPTS, STRANGER = (Ed25519PrivateKey.from_private_bytes(seed * 32) for seed in (b"l", b"r", b"s"))
SALT, PAYLOAD = b"\x05" * 32, canonical.encode({"motif": "Nina B. change de collège"})
BODY = canonical.encode(
    {
        "action": "disclosure.released",
        "at": "2026-11-22T09:00:00.000000Z",
        "commitment": canonical.commitment(SALT, PAYLOAD),
        "uuid": "b9b2d0a5-6f8e-4b0e-9d5b-0d1f2c3a4b5c",
    }
)
INDEX, SIZE = 21, 40
LEAVES = [tree.leaf_hash(BODY if number == INDEX else b"%d" % number) for number in range(SIZE)]
REWRITTEN = [tree.leaf_hash(b"rewritten") if number == 3 else leaf for number, leaf in enumerate(LEAVES)]

Files = dict[str, bytes]


def vkey(name: str, key: Ed25519PrivateKey) -> str:
    return VerifierKey.of(name, key).vkey + "\n"


def head(size: int, leaves: list[bytes] = LEAVES, key: Ed25519PrivateKey = LOG, origin: str = ORIGIN) -> bytes:
    return Checkpoint(origin, size, tree.root(leaves[:size])).signed(key, ORIGIN)


def proof(size: int = SIZE, leaves: list[bytes] = LEAVES, key: Ed25519PrivateKey = LOG) -> bytes:
    path = tree.inclusion_proof(INDEX, size, tree.node_of_leaves(leaves[:size]))
    return TlogProof(INDEX, tuple(path), head(size, leaves, key)).encoded


def leading(*pairs: tuple[int, int], leaves: list[bytes] = LEAVES) -> bytes:
    node = tree.node_of_leaves(leaves)
    return consistency_proof.written(
        ConsistencyProof(old, new, tuple(tree.consistency_proof(old, new, node))) for old, new in pairs
    )


def in_another_order(whole: bytes) -> bytes:
    first, index, one, other, rest = whole.split(b"\n", 4)
    return b"\n".join((first, index, other, one, rest))


def bundle(**changed: bytes | None) -> Files:
    """A right bundle; a file given as None is left out. Names with a dot are written with two underscores."""
    files: Files = {
        "entry.json": BODY,
        "entry.tlog-proof": proof(),
        "receipt.sig": base64.b64encode(RECEIPTS.sign(signing.RECEIPT_DOMAIN + BODY)) + b"\n",
        "payload.json": PAYLOAD,
        "payload.salt": SALT.hex().encode() + b"\n",
        "keys.txt": ("# Clés du journal\n" + vkey(ORIGIN, LOG) + vkey("tact.example/recus", RECEIPTS)).encode(),
        "consistency.txt": leading((9, SIZE), (32, SIZE)),
        "LISEZ-MOI.html": b"<p>",
        "verify.py": b"",
    }
    for name, content in changed.items():
        named = name.replace("__", ".").replace("tlog_proof", "tlog-proof")
        files.pop(named, None)
        if content is not None:
            files[named] = content
    return files


def kept(tmp_path: Path, content: bytes, name: str = "gardé") -> str:
    path = tmp_path / name
    path.write_bytes(content)
    return str(path)


def zipped(files: Files, top: str = "") -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(top + name, content)
    return made.getvalue()
