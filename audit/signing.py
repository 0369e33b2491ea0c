"""The receipt of an entry: an Ed25519 signature (RFC 8032) by a key that is not in the database.

Whoever holds the database but not the key cannot change an entry unseen: the hash column would follow the change, the
signature would not.
"""

import os
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

RECEIPT_DOMAIN = b"tact/receipt/v1\x00"


# By its file: what was read, and of which file (inode, instant of its last change).
_held: dict[str, tuple[tuple[int, int], Ed25519PrivateKey]] = {}


def private_key() -> Ed25519PrivateKey:
    """The key that signs receipts, read again once another took the place of its file (`audit.receipt_keys.rotate`).

    What this process has read outlives its file. ImproperlyConfigured where there is nothing to read.
    """
    path = str(settings.RECEIPT_KEY)
    known = _held.get(path)
    try:
        found = os.stat(path)
        stamp = (found.st_ino, found.st_mtime_ns)
        if known is None or known[0] != stamp:
            known = _held[path] = (stamp, read_key(Path(path)))
    except (OSError, ImproperlyConfigured) as error:
        if known is None:
            raise _unreadable(path, error) from error
    return known[1]


def read_key(path: Path) -> Ed25519PrivateKey:
    """The key of a file. OSError; ImproperlyConfigured where it is no Ed25519 key in PEM without a password."""
    try:
        key = serialization.load_pem_private_key(path.read_bytes(), password=None)
    except (ValueError, TypeError) as error:
        raise ImproperlyConfigured(f"The receipt key {path} is not a private key in PEM without a password.") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise ImproperlyConfigured(f"The receipt key {path} is not an Ed25519 key.")
    return key


def _unreadable(path: str, error: Exception) -> Exception:
    if not isinstance(error, OSError):
        return error
    return ImproperlyConfigured(
        f"The receipt key {path} cannot be read ({error.strerror}). "
        "Make one with `manage.py make_receipt_key`, or set TACT_RECEIPT_KEY to its path."
    )


def make_key(path: Path) -> bool:
    """Write a new private key readable by its owner alone; False where one is already there."""
    path.parent.mkdir(parents=True, exist_ok=True)
    pem = Ed25519PrivateKey.generate().private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(pem)
    try:
        os.link(draft, path)  # whole or not at all: two processes starting at once read the same key
    except FileExistsError:
        return False
    finally:
        draft.unlink()
    return True


def sign(body: bytes) -> bytes:
    """The receipt of these exact bytes. ImproperlyConfigured where the key is missing: no receipt, no act.

    Outside production the first receipt makes its key; to check one never does, a new key would accuse every entry.
    """
    path = Path(settings.RECEIPT_KEY)
    if not settings.PRODUCTION and str(path) not in _held and not path.exists():
        make_key(path)
    return private_key().sign(RECEIPT_DOMAIN + body)


def public_key() -> Ed25519PublicKey:
    """The public half, with which anyone can check a receipt."""
    return private_key().public_key()


def holds(body: bytes, receipt: bytes, key: Ed25519PublicKey | None = None) -> bool:
    """Whether the receipt was made for these bytes."""
    try:
        (key or public_key()).verify(receipt, RECEIPT_DOMAIN + body)
    except InvalidSignature:
        return False
    return True
