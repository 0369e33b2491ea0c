"""Somebody's word over months: who said what, who follows, what two services agreed, what left and who reads it, in any order."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, precondition, rule

from audit import verification
from cases.models import Representative
from consent import registry
from consent.models import PriorInformation
from consent.speakers import speakers_for
from partners import clock
from sharing import gather, reading, service, states, withdrawal
from sharing.decision import decide
from sharing.facts import Facts
from sharing.models import DecisionRecord, Disclosure, Draft
from sharing.outcome import ALLOW
from sharing.replay import replay
from sharing.returning import acts as returning
from sharing.service import Outcome
from sharing.stopping import errors
from tests.personas import notice
from tests.sharing.ways import draft_of
from tests.stateful import moving
from tests.stateful.around import AROUND, Around
from tests.stateful.said import NO, YES, Said, Towards

CATEGORIES = ("consigne_pratique", "besoins_scolaires", "sante_fonctionnel")
SCHOOL, EVALUATION = "scolarite", "pe_evaluer"
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
STEPS_IN_TIME = (3 * MINUTE, timedelta(hours=7), DAY, 9 * DAY, 30 * DAY, 61 * DAY)
RECEIVES = {"lantier": frozenset({"consigne_pratique"}), "sofia": frozenset(CATEGORIES), "aubin": frozenset[str]()}
"""What each may receive for school by the rulebook: of the rest, no agreement makes a disclosure."""
MOST_SENT = 5
"""How much leaves in one example: each is decided again at each step."""
some_categories = st.sets(st.sampled_from(CATEGORIES), min_size=1).map(frozenset)
recipients = st.sampled_from(("lantier", "sofia", "aubin"))
purposes = st.sampled_from((SCHOOL, SCHOOL, EVALUATION))
any_of = st.integers(0, 999)
sheets = st.sampled_from((0, 0, 0, 1))


class HerWord(Around):
    """One example: what is said, what leaves, who reads it; and what always holds."""

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

    @initialize(categories=some_categories, around=st.lists(st.sampled_from(AROUND), max_size=4), which=any_of)
    def as_it_began(self, categories: frozenset[str], around: list[str], which: int) -> None:
        """Most of what may happen needs an agreement, somebody who was told, or a disclosure, to happen to."""
        self.give(0, 0, "lantier", SCHOOL, frozenset({"consigne_pratique"}), 183)
        self.share("lantier", SCHOOL, frozenset({"consigne_pratique"}))
        self.give(0, 1, "sofia", SCHOOL, categories, 60)
        self.inform(0, "sofia", EVALUATION, frozenset(CATEGORIES))
        for what in around:
            getattr(self, what)(which)

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
            self.withheld.add(Towards(row.recipient_id, purpose))
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
                told = Towards(draft.recipient_id, purpose) not in self.withheld
                in_vain = whole and categories <= RECEIVES[name] and told
                assert not in_vain, ("in vain", shared.decision and shared.decision.reasons)
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
            elif towards in self.withheld:
                continue  # an exception recorded since may close even what she had been told of: nothing is asked of it here
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
