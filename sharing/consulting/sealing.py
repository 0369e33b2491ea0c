"""The link from a consultation to its case, closed with a key of the house: nothing in the row says of whom it is."""

import base64
import hashlib
from uuid import UUID

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.utils.encoding import force_bytes

PURPOSE = b"tact.consultation.case"


class Unreadable(Exception):
    """The key under which it was sealed is no longer one of the house's."""


def _keys() -> MultiFernet:
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet(
        [Fernet(base64.urlsafe_b64encode(hashlib.sha256(PURPOSE + force_bytes(one)).digest())) for one in secrets]
    )


def sealed(case: UUID, consultation: UUID) -> bytes:
    """The case's id, readable only for this consultation."""
    return _keys().encrypt(case.bytes + consultation.bytes)


def opened(token: bytes | memoryview, consultation: UUID) -> UUID:
    """The case's id. Raises Unreadable where the key is gone, or where the seal is that of another consultation."""
    try:
        plain = _keys().decrypt(bytes(token))
    except InvalidToken as error:
        raise Unreadable from error
    if plain[16:] != consultation.bytes:
        raise Unreadable
    return UUID(bytes=plain[:16])
