"""Situations: the person and those who represent her, her case, who follows it, what is known, what was communicated."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from django.contrib.auth.models import Permission

from cases.access import REVIEW_AFTER_DAYS
from cases.models import (
    Assignment,
    Case,
    CaseAccess,
    Involvement,
    Item,
    ItemContent,
    Person,
    PersonStatus,
    Representative,
)
from cases.standing import Stands, stands_of
from consent.models import Consent, Notice
from partners.clock import day_of
from partners.models import Membership
from partners.text import plain
from sharing import gather
from sharing.models import Disclosure

from . import people
from .batch import Batch
from .calendar import Calendar
from .courses import Course, Turns
from .local_rules import LocalRules
from .sending import Agreed, Sender
from .standing import HOLDERS, record_statuses, status_of
from .story import Line, Passing, Story, drawn
from .territory import Territory
from .words import Heard

SOURCE_OF_INVOLVEMENT = "Participation à la prise en charge confirmée par l’intéressé·e au téléphone"
RELAY_EVERY, HANDOVER_EVERY = 5, 9  # one case in so many has a colleague in relay, or was handed over
NEW_EVERY = 8  # one case in so many is new: known for a few weeks, nothing communicated yet


@dataclass(frozen=True, slots=True, kw_only=True)
class Tools:
    """What every situation of a territory is made with."""

    rng: Random
    calendar: Calendar
    territory: Territory
    batch: Batch
    sender: Sender
    agreed: Agreed
    local: LocalRules
    turns: Turns
    notice: Notice
    information: Notice
    open_case: Permission


@dataclass(slots=True, kw_only=True)
class Situation:
    """One case as it is made, with what its texts need."""

    case: Case
    story: Story
    referent: Membership
    opened_days_ago: int
    parents: list[Representative]
    slots: dict[str, str]
    items: list[Item]
    statuses: list[PersonStatus] = field(default_factory=list)

    def stands(self, at: datetime) -> Stands:
        """What stands for the person at this instant, as the database will say."""
        return stands_of(self.case.person, [status_of(one) for one in self.statuses], at)

    @property
    def child(self) -> bool:
        return self.story.child


def is_new(index: int) -> bool:
    """Whether this case, by its place in the plan, was opened lately."""
    return index % NEW_EVERY == NEW_EVERY - 1


def opening(rng: Random, index: int) -> int:
    """How many days ago a case was opened."""
    return (
        rng.randrange(9, 45) if is_new(index) else rng.randrange(255, 358)
    )  # within the year: none is overdue for review


def make_person(tools: Tools, story: Story, opened_at: datetime) -> tuple[Person, list[Representative]]:
    """An invented person, and those who represent her."""
    rng = tools.rng
    gender = rng.choice("fm") if story.gender == "any" else story.gender
    age = rng.randint(*story.ages)
    person = Person(
        title="" if story.child else ("Mme" if gender == "f" else "M."),
        first_name=rng.choice(people.first_names(gender, age)),
        last_name=rng.choice(people.FAMILIES),
        birth_date=tools.calendar.birth(rng, age),
        created_at=opened_at,
    )
    if story.child:
        return person, make_parents(rng, person)
    if story.measure:
        beside = Representative(
            person=person,
            kind=HOLDERS[story.measure],
            title="Mme",
            first_name=rng.choice(people.WOMEN),
            last_name=rng.choice(people.FAMILIES),
        )
        return person, [beside]
    return person, []


def make_parents(rng: Random, person: Person) -> list[Representative]:
    """Two holders of parental authority, of one name or of two."""
    other = rng.choice(people.FAMILIES)
    return [
        Representative(
            person=person,
            kind=kind,
            title=title,
            first_name=rng.choice(names),
            last_name=last_name,
            holds_parental_authority=True,
            phone=f"06 39 98 {rng.randrange(100):02d} {rng.randrange(100):02d}",
        )
        for kind, title, names, last_name in (
            (Representative.Kind.MOTHER, "Mme", people.WOMEN, rng.choice((person.last_name, other))),
            (Representative.Kind.FATHER, "M.", people.MEN, person.last_name),
        )
    ]


def open_situation(
    tools: Tools, *, story: Story, referent: Membership, reference: str, days_ago: int, index: int,
    person: Person | None = None, parents: Sequence[Representative] = (),
) -> Situation:  # fmt: skip
    """Open the case as `cases.files.open_case` does; a person is made where none is given."""
    opened_at = tools.calendar.office_hours(tools.rng, days_ago)
    if person is None:
        person, parents = make_person(tools, story, opened_at)
        tools.batch.add(person, *parents)
    case = Case(
        reference=reference,
        person=person,
        institution_id=referent.institution_id,
        domain=story.domain,
        opened_on=day_of(opened_at),
        created_at=opened_at,
    )
    tools.batch.add(case)
    tools.batch.act(
        action="case.opened",
        at=opened_at,
        actor=referent.pk,
        case=case.pk,
        refs={"person": person.pk, "institution": referent.institution_id},
        codes={"domain": case.domain},
        personal={"reference": case.reference, "reason": story.reason},
    )
    _followed(tools, case, referent, story.reason, opened_at, index)
    return Situation(
        case=case,
        story=story,
        referent=referent,
        opened_days_ago=days_ago,
        parents=list(parents),
        slots=_slots(tools.rng, person, parents),
        items=[],
        statuses=record_statuses(tools, case, story, parents, referent, opened_at),
    )


def _slots(rng: Random, person: Person, parents: Sequence[Representative]) -> dict[str, str]:
    slots = drawn(rng)
    masculine = person.title == "M." or (not person.title and person.first_name in people.MEN)
    slots |= {
        "prenom": person.first_name,
        "mme": f"{person.title} {person.last_name}",
        "il": "il" if masculine else "elle",
        "le": "le" if masculine else "la",
        "e": "" if masculine else "e",
    }
    for parent in parents:
        key = "mere" if parent.kind == Representative.Kind.MOTHER else "pere"
        slots[key] = f"{parent.title} {parent.last_name}"
    return slots


def _followed(tools: Tools, case: Case, referent: Membership, reason: str, opened_at: datetime, index: int) -> None:
    """Who follows the case: its referent, a colleague in relay now and then, the one who followed it before."""
    lead = tools.territory.lead_of(referent)
    first = tools.territory.memberships[0]  # Camille: her caseload does not grow with the others'
    _assign(tools, case, referent, Assignment.Kind.REFERENT, reason, lead, opened_at)
    colleagues = [
        one
        for one in tools.territory.memberships
        if one.institution_id == referent.institution_id and one.role == referent.role and one not in (referent, first)
    ]
    if not colleagues:
        return
    if index % RELAY_EVERY == RELAY_EVERY - 1:
        at = opened_at + timedelta(days=2)
        _assign(tools, case, colleagues[0], Assignment.Kind.COLLEAGUE, "Relais pendant les congés", lead, at)
    elif index % HANDOVER_EVERY == HANDOVER_EVERY - 1:
        ends_at = opened_at + timedelta(days=5)
        _assign(
            tools, case, colleagues[0], Assignment.Kind.REFERENT, "Premier accueil", lead, opened_at, ends_at=ends_at
        )


def _assign(
    tools: Tools, case: Case, membership: Membership, kind: str, reason: str, by: Membership, at: datetime,
    ends_at: datetime | None = None,
) -> None:  # fmt: skip
    """Both rows of `cases.access.assign`, and its entry; only the dated one where it is over."""
    assignment = Assignment(
        case_id=case.pk,
        membership_id=membership.pk,
        kind=kind,
        reason=reason,
        assigned_by_id=by.pk,
        starts_at=at,
        ends_at=ends_at,
        review_due_on=day_of(at) + timedelta(days=REVIEW_AFTER_DAYS),
    )
    tools.batch.act(
        assignment,
        action="case.assigned",
        at=at,
        actor=by.pk,
        case=case.pk,
        refs={"membership": membership.pk, "institution": case.institution_id},
        codes={"kind": str(kind)},
        personal={"reason": reason, "professional": membership.professional.full_name},
    )
    if ends_at is None:
        access = CaseAccess(
            user_id=membership.professional_id, permission_id=tools.open_case.pk, content_object_id=case.pk
        )
        tools.batch.add(access)
        return
    tools.batch.act(
        action="case.unassigned",
        at=ends_at,
        actor=by.pk,
        case=case.pk,
        refs={"membership": membership.pk},
        personal={"reason": "Situation confiée à la référente du secteur"},
    )


def write_items(tools: Tools, situation: Situation, *, before: int, most: int = 8, kept: Sequence[int] = ()) -> None:
    """Write down the statements: those that will be sent before the day on which the first communication begins.

    `kept` are the places of the statements that must be there; the others may be fewer than the story has.
    """
    lines = situation.story.lines
    optional = [place for place in range(len(lines)) if place not in kept]
    spare = len(lines) - tools.rng.randint(max(4, len(kept)), max(4, min(most, len(lines))))
    left_out = set(tools.rng.sample(optional, min(max(spare, 0), len(optional))))
    for place, line in enumerate(lines):
        if place in left_out:
            situation.items.append(Item())  # keeps the places of the story; never written
            continue
        last = before if place in kept else 1
        last = min(last, situation.opened_days_ago - 1)
        seen = tools.rng.randint(last, max(last, situation.opened_days_ago - 1))
        situation.items.append(add_item(tools, situation, line, days_ago=seen))


def add_item(tools: Tools, situation: Situation, line: Line, *, days_ago: int) -> Item:
    """One statement, as `cases.files.add_item` writes it."""
    at = tools.calendar.office_hours(tools.rng, days_ago)
    case, referent = situation.case, situation.referent
    label = plain(line.label.format_map(situation.slots))
    item = Item(
        case_id=case.pk,  # ids rather than objects where rows are many: a third of their cost
        label=label,
        category=line.category,
        nature=line.nature,
        provenance=line.provenance,
        provenance_detail=line.detail.format_map(situation.slots),
        origin=line.origin,
        third_parties=list(line.third_parties),
        depositary_id=referent.pk,
        observed_on=day_of(at),
        created_at=at,
    )
    tools.batch.act(
        item,
        action="item.added",
        at=at,
        actor=referent.pk,
        case=case.pk,
        refs={"person": case.person_id},
        codes={
            "category": line.category,
            "nature": line.nature,
            "provenance": line.provenance,
            "origin": line.origin,
        },
        personal={"label": label},
    )
    tools.batch.add(ItemContent(item_id=item.pk, text=line.text.format_map(situation.slots)))
    return item


def communicate(
    tools: Tools, situation: Situation, passing: Passing, course: Course
) -> tuple[Heard, Disclosure | None]:
    """What was asked or told, what was submitted, what was read and taken back, along this course."""
    rng, calendar = tools.rng, tools.calendar
    recipient = tools.territory.first(passing.to)
    chosen = [gather.Chosen(situation.items[place], necessity) for place, necessity in passing.items]
    heard = Heard(
        batch=tools.batch,
        rng=rng,
        notice=tools.notice,
        information=tools.information,
        case=situation.case,
        recipient=recipient,
        purpose=passing.purpose,
        categories=[piece.item.category for piece in chosen],
        speaker=situation.parents[0] if situation.child else None,
        by=situation.referent,
    )
    if passing.involvement:
        record_involvement(tools, situation, recipient, passing.involvement, course.begins)
    consent = _said(tools, situation, heard, passing, course)
    sent = course.sent if course.sent is not None else course.said - 1  # a draft left for later
    at = calendar.office_hours(rng, sent)
    draft = tools.sender.draft(
        case=situation.case,
        author=situation.referent,
        recipient=recipient,
        purpose=passing.purpose,
        benefit=passing.benefit,
        circumstances=passing.circumstances,
        chosen=chosen,
        started_at=at - timedelta(minutes=rng.randrange(6, 40)),
        saved_at=at - timedelta(minutes=rng.randrange(1, 5)),
    )
    if course.sent is None:
        return heard, None
    kinds = [Involvement.Kind(passing.involvement)] if passing.involvement else []
    recorded = {gather.INVOLVEMENT_CIRCUMSTANCE[kind] for kind in kinds}
    facts = gather.assemble(
        case=situation.case,
        sender=situation.referent,
        recipient=recipient,
        purpose=passing.purpose,
        chosen=chosen,
        circumstances=gather.declared(passing.circumstances) | recorded,
        agreed=tools.agreed.terms(sender=situation.referent, recipient=recipient, purpose=passing.purpose, at=at),
        settings=tools.local.settings(sender=situation.referent, recipient=recipient, purpose=passing.purpose, at=at),
        word=heard.standing(at),
        stands=situation.stands(at),
        justification=passing.benefit,
        at=at,
    )
    _decision, disclosure = tools.sender.submit(
        draft=draft,
        facts=facts,
        sender=situation.referent,
        recipient=recipient,
        chosen=chosen,
        reviewer=tools.territory.lead_of(situation.referent),
    )
    if disclosure is not None and course.opened_after is not None:
        opened_at = at + timedelta(hours=course.opened_after, minutes=rng.randrange(60))
        tools.sender.open(disclosure, recipient, opened_at)
        if course.acknowledged:
            tools.sender.acknowledge(disclosure, recipient, opened_at + timedelta(minutes=rng.randrange(2, 15)))
    if consent is not None and course.withdrawn is not None:
        taken_back_at = calendar.at(course.withdrawn, 17, rng.randrange(5, 55))
        withdrawal = heard.takes_back(consent, at=taken_back_at, form="in_person")
        if disclosure is not None:
            tools.sender.tell_of_withdrawal(withdrawal, disclosure, recipient)
    return heard, disclosure


def _said(tools: Tools, situation: Situation, heard: Heard, passing: Passing, course: Course) -> Consent | None:
    """Her word, before anything is submitted."""
    at = tools.calendar.at(course.said, 9, tools.rng.randrange(60))
    heard_child = situation.child
    match course.word:
        case "given":
            if passing.to == "ess_membre":
                before = at - timedelta(days=1)
                heard.is_told(at=before, form="in_person", child_heard=True, presence_proposed=True)
            return heard.agrees(at=at, days=course.lasts, form=course.form, late=course.late)
        case "refused":
            heard.refuses(at=at, form=course.form)
        case "divided":
            heard.agrees(at=at, days=course.lasts, form=course.form, speaker=situation.parents[0])
            heard.refuses(at=at + timedelta(hours=30), form="telephone", speaker=situation.parents[1])
        case "reconsidered":
            heard.refuses(at=at, form=course.form)
            later = tools.calendar.at((course.sent or 0) + 1, 10, tools.rng.randrange(60))
            return heard.agrees(at=later, days=course.lasts, form=course.form)
        case "told":
            heard.is_told(at=at, form=course.form, child_heard=heard_child)
        case "objected":
            heard.is_told(at=at, form=course.form, child_heard=heard_child)
            heard.objects(at=at + timedelta(hours=5), form="telephone")
        case "withheld":
            reason = passing.exception.format_map(situation.slots)
            heard.is_told(at=at, form=course.form, withheld="child_interest", reason=reason)
        case "comfort":
            reason = "Les parents se braquent à chaque annonce ; le rendez-vous serait annulé."
            heard.is_told(at=at, form=course.form, withheld="professional_comfort", reason=reason)
    return None


def record_involvement(tools: Tools, situation: Situation, membership: Membership, kind: str, days_ago: int) -> None:
    """That this professional works with the person too, as `cases.files.record_involvement` writes it."""
    at = tools.calendar.office_hours(tools.rng, days_ago)
    row = Involvement(
        case=situation.case,
        membership=membership,
        kind=kind,
        source=SOURCE_OF_INVOLVEMENT,
        recorded_by=situation.referent,
        starts_at=at,
    )
    tools.batch.act(
        row,
        action="involvement.recorded",
        at=at,
        actor=situation.referent.pk,
        case=situation.case.pk,
        refs={"person": situation.case.person_id, "membership": membership.pk},
        codes={"kind": kind},
        personal={"source": SOURCE_OF_INVOLVEMENT, "professional": str(membership)},
    )


def live(tools: Tools, situation: Situation, *, index: int, passings: int) -> None:
    """What became of a case: its statements, and at most so many communications; none where it is new."""
    chosen = [] if is_new(index) else list(situation.story.passings)
    chosen = tools.rng.sample(chosen, min(passings, len(chosen)))
    ways = [(passing, tools.turns.next(passing, child=situation.child)) for passing in chosen]
    kept = sorted({place for passing in chosen for place, _necessity in passing.items})
    write_items(tools, situation, before=max((course.begins for _p, course in ways), default=1), kept=kept)
    for passing, course in ways:
        communicate(tools, situation, passing, course)


def add_relative(tools: Tools, person: Person) -> None:
    """A brother or a sister, known of the service, for whom no case is open."""
    rng = tools.rng
    names = [name for name in people.first_names(rng.choice("fm"), 9) if name != person.first_name]
    tools.batch.add(
        Person(
            first_name=rng.choice(names),
            last_name=person.last_name,
            birth_date=tools.calendar.birth(rng, rng.randint(1, 17)),
            created_at=person.created_at,
        )
    )
