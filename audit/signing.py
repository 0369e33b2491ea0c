"""The receipt of an entry: an Ed25519 signature (RFC 8032) by a key that is not in the database.

Whoever holds the database but not the key cannot change an entry unseen: the hash column would follow the change, the
signature would not.
"""

import os
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

RECEIPT_DOMAIN = b"tact/receipt/v1\x00"


@lru_cache(maxsize=4)
def _key(path: str) -> Ed25519PrivateKey:
    try:
        pem = Path(path).read_bytes()
    except OSError as error:
        raise ImproperlyConfigured(
            f"The receipt key {path} cannot be read ({error.strerror}). "
            "Make one with `manage.py make_receipt_key`, or set TACT_RECEIPT_KEY to its path."
        ) from error
    key = serialization.load_pem_private_key(pem, password=None)
    if not isinstance(key, Ed25519PrivateKey):
        raise ImproperlyConfigured(f"The receipt key {path} is not an Ed25519 key.")
    return key


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
    return _signing_key(str(settings.RECEIPT_KEY)).sign(RECEIPT_DOMAIN + body)


@lru_cache(maxsize=4)
def _signing_key(path: str) -> Ed25519PrivateKey:
    if not settings.PRODUCTION and not Path(path).exists():
        make_key(Path(path))
    return _key(path)


def public_key() -> Ed25519PublicKey:
    """The public half, with which anyone can check a receipt."""
    return _key(str(settings.RECEIPT_KEY)).public_key()


def holds(body: bytes, receipt: bytes, key: Ed25519PublicKey | None = None) -> bool:
    """Whether the receipt was made for these bytes."""
    try:
        (key or public_key()).verify(receipt, RECEIPT_DOMAIN + body)
    except InvalidSignature:
        return False
    return True


def checker() -> Callable[[bytes, bytes], bool]:
    """A check of many receipts by the holder of the key: `check(body, receipt)`.

    Ed25519 gives the same bytes the same signature (RFC 8032, section 5.1.6), and making it again is three times faster
    than verifying it; one that differs is verified all the same. ImproperlyConfigured where the key cannot be read.
    """
    private = _key(str(settings.RECEIPT_KEY))
    public = private.public_key()

    def check(body: bytes, receipt: bytes) -> bool:
        return private.sign(RECEIPT_DOMAIN + body) == receipt or holds(body, receipt, public)

    return check
