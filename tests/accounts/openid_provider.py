"""A provider of identities, as its own process on loopback: idpyoidc's, asked as ProConnect is, and lying where a test says so.

Started by tests/accounts/provider.py: `python -m tests.accounts.openid_provider PORT FOLDER CALLBACK…`. A person is chosen on its
page. What it is told at `/lie` holds for the next tokens that it signs, and never happens in an honest one.
"""

import html
import http.server
import json
import os
import sys
from typing import Any
from urllib.parse import parse_qs, urlsplit

from cryptojwt.jwk.hmac import SYMKey
from cryptojwt.jwk.rsa import new_rsa_key
from cryptojwt.jws.jws import JWS
from cryptojwt.utils import b64d
from idpyoidc.message.oidc import verified_claim_name
from idpyoidc.message.oidc.session import EndSessionRequest
from idpyoidc.server import Server
from idpyoidc.server.configure import OPConfiguration
from idpyoidc.server.user_authn.user import NoAuthn
from idpyoidc.time_util import utc_time_sans_frac

CLIENT_ID, CLIENT_SECRET = "tact", "a secret of these tests, long enough for anybody"
# What ProConnect releases: https://partenaires.proconnect.gouv.fr/docs/fournisseur-service/donnees_fournies
SCOPES = {"openid": ["sub"], **{name: [name] for name in ("given_name", "usual_name", "email", "siret", "uid")}}


def person(given: str, usual: str, email: str, siret: str, acr: str, *amr: str) -> dict[str, Any]:
    told = {"given_name": given, "usual_name": usual, "email": email, "siret": siret, "uid": given.lower()}
    return {**told, "acr": acr, "amr": list(amr)}


PEOPLE = {
    "camille": person(
        "Camille", "Roussel", "camille.roussel@elsewhere.example", "99999999400000", "eidas2", "pwd", "mfa"
    ),
    "camille_alone": person("Camille", "Roussel", "c@elsewhere.example", "99999999400000", "eidas1", "pwd"),
    "camille_away": person("Camille", "Roussel", "c2@elsewhere.example", "99999998900000", "eidas2", "pwd", "mfa"),
    "impostor": person("Ignace", "Posteur", "camille.roussel@tact.example", "99999999400000", "eidas2", "pwd", "mfa"),
    "zoe": person("Zoé", "Martin", "zoe@elsewhere.example", "99999999400000", "eidas2", "pwd", "mfa"),
    "nobody": person("Noé", "Body", "noe@elsewhere.example", "", "eidas2", "pwd", "mfa"),
}


def configuration(base: str, folder: str) -> OPConfiguration:
    def endpoint(path: str, name: str, **kwargs: Any) -> dict[str, Any]:
        return {"path": path, "class": f"idpyoidc.server.oidc.{name}", "kwargs": kwargs}

    tokens = {"class": "idpyoidc.server.token.jwt_token.JWTToken", "kwargs": {"lifetime": 60}}
    conf = {
        "issuer": base,
        "key_conf": {
            "key_defs": [{"type": "RSA", "use": ["sig"]}, {"type": "EC", "crv": "P-256", "use": ["sig"]}],
            "uri_path": "jwks",
        },
        "httpc_params": {"verify": False, "timeout": 4},
        "endpoint": {
            "provider_info": endpoint(
                ".well-known/openid-configuration", "provider_config.ProviderConfiguration", client_authn_method=None
            ),
            "authorization": endpoint(
                "authorize",
                "authorization.Authorization",
                client_authn_method=None,
                claims_parameter_supported=True,
                response_types_supported=["code"],
            ),
            "token": endpoint("token", "token.Token", client_authn_method=["client_secret_post"]),
            "userinfo": endpoint("userinfo", "userinfo.UserInfo", client_authn_method=["bearer_header"]),
            "session": endpoint(
                "session/end",
                "session.Session",
                signing_alg="RS256",
                logout_verify_url="verify_logout",
                post_logout_uri_path="",
            ),
        },
        "token_handler_args": {
            "key_conf": {"key_defs": [{"type": "oct", "bytes": 24, "use": ["enc"], "kid": "code"}]},
            "code": {
                "lifetime": 30,
                "kwargs": {
                    "crypt_conf": {
                        "kwargs": {
                            "keys": {
                                "key_defs": [
                                    {"type": "OCT", "use": ["enc"], "kid": "password"},
                                    {"type": "OCT", "use": ["enc"], "kid": "salt"},
                                ]
                            }
                        }
                    }
                },
            },
            "token": tokens,
            "id_token": {"class": "idpyoidc.server.token.id_token.IDToken", "kwargs": {}},
        },
        "session_params": {
            "encrypter": {
                "kwargs": {
                    "keys": {
                        "key_defs": [
                            {"type": "OCT", "use": ["enc"], "kid": "password"},
                            {"type": "OCT", "use": ["enc"], "kid": "salt"},
                        ]
                    }
                }
            }
        },
        "cookie_handler": {
            "class": "idpyoidc.server.cookie_handler.CookieHandler",
            "kwargs": {
                "keys": {
                    "key_defs": [
                        {"type": "OCT", "use": ["enc"], "kid": "enc"},
                        {"type": "OCT", "use": ["sig"], "kid": "sig"},
                    ]
                }
            },
        },
        "scopes_to_claims": SCOPES,
        "userinfo": {"class": "idpyoidc.server.user_info.UserInfo", "kwargs": {"db": PEOPLE}},
        "authentication": {
            "anon": {"acr": "eidas1", "class": "idpyoidc.server.user_authn.user.NoAuthn", "kwargs": {"user": "camille"}}
        },
        "add_on": {
            "pkce": {
                "function": "idpyoidc.server.oauth2.add_on.pkce.add_support",
                "kwargs": {"essential": True, "code_challenge_methods": {"S256": None}},
            }
        },
    }
    return OPConfiguration(conf=conf, base_path=folder)


def lied(token: str, lie: dict[str, Any], keys: list[Any], nonces: list[str]) -> str:
    """The same token, as no honest provider would sign it. `lie`: claims to put (None: to leave out), and how to sign."""
    if not lie:
        return token
    claims = json.loads(_body(token))
    how = lie.get("how", "")
    claims |= lie.get("claims", {})
    if how == "earlier_nonce":
        claims["nonce"] = nonces[0]
    claims = {name: value for name, value in claims.items() if value is not None}
    if how == "none":
        return JWS(json.dumps(claims), alg="none").sign_compact([])
    if how == "other_key":
        stranger = new_rsa_key(use="sig", kid=next(one.kid for one in keys if one.kty == "RSA"))
        return str(JWS(json.dumps(claims), alg="RS256").sign_compact([stranger]))
    if how == "other_algorithm":
        return str(JWS(json.dumps(claims), alg="ES256").sign_compact([one for one in keys if one.kty == "EC"]))
    if how == "client_secret":
        return str(JWS(json.dumps(claims), alg="HS256").sign_compact([SYMKey(key=CLIENT_SECRET, alg="HS256")]))
    return str(JWS(json.dumps(claims), alg="RS256").sign_compact([one for one in keys if one.kty == "RSA"]))


def _body(token: str) -> bytes:
    return b64d(token.split(".")[1].encode())


class Provider:
    """idpyoidc's server, and what surrounds it: the page where one says who one is."""

    def __init__(self, base: str, folder: str, callbacks: list[str]) -> None:
        self.base, self.prefix = base, urlsplit(base).path
        self.server = Server(configuration(base, folder))
        self.context = self.server.context
        self.keys = self.server.keyjar.get_signing_key("RSA", "") + self.server.keyjar.get_signing_key("EC", "")
        self.lies: dict[str, dict[str, Any]] = {}
        self.nonces: list[str] = []
        self.asked: list[dict[str, str]] = []
        self.context.cdb[CLIENT_ID] = {
            "client_id": CLIENT_ID,
            "client_secret": CLIENT_SECRET,
            "redirect_uris": [(f"{one}/proconnect/retour/", {}) for one in callbacks],
            "post_logout_redirect_uri": [(f"{one}/proconnect/au-revoir/", {}) for one in callbacks],
            "token_endpoint_auth_method": "client_secret_post",
            "response_types_supported": ["code"],
            "allowed_scopes": list(SCOPES),
            "userinfo_signed_response_alg": "RS256",
            "id_token_signed_response_alg": "RS256",
        }
        self.server.keyjar.add_symmetric(CLIENT_ID, CLIENT_SECRET)

    def discovery(self) -> dict[str, Any]:
        told = dict(self.context.provider_info)
        return {**told, "issuer": self.base, "jwks_uri": f"{self.base}/jwks"} | self.lies.pop("discovery", {})

    def jwks(self) -> dict[str, Any]:
        return {"keys": [one.serialize(private=False) for one in self.keys]}

    def choose(self, query: str) -> str:
        """The page where one says who one is; the request is checked as it arrives."""
        asked = {name: values[0] for name, values in parse_qs(query).items()}
        self.asked.append(asked)
        checked = self.server.endpoint["authorization"].parse_request(dict(asked))
        if "error" in checked:
            raise ValueError(checked.to_json())
        links = "".join(f'<li><a href="{self.prefix}/as/{one}?{html.escape(query)}">{one}</a></li>' for one in PEOPLE)
        return f"<!doctype html><title>Qui ?</title><h1>Qui êtes-vous ?</h1><ul>{links}</ul>"

    def enter(self, who: str, query: str) -> tuple[str, str]:
        """Where the browser is sent back, and the session's cookie."""
        asked = {name: values[0] for name, values in parse_qs(query).items()}
        endpoint = self.server.endpoint["authorization"]
        request = endpoint.parse_request(dict(asked))
        self.nonces.append(asked["nonce"])
        session = endpoint.create_session(request, who, PEOPLE[who]["acr"], utc_time_sans_frac(), NoAuthn(user=who))
        done = endpoint.authz_part2(request, session)
        answer = endpoint.do_response(**done)
        return str(answer["response"]), session

    def token(self, body: str, headers: dict[str, str]) -> tuple[int, str]:
        endpoint = self.server.endpoint["token"]
        request = endpoint.parse_request(body, http_info={"headers": headers})
        if "error" in request:
            return 400, request.to_json()
        told = endpoint.process_request(request)
        if "error" in told:
            return 400, told.to_json()
        answer = json.loads(endpoint.do_response(request=request, **told)["response"])
        answer["id_token"] = lied(answer["id_token"], self.lies.pop("id_token", {}), self.keys, self.nonces)
        return 200, json.dumps(answer)

    def userinfo(self, headers: dict[str, str]) -> tuple[str, str]:
        endpoint = self.server.endpoint["userinfo"]
        request = endpoint.parse_request({}, http_info={"headers": headers})
        told = endpoint.process_request(request)
        answer = endpoint.do_response(request=request, **told)["response"]
        lie = self.lies.pop("userinfo", {})
        if lie.get("how") == "plain":
            return "application/json", _body(answer).decode()
        return "application/jwt", lied(answer, lie, self.keys, self.nonces)

    def leave(self, query: str) -> str:
        """Where the browser goes after signing out here: the address that the client registered, with the state."""
        asked = {name: values[0] for name, values in parse_qs(query).items()}
        checked = EndSessionRequest(**asked)
        checked.verify(keyjar=self.server.keyjar, sigalg="")
        known = [one for one, _none in self.context.cdb[CLIENT_ID]["post_logout_redirect_uri"]]
        token = checked[verified_claim_name("id_token_hint")]
        if CLIENT_ID not in token["aud"] or asked["post_logout_redirect_uri"] not in known:
            raise ValueError("not ours")
        return f"{asked['post_logout_redirect_uri']}?state={asked['state']}"


def answering(provider: Provider) -> type[http.server.BaseHTTPRequestHandler]:
    class Answer(http.server.BaseHTTPRequestHandler):
        def log_message(self, *_: Any) -> None:
            """Nothing is written."""

        def say(self, status: int, kind: str, text: str, **headers: str) -> None:
            body = text.encode()
            self.send_response(status)
            for name, value in {"Content-Type": kind, "Content-Length": str(len(body)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def told(self) -> dict[str, str]:
            return {name.lower(): value for name, value in self.headers.items()}

        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            path = parts.path.removeprefix(provider.prefix)
            try:
                if path == "/.well-known/openid-configuration":
                    self.say(200, "application/json", json.dumps(provider.discovery()))
                elif path == "/jwks":
                    self.say(200, "application/json", json.dumps(provider.jwks()))
                elif path == "/authorize":
                    self.say(200, "text/html; charset=utf-8", provider.choose(parts.query))
                elif path.startswith("/as/"):
                    self.say(303, "text/plain", "", Location=provider.enter(path.removeprefix("/as/"), parts.query)[0])
                elif path == "/userinfo":
                    self.say(200, *provider.userinfo({"authorization": self.told().get("authorization", "")}))
                elif path == "/session/end":
                    self.say(303, "text/plain", "", Location=provider.leave(parts.query))
                elif path == "/asked":
                    self.say(200, "application/json", json.dumps(provider.asked[-1]))
                else:
                    self.say(404, "text/plain", "")
            except Exception as error:
                self.say(400, "text/plain", f"{type(error).__name__}: {error}")

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            path = urlsplit(self.path).path.removeprefix(provider.prefix)
            if path == "/lie":
                provider.lies = json.loads(body)
                self.say(200, "text/plain", "")
            elif path == "/token":
                status, text = provider.token(body, self.told())
                self.say(status, "application/json", text)
            else:
                self.say(404, "text/plain", "")

    return Answer


def main() -> None:
    port, folder, *callbacks = sys.argv[1:]
    os.chdir(folder)
    base = f"http://127.0.0.1:{port}/api/v2"
    http.server.ThreadingHTTPServer(
        ("127.0.0.1", int(port)), answering(Provider(base, folder, callbacks))
    ).serve_forever()


if __name__ == "__main__":
    main()
