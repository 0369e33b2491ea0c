"""Signed notes: a text and the Ed25519 signatures of it, in the public form of C2SP signed-note (c2sp.org/signed-note).

The text ends in a newline; an empty line; one line for each signature: em dash, space, key name, space, base64 of the
4-byte key id and the signature. A public key is written as a ``vkey``, as golang.org/x/mod/sumdb/note does:
``name+id+base64``, the id in eight hexadecimal digits.
"""

import base64
import binascii
import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

MOST_BYTES = 1_000_000
MOST_SIGNATURES = 100
ED25519 = b"\x01"
"""The signature type of the specification; the only one that is read and written here."""
KEY_BYTES = 32
ID_BYTES = 4
DASH = "— "
_CONTROLS = re.compile("[\x00-\x09\x0b-\x1f]")
_VKEY = re.compile(r"([^+]+)\+([0-9a-f]{8})\+(.+)", re.DOTALL)


class NoteError(ValueError):
    """The note cannot be relied upon."""


class Malformed(NoteError):
    """It is not written as the specification says."""


class WrongSignature(NoteError):
    """A key that is known signed something else."""


class NoKnownSignature(NoteError):
    """No key that is known signed it."""


@dataclass(frozen=True)
class VerifierKey:
    """A public key with its name. Malformed where the name or the length is wrong."""

    name: str
    public: bytes

    def __post_init__(self) -> None:
        if not is_key_name(self.name):
            raise Malformed("a key name is not empty and has neither space, plus nor control character")
        if len(self.public) != KEY_BYTES:
            raise Malformed("an Ed25519 public key is 32 bytes")

    @classmethod
    def of(cls, name: str, key: Ed25519PrivateKey | Ed25519PublicKey) -> "VerifierKey":
        public = key.public_key() if isinstance(key, Ed25519PrivateKey) else key
        return cls(name, public.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw))

    @classmethod
    def parse(cls, vkey: str) -> "VerifierKey":
        """The key that a vkey writes. Malformed where it is no Ed25519 vkey or its id is not that of its key."""
        match = _VKEY.fullmatch(vkey)
        if match is None:
            raise Malformed("a key is written name+id+base64")
        name, key_id, encoded = match.groups()
        material = strict_base64(encoded)
        if material[:1] != ED25519:
            raise Malformed("only Ed25519 keys are read")
        key = cls(name, material[1:])
        if key.id.hex() != key_id:
            raise Malformed("the id of this key is not that of its name and bytes")
        return key

    @property
    def id(self) -> bytes:
        """The first four bytes of SHA-256 over name, newline, type and key."""
        return hashlib.sha256(self.name.encode() + b"\n" + ED25519 + self.public).digest()[:ID_BYTES]

    @property
    def vkey(self) -> str:
        return f"{self.name}+{self.id.hex()}+{base64.b64encode(ED25519 + self.public).decode()}"

    def made(self, signature: bytes, text: str) -> bool:
        """Whether this key made this signature of this text."""
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, text.encode())
        except (InvalidSignature, ValueError):
            return False
        return True


@dataclass(frozen=True)
class Signature:
    """One line under a text, not verified."""

    name: str
    key_id: bytes
    signature: bytes

    @property
    def line(self) -> str:
        return f"{DASH}{self.name} {base64.b64encode(self.key_id + self.signature).decode()}\n"


@dataclass(frozen=True)
class Note:
    """A text and the lines under it. From `parse`: none is verified; from `open_note`: those of known keys, all good."""

    text: str
    signatures: tuple[Signature, ...]

    @property
    def encoded(self) -> bytes:
        return (self.text + "\n" + "".join(one.line for one in self.signatures)).encode()


def sign(text: str, name: str, key: Ed25519PrivateKey) -> bytes:
    """The note of this text under one key. Malformed where the text cannot be one."""
    _check_text(text)
    made = Signature(name, VerifierKey.of(name, key).id, key.sign(text.encode()))
    return Note(text, (made,)).encoded


def parse(note: bytes) -> Note:
    """The text and the signatures of a note, **nothing verified**. Malformed where it is not written as it should be."""
    if len(note) > MOST_BYTES:
        raise Malformed("a note is at most a million bytes")
    try:
        whole = note.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Malformed("a note is in UTF-8") from error
    text, cut, under = whole.rpartition("\n\n")
    if not cut:
        raise Malformed("a note has an empty line between its text and its signatures")
    text += "\n"
    _check_text(text)
    if not under.endswith("\n"):
        raise Malformed("a note ends in a newline")
    lines = under[:-1].split("\n")
    if len(lines) > MOST_SIGNATURES:
        raise Malformed("a note has at most a hundred signatures")
    return Note(text, tuple(_signature(line) for line in lines))


def open_note(note: bytes, keys: Iterable[VerifierKey]) -> Note:
    """The note with the signatures of known keys alone, each verified; those of unknown keys are ignored.

    Malformed; WrongSignature where a known key's signature is not of this text; NoKnownSignature where none is left;
    ValueError where two of the keys given have the same name and id.
    """
    known: dict[tuple[str, bytes], VerifierKey] = {}
    for key in keys:
        if known.setdefault((key.name, key.id), key) != key:
            raise ValueError(f"two keys are called {key.name} with the same id")
    read = parse(note)
    good = []
    for one in read.signatures:
        signer = known.get((one.name, one.key_id))
        if signer is None:
            continue
        if not signer.made(one.signature, read.text):
            raise WrongSignature(f"the signature of {one.name} is not of this text")
        if one not in good:
            good.append(one)
    if not good:
        raise NoKnownSignature("no key that is known signed this note")
    return Note(read.text, tuple(good))


def is_key_name(name: str) -> bool:
    """Not empty, no Unicode space, no plus, no control character, and UTF-8 can say it."""
    if not name or "+" in name or _CONTROLS.search(name) or any(character.isspace() for character in name):
        return False
    return _encodes(name)


def strict_base64(text: str) -> bytes:
    """The bytes of standard base64 written in its one canonical way. Malformed otherwise."""
    try:
        decoded = base64.b64decode(text.encode("ascii"), validate=True)
    except (binascii.Error, ValueError) as error:
        raise Malformed("this is not base64") from error
    if base64.b64encode(decoded).decode() != text:
        raise Malformed("base64 is written in one way only")
    return decoded


def _signature(line: str) -> Signature:
    name, space, encoded = line.removeprefix(DASH).partition(" ")
    if not line.startswith(DASH) or not space or not is_key_name(name):
        raise Malformed("a signature line is an em dash, a key name and base64")
    decoded = strict_base64(encoded)
    if len(decoded) <= ID_BYTES:
        raise Malformed("a signature follows the four bytes of its key")
    return Signature(name, decoded[:ID_BYTES], decoded[ID_BYTES:])


def _check_text(text: str) -> None:
    if not text.endswith("\n") or _CONTROLS.search(text) or not _encodes(text):
        raise Malformed("the text of a note ends in a newline and has no other control character")
    if len(text.encode()) > MOST_BYTES:
        raise Malformed("a note is at most a million bytes")


def _encodes(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
