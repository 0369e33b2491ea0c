"""The emergency page, its confirmation, the sheet and who received it, the list of those who protect data."""

import re
import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from audit.models import Access, Entry
from cases.models import Item
from partners import clock, confirming
from partners.clock import PARIS
from sharing.models import Call, DecisionRecord, Delivery, Disclosure, Duty, DutyAct
from sharing.urgency import dangers, delivering
from tests import personas
from tests.personas import Territory
from tests.urgency.ways import HAPPENING, sound, typed

SignIn = Callable[[str], Client]


def address(territory: Territory) -> str:
    return reverse("sharing:urgency", args=[territory.case.reference])


def proved(client: Client, minutes_ago: int = 0) -> Client:
    """Her identity was proved so long ago."""
    session = client.session
    session[confirming.SESSION_KEY] = (clock.now() - timedelta(minutes=minutes_ago)).isoformat()
    session.save()
    return client


def test_the_page_is_one_click_from_the_situation_and_offers_only_those_empowered(
    territory: Territory, sign_in: SignIn
) -> None:
    rescue, prosecutor = personas.rescue(territory), personas.prosecutor(territory)
    camille = sign_in("camille")
    case = camille.get(reverse("sharing:case", args=[territory.case.reference])).content.decode()
    assert address(territory) in case
    page = camille.get(address(territory)).content.decode()
    assert "15, 17, 18, 112, 119" in page
    offered = set(re.findall(r'name="recipient" id="[^"]+" value="([^"]+)"', page))
    assert offered == {str(rescue.pk), str(prosecutor.pk)}


def test_what_is_to_be_done_at_once_is_not_late_the_minute_the_alarm_is_sent(
    territory: Territory, sign_in: SignIn
) -> None:
    crip = personas.crip(territory)
    shared = sound(territory, crip, danger="child", criteria=("seen",))
    assert shared.disclosure is not None
    assert Duty.objects.filter(record=shared.record, due_at=shared.disclosure.released_at).exists()
    page = (
        sign_in("camille")
        .get(reverse("sharing:urgency_done", args=[territory.case.reference, shared.disclosure.draft_id]))
        .content.decode()
    )
    assert "maintenant" in page
    assert "en retard" not in page
    assert "en retard" not in sign_in("camille").get("/").content.decode()


def test_one_send_and_it_has_left(territory: Territory, sign_in: SignIn) -> None:
    camille, rescue = sign_in("camille"), personas.rescue(territory)
    answer: Any = camille.post(address(territory), typed(rescue), follow=True)
    page = answer.content.decode()
    assert "Urgence enregistrée" in page
    due = Duty.objects.get(code="review_after").due_at
    assert due is not None
    assert f"avant le {due.astimezone(PARIS):%d/%m à %H:%M}" in page
    assert "n’a pas de compte" in page
    assert Disclosure.objects.count() == 1


def test_nothing_typed_is_lost_where_something_is_missing(territory: Territory, sign_in: SignIn) -> None:
    answer = sign_in("camille").post(
        address(territory), typed(personas.rescue(territory), criteria=[], happening="Trop court.")
    )
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Trop court." in page
    assert "20 caractères au moins" in page
    assert "Cochez au moins un signe" in page
    assert not Disclosure.objects.exists()


def test_a_sign_that_the_danger_needs_is_asked_for_before_anything_is_kept(
    territory: Territory, sign_in: SignIn
) -> None:
    """Ticking one sign of two in a hurry is told beside the signs: no refusal without a way, no item written for nothing."""
    rescue, before = personas.rescue(territory), Item.objects.count()
    answer = sign_in("camille").post(address(territory), typed(rescue, criteria=["grave"]))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Pour ce danger, un texte demande aussi" in page
    assert "d’une heure à l’autre" in page
    assert HAPPENING in page
    assert Item.objects.count() == before
    assert not DecisionRecord.objects.exists()


@pytest.mark.parametrize("danger", sorted(dangers.BY_CODE))
def test_the_signs_asked_for_are_enough_and_no_more(danger: str) -> None:
    one = dangers.BY_CODE[danger]
    missing = dangers.signs_missing(one, ())
    assert not dangers.signs_missing(one, missing)
    assert all(dangers.signs_missing(one, set(missing) - {sign}) for sign in missing)


def test_asking_who_may_receive_it_keeps_what_is_typed_and_narrows_the_list(
    territory: Territory, sign_in: SignIn
) -> None:
    rescue, prosecutor = personas.rescue(territory), personas.prosecutor(territory)
    asked = typed(rescue, danger="child_justice", action="who") | {"recipient": ""}
    page = sign_in("camille").post(address(territory), asked).content.decode()
    assert HAPPENING in page
    assert str(prosecutor.pk) in page
    assert str(rescue.pk) not in page
    assert not Disclosure.objects.exists()


def test_a_refusal_says_which_path_is_open_right_now(territory: Territory, sign_in: SignIn) -> None:
    rescue = personas.rescue(territory)
    answer = sign_in("camille").post(address(territory), typed(territory.lantier))
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Rien n’a été communiqué" in page
    assert rescue.institution.name in page
    assert "15, 17, 18, 112, 119" in page
    assert HAPPENING in page
    assert Entry.objects.filter(action="disclosure.refused").exists()


def test_a_peril_never_waits_for_a_password(territory: Territory, sign_in: SignIn) -> None:
    answer = proved(sign_in("camille"), minutes_ago=60).post(address(territory), typed(personas.rescue(territory)))
    assert answer.status_code == 302


def test_another_danger_asks_for_it_after_five_minutes_and_loses_nothing(territory: Territory, sign_in: SignIn) -> None:
    crip = personas.crip(territory)
    camille = proved(sign_in("camille"), minutes_ago=6)
    asked = typed(crip, danger="child")
    answer = camille.post(address(territory), asked)
    assert answer.status_code == 422
    assert 'name="password"' in answer.content.decode()
    assert HAPPENING in answer.content.decode()
    wrong = camille.post(address(territory), asked | {"password": "ce n’est pas elle"})
    assert wrong.status_code == 422
    assert "ce n’est pas elle" not in wrong.content.decode()
    assert Access.objects.filter(action="session.checked", granted=False).count() == 1
    assert not Disclosure.objects.exists()
    assert camille.post(address(territory), asked | {"password": personas.PASSWORD}).status_code == 302
    assert camille.post(address(territory), typed(crip, danger="child")).status_code == 302  # asked once


def test_whoever_signed_in_lately_is_not_asked(territory: Territory) -> None:
    camille, crip = Client(), personas.crip(territory)
    signed = {"login": territory.camille.professional.email, "password": personas.PASSWORD}
    camille.post(reverse("partners:sign_in"), signed)
    assert camille.post(address(territory), typed(crip, danger="child")).status_code == 302


def test_a_call_that_was_not_called_back_hands_nothing_over(territory: Territory, sign_in: SignIn) -> None:
    rescue, camille = personas.rescue(territory), sign_in("camille")
    for called_back, status in ((False, 409), (True, 302)):
        call = personas_call(territory, camille, called_back=called_back)
        page = camille.get(address(territory), {"appel": str(call.pk)}).content.decode()
        assert ("vous avez rappelé" in page) == called_back
        assert camille.post(address(territory), typed(rescue, call=str(call.pk))).status_code == status


def personas_call(territory: Territory, client: Client, *, called_back: bool) -> Call:
    told = {
        "kind": "telephone",
        "called_at": f"{clock.now().astimezone(PARIS):%Y-%m-%dT%H:%M}",
        "caller": "Brigadier Untel",
        "asked": "Où est l’enfant ?",
        "answer": "peril",
        "case": territory.case.reference,
    } | ({"called_back": "on"} if called_back else {})
    client.post(reverse("sharing:call"), told)
    return Call.objects.get(called_back=called_back)


def received_at(minutes_ago: int = 1) -> str:
    return f"{(clock.now() - timedelta(minutes=minutes_ago)).astimezone(PARIS):%Y-%m-%dT%H:%M}"


def test_the_sheet_stays_to_hand_over_until_somebody_says_who_received_it(
    territory: Territory, sign_in: SignIn
) -> None:
    disclosure = sound(territory, personas.rescue(territory)).disclosure
    assert disclosure is not None
    camille, sheet = sign_in("camille"), reverse("sharing:handover", args=[disclosure.pk])
    case = reverse("sharing:case", args=[territory.case.reference])
    assert sheet in camille.get(case).content.decode()
    page = camille.get(sheet).content.decode()
    assert HAPPENING in page
    assert "Appelez le 17" in page
    assert camille.post(sheet, {}).status_code == 422
    told = {"received_by": "Le permanencier du 17", "how": "telephone", "received_at": received_at()}
    for _twice in range(2):
        assert camille.post(sheet, told).status_code == 302
    assert Delivery.objects.count() == 1
    assert sheet not in camille.get(case).content.decode()
    assert "Le permanencier du 17" in camille.get(sheet).content.decode()


def test_a_reception_is_neither_in_the_future_nor_long_before(territory: Territory, sign_in: SignIn) -> None:
    disclosure = sound(territory, personas.rescue(territory)).disclosure
    assert disclosure is not None
    for wrong in (-90, 60 * 48):
        with pytest.raises(delivering.DeliveryError):
            delivering.note_received(
                disclosure_id=disclosure.pk,
                how="telephone",
                received_by="Le 17",
                received_at=clock.now() - timedelta(minutes=wrong),
                by=territory.camille,
            )


def test_what_reached_an_account_has_no_sheet_to_hand_over(territory: Territory, sign_in: SignIn) -> None:
    disclosure = sound(territory, personas.crip(territory)).disclosure
    assert disclosure is not None
    assert sign_in("camille").get(reverse("sharing:handover", args=[disclosure.pk])).status_code == 404


def test_telling_her_may_wait_with_a_reason_and_a_date(territory: Territory, sign_in: SignIn) -> None:
    sound(territory, personas.rescue(territory))
    duty = Duty.objects.get(code="inform_after")
    camille, page = sign_in("camille"), reverse("sharing:duty", args=[duty.pk])
    assert "Quel risque précis" in camille.get(page).content.decode()
    assert camille.post(page, {"act": "reporter", "reason": "", "again_in": "7"}).status_code == 422
    assert (
        camille.post(page, {"act": "reporter", "reason": "Pression sur l’enfant.", "again_in": "7"}).status_code == 302
    )
    assert DutyAct.objects.get(duty=duty).kind == "postponed"


def test_the_list_of_emergencies_is_for_who_protects_data_in_the_order_of_time(
    territory: Territory, sign_in: SignIn
) -> None:
    dpo, rescue = personas.second_dpo_post(territory), personas.rescue(territory)
    references = [sound(territory, rescue).disclosure for _each in range(3)]
    page = personas.signed_in(dpo).get(reverse("sharing:urgencies")).content.decode()
    assert all(one is not None and one.reference in page for one in references)
    assert "3 urgences ou plus en trente jours" in page
    assert "Camille Roussel" in page
    assert HAPPENING not in page
    assert personas.CHILD_LAST_NAME not in page
    for name in ("camille", "leila", "lantier", "yann"):
        assert sign_in(name).get(reverse("sharing:urgencies")).status_code == 404


def test_an_unknown_confirmation_or_sheet_is_not_there(territory: Territory, sign_in: SignIn) -> None:
    camille = sign_in("camille")
    for door, args in (
        ("sharing:urgency_done", [territory.case.reference, uuid.uuid4()]),
        ("sharing:handover", [uuid.uuid4()]),
    ):
        assert camille.get(reverse(door, args=args)).status_code == 404
