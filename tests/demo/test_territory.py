"""The demonstration once loaded: its people, every state that a page has to show, and a trail that holds."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth import authenticate
from django.db.models import Count, Exists, F, OuterRef

from audit import verification
from audit.models import Entry
from cases import files
from cases.models import (
    Assignment,
    Case,
    CaseAccess,
    DissentNote,
    Item,
    ItemContent,
    Limitation,
    LimitationLift,
    Person,
    Rectification,
    RectificationAnswer,
)
from consent import notices, registry
from consent.models import Consent, Objection, PriorInformation, Refusal, Withdrawal
from partners import clock
from partners.models import Agreement, AgreementParty, Institution, Membership, Professional
from sharing import facts as f
from sharing import gather, reading, service, states
from sharing.decision import decide
from sharing.demo import accounts, guided, loading
from sharing.models import DecisionRecord, DisclosedItem, Disclosure, Draft, DraftItem, InformationRequest, Outbox

pytestmark = pytest.mark.usefixtures("undone")

WITHIN_A_MONTH = timedelta(days=30)


def camille() -> Membership:
    return Membership.objects.get(professional__email="camille.roussel@vallieres.example")


def guided_case() -> Case:
    return Case.objects.select_related("person").get(reference__endswith="-0143")


def head_of_school() -> Membership:
    return Membership.objects.get(role="directeur_ecole")


def test_the_counts_are_those_that_were_asked_for(demonstration: loading.Loaded) -> None:
    assert demonstration == loading.Loaded(institutions=16, professionals=35, persons=60, cases=45)
    counted = [model.objects.count() for model in (Institution, Professional, Person, Case)]
    assert counted == [16, 35, 60, 45]


def test_a_case_has_from_four_to_eight_items_each_with_its_text() -> None:
    counts = Item.objects.values("case").annotate(items=Count("pk")).values_list("items", flat=True)
    assert len(counts) == 45
    assert 4 <= min(counts) <= max(counts) <= 8
    assert ItemContent.objects.exclude(text="").count() == Item.objects.count()


def test_nobody_here_can_be_reached() -> None:
    assert not Professional.objects.exclude(email__endswith=".example").exists()
    assert not Institution.objects.exclude(email__endswith=".example").exists()
    others = Institution.objects.exclude(phone__startswith="05 36 49 ")
    # The three that everybody knows, and that every page of an emergency shows.
    assert sorted(others.values_list("phone", flat=True)) == ["119", "15", "17"]


def test_everybody_shown_signs_in_with_the_one_password() -> None:
    for _label, email, password in accounts():
        assert authenticate(username=email, password=password) is not None, email


def test_the_head_of_the_school_is_also_of_its_follow_up_team() -> None:
    roles = Membership.objects.filter(professional__email="helene.lantier@jean-mace.example").values_list(
        "role", flat=True
    )
    assert sorted(roles) == ["directeur_ecole", "ess_membre"]


def test_those_who_review_and_control_have_their_function() -> None:
    held = {m.professional.full_name: sorted(m.functions) for m in Membership.objects.exclude(functions=[])}
    assert held["Nadia Benali"] == ["reviewer", "team_lead"]
    assert held["Yann Le Goff"] == ["auditor"]
    assert held["Claire Morvan"] == ["dpo"]


def test_agreements_stand_in_every_state() -> None:
    now = clock.now()
    today = clock.day_of(now)
    unsigned = {party.agreement_id for party in AgreementParty.objects.filter(signed_on=None)}
    every = list(Agreement.objects.all())
    in_force = [one for one in every if one.in_force_at(now, signed=one.pk not in unsigned)]
    assert any(one.ends_on > today + WITHIN_A_MONTH for one in in_force)
    assert any(one.ends_on <= today + WITHIN_A_MONTH for one in in_force)
    assert any(one.ends_on < today for one in every)
    assert any(one.suspended_at for one in every)
    assert unsigned
    assert Agreement.objects.get(number="12") in in_force


def test_the_persons_word_stands_in_every_state() -> None:
    now = clock.now()
    withdrawn = Withdrawal.objects.values("consent")
    standing = Consent.objects.exclude(pk__in=withdrawn)
    assert standing.filter(valid_until__gt=now + WITHIN_A_MONTH).exists()
    assert standing.filter(valid_until__gt=now, valid_until__lte=now + WITHIN_A_MONTH).exists()
    assert standing.filter(valid_until__lte=now).exists()
    assert Consent.objects.filter(pk__in=withdrawn).exists()
    assert Consent.objects.exclude(late_reason="").exists()
    assert set(Consent.objects.values_list("form", flat=True)) == {"in_person", "written", "telephone", "witness"}
    assert Refusal.objects.exists()
    assert Objection.objects.exists()
    assert PriorInformation.objects.filter(exception="").exists()
    assert PriorInformation.objects.filter(exception="child_interest").exists()
    assert PriorInformation.objects.filter(exception="professional_comfort").exists()


def test_her_rights_are_asked_answered_and_pushed() -> None:
    answer = RectificationAnswer.objects.select_related("rectification").get()
    carried = DisclosedItem.objects.filter(item=answer.rectification.item_id).values("disclosure")
    assert Outbox.objects.filter(kind="rectified", done_at__isnull=False).count() == len(carried) >= 1
    assert Rectification.objects.exclude(pk=answer.rectification_id).get().at < clock.now()
    assert Limitation.objects.exclude(pk__in=LimitationLift.objects.values("limitation")).exists()
    assert DissentNote.objects.filter(voice="person").exists()


def test_communications_stand_in_every_state() -> None:
    now = clock.now()
    six_days_ago = clock.day_of(now) - timedelta(days=6)
    every = list(
        Disclosure.objects.select_related(
            "record", "case__person", "author__institution", "author__professional", "recipient__institution",
            "recipient__professional",
        )
    )  # fmt: skip
    closed = {reading.closed_because(one, now) for one in every}
    assert {"", states.ENDED, "consent_withdrawn"} <= closed
    assert any(one.opened_at is None and clock.day_of(one.released_at) == six_days_ago for one in every)
    assert any(one.opened_at and not one.acknowledged_at for one in every)
    assert any(one.acknowledged_at for one in every)
    assert set(DecisionRecord.objects.values_list("verdict", flat=True)) == {"allow", "review", "deny"}


def test_every_stored_decision_is_taken_again_the_same() -> None:
    for record in DecisionRecord.objects.all():
        again = decide(f.Facts.from_plain(record.facts)).to_plain()
        assert json.loads(json.dumps(again)) == record.decision, record.pk


def test_the_facts_of_every_decision_are_those_that_the_database_gives() -> None:
    records = DecisionRecord.objects.select_related("case__person", "draft")
    people = Membership.objects.select_related("professional", "institution").in_bulk()
    for record in records:
        chosen = [
            gather.Chosen(row.item, row.necessity)
            for row in DraftItem.objects.filter(draft=record.draft).select_related("item").order_by("pk")
        ]
        facts = gather.gather(
            case=record.case,
            sender=people[record.author_id],
            recipient=people[record.recipient_id],
            purpose=record.purpose,
            chosen=chosen,
            circumstances=record.draft.circumstances if record.draft else (),
            justification=record.draft.benefit if record.draft else "",
            at=record.decided_at,
        )
        assert facts.to_plain() == record.facts, record.pk


def test_the_trail_holds_and_follows_time() -> None:
    report = verification.verify()
    assert report.holds, report.faults
    assert report.entries == Entry.objects.count()
    instants = list(Entry.objects.order_by("pk").values_list("at", flat=True))
    assert instants == sorted(instants)
    assert instants[-1] < clock.now()


def test_nothing_happened_before_what_it_rests_on() -> None:
    for one in Assignment.objects.select_related("case"):
        assert one.starts_at >= one.case.created_at
    for item in Item.objects.select_related("case"):
        assert item.created_at >= item.case.created_at
    for row in DraftItem.objects.select_related("item", "draft"):
        assert row.item.created_at < row.draft.started_at, row.item.label
    for disclosure in Disclosure.objects.exclude(opened_at=None):
        assert disclosure.opened_at is not None
        assert disclosure.released_at < disclosure.opened_at < clock.now()


def test_each_follows_her_cases_through_both_doors() -> None:
    followed = Case.objects.visible_to(camille())
    assert followed.count() == 20
    open_now = Assignment.objects.in_force()
    assert CaseAccess.objects.count() == open_now.count()
    assert Assignment.objects.exclude(ends_at=None).exists()
    assert not Case.objects.exclude(pk__in=open_now.values("case")).exists()


def test_a_case_opened_afterwards_takes_a_number_that_nobody_has() -> None:
    given = set(Case.objects.values_list("reference", flat=True))
    assert len(given) == 45
    numbers = {reference.partition("-")[2] for reference in given}
    assert files.next_reference(clock.now()).partition("-")[2] not in numbers


def test_nobody_writes_to_herself() -> None:
    assert not DecisionRecord.objects.filter(author=F("recipient")).exists()
    # Who asks hears herself that she may be answered: such an agreement stands on a request of hers, and on nothing else.
    asked = InformationRequest.objects.filter(
        case=OuterRef("case"), asker=OuterRef("recipient"), purpose=OuterRef("purpose")
    )
    assert not Consent.objects.filter(~Exists(asked), recipient=F("collected_by")).exists()
    assert not InformationRequest.objects.filter(asker=F("asked")).exists()


def test_nobody_is_written_to_when_the_demonstration_is_loaded() -> None:
    assert Outbox.objects.exists()
    assert not Outbox.objects.filter(done_at=None).exists()


def test_two_agreements_of_one_speaker_on_one_scope_never_run_together() -> None:
    ends: dict[tuple[Any, ...], Any] = {}
    taken_back = dict(Withdrawal.objects.values_list("consent", "withdrawn_at"))
    for consent in Consent.objects.order_by("valid_from"):
        for category in consent.categories:
            scope = (consent.person_id, consent.recipient_id, consent.purpose, consent.given_by_id, category)
            assert ends.get(scope, consent.valid_from) <= consent.valid_from, consent.pk
            ends[scope] = min(consent.valid_until, taken_back.get(consent.pk, consent.valid_until))


def draft_to_the_school(case: Case, labels: list[str]) -> Draft:
    draft = Draft.objects.create(
        case=case,
        author=camille(),
        recipient=head_of_school(),
        purpose="scolarite",
        benefit="Des horaires de classe compatibles avec ses soins.",
    )
    for label in labels:
        item = Item.objects.get(case=case, label=label)
        DraftItem.objects.create(draft=draft, item=item, necessity="L’école organise la sortie et le rattrapage.")
    return draft


def test_the_guided_way_begins_without_an_agreement_for_the_school() -> None:
    case = guided_case()
    assert case.reference == f"{clock.day_of(clock.now()):%Y}-0143"
    assert case.person.short_name == "M. B."
    assert case.person.age_on(clock.day_of(clock.now())) == 9
    assert case in Case.objects.visible_to(camille())
    school = head_of_school()
    assert not Consent.objects.filter(person=case.person, recipient__institution=school.institution_id).exists()
    told = PriorInformation.objects.get(person=case.person, recipient=school)
    assert told.collected_on == clock.day_of(clock.now()) - timedelta(days=7)
    _facts, decision = service.preview(
        draft=draft_to_the_school(case, [guided.ABSENCES, guided.LANGUAGE_REPORT]), by=camille()
    )
    assert decision.verdict == "deny"
    assert "consent_missing" in decision.reasons
    assert decision.paths


def test_the_guided_way_ends_with_the_absences_alone_once_the_parents_agree() -> None:
    case, at = guided_case(), clock.now()
    registry.give(
        scope=registry.Scope(
            case=case, recipient=head_of_school(), purpose="scolarite", categories=["consigne_pratique"]
        ),
        notice=notices.current(notices.AGREEMENT),
        valid_until=clock.day_of(at) + timedelta(days=120),
        given_by=None,
        collected_on=clock.day_of(at),
        form="in_person",
        own_words="D’accord.",
        conditions="",
        late_reason="",
        by=camille(),
        at=at,
    )
    _facts, decision = service.preview(draft=draft_to_the_school(case, [guided.ABSENCES]), by=camille())
    assert decision.verdict == "allow"
    _facts, decision = service.preview(
        draft=draft_to_the_school(case, [guided.ABSENCES, guided.LANGUAGE_REPORT]), by=camille()
    )
    assert decision.verdict == "deny"
