"""Mission sheets: written by one side, validated by the other, by another person; what they close, and what they never close."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.test.utils import CaptureQueriesContext

from audit import ledger
from audit.models import Entry
from partners import clock, sheet_words, sheets
from partners.models import Membership, MissionSheet, SheetAnswer, SheetReading
from partners.tending import DirectoryError, NotTended, SamePerson, TooLate
from sharing import service
from sharing.service import Outcome
from tests import personas
from tests.directory.ways import CONTENTS, read_by, recognise
from tests.duties.ways import around, concern
from tests.personas import Territory
from tests.sharing.ways import draft_of, send

pytestmark = pytest.mark.django_db
OTHER = replace(CONTENTS, limits="Ni soin, ni enquête.")


@pytest.fixture
def solange(territory: Territory) -> Membership:
    """She tends the directory of the département, with which the house has no sheet yet."""
    return personas.tends_the_directory(territory, territory.department, name="Solange")


def written(territory: Territory, by: Membership, *, contents: sheets.Contents = CONTENTS) -> MissionSheet:
    return sheets.write(about=territory.department, partner=territory.house, contents=contents, by=by)


def state(sheet: MissionSheet) -> str:
    pair = MissionSheet.objects.filter(about=sheet.about_id, partner=sheet.partner_id).select_related("written_by")
    return next(one.state for one in sheets.versions(pair) if one.sheet.pk == sheet.pk)


def test_a_sheet_counts_once_the_other_side_validates_it(territory: Territory, solange: Membership) -> None:
    sheet = written(territory, solange)
    assert state(sheet) == "waiting"
    known = sheets.known(sender=territory.camille, recipient=solange, at=clock.now())
    assert not known.validated
    sheets.answer(sheet=sheet, validated=True, sentence="", by=territory.nadia)
    assert state(sheet) == "validated"
    assert sheets.known(sender=territory.camille, recipient=solange, at=clock.now()).validated
    assert not sheets.known(
        sender=solange, recipient=territory.camille, at=clock.now()
    ).validated  # the other direction
    assert list(Entry.objects.order_by("pk").values_list("action", flat=True))[-2:] == [
        "sheet.proposed",
        "sheet.approved",
    ]


def test_either_side_may_write_and_the_other_answers(territory: Territory, solange: Membership) -> None:
    sheet = written(territory, territory.nadia)  # of the département, by the house
    with pytest.raises(NotTended):
        sheets.answer(sheet=sheet, validated=True, sentence="", by=territory.nadia)
    sheets.answer(sheet=sheet, validated=True, sentence="", by=solange)


@pytest.mark.parametrize("name", ["camille", "lantier", "yann", "claire"])
def test_whoever_tends_neither_side_neither_writes_nor_answers(
    territory: Territory, solange: Membership, name: str
) -> None:
    somebody = getattr(territory, name)
    with pytest.raises(NotTended):
        written(territory, somebody)
    with pytest.raises(NotTended):
        sheets.answer(sheet=written(territory, solange), validated=True, sentence="", by=somebody)


def test_abuse_10_one_person_at_both_institutions_is_one_pair_of_eyes(
    territory: Territory, solange: Membership
) -> None:
    sheet = written(territory, solange)
    twice = personas.post(
        solange.professional, territory.house, "chef_service", "Cheffe", "fonction", "CASF L221-6", "team_lead"
    )
    with pytest.raises(SamePerson):
        sheets.answer(sheet=sheet, validated=True, sentence="", by=twice)
    row, entry = sheets.answer_of(sheet=sheet, validated=True, sentence="", by=twice, at=clock.now())
    row.entry_id = ledger.record(**entry)
    with pytest.raises(IntegrityError, match="sheet_seen_by_four_eyes"), transaction.atomic():
        row.save(force_insert=True)


def test_changes_are_asked_in_a_sentence_and_a_new_version_takes_their_place(
    territory: Territory, solange: Membership
) -> None:
    first = written(territory, solange)
    with pytest.raises(DirectoryError, match="ce qui est à changer"):
        sheets.answer(sheet=first, validated=False, sentence=" ", by=territory.nadia)
    sheets.answer(sheet=first, validated=False, sentence="Et les soins\u00a0?", by=territory.nadia)
    assert state(first) == "changes_asked"
    second = written(territory, solange, contents=OTHER)
    assert (second.version, state(first), state(second)) == (2, "replaced", "waiting")
    with pytest.raises(TooLate):
        sheets.answer(sheet=first, validated=True, sentence="", by=territory.nadia)


def test_what_was_validated_stands_until_the_next_is(territory: Territory, solange: Membership) -> None:
    first = written(territory, solange)
    sheets.answer(sheet=first, validated=True, sentence="", by=territory.nadia)
    second = written(territory, solange, contents=OTHER)
    assert (state(first), state(second)) == ("validated", "waiting")
    sheets.answer(sheet=second, validated=False, sentence="Trop large.", by=territory.nadia)
    assert sheets.known(sender=territory.camille, recipient=solange, at=clock.now()).validated
    third = written(territory, solange, contents=replace(CONTENTS, limits="Aucun soin."))
    sheets.answer(sheet=third, validated=True, sentence="", by=territory.nadia)
    assert [state(one) for one in (first, second, third)] == ["replaced", "replaced", "validated"]


def test_the_same_twice_is_once_and_another_answer_comes_too_late(territory: Territory, solange: Membership) -> None:
    sheet = written(territory, solange)
    assert written(territory, solange) == sheet
    answer = sheets.answer(sheet=sheet, validated=True, sentence="", by=territory.nadia)
    assert sheets.answer(sheet=sheet, validated=True, sentence="", by=territory.nadia) == answer
    with pytest.raises(TooLate):
        sheets.answer(sheet=sheet, validated=False, sentence="Non.", by=territory.nadia)
    reading = sheets.acknowledge(sheet=sheet, by=territory.camille)
    assert sheets.acknowledge(sheet=sheet, by=territory.camille) == reading


def test_sent_again_unchanged_it_says_so_and_proposes_nothing_before_a_year(
    territory: Territory, solange: Membership
) -> None:
    at = clock.now() - timedelta(days=400)
    sheet = sheets.write(
        about=territory.department, partner=territory.house, contents=CONTENTS, by=solange, at=at - timedelta(days=1)
    )
    armelle = personas.tends_the_directory(territory, territory.house, name="Armelle")
    with pytest.raises(DirectoryError, match="Rien n’a changé"):  # it waits already, written by another
        written(territory, armelle)
    sheets.answer(sheet=sheet, validated=True, sentence="", by=armelle, at=at)
    with pytest.raises(DirectoryError, match="Rien n’a changé"):
        sheets.write(
            about=territory.department,
            partner=territory.house,
            contents=replace(CONTENTS, missions=f" {CONTENTS.missions} "),
            by=solange,
            at=at + timedelta(days=360),
        )
    assert MissionSheet.objects.filter(about=territory.department).count() == 1
    assert written(territory, solange).version == 2  # a year after, both read it again


def test_bad_input_says_what_to_do(territory: Territory, solange: Membership) -> None:
    with pytest.raises(DirectoryError, match="cinq parties"):
        written(territory, solange, contents=replace(CONTENTS, secrecy="  "))
    with pytest.raises(DirectoryError, match="Raccourcissez"):
        written(territory, solange, contents=replace(CONTENTS, missions="x" * 1501))
    with pytest.raises(DirectoryError, match="deux institutions"):
        sheets.write(about=territory.house, partner=territory.house, contents=CONTENTS, by=territory.nadia)


def test_the_database_refuses_to_change_or_remove_a_sheet(territory: Territory) -> None:
    sheet = MissionSheet.objects.latest("version")
    for change in (
        lambda: MissionSheet.objects.filter(pk=sheet.pk).update(missions="autre"),
        lambda: SheetAnswer.objects.all().delete(),
        lambda: SheetReading.objects.all().update(read_at=clock.now()),
    ):
        with pytest.raises(ProgrammingError), transaction.atomic():
            change()
    with pytest.raises(IntegrityError, match="no act without its entry"), transaction.atomic():
        SheetReading.objects.create(
            sheet=sheet,
            membership=territory.nadia,
            reader_id=territory.nadia.professional_id,
            read_at=clock.now(),
            entry=Entry.objects.latest("pk"),
        )


# --- what it closes ------------------------------------------------------------------------------------------------------


def without_sheet(territory: Territory) -> Membership:
    """The head of another school, with an agreement and no sheet."""
    school = personas.institution("École Pasteur", "École élémentaire publique")
    head = personas.post(
        personas.professional("Irène", "Faure"), school, "directeur_ecole", "Directrice", "discretion", "CGFP L121-7"
    )
    personas.agreement(
        "31", territory.house, school, purposes=["scolarite"], categories=["consigne_pratique", "besoins_scolaires"]
    )
    personas.parents_agree(territory, recipient=head)
    return head


def test_without_a_validated_sheet_nothing_voluntary_leaves_and_the_way_out_says_so(territory: Territory) -> None:
    head = without_sheet(territory)
    shared = send(draft_of(territory, recipient=head), territory.camille)
    assert shared.outcome is Outcome.REFUSED
    assert shared.decision is not None
    assert shared.decision.reasons == ("condition_missing",)
    _facts, decision = service.preview(draft=draft_of(territory, recipient=head), by=territory.camille)
    assert "validate_sheet" in {way.code for way in decision.paths}


def test_once_validated_it_is_read_before_the_first_disclosure(territory: Territory) -> None:
    head = without_sheet(territory)
    recognise(territory.nadia, head)
    _facts, decision = service.preview(draft=draft_of(territory, recipient=head), by=territory.camille)
    assert decision.verdict == "deny"
    assert "read_sheet" in {way.code for way in decision.paths}
    read_by(territory.camille, head)
    assert send(draft_of(territory, recipient=head), territory.camille).outcome is Outcome.RELEASED


def test_a_concern_report_waits_for_no_sheet(territory: Territory) -> None:
    assert not MissionSheet.objects.filter(about=territory.department).exists()
    assert concern(territory, around(territory).crip) is not None


def test_a_new_version_that_is_not_read_asks_nothing_more_of_who_read_a_former_one(territory: Territory) -> None:
    at_school = personas.tends_the_directory(territory, territory.school, name="Solange")
    new = sheets.write(about=territory.school, partner=territory.house, contents=OTHER, by=at_school)
    sheets.answer(sheet=new, validated=True, sentence="", by=territory.nadia)
    personas.parents_agree(territory)
    assert send(draft_of(territory), territory.camille).outcome is Outcome.RELEASED


def test_knowing_a_partner_costs_one_statement_and_colleagues_none(territory: Territory) -> None:
    at = clock.now()
    with CaptureQueriesContext(connection) as asked:
        sheets.known(sender=territory.camille, recipient=territory.lantier, at=at)
    assert len(asked) == 1
    with CaptureQueriesContext(connection) as asked:
        assert sheets.known(sender=territory.camille, recipient=territory.nadia, at=at) == sheets.COLLEAGUES
    assert len(asked) == 0


def test_after_twelve_months_it_is_said_to_be_read_again_and_closes_nothing(territory: Territory) -> None:
    later = clock.now() + timedelta(days=430)
    theirs, _ours = sheet_words.between(territory.nadia, territory.school, later)
    assert theirs.stale
    assert theirs.age == "relue il y a 16 mois\u00a0: à revoir"
    known = sheets.known(sender=territory.camille, recipient=territory.lantier, at=later)
    assert known == sheets.Known(validated=True, read=True)


def test_a_sheet_is_seen_by_its_two_institutions_only(territory: Territory) -> None:
    visible = MissionSheet.objects.visible_to(territory.sofia)
    assert {(one.about_id, one.partner_id) for one in visible} == {
        (territory.clinic.pk, territory.house.pk),
        (territory.house.pk, territory.clinic.pk),
    }
