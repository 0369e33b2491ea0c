"""Somebody's word over months: who said what, who follows, what two services agreed, what left and who reads it, in any order."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any, ClassVar

from django.db import connection, transaction
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from audit import verification
from cases import access, linking, rights, standing_acts
from cases.models import Assignment, PersonStatus, Representative, RepresentativeAct
from consent import registry
from consent.invalidating import NotHersToInvalidate
from consent.models import PriorInformation
from consent.speakers import speakers_for
from consent.standing import majority_of
from partners import agreeing, clock
from partners.models import Agreement, Membership
from partners.tending import DirectoryError, NotTended, SamePerson, TooLate
from sharing import gather, reading, service, states, withdrawal
from sharing.decision import decide
from sharing.facts import Facts
from sharing.models import DecisionRecord, Disclosure, Draft
from sharing.outcome import ALLOW
from sharing.replay import replay
from sharing.returning import acts as returning
from sharing.service import Outcome
from sharing.stopping import errors
from tests.deciding.ways import PAPER, WORD
from tests.personas import Territory, notice
from tests.sharing.ways import draft_of
from tests.stateful import moving
from tests.stateful.said import NO, YES, Memory, Said, Towards

CATEGORIES = ("consigne_pratique", "besoins_scolaires", "sante_fonctionnel")
SCHOOL, EVALUATION = "scolarite", "pe_evaluer"
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
STEPS_IN_TIME = (3 * MINUTE, timedelta(hours=7), DAY, 9 * DAY, 30 * DAY, 61 * DAY)
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

RECEIVES = {"lantier": frozenset({"consigne_pratique"}), "sofia": frozenset(CATEGORIES), "aubin": frozenset[str]()}
"""What each may receive for school by the rulebook: of the rest, no agreement makes a disclosure."""
MOST_SENT = 5
"""How much leaves in one example: each is decided again at each step."""
AROUND = (
    *("end_the_assignment", "follow_again", "follow_again", "suspend", "resume", "resume", "end_the_agreement"),
    *("the_mother_loses_her_authority", "the_mother_has_it_again", "the_parents_disagree", "they_agree_again"),
    *("limit", "lift", "lift", "link", "unlink"),
)
"""What may change around her; what sets right is as likely as what stops, so that something still leaves."""

some_categories = st.sets(st.sampled_from(CATEGORIES), min_size=1).map(frozenset)
recipients = st.sampled_from(("lantier", "sofia", "aubin"))
purposes = st.sampled_from((SCHOOL, SCHOOL, EVALUATION))
any_of = st.integers(0, 999)
sheets = st.sampled_from((0, 0, 0, 1))


class HerWord(RuleBasedStateMachine):
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

    def speakers(self, sheet: int, at: datetime) -> list[Representative | None]:
        if sheet:
            return [self.scene.other_parent] if at < self.memory.majority else [None]
        return [one.representative for one in speakers_for(self.t.child, at).people]

    def say(
        self, kind: Callable[..., Any], state: str, action: str, sheet: int, who: int, name: str, purpose: str,
        categories: frozenset[str], **typed: Any,
    ) -> None:  # fmt: skip
        at = self.now()
        speakers = self.speakers(sheet, at)
        if not speakers:
            return
        speaker = speakers[who % len(speakers)]
        case = self.scene.other_case if sheet else self.t.case
        known = {one.row.pk for one in (*self.memory.words, *self.memory.told)}
        with self.act():
            row = kind(
                scope=registry.Scope(
                    case=case, recipient=self.recipient(name), purpose=purpose, categories=sorted(categories)
                ),
                given_by=speaker, collected_on=clock.day_of(at), form="in_person", notice=notice(), by=self.t.camille,
                **typed,
            )  # fmt: skip
            if row.pk in known:
                self.walked["pressed_twice"] += 1
                return
            self.entries[action] += 1
            self.walked[action] += 1
            said = Said(
                row=row, sheet=case.person_id, speaker=speaker and speaker.pk, categories=categories, state=state,
                towards=Towards(row.recipient_id, purpose), at=row.recorded_at, until=getattr(row, "valid_until", None),
            )  # fmt: skip
            (self.memory.told if kind is registry.inform else self.memory.words).append(said)

    # --- what she says ------------------------------------------------------------------------------------------------------

    @initialize(categories=some_categories)
    def as_it_began(self, categories: frozenset[str]) -> None:
        """Most of what may happen needs an agreement, or somebody who was told, to happen to."""
        self.give(0, 0, "lantier", SCHOOL, frozenset({"consigne_pratique"}), 183)
        self.give(0, 1, "sofia", SCHOOL, categories, 60)
        self.inform(0, "sofia", EVALUATION, frozenset(CATEGORIES))

    @rule(sheet=sheets, who=any_of, name=recipients, purpose=purposes, categories=some_categories,
          days=st.sampled_from((0, 1, 30, 90, 183, 200)))  # fmt: skip
    def give(self, sheet: int, who: int, name: str, purpose: str, categories: frozenset[str], days: int) -> None:
        until = clock.day_of(self.now()) + timedelta(days=days)
        self.say(registry.give, YES, "consent.given", sheet, who, name, purpose, categories, valid_until=until)

    @rule(sheet=sheets, who=any_of, name=recipients, purpose=purposes, categories=some_categories)
    def refuse(self, sheet: int, who: int, name: str, purpose: str, categories: frozenset[str]) -> None:
        self.say(registry.refuse, NO, "consent.refused", sheet, who, name, purpose, categories)

    @rule(sheet=sheets, who=any_of, name=recipients, purpose=purposes, categories=some_categories)
    def oppose(self, sheet: int, who: int, name: str, purpose: str, categories: frozenset[str]) -> None:
        self.say(registry.object_to, NO, "objection.recorded", sheet, who, name, purpose, categories)

    @rule(who=any_of, name=recipients, purpose=purposes, categories=some_categories)
    def inform(self, who: int, name: str, purpose: str, categories: frozenset[str]) -> None:
        self.say(registry.inform, YES, "information.given", 0, who, name, purpose, categories)

    @rule(name=recipients, purpose=purposes, categories=some_categories, days=st.sampled_from((0, 10, 15, 16)))
    def withhold(self, name: str, purpose: str, categories: frozenset[str], days: int) -> None:
        at = self.now()
        with self.act():
            before = PriorInformation.objects.count()
            row = registry.inform(
                scope=registry.Scope(
                    case=self.t.case, recipient=self.recipient(name), purpose=purpose, categories=sorted(categories)
                ),
                given_by=None, collected_on=clock.day_of(at), form="", by=self.t.camille,
                withheld=PriorInformation.Withheld.CHILD_INTEREST, withheld_reason="Un risque précis.",
                decided_with="Nadia Benali", reexamine_on=clock.day_of(at) + timedelta(days=days),
            )  # fmt: skip
            assert row.exception
            self.entries["information.withheld"] += PriorInformation.objects.count() - before

    @precondition(lambda self: any(one.until for one in self.memory.words))
    @rule(which=any_of, herself=st.booleans())
    def withdraw(self, which: int, herself: bool) -> None:
        agreements = [one for one in self.memory.words if one.until]
        said = agreements[which % len(agreements)]
        again = any(not one.in_error for one in said.taken_back)
        with self.act(*(() if again else ("consent.withdrawn",))):
            done = withdrawal.withdraw(
                consent=said.row, form="in_person", own_words="", by=self.t.camille,
                given_by=None if herself else said.row.given_by,
            )  # fmt: skip
            if not again:
                self._taken_back(said, done.withdrawal)
            for one in done.told:
                assert reading.closed_because(one, self.now())

    def _taken_back(self, said: Said, row: Any) -> None:
        said.taken_back.append(Said(row, said.sheet, said.speaker, said.towards, said.categories, NO, row.withdrawn_at))

    @rule()
    def withdraw_all(self) -> None:
        with self.act():
            done = withdrawal.withdraw_all(case=self.t.case, form="written", own_words="", by=self.t.camille)
            for one in done:
                said = next(word for word in self.memory.words if word.row.pk == one.withdrawal.consent_id)
                self._taken_back(said, one.withdrawal)
            self.entries["consent.withdrawn"] += len(done)

    @precondition(lambda self: self.memory.words or self.memory.told)
    @rule(which=any_of, by=st.sampled_from(("camille", "nadia", "leila")))
    def invalidate(self, which: int, by: str) -> None:
        words = [*self.memory.words, *self.memory.told]
        every = [*words, *(one for said in words for one in said.taken_back)]
        said = every[which % len(every)]
        with self.act(*(() if said.in_error else ("word.invalidated",))):
            errors.invalidate(word=said.row, note="Saisi pour une autre personne.", by=self.recipient(by))
            said.in_error = True

    # --- who follows, who decides, what two institutions agreed ---------------------------------------------------------------

    @rule(what=st.sampled_from(AROUND), which=any_of)
    def something_changes_around_her(self, what: str, which: int) -> None:
        """One rule for all of it: what is said, what leaves and what is read stay the most frequent."""
        getattr(self, what)(which)

    @rule(first=st.sampled_from(AROUND), then=st.sampled_from(AROUND), which=any_of)
    def two_things_change_around_her(self, first: str, then: str, which: int) -> None:
        """One after the other, nothing said between them."""
        getattr(self, first)(which)
        getattr(self, then)(which)

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

    @rule(by=st.sampled_from(STEPS_IN_TIME))
    def time_passes(self, by: timedelta) -> None:
        moving.forward(by)
        self.walked["moves_of_the_clock"] += 1

    # --- what leaves, and who reads it ----------------------------------------------------------------------------------------

    @rule(name=recipients, purpose=purposes, categories=some_categories)
    def share(self, name: str, purpose: str, categories: frozenset[str]) -> None:
        items = [one for one in self.scene.items if one.category in categories]
        draft = draft_of(self.t, items=items, recipient=self.recipient(name), purpose=purpose)
        previewed = self._seen(draft)
        before = self._last_entry()
        with self.act():
            shared = service.share(draft_id=draft.pk, previewed=previewed, by=self.t.camille)
            assert self.follows, "nothing is decided for somebody who may not open the case"
            assert shared.record is not None
            assert self._last_entry() > before
            done = {
                Outcome.RELEASED: "disclosure.released",
                Outcome.REFUSED: "disclosure.refused",
                Outcome.AWAITING: "disclosure.awaiting_opinion",
            }
            self.entries[done[shared.outcome]] += 1
            self.walked[done[shared.outcome]] += 1
            whole = self._wholly_agreed(Towards(draft.recipient_id, purpose), categories, shared.record.decided_at)
            if shared.disclosure is None:
                assert not (whole and categories <= RECEIVES[name]), (
                    "in vain",
                    shared.decision and shared.decision.reasons,
                )
                return
            self.sent.append(Disclosure.objects.get(pk=shared.disclosure.pk))
            self._had_a_basis(shared.disclosure, shared.record, categories)

    @precondition(lambda self: len(self.sent) < MOST_SENT)
    @rule(which=any_of)
    def share_what_may_leave(self, which: int) -> None:
        """What is said matters where something leaves on it: of all that could leave now, one, if anything could."""
        at = self.now()
        may = [
            (name, SCHOOL, frozenset({category}))
            for name in ("lantier", "sofia")
            for category in sorted(RECEIVES[name])
            if self._wholly_agreed(Towards(self.recipient(name).pk, SCHOOL), frozenset({category}), at)
        ]
        self.share(*(may or [("sofia", EVALUATION, frozenset(CATEGORIES[:1]))])[which % max(len(may), 1)])

    @precondition(lambda self: any(one.until for one in self.memory.words))
    @rule(which=any_of, all_of_it=st.booleans())
    def share_what_was_agreed(self, which: int, all_of_it: bool) -> None:
        """Whatever became of that agreement since."""
        agreements = [one for one in self.memory.words if one.until]
        said = agreements[which % len(agreements)]
        name = next(one for one in ("lantier", "sofia", "aubin") if self.recipient(one).pk == said.towards.recipient)
        self.share(name, said.towards.purpose, said.categories if all_of_it else frozenset(sorted(said.categories)[:1]))

    def _seen(self, draft: Draft) -> str:
        """The fingerprint of what the author has on her screen, without the ways out, which it does not hold."""
        assert draft.recipient is not None
        facts = gather.gather(
            case=draft.case, sender=self.t.camille, recipient=draft.recipient, purpose=draft.purpose,
            chosen=service.chosen_of(draft), circumstances=draft.circumstances, justification=draft.benefit,
            at=self.now(),
        )  # fmt: skip
        return service.fingerprint(facts, decide(facts), service.beside(draft))

    def _linked(self) -> list[Any]:
        return [self.scene.other_sheet.pk] if self.linked else []

    def _convention(self, towards: Towards, at: datetime) -> frozenset[str]:
        """What the convention between the two institutions lets pass, for school, at this instant."""
        one = {self.t.lantier.pk: self.t.school_agreement, self.t.sofia.pk: self.t.clinic_agreement}.get(
            towards.recipient
        )
        if one is None or towards.purpose not in one.purposes or one.pk in self.suspended:
            return frozenset()
        ends_at = self.ends_at.get(one.pk)
        over = at >= clock.end_of(one.ends_on) or (ends_at is not None and at >= ends_at)
        return frozenset() if over else frozenset(one.categories)

    def _limited(self, categories: frozenset[str]) -> bool:
        concerned = {one.pk for one in self.scene.items if one.category in categories}
        return any(one.item_id is None or one.item_id in concerned for one in self.limitations)

    def _wholly_agreed(self, towards: Towards, categories: frozenset[str], at: datetime) -> bool:
        """Nothing that the machine knows of stands in the way of a sharing that rests on agreement."""
        return (
            towards.purpose == SCHOOL
            and categories <= self._convention(towards, at)
            and not self._limited(categories)
            and not (self.statuses and at < self.memory.majority)
            and all(self.memory.agreed(towards, one, at, self._linked()) == YES for one in categories)
        )

    def _had_a_basis(self, disclosure: Disclosure, record: DecisionRecord, categories: frozenset[str]) -> None:
        """(a) Its stored facts give the same answer again, and what was said until then agrees."""
        again = decide(Facts.from_plain(record.facts))
        assert (again.verdict, again.basis) == (ALLOW, record.basis), disclosure.reference
        assert again.to_plain() == record.decision
        towards, at = Towards(disclosure.recipient_id, disclosure.purpose), disclosure.released_at
        assert not self._limited(categories)
        self.walked[f"left on {record.basis}"] += 1
        if record.basis == "ACCORD":
            assert self._wholly_agreed(towards, categories, at), "no agreement is in force for exactly this"
        else:
            assert record.basis == "CASF-L226-2-2"
            # Of her childhood only, and she or hers were told, or an exception with its reason stands.
            assert at < self.memory.majority
            withheld = PriorInformation.objects.filter(recipient=disclosure.recipient_id).exclude(exception="")
            told = all(self.memory.was_told(towards, one, at) for one in categories)
            assert told or withheld.filter(purpose=disclosure.purpose).exists()

    @precondition(lambda self: self.sent)
    @rule(which=any_of)
    def open(self, which: int) -> None:
        one = Disclosure.objects.get(pk=self.sent[which % len(self.sent)].pk)
        listed = states.state_of(one)
        with self.act():
            found = reading.open_disclosure(disclosure_id=one.pk, by=one.recipient)
            assert bool(found.closed) == (listed in states.OVER), (found.closed, listed)
            assert bool(found.items) != bool(found.closed)
            self.walked["opened" if found.items else "found closed"] += 1
            if not found.closed and one.opened_at is None:
                self.entries["disclosure.opened"] += 1

    @precondition(lambda self: self.sent)
    @rule(which=any_of)
    def acknowledge(self, which: int) -> None:
        one = Disclosure.objects.get(pk=self.sent[which % len(self.sent)].pk)
        with self.act(*(() if one.acknowledged_at else ("disclosure.acknowledged",))):
            reading.acknowledge(disclosure_id=one.pk, by=one.recipient)

    @precondition(lambda self: self.sent)
    @rule(which=any_of, by=st.sampled_from(("camille", "nadia")))
    def recall(self, which: int, by: str) -> None:
        one = self.sent[which % len(self.sent)]
        with self.act(*(() if one.pk in self.recalled else ("disclosure.recalled",))):
            returning.recall(disclosure_id=one.pk, by=self.recipient(by), reason="Trop.")
            self.recalled.add(one.pk)

    # --- what always holds ----------------------------------------------------------------------------------------------------

    @invariant()
    def every_act_has_exactly_one_entry(self) -> None:
        """(b)"""
        self.walked["steps"] += 1
        with connection.cursor() as cursor:
            cursor.execute("SELECT action, count(*) FROM audit_entry WHERE id > %s GROUP BY action", [self.first_entry])
            assert dict(cursor.fetchall()) == {name: many for name, many in self.entries.items() if many}

    @invariant()
    def nothing_is_deleted(self) -> None:
        """(d) But guardian's bare row, which is not the history."""
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT relname FROM pg_stat_xact_user_tables WHERE n_tup_del > 0 AND relname NOT LIKE 'pg%%'"
            )
            assert {name for (name,) in cursor.fetchall()} <= {"cases_caseaccess"}

    @invariant()
    def a_list_says_what_an_opening_would(self) -> None:
        """(c) And both say what was said: closed once nobody agrees any more, open while all agree."""
        if not self.sent:
            return
        listed = states.with_state(Disclosure.objects.filter(pk__in=[one.pk for one in self.sent]))
        opened = self.walked["steps"] % len(self.sent)
        for number, one in enumerate(listed.select_related("record", "case__person", "author", "recipient")):
            at, closed = self.now(), one.state in states.OVER
            self.walked["readings listed"] += 1
            if number == opened:
                assert bool(reading.closed_because(one, at)) == closed, (one.closed, one.state)
                self.walked["readings compared with an opening"] += 1
            if one.basis != "ACCORD":
                continue
            towards = Towards(one.recipient_id, one.purpose)
            categories = frozenset(item["category"] for item in one.record.facts["items"])
            nobody = any(self.memory.nobody_agrees(towards, each, at) for each in categories)
            if (
                one.pk in self.recalled
                or nobody
                or self._limited(categories)
                or not categories <= self._convention(towards, at)
            ):
                assert closed
            elif self._wholly_agreed(towards, categories, at) and (one.access_until is None or at < one.access_until):
                assert not closed, one.closed

    def teardown(self) -> None:
        """The whole trail verifies; every stored decision comes out the same; what was decided then is decided so as of then."""
        try:
            with connection.cursor() as cursor:
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            report = verification.verify()
            assert report.holds, report.faults
            replayed = list(replay(DecisionRecord.objects.all()))
            assert all(one.difference is None and not one.unreadable for one in replayed)
            self.walked["decisions replayed"] += len(replayed)
            for one in self.sent:
                self._as_of_then(one)
        finally:
            transaction.set_rollback(True)
            self._whole.__exit__(None, None, None)

    def _as_of_then(self, one: Disclosure) -> None:
        """Nothing recorded since changes what stood at its instant."""
        assert one.draft_id is not None
        draft = Draft.objects.select_related("case__person").get(pk=one.draft_id)
        then = gather.gather(
            case=draft.case, sender=self.t.camille, recipient=one.recipient, purpose=one.purpose,
            chosen=service.chosen_of(draft), circumstances=draft.circumstances, justification=draft.benefit,
            at=one.released_at,
        )  # fmt: skip
        assert then.to_plain() == one.record.facts
