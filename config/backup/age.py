"""Files in the age format (age-encryption.org/v1), written and read as streams: memory does not grow with the file.

Whoever saves holds public keys only (« recipients »); the private ones (« identities ») stay with whoever may restore, away from
the machine. Any program that knows the format opens these files: `age -d -i identity.txt file.age`.
"""

import contextlib
import hashlib
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Protocol

import pyrage
from django.utils.translation import gettext as _

from . import BackupError


class Source(Protocol):
    """What is read to be encrypted."""

    def read(self, size: int = -1, /) -> bytes: ...


class Target(Protocol):
    """What receives what was decrypted."""

    def write(self, content: bytes, /) -> int: ...

    def flush(self) -> None: ...


class Nowhere:
    """Reads a file to its end, to know that it is whole."""

    def write(self, content: bytes) -> int:
        return len(content)

    def flush(self) -> None:
        return None


def recipients(path: Path) -> list[Any]:
    """The public keys of a file, one a line (`age1…`, `ssh-ed25519 …`, `ssh-rsa …`), « # » for remarks. BackupError."""
    found = []
    for number, line in enumerate(_lines(path), 1):
        if not line or line.startswith("#"):
            continue
        try:
            found.append(
                pyrage.ssh.Recipient.from_str(line)
                if line.startswith("ssh-")
                else pyrage.x25519.Recipient.from_str(line)
            )
        except pyrage.RecipientError as error:
            raise BackupError(
                _("%(path)s, ligne %(line)s : ce n’est pas une clé publique age ni ssh.")
                % {"path": path, "line": number}
            ) from error
    if not found:
        raise BackupError(_("%(path)s ne contient aucune clé publique.") % {"path": path})
    return found


def identities(path: Path) -> list[Any]:
    """The private keys of a file, as age-keygen writes them, or one of ssh. BackupError."""
    lines = _lines(path)
    try:
        if any("OPENSSH PRIVATE KEY" in line or "RSA PRIVATE KEY" in line for line in lines):
            return [pyrage.ssh.Identity.from_buffer(path.read_bytes())]
        found = [pyrage.x25519.Identity.from_str(line) for line in lines if line and not line.startswith("#")]
    except pyrage.IdentityError as error:
        raise BackupError(_("%(path)s ne contient pas une clé privée age ni ssh.") % {"path": path}) from error
    if not found:
        raise BackupError(_("%(path)s ne contient aucune clé privée.") % {"path": path})
    return found


def make_identity(path: Path) -> str:
    """Write a new private key, readable by its owner alone; the public one. BackupError where a file is already there."""
    identity = pyrage.x25519.Identity.generate()
    public = str(identity.to_public())
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise BackupError(
            _("%(path)s ne peut pas être écrit : %(why)s.") % {"path": path, "why": error.strerror}
        ) from error
    with os.fdopen(descriptor, "w") as file:
        file.write(f"# public key: {public}\n{identity}\n")
    return public


@contextlib.contextmanager
def new_file(path: Path) -> Iterator[Any]:
    """A file that takes its name once it is whole and surely on the disk, 0600; nothing of it stays otherwise.

    BackupError where one of this name is already there: nothing is ever written over.
    """
    draft = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        os.link(draft, path)
        folder = os.open(path.parent, os.O_RDONLY)
        os.fsync(folder)
        os.close(folder)
    except FileExistsError as error:
        raise BackupError(_("%(path)s existe déjà : rien n’est écrit par-dessus.") % {"path": path}) from error
    except OSError as error:
        raise BackupError(
            _("%(path)s ne peut pas être écrit : %(why)s.") % {"path": path, "why": error.strerror or error}
        ) from error
    finally:
        with contextlib.suppress(OSError):
            draft.unlink()


def encrypt(source: Source, target: Target, to: Sequence[Any]) -> None:
    """Everything that the source gives. BackupError where it, or the target, fails."""
    try:
        pyrage.encrypt_io(source, target, list(to))
    except pyrage.EncryptError as error:
        raise BackupError(str(error).partition(": ")[2] or str(error)) from error


def decrypt(path: Path, target: Target, by: Sequence[Any]) -> None:
    """Everything that a file holds. BackupError where none of these keys opens it, or where it is altered or cut.

    What comes before the fault has been written by then: whoever must not use it reads to `Nowhere` first.
    """
    try:
        with path.open("rb") as file:
            pyrage.decrypt_io(file, target, list(by))
    except pyrage.DecryptError as error:
        if "No matching keys" in str(error):
            raise BackupError(_("Cette clé n’ouvre pas %(path)s.") % {"path": path}) from error
        raise BackupError(
            _("%(path)s n’est pas un fichier age entier : il est coupé, abîmé, ou autre chose.") % {"path": path}
        ) from error
    except (BrokenPipeError, FileNotFoundError, PermissionError, IsADirectoryError) as error:
        raise BackupError(
            _("%(path)s ne peut pas être lu : %(why)s.") % {"path": path, "why": error.strerror}
        ) from error
    except OSError as error:
        raise BackupError(
            _("%(path)s est abîmé ou coupé : rien n’en est pris. Prenez une autre copie.") % {"path": path}
        ) from error


def digest_of(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal: a public key lets anybody write such a file, this says that it is the very one."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise BackupError(
            _("%(path)s ne peut pas être lu : %(why)s.") % {"path": path, "why": error.strerror or error}
        ) from error


def _lines(path: Path) -> list[str]:
    try:
        return [line.strip() for line in path.read_text().splitlines()]
    except (OSError, UnicodeDecodeError) as error:
        why = getattr(error, "strerror", None) or error
        raise BackupError(_("%(path)s ne peut pas être lu : %(why)s.") % {"path": path, "why": why}) from error
