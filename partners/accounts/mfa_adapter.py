"""What allauth asks of the house about second factors: their secrets enciphered, their names, what a key is bound to."""

import base64
import ipaddress
from typing import Any
from urllib.parse import urlsplit

from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext as _

ISSUER = "Tact"
PURPOSE = b"tact second factor"


def _ring() -> MultiFernet:
    """The key that writes, then those of before, good for reading: each drawn from a key of the house (RFC 5869)."""
    return MultiFernet([_fernet(one) for one in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)])


def _fernet(key: str) -> Fernet:
    drawn = HKDF(algorithm=SHA256(), length=32, salt=None, info=PURPOSE).derive(key.encode())
    return Fernet(base64.urlsafe_b64encode(drawn))


def decipher(token: str) -> str:
    """A secret of a factor. Raises cryptography.fernet.InvalidToken where no key of the house reads it."""
    return _ring().decrypt(token.encode()).decode()


def host_of(request: HttpRequest) -> str:
    """The name of this site, which a passkey is bound to: the configured one where https is served, the browser's otherwise."""
    configured = urlsplit(settings.SITE_URL).hostname if settings.HTTPS else None
    return configured or request.get_host().partition(":")[0].strip("[]")


def keys_can_serve(request: HttpRequest) -> bool:
    """Whether browsers bind passkeys to this site: it must have a name, and an address in digits is none (WebAuthn, part 5.1.2)."""
    try:
        ipaddress.ip_address(host_of(request))
    except ValueError:
        return not request.get_host().startswith("[")
    return False


class FactorAdapter(DefaultMFAAdapter):
    """Ours, by MFA_ADAPTER."""

    def encrypt(self, text: str) -> str:
        return _ring().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return decipher(encrypted_text)

    def get_totp_issuer(self) -> str:
        return ISSUER

    def generate_authenticator_name(self, user: Any, type: str) -> str:  # noqa: A002
        found = Authenticator.objects.filter(user_id=user.pk, type=type).count()
        return _("Ma clé") if not found else _("Ma clé n° %(number)d") % {"number": found + 1}

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return {"id": host_of(context.request), "name": ISSUER}
