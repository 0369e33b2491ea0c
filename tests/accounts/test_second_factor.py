"""A second factor: set up with one's application, asked at sign-in, once each, slowly guessed, and what stands in for it."""

import re
from collections.abc import Callable

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from django.test import Client

from audit.models import Access
from partners.accounts import codes, factor_acts, mailing
from tests import personas
from tests.accounts import factors as ways
from tests.personas import Territory

SignIn = Callable[[str], Client]


def secret_shown(page: str) -> str:
    found = re.search(r"<code>([A-Z2-7 ]+)</code>", page)
    assert found is not None
    return found[1].replace(" ", "")


def install(client: Client) -> tuple[str, str]:
    """Through the pages: the secret of the application, and the page that shows the recovery codes."""
    secret = secret_shown(client.get(ways.INSTALL).content.decode())
    answer = client.post(ways.INSTALL, {"code": ways.code_of(secret)})
    assert answer.status_code == 200, answer.content.decode()
    return secret, answer.content.decode()


def codes_shown(page: str) -> list[str]:
    return re.findall(r"<code>([0-9 ]+)</code>", page)


def test_camille_installs_an_application_and_it_is_asked_for_at_the_next_sign_in(
    territory: Territory, sign_in: SignIn
) -> None:
    ways.wait_for_a_step_that_lasts()
    her = territory.camille.professional
    inside = sign_in("camille")
    page = inside.get(ways.INSTALL).content.decode()
    assert '<svg class="qr"' in page
    assert "data:" not in page
    secret = secret_shown(page)
    wrong = inside.post(ways.INSTALL, {"code": "000000" if ways.code_of(secret) != "000000" else "111111"})
    assert wrong.status_code == 422
    assert secret_shown(wrong.content.decode()) == secret, "a wrong code does not change the drawing"
    done = inside.post(ways.INSTALL, {"code": ways.code_of(secret)})
    mailing.write()
    shown = codes_shown(done.content.decode())
    assert len(shown) == len(set(shown)) == 10
    assert [letter.to for letter in mail.outbox] == [[her.email]] * 2
    assert not any(her.last_name in letter.body for letter in mail.outbox)
    assert set(Access.objects.filter(professional_ref=her.pk).values_list("action", flat=True)) >= {
        "factor.added",
        "factor.codes_created",
    }

    stored = str(list(Authenticator.objects.filter(user=her).values_list("data", flat=True)))
    assert secret not in stored
    assert not any(one.replace(" ", "") in stored for one in shown)

    elsewhere = Client()
    answer = ways.enter(elsewhere, her, next="/annuaire/")
    assert answer.headers["Location"] == ways.SECOND
    assert not ways.is_in(elsewhere)
    assert elsewhere.get("/annuaire/").status_code == 302
    assert "Encore une preuve" in elsewhere.get(ways.SECOND).content.decode()
    served = elsewhere.post(ways.SECOND, {"code": ways.code_of(secret)})
    assert served.status_code == 422, "the code that set it up never serves again"
    assert not ways.is_in(elsewhere)
    answer = elsewhere.post(ways.SECOND, {"code": ways.code_of(secret, steps=1)})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/annuaire/")
    assert ways.is_in(elsewhere)


def test_a_code_of_an_application_serves_once_and_neither_does_an_older_one(territory: Territory) -> None:
    ways.wait_for_a_step_that_lasts()
    her = territory.camille.professional
    secret = ways.with_application(her)
    now, before, later = ways.code_of(secret), ways.code_of(secret, steps=-1), ways.code_of(secret, steps=2)
    for code, expected in ((later, False), (now, True), (now, False), (before, False)):
        client = Client()
        ways.enter(client, her)
        ways.forget_tries()
        client.post(ways.SECOND, {"code": f" {code[:3]} {code[3:]} "})
        assert ways.is_in(client) is expected, code


def test_guessing_a_code_is_slow_even_with_the_right_one_at_the_end_and_nobody_is_locked_out_for_good(
    territory: Territory,
) -> None:
    ways.wait_for_a_step_that_lasts()
    her = territory.camille.professional
    secret = ways.with_application(her)
    client = Client()
    ways.enter(client, her)
    assert [client.post(ways.SECOND, {"code": f"00000{n}"}).status_code for n in range(6)] == [422] * 5 + [429]
    late = client.post(ways.SECOND, {"code": ways.code_of(secret)})
    assert late.status_code == 429
    assert "secondes, puis réessayez" in late.content.decode()
    again = Client()
    ways.enter(again, her)
    assert again.post(ways.SECOND, {"code": ways.code_of(secret)}).status_code == 429, "a new session counts no less"
    assert not ways.is_in(again)
    ways.forget_tries()
    assert client.post(ways.SECOND, {"code": ways.code_of(secret)}).status_code == 302
    assert Access.objects.filter(action="session.refused", professional_ref=her.pk).count() == 5


def test_a_recovery_code_stands_in_once_and_she_is_told(territory: Territory) -> None:
    her = territory.camille.professional
    ways.with_application(her)
    code, *others = factor_acts.new_codes(by=her, here=None)
    client = Client()
    ways.enter(client, her)
    assert client.post(ways.SECOND, {"code": f"{code[:4]} {code[4:8]} {code[8:]}"}).status_code == 302
    mailing.write()
    assert ways.is_in(client)
    assert factor_acts.codes_left(her) == len(others) == 9
    assert "code de secours" in mail.outbox[-1].subject
    again = Client()
    ways.enter(again, her)
    assert again.post(ways.SECOND, {"code": code}).status_code == 422


def test_recovery_codes_are_shown_once_and_new_ones_end_those_of_before(territory: Territory, sign_in: SignIn) -> None:
    her = territory.camille.professional
    ways.wait_for_a_step_that_lasts()
    inside = sign_in("camille")
    _secret, page = install(inside)
    first = codes_shown(page)
    assert "data-print" in page
    asked = inside.get("/compte/second-facteur/codes/").content.decode()
    overview = inside.get(ways.OVERVIEW).content.decode()
    assert not codes_shown(asked)
    assert not codes_shown(overview)
    second = codes_shown(inside.post("/compte/second-facteur/codes/").content.decode())
    assert not set(first) & set(second)
    client = Client()
    ways.enter(client, her)
    assert client.post(ways.SECOND, {"code": first[0]}).status_code == 422
    assert client.post(ways.SECOND, {"code": second[0]}).status_code == 302


def test_without_the_password_the_second_factor_asks_nothing_and_one_may_start_again(territory: Territory) -> None:
    her = territory.camille.professional
    ways.with_application(her)
    client = Client()
    assert client.get(ways.SECOND).headers["Location"] == ways.SIGN_IN
    ways.enter(client, her)
    assert client.post(ways.SECOND, {"action": "again"}).headers["Location"] == ways.SIGN_IN
    assert client.get(ways.SECOND).headers["Location"] == ways.SIGN_IN


@pytest.mark.parametrize("credential", ["", "{", "[]", '{"id": "x"}', '{"id": "eA", "rawId": "eA", "response": {}}'])
def test_what_is_no_key_proves_nothing_and_breaks_nothing(territory: Territory, credential: str) -> None:
    her = territory.camille.professional
    ways.with_application(her)
    client = Client()
    ways.enter(client, her)
    assert client.post(ways.SECOND, {"credential": credential}).status_code == 422
    stranger = Client(HTTP_HOST="localhost")
    answer = stranger.post("/connexion/cle/", {"credential": credential})
    assert answer.headers["Location"].startswith(ways.SIGN_IN)
    assert not ways.is_in(client)
    assert not ways.is_in(stranger)


def test_a_factor_whose_secret_cannot_be_read_any_more_proves_nothing(territory: Territory, settings) -> None:
    ways.wait_for_a_step_that_lasts()
    her = territory.camille.professional
    secret = ways.with_application(her)
    before, settings.SECRET_KEY = settings.SECRET_KEY, "another key of the house, long enough to be one of production"
    client = Client()
    ways.enter(client, her)
    assert client.post(ways.SECOND, {"code": ways.code_of(secret)}).status_code == 422
    settings.SECRET_KEY_FALLBACKS = [before]
    client = Client()
    ways.enter(client, her)
    assert client.post(ways.SECOND, {"code": ways.code_of(secret)}).status_code == 302


def test_what_changes_a_factor_is_asked_for_freshly_and_by_the_factor_where_there_is_one(
    territory: Territory, sign_in: SignIn
) -> None:
    ways.wait_for_a_step_that_lasts()
    her = territory.camille.professional
    inside = ways.stale(sign_in("camille"))
    for address in (ways.INSTALL, "/compte/second-facteur/codes/", "/compte/second-facteur/cles/nouvelle/"):
        assert inside.get(address).headers["Location"].startswith(ways.AGAIN), address
    wrong = inside.post(ways.AGAIN, {"password": "ce n’est pas elle", "next": ways.INSTALL})
    assert wrong.status_code == 422
    right = inside.post(ways.AGAIN, {"password": personas.PASSWORD, "next": ways.INSTALL})
    assert right.headers["Location"] == ways.INSTALL
    assert inside.get(ways.INSTALL).status_code == 200

    secret = ways.with_application(her)  # meanwhile, in another session
    assert inside.get(ways.INSTALL).headers["Location"].startswith(ways.AGAIN)
    page = inside.get(f"{ways.AGAIN}?next={ways.INSTALL}").content.decode()
    assert "un mot de passe ne suffit pas ici" in page
    assert inside.post(ways.AGAIN, {"password": personas.PASSWORD, "next": ways.INSTALL}).status_code == 422
    right = inside.post(ways.AGAIN, {"password": ways.code_of(secret), "next": ways.INSTALL})
    assert right.headers["Location"] == ways.INSTALL
    assert inside.get(ways.INSTALL).status_code == 200


def test_the_factor_of_somebody_else_is_not_found(territory: Territory, sign_in: SignIn) -> None:
    ways.with_application(territory.nadia.professional)
    hers = Authenticator.objects.get(user=territory.nadia.professional)
    camille = sign_in("camille")
    for address in (f"/compte/second-facteur/{hers.pk}/retirer/", f"/compte/second-facteur/cles/{hers.pk}/"):
        assert camille.get(address).status_code == camille.post(address).status_code == 404


def test_a_factor_that_is_removed_proves_nothing_and_the_recovery_codes_go_with_the_last(
    territory: Territory, sign_in: SignIn
) -> None:
    ways.wait_for_a_step_that_lasts()
    her = territory.camille.professional
    inside = sign_in("camille")
    install(inside)
    factor = Authenticator.objects.get(user=her, type=codes.APPLICATION)
    address = f"/compte/second-facteur/{factor.pk}/retirer/"
    assert "Retirer l’application" in inside.get(address).content.decode()
    assert inside.post(address).status_code == 302
    mailing.write()
    assert not Authenticator.objects.filter(user=her).exists()
    assert "retiré" in mail.outbox[-1].subject
    client = Client()
    ways.enter(client, her)
    assert ways.is_in(client)
