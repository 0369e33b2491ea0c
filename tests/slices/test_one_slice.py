"""Three items of twelve leave: whatever comes out of that communication carries these three, and what is not due carries none."""

import json
import os
import re
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from django.core import mail
from django.test import Client
from django.urls import reverse

from audit.models import Access, Payload
from cases import dissent, files, rights
from cases.models import DissentNote, Item
from config import embedded
from consent import registry
from partners import clock, wording
from partners.models import Membership
from sharing import outbox
from sharing.daily import digest, reminders
from sharing.models import DecisionRecord, Disclosure, Draft, DraftItem
from sharing.rights import acts as her_rights
from tests import personas, sinks
from tests.api.ways import Program, program_of
from tests.personas import Territory
from tests.slices import sung
from tests.slices.sung import CHOSEN, CORRECTED, DISSENT, NEED, OTHERS, SOURCE, TEXT, THIRD, TITLE, heard, parts, word

THREE = frozenset(CHOSEN)
OF_THE_OTHERS = ("consigne_pratique", "besoins_scolaires", "sante_diagnostic")
"""What the nine others are: some could have left as well."""


@dataclass
class Eye:
    """A reader and all that her browser was given: pages, papers, headers, cookies."""

    client: Client
    walk: sinks.Walk
    program: Program | None = None
    given: list[str] = field(default_factory=list)
    said_of_itself: list[str] = field(default_factory=list)
    """Headers, names of files and cookies, and the titles of papers."""

    def program_sees(self, method: str, path: str, *, status: int = 200) -> str:
        """What one answer says to the program that acts for her, with a token of hers."""
        assert self.program is not None
        answer = getattr(self.program, method)(path)
        assert answer.status_code == status, (path, answer.status_code, answer.content)
        self.given.append(answer.content.decode())
        self.said_of_itself += [f"{name}: {value}" for name, value in answer.headers.items()]
        return self.given[-1]

    def sees(self, method: str, path: str, posted: dict[str, Any] | None = None, *, status: int = 200) -> str:
        """What one answer says, in words."""
        answer = self.walk.go(self.client, method, path, posted)
        assert answer.status_code == status, (path, answer.status_code)
        paper = answer["Content-Type"] == "application/pdf"
        text = sung.on_paper(answer.content) if paper else answer.content.decode()
        self.given.append(text)
        self.said_of_itself += [f"{name}: {value}" for name, value in answer.headers.items()]
        self.said_of_itself += [one.OutputString() for one in answer.cookies.values()]
        if paper:
            self.said_of_itself.append(sung.title_of_paper(answer.content))
        return text


@dataclass
class Told:
    """The communication, and everyone's eyes."""

    territory: Territory
    items: dict[int, Item]
    walk: sinks.Walk
    disclosure: Disclosure
    agreed: Any
    camille: Eye
    lantier: Eye
    perrin: Eye
    nadia: Eye
    compared: Counter[str] = field(default_factory=Counter)

    @property
    def chosen(self) -> set[str]:
        return {str(self.items[number].pk) for number in CHOSEN}


def seed(territory: Territory) -> dict[int, Item]:
    """The family sings, and twelve items that a school may receive: only the choice tells them apart."""
    child, mother, father = territory.child, territory.mother, territory.father
    child.first_name, child.last_name = sung.FIRST, sung.LAST
    child.save()
    for one, name in ((mother, sung.MOTHER), (father, sung.FATHER)):
        one.first_name, one.last_name, one.phone = name, sung.LAST, sung.PHONE
        one.save()
    items, at = {}, clock.now()
    for number in range(1, sung.HOW_MANY + 1):
        items[number] = files.add_item(
            case=territory.case,
            label=f"Mardi {word(number, TITLE)}",
            text=f"Absente le mardi, {word(number, TEXT)}." + (f" Habite {sung.STREET}." if number in OTHERS else ""),
            category="consigne_pratique" if number in CHOSEN else OF_THE_OTHERS[number % len(OF_THE_OTHERS)],
            nature="fait_constate",
            provenance=Item.Provenance.FAMILY,
            provenance_detail=word(number, SOURCE),
            origin="",
            third_parties=[word(number, THIRD)] if number in OTHERS else (),
            observed_on=clock.day_of(at),
            by=territory.camille,
            at=at,
        )
        dissent.note_dissent(
            item=items[number], voice=DissentNote.Voice.PERSON, text=word(number, DISSENT), by=territory.camille
        )
    return items


def an_eye(who: Membership, walk: sinks.Walk) -> Eye:
    return Eye(personas.signed_in(who), walk, program_of(who))


def three_leave(territory: Territory) -> Told:
    """Composed, read over and sent by the pages, after the mother agreed."""
    items, walk = seed(territory), sinks.Walk()
    camille = an_eye(territory.camille, walk)
    ref, at = territory.case.reference, clock.now()
    agreed = registry.give(
        scope=registry.Scope(
            case=territory.case, recipient=territory.lantier, purpose="scolarite", categories=["consigne_pratique"]
        ),
        notice=personas.notice(), valid_until=clock.day_of(at) + personas.A_YEAR / 5, given_by=territory.mother,
        collected_on=clock.day_of(at), form="in_person", own_words=sung.OWN_WORDS, conditions=sung.CONDITIONS,
        by=territory.camille,
    )  # fmt: skip
    camille.sees("post", reverse("sharing:start", args=[ref]), status=302)
    draft = Draft.objects.get(sent_at=None)
    where = [ref, draft.pk]
    typed = {"purpose": "scolarite", "recipient": str(territory.lantier.pk), "benefit": sung.GOOD}
    typed |= {"item": [str(items[number].pk) for number in CHOSEN]}  # type: ignore[dict-item]
    typed |= {f"necessity-{items[number].pk}": f"Sans cela, {word(number, NEED)}." for number in CHOSEN}
    camille.sees("post", reverse("sharing:verdict", args=where), typed)
    camille.sees("post", reverse("sharing:compose", args=where), typed | {"action": "check"}, status=302)
    assert DraftItem.objects.filter(draft=draft).count() == len(CHOSEN)
    token = re.search(r'name="seen" value="([^"]+)"', camille.sees("get", reverse("sharing:check", args=where)))
    assert token is not None
    camille.sees("post", reverse("sharing:check", args=where), {"seen": token[1]}, status=302)
    return Told(
        territory=territory, items=items, walk=walk, disclosure=Disclosure.objects.get(), agreed=agreed,
        camille=camille, lantier=an_eye(territory.lantier, walk), perrin=an_eye(territory.perrin, walk),
        nadia=an_eye(territory.nadia, walk),
    )  # fmt: skip


def read_by_whom_it_is_for(told: Told) -> dict[str, sung.Heard]:
    """Before, while and after it is read: what each output of it carries."""
    pk, lantier = told.disclosure.pk, told.lantier
    found = {
        "home before": lantier.sees("get", "/"),
        "inbox before": lantier.sees("get", reverse("sharing:inbox")),
        "cover": lantier.sees("get", reverse("sharing:received", args=[pk])),
        "colleague's inbox": told.perrin.sees("get", reverse("sharing:inbox")),
        "page": lantier.sees("post", reverse("sharing:received", args=[pk])),
        "print": lantier.sees("post", reverse("sharing:print_received", args=[pk])),
        "paper": lantier.sees("post", reverse("sharing:received_paper", args=[pk])),
        "program's inbox": lantier.program_sees("get", "recu"),
        "program's cover": lantier.program_sees("get", f"recu/{pk}"),
        "program": lantier.program_sees("post", f"recu/{pk}/lecture"),
        "colleague's program": told.perrin.program_sees("get", "recu"),
    }
    told.perrin.sees("get", reverse("sharing:received", args=[pk]), status=404)
    told.perrin.program_sees("post", f"recu/{pk}/lecture", status=404)
    lantier.sees("post", reverse("sharing:acknowledge", args=[pk]), status=302)
    found |= {
        "cover once read": lantier.sees("get", reverse("sharing:received", args=[pk])),
        "page again": lantier.sees("post", reverse("sharing:received", args=[pk])),
        "inbox": lantier.sees("get", reverse("sharing:inbox")),
        "home": lantier.sees("get", "/"),
        "not for me": lantier.sees("get", reverse("sharing:send_back", args=[pk])),
        "precision": lantier.sees("get", reverse("sharing:ask_precision", args=[pk])),
    }
    return {name: heard(text) for name, text in found.items()}


def shown_to_its_author(told: Told) -> dict[str, sung.Heard]:
    """What its author has of it, page and paper, and what her team lead sees pass."""
    ref, pk, draft = told.territory.case.reference, told.disclosure.pk, told.disclosure.draft_id
    see = told.camille.sees
    found = {
        "done": see("get", reverse("sharing:done", args=[ref, draft])),
        "sent one": see("get", reverse("sharing:sent_one", args=[pk])),
        "receipt": see("get", reverse("sharing:done_paper", args=[ref, draft])),
        "sent": see("get", reverse("sharing:sent")),
        "recall": see("get", reverse("sharing:recall", args=[pk])),
        "author's home": see("get", "/"),
        "duties": see("get", reverse("sharing:duties")),
        "withdrawal": see("get", reverse("sharing:withdraw", args=[ref, told.agreed.pk])),
        "words": see("get", reverse("consent:list", args=[ref])),
        "queue": told.nadia.sees("get", reverse("sharing:control")),
        "examinations": told.nadia.sees("get", reverse("sharing:examinations")),
        "dashboard": told.nadia.sees("get", reverse("sharing:dashboard")),
        "lead's home": told.nadia.sees("get", "/"),
        "program's list": told.camille.program_sees("get", "communications"),
        "program's sent one": told.camille.program_sees("get", f"communications/{pk}"),
        "lead's program": told.nadia.program_sees("get", "communications?of=team"),
    }
    told.nadia.program_sees("get", f"communications/{pk}", status=404)
    # The case is hers whole: its page and its chronology may name every item, and nobody else's eyes are on them.
    see("get", reverse("sharing:case", args=[ref]))
    see("get", reverse("sharing:chronology", args=[ref]))
    assert wording.category("consigne_pratique") in found["receipt"]
    for name in ("done", "sent one", "receipt"):
        assert not [one for one in OF_THE_OTHERS[1:] if wording.category(one) in found[name]], name
    return {name: heard(text) for name, text in found.items()}


def stored(told: Told) -> None:
    """What is kept of it as JSON: the facts, the decision and the payload of the trail name these three, by their ids."""
    record = DecisionRecord.objects.get(pk=told.disclosure.record_id)
    every = {str(one.pk) for one in told.items.values()}
    assert {item["ref"] for item in record.facts["items"]} == told.chosen
    assert {item["ref"] for item in record.decision["items"]} == told.chosen
    kept = json.dumps([record.facts, record.decision], ensure_ascii=False)
    assert {one for one in every if one in kept} == told.chosen
    assert heard(kept) == parts(NEED)
    payload = json.loads(bytes(Payload.objects.get(entry=record.entry_id).body))
    assert payload["necessity"].keys() == told.chosen
    assert heard(json.dumps(payload, ensure_ascii=False)) == parts(NEED)
    told.compared.update(["stored facts and decision", "payload"])


def test_every_output_of_a_communication_carries_the_same_slice(
    territory: Territory,
    logs: list[str],
    queued: list[str],
    django_capture_on_commit_callbacks: Any,
) -> None:
    if not os.environ.get("REDIS_URL"):
        embedded.ensure_redis()
    with django_capture_on_commit_callbacks(execute=True):
        told = three_leave(territory)
        outbox.sweep()
        received = read_by_whom_it_is_for(told)
        sent = shown_to_its_author(told)
        stored(told)
    # Where content is due: the very same parts of the very same three, on the page, printed and in the file.
    slice_of_it = parts(TITLE, TEXT, NEED, DISSENT)
    for name in ("page", "print", "paper", "page again", "program"):
        assert received.pop(name) == slice_of_it, name
        told.compared[name] += 1
    # Elsewhere on the recipient's side: no content, and nothing of the other nine.
    for name, carried in received.items():
        assert carried <= parts(TITLE), (name, sorted(carried))
        told.compared[name] += 1
    # What its author keeps of it: the three by their labels on pages, and by their sort in the file that may leave the house.
    assert not sent["receipt"]
    assert sent.pop("program's sent one") == slice_of_it
    for name in ("done", "sent one"):
        carried = sent.pop(name)
        assert {number for number, _part in carried} == THREE, (name, sorted(carried))
        assert not {part for _number, part in carried} & {SOURCE, THIRD}, name
        told.compared[name] += 1
    for name, carried in sent.items():
        assert {number for number, _part in carried} <= THREE, (name, sorted(carried))
        assert TEXT not in {part for _number, part in carried}, name
        told.compared[name] += 1
    with django_capture_on_commit_callbacks(execute=True):
        corrected_then_taken_back(told)
        outbox.sweep()
    nothing_of_the_others_ever_reached(told)
    nothing_sings_where_nothing_is_due(told, logs, queued)
    assert len(told.compared) > 53, sorted(told.compared)


def corrected_then_taken_back(told: Told) -> None:
    """A correction follows the item that left, not one that stayed; once the mother takes back what she said, a stub is left."""
    t, pk = told.territory, told.disclosure.pk
    for number in (CHOSEN[0], min(OTHERS)):
        asked = rights.request_rectification(
            item=told.items[number], asked_by=t.mother, text="Ce n’est pas tous les mardis.", by=t.camille
        )
        her_rights.accept(rectification=asked, text=word(number, CORRECTED), by=t.camille)
    due = parts(TITLE, TEXT, NEED, DISSENT) | parts(CORRECTED, numbers=CHOSEN[:1])
    for name in ("received", "print_received", "received_paper"):
        assert heard(told.lantier.sees("post", reverse(f"sharing:{name}", args=[pk]))) == due, name
        told.compared[f"{name}, corrected"] += 1
    assert heard(told.lantier.program_sees("post", f"recu/{pk}/lecture")) == due
    told.compared["program, corrected"] += 1
    ref = t.case.reference
    said = {"speaker": str(t.mother.pk), "form": "in_person"}
    told.camille.sees("post", reverse("sharing:withdraw", args=[ref, told.agreed.pk]), said, status=302)
    told.camille.sees("get", reverse("consent:receipt", args=[ref, told.agreed.pk]))
    for name in ("receipt", "receipt_paper"):
        text = told.camille.sees("get", reverse(f"consent:{name}", args=[ref, told.agreed.pk]))
        assert not heard(text), (name, sorted(heard(text)))
        told.compared[name] += 1
    left = parts(TITLE) | parts(CORRECTED, numbers=CHOSEN[:1])
    for method, name, status in (
        ("get", "received", 200),
        ("post", "received", 200),
        ("post", "print_received", 200),
        ("post", "received_paper", 302),
    ):
        text = told.lantier.sees(method, reverse(f"sharing:{name}", args=[pk]), status=status)
        assert heard(text) <= left, (name, sorted(heard(text)))
        told.compared[f"{name} {method}, closed"] += 1
    for method, path in (("get", f"recu/{pk}"), ("post", f"recu/{pk}/lecture")):
        text = told.lantier.program_sees(method, path)
        assert heard(text) <= left, (path, sorted(heard(text)))
        told.compared[f"program, {path} closed"] += 1
    for path in ("/", reverse("sharing:inbox")):
        assert heard(told.lantier.sees("get", path)) <= parts(TITLE), path
        told.compared[f"{path}, closed"] += 1
    at = clock.now()
    reminders.remind(at)
    digest.send_digests(at)


def nothing_of_the_others_ever_reached(told: Told) -> None:
    """The nine others: no part of any of them on any page or paper of those who receive."""
    for eye in (told.lantier, told.perrin):
        for text in eye.given:
            assert not {number for number, _part in heard(text)} & OTHERS
            assert not {sung.PHONE, sung.STREET, sung.OWN_WORDS, sung.CONDITIONS} & set(sung.names(text))
            assert wording.category("sante_diagnostic") not in text
    assert all(not heard(text) for text in told.perrin.given)


def nothing_sings_where_nothing_is_due(told: Told, logs: list[str], queued: list[str]) -> None:
    """Letters, titles, addresses, headers, cookies, logs, the queue, Redis, cache, sessions, the trail: no word, no name."""
    letters = "\n".join(one.message().as_string() + one.subject + str(one.body) for one in mail.outbox)
    eyes = (told.camille, told.lantier, told.perrin, told.nadia)
    places = {
        "letters": letters,
        "titles": "\n".join(told.walk.titles),
        "addresses": "\n".join(told.walk.addresses),
        "headers, cookies, papers' own titles": "\n".join(line for eye in eyes for line in eye.said_of_itself),
        "logs": "\n".join(logs),
        "queue": "\n".join(queued),
        "redis": sinks.everything_in_redis(),
        "cache": sinks.cached(),
        "sessions": sinks.sessions(),
        "trail": sinks.bodies(),
        "access log": "\n".join(str(row) for row in Access.objects.values_list()),
    }
    names_allowed = {"letters", "titles", "headers, cookies, papers' own titles", "sessions"}
    for name, text in places.items():
        assert text or name == "cache", name
        more = () if name in names_allowed else sung.COLLEAGUES
        assert sung.silent(text, *more), (name, sorted(heard(text)), sung.names(text, *more))
        told.compared[name] += 1
    assert len(mail.outbox) >= 3
    assert len(logs) > 20
