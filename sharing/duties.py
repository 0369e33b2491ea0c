"""What goes with an allow or a review: which duties, until when, owed by whom (law.md, parts 1.4 and 6.1).

Due dates are instants, and half-open: a duty is late from that instant on; one that is due on a day is due at the first instant
after it, in Paris, where the law is kept. Hours are counted as they pass, days and months on the calendar of Paris, so that a
change of the clocks moves neither. Everything is said in UTC.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from partners.vocabulary import vocabulary
from sharing.matter import BINDING, GIVEN, Matter, agreed_until
from sharing.outcome import DutyDue

AUTHOR, REVIEWER, RECIPIENT, INSTITUTION = "author", "reviewer", "recipient", "institution"

INFORM_AFTER_HOURS = 72  # law.md, part 3.5: inform, then regularise
REEXAMINE_DAYS = 15  # law.md, part 6.1
FEEDBACK_MONTHS = 3  # CASF L226-5: at most, whatever the number of days that a text counts
PARIS = ZoneInfo("Europe/Paris")
SCHOOL_YEAR_END = (8, 31)  # month, day

_ALWAYS_OWED_BY = {
    "minimise": AUTHOR,
    "trace": INSTITUTION,
    "copy_to_pcd": AUTHOR,
    "within_one_month": INSTITUTION,
    "protect_third_parties": INSTITUTION,
}


def owed(m: Matter) -> tuple[DutyDue, ...]:
    """The duties that go with this disclosure under the text retained, each once, in a stable order."""
    due = {duty.code: duty for duty in _owed(m)}
    return tuple(duty for code, duty in due.items() if code in vocabulary().duties)


def _owed(m: Matter) -> Iterator[DutyDue]:
    yield DutyDue("minimise", None, AUTHOR)
    yield DutyDue("trace", None, INSTITUTION)
    yield from _towards_the_person(m)
    yield from _about_the_items(m)
    yield from _of_the_text(m)


def _towards_the_person(m: Matter) -> Iterator[DutyDue]:
    at, text = m.facts.at.astimezone(UTC), m.text
    if m.person.vulnerable or m.person.measure == "tutelle_personal":
        yield DutyDue("will_sought", None, AUTHOR)
    if "forum_ess" in m.held:
        yield DutyDue("child_heard", None, AUTHOR)
    if text is None:
        return
    told = all(each.informed for each in m.items) and m.facts.informed.state == "done"
    soon = at + timedelta(hours=INFORM_AFTER_HOURS)
    if told and text.owes_information and not text.asks_agreement:
        yield DutyDue("inform_before", None, AUTHOR)
    if text.info == "after" or (text.info == "after_or_if_possible" and not told) or (m.emergency and not told):
        yield DutyDue("inform_after", soon, AUTHOR)
    if text.info == "deferred":
        yield DutyDue("information_deferred", None, INSTITUTION)
    if text.person_rule == "info_prior_or_after":
        yield DutyDue("inform_victim", soon, AUTHOR)
    if text.owes_information and text.supervision_if_not_informed and not told:
        yield DutyDue("justify_information_exception", at, AUTHOR)
        yield DutyDue("reexamine_information", _reexamination(m), AUTHOR)
    if text.person_rule == "non_opposition":
        yield DutyDue("objection_stays_open", None, INSTITUTION)
    if m.objects:
        yield DutyDue("record_objection", at, AUTHOR)
    if text.asks_agreement and any(each.consent == GIVEN for each in m.items):
        yield DutyDue("parents_consent_on_record" if m.person.is_minor else "consent_on_record", None, AUTHOR)
        if text.consent_support:
            yield DutyDue("written_notice", at, AUTHOR)
    elif text.consent_support:
        yield DutyDue("written_notice", soon, AUTHOR)


def _reexamination(m: Matter) -> datetime:
    latest = m.facts.at.astimezone(UTC) + timedelta(days=REEXAMINE_DAYS)
    chosen = m.facts.informed.reexamine_on
    return latest if chosen is None else min(latest, end_of(chosen))


def _about_the_items(m: Matter) -> Iterator[DutyDue]:
    if "hypothesis_labelled" in m.held or any(each.item.nature == "hypothese" for each in m.items):
        yield DutyDue("label_hypothesis", None, AUTHOR)
    if "third_party_data" in m.held or any(each.item.third_parties for each in m.items):
        yield DutyDue("protect_third_parties", None, AUTHOR)


def _of_the_text(m: Matter) -> Iterator[DutyDue]:
    at, text = m.facts.at.astimezone(UTC), m.text
    if text is None:
        return
    for code in text.duties:
        yield DutyDue(code, _due(code, m), _ALWAYS_OWED_BY[code])
    if text.feedback_days:
        latest = min(at + timedelta(days=text.feedback_days), months_later(at, FEEDBACK_MONTHS))
        yield DutyDue("feedback_within_3_months", latest, RECIPIENT)
    if text.obligation_if_unbound and m.sender_bound not in BINDING:
        yield DutyDue("must_report", at, AUTHOR)
    late = text.supervision_if_not_informed == "ex_post" and not all(each.informed for each in m.items)
    if text.supervision == "ex_post" or late:
        yield DutyDue("review_after", at + timedelta(hours=text.review_hours), REVIEWER)
    if text.onward == "forbidden":
        yield DutyDue("no_onward_sharing", None, RECIPIENT)


def _due(code: str, m: Matter) -> datetime | None:
    at, text = m.facts.at, m.text
    if code == "copy_to_pcd":
        return end_of(_day_of(at))
    if code == "within_one_month" and text is not None:
        return months_later(at, text.delay_months)
    return None


def access_until(m: Matter) -> datetime | None:
    """Until when the recipient may read it in Tact; None where it keeps it in a file of its own."""
    at, text = m.facts.at.astimezone(UTC), m.text
    if text is None or not text.access_months:
        return None
    ends = [months_later(at, text.access_months)]
    if text.is_agreement and m.in_forum:
        ends = [_school_year_end(at)]
    if text.asks_agreement:
        agreed = [agreed_until(each.code, m.facts) for each in m.items if each.consent == GIVEN]
        ends += [end for end in agreed if end is not None]
    if text.voluntary and m.facts.at_most_days is not None:
        ends.append(at + timedelta(days=m.facts.at_most_days))
    return min(ends)


def months_later(at: datetime, months: int) -> datetime:
    """The same hour in Paris that many months later, or on the last day of that month."""
    local = at.astimezone(PARIS)
    year, month = divmod(local.year * 12 + local.month - 1 + months, 12)
    day = min(local.day, calendar.monthrange(year, month + 1)[1])
    return local.replace(year=year, month=month + 1, day=day).astimezone(UTC)


def end_of(day: date) -> datetime:
    """The first instant after a day in Paris."""
    return datetime.combine(day + timedelta(days=1), time.min, tzinfo=PARIS).astimezone(UTC)


def _day_of(at: datetime) -> date:
    return at.astimezone(PARIS).date()


def _school_year_end(at: datetime) -> datetime:
    month, day = SCHOOL_YEAR_END
    today = _day_of(at)
    this_year = date(today.year, month, day)
    return end_of(this_year if today <= this_year else date(today.year + 1, month, day))
