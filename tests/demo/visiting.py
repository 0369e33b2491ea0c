"""A visitor of the demonstration at her browser: she presses the real buttons of the real pages."""

import re
import uuid
from typing import Any

from django.test import Client
from django.urls import reverse

from audit.models import Access
from cases.models import Representative
from config.demo_bar import Bar, Tour
from config.demo_visit import COOKIE
from sharing import composing, panel
from sharing.demo import visit as way
from sharing.models import DraftItem

VISIT, ENTER = "/demo/visite/", "/demo/entrer/"


class Visitor:
    """A browser of its own, and what it shows."""

    def __init__(self) -> None:
        self.client = Client()
        self.page: Any = None

    def see(self, answer: Any) -> "Visitor":
        """Keep the page that came in the end."""
        self.page = answer
        return self

    def get(self, address: str) -> "Visitor":
        return self.see(self.client.get(address, follow=True))

    def post(self, address: str, **typed: Any) -> "Visitor":
        return self.see(self.client.post(address, typed, follow=True))

    def press(self, action: str, **typed: Any) -> "Visitor":
        """One of the visit's own buttons: begin, continue, leave."""
        return self.post(VISIT, action=action, **typed)

    @property
    def address(self) -> str:
        """Where the last page stands."""
        return str(self.page.request["PATH_INFO"])

    @property
    def text(self) -> str:
        return re.sub(r"\s+", " ", self.page.content.decode())

    @property
    def bar(self) -> Bar:
        found: Bar = self.page.context["demo_bar"]
        return found

    @property
    def tour(self) -> Tour:
        assert self.bar.tour is not None
        return self.bar.tour

    @property
    def visit(self) -> way.Visit:
        """What the rows say of the visit that this browser's cookie names."""
        found = way.read(uuid.UUID(self.client.cookies[COOKIE].value.partition(":")[0].partition(".")[0]))
        assert found is not None
        return found

    def do(self, step: int) -> "Visitor":
        """Do the whole of this step, by its number, as the bar says."""
        (refuse, agree, send, read, withdraw, verify)[step - 1](self)
        return self


def refuse(one: Visitor) -> None:
    """« Demander quand même une décision »."""
    draft = one.visit.draft
    assert draft is not None
    check = reverse("sharing:check", args=[draft.case.reference, draft.pk])
    one.post(check, seen=one.get(check).page.context["token"])


def agree(one: Visitor) -> None:
    """« Enregistrer l’accord » of the mother, for the absences, by the way out of the verdict."""
    mother = Representative.objects.get(person=one.visit.case.person_id, kind=Representative.Kind.MOTHER)
    path = next(each for each in one.page.context["panel"]["paths"] if "/accords/nouveau/" in each.get("url", ""))
    form = one.get(path["url"]).page.context["form"]
    code = next(value for value, _label in form.fields["speaker"].choices if str(mother.pk) in str(value))
    one.post(
        path["url"],
        categories=["consigne_pratique"],
        duration=form.fields["duration"].choices[1][0],
        speaker=code,
        form="in_person",
        language=form.fields["language"].initial,
        collected_on=form.fields["collected_on"].initial.isoformat(),
    )


def send(one: Visitor) -> None:
    """Leave the report out, read again, communicate."""
    draft = one.visit.draft
    assert draft is not None
    address = reverse("sharing:compose", args=[draft.case.reference, draft.pk])
    rows = list(DraftItem.objects.filter(draft=draft).select_related("item"))
    typed: dict[str, Any] = {"purpose": draft.purpose, "recipient": draft.recipient_id, "benefit": draft.benefit}
    typed |= {"item": [row.item_id for row in rows]}
    typed |= {f"{composing.NECESSITY}{row.item_id}": row.necessity for row in rows}
    report = next(row.item_id for row in rows if row.item.label == way.REPORT)
    one.see(one.client.post(address, typed | {panel.LEAVE_OUT: str(report)}, follow=True))
    refuse(one)  # the same button of the same form: it now says « Communiquer à Mme Lantier »


def read(one: Visitor) -> None:
    """« Afficher », then « Accuser réception »."""
    sent = one.visit.disclosure
    assert sent is not None
    one.post(reverse("sharing:received", args=[sent.pk]))
    one.post(reverse("sharing:acknowledge", args=[sent.pk]))


def withdraw(one: Visitor) -> None:
    """« Retirer cet accord », by telephone."""
    given = one.visit.consent
    assert given is not None
    one.post(reverse("sharing:withdraw", args=[given.case.reference, given.pk]), form="telephone")


def verify(one: Visitor) -> None:
    """Read the acts of this visit, then « Vérifier tout le journal »."""
    one.get(one.tour.step.spots[0].address)
    one.post(reverse("audit:verification"))


def accesses(action: str) -> list[Any]:
    """Whose accesses of this kind the log holds, oldest first."""
    return list(Access.objects.filter(action=action).order_by("pk").values_list("professional_ref", flat=True))
