"""What proves who she is changes: her other sessions end at once, this one goes on, and both the page and a letter say so."""

from allauth.mfa.models import Authenticator
from django.test import Client

from partners.accounts import codes, factor_acts, sessions
from partners.models import Professional
from tests import personas
from tests.accounts import factors, ways
from tests.personas import Territory

PAGE = "/compte/"
SAID = "autres sessions sont fermées"


def opened(her: Professional, *, code: str = "") -> Client:
    """A session of hers, entered through the form, by her factor too where she has one."""
    client = Client()
    factors.enter(client, her)
    if code:
        client.post(factors.SECOND, {"code": code})
    assert client.get(PAGE).status_code == 200
    return client


def written_and_said() -> bool:
    """Whether each letter about what changed says it; those about a browser that never entered are others."""
    told = [one.body for one in ways.letters() if "navigateur" not in one.subject]
    return bool(told) and all(SAID in one for one in told)


def is_out(client: Client) -> bool:
    return bool(client.get(PAGE).status_code == 302)


def test_a_factor_set_up_new_codes_and_a_factor_removed_each_end_the_other_sessions(territory: Territory) -> None:
    factors.wait_for_a_step_that_lasts()
    her, colleague = territory.camille.professional, opened(territory.leila.professional)
    here, elsewhere = opened(her), opened(her)
    page = here.get(factors.INSTALL).content.decode()
    assert "Vos sessions ouvertes ailleurs se fermeront" in page
    secret = page.partition('<p class="copyable num"><code>')[2].partition("</code>")[0].replace(" ", "")
    done = here.post(factors.INSTALL, {"code": factors.code_of(secret)})
    assert SAID in done.content.decode(), "the page of the recovery codes says it"
    assert is_out(elsewhere)
    assert not is_out(here)
    assert written_and_said()

    again = opened(her, code=factors.code_of(secret, steps=1))
    assert "Vos sessions ouvertes ailleurs se fermeront" in here.get("/compte/second-facteur/codes/").content.decode()
    assert SAID in here.post("/compte/second-facteur/codes/").content.decode()
    assert is_out(again)
    assert not is_out(here)
    assert written_and_said()

    factor = Authenticator.objects.get(user=her, type=codes.APPLICATION)
    factor.data[codes.LAST] -= 2
    factor.save()
    again = opened(her, code=factors.code_of(secret, steps=1))
    address = f"/compte/second-facteur/{factor.pk}/retirer/"
    assert "Vos sessions ouvertes ailleurs se fermeront" in here.get(address).content.decode()
    told = here.post(address, follow=True).content.decode()
    assert SAID in told.replace("Vos autres", "autres")
    assert is_out(again)
    assert not is_out(here)
    assert not is_out(colleague), "nobody else's session ends"


def test_a_key_added_ends_the_other_sessions_of_its_owner(territory: Territory) -> None:
    her = territory.camille.professional
    here, elsewhere = opened(her), opened(her)
    factor_acts.add_key(by=her, name="Ma clé", credential={"fake": True}, here=here.session.session_key)
    assert is_out(elsewhere)
    assert not is_out(here)


def test_a_password_changed_ends_the_others_and_a_stolen_session_does_not_outlive_it(territory: Territory) -> None:
    her = territory.camille.professional
    here, stolen = opened(her), opened(her)
    asked = here.get("/compte/mot-de-passe/").content.decode()
    assert "Vos sessions ouvertes ailleurs se fermeront" in asked
    new = "les tilleuls sentent bon en juin"
    typed = {"oldpassword": personas.PASSWORD, "password1": new, "password2": new}
    told = here.post("/compte/mot-de-passe/", typed, follow=True).content.decode()
    assert "Vos autres sessions sont fermées" in told
    assert is_out(stolen)
    assert not is_out(here)
    assert written_and_said()


def test_whoever_is_in_no_session_keeps_none(territory: Territory) -> None:
    her = territory.camille.professional
    first, second = opened(her), opened(her)
    assert sessions.end_others(her, here=None) == 2
    assert is_out(first)
    assert is_out(second)
