#!/usr/bin/env python3
"""Verify a bundle of Tact, offline, with nothing but Python 3.8 or newer.

    python3 verify.py [FOLDER | bundle.zip] [--key FILE] [--since FILE]... [--consistency FILE]... [--lang fr|en]

Exit status: 0 it holds; 1 it does not, and the reason is said; 2 it could not be read.

A bundle: entry.json (the exact bytes of the entry); entry.tlog-proof (C2SP tlog-proof: index, path, signed checkpoint)
or, while the entry is not sealed, receipt.sig (base64 of an Ed25519 signature of "tact/receipt/v1", a zero byte and the
entry); keys.txt (public keys, one vkey a line; as remarks, the notes by which each takes the place of another, that a kept
key leads to those after it); where they are given, payload.json and payload.salt (64 hexadecimal
digits), and consistency.txt (what leads from earlier heads to this one: blocks of "tact/consistency/v1", "old N",
"new N", base64 hashes, one a line, an empty line between two blocks). Or several bundles, each in a folder of its own.

Take this file, like the key, from somebody you trust: a forged bundle can carry a forged verify.py.

This file imports nothing of Tact, and repeats what Tact's own code verifies: it must be read and run by somebody who has
neither Tact nor any reason to believe it. Tact's tests hold the two to the same answers on the same vectors.
"""

from __future__ import annotations

import sys

if __name__ == "__main__" and not sys.flags.isolated and not getattr(sys.flags, "safe_path", False):
    del sys.path[0]  # what lies beside this file is what it judges: nothing there is ever imported

import argparse
import base64
import binascii
import hashlib
import json
import os
import re
import stat
import zipfile

MOST_FILE = 2000000
MOST_ZIP = 32000000
MOST_NAMES = 1000
MOST_MEMBERS = 20000
MOST_COUNT = 2**64 - 1
MOST_LINES = 100
ENTRY, PROOF, RECEIPT, KEYS = "entry.json", "entry.tlog-proof", "receipt.sig", "keys.txt"
PAYLOAD, SALT, CONSISTENCY = "payload.json", "payload.salt", "consistency.txt"
READ = (ENTRY, PROOF, RECEIPT, KEYS, PAYLOAD, SALT, CONSISTENCY)
BESIDE = ("LISEZ-MOI.html", "README.html", "verify.py")


class Wrong(Exception):
    """The bundle does not hold; ``said`` (a key of SAID) and ``words`` say why."""

    def __init__(self, said: str, /, **words: object) -> None:
        super().__init__(said)
        self.said, self.words = said, words


class Unreadable(Wrong):
    """It could not be read."""


class Form(Exception):
    """A file is not written as it should be; ``said`` and ``words`` say how."""

    def __init__(self, said: str, /, **words: object) -> None:
        super().__init__(said)
        self.said, self.words = said, words


# --- Ed25519, RFC 8032 section 5.1.7 ---------------------------------------------------------------------------------

P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT_OF_MINUS_ONE = pow(2, (P - 1) // 4, P)
NEUTRAL = (0, 1, 1, 0)


def point_sum(p: tuple, q: tuple) -> tuple:
    a, b = (p[1] - p[0]) * (q[1] - q[0]) % P, (p[1] + p[0]) * (q[1] + q[0]) % P
    c, d = 2 * p[3] * q[3] * D % P, 2 * p[2] * q[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return (e * f % P, g * h % P, f * g % P, e * h % P)


def point_times(number: int, point: tuple) -> tuple:
    total = NEUTRAL
    while number:
        if number & 1:
            total = point_sum(total, point)
        point, number = point_sum(point, point), number >> 1
    return total


def point_read(raw: bytes) -> tuple | None:
    """The point that 32 bytes write in the one way allowed; None where they write none."""
    y, sign = int.from_bytes(raw, "little") & (2**255 - 1), raw[31] >> 7
    if y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT_OF_MINUS_ONE % P
    if (x * x - square) % P or (x == 0 and sign):
        return None
    if x & 1 != sign:
        x = P - x
    return (x, y, 1, x * y % P)


def point_written(point: tuple) -> bytes:
    inverse = pow(point[2], P - 2, P)
    x, y = point[0] * inverse % P, point[1] * inverse % P
    return (y | (x & 1) << 255).to_bytes(32, "little")


BASE = point_read((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))


def signature_holds(public: bytes, message: bytes, signature: bytes) -> bool:
    """Whether this key signed this message. Strict: S below the order, points written in one way, no key of small order."""
    if len(public) != 32 or len(signature) != 64:
        return False
    key, s = point_read(public), int.from_bytes(signature[32:], "little")
    if key is None or s >= ORDER or point_written(point_times(8, key)) == point_written(NEUTRAL):
        return False
    challenge = int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), "little") % ORDER
    minus = (P - key[0], key[1], key[2], P - key[3])
    assert BASE is not None
    return point_written(point_sum(point_times(s, BASE), point_times(challenge, minus))) == signature[:32]


# --- The tree, RFC 6962 section 2.1, RFC 9162 sections 2.1.3.2 and 2.1.4.2 -------------------------------------------


def leaf_hash(body: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + body).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def verify_inclusion(leaf: bytes, index: int, size: int, proof: list, root: bytes) -> bool:
    """Whether the leaf is at this index of the tree of this size and root."""
    if not 0 <= index < size <= MOST_COUNT or any(len(one) != 32 for one in [leaf, root, *proof]):
        return False
    at, end, reached = index, size - 1, leaf
    for sibling in proof:
        if end == 0:
            return False
        if at & 1 or at == end:
            reached = node_hash(sibling, reached)
            while not at & 1 and at:
                at, end = at >> 1, end >> 1
        else:
            reached = node_hash(reached, sibling)
        at, end = at >> 1, end >> 1
    return end == 0 and reached == root


def verify_consistency(old_size: int, new_size: int, old_root: bytes, new_root: bytes, proof: list) -> bool:
    """Whether the second tree extends the first. From size 0 nothing is proved: False."""
    if not 0 <= old_size <= new_size <= MOST_COUNT:
        return False
    if old_size == new_size:
        return not proof and old_root == new_root
    if old_size == 0 or not proof or any(len(one) != 32 for one in [old_root, new_root, *proof]):
        return False
    path = list(proof) if old_size & (old_size - 1) else [old_root, *proof]
    at, end = old_size - 1, new_size - 1
    while at & 1:
        at, end = at >> 1, end >> 1
    old_reached = new_reached = path[0]
    for sibling in path[1:]:
        if end == 0:
            return False
        if at & 1 or at == end:
            old_reached, new_reached = node_hash(sibling, old_reached), node_hash(sibling, new_reached)
            while not at & 1 and at:
                at, end = at >> 1, end >> 1
        else:
            new_reached = node_hash(new_reached, sibling)
        at, end = at >> 1, end >> 1
    return end == 0 and old_reached == old_root and new_reached == new_root


# --- The forms of the files -------------------------------------------------------------------------------------------


def base64_read(text: str, length: int | None = None) -> bytes:
    """The bytes of base64 in its one canonical writing."""
    try:
        raw = base64.b64decode(text.encode("ascii"), validate=True)
    except (binascii.Error, ValueError):
        raise Form("base64") from None
    if base64.b64encode(raw).decode() != text or (length is not None and len(raw) != length):
        raise Form("base64")
    return raw


def count_read(text: str, form: str) -> int:
    if not re.match(r"(?:0|[1-9][0-9]{0,19})\Z", text) or int(text) > MOST_COUNT:
        raise Form(form)
    return int(text)


def text_read(raw: bytes, form: str) -> str:
    """UTF-8 without any control character but the newline, which ends it."""
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        raise Form(form) from None
    if not text.endswith("\n") or re.search("[\x00-\x09\x0b-\x1f]", text):
        raise Form(form)
    return text


def keys_read(raw: bytes) -> tuple[list, list]:
    """The keys of a file, (name, id, 32 bytes), and the lines of those that are no Ed25519 key; # begins a comment."""
    keys, others = [], []
    text = text_read(raw.replace(b"\r\n", b"\n") + b"\n", "utf8")
    for number, line in enumerate(text.split("\n"), 1):
        if not line or line.startswith("#"):
            continue
        match = re.match(r"([^+\s]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)\Z", line)
        if match is None:
            raise Form("vkey", line=number)
        name, identity, material = match.group(1), bytes.fromhex(match.group(2)), base64_read(match.group(3))
        if material[:1] != b"\x01":
            others.append(number)
        elif len(material) != 33 or hashlib.sha256(name.encode() + b"\n" + material).digest()[:4] != identity:
            raise Form("vkey", line=number)
        else:
            keys.append((name, identity, material[1:]))
    if not keys or len(keys) > MOST_LINES:
        raise Form("keyless")
    return keys, others


def note_read(note: bytes) -> tuple[str, list]:
    """The text of a signed note (C2SP signed-note) and the lines under it, (name, id, signature), not verified yet."""
    whole = text_read(note, "note")
    text, cut, under = whole.rpartition("\n\n")
    lines = under[:-1].split("\n")
    if not cut or len(lines) > MOST_LINES:
        raise Form("note")
    signatures = []
    for line in lines:
        match = re.match("— ([^+\\s]+) (\\S+)\\Z", line)
        if match is None:
            raise Form("note")
        raw = base64_read(match.group(2))
        if len(raw) < 5:
            raise Form("note")
        signatures.append((match.group(1), raw[:4], raw[4:]))
    return text + "\n", signatures


class Succession:
    """How a key takes the place of another: the two, and who signed that. ``until``: instant after which the former's receipts
    do not hold; None for a key of heads, whose note does not say which one it replaces: ``former`` is then whoever signed it.
    """

    def __init__(self, note: bytes, keys: list) -> None:
        text, signatures = note_read(note)
        said = text[:-1].split("\n")
        self.until = None
        if said[0] == "tact/key/v1" and len(said) == 4:
            name, new, others = said[1], said[3], keys
        elif said[0] == "tact/receipt-key/v1" and len(said) == 5:
            name, self.until, new, others = said[1], said[2], said[4], keys_read(said[3].encode())[0]
        else:
            raise Form("note")
        self.new = keys_read(new.encode())[0][0]
        signers = [
            key
            for key in [*others, self.new]
            for signed_by, identity, signature in signatures
            if key[:2] == (signed_by, identity) and key[0] == name and signature_holds(key[2], text.encode(), signature)
        ]
        before = [key for key in others if key != self.new and (self.until or key in signers)]
        if self.new[0] != name or not before:
            raise Form("note")
        self.former = before[0]
        self.by_former, self.by_new = self.former in signers, self.new in signers


def successions_read(raw: bytes, keys: list) -> list:
    """What the remarks of a file of keys say of one key taking the place of another; what cannot be relied upon is left out."""
    found: list = []
    notes: list = []
    inside = False
    for line in raw.decode("utf-8", "replace").replace("\r", "").split("\n"):
        if line.startswith("#   tact/"):
            inside = True
            notes.append([])
        inside = inside and line.startswith("#")
        if inside:
            notes[-1].append(line[4:] + "\n")
    for lines in notes[:MOST_LINES]:
        try:
            found.append(Succession("".join(lines).encode(), keys))
        except Form:
            continue
    return found


def led_to(kept: list, successions: list) -> list:
    """The keys that those kept apart lead to: those that took their place, and those of receipts whose place they took.

    Never both ways at once: a former key, which may have leaked, introduces nobody beside the one that took its place.
    """
    ahead, behind = list(kept), list(kept)
    for one in successions * len(successions):
        if one.by_former and one.former in ahead and one.new not in ahead:
            ahead.append(one.new)
        if one.until and one.by_new and one.new in behind and one.former not in behind:
            behind.append(one.former)
    return [key for key in [*ahead, *behind[len(kept) :]] if key not in kept]


def limits_of(keys: list, successions: list) -> dict:
    """Until when each of these keys that was replaced counts: no later than the one that says so counts itself.

    Instants are written in one way, so that their order is that of their text.
    """
    limits: dict = {}
    changed = True
    while changed:
        changed = False
        for one in successions:
            if one.until and one.by_new and one.new in keys:
                until = min(one.until, limits.get(one.new, one.until), limits.get(one.former, one.until))
                changed = changed or limits.get(one.former) != until
                limits[one.former] = until
    return limits


class Head:
    """A checkpoint (C2SP tlog-checkpoint): what it says, and the lines signed under it, not verified yet."""

    def __init__(self, note: bytes) -> None:
        self.text, self.signatures = note_read(note)
        said = self.text[:-1].split("\n")
        if len(said) < 3 or not all(said):
            raise Form("checkpoint")
        self.origin, self.size = said[0], count_read(said[1], "checkpoint")
        self.root = base64_read(said[2], 32)
        if self.size == 0 and self.root != hashlib.sha256(b"").digest():
            raise Form("checkpoint")

    def signer(self, keys: list, file: str) -> tuple | None:
        """The log's key among these that signed this head; None where none did; Wrong where one signed another."""
        found = None
        for name, identity, signature in self.signatures:
            for key in keys:
                if key[:2] == (name, identity):
                    if not signature_holds(key[2], self.text.encode(), signature):
                        raise Wrong("bad_signature", file=file, key=name)
                    if name == self.origin:
                        found = key
        return found


def proof_read(raw: bytes) -> tuple[int, list, bytes]:
    """Index, path and checkpoint of a C2SP tlog-proof."""
    top, cut, note = raw.partition(b"\n\n")
    lines = text_read(top + b"\n", "tlog").split("\n")[:-1]
    if not cut or lines.pop(0) != "c2sp.org/tlog-proof@v1":
        raise Form("tlog")
    if lines and lines[0].startswith("extra "):
        base64_read(lines.pop(0)[6:])
    if not lines or not lines[0].startswith("index ") or len(lines) > 65:
        raise Form("tlog")
    index = count_read(lines.pop(0)[6:], "tlog")
    return index, [base64_read(line, 32) for line in lines], note


def consistency_read(raw: bytes) -> dict:
    """The hashes that lead from one size to another, by the two sizes."""
    found = {}
    for block in text_read(raw, "blocks")[:-1].split("\n\n"):
        lines = block.split("\n")
        if len(lines) < 3 or lines[0] != "tact/consistency/v1" or lines[1][:4] != "old " or lines[2][:4] != "new ":
            raise Form("blocks")
        sizes = count_read(lines[1][4:], "blocks"), count_read(lines[2][4:], "blocks")
        if len(lines) > 68:
            raise Form("blocks")
        found[sizes] = [base64_read(line, 32) for line in lines[3:]]
    return found


def object_read(raw: bytes) -> dict:
    """A JSON object no name of which comes twice; numbers stay text, however long they are."""

    def once(pairs: list) -> dict:
        if len({name for name, _ in pairs}) != len(pairs):
            raise ValueError
        return dict(pairs)

    try:
        value = json.loads(raw.decode("utf-8"), parse_int=str, parse_float=str, object_pairs_hook=once)
    except (ValueError, RecursionError):
        raise Form("json") from None
    if not isinstance(value, dict):
        raise Form("json")
    return value


# --- Bundles ----------------------------------------------------------------------------------------------------------


def file_read(path: str, most: int = MOST_FILE) -> bytes:
    """An ordinary file of a bounded size."""
    try:
        if not stat.S_ISREG(os.stat(path).st_mode):
            raise Unreadable("unreadable", file=path, why=("not_a_file", {}))
        with open(path, "rb") as file:
            raw = file.read(most + 1)
    except (OSError, ValueError) as error:
        raise Unreadable("unreadable", file=path, why=("broken", {"name": type(error).__name__})) from None
    if len(raw) > most:
        raise Unreadable("unreadable", file=path, why=("too_big", {}))
    return raw


def folder_read(path: str) -> tuple[dict, list]:
    try:
        names = sorted(os.listdir(path))[: MOST_NAMES + 1]
    except OSError as error:
        raise Unreadable("unreadable", file=path, why=("broken", {"name": type(error).__name__})) from None
    if len(names) > MOST_NAMES:
        raise Unreadable("unreadable", file=path, why=("too_big", {}))
    return {name: file_read(os.path.join(path, name)) for name in names if name in READ}, names


def zip_read(path: str, folder: str = "") -> tuple[dict, list]:
    """The files of an archive, or of a folder in it, in memory: nothing is unpacked. All may lie in one folder above."""
    if len(file_read(path, MOST_ZIP)) < 22:
        raise Unreadable("unreadable", file=path, why=("zip", {}))
    found: dict = {}
    try:
        with zipfile.ZipFile(path) as archive:
            members = [one for one in archive.infolist() if not one.filename.endswith("/")]
            if len(members) > MOST_MEMBERS:
                raise Unreadable("unreadable", file=path, why=("too_big", {}))
            tops = {one.filename.partition("/")[0] + "/" for one in members if "/" in one.filename}
            top = tops.pop() if len(tops) == 1 and all("/" in one.filename for one in members) else ""
            top += folder + "/" if folder else ""
            members = [one for one in members if one.filename.startswith(top)]
            names = [one.filename[len(top) :] for one in members]
            for name, member in zip(names, members):  # noqa: B905
                if name in found:
                    raise Unreadable("unreadable", file=path, why=("twice", {"name": name}))
                if name in READ:
                    with archive.open(member) as file:
                        found[name] = file.read(MOST_FILE + 1)
                    if len(found[name]) > MOST_FILE:
                        raise Unreadable("unreadable", file=name, why=("too_big", {}))
    except Unreadable:
        raise
    except Exception:  # whatever zipfile and its decoders raise on an archive made to break them
        raise Unreadable("unreadable", file=path, why=("zip", {})) from None
    return found, names


def bundle_read(path: str, folder: str = "") -> tuple[dict, list]:
    """The files of a bundle, or of the one in this folder of it, by their names, and every name there."""
    if os.path.isdir(path):
        return folder_read(os.path.join(path, folder) if folder else path)
    return zip_read(path, folder)


def folders_of(path: str) -> list:
    """The folders of the bundles that lie together here, in the order of their numbers; [""] where there is one only."""
    files, names = bundle_read(path)
    if os.path.isdir(path):
        found = {name for name in names if os.path.isfile(os.path.join(path, name, ENTRY))}
    else:
        found = {name.partition("/")[0] for name in names if name.count("/") == 1 and name.endswith("/" + ENTRY)}
    found = {name for name in found if not name.startswith(".")}
    if ENTRY in files or not found:
        return [""]
    return sorted(found, key=in_number)


def in_number(name: str) -> list:
    """2-x before 10-x: what is between digits as text, digits as numbers."""
    return [int(part) if place % 2 else part for place, part in enumerate(re.split("([0-9]{1,9})", name))]


def kept_read(path: str) -> tuple[Head, list]:
    """The head kept from an earlier day, and the keys kept with it: from a checkpoint, a proof or a whole bundle."""
    keys: list = []
    try:
        if os.path.isdir(path) or (os.path.isfile(path) and zipfile.is_zipfile(path)):
            files = next((one for one in (bundle_read(path, each)[0] for each in folders_of(path)) if PROOF in one), {})
            if PROOF not in files:
                raise Unreadable("unreadable", file=path, why=("no_head", {}))
            raw = files[PROOF]
            keys = keys_read(files[KEYS])[0] if KEYS in files else []
        else:
            raw = file_read(path)
        note = proof_read(raw)[2] if raw.startswith(b"c2sp.org/tlog-proof@") else raw
        return Head(note), keys
    except Form as error:
        raise Unreadable("unreadable", file=path, why=(error.said, error.words)) from None


# --- The verification -------------------------------------------------------------------------------------------------


class Report:
    """What was checked, line by line, and every reason why it does not hold."""

    def __init__(self, language: int) -> None:
        self.language = language
        self.reasons: list = []
        self.folder = ""

    def enters(self, folder: str) -> None:
        """What follows is said of the bundle in this folder."""
        self.folder = shown(folder)
        if folder:
            sys.stdout.write(f"\n{self.folder}\n")

    def said(self, key: str, words: dict) -> str:
        inner = {name: self.said(*value) if isinstance(value, tuple) else shown(value) for name, value in words.items()}
        return SAID[key][self.language].format(**inner)

    def line(self, mark: str, key: str, /, **words: object) -> None:
        sys.stdout.write(f"  [{mark}] {self.said(key, words)}\n")

    def conclusion(self, key: str, reason: str = "", /, **words: object) -> None:
        sys.stdout.write(f"\n{self.said(key, words)} {reason}".rstrip() + "\n")

    def good(self, key: str, /, **words: object) -> None:
        self.line("ok", key, **words)

    def beside(self, key: str, /, **words: object) -> None:
        self.line("--", key, **words)

    def wrong(self, error: Wrong) -> None:
        said = self.said(error.said, error.words)
        self.reasons.append(f"[{self.folder}] {said}" if self.folder else said)
        self.line("!!", error.said, **error.words)

    def attempt(self, file: str, check: object, *arguments: object) -> object:
        """What the check gives, or None with its reason noted; the checks after it go on."""
        try:
            return check(*arguments)  # type: ignore[operator]
        except Form as error:
            self.wrong(Wrong("bad_form", file=file, why=(error.said, error.words)))
        except Wrong as error:
            if isinstance(error, Unreadable):
                raise
            self.wrong(error)
        return None


def shown(value: object) -> str:
    """A text that a terminal can be given, whoever wrote it."""
    text = "".join(one if one.isprintable() else "?" for one in str(value))
    return text if len(text) <= 200 else text[:200] + "…"


def check_proof(report: Report, files: dict, keys: list, where: str) -> Head:
    index, path, note = proof_read(files[PROOF])
    head = Head(note)
    signer = head.signer(keys, PROOF)
    if signer is None:
        raise Wrong("no_log_key", file=PROOF, keys=where, origin=head.origin)
    report.good("signed", file=PROOF, origin=head.origin, size=head.size, key=f"{signer[0]}+{signer[1].hex()}")
    if not verify_inclusion(leaf_hash(files[ENTRY]), index, head.size, path, head.root):
        raise Wrong("not_included", file=PROOF, entry=ENTRY)
    report.good("included", file=PROOF, index=index, count=len(path))
    return head


def check_receipt(report: Report, files: dict, keys: list, where: str, successions: list) -> bool:
    raw = files[RECEIPT]
    text = text_read(raw if raw.endswith(b"\n") else raw + b"\n", "base64")
    signature = base64_read(text[:-1], 64)
    for name, identity, public in keys:
        if signature_holds(public, b"tact/receipt/v1\x00" + files[ENTRY], signature):
            until = limits_of(keys, successions).get((name, identity, public))
            if until and entry_instant(files[ENTRY]) > until:
                raise Wrong("late_receipt", file=RECEIPT, key=f"{name}+{identity.hex()}", until=until)
            report.good("receipt", file=RECEIPT, key=f"{name}+{identity.hex()}")
            return True
    raise Wrong("bad_receipt", file=RECEIPT, keys=where, entry=ENTRY)


def entry_instant(body: bytes) -> str:
    """The instant that an entry says; after any other where it says none."""
    try:
        at = object_read(body).get("at")
    except Form:
        at = None
    return at if isinstance(at, str) else "~"


def check_payload(report: Report, files: dict, entry: dict | None) -> None:
    for name in (PAYLOAD, SALT):
        if name not in files:
            raise Wrong("not_there", file=name)
    # One length only: a salt that could be longer would take the first bytes of another content.
    match = re.match(rb"([0-9a-f]{64})\r?\n?\Z", files[SALT])
    if match is None:
        raise Wrong("bad_form", file=SALT, why=("salt", {}))
    bound = hashlib.sha256(b"tact/payload/v1\x00" + bytes.fromhex(match.group(1).decode()) + files[PAYLOAD]).hexdigest()
    if entry is None:
        return
    if entry.get("commitment") != bound:
        raise Wrong("bad_payload", file=PAYLOAD)
    report.good("payload", file=PAYLOAD)


def check_kept(report: Report, head: Head, file: str, keys: list, proofs: dict) -> None:
    """Whether the head of the bundle and one kept from another day are of one same log, never rewritten between them."""
    kept, kept_keys = kept_read(file)
    if kept.origin != head.origin:
        raise Wrong("other_log", file=file, origin=kept.origin)
    signer = kept.signer(keys + kept_keys, file)
    if signer is None:
        report.beside("kept_unsigned", file=file)
    elif signer not in keys:
        report.beside("kept_key", file=file)
    first, last = (kept, head) if kept.size <= head.size else (head, kept)
    if first.size == last.size:
        if first.root != last.root:
            raise Wrong("rewritten", file=file, old=kept.size)
        report.good("same", file=file, old=kept.size)
        return
    if first.size:
        hashes = proofs.get((first.size, last.size))
        if hashes is None:
            raise Wrong("no_consistency", file=file, old=first.size, new=last.size)
        if not verify_consistency(first.size, last.size, first.root, last.root, hashes):
            raise Wrong("inconsistent", file=file, old=first.size, new=last.size)
    report.good("grown", file=file, old=first.size, new=last.size)


def given(path: str, read: object) -> object:
    """What a file named on the command line says: where it is badly written, nothing can be verified."""
    try:
        return read(file_read(path))  # type: ignore[operator]
    except Form as error:
        raise Unreadable("unreadable", file=path, why=(error.said, error.words)) from None


def verify(report: Report, asked: argparse.Namespace, folder: str = "") -> bool:
    """Every check, in order, and whether there is a proof in the bundle. Raises Unreadable; the report has the rest."""
    files, names = bundle_read(asked.bundle, folder)
    report.enters(folder)
    if ENTRY not in files:
        raise Unreadable("not_a_bundle", file=asked.bundle)
    body = files[ENTRY]
    report.good("entry", file=ENTRY, count=len(body), digest=hashlib.sha256(body).hexdigest())
    entry = report.attempt(ENTRY, object_read, body)
    if isinstance(entry, dict):
        report.beside("described", **{name: entry.get(name, "?") for name in ("action", "at", "uuid")})

    keys: list = []
    others: list = []
    where = KEYS
    own = report.attempt(KEYS, keys_read, files[KEYS]) if KEYS in files else None
    if own is not None:
        keys, others = own  # type: ignore[misc]
    elif KEYS not in files and not asked.key:
        report.wrong(Wrong("not_there", file=KEYS))
    for line in others:
        report.beside("other_key", file=KEYS, line=line)
    receipt_keys, successions = keys, successions_read(files.get(KEYS, b""), keys)
    if asked.key:
        kept, where = given(asked.key, keys_read)[0], asked.key  # type: ignore[index]
        # Each apart, one's own first: what fills the bundle's file hides nothing of what was kept.
        every = kept + keys
        successions = successions_read(file_read(asked.key), every) + successions_read(files.get(KEYS, b""), every)
        led = led_to(kept, successions)
        receipt_keys = kept + led if PROOF not in files else kept + led + receipt_keys
        keys = kept + led
        report.good("pinned", file=where)
        for name, identity, _public in led:
            report.good("led", file=KEYS, key=f"{name}+{identity.hex()}")

    head = report.attempt(PROOF, check_proof, report, files, keys, where) if PROOF in files else None
    if RECEIPT in files:
        report.attempt(RECEIPT, check_receipt, report, files, receipt_keys, where, successions)
    elif PROOF not in files:
        report.wrong(Wrong("nothing_proves"))
    if PAYLOAD in files or SALT in files:
        report.attempt(PAYLOAD, check_payload, report, files, entry)
    else:
        report.beside("no_payload", file=PAYLOAD)

    proofs: dict = {}
    if CONSISTENCY in files:
        proofs.update(report.attempt(CONSISTENCY, consistency_read, files[CONSISTENCY]) or {})  # type: ignore[call-overload]
    for path in asked.consistency:
        proofs.update(given(path, consistency_read))  # type: ignore[call-overload]
    for path in asked.since:
        if isinstance(head, Head):
            report.attempt(path, check_kept, report, head, path, keys, proofs)
        elif PROOF not in files:
            report.wrong(Wrong("not_there", file=PROOF))
    for name in names:
        if name not in READ and name not in BESIDE:
            report.beside("unchecked", file=name)
    return PROOF in files


def conclude(report: Report, asked: argparse.Namespace, sealed: list) -> int:
    """The conclusion, and the exit status. ``sealed``: of each bundle, whether there is a proof in it."""
    if report.reasons:
        report.conclusion("fails", report.reasons[0])
        return 1
    if len(sealed) == 1:
        report.conclusion("holds" if sealed[0] else "holds_receipt")
    else:
        report.conclusion("all_hold" if all(sealed) else "all_hold_receipts", count=len(sealed))
    if not asked.key:
        report.conclusion("own_key")
    if any(sealed) and not asked.since:
        report.conclusion("no_since")
    return 0


# --- What it says, in French and in English ----------------------------------------------------------------------------

SAID = {
    # What was checked.
    "entry": ("{file} : {count} octets, SHA-256 {digest}", "{file}: {count} bytes, SHA-256 {digest}"),
    "described": (
        "cette entrée dit : {action}, le {at}, référence {uuid}",
        "this entry says: {action}, on {at}, reference {uuid}",
    ),
    "signed": (
        "{file} : tête du journal {origin} à {size} entrées, signée par la clé {key}",
        "{file}: head of the trail {origin} at {size} entries, signed by the key {key}",
    ),
    "included": (
        "{file} : l’entrée est la feuille {index} de ce journal (chemin de {count} empreintes)",
        "{file}: the entry is leaf {index} of this trail (path of {count} hashes)",
    ),
    "receipt": (
        "{file} : reçu de ces octets, signé par la clé {key}",
        "{file}: receipt of these bytes, signed by the key {key}",
    ),
    "payload": (
        "{file} : ce contenu est bien celui auquel l’entrée s’engage",
        "{file}: this content is the one that the entry committed to",
    ),
    "no_payload": (
        "{file} absent : le contenu n’est pas dans ce lot, il n’est pas vérifié",
        "{file} absent: the content is not in this bundle, it is not verified",
    ),
    "pinned": (
        "{file} : clés gardées à part du lot, elles seules ont compté",
        "{file}: keys kept apart from the bundle, they alone counted",
    ),
    "led": (
        "{file} : la clé {key} compte aussi, une note signée y mène depuis les clés gardées",
        "{file}: the key {key} counts too, a signed note leads to it from the kept keys",
    ),
    "same": (
        "{file} : même tête qu’au jour où elle a été gardée ({old} entrées)",
        "{file}: the same head as when it was kept ({old} entries)",
    ),
    "grown": (
        "{file} : le journal de {new} entrées prolonge celui de {old}, rien n’y a été réécrit",
        "{file}: the trail of {new} entries extends that of {old}, nothing was rewritten in it",
    ),
    "kept_unsigned": (
        "{file} : aucune clé connue n’a signé cette tête gardée ; comparée telle quelle",
        "{file}: no known key signed this kept head; compared as it is",
    ),
    "kept_key": (
        "{file} : le journal a changé de clé depuis ; assurez-vous que l’établissement l’a annoncé",
        "{file}: the trail has changed its key since; make sure that the institution announced it",
    ),
    "unchecked": (
        "{file} : fichier sans rapport avec la preuve, non vérifié",
        "{file}: a file that is no part of the proof, not verified",
    ),
    "other_key": (
        "{file}, ligne {line} : clé d’un autre genre, ignorée",
        "{file}, line {line}: a key of another kind, ignored",
    ),
    # Why it does not hold.
    "not_there": ("{file} manque", "{file} is missing"),
    "nothing_proves": (
        "ni entry.tlog-proof ni receipt.sig : rien ne prouve cette entrée",
        "neither entry.tlog-proof nor receipt.sig: nothing proves this entry",
    ),
    "bad_form": ("{file} n’a pas la forme voulue : {why}", "{file} has not the form it should have: {why}"),
    "no_log_key": (
        "{file} : aucune clé de {keys} n’a signé cette tête du journal {origin}",
        "{file}: no key of {keys} signed this head of the trail {origin}",
    ),
    "bad_signature": (
        "{file} : la signature de {key} n’est pas celle de cette tête",
        "{file}: the signature of {key} is not of this head",
    ),
    "not_included": (
        "{file} : son chemin ne mène pas de {entry} à la racine signée : l’un des deux n’est pas celui d’origine",
        "{file}: its path does not lead from {entry} to the signed root: one of the two is not the original",
    ),
    "bad_receipt": (
        "{file} : aucune clé de {keys} n’a signé ce reçu pour ces octets de {entry}",
        "{file}: no key of {keys} signed this receipt for these bytes of {entry}",
    ),
    "late_receipt": (
        "{file} : la clé {key} a été remplacée, ses reçus ne valent que jusqu’au {until}, et l’entrée dit plus tard",
        "{file}: the key {key} was replaced, its receipts hold until {until} only, and the entry says later",
    ),
    "bad_payload": (
        "{file} : ce contenu et ce sel ne sont pas ceux auxquels entry.json s’engage (commitment)",
        "{file}: this content and this salt are not those that entry.json committed to (commitment)",
    ),
    "other_log": ("{file} : tête d’un autre journal, {origin}", "{file}: head of another trail, {origin}"),
    "rewritten": (
        "{file} : à la même taille ({old}), la racine gardée n’est pas celle du lot : le journal a été réécrit depuis",
        "{file}: at the same size ({old}), the kept root is not that of the bundle: the trail was rewritten since",
    ),
    "inconsistent": (
        "{file} : la preuve ne mène pas de {old} à {new} entrées : le journal a été réécrit, ou la preuve n’est "
        "pas la sienne",
        "{file}: the proof does not lead from {old} to {new} entries: the trail was rewritten, or the proof is not "
        "its own",
    ),
    "no_consistency": (
        "{file} : aucune preuve de {old} à {new} entrées dans consistency.txt ; demandez-la : un journal réécrit "
        "ne peut pas la donner",
        "{file}: no proof from {old} to {new} entries in consistency.txt; ask for it: a trail that was rewritten "
        "cannot give one",
    ),
    # Why it cannot be read.
    "unreadable": ("{file} ne peut pas être lu : {why}", "{file} cannot be read: {why}"),
    "not_a_bundle": (
        "{file} n’est pas un lot de Tact : entry.json n’y est pas",
        "{file} is not a bundle of Tact: entry.json is not there",
    ),
    # The conclusion.
    "holds": (
        "TIENT. Cette entrée est dans le journal, telle quelle.",
        "HOLDS. This entry is in the trail, as it stands.",
    ),
    "holds_receipt": (
        "TIENT, PAS ENCORE SCELLÉE. Un reçu signé engage le journal à y mettre cette entrée : redemandez le lot "
        "dans une minute.",
        "HOLDS, NOT SEALED YET. A signed receipt commits the trail to this entry: ask for the bundle again in a minute.",
    ),
    "all_hold": (
        "TIENNENT. Ces {count} entrées sont dans le journal, telles quelles.",
        "HOLD. These {count} entries are in the trail, as they stand.",
    ),
    "all_hold_receipts": (
        "TIENNENT, CERTAINES PAS ENCORE SCELLÉES. Un reçu signé engage le journal à y mettre celles-là : redemandez le "
        "lot de ces {count} entrées dans une minute.",
        "HOLD, SOME NOT SEALED YET. A signed receipt commits the trail to those: ask for the bundle of these {count} "
        "entries again in a minute.",
    ),
    "fails": ("NE TIENT PAS.", "DOES NOT HOLD."),
    "stops": ("ILLISIBLE.", "UNREADABLE."),
    "own_key": (
        "Attention : la clé vient du lot lui-même. Cela prouve seulement que le lot s’accorde avec lui-même. Pour "
        "savoir de qui il vient, comparez cette clé à celle que l’établissement publie, ou relancez avec --key "
        "FICHIER.",
        "Beware: the key comes from the bundle itself. This proves only that the bundle agrees with itself. To "
        "know whom it comes from, compare this key with the one that the institution publishes, or run again with "
        "--key FILE.",
    ),
    "no_since": (
        "Sans tête gardée d’un jour précédent (--since FICHIER), rien ne dit si le journal a été réécrit et signé "
        "à nouveau depuis.",
        "Without a head kept from an earlier day (--since FILE), nothing says whether the trail was rewritten and "
        "signed again since.",
    ),
    # Words within the others.
    "json": ("ce n’est pas un objet JSON en UTF-8", "it is not a JSON object in UTF-8"),
    "salt": ("un sel est de 64 chiffres hexadécimaux", "a salt is 64 hexadecimal digits"),
    "base64": ("du base64 y manque ou y est mal écrit", "base64 is missing or badly written"),
    "vkey": ("la ligne {line} n’est pas une clé nom+identifiant+base64", "line {line} is not a key name+id+base64"),
    "keyless": ("aucune clé Ed25519 n’y est, ou plus de cent", "no Ed25519 key is in it, or more than a hundred"),
    "utf8": ("ce n’est pas du texte UTF-8", "it is not UTF-8 text"),
    "note": ("ce n’est pas une note signée", "it is not a signed note"),
    "checkpoint": (
        "ce n’est pas une tête de journal (origine, taille, racine)",
        "it is not the head of a trail (origin, size, root)",
    ),
    "tlog": ("ce n’est pas une preuve c2sp.org/tlog-proof@v1", "it is not a proof c2sp.org/tlog-proof@v1"),
    "blocks": (
        "ce n’est pas une suite de preuves tact/consistency/v1",
        "it is not a list of proofs tact/consistency/v1",
    ),
    "too_big": ("il est trop gros", "it is too big"),
    "not_a_file": ("ce n’est pas un fichier ordinaire", "it is not an ordinary file"),
    "zip": ("ce n’est pas une archive ZIP saine", "it is not a sound ZIP archive"),
    "twice": ("il contient deux fois {name}", "it holds {name} twice"),
    "no_head": ("aucune tête de journal n’y est", "no head of a trail is in it"),
    "broken": ("erreur {name}", "error {name}"),
}


def language_asked(lang: str | None) -> int:
    """0 French, 1 English: as asked, else as the environment speaks."""
    spoken = lang or next((os.environ[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(name)), "")
    return 1 if spoken.lower().startswith("en") else 0


def main(arguments: list | None = None) -> int:
    here = "." if os.path.exists(ENTRY) else os.path.dirname(os.path.abspath(__file__))
    parser = argparse.ArgumentParser(
        prog="verify.py", description="Vérifie un lot de Tact. / Verifies a bundle of Tact."
    )
    parser.add_argument(
        "bundle", nargs="?", default=here, metavar="FOLDER|ZIP", help="dossier ou archive / folder or archive"
    )
    parser.add_argument("--key", metavar="FILE", help="clé gardée à part du lot / key kept apart from the bundle")
    parser.add_argument(
        "--since",
        metavar="FILE",
        action="append",
        default=[],
        help="tête ou lot gardé d’un jour précédent / head or bundle kept from an earlier day",
    )
    parser.add_argument(
        "--consistency",
        metavar="FILE",
        action="append",
        default=[],
        help="consistency.txt reçu à part / consistency.txt received apart",
    )
    parser.add_argument("--lang", choices=["fr", "en"])
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    asked = parser.parse_args(arguments)
    report = Report(language_asked(asked.lang))
    try:
        sealed = [verify(report, asked, folder) for folder in folders_of(asked.bundle)]
    except Unreadable as error:
        reason = report.said(error.said, error.words)
    except Exception as error:  # whatever was made to break this program: a sentence, never a traceback
        reason = report.said("unreadable", {"file": asked.bundle, "why": ("broken", {"name": type(error).__name__})})
    else:
        return conclude(report, asked, sealed)
    report.conclusion("stops", reason)
    return 2


if __name__ == "__main__":
    sys.exit(main())
