"""What is examined afterwards: the duty, two in a hundred, conclusions, incidents, and the opening of content with a reason."""

import uuid
from datetime import timedelta

import pytest

from audit.models import Access, Entry
from partners import clock
from sharing.daily import between
from sharing.daily.desk import Desk
from sharing.models import Conclusion, Disclosure, Incident, Outbox, Unsealing
from sharing.owing import state_of
from sharing.reviewing import concluding, examined, unsealing
from tests import personas
from tests.duties.ways import around, concern, duty_of
from tests.personas import Territory
from tests.sharing.ways import draft_of, send

Kind = Conclusion.Kind
REASON = "Le danger était réel, et l’envoi s’en est tenu au nécessaire."
WHY = "Deux versions s’opposent, il faut lire ce qui a été écrit."


@pytest.fixture
def sent(territory: Territory) -> Disclosure:
    return concern(territory, around(territory).crip)


def conclude(sent: Disclosure, by: personas.Membership, kind: str = Kind.JUSTIFIED, seen: int = 0) -> Conclusion:
    return concluding.conclude(disclosure_id=sent.pk, kind=kind, reason=REASON, seen=seen, by=by)


def test_a_conclusion_discharges_the_duty(territory: Territory, sent: Disclosure) -> None:
    assert [one.disclosure for one in examined.to_conclude(territory.nadia)] == [sent]
    conclusion = conclude(sent, territory.nadia)
    owed = state_of(duty_of(sent, "review_after"))
    assert (owed.done_at, owed.done_by) == (conclusion.at, "conclusion")
    assert examined.to_conclude(territory.nadia) == []
    assert between.reviews(Desk(territory.nadia, clock.now())) is None
    assert not Incident.objects.exists()


@pytest.mark.parametrize("kind", [Kind.UNJUSTIFIED, Kind.TO_INVESTIGATE])
def test_what_is_not_justified_opens_an_incident_and_tells_its_author(
    kind: str, territory: Territory, sent: Disclosure
) -> None:
    conclude(sent, territory.nadia, kind)
    incident = Incident.objects.get()
    assert (incident.kind, incident.institution, incident.disclosure) == (kind, territory.house, sent)
    assert Outbox.objects.get(kind=Outbox.Kind.REVIEW_CONCLUDED).recipient == territory.camille


def test_the_second_to_conclude_is_shown_the_first(territory: Territory, sent: Disclosure) -> None:
    conclude(sent, territory.nadia)
    other = personas.post(
        personas.professional("Rose", "Adam"), territory.house, "chef_service", "Cheffe", "fonction", "CASF L221-6",
        "reviewer",
    )  # fmt: skip
    with pytest.raises(concluding.AlreadyConcluded):
        conclude(sent, other)
    page = personas.signed_in(other).post(
        f"/controle/apres/{sent.pk}/", {"kind": Kind.UNJUSTIFIED, "reason": "Non.", "seen": "0"}
    )
    assert page.status_code == 409
    assert REASON in page.content.decode()


def test_a_conclusion_says_why(territory: Territory, sent: Disclosure) -> None:
    with pytest.raises(concluding.ConclusionError):
        concluding.conclude(disclosure_id=sent.pk, kind=Kind.JUSTIFIED, reason=" ", seen=0, by=territory.nadia)
    client = personas.signed_in(territory.nadia)
    page = client.post(f"/controle/apres/{sent.pk}/", {"kind": Kind.JUSTIFIED, "reason": "", "seen": "0"})
    assert page.status_code == 422
    assert "Dites pourquoi" in page.content.decode()


def test_the_page_says_nothing_of_the_content(territory: Territory, sent: Disclosure) -> None:
    text = personas.signed_in(territory.nadia).get(f"/controle/apres/{sent.pk}/").content.decode()
    assert sent.reference in text
    for word in (territory.absences.label, "absent le mardi", personas.CHILD_LAST_NAME, personas.CHILD_FIRST_NAME):
        assert word not in text


def test_what_is_late_is_on_the_list_of_the_dpo_too(territory: Territory) -> None:
    crip = around(territory).crip
    dpo = personas.second_dpo_post(territory)
    recent, old = concern(territory, crip), concern(territory, crip, ago=timedelta(days=5))
    assert {one.disclosure for one in examined.to_conclude(dpo)} == {old}
    late = examined.overdue_reviews(clock.now())
    assert [(one.disclosure, one.dpos) for one in late] == [(old, (dpo,))]
    assert {one.disclosure for one in examined.to_conclude(territory.nadia)} == {recent, old}
    conclude(old, dpo)
    assert examined.overdue_reviews(clock.now()) == []


def drawn_in(number: str) -> bool:
    return number[-3:] < examined.DRAWN_BELOW


def test_two_in_a_hundred_are_drawn_by_their_id_alone() -> None:
    drawn = sum(drawn_in(str(uuid.UUID(int=number, version=4))) for number in range(4096))
    assert drawn == 82
    assert 0.019 < drawn / 4096 < 0.021


def test_what_is_drawn_is_concluded_like_the_others(territory: Territory, monkeypatch: pytest.MonkeyPatch) -> None:
    personas.parents_agree(territory)
    disclosure = send(draft_of(territory), territory.camille).disclosure
    assert disclosure is not None
    listed = {one.disclosure for one in examined.to_conclude(territory.nadia)}
    assert listed == ({disclosure} if drawn_in(str(disclosure.pk)) else set())
    monkeypatch.setattr(examined, "DRAWN_BELOW", "zzz")
    found = examined.to_conclude(territory.nadia)
    assert [(one.disclosure, one.drawn) for one in found] == [(disclosure, True)]
    conclude(disclosure, territory.nadia)
    assert examined.to_conclude(territory.nadia) == []


def test_opening_content_says_why_tells_at_once_and_ends(territory: Territory, sent: Disclosure) -> None:
    dpo = personas.second_dpo_post(territory)
    client = personas.signed_in(territory.nadia)
    assert client.get(f"/controle/apres/{sent.pk}/contenu/").status_code == 404
    assert client.post(f"/controle/apres/{sent.pk}/contenu/", {"why": "Pour voir."}).status_code == 422
    opened = client.post(f"/controle/apres/{sent.pk}/contenu/", {"why": WHY}, follow=True)
    assert "absent le mardi" in opened.content.decode()
    row = Unsealing.objects.get()
    assert row.ends_at - row.at == timedelta(hours=4)
    assert Entry.objects.get(pk=row.entry_id).action == "content.unsealed"
    told = Outbox.objects.filter(kind=Outbox.Kind.CONTENT_UNSEALED)
    assert {one.recipient for one in told} == {territory.camille, dpo}
    assert Access.objects.filter(action="content.seen", granted=True, membership_ref=territory.nadia.pk).exists()
    case = personas.signed_in(territory.camille).get(f"/situations/{territory.case.reference}/").content.decode()
    assert WHY in case
    later = unsealing.standing(record=sent.record_id, by=territory.nadia, at=row.at + timedelta(hours=4))
    assert later is None


def test_content_is_opened_once_and_only_by_who_is_bound(territory: Territory, sent: Disclosure) -> None:
    first = unsealing.unseal(disclosure_id=sent.pk, reason=WHY, by=territory.nadia)
    assert unsealing.unseal(disclosure_id=sent.pk, reason=WHY, by=territory.nadia).unsealing == first.unsealing
    unbound = personas.post(
        personas.professional("Rose", "Adam"), territory.house, "chef_service", "Cheffe", "discretion", "CGFP L121-7",
        "reviewer",
    )  # fmt: skip
    with pytest.raises(unsealing.NotBound):
        unsealing.unseal(disclosure_id=sent.pk, reason=WHY, by=unbound)
    for stranger in (territory.leila, territory.claire, territory.camille, territory.yann):
        with pytest.raises(concluding.NotHers):
            unsealing.unseal(disclosure_id=sent.pk, reason=WHY, by=stranger)


def test_where_nobody_else_can_be_told_the_page_says_so(territory: Territory, sent: Disclosure) -> None:
    personas.end_post(territory.camille)
    client = personas.signed_in(territory.nadia)
    assert "Personne d’autre ne peut être prévenu" in client.get(f"/controle/apres/{sent.pk}/").content.decode()
    opened = client.post(f"/controle/apres/{sent.pk}/contenu/", {"why": WHY}, follow=True)
    assert "personne d’autre à prévenir" in opened.content.decode()
