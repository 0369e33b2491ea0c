"""`manage.py load_demo`: what it refuses, what it says, and that it makes the same thing twice."""

import io
import json
from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.test import override_settings

from audit import verification
from audit.models import Payload
from cases import access, dissent, files, standing_acts
from cases.models import Assignment, Case, Involvement, ItemContent, Person, PersonStatus, Representative
from consent import registry
from consent.models import Consent
from partners import clock, narrowing, sheets
from partners.models import Institution, Membership, Professional
from sharing import discharge, reading, service, withdrawal
from sharing.asking import answering
from sharing.consulting import acts as consulting
from sharing.demo import copying, loading
from sharing.demo.batch import Batch
from sharing.demo.following import follow
from sharing.management.commands.load_demo import Progress
from sharing.models import Conclusion, DecisionRecord, Draft, DraftItem, DutyAct
from sharing.owing import state_of
from sharing.returning import acts as returning
from tests import personas
from tests.asking import ways as requests
from tests.consulting import test_consultation as consultations
from tests.directory.ways import CONTENTS
from tests.duties.ways import around, concern, conclude, duty_of
from tests.linking import ways as sheet_ways
from tests.reviewing import ways as opinions
from tests.rights import ways as rights_ways


def load_demo(**options: Any) -> str:
    out = io.StringIO()
    call_command("load_demo", stdout=out, **options)
    return out.getvalue()


def test_it_refuses_production_in_one_sentence(db: None) -> None:
    with override_settings(PRODUCTION=True), pytest.raises(CommandError, match="ne se charge pas en production"):
        load_demo()
    assert loading.is_empty()


def test_it_does_nothing_where_somebody_is_already_at_home(db: None) -> None:
    Institution.objects.create(name="Maison des solidarités de Vallières", kind="Service social")
    assert "rien n’a été chargé" in load_demo(if_empty=True)
    with pytest.raises(CommandError, match="base vide"):
        load_demo()
    assert Institution.objects.count() == 1


def test_it_wants_at_least_one_situation(db: None) -> None:
    with pytest.raises(CommandError, match="au moins une"):
        load_demo(cases=0)


@pytest.mark.parametrize("cases", [1, 3, 12])
def test_a_few_situations_are_enough_to_begin_the_guided_way(cases: int, db: None) -> None:
    assert f"{cases} situations" in load_demo(cases=cases)
    assert Case.objects.count() == cases
    assert Case.objects.get(reference__endswith="-0143").person.short_name == "M. B."


def test_a_second_demonstration_leaves_the_first_as_it_was(db: None) -> None:
    loading.load(cases=2)
    before = Case.objects.count()
    with pytest.raises(Exception, match="already exists"), transaction.atomic():
        loading.load(cases=2)
    assert Case.objects.count() == before


def test_many_situations_are_made_side_by_side_and_their_trail_holds(own_database: str) -> None:
    out = load_demo(cases=460)
    assert out.startswith("460 situations, 613 personnes, 65 professionnels, 28 institutions"), out
    assert Case.objects.visible_to(personas_camille()).count() == 35
    assert len(set(Case.objects.values_list("reference", flat=True))) == 460
    assert verification.verify().holds


def personas_camille() -> Membership:
    return Membership.objects.get(professional__email="camille.roussel@vallieres.example")


def told() -> list[list[Any]]:
    """Everything that is read of the demonstration, without identifiers nor numbers."""
    return [
        list(Institution.objects.order_by("name").values_list("name", "phone", "email")),
        list(Professional.objects.order_by("email").values_list("email", "first_name", "last_name", "title")),
        sorted(Person.objects.values_list("last_name", "first_name", "birth_date")),
        sorted(ItemContent.objects.values_list("item__label", "text", "item__observed_on")),
        sorted(DecisionRecord.objects.values_list("decided_at", "purpose", "verdict", "basis")),
        sorted(Consent.objects.values_list("recorded_at", "purpose", "own_words")),
    ]


def test_the_same_seed_tells_the_same_stories(db: None) -> None:
    stories = []
    for seed in (5, 5, 6):
        with transaction.atomic():
            loading.load(cases=20, seed=seed)
            stories.append(told())
            transaction.set_rollback(True)
    assert stories[0] == stories[1]
    assert stories[0] != stories[2]


def shapes() -> dict[str, set[tuple[frozenset[str], frozenset[str], frozenset[str]]]]:
    """For each action of the trail, which references, codes and personal words its entries have."""
    found: dict[str, set[tuple[frozenset[str], frozenset[str], frozenset[str]]]] = {}
    for payload in Payload.objects.select_related("entry"):
        body, personal = json.loads(bytes(payload.entry.body)), json.loads(bytes(payload.body))
        shape = (frozenset(body["refs"]), frozenset(body["codes"]), frozenset(personal))
        found.setdefault(payload.entry.action, set()).add(shape)
    return found


def live_a_little() -> None:
    """Every act that the demonstration tells, done for good by the people of the tests."""
    at = clock.now()
    territory = personas.build()
    consulted = consultations.ask(territory)
    consulting.declare(consultation_id=consulted.pk, recognised=False, by=territory.leila)
    consulting.advise(consultation_id=consulted.pk, text="Attendre, et en reparler.", marks=(), by=territory.leila)
    scope = registry.Scope(
        case=territory.case, recipient=territory.lantier, purpose="scolarite", categories=["consigne_pratique"]
    )
    word: dict[str, Any] = {
        "given_by": territory.mother,
        "collected_on": clock.day_of(at),
        "form": "in_person",
        "own_words": "",
        "late_reason": "",
    }
    registry.refuse(scope=scope, by=territory.camille, at=at, **word)
    registry.object_to(scope=scope, by=territory.camille, at=at, **word)
    registry.inform(scope=scope, by=territory.camille, at=at, **word)
    registry.inform(
        scope=scope, by=territory.camille, at=at, withheld="child_interest", withheld_reason="Un risque précis.",
        decided_with="Mme Benali",
        reexamine_on=clock.day_of(at), **word,
    )  # fmt: skip
    refused = submit(territory, territory.language)
    assert refused.outcome == service.Outcome.REFUSED
    consent = personas.parents_agree(territory)
    registry.inform(scope=scope, by=territory.camille, at=clock.now(), **word)
    sent = submit(territory, territory.absences)
    assert sent.disclosure is not None, sent
    reading.open_disclosure(disclosure_id=sent.disclosure.pk, by=territory.lantier)
    reading.acknowledge(disclosure_id=sent.disclosure.pk, by=territory.lantier)
    withdrawal.withdraw(consent=consent, form="in_person", own_words="", by=territory.camille)
    files.record_involvement(
        case=territory.case, membership=territory.aubin, kind=Involvement.Kind.CARE, source="Dit par le médecin",
        by=territory.camille, at=clock.now(),
    )  # fmt: skip
    relay = personas.assign(territory.case, territory.leila, territory.nadia, kind=Assignment.Kind.COLLEAGUE)
    access.end_assignment(assignment=relay, reason="Retour de congés", by=territory.nadia, at=clock.now())
    crip = around(territory).crip
    worry = concern(territory, crip)
    conclude(worry, territory.nadia)
    discharge.discharge(duty_id=duty_of(worry, "feedback_within_3_months").pk, how="Par téléphone.", by=crip)
    returning.send_back(disclosure_id=worry.pk, by=crip, reason="Une autre cellule est compétente.")
    returning.recall(disclosure_id=worry.pk, by=territory.camille, reason="Elle repartira à la bonne cellule.")
    for kind in (opinions.Kind.FAVOURABLE, opinions.Kind.UNFAVOURABLE):
        opinions.answer(opinions.submitted(territory), kind, territory.nadia)
    tender = personas.tends_the_directory(territory)
    narrow: dict[str, Any] = {"why": "Trop a circulé.", "wanted_on": clock.day_of(at), "by": tender}
    takes = narrowing.Takes(categories=("logement",))
    proposal = narrowing.propose(place=territory.department, takes=takes, **narrow)
    narrowing.decide(proposal=proposal, approved=True, sentence="Proportionné.", by=territory.claire)
    asked = requests.sent(territory)
    answering.open_request(request_id=asked.pk, by=territory.lantier)
    answering.decline(request_id=asked.pk, by=territory.lantier)
    requests.ask(territory, purpose="flux_automatique")
    contents = replace(CONTENTS, limits="Pas de contrôle.")
    sheet = sheets.write(about=territory.house, partner=territory.school, contents=contents, by=territory.nadia)
    at_school = personas.tends_the_directory(territory, territory.school, name="Solange")
    sheets.answer(sheet=sheet, validated=False, sentence="Précisez les limites.", by=at_school)
    between = personas.agreement("90", territory.department, territory.school, purposes=["scolarite"], categories=[])
    narrowing.propose(place=between, takes=takes, **narrow)
    dissent.note_dissent(item=territory.absences, voice="person", text="« Pas tous. »", by=territory.camille)
    rights_ways.corrected(territory)
    rights_ways.limits(territory, territory.language)
    sheet_ways.linked(sheet_ways.twins(territory))
    about: dict[str, Any] = {"case": territory.case, "by": territory.camille}
    standing_acts.record_status(kind=PersonStatus.Kind.PARENTS_DISAGREE, note="Sur l’école.", **about)
    aunt = Representative(person=territory.child, kind=Representative.Kind.PARENT, first_name="Aya", last_name="Bertin")
    standing_acts.add_representative(representative=aunt, reason="Dit par la mère.", **about)


def submit(territory: personas.Territory, item: Any) -> service.Shared:
    draft = Draft.objects.create(
        case=territory.case,
        author=territory.camille,
        recipient=territory.lantier,
        purpose="scolarite",
        benefit="Utile.",
    )
    DraftItem.objects.create(draft=draft, item=item, necessity="Sans cela, rien.")
    seen = service.fingerprint(*service.preview(draft=draft, by=territory.camille))
    return service.share(draft_id=draft.pk, previewed=seen, by=territory.camille)


def test_a_demonstration_entry_says_what_a_real_one_says(db: None) -> None:
    with transaction.atomic():
        live_a_little()
        real = shapes()
        transaction.set_rollback(True)
    loading.load()
    loaded = shapes()
    missing = loaded.keys() - real.keys() - {"disclosure.awaiting_opinion"}
    assert not missing, missing
    for action in loaded.keys() & real.keys():
        assert loaded[action] == real[action], action
    assert loaded["disclosure.awaiting_opinion"] == real["disclosure.refused"]


@pytest.mark.parametrize("who", ["nadia", "camille", "leila"])
def test_what_was_long_to_be_examined_is_concluded_on_by_who_may(who: str, territory: personas.Territory) -> None:
    """As the real act writes it; nobody concludes on her own, nor without giving opinions."""
    sent = concern(territory, around(territory).crip, timedelta(days=30))
    duty, batch, by = duty_of(sent, "review_after"), Batch(), getattr(territory, who)
    follow(batch, duties=[duty], disclosure=sent, reviewer=by, now=clock.now())
    batch.write()
    written = shapes().get("review.concluded")
    assert not DutyAct.objects.exists()
    if who != "nadia":
        assert not Conclusion.objects.exists()
        return
    found = Conclusion.objects.get()
    assert duty.due_at is not None
    assert sent.released_at < found.at < duty.due_at
    assert (state_of(duty).done_by, state_of(duty).done_at) == ("conclusion", found.at)
    conclude(concern(territory, sent.recipient), territory.nadia)
    assert written == shapes()["review.concluded"]


def test_copying_writes_what_was_given(db: None) -> None:
    text = "Une barre \\ , une tabulation\t, « deux\nlignes », \\N"
    house = Institution(name='Guillemets "et" {accolades}, \\', kind="x", mission=text)
    who = Professional(email="a@b.example", first_name="A", last_name="B", password="x", joined_at=clock.now())
    post = Membership(
        professional=who, institution=house, role="ass_secteur", job_title="x", secrecy_status="profession",
        functions=["reviewer", "dpo"], starts_at=clock.now(),
    )  # fmt: skip
    for one in (house, who, post):
        copying.copy(type(one), [one])
    read = Membership.objects.select_related("institution").get(pk=post.pk)
    assert (read.institution.name, read.institution.mission) == (house.name, text)
    assert (read.functions, read.ends_at, read.receives_for_service) == (["reviewer", "dpo"], None, False)


def test_copying_refuses_what_it_cannot_say(db: None) -> None:
    with pytest.raises(TypeError, match="COPY cannot write"):
        copying.copy(Person, [Person(first_name="A", last_name="B")])


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_progress_is_one_line_redrawn_on_a_terminal_and_ten_lines_elsewhere() -> None:
    screen, log = Terminal(), io.StringIO()
    for stream in (screen, log):
        progress = Progress(stream, after=0)
        for done in range(1, 201):
            progress(done, 200)
    assert screen.getvalue().count("\n") == 1
    assert screen.getvalue().endswith("\n")
    assert "100\u00a0%" in screen.getvalue()
    assert log.getvalue().count("\n") == 11


def test_a_short_loading_says_nothing_until_it_is_done() -> None:
    log = io.StringIO()
    progress = Progress(log)
    for done in range(1, 46):
        progress(done, 45)
    assert log.getvalue() == ""


DAYS = (
    datetime(2026, 11, 21, 12, 0, tzinfo=clock.PARIS),
    datetime(2027, 1, 1, 0, 30, tzinfo=clock.PARIS),
    datetime(2027, 3, 28, 3, 30, tzinfo=clock.PARIS),
    datetime(2027, 10, 3, 9, 0, tzinfo=clock.PARIS),
    datetime(2027, 10, 31, 2, 30, tzinfo=clock.PARIS),
    datetime(2028, 2, 29, 23, 59, tzinfo=clock.PARIS),
)


def test_it_is_the_same_whatever_the_day(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """A change of hour, of year, a leap day: the same verdicts, a child of nine, nothing in the future."""
    verdicts = []
    for today in DAYS:
        monkeypatch.setattr("sharing.demo.loading.clock.now", lambda today=today: today)
        with transaction.atomic():
            loading.load()
            verdicts.append(Counter(DecisionRecord.objects.values_list("verdict", "basis")))
            child = Case.objects.get(reference=f"{today:%Y}-0143").person
            assert child.age_on(clock.day_of(today)) == 9
            assert max(Payload.objects.values_list("entry__at", flat=True)) < today
            transaction.set_rollback(True)
    assert all(one == verdicts[0] for one in verdicts)
