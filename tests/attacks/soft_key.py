"""A security key in software: whoever holds one, or stole one, and signs with or without a finger."""

import hashlib
import json
import secrets
from typing import Any

from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import Aaguid, AttestationObject, AttestedCredentialData, AuthenticatorData, CollectedClientData

from partners.models import Professional

SITE = "testserver"
FLAG = AuthenticatorData.FLAG


class SoftKey:
    """One key, of one professional, for the tests' own site."""

    def __init__(self, whose: Professional) -> None:
        self.whose = whose
        self.private = ec.generate_private_key(ec.SECP256R1())
        self.id = secrets.token_bytes(32)

    def enrolled(self, **more: Any) -> Authenticator:
        """As she added it a while ago, beside her password."""
        public = AttestedCredentialData.create(
            Aaguid.NONE, self.id, ES256.from_cryptography_key(self.private.public_key())
        )
        seen = AuthenticatorData.create(self._site(), FLAG.UP | FLAG.AT, 0, public)
        asked = CollectedClientData.create("webauthn.create", secrets.token_bytes(32), f"http://{SITE}")
        credential = self._named(
            {
                "clientDataJSON": websafe_encode(asked),
                "attestationObject": websafe_encode(AttestationObject.create("none", seen, {})),
            }
        )
        return Authenticator.objects.create(
            user=self.whose,
            type=Authenticator.Type.WEBAUTHN,
            data={"name": "Clé", "credential": {**credential, **more}},
        )

    def signed(self, options: str, *, verified: bool) -> str:
        """What a browser answers to these options; `verified`: the key checked the finger, or the code, of who holds it."""
        challenge = json.loads(options)["publicKey"]["challenge"]
        asked = CollectedClientData.create("webauthn.get", challenge, f"http://{SITE}")
        seen = AuthenticatorData.create(self._site(), FLAG.UP | (FLAG.UV if verified else FLAG(0)), 1)
        signature = self.private.sign(seen + asked.hash, ec.ECDSA(SHA256()))
        return json.dumps(
            self._named(
                {
                    "clientDataJSON": websafe_encode(asked),
                    "authenticatorData": websafe_encode(seen),
                    "signature": websafe_encode(signature),
                    "userHandle": websafe_encode(user_pk_to_url_str(self.whose).encode()),
                }
            )
        )

    def _named(self, response: dict[str, str]) -> dict[str, Any]:
        name = websafe_encode(self.id)
        return {"id": name, "rawId": name, "type": "public-key", "response": response, "clientExtensionResults": {}}

    def _site(self) -> bytes:
        return hashlib.sha256(SITE.encode()).digest()
