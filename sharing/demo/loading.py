"""Load the demonstration: Vallières first, with the guided case, then as many territories as the cases need.

A territory is made and written in one transaction, then forgotten: memory does not grow with the number of cases. Its acts are
written in the order of their instants. The territories beside Vallières know nothing of one another: a large loading makes
several at once, a process each.
"""

import multiprocessing
import os
import signal
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from random import Random

from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Permission
from django.db import connection, connections

from cases.models import OPEN_CASE, Case
from consent import notices
from partners import clock
from partners.models import Institution, Membership
from sharing import editions

from . import (
    asked,
    asking,
    authorities,
    consulting,
    crowd,
    guided,
    incidents,
    local_rules,
    reviewing,
    same_person,
    sheets,
    situations,
)
from .batch import Batch
from .calendar import Calendar
from .children import CMPP_CHILD
from .courses import Turns
from .people import PASSWORD
from .sending import Agreed, Numbers, Sender
from .situations import Situation, Tools
from .stories import BY_ROLE
from .story import Story
from .territory import COMMUNE, Territory, make

SEED = 2311
CASES = 45
# Sixty persons for forty-five cases: brothers and sisters have none of their own.
PERSONS, FOR_CASES = 4, 3
NAMED_PASSINGS, OTHER_PASSINGS = 2, 1  # communications of a case, at most

Progress = Callable[[int, int], None]  # cases done, cases in all


@dataclass(frozen=True, slots=True)
class Loaded:
    """What was made."""

    institutions: int = 0
    professionals: int = 0
    persons: int = 0
    cases: int = 0

    def __add__(self, other: "Loaded") -> "Loaded":
        return Loaded(
            self.institutions + other.institutions,
            self.professionals + other.professionals,
            self.persons + other.persons,
            self.cases + other.cases,
        )


@dataclass(frozen=True, slots=True)
class Order:
    """One territory to be made beside Vallières, with the numbers that its cases bear."""

    place: int
    commune: str
    cases: int
    numbers: list[int]


def is_empty() -> bool:
    """Whether nothing was ever loaded or recorded here."""
    return not Institution.objects.exists()


def load(*, cases: int = CASES, seed: int = SEED, progress: Progress = lambda _done, _all: None) -> Loaded:
    """Load so many cases. The same seed gives the same people, texts and states; identifiers and salts are new each time.

    Raises IntegrityError where the demonstration is already there: nothing of the territory at fault is written.
    """
    loader = Loader(seed=seed, calendar=Calendar(clock.now()), password=make_password(PASSWORD))
    made = loader.vallieres(cases, lambda done: progress(done, cases))
    if made.cases == cases:
        return made
    orders = list(_orders(cases - made.cases))
    for one in _each(loader, orders):
        made += one
        progress(made.cases, cases)
    return made


def _orders(cases: int) -> Iterator[Order]:
    """The territories beside Vallières, each as full as its referents can be."""
    numbers = Numbers("cases_reference")
    for place, commune in enumerate(crowd.communes(), start=1):
        count = min(cases, crowd.CAPACITY)
        if not count:
            return
        cases -= count
        yield Order(place, commune, count, numbers.take(count))


def _each(loader: "Loader", orders: list[Order]) -> Iterator[Loaded]:
    """Make each territory: several at once where there are processors for it and no transaction holds them together."""
    workers = min(os.cpu_count() or 1, len(orders))
    forks = "fork" in multiprocessing.get_all_start_methods()
    if workers < 2 or not forks or connection.in_atomic_block:
        yield from (loader.elsewhere(order) for order in orders)
        return
    connections.close_all()  # a connection is not shared between processes
    with multiprocessing.get_context("fork").Pool(workers, initializer=_leave_ctrl_c_to_the_parent) as pool:
        yield from pool.imap_unordered(loader.elsewhere, orders)


def _leave_ctrl_c_to_the_parent() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)


class Loader:
    """Makes territories; what they have in common is read or computed once."""

    def __init__(self, *, seed: int, calendar: Calendar, password: str) -> None:
        self.seed, self.calendar = seed, calendar
        self.password = password  # hashed once: a hash costs more than a case
        self.notice = notices.current(notices.AGREEMENT)
        self.information = notices.current(notices.INFORMATION)
        self.edition = editions.current()
        self.open_case = Permission.objects.get(codename=OPEN_CASE, content_type__app_label="cases")

    def vallieres(self, cases: int, progress: Callable[[int], None]) -> Loaded:
        """The named people, and the cases that they follow; Camille's first is the guided one."""
        rng = Random(f"{self.seed}:{COMMUNE}")  # noqa: S311  (the same demonstration each time)
        territory = make(commune=COMMUNE, code="", calendar=self.calendar, password=self.password, phone=_phones(rng))
        referents = territory.referents()
        counts = crowd.shares([weight for _referent, weight in referents], cases)
        followed = [
            referent for (referent, _weight), count in zip(referents, counts, strict=True) for _ in range(count)
        ]
        numbers = Numbers("cases_reference").take(len(followed))
        batch = Batch()
        known = sheets.make(territory=territory, calendar=self.calendar, batch=batch, first=True)
        local = local_rules.make(territory=territory, calendar=self.calendar, batch=batch, known=known)
        tools = self._tools(rng, territory, batch, local)
        batch.add(*authorities.make(self.calendar))
        openings = [situations.opening(rng, index) for index in range(len(followed))]
        at_the_cmpp = next((i for i, one in enumerate(followed) if one.role in CMPP_CHILD.by), 0)
        openings[0] = openings[at_the_cmpp] = guided.OPENED_DAYS_AGO
        reference = self._guided_reference(numbers)
        references = [reference, *self._references(openings[1:], numbers)]
        malo = guided.open_at_the_mds(tools, referent=followed[0], reference=reference)
        persons = 1
        told: Counter[str] = Counter()
        others: list[Situation] = []
        for index, referent in enumerate(followed[1:], start=1):
            if index == at_the_cmpp:
                told[referent.role] += 1
                guided.open_at_the_cmpp(
                    tools, malo=malo, referent=referent, reference=references[index], days_ago=openings[index]
                )
            else:
                story = _next_story(referent, told)
                situation = self._situation(tools, story, referent, references[index], openings[index], index)
                others.append(situation)
                persons += 1 + self._relatives(tools, situation, persons + 1, index + 1)
            progress(index + 1)
        asking.make(tools, malo=malo, others=others)
        consulting.make(tools, malo=malo, others=others)
        reviewing.make(territory=territory, batch=batch, now=self.calendar.now)
        incidents.make(tools, others=others)
        same_person.make(tools, others=others)
        asked.make(tools, malo=malo)
        batch.write()
        offices, officials = authorities.counts()
        return Loaded(
            len(territory.institutions) + offices, len(territory.professionals) + officials, persons, len(followed)
        )

    def elsewhere(self, order: Order) -> Loaded:
        """One more territory, on the same plan."""
        rng = Random(f"{self.seed}:{order.commune}")  # noqa: S311
        territory = make(
            commune=order.commune,
            code=str(order.place),
            calendar=self.calendar,
            password=self.password,
            people=crowd.staff(rng),
            phone=_phones(rng),
        )
        followed = [referent for referent, caseload in territory.referents() for _ in range(caseload)]
        batch = Batch()
        known = sheets.make(territory=territory, calendar=self.calendar, batch=batch)
        tools = self._tools(rng, territory, batch, local_rules.LocalRules(known))
        openings = [situations.opening(rng, index) for index in range(order.cases)]
        references = self._references(openings, order.numbers)
        persons = 0
        told: Counter[str] = Counter()
        for index in range(order.cases):
            story = _next_story(followed[index], told)
            situation = self._situation(
                tools, story, followed[index], references[index], openings[index], index, passings=OTHER_PASSINGS
            )
            persons += 1 + self._relatives(tools, situation, persons + 1, index + 1)
        batch.write()
        return Loaded(len(territory.institutions), len(territory.professionals), persons, order.cases)

    def _tools(self, rng: Random, territory: Territory, batch: Batch, local: local_rules.LocalRules) -> Tools:
        batch.add(*territory.institutions.values(), *territory.professionals, *territory.memberships)
        for agreement, parties in territory.agreements:
            batch.add(agreement, *parties)
        return Tools(
            rng=rng,
            calendar=self.calendar,
            territory=territory,
            batch=batch,
            sender=Sender(
                batch=batch,
                references=Numbers("sharing_reference"),
                now=self.calendar.now,
                edition=self.edition,
            ),
            agreed=Agreed(territory),
            local=local,
            turns=Turns(),
            notice=self.notice,
            information=self.information,
            open_case=self.open_case,
        )

    def _situation(
        self, tools: Tools, story: Story, referent: Membership, reference: str, days_ago: int, index: int,
        passings: int = NAMED_PASSINGS,
    ) -> Situation:  # fmt: skip
        situation = situations.open_situation(
            tools, story=story, referent=referent, reference=reference, days_ago=days_ago, index=index
        )
        situations.live(tools, situation, index=index, passings=passings)
        return situation

    def _relatives(self, tools: Tools, situation: Situation, persons: int, cases: int) -> int:
        """Add brothers and sisters until there are four persons for three cases; say how many."""
        missing = (cases * PERSONS) // FOR_CASES - persons
        for _ in range(missing):
            situations.add_relative(tools, situation.case.person)
        return max(missing, 0)

    def _references(self, openings: list[int], numbers: list[int]) -> list[str]:
        """One for each opening, in days before today: older cases have smaller numbers."""
        references = [""] * len(openings)
        oldest_first = sorted(range(len(openings)), key=lambda index: -openings[index])
        for index, number in zip(oldest_first, numbers, strict=False):
            references[index] = f"{self.calendar.day(openings[index]):%Y}-{number:04d}"
        return references

    def _guided_reference(self, numbers: list[int]) -> str:
        """« 2026-0143 », of this year; the number is taken out of those drawn, so that it is never given again.

        Where it is already somebody's, the guided case takes one of those drawn.
        """
        if max(numbers) < guided.REFERENCE_NUMBER:
            Numbers("cases_reference").take(guided.REFERENCE_NUMBER - max(numbers))
        wanted = f"{self.calendar.today:%Y}-{guided.REFERENCE_NUMBER:04d}"
        if guided.REFERENCE_NUMBER in numbers:
            numbers.remove(guided.REFERENCE_NUMBER)
        elif Case.objects.filter(reference=wanted).exists():
            return f"{self.calendar.today:%Y}-{numbers.pop():04d}"
        return wanted


def _next_story(referent: Membership, told: Counter[str]) -> Story:
    """The next story that somebody of this role follows."""
    stories = BY_ROLE[referent.role]
    story = stories[told[referent.role] % len(stories)]
    told[referent.role] += 1
    return story


def _phones(rng: Random) -> Callable[[], str]:
    """Numbers of the range that Arcep keeps for fiction."""
    return lambda: f"05 36 49 {rng.randrange(100):02d} {rng.randrange(100):02d}"
