"""Who owes what: the author and whoever follows her, the recipient, the reviewer, the institution; and nobody else sees it."""

from datetime import timedelta

import pytest

from cases import access
from cases.models import Assignment
from partners.models import Membership
from sharing.models import Disclosure, Duty
from tests import personas, posts
from tests.duties.ways import Around, around, concern, duty_of
from tests.personas import Territory

pytestmark = pytest.mark.django_db


@pytest.fixture
def there(territory: Territory) -> Around:
    return around(territory)


@pytest.fixture
def sent(territory: Territory, there: Around) -> Disclosure:
    return concern(territory, there.crip)


def owing(duty: Duty, *members: Membership) -> list[str]:
    """The last names of those among these whom this duty falls to."""
    return [one.professional.last_name for one in members if Duty.objects.visible_to(one).filter(pk=duty.pk).exists()]


def everybody(territory: Territory, there: Around) -> list[Membership]:
    named = ("camille", "nadia", "leila", "lantier", "perrin", "aubin", "sofia", "yann", "claire")
    return [*(getattr(territory, name) for name in named), there.crip, there.prosecutor]


@pytest.mark.parametrize(
    ("code", "who"),
    [
        ("reexamine_information", ["Roussel"]),
        ("feedback_within_3_months", ["Marchand"]),
        ("review_after", ["Benali"]),
        ("trace", ["Benali"]),  # no DPO nor directory there: the head of the team
    ],
)
def test_each_duty_falls_to_its_owner_alone(
    territory: Territory, there: Around, sent: Disclosure, code: str, who: list[str]
) -> None:
    assert owing(duty_of(sent, code), *everybody(territory, there)) == who


def test_a_duty_goes_to_whoever_follows_the_case_once_its_author_left(territory: Territory, sent: Disclosure) -> None:
    duty = duty_of(sent, "reexamine_information")
    personas.assign(territory.case, territory.leila, territory.nadia)
    assert owing(duty, territory.camille, territory.leila) == ["Roussel"]
    mine = Assignment.objects.get(case=territory.case, membership=territory.camille)
    access.end_assignment(assignment=mine, reason="Mutation", by=territory.nadia)
    assert owing(duty, territory.camille, territory.leila, territory.nadia) == ["Haddad"]


def test_a_duty_goes_to_whoever_follows_the_case_once_its_author_left_the_institution(
    territory: Territory, sent: Disclosure
) -> None:
    personas.assign(territory.case, territory.leila, territory.nadia)
    personas.end_post(territory.camille)
    assert owing(duty_of(sent, "reexamine_information"), territory.camille, territory.leila) == ["Haddad"]


def test_a_duty_of_a_case_that_nobody_follows_falls_to_the_head_of_the_team(
    territory: Territory, sent: Disclosure
) -> None:
    mine = Assignment.objects.get(case=territory.case, membership=territory.camille)
    access.end_assignment(assignment=mine, reason="Mutation", by=territory.nadia)
    assert owing(duty_of(sent, "reexamine_information"), territory.camille, territory.leila, territory.nadia) == [
        "Benali"
    ]


def test_the_recipient_s_duty_outlives_her_post(territory: Territory, there: Around, sent: Disclosure) -> None:
    duty = duty_of(sent, "feedback_within_3_months")
    personas.end_post(there.crip)
    assert owing(duty, there.crip, territory.claire, territory.yann) == ["Morvan"]


def test_what_was_addressed_to_a_service_is_owed_by_those_who_work_in_it(
    territory: Territory, there: Around, sent: Disclosure
) -> None:
    there.crip.receives_for_service = True
    there.crip.save(update_fields=["receives_for_service"])
    colleague = personas.post(
        personas.professional("Luc", "Ferrand", title="M."),
        territory.department,
        "crip",
        "Évaluateur",
        "mission",
        "CASF L226-3",
    )
    duty = duty_of(sent, "feedback_within_3_months")
    assert owing(duty, there.crip, colleague, territory.claire, territory.yann) == ["Marchand", "Ferrand"]


def test_nobody_reviews_her_own_communication_even_as_somebody_else(territory: Territory, sent: Disclosure) -> None:
    duty = duty_of(sent, "review_after")
    posts.has_functions(territory.camille, "reviewer")
    elsewhere = personas.post(
        territory.camille.professional,
        territory.house,
        "chef_service",
        "Adjointe",
        "fonction",
        "CASF L221-6",
        "reviewer",
    )
    assert owing(duty, territory.camille, elsewhere, territory.nadia) == ["Benali"]


def test_a_reviewer_whose_secrecy_is_not_proved_reviews_nothing_and_the_dpo_does(
    territory: Territory, sent: Disclosure
) -> None:
    duty = duty_of(sent, "review_after")
    posts.is_bound(territory.nadia, proven=False)
    dpo = personas.post(
        personas.professional("Sarah", "Colin"),
        territory.house,
        "responsable_traitement",
        "DPO",
        "fonction",
        "RGPD",
        "dpo",
    )
    assert owing(duty, territory.nadia, dpo) == ["Colin"]
    assert owing(duty_of(sent, "trace"), territory.nadia, dpo) == ["Colin"]


def test_without_a_dpo_the_institution_s_duties_fall_to_who_keeps_its_directory(
    territory: Territory, sent: Disclosure
) -> None:
    keeper = personas.post(
        personas.professional("Paule", "Ménard"), territory.house, "institution", "Secrétaire", "fonction", "Note",
        "directory_admin",
    )  # fmt: skip
    assert owing(duty_of(sent, "trace"), territory.nadia, keeper) == ["Ménard"]


def test_who_is_no_longer_at_work_owes_nothing_here(territory: Territory, sent: Disclosure) -> None:
    personas.end_post(territory.nadia)
    assert not Duty.objects.visible_to(territory.nadia).exists()


def test_a_duty_page_is_open_to_its_owner_and_is_a_404_for_anybody_else(
    territory: Territory, there: Around, sent: Disclosure
) -> None:
    for code in ("reexamine_information", "feedback_within_3_months", "review_after"):
        duty = duty_of(sent, code)
        for member in everybody(territory, there):
            owes = Duty.objects.visible_to(member).filter(pk=duty.pk).exists()
            client = personas.signed_in(member)
            for answer in (client.get(f"/a-faire/{duty.pk}/"), client.post(f"/a-faire/{duty.pk}/", {"act": "fait"})):
                assert (answer.status_code != 404) is owes, (code, member)


def test_the_recipient_reads_neither_the_case_nor_the_person(
    territory: Territory, there: Around, sent: Disclosure
) -> None:
    page = personas.signed_in(there.crip).get(f"/a-faire/{duty_of(sent, 'feedback_within_3_months').pk}/")
    listed = personas.signed_in(there.crip).get("/a-faire/")
    for answer in (page, listed):
        text = answer.content.decode()
        assert sent.reference in text
        for word in (territory.case.reference, territory.child.last_name, territory.child.short_name):
            assert word not in text


def test_the_reviewer_sees_the_circumstances_and_no_content(territory: Territory, sent: Disclosure) -> None:
    text = personas.signed_in(territory.nadia).get(f"/a-faire/{duty_of(sent, 'review_after').pk}/").content.decode()
    assert sent.reference in text
    assert "n’avait pas été informée avant" in text
    for word in (territory.absences.label, "mardi", territory.child.last_name, territory.child.short_name):
        assert word not in text


def test_the_page_says_why_she_is_the_one(territory: Territory, there: Around) -> None:
    sent = concern(territory, there.crip, timedelta(days=2))
    said = personas.signed_in(territory.camille).get(f"/a-faire/{duty_of(sent, 'reexamine_information').pk}/")
    assert "Vous avez décidé cette communication" in said.content.decode()
