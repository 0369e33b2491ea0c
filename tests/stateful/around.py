"""What changes around her: who follows, what a judge says, what two services agreed, what is limited, what is linked."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any, ClassVar

from django.db import connection, transaction
from hypothesis.stateful import RuleBasedStateMachine

from cases import access, linking, rights, standing_acts
from cases.models import Assignment, PersonStatus, RepresentativeAct
from cases.standing import majority_of
from consent import registry
from consent.invalidating import NotHersToInvalidate
from partners import agreeing, clock
from partners.models import Agreement, Membership
from partners.tending import DirectoryError, NotTended, SamePerson, TooLate
from sharing import reading, service, withdrawal
from sharing.models import Disclosure
from tests.deciding.ways import PAPER, WORD
from tests.personas import Territory
from tests.stateful import moving
from tests.stateful.said import Memory

DAY = timedelta(days=1)
DOCUMENTED = (
    *(registry.ScopeError, withdrawal.NotWhoGave, NotHersToInvalidate, service.CaseNotOpen),
    *(
        access.LastToFollow,
        access.AlreadyAssigned,
        standing_acts.StandingError,
        rights.AlreadyLifted,
        rights.ToldAfterwards,
    ),
    *(linking.LinkError, linking.NotHers, linking.AlreadySettled, reading.NotReadable, reading.Closed),
    *(DirectoryError, NotTended, SamePerson, TooLate),
)
"""What an act may answer instead of being done. Nothing is then written."""

AROUND = (
    *("end_the_assignment", "follow_again", "follow_again", "suspend", "resume", "resume", "end_the_agreement"),
    *("the_mother_loses_her_authority", "the_mother_has_it_again", "the_parents_disagree", "they_agree_again"),
    *("limit", "lift", "lift", "link", "unlink"),
)
"""What may change around her; what sets right is as likely as what stops, so that something still leaves."""


class Around(RuleBasedStateMachine):
    """One example: a territory of its own, taken back at the end by the database."""

    scene: ClassVar[Any]
    """Set by the test: the territory, her second sheet, those who act (`tests.stateful.test_her_word_over_time.Scene`)."""
    walked: ClassVar[Counter[str]]

    def __init__(self) -> None:
        super().__init__()
        self._whole = transaction.atomic()
        self._whole.__enter__()
        moving.set_going()
        self.t: Territory = self.scene.territory
        self.entries: Counter[str] = Counter()
        self.first_entry = self._last_entry()
        self.memory = Memory(sheet=self.t.child.pk, majority=majority_of(self.t.child.birth_date))
        self.sent: list[Disclosure] = []
        self.recalled: set[Any] = set()
        self.withheld: set[Any] = set()
        self.statuses: list[PersonStatus] = []
        self.limitations: list[Any] = []
        self.links: list[Any] = []
        self.linked = False
        self.follows = True
        self.suspended: set[Any] = set()
        self.ends_at: dict[Any, datetime] = {}
        self.walked["examples"] += 1

    # --- what each rule needs -----------------------------------------------------------------------------------------------

    @staticmethod
    def _last_entry() -> int:
        with connection.cursor() as cursor:
            cursor.execute("SELECT coalesce(max(id), 0) FROM audit_entry")
            return int(cursor.fetchone()[0])

    @contextmanager
    def act(self, *actions: str) -> Iterator[None]:
        """One act: done, each of these actions has one entry more; answered otherwise, nothing was written."""
        self.walked["acts"] += 1
        try:
            with transaction.atomic():
                yield
        except DOCUMENTED as answered:
            self.walked[type(answered).__name__] += 1
            return
        self.entries.update(actions)
        self.walked.update(actions)

    def now(self) -> datetime:
        return clock.now()

    def recipient(self, name: str) -> Membership:
        found: Membership = getattr(self.t, name)
        return found

    def _convention_of(self, which: int) -> Agreement:
        return (self.t.school_agreement, self.t.clinic_agreement)[which % 2]

    def end_the_assignment(self, _which: int) -> None:
        if not self.follows:
            return
        mine = Assignment.objects.get(case=self.t.case, membership=self.t.camille, ends_at=None)
        with self.act("case.unassigned"):
            access.end_assignment(assignment=mine, reason="Relais.", by=self.t.nadia)
            self.follows = False

    def follow_again(self, _which: int) -> None:
        with self.act("case.assigned"):
            access.assign(
                case=self.t.case, membership=self.t.camille, kind=Assignment.Kind.REFERENT, reason="De retour.",
                by=self.t.nadia,
            )  # fmt: skip
            self.follows = True

    def suspend(self, which: int) -> None:
        one = self._convention_of(which)
        with self.act("agreement.stopped"):
            agreeing.suspend(agreement=one, why="Bilan.", by=self.t.nadia)
            self.suspended.add(one.pk)

    def resume(self, which: int) -> None:
        """By a second person; not by the one who suspended."""
        for one in (self.t.school_agreement, self.t.clinic_agreement):
            with self.act("agreement.reopened"):
                by = self.scene.second if which % 5 else self.t.nadia
                agreeing.resume(agreement=one, why="Bilan fait.", by=by)
                self.suspended.discard(one.pk)

    def end_the_agreement(self, which: int) -> None:
        one, last_day = self._convention_of(which), clock.day_of(self.now()) + timedelta(days=which % 60 - 1)
        with self.act("agreement.ended"):
            agreeing.end(agreement=one, last_day=last_day, why="Fin de l’action.", by=self.t.nadia)
            self.ends_at[one.pk] = clock.end_of(last_day)

    def the_mother_loses_her_authority(self, _which: int) -> None:
        self._judged(RepresentativeAct.Move.WITHDRAWN)

    def the_mother_has_it_again(self, _which: int) -> None:
        self._judged(RepresentativeAct.Move.JOINT)

    def _judged(self, move: str) -> None:
        before = RepresentativeAct.objects.count()
        with self.act():
            standing_acts.change_representative(
                case=self.t.case, representative=self.t.mother, move=move, paper=PAPER, reason=WORD, by=self.t.camille
            )
            self.entries["representative.changed"] += RepresentativeAct.objects.count() - before
            gone = self.memory.without_authority
            (gone.add if move == RepresentativeAct.Move.WITHDRAWN else gone.discard)(self.t.mother.pk)

    def the_parents_disagree(self, which: int) -> None:
        before = PersonStatus.objects.count()
        with self.act():
            row = standing_acts.record_status(
                case=self.t.case, kind=PersonStatus.Kind.PARENTS_DISAGREE, note=WORD if which % 4 else "",
                by=self.t.camille,
            )  # fmt: skip
            if PersonStatus.objects.count() > before:
                self.entries["status.recorded"] += 1
                self.statuses.append(row)

    def they_agree_again(self, _which: int) -> None:
        for status in list(self.statuses):
            with self.act("status.ended"):
                standing_acts.end_status(status=status, case=self.t.case, reason="Médiation.", by=self.t.camille)
                self.statuses.remove(status)

    def limit(self, which: int) -> None:
        item = (None, *self.scene.items)[which % 4]
        if any(one.item_id == (item and item.pk) for one in self.limitations):
            return
        with self.act("limitation.started"):
            self.limitations.append(
                rights.limit(
                    case=self.t.case,
                    item=item,
                    ground="accuracy",
                    asked_by=self.t.mother,
                    text="À vérifier.",
                    by=self.t.camille,
                )
            )

    def lift(self, which: int) -> None:
        """Each, she having been told today; not where it would be tomorrow."""
        told = clock.day_of(self.now()) + (DAY if which % 5 == 0 else timedelta(0))
        for limitation in list(self.limitations):
            with self.act("limitation.ended"):
                rights.lift_limitation(limitation=limitation, reason="Vérifié.", person_told_on=told, by=self.t.camille)
                self.limitations.remove(limitation)

    def link(self, which: int) -> None:
        approved = bool(which % 3)
        with self.act("link.proposed", "link.approved" if approved else "link.refused"):
            one = linking.propose_link(
                first=self.t.child, second=self.scene.other_sheet, reason="Même nom.", by=self.t.camille
            )
            linking.answer_link(link=one, approved=approved, reason="Vu.", by=self.t.nadia)
            if approved:
                self.links.append(one)
                self.linked = True

    def unlink(self, which: int) -> None:
        if not self.links:
            return
        with self.act("link.ended"):
            linking.end_link(link=self.links[-1], reason="Homonyme.", by=self.t.nadia if which % 4 else self.t.yann)
            self.linked = False
