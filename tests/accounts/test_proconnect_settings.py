"""ProConnect is described by the environment, wholly or not at all."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from config.env import Environment
from config.proconnect import proconnect_from

WHOLE = {
    "TACT_PROCONNECT_DISCOVERY_URL": "https://proconnect.example/api/v2/.well-known/openid-configuration",
    "TACT_PROCONNECT_CLIENT_ID": "tact",
    "TACT_PROCONNECT_CLIENT_SECRET": "a secret that no page shows",
}


def test_it_is_off_where_nothing_is_set():
    assert proconnect_from(Environment({}), production=True) is None


def test_the_issuer_is_the_discovery_address_without_its_ending_and_the_secret_is_not_shown():
    found = proconnect_from(Environment(WHOLE), production=True)
    assert found is not None
    assert found.issuer == "https://proconnect.example/api/v2"
    assert (found.algorithm, found.pkce, found.loopback) == ("RS256", True, False)
    assert found.levels[-1] == "eidas1"
    assert "secret" not in repr(found)


@pytest.mark.parametrize("name", WHOLE)
def test_half_of_it_is_an_error_that_names_what_is_missing(name: str):
    with pytest.raises(ImproperlyConfigured, match=f"set {name}"):
        proconnect_from(Environment({one: value for one, value in WHOLE.items() if one != name}), production=False)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"TACT_PROCONNECT_DISCOVERY_URL": "https://proconnect.example/api/v2"}, "should end with"),
        ({"TACT_PROCONNECT_DISCOVERY_URL": "http://proconnect.example/.well-known/openid-configuration"}, "https://"),
        ({"TACT_PROCONNECT_DISCOVERY_URL": "http://127.0.0.1/.well-known/openid-configuration"}, "https://"),
        ({"TACT_PROCONNECT_ALGORITHM": "HS256"}, "RS256, ES256"),
        ({"TACT_PROCONNECT_ALGORITHM": "none"}, "RS256, ES256"),
        ({"TACT_PROCONNECT_PKCE": "perhaps"}, "1 or 0"),
    ],
)
def test_what_would_be_weak_or_unreadable_stops_a_production(changed: dict[str, str], said: str):
    with pytest.raises(ImproperlyConfigured, match=said):
        proconnect_from(Environment(WHOLE | changed), production=True)


def test_loopback_is_for_demonstrations_and_tests():
    here = WHOLE | {"TACT_PROCONNECT_DISCOVERY_URL": "http://127.0.0.1:9/.well-known/openid-configuration"}
    found = proconnect_from(Environment(here), production=False)
    assert found is not None
    assert found.loopback
