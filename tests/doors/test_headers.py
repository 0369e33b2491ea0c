"""Answers × headers: whatever Tact answers, and however it fails, carries what the table says; cookies too."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings as tact
from django.db import OperationalError
from django.test import Client
from django.urls import reverse

from consent import registry
from partners.accounts import inviting
from partners.accounts.posts import Post
from tests import personas
from tests.accounts.ways import enter
from tests.api.ways import Program, token_of
from tests.personas import Territory
from tests.sharing.ways import draft_of, send

pytestmark = pytest.mark.django_db

EVERY = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
"""On whatever is answered, static files too."""
PRIVATE = EVERY | {
    "Cache-Control": "no-store",
    "X-Frame-Options": "DENY",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
}
"""On whatever is not a static file."""
POLICY = {
    "default-src": "'none'", "object-src": "'none'", "script-src": "'self'", "style-src": "'self'", "img-src": "'self'",
    "font-src": "'self'", "connect-src": "'self'", "form-action": "'self'", "frame-ancestors": "'none'", "base-uri": "'none'",
}  # fmt: skip
STRICTER = {
    "same-origin": ("no-referrer",),
    "no-store": ("max-age=0, no-cache, no-store, must-revalidate, private",),
}
NEVER = ("Access-Control-Allow-Origin", "X-Powered-By", "Server", "X-Forwarded-For")
HSTS = "max-age=31536000; includeSubDomains; preload"

ANSWERS = """
page                 200  text/html
fragment             200  text/html
page_by_htmx         200  text/html
pdf                  200  application/pdf
file                 200  application/zip
api                  200  application/json
text                 200  text/plain
redirect             302  text/html
sign_in_page         200  text/html
bad_host             400  text/html
forged               403  text/html
not_found            404  text/html
not_hers             404  text/html
verb                 405  text/html
conflict             409  text/html
gone                 410  text/html
invalid              422  text/html
too_soon             429  text/html
failure              500  text/html
unreachable          503  text/html
api_invalid          400  application/problem+json
api_unknown          401  application/problem+json
api_scope            403  application/problem+json
api_not_found        404  application/problem+json
api_verb             405  application/problem+json
api_media            415  application/problem+json
api_too_many         429  application/problem+json
api_failure          500  application/problem+json
api_unreachable      503  application/problem+json
static               200  text/css
static_missing       404  text/html
"""
LINES = [line.split() for line in ANSWERS.strip().splitlines()]


class Asking:
    """One way to each answer of the table; the door of a failure is broken for it."""

    def __init__(self, territory: Territory, monkeypatch: pytest.MonkeyPatch, *, secure: bool) -> None:
        self.territory = territory
        self.monkeypatch = monkeypatch
        self.more: dict[str, Any] = {"secure": secure}
        self.camille = personas.signed_in(territory.camille, Client(raise_request_exception=False))
        self.visitor = Client(raise_request_exception=False)

    def program(self, scopes: list[str] | None = None, **options: Any) -> Program:
        program = Program(token_of(self.territory.camille, *([scopes] if scopes else []), **options).secret)
        program.client.raise_request_exception = False
        if self.more["secure"]:
            program.client.defaults["HTTP_X_FORWARDED_PROTO"] = "https"
        return program

    def draft(self, door: str) -> str:
        draft = draft_of(self.territory)
        return f"/situations/{draft.case.reference}/communiquer/{draft.pk}/{door}"

    def broken(self, error: type[Exception]) -> None:
        def fail(*_args: Any, **_options: Any) -> None:
            raise error("canari")

        self.monkeypatch.setattr("partners.middleware.acting.in_force_of", fail)
        self.monkeypatch.setattr("sharing.api.me.Me.get", fail, raising=False)
        self.monkeypatch.setattr("sharing.api.authentication._presented", fail)

    def page(self) -> Any:
        return self.camille.get("/situations/", **self.more)

    def fragment(self) -> Any:
        return self.camille.post(self.draft("verdict/"), headers={"HX-Request": "true"}, **self.more)

    def page_by_htmx(self) -> Any:
        return self.camille.get("/annuaire/", headers={"HX-Request": "true"}, **self.more)

    def pdf(self) -> Any:
        consent = personas.parents_agree(self.territory)
        registry.withdraw(consent=consent, form="in_person", own_words="", by=self.territory.camille)
        paper = reverse("consent:receipt_paper", args=[self.territory.case.reference, consent.pk])
        return self.camille.get(paper, **self.more)

    def file(self) -> Any:
        personas.parents_agree(self.territory)
        sent = send(draft_of(self.territory), self.territory.camille).disclosure
        assert sent is not None
        return self.camille.get(reverse("sharing:sent_proof", args=[sent.pk]), **self.more)

    def api(self) -> Any:
        return self.program().get("moi")

    def text(self) -> Any:
        return self.visitor.get("/robots.txt", **self.more)

    def redirect(self) -> Any:
        return self.visitor.get("/", **self.more)

    def sign_in_page(self) -> Any:
        return self.visitor.get("/connexion/", **self.more)

    def bad_host(self) -> Any:
        return self.visitor.get("/connexion/", headers={"Host": "ailleurs.example"}, **self.more)

    def forged(self) -> Any:
        return Client(enforce_csrf_checks=True).post("/langue/", {"language": "en"}, **self.more)

    def not_found(self) -> Any:
        return self.visitor.get("/nulle-part/", **self.more)

    def not_hers(self) -> Any:
        other = personas.signed_in(self.territory.perrin)
        return other.get(f"/situations/{self.territory.case.reference}/", **self.more)

    def verb(self) -> Any:
        return self.visitor.put("/aide/", **self.more)

    def conflict(self) -> Any:
        post = Post(
            email="zoe.martin@vallieres.fr",
            first_name="Zoé",
            last_name="Martin",
            role="ass_secteur",
            job_title="Assistante sociale",
        )
        _invitation, secret = inviting.invite(post=post, by=self.territory.nadia)
        return self.camille.post(reverse("partners:invitation", args=[secret]), **self.more)

    def gone(self) -> Any:
        key = [self.territory.camille.professional_id.hex, "c0ffee-0123456789abcdef"]
        return self.visitor.get(reverse("account_reset_password_from_key", args=key), **self.more)

    def invalid(self) -> Any:
        return self.camille.post("/situations/nouvelle/", **self.more)

    def too_soon(self) -> Any:
        for _try in range(7):
            answer = enter(self.visitor, self.territory.camille.professional.email, "faux")
            if answer.status_code == 429:
                break
        return answer

    def failure(self) -> Any:
        self.broken(ValueError)
        return self.camille.get("/situations/", **self.more)

    def unreachable(self) -> Any:
        self.broken(OperationalError)
        return self.camille.get("/situations/", **self.more)

    def api_invalid(self) -> Any:
        return self.program().post("demandes", {"status": "sent"})

    def api_unknown(self) -> Any:
        return self.visitor.get("/api/v1/moi", **self.more)

    def api_scope(self) -> Any:
        return self.program(["directory:read"]).get("situations")

    def api_not_found(self) -> Any:
        return self.program().get("nulle-part")

    def api_verb(self) -> Any:
        return self.program().call("DELETE", "moi")

    def api_media(self) -> Any:
        program = self.program()
        return program.client.post(
            "/api/v1/demandes",
            "<a/>",
            content_type="text/xml",
            headers={**program.headers, "Idempotency-Key": "essai-0001"},
        )

    def api_too_many(self) -> Any:
        program = self.program(calls_a_day=1)
        program.get("moi")
        return program.get("moi")

    def api_failure(self) -> Any:
        program = self.program()
        self.broken(ValueError)
        return program.get("moi")

    def api_unreachable(self) -> Any:
        program = self.program()
        self.broken(OperationalError)
        return program.get("moi")

    def static(self) -> Any:
        return self.visitor.get("/static/css/tact.css", **self.more)

    def static_missing(self) -> Any:
        return self.visitor.get("/static/css/rien.css", **self.more)


def carried(found: str | None, said: str) -> bool:
    """As the table says, or stricter."""
    return found is not None and (found == said or found in STRICTER.get(said, ()))


def put_away(answer: Any) -> None:
    """Close its file, and not the database's connection with it."""
    for close in answer._resource_closers:
        close()


def directives(policy: str) -> dict[str, str]:
    return dict(part.strip().split(" ", 1) for part in policy.split(";") if part.strip())


@pytest.mark.parametrize("over", ["http", "https"])
def test_whatever_is_answered_carries_what_the_table_says(
    territory: Territory, monkeypatch: pytest.MonkeyPatch, settings: Any, over: str
) -> None:
    if over == "https":
        settings.SECURE_HSTS_SECONDS, settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = 31_536_000, True
        settings.SECURE_HSTS_PRELOAD = settings.SECURE_SSL_REDIRECT = True
        settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    wrong: dict[str, Any] = {}
    for name, status, kind in LINES:
        if over == "https" and name == "too_soon":
            continue
        with monkeypatch.context() as patched:
            asking = Asking(territory, patched, secure=over == "https")
            way: Callable[[], Any] = getattr(asking, name)
            answer = way()
        own = answer.headers
        if (answer.status_code, own["Content-Type"].partition(";")[0]) != (int(status), kind):
            wrong[name] = (answer.status_code, own["Content-Type"])
            continue
        expected = EVERY if name == "static" else PRIVATE
        missing = {header: own.get(header) for header, said in expected.items() if not carried(own.get(header), said)}
        policy = directives(own.get("Content-Security-Policy", ""))
        if name == "static":
            if {policy.get(one) for one in ("default-src", "frame-ancestors", "base-uri")} != {"'none'"}:
                missing["policy"] = str(policy)
        elif policy != POLICY:
            missing["policy"] = str(policy)
        if re.match(r"text/(?!html|css)|text/html$", own["Content-Type"]) and "charset" not in own["Content-Type"]:
            missing["charset"] = own["Content-Type"]
        missing |= {header: own[header] for header in NEVER if header in own}
        if over == "https" and own.get("Strict-Transport-Security") != HSTS:
            missing["Strict-Transport-Security"] = own.get("Strict-Transport-Security")
        if kind in {"application/zip", "application/pdf"} and not own["Content-Disposition"].startswith("attachment"):
            missing["Content-Disposition"] = own["Content-Disposition"]
        if b"canari" in b"".join(answer.streaming_content if answer.streaming else [answer.content]):
            missing["body"] = "says what failed inside"
        put_away(answer)
        if missing:
            wrong[name] = missing
    assert not wrong, "\n".join(f"{name}: {found}" for name, found in wrong.items())


def test_over_plain_http_a_page_leads_to_https_and_a_program_is_refused(territory: Territory, settings: Any) -> None:
    program = Program(token_of(territory.camille).secret)
    settings.SECURE_SSL_REDIRECT = True
    page = Client().get("/aide/")
    assert (page.status_code, page.headers["Location"]) == (301, "https://testserver/aide/")
    refused = program.get("moi")
    assert refused.status_code == 403
    assert refused.json()["type"] == "urn:tact:problem:in_clear"
    assert "révoquez-le" in refused.json()["detail"]
    assert Client().get("/healthz").status_code == 200


@pytest.fixture
def over_https(settings: Any) -> None:
    for name in ("SESSION", "CSRF", "LANGUAGE"):
        setattr(settings, f"{name}_COOKIE_SECURE", True)


def test_every_cookie_may_bear_the_prefix_of_this_very_site(territory: Territory, over_https: None) -> None:
    """`__Host-`: secure, for the whole site, for no other host; unread by scripts, never sent from elsewhere by a form."""
    client = Client()
    client.get("/connexion/", secure=True)
    client.post(
        "/connexion/", {"login": territory.camille.professional.email, "password": personas.PASSWORD}, secure=True
    )
    client.post("/langue/", {"language": "en", "next": "/"}, secure=True)
    client.get("/", secure=True)
    known = {getattr(tact, name) for name in dir(tact) if name.endswith("_COOKIE_NAME")}
    seen = {name: morsel for name, morsel in client.cookies.items() if morsel.value}
    assert len(seen) >= 4
    assert set(seen) <= known
    for name, morsel in seen.items():
        assert (morsel["path"], morsel["domain"]) == ("/", ""), name
        assert (morsel["secure"], morsel["httponly"], morsel["samesite"]) == (True, True, "Lax"), name
        assert len(name) + len(morsel.value) < 4096, name


def test_signing_out_leaves_nothing_in_the_browser(territory: Territory) -> None:
    client = personas.signed_in(territory.camille)
    for address in ("/", "/situations/"):
        client.get(address)
    left = client.post("/deconnexion/")
    assert left.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert not client.cookies[tact.SESSION_COOKIE_NAME].value
    assert not [one for one in client.get("/").cookies.values() if one.value and one.key == tact.SESSION_COOKIE_NAME]


def test_no_view_lets_another_site_read_it(territory: Territory) -> None:
    """CORS: no answer names another origin, whichever asks, before or during."""
    program = Program(token_of(territory.camille).secret, Origin="https://ailleurs.example")
    asked: dict[str, Any] = {"Origin": "https://ailleurs.example", "Access-Control-Request-Method": "GET"}
    for answer in (
        program.get("moi"),
        program.call("OPTIONS", "moi", **asked),
        Client().options("/connexion/", headers=asked),
        Client().get("/static/css/tact.css", headers=asked),
    ):
        put_away(answer)
        assert not [name for name in answer.headers if name.lower().startswith("access-control-")]


def test_an_address_longer_than_reason_or_made_of_controls_is_answered_calmly() -> None:
    client = Client(raise_request_exception=False)
    for path in (
        "/" + "a" * 6000,
        "/%00",
        "/%0d%0aSet-Cookie:%20a=b",
        "/..%2f..%2fetc%2fpasswd",
        "/static/../config/settings.py",
    ):
        answer: Any = client.get(path)
        assert answer.status_code in {302, 400, 404}, path
        assert "a=b" not in answer.headers.get("Set-Cookie", "")
