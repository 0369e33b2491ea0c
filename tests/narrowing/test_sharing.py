"""In force, a narrowing refuses; to come, not yet; lifted, no more; and nothing ever turns a refusal into a permission."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cases.models import Item
from partners import clock
from partners import narrowed as what_is_narrowed
from partners.models import Agreement, Membership
from partners.narrowing import Place, Takes
from sharing import reading, service
from sharing.models import Draft
from sharing.service import Outcome
from tests import personas
from tests.narrowing.ways import ORDER, House, house, lifted, narrowed, outcome, parents_invited, proposed, reasons
from tests.personas import Territory
from tests.sharing.ways import draft_of, seen, send

pytestmark = pytest.mark.django_db


@pytest.fixture
def who(territory: Territory) -> House:
    return house(territory)


def the_house(territory: Territory) -> Place:
    return territory.house


def its_agreement(territory: Territory) -> Place:
    return territory.school_agreement


@pytest.mark.parametrize("where", [the_house, its_agreement])
@pytest.mark.parametrize(
    ("takes", "reason"),
    [
        (Takes(categories=("consigne_pratique",)), "category_excluded"),
        (Takes(purposes=("scolarite",)), "purpose_narrowed"),
    ],
)
def test_in_force_it_refuses_and_lifted_no_more(
    territory: Territory, who: House, where: Callable[[Territory], Place], takes: Takes, reason: str
) -> None:
    personas.parents_agree(territory)
    draft = draft_of(territory)
    assert outcome(draft, territory.camille) == "released"
    proposed(where(territory), who.tender, takes)
    assert outcome(draft, territory.camille) == "released"
    made = narrowed(where(territory), who, takes)
    assert outcome(draft, territory.camille) == "refused"
    assert reason in reasons(draft, territory.camille)
    lifted(made, who)
    assert outcome(draft, territory.camille) == "released"


@pytest.mark.parametrize("where", [the_house, its_agreement])
def test_an_opinion_that_is_asked_makes_it_wait(
    territory: Territory, who: House, where: Callable[[Territory], Place]
) -> None:
    personas.parents_agree(territory)
    draft = draft_of(territory)
    narrowed(where(territory), who, Takes(opinion_on=("consigne_pratique",)))
    assert outcome(draft, territory.camille) == "awaiting_opinion"
    assert "local_opinion" in reasons(draft, territory.camille)


def test_what_leaves_is_read_no_longer_than_the_shortest_duration(territory: Territory, who: House) -> None:
    personas.parents_agree(territory)
    narrowed(territory.house, who, Takes(at_most_days=30))
    narrowed(territory.school_agreement, who, Takes(at_most_days=7))
    disclosure = send(draft_of(territory), territory.camille).disclosure
    assert disclosure is not None
    assert disclosure.access_until == disclosure.released_at + timedelta(days=7)


def test_to_come_it_changes_nothing_until_midnight_in_paris(territory: Territory, who: House) -> None:
    """Winter time: the day begins at 23:00 UTC."""
    at = datetime(2026, 11, 28, 10, 0, tzinfo=clock.PARIS)
    personas.parents_agree(territory, at=at - timedelta(days=1))
    draft = draft_of(territory)
    narrowed(territory.house, who, in_days=3, at=at)
    day = clock.start_of(date(2026, 12, 1))
    assert day.astimezone(clock.PARIS).hour == 0
    assert "category_excluded" not in reasons(draft, territory.camille, at)
    assert "category_excluded" not in reasons(draft, territory.camille, day - timedelta(microseconds=1))
    assert "category_excluded" in reasons(draft, territory.camille, day)


def test_its_lift_counts_from_midnight_in_paris_across_the_change_of_hour(territory: Territory, who: House) -> None:
    """In the night of 28 March 2027 the clock goes forward: midnight is still midnight in Paris."""
    at = datetime(2027, 3, 25, 10, 0, tzinfo=clock.PARIS)
    personas.parents_agree(territory, at=at - timedelta(days=1))
    draft = draft_of(territory)
    made = narrowed(territory.house, who, at=at)
    lifted(made, who, in_days=4, at=at + timedelta(hours=1))
    day = clock.start_of(date(2027, 3, 29))
    assert "category_excluded" in reasons(draft, territory.camille, day - timedelta(microseconds=1))
    assert "category_excluded" not in reasons(draft, territory.camille, day)


def test_a_lift_before_the_effective_day_leaves_nothing_to_come_into_force(territory: Territory, who: House) -> None:
    personas.parents_agree(territory)
    draft = draft_of(territory)
    made = narrowed(territory.house, who, in_days=3)
    lifted(made, who)
    assert "category_excluded" not in reasons(draft, territory.camille, clock.now() + timedelta(days=5))


def test_what_left_before_closes_to_its_reader_once_it_is_narrowed(territory: Territory, who: House) -> None:
    personas.parents_agree(territory)
    disclosure = send(draft_of(territory), territory.camille).disclosure
    assert disclosure is not None
    made = narrowed(territory.house, who, Takes(opinion_on=("consigne_pratique",), at_most_days=1))
    assert reading.open_disclosure(disclosure_id=disclosure.pk, by=territory.lantier).closed == ""
    lifted(made, who)
    made = narrowed(territory.school_agreement, who)
    assert reading.open_disclosure(disclosure_id=disclosure.pk, by=territory.lantier).closed == "category_excluded"
    lifted(made, who)
    assert reading.open_disclosure(disclosure_id=disclosure.pk, by=territory.lantier).closed == ""


def test_an_institution_narrows_what_it_says_not_what_it_is_told(territory: Territory) -> None:
    personas.parents_agree(territory)
    at_school = personas.tends_the_directory(territory, territory.school, name="Solange")
    other = personas.tends_the_directory(territory, territory.school, name="Armelle")
    narrowed(territory.school, House(tender=at_school, dpo=other))
    assert outcome(draft_of(territory), territory.camille) == "released"


def test_an_agreement_narrows_its_own_purposes_between_its_own_parties(territory: Territory, who: House) -> None:
    personas.parents_agree(territory)
    draft = draft_of(territory)
    narrowed(territory.clinic_agreement, who, Takes(categories=("consigne_pratique",), purposes=("scolarite",)))
    another = personas.agreement(
        "91", territory.house, territory.school, purposes=["acces_droits"], categories=["consigne_pratique"]
    )
    narrowed(another, who, Takes(categories=("consigne_pratique",), purposes=("scolarite",)))
    assert outcome(draft, territory.camille) == "released"


def test_suspending_an_agreement_does_not_open_what_it_had_closed(territory: Territory, who: House) -> None:
    personas.parents_agree(territory)
    draft = draft_of(territory)
    twin = personas.agreement(
        "91", territory.house, territory.school, purposes=["scolarite"], categories=["consigne_pratique"]
    )
    narrowed(twin, who)
    assert outcome(draft, territory.camille) == "refused"
    Agreement.objects.filter(pk=twin.pk).update(suspended_at=clock.now())
    assert outcome(draft, territory.camille) == "refused"


# --- never widen -----------------------------------------------------------------------------------------------------------


def crip(territory: Territory) -> Membership:
    return personas.post(
        personas.professional("Sandrine", "Oudin"), territory.department, "crip", "Responsable de la CRIP", "mission",
        "CASF L226-3, L221-6",
    )  # fmt: skip


def drafts(territory: Territory) -> dict[str, Draft]:
    """Several authors' ways: to the school, to its doctor, to the clinic, a concern report, a call for help."""
    personas.parents_agree(territory)
    personas.parents_agree(
        territory, recipient=territory.aubin, purpose="suivi_medico_social", categories=["sante_fonctionnel"]
    )
    functional = personas.write_down(territory.case, territory.camille, category="sante_fonctionnel")
    violence = personas.write_down(territory.case, territory.camille, category="violences")
    at_the_crip = crip(territory)
    personas.agreement(
        "92", territory.house, territory.department, purposes=["pe_ip", "pe_evaluer"], categories=["violences"]
    )

    def one(recipient: Membership, purpose: str, items: list[Item], *declared: str) -> Draft:
        draft = draft_of(territory, recipient=recipient, purpose=purpose, items=items)
        draft.circumstances = list(declared)
        draft.save()
        return draft

    danger = ("gravity", "grave_imminent_peril", "danger_not_immediate", "aid_already_refused")
    return {
        "school": one(territory.lantier, "scolarite", [territory.absences]),
        "diagnosis": one(territory.lantier, "scolarite", [territory.absences, territory.language]),
        "teacher": one(territory.perrin, "scolarite", [territory.absences]),
        "doctor": one(territory.aubin, "suivi_medico_social", [functional]),
        "clinic": one(territory.sofia, "scolarite", [territory.absences]),
        "concern report": one(at_the_crip, "pe_ip", [violence], "gravity"),
        "rescue": one(at_the_crip, "secours", [violence], *danger[:2]),
    }


def settings(territory: Territory) -> list[tuple[Place, Takes]]:
    every = ("consigne_pratique", "sante_fonctionnel", "sante_diagnostic", "violences")
    purposes = ("scolarite", "suivi_medico_social", "pe_ip", "secours")
    return [
        (territory.house, Takes(categories=every)),
        (territory.house, Takes(purposes=purposes)),
        (territory.house, Takes(opinion_on=every)),
        (territory.house, Takes(at_most_days=1)),
        (territory.school_agreement, Takes(categories=every, purposes=purposes)),
        (territory.health_agreement, Takes(opinion_on=every)),
        (territory.clinic_agreement, Takes(purposes=purposes, at_most_days=2)),
        (Agreement.objects.get(number="92"), Takes(categories=every, purposes=purposes, opinion_on=("violences",))),
    ]


def test_no_setting_alone_or_with_the_others_turns_a_refusal_into_a_permission(
    territory: Territory, who: House
) -> None:
    every = drafts(territory)
    before = {name: outcome(draft, territory.camille) for name, draft in every.items()}
    assert {"released", "refused"} <= set(before.values()), before
    worst = dict(before)
    for place, takes in settings(territory):
        alone = narrowed(place, who, takes)
        after = {name: outcome(draft, territory.camille) for name, draft in every.items()}
        assert all(ORDER.index(after[name]) >= ORDER.index(before[name]) for name in every), (takes, before, after)
        worst = {name: max(worst[name], after[name], key=ORDER.index) for name in every}
        lifted(alone, who)
    for place, takes in settings(territory):
        narrowed(place, who, takes)
    together = {name: outcome(draft, territory.camille) for name, draft in every.items()}
    assert all(ORDER.index(together[name]) >= ORDER.index(worst[name]) for name in every), (worst, together)


def test_obligations_reports_and_rescue_stay_as_they_are(territory: Territory, who: House) -> None:
    every = drafts(territory)
    kept = ("concern report", "rescue")
    before = {name: service.preview(draft=every[name], by=territory.camille)[1] for name in kept}
    for place, takes in settings(territory):
        narrowed(place, who, takes)
    for name in kept:
        after = service.preview(draft=every[name], by=territory.camille)[1]
        assert (after.verdict, after.basis, after.reasons, after.access_until is None) == (
            before[name].verdict, before[name].basis, before[name].reasons, before[name].access_until is None,
        ), name  # fmt: skip
    assert before["rescue"].verdict == "allow"


def test_several_narrowings_come_to_the_union_whatever_their_order(territory: Territory, who: House) -> None:
    drafts(territory)
    made = [narrowed(place, who, takes) for place, takes in settings(territory)]
    one, other = (what_is_narrowed.together(order, "scolarite") for order in (made, made[::-1]))
    assert one == other
    for number in range(len(made)):
        fewer = what_is_narrowed.together(made[:number], "scolarite")
        assert fewer.kept_here <= one.kept_here
        assert fewer.left_out <= one.left_out
        assert fewer.closed <= one.closed
        assert fewer.opinion_on <= one.opinion_on
        assert fewer.at_most_days is None or (one.at_most_days is not None and one.at_most_days <= fewer.at_most_days)


# --- what it costs ---------------------------------------------------------------------------------------------------------


def statements(draft: Draft, by: Membership) -> int:
    token = seen(draft, by)
    with CaptureQueriesContext(connection) as queries:
        assert service.share(draft_id=draft.pk, previewed=token, by=by).outcome is Outcome.RELEASED
    return len([one for one in queries.captured_queries if "SAVEPOINT" not in one["sql"]])


def test_twelve_narrowings_cost_no_statement_more_than_none(territory: Territory, who: House) -> None:
    personas.parents_agree(territory)
    statements(draft_of(territory), territory.camille)  # the first one reads what is then kept
    none = statements(draft_of(territory), territory.camille)
    for place in (territory.house, territory.school_agreement):
        for category in ("logement", "violences", "addiction", "coordonnees", "parole_enfant", "besoins_scolaires"):
            narrowed(place, who, Takes(categories=(category,), at_most_days=60))
    assert statements(draft_of(territory), territory.camille) == none


def test_a_forum_costs_two_statements_more_whatever_its_members(territory: Territory, who: House) -> None:
    personas.parents_agree(territory)
    statements(draft_of(territory), territory.camille)  # the first one reads what is then kept
    usual = statements(draft_of(territory), territory.camille)
    seat = personas.seat_in_the_ess(territory)
    parents_invited(territory, seat, ["consigne_pratique"])
    personas.parents_agree(territory, recipient=seat)
    personas.forum(territory, seat, territory.aubin, territory.sofia, territory.camille)
    assert statements(draft_of(territory, recipient=seat), territory.camille) == usual + 2
