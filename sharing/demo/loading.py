"""Load the demonstration: Vallières first, with the guided case, then as many territories as the cases need.

A territory is made and written in one transaction, then forgotten: memory does not grow with the number of cases. Acts are
written in the order of their instants within a transaction.
"""

import hashlib
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Permission

from cases.models import OPEN_CASE, Case
from consent.models import Notice
from partners import clock
from partners.models import Institution, Membership

from . import crowd, guided, situations
from .batch import Batch
from .calendar import Calendar
from .courses import Turns
from .people import PASSWORD
from .sending import Agreed, Numbers, Sender
from .situations import Situation, Tools
from .stories import BY_ROLE
from .story import Story
from .territory import COMMUNE, Territory, make

SEED = 2311
CASES = 45
PERSONS_FOR_CASES = (4, 3)  # sixty persons for forty-five cases: brothers and sisters have none of their own
NOTICE_CODE = "accord"
NOTICE_TEXT = """Qui saura quoi ? Seulement la personne nommée, seulement ce que vous avez choisi.
Pour quoi ? Pour ce qui est écrit au-dessus, et pour rien d’autre.
Jusqu’à quand ? Jusqu’à la date que vous avez choisie, six mois au plus.
Vous pouvez dire non. Votre refus ne change rien à l’aide que vous recevez.
Vous pouvez changer d’avis à tout moment : dites-le à la personne qui vous accompagne.
Ce qui a déjà été lu ne peut pas être oublié, mais le partenaire ne pourra plus le relire."""

Progress = Callable[[int, int], None]  # cases done, cases in all


@dataclass(frozen=True, slots=True)
class Loaded:
    """What was made."""

    institutions: int
    professionals: int
    persons: int
    cases: int


def is_empty() -> bool:
    """Whether nothing was ever loaded or recorded here."""
    return not Institution.objects.exists()


def load(*, cases: int = CASES, seed: int = SEED, progress: Progress = lambda _done, _all: None) -> Loaded:
    """Load so many cases. The same seed gives the same people, texts and states; identifiers and salts are new each time.

    Raises IntegrityError where the demonstration is already there: nothing of the territory at fault is written.
    """
    calendar = Calendar(clock.now())
    password = make_password(PASSWORD)  # hashed once: a hash costs more than a case
    loading = _Loading(cases=cases, seed=seed, calendar=calendar, password=password, progress=progress)
    loading.vallieres()
    loading.elsewhere()
    return Loaded(loading.institutions, loading.professionals, loading.persons, loading.done)


class _Loading:
    """The state of one loading: numbers drawn, cases and persons made."""

    def __init__(self, *, cases: int, seed: int, calendar: Calendar, password: str, progress: Progress) -> None:
        self.cases, self.seed, self.calendar, self.password = cases, seed, calendar, password
        self.progress = progress
        self.done = self.persons = self.institutions = self.professionals = 0
        self.case_numbers = Numbers("cases_reference")
        self.references = Numbers("sharing_reference")
        self.notice = _notice()
        self.open_case = Permission.objects.get(codename=OPEN_CASE, content_type__app_label="cases")
        self.malo: Situation | None = None

    def vallieres(self) -> None:
        """The named people, and the cases that they follow; Camille's first is the guided one."""
        rng = Random(f"{self.seed}:{COMMUNE}")  # noqa: S311
        territory = make(commune=COMMUNE, code="", calendar=self.calendar, password=self.password, phone=_phones(rng))
        referents = territory.referents()
        counts = crowd.shares([weight for _referent, weight in referents], self.cases)
        followed = [
            referent for (referent, _weight), count in zip(referents, counts, strict=True) for _ in range(count)
        ]
        self._write(rng, territory, followed, named=True)

    def elsewhere(self) -> None:
        """The other territories, each as full as its referents can be."""
        for place, commune in enumerate(crowd.communes(), start=1):
            if self.done >= self.cases:
                return
            rng = Random(f"{self.seed}:{commune}")  # noqa: S311
            territory = make(
                commune=commune,
                code=str(place),
                calendar=self.calendar,
                password=self.password,
                people=crowd.staff(rng),
                phone=_phones(rng),
            )
            followed = [referent for referent, caseload in territory.referents() for _ in range(caseload)]
            self._write(rng, territory, followed[: self.cases - self.done], named=False)

    def _write(self, rng: Random, territory: Territory, followed: list[Membership], *, named: bool) -> None:
        batch = Batch()
        batch.add(*territory.institutions.values(), *territory.professionals, *territory.memberships)
        for agreement, parties in territory.agreements:
            batch.add(agreement, *parties)
        tools = Tools(
            rng=rng,
            calendar=self.calendar,
            territory=territory,
            batch=batch,
            sender=Sender(batch=batch, references=self.references, now=self.calendar.now),
            agreed=Agreed(territory),
            turns=Turns(),
            notice=self.notice,
            open_case=self.open_case,
        )
        openings = [situations.opening(rng, index) for index in range(len(followed))]
        if named:
            openings[0] = guided.OPENED_DAYS_AGO
        references = self._references(openings, guided_first=named)
        told: Counter[str] = Counter()
        for index, referent in enumerate(followed):
            if named and index == 0:
                self.malo = guided.open_at_the_mds(tools, referent=referent, reference=references[0])
                self.persons += 1
            elif named and referent.role == "psychologue_cmpp" and self.malo and not told[referent.role]:
                told[referent.role] += 1
                guided.open_at_the_cmpp(
                    tools,
                    malo=self.malo,
                    referent=referent,
                    reference=references[index],
                    days_ago=openings[index],
                )
            else:
                story = _story(referent, told)
                situation = situations.open_situation(
                    tools,
                    story=story,
                    referent=referent,
                    reference=references[index],
                    days_ago=openings[index],
                    index=index,
                )
                situations.live(tools, situation, index=index, passings=2 if named else 1)
                self.persons += 1
                self._relatives(tools, situation)
            self.done += 1
            self.progress(self.done, self.cases)
        batch.write()
        self.institutions += len(territory.institutions)
        self.professionals += len(territory.professionals)

    def _relatives(self, tools: Tools, situation: Situation) -> None:
        persons, cases = PERSONS_FOR_CASES
        while self.persons * cases < (self.done + 1) * persons:
            situations.add_relative(tools, situation.case.person)
            self.persons += 1

    def _references(self, openings: list[int], *, guided_first: bool) -> list[str]:
        """One for each case: older cases have smaller numbers; the guided one keeps its own whatever was drawn."""
        numbers = self.case_numbers.take(len(openings))
        references = [""] * len(openings)
        order = sorted(range(len(openings)), key=lambda index: -openings[index])
        if guided_first:
            references[0] = self._guided_reference(numbers)
            order.remove(0)
        for index, number in zip(order, numbers, strict=False):
            references[index] = f"{self.calendar.day(openings[index]):%Y}-{number:04d}"
        return references

    def _guided_reference(self, numbers: list[int]) -> str:
        """« 2026-0143 », of this year; the number is taken out of those drawn, so that it is never given again.

        Where it is already somebody's, the guided case takes one of those drawn.
        """
        if max(numbers) < guided.REFERENCE_NUMBER:
            self.case_numbers.take(guided.REFERENCE_NUMBER - max(numbers))
        wanted = f"{self.calendar.today:%Y}-{guided.REFERENCE_NUMBER:04d}"
        if guided.REFERENCE_NUMBER in numbers:
            numbers.remove(guided.REFERENCE_NUMBER)
        elif Case.objects.filter(reference=wanted).exists():
            return f"{self.calendar.today:%Y}-{numbers.pop():04d}"
        return wanted


def _story(referent: Membership, told: Counter[str]) -> Story:
    """The next story that somebody of this role follows."""
    stories = BY_ROLE[referent.role]
    story = stories[told[referent.role] % len(stories)]
    told[referent.role] += 1
    return story


def _phones(rng: Random) -> Callable[[], str]:
    """Numbers of the range that Arcep keeps for fiction."""
    return lambda: f"05 36 49 {rng.randrange(100):02d} {rng.randrange(100):02d}"


def _notice() -> Notice:
    """The words read with the person; the latest version where there is one."""
    latest = Notice.objects.filter(code=NOTICE_CODE).order_by("-version").first()
    if latest is not None:
        return latest
    digest = hashlib.sha256(NOTICE_TEXT.encode()).hexdigest()
    return Notice.objects.create(code=NOTICE_CODE, version=1, text=NOTICE_TEXT, digest=digest)
