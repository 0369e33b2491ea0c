"""What the walks of the browser share."""

import pytest

from tests.site import Site


@pytest.fixture(scope="module")
def names(live_site: Site) -> list[str]:
    """The last names of everybody who is accompanied: none may stand in a title or in an address."""
    with live_site.superuser_cursor() as cursor:
        cursor.execute("SELECT DISTINCT last_name FROM cases_person")
        return [row[0] for row in cursor.fetchall()]
