"""An establishment's number: fourteen digits whose sum holds, or nothing."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from partners.models import Institution
from partners.siret import is_siret, spaced
from tests import personas
from tests.personas import Territory

# Made up for the tests: the sum holds, the order number 00000 is given to no establishment.
MADE_UP = "99999999400000"


def test_a_number_is_fourteen_digits_whose_sum_holds():
    assert is_siret(MADE_UP)
    for wrong in ("", MADE_UP[:-1], MADE_UP + "0", "99999999400001", " " + MADE_UP[1:], "٩" * 14, MADE_UP + "\n"):
        assert not is_siret(wrong), wrong


def test_two_digits_swapped_are_seen():
    swapped = MADE_UP[:7] + MADE_UP[8] + MADE_UP[7] + MADE_UP[9:]
    assert swapped != MADE_UP
    assert not is_siret(swapped)


def test_an_institution_without_a_number_is_as_good_and_a_wrong_number_is_refused(territory: Territory):
    territory.school.full_clean()
    territory.school.siret = "12345678901234"
    with pytest.raises(ValidationError, match="SIRET"):
        territory.school.full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        Institution.objects.filter(pk=territory.school.pk).update(siret="1234")


def test_the_directory_shows_the_number_where_it_is_known(territory: Territory):
    door = f"/annuaire/{territory.school.pk}/"
    assert "SIRET" not in personas.signed_in(territory.camille).get(door).content.decode()
    Institution.objects.filter(pk=territory.school.pk).update(siret=MADE_UP)
    assert spaced(MADE_UP) in personas.signed_in(territory.camille).get(door).content.decode()
