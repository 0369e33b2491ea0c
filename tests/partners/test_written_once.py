"""A statement written once says what it reads, or refuses: no value is left out, no column left as the database keeps it."""

import pytest
from django.db.models import JSONField, Value

from consent.models import Consent
from partners.written_once import written

pytestmark = pytest.mark.django_db


def test_a_value_that_has_no_place_in_the_statement_is_refused() -> None:
    statement = written(Consent.objects.filter(purpose="a mark"), ("pk", "given_by__ends_on"))
    with pytest.raises(KeyError, match="another mark"):
        statement.read({"another mark": "scolarite"})


def test_a_column_that_django_would_turn_into_something_else_is_refused() -> None:
    rows = Consent.objects.filter(purpose="a mark").annotate(said=Value({}, JSONField()))
    with pytest.raises(ValueError, match="said"):
        written(rows, ("pk", "said"))
