"""allauth's OpenID Connect provider, as ProConnect wants it: a nonce, signed userinfo, pinned signatures (traps.md).

allauth keeps the state (in the session, once, for ten minutes), the PKCE verifier and the calls; what is believed is ours.
"""

import json
import secrets
from typing import Any

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter, get_adapter
from allauth.socialaccount.models import SocialApp, SocialToken
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.core.cache import cache
from django.http import Http404, HttpRequest
from django.urls import reverse

from . import arriving, tokens
from .described import ProConnect, may_be_reached
from .refusing import Refused

ID = "proconnect"
SCOPES = ["openid", "given_name", "usual_name", "email", "siret"]
CLAIMS = {"id_token": {"amr": {"essential": True}}}
KEPT_SECONDS = 5 * 60
"""What the provider publishes of itself is read again after that: whoever presses our button does not make us call each time."""
RANDOM_BYTES = 32
"""ProConnect asks for 32 characters at least in a state and in a nonce."""


def described() -> ProConnect:
    """The provider of the settings. Raises Http404 where there is none: these doors do not exist then."""
    if settings.PROCONNECT is None:
        raise Http404
    found: ProConnect = settings.PROCONNECT
    return found


class SocialAdapter(DefaultSocialAccountAdapter):
    """Nobody signs up by a provider, no account is found by its address, no call follows a redirection."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        return False

    def can_authenticate_by_email(self, login: Any, email: str) -> bool:
        return False

    def get_requests_session(self) -> Any:
        session = super().get_requests_session()
        session.max_redirects = 0
        return session

    def generate_state_param(self, state: dict[str, Any]) -> str:
        return secrets.token_urlsafe(RANDOM_BYTES)

    def on_authentication_error(
        self, request: HttpRequest, provider: Any, error: Any = None, exception: Any = None, extra_context: Any = None
    ) -> None:
        raise ImmediateHttpResponse(arriving.refused(request, error=error, exception=exception, told=extra_context))


class Provider(OpenIDConnectProvider):
    """What is asked of ProConnect, and under which name its state is kept."""

    adapter: "Adapter"

    def get_oauth2_adapter(self, request: HttpRequest) -> "Adapter":
        """The one that made it: what the provider publishes is read once a request."""
        return self.adapter

    def get_default_scope(self) -> list[str]:
        return SCOPES

    def get_callback_url(self) -> str:
        return reverse("proconnect_back")


class Adapter(OpenIDConnectOAuth2Adapter):
    """The calls to ProConnect, and what is made of its answers."""

    def __init__(self, request: HttpRequest) -> None:
        super().__init__(request, ID)
        self.described = described()
        self.state: dict[str, Any] = {}

    def get_provider(self) -> Provider:
        app = SocialApp(provider=OpenIDConnectProvider.id, provider_id=ID, name="ProConnect")
        app.client_id, app.secret = self.described.client_id, self.described.client_secret
        app.settings = {"server_url": self.described.discovery_url, "token_auth_method": "client_secret_post"}
        app.settings["oauth_pkce_enabled"] = False
        provider = Provider(self.request, app=app)
        provider.adapter = self
        return provider

    @property
    def openid_config(self) -> dict[str, Any]:
        """What the provider publishes of itself. Raises Refused where it speaks for another, or sends elsewhere in clear."""
        key = f"proconnect:{self.described.discovery_url}"
        if not hasattr(self, "_openid_config") and (kept := cache.get(key)):
            self._openid_config = kept
        fresh = not hasattr(self, "_openid_config")
        config = super().openid_config
        if not isinstance(config, dict) or config.get("issuer") != self.described.issuer:
            raise Refused("not_for_us")
        if fresh:
            cache.set(key, config, KEPT_SECONDS)
        return config

    def address(self, name: str) -> str:
        """One of its published addresses. Raises Refused where it is missing, or not one that may be called."""
        url = self.openid_config.get(name)
        if not isinstance(url, str) or not may_be_reached(url, loopback=self.described.loopback):
            raise Refused("silent")
        return url

    @property
    def access_token_url(self) -> str:
        return self.address("token_endpoint")

    @property
    def authorize_url(self) -> str:
        return self.address("authorization_endpoint")

    def get_callback_url(self, request: HttpRequest, app: SocialApp) -> str:
        return request.build_absolute_uri(reverse("proconnect_back"))

    def parse_token(self, data: dict[str, Any]) -> SocialToken:
        """Used once, here and now, and kept nowhere."""
        return SocialToken(token=str(data["access_token"]))

    def asked(self, nonce: str) -> dict[str, Any]:
        """What is added to the request: a nonce, the levels wanted, the methods to be told."""
        return {"nonce": nonce, "acr_values": " ".join(self.described.levels), "claims": json.dumps(CLAIMS)}

    def proves_possession(self) -> bool:
        """Whether PKCE is asked for and understood there (RFC 7636, S256)."""
        methods = self.openid_config.get("code_challenge_methods_supported")
        return self.described.pkce and isinstance(methods, list) and "S256" in methods

    def complete_login(self, request: HttpRequest, app: SocialApp, token: SocialToken, **told: Any) -> Any:
        """Believe what is signed, and go where it leads. Raises Refused, requests.RequestException."""
        keys = self._read(self.address("jwks_uri")).json()
        claims = tokens.entering(
            told["response"].get("id_token"),
            keys=keys,
            provider=self.described,
            nonce=(self.state.get("data") or {}).get("nonce"),
            access_token=token.token,
        )
        answer = self._read(self.address("userinfo_endpoint"), Authorization=f"Bearer {token.token}")
        if not answer.headers.get("Content-Type", "").startswith("application/jwt"):
            raise Refused("unreadable")
        said = tokens.signed(answer.text, keys=keys, provider=self.described, required=("iss", "aud", "sub"))
        identity = tokens.identity_of(claims, said, self.described)
        way_out = (told["response"]["id_token"], self.way_out())
        raise ImmediateHttpResponse(arriving.arrived(request, identity, state=self.state, way_out=way_out))

    def way_out(self) -> str:
        """Where one signs out there; empty where it does not say."""
        return self.address("end_session_endpoint") if "end_session_endpoint" in self.openid_config else ""

    def _read(self, url: str, **headers: str) -> Any:
        with get_adapter().get_requests_session() as calls:
            answer = calls.get(url, headers=headers)
            answer.raise_for_status()
        return answer


class CallbackView(OAuth2CallbackView):
    """The way back. The state that answers is taken out of the session: it never answers twice."""

    def _get_state(self, request: HttpRequest, provider: Any) -> Any:
        state, response = super()._get_state(request, provider)
        told = request.GET.get("iss")
        if response is None and told is not None and told != self.adapter.described.issuer:
            # RFC 9207: an answer that says whose it is, and is not our provider's.
            raise ImmediateHttpResponse(
                arriving.refused(request, error=None, exception=Refused("not_for_us"), told=None)
            )
        if state is not None:
            self.adapter.state = state
        return state, response


def address_to_enter(request: HttpRequest, *, next_url: str) -> str:
    """The address at ProConnect where she proves who she is; its state and nonce wait in her session.

    Raises Refused, requests.RequestException.
    """
    adapter = Adapter(request)
    provider = adapter.get_provider()
    provider.app.settings["oauth_pkce_enabled"] = adapter.proves_possession()
    nonce = secrets.token_urlsafe(RANDOM_BYTES)
    adapter.authorize_url  # noqa: B018  (what it refuses is refused before anything waits in the session)
    response = provider.redirect(
        request, "login", next_url=next_url, data={"nonce": nonce}, auth_params=adapter.asked(nonce)
    )
    return response["Location"]
