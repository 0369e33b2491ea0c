"""Every date of the demonstration, counted back from the database's own day, so that it never grows old."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random

from partners.clock import PARIS, day_of


@dataclass(frozen=True, slots=True)
class Calendar:
    """`now` is the instant of loading; nothing that is made happened after it."""

    now: datetime

    @property
    def today(self) -> date:
        return day_of(self.now)

    def day(self, days_ago: int) -> date:
        """A day in the past; in the future where the number is negative."""
        return self.today - timedelta(days=days_ago)

    def at(self, days_ago: int, hour: int, minute: int = 0) -> datetime:
        """An instant of that day in Paris, in UTC."""
        return datetime.combine(self.day(days_ago), time(hour, minute), tzinfo=PARIS).astimezone(UTC)

    def office_hours(self, rng: Random, days_ago: int) -> datetime:
        """An instant between nine and half past four of that day."""
        return self.at(days_ago, rng.randrange(9, 16), rng.randrange(0, 60))

    def birth(self, rng: Random, age: int) -> date:
        """A birth date that makes somebody exactly this old today, and for some weeks yet."""
        return self.years_before(age) - timedelta(days=rng.randrange(30, 330))

    def years_before(self, years: int) -> date:
        today = self.today
        day = 28 if (today.month, today.day) == (2, 29) else today.day
        return today.replace(year=today.year - years, day=day)

    def third_of_october(self) -> date:
        """The last third of October gone by: the date that a document of the guided case bears in its title."""
        this_year = date(self.today.year, 10, 3)
        return this_year if this_year < self.today else this_year.replace(year=this_year.year - 1)
