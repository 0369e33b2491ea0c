"""How things went between asking the person and the partner's reading: every state that a page has to show.

Days are counted back from today. What comes out of each is decided by the core, not written here.
"""

from dataclasses import dataclass

from .story import AGREEMENT, Passing


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """One way in which a communication went."""

    key: str
    word: str = ""  # "given" | "refused" | "divided" | "reconsidered" | "told" | "withheld" | "comfort" | "objected" | "" (nothing)
    said: int = 0  # her word
    lasts: int = 0  # of an agreement, in days
    form: str = "in_person"
    late: bool = False  # recorded some days after it was said
    sent: int | None = None  # submitted
    opened_after: int | None = None  # hours
    acknowledged: bool = False
    withdrawn: int | None = None

    @property
    def begins(self) -> int:
        """The first day on which something happens."""
        return max(self.said, self.sent or 0) + 3


AGREEMENTS: tuple[Course, ...] = (
    Course(key="read", word="given", said=62, lasts=170, form="written", sent=60, opened_after=20, acknowledged=True),
    Course(key="unread", word="given", said=8, lasts=120, sent=6),
    Course(key="withdrawn", word="given", said=92, lasts=180, sent=88, opened_after=5, acknowledged=True, withdrawn=20),
    Course(key="refused", word="refused", said=31, sent=29),
    Course(
        key="ending_soon",
        word="given",
        said=75,
        lasts=90,
        form="telephone",
        sent=72,
        opened_after=44,
        acknowledged=True,
    ),
    Course(
        key="expired", word="given", said=168, lasts=120, form="witness", sent=165, opened_after=26, acknowledged=True
    ),
    Course(key="opened", word="given", said=15, lasts=150, form="written", late=True, sent=13, opened_after=30),
    Course(key="divided", word="divided", said=26, lasts=150, sent=24),
    Course(key="not_asked", sent=12),
    Course(key="reconsidered", word="reconsidered", said=52, lasts=160, sent=33, opened_after=3, acknowledged=True),
    Course(key="withdrawn_unread", word="given", said=41, lasts=120, sent=38, withdrawn=37),
    Course(key="agreed_not_sent", word="given", said=4, lasts=180, form="witness"),
)

INFORMATIONS: tuple[Course, ...] = (
    Course(key="told_read", word="told", said=55, sent=51, opened_after=7, acknowledged=True),
    Course(key="withheld", word="withheld", said=9, sent=8, opened_after=2, acknowledged=True),
    Course(key="told_unread", word="told", said=8, sent=6),
    Course(key="objected", word="objected", said=34, sent=32, opened_after=30, acknowledged=True),
    Course(key="told_opened", word="told", said=19, sent=16, opened_after=28),
    Course(key="not_told", sent=14, opened_after=20),
    Course(key="comfort", word="comfort", said=11, sent=10),
    Course(key="told_long_ago", word="told", said=240, sent=236, opened_after=12, acknowledged=True),
)


def fits(course: Course, passing: Passing, *, child: bool) -> bool:
    """Whether things can have gone this way: only parents disagree, only a child's parents are not told."""
    if course.word == "divided":
        return child
    if course.word == "withheld":
        return child and bool(passing.exception)
    if course.word == "comfort":
        return child and passing.purpose.startswith("pe_")
    return True


class Turns:
    """Deals the courses in turn, so that every state is met early whatever the number of cases."""

    def __init__(self) -> None:
        self._waiting: dict[str, list[Course]] = {}

    def next(self, passing: Passing, *, child: bool) -> Course:
        """The first course not yet dealt that fits; dealt again once all were."""
        every = AGREEMENTS if passing.asks == AGREEMENT else INFORMATIONS
        waiting = self._waiting.setdefault(passing.asks, [])
        for again in range(2):
            for course in waiting:
                if fits(course, passing, child=child):
                    waiting.remove(course)
                    return course
            if not again:
                waiting.extend(every)
        raise LookupError(f"no course fits {passing.to}, {passing.purpose}")
