"""Mission sheets of the demonstration: every pair that shares knows the other, one pair does not yet, one was not read again."""

import pytest

from partners import clock, sheet_words, sheets
from partners.models import Institution, Membership, MissionSheet
from sharing import law
from sharing.models import Disclosure

pytestmark = pytest.mark.usefixtures("undone")


def nadia() -> Membership:
    return Membership.objects.select_related("institution").get(professional__email="nadia.benali@vallieres.example")


def test_whatever_left_voluntarily_left_for_a_partner_whose_sheet_was_known_and_read() -> None:
    people = Membership.objects.select_related("institution", "professional").in_bulk()
    across = 0
    for one in Disclosure.objects.all():
        text = law.BY_CODE.get(one.basis)
        author, recipient = people[one.author_id], people[one.recipient_id]
        if text is not None and text.voluntary and author.institution_id != recipient.institution_id:
            across += 1
            known = sheets.known(sender=author, recipient=recipient, at=one.released_at)
            assert known == sheets.Known(validated=True, read=True), one.reference
    assert across > 10


def test_one_pair_has_no_validated_sheet_and_it_is_the_turn_of_the_head_of_service() -> None:
    at, by = clock.now(), nadia()
    clinic = Institution.objects.get(name="CMPP de Vallières")
    theirs, ours = sheet_words.between(by, clinic, at)
    assert theirs.standing is ours.standing is None
    assert theirs.her_turn
    assert ours.her_turn
    turn, _again = sheet_words.to_tend(by, at)
    assert {line.about.pk for line in turn} == {clinic.pk, by.institution_id}


def test_one_sheet_was_not_read_again_for_more_than_a_year_and_still_counts() -> None:
    at, by = clock.now(), nadia()
    stale = [line for line in sheet_words.lines(sheet_words.with_writer(MissionSheet.objects.visible_to(by)), by, at)
             if line.stale]  # fmt: skip
    assert [line.about.name for line in stale] == ["CAF du Val-de-Sauve"]
    assert stale[0].standing is not None
