"""A new password leaves tokens as they are, and says so to whoever holds some."""

from typing import Any

import pytest
from django.test import Client

from partners.accounts import mailing
from partners.models import AccountLetter, Professional
from sharing.api.tokens import revoke_token
from tests import personas
from tests.accounts.ways import enter
from tests.api.ways import Program, token_of
from tests.personas import Territory

pytestmark = pytest.mark.django_db
NEW = "le chat dort sous la table"
CHOSEN = {"password1": NEW, "password2": NEW}


def changed(who: Client) -> str:
    """The page that follows a change of her password."""
    answer = who.post("/compte/mot-de-passe/", {"oldpassword": personas.PASSWORD, **CHOSEN}, follow=True)
    return str(answer.content.decode())


def test_who_changes_her_password_is_told_of_the_tokens_that_still_serve(territory: Territory) -> None:
    made = token_of(territory.camille)
    token_of(territory.camille)
    revoke_token(token=token_of(territory.camille).token, by=territory.camille)
    token_of(territory.nadia)
    desk = Client()
    enter(desk, territory.camille.professional.email)
    assert "2 jetons que vous avez confiés à des programmes servent encore." in changed(desk)
    assert Program(made.secret).get("moi").status_code == 200


def test_who_holds_none_is_told_nothing_of_tokens(territory: Territory) -> None:
    token_of(territory.nadia)
    desk = Client()
    enter(desk, territory.camille.professional.email)
    page = changed(desk)
    assert "Votre mot de passe est changé." in page
    assert "servent encore" not in page
    assert "sert encore" not in page


@pytest.mark.parametrize("signed_in", [False, True])
def test_who_chooses_one_by_the_letter_is_told_before_she_signs_in(
    territory: Territory, settings: Any, signed_in: bool
) -> None:
    token_of(territory.camille)
    desk = Client()
    if signed_in:
        enter(desk, territory.camille.professional.email)
    herself = Professional.objects.get(pk=territory.camille.professional_id)
    link = mailing.link(AccountLetter.Kind.PASSWORD_RESET, herself).removeprefix(settings.SITE_URL)
    where = desk.get(link, follow=True).redirect_chain[-1][0]
    answer = desk.post(where, CHOSEN, follow=True)
    assert "Un jeton que vous avez confié à un programme sert encore." in answer.content.decode()
