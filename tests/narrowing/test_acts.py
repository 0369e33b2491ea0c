"""Four eyes and a day: who proposes, who decides, from when it counts, and what the database refuses whoever writes."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction

from audit import ledger, verification
from audit.models import Entry
from partners import clock, narrowing
from partners.models import Narrowing, NarrowingDecision, NarrowingLift
from partners.narrowing import AlreadyDecided, NarrowingError, NotGoverned, SameEyes, Takes
from tests import personas
from tests.narrowing.ways import House, approve, house, lifted, narrowed, proposed
from tests.personas import Territory

pytestmark = pytest.mark.django_db


@pytest.fixture
def who(territory: Territory) -> House:
    return house(territory)


def test_a_proposal_changes_nothing_until_another_person_approves(territory: Territory, who: House) -> None:
    made = proposed(territory.house, who.tender)
    assert not Narrowing.objects.in_force_at(clock.now()).exists()
    approve(made, who.dpo)
    assert Narrowing.objects.in_force_at(clock.now()).get() == made


def test_abuse_10_the_proposer_never_decides_not_even_under_another_membership(
    territory: Territory, who: House
) -> None:
    made = proposed(territory.house, who.tender)
    with pytest.raises(SameEyes):
        approve(made, who.tender)
    other_post = personas.post(
        who.tender.professional, territory.house, "responsable_traitement", "Déléguée", "fonction", "RGPD art. 4", "dpo"
    )
    with pytest.raises(SameEyes):
        approve(made, other_post)
    assert not NarrowingDecision.objects.exists()


def test_one_person_at_two_parties_of_an_agreement_is_one_pair_of_eyes(territory: Territory) -> None:
    between = personas.agreement("90", territory.department, territory.house, purposes=["scolarite"], categories=[])
    made = proposed(between, territory.claire)
    with pytest.raises(SameEyes):
        approve(made, personas.second_dpo_post(territory))


@pytest.mark.parametrize("name", ["camille", "nadia", "lantier", "yann", "claire"])
def test_whoever_holds_neither_function_there_neither_proposes_nor_decides(
    territory: Territory, who: House, name: str
) -> None:
    somebody = getattr(territory, name)
    with pytest.raises(NotGoverned):
        proposed(territory.house, somebody)
    made = proposed(territory.house, who.tender)
    with pytest.raises(NotGoverned):
        approve(made, somebody)


def test_somebody_who_left_no_longer_decides(territory: Territory, who: House) -> None:
    made = proposed(territory.house, who.tender)
    personas.end_post(who.dpo)
    with pytest.raises(NotGoverned):
        approve(made, who.dpo)


def test_each_party_of_an_agreement_may_propose_and_decide_and_a_forum_is_governed_where_it_is_held(
    territory: Territory, who: House
) -> None:
    at_school = personas.tends_the_directory(territory, territory.school, name="Solange")
    approve(proposed(territory.school_agreement, at_school), who.dpo)
    forum = personas.forum(territory)
    with pytest.raises(NotGoverned):
        proposed(forum, who.tender)
    proposed(forum, at_school)


def test_what_one_party_closed_the_other_does_not_open_without_it(territory: Territory, who: House) -> None:
    one = personas.tends_the_directory(territory, territory.school, name="Solange")
    other = personas.tends_the_directory(territory, territory.school, name="Armelle")
    made = narrowed(territory.school_agreement, who)
    lift = narrowing.propose_lift(narrowing=made, why="Plus utile.", wanted_on=clock.day_of(clock.now()), by=one)
    with pytest.raises(NotGoverned):
        approve(lift, other)
    approve(lift, who.tender)
    assert not Narrowing.objects.in_force_at(clock.now()).exists()


def test_a_refusal_is_kept_with_its_sentence_and_decides_once(territory: Territory, who: House) -> None:
    made = proposed(territory.house, who.tender)
    refusal = narrowing.decide(proposal=made, approved=False, sentence=" Trop  large. ", by=who.dpo)
    assert (refusal.sentence, refusal.effective_at) == ("Trop large.", None)
    third = personas.tends_the_directory(territory, territory.house, name="Solange")
    with pytest.raises(AlreadyDecided):
        approve(made, third)
    assert narrowing.decide(proposal=made, approved=False, sentence="Trop large.", by=who.dpo) == refusal
    assert not Narrowing.objects.in_force_at(clock.now()).exists()


def test_the_same_proposal_made_twice_is_one(territory: Territory, who: House) -> None:
    assert proposed(territory.house, who.tender) == proposed(territory.house, who.tender)
    assert Narrowing.objects.count() == 1
    approve(Narrowing.objects.get(), who.dpo)
    assert proposed(territory.house, who.tender) != Narrowing.objects.earliest("proposed_at")


def test_it_counts_from_its_day_in_paris_and_never_before_it_was_approved(territory: Territory, who: House) -> None:
    at = clock.now()
    later = proposed(territory.house, who.tender, in_days=3)
    assert approve(later, who.dpo).effective_at == clock.start_of(clock.day_of(at) + timedelta(days=3))
    today = approve(proposed(territory.house, who.tender), who.dpo)
    assert today.effective_at == today.decided_at
    waited = proposed(territory.house, who.tender, Takes(purposes=("scolarite",)))
    two_days_on = clock.now() + timedelta(days=2)
    assert approve(waited, who.dpo, at=two_days_on).effective_at == two_days_on


@pytest.mark.parametrize(
    "takes",
    [
        Takes(),
        Takes(categories=("tout",)),
        Takes(purposes=("savoir",)),
        Takes(opinion_on=("tout",)),
        Takes(at_most_days=0),
        Takes(at_most_days=-3),
        Takes(at_most_days=4000),
    ],
)
def test_what_takes_nothing_away_or_names_what_is_unknown_is_refused(
    territory: Territory, who: House, takes: Takes
) -> None:
    with pytest.raises(NarrowingError):
        proposed(territory.house, who.tender, takes)


def test_a_day_gone_by_and_a_silence_are_refused(territory: Territory, who: House) -> None:
    with pytest.raises(NarrowingError):
        proposed(territory.house, who.tender, in_days=-1)
    with pytest.raises(NarrowingError):
        narrowing.propose(
            place=territory.house, takes=Takes(at_most_days=30), why=" \u200b ", wanted_on=clock.day_of(clock.now()),
            by=who.tender,
        )  # fmt: skip
    made = proposed(territory.house, who.tender)
    with pytest.raises(NarrowingError):
        narrowing.decide(proposal=made, approved=True, sentence="  ", by=who.dpo)


def test_a_lift_needs_the_same_two_persons_and_its_day(territory: Territory, who: House) -> None:
    made = proposed(territory.house, who.tender)
    today = clock.day_of(clock.now())
    with pytest.raises(NarrowingError):
        narrowing.propose_lift(narrowing=made, why="Plus utile.", wanted_on=today, by=who.dpo)
    approve(made, who.dpo)
    lift = narrowing.propose_lift(narrowing=made, why="Plus utile.", wanted_on=today, by=who.dpo)
    assert narrowing.propose_lift(narrowing=made, why="Encore.", wanted_on=today, by=who.dpo) == lift
    with pytest.raises(SameEyes):
        approve(lift, who.dpo)
    assert Narrowing.objects.in_force_at(clock.now()).exists()
    approve(lift, who.tender)
    assert not Narrowing.objects.in_force_at(clock.now()).exists()
    with pytest.raises(NarrowingError):
        narrowing.propose_lift(narrowing=made, why="Encore.", wanted_on=today, by=who.dpo)


def test_a_refused_lift_leaves_it_in_force_and_another_may_be_proposed(territory: Territory, who: House) -> None:
    made = narrowed(territory.house, who)
    today = clock.day_of(clock.now())
    lift = narrowing.propose_lift(narrowing=made, why="Plus utile.", wanted_on=today, by=who.dpo)
    narrowing.decide(proposal=lift, approved=False, sentence="Encore utile.", by=who.tender)
    assert Narrowing.objects.in_force_at(clock.now()).exists()
    lifted(made, who)
    assert not Narrowing.objects.in_force_at(clock.now()).exists()


def test_every_act_writes_its_entry_and_the_trail_holds(territory: Territory, who: House) -> None:
    made = narrowed(territory.house, who)
    lifted(made, who)
    narrowing.decide(proposal=proposed(territory.house, who.tender), approved=False, sentence="Non.", by=who.dpo)
    again = narrowed(territory.house, who, Takes(at_most_days=30))
    lift = narrowing.propose_lift(narrowing=again, why="Plus utile.", wanted_on=clock.day_of(clock.now()), by=who.dpo)
    narrowing.decide(proposal=lift, approved=False, sentence="Encore utile.", by=who.tender)
    actions = set(Entry.objects.filter(action__startswith="narrowing.").values_list("action", flat=True))
    assert actions == {
        "narrowing.proposed", "narrowing.approved", "narrowing.refused",
        "narrowing.lift_proposed", "narrowing.lift_approved", "narrowing.lift_refused",
    }  # fmt: skip
    report = verification.verify()
    assert report.holds, report.faults


def refused_by_the_database(write: object) -> bool:
    try:
        with transaction.atomic():
            write()  # type: ignore[operator]
            with connection.cursor() as cursor:
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    except (IntegrityError, ProgrammingError):
        return True
    return False


def decision_row(made: Narrowing, by: object, **fields: object) -> None:
    """A decision written past the act, as a script would, with its entry."""
    at = clock.now()
    row, entry = narrowing.decision_of(proposal=made, approved=True, sentence="Oui.", by=by, at=at)  # type: ignore[arg-type]
    for name, value in fields.items():
        setattr(row, name, value)
    row.entry_id = ledger.record(**entry)
    row.save(force_insert=True)


def test_the_database_itself_refuses_one_pair_of_eyes(territory: Territory, who: House) -> None:
    made = proposed(territory.house, who.tender)
    at = clock.now()
    lies = {
        "decided by its proposer": lambda: decision_row(made, who.tender),
        "with another proposer written": lambda: decision_row(
            made, who.tender, proposer_id=territory.camille.professional_id
        ),
        "with another decider written": lambda: decision_row(
            made, who.tender, decider_id=territory.camille.professional_id
        ),
        "counting before it was decided": lambda: decision_row(made, who.dpo, effective_at=at - timedelta(days=1)),
        "approved and never counting": lambda: decision_row(made, who.dpo, effective_at=None),
        "refused and counting": lambda: decision_row(made, who.dpo, approved=False),
        "without a sentence": lambda: decision_row(made, who.dpo, sentence=""),
    }
    assert [name for name, write in lies.items() if not refused_by_the_database(write)] == []
    decision_row(made, who.dpo)


def test_rows_are_never_changed_nor_removed_nor_written_without_their_entry(territory: Territory, who: House) -> None:
    made = narrowed(territory.house, who)
    lifted(made, who)
    for model in (Narrowing, NarrowingLift, NarrowingDecision):
        assert refused_by_the_database(lambda model=model: model._default_manager.update(entry=None))
        assert refused_by_the_database(model._default_manager.all().delete)
    copy = Narrowing(institution=territory.house, categories=["logement"], why="Sans acte.", wanted_on=made.wanted_on,
                     proposed_by=who.tender, proposer=who.tender.professional, proposed_at=made.proposed_at,
                     entry_id=made.entry_id)  # fmt: skip
    assert refused_by_the_database(copy.save)
