"""The two keys that prove the trail, saved apart from the database and from each other, each named by its id.

A saved key is never written over; the same key is saved once.
"""

import io
import os
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from django.utils.translation import gettext as _

from audit import notes

from . import BackupError, age

KEYS = ("receipt", "seal")


def place(which: str) -> Path:
    """The file of this key, as the settings name it."""
    return Path(settings.RECEIPT_KEY if which == "receipt" else settings.SEAL_KEY)


def save(*, which: str, to: Path, recipients: list[Any]) -> Path | None:
    """Encrypt this key into the folder; None where it is there already. BackupError."""
    pem = _pem(place(which))
    path = to / f"{which}-key-{_id(which, pem)}.age"
    if path.exists():
        return None
    with age.new_file(path) as file:
        age.encrypt(io.BytesIO(pem), file, recipients)
    return path


def put_back(*, which: str, path: Path, identities: list[Any]) -> Path:
    """Write this key where the settings look for it, 0600, never over another. BackupError."""
    clear = io.BytesIO()
    age.decrypt(path, clear, identities)
    _id(which, clear.getvalue())
    to = place(which)
    with age.new_file(to) as file:
        file.write(clear.getvalue())
    to.chmod(0o600)
    return to


def _pem(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise BackupError(
            _("La clé %(path)s ne peut pas être lue : %(why)s.") % {"path": path, "why": os.strerror(error.errno or 0)}
        ) from error


def _id(which: str, pem: bytes) -> str:
    """As notes and receipts name it (`audit.keys`)."""
    try:
        key = serialization.load_pem_private_key(pem, password=None)
    except (ValueError, TypeError) as error:
        raise BackupError(_("Ce n’est pas une clé privée.")) from error
    if not isinstance(key, Ed25519PrivateKey):
        raise BackupError(_("Ce n’est pas une clé Ed25519."))
    name = settings.TRAIL_ORIGIN if which == "seal" else f"{settings.TRAIL_ORIGIN}/recus"
    return notes.VerifierKey.of(name, key.public_key()).id.hex()
