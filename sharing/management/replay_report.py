"""What a replay says: for readers, or one JSON object a line for programs. References, codes and norms; no name, no content."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Protocol

from django.core.management.base import OutputWrapper
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from partners import wording
from partners.clock import PARIS, day_of
from partners.vocabulary import RULEBOOK, vocabulary
from sharing import editions, replay
from sharing.panel import words
from sharing.replay import Changed, Replayed, Tally


class Report(Protocol):
    """What the command says as it goes."""

    def begin(self) -> None:
        """Under which rules."""

    def altered(self, numbers: Sequence[int]) -> None:
        """The editions whose kept content was altered."""

    def line(self, one: Replayed) -> None:
        """One decision: silent where it comes out the same."""

    def end(self, tally: Tally) -> None:
        """How many, and by which norms."""


class AsJson:
    """One object a line, each with its ``kind``: ``rules``, ``differs``, ``unreadable``, ``altered_edition``, ``summary``."""

    def __init__(self, output: OutputWrapper) -> None:
        self._output = output

    def begin(self) -> None:
        known = editions.in_service()
        self._write(
            "rules", edition=known.number if known else None, digest=editions.digest(), rulebook=vocabulary().digest
        )

    def altered(self, numbers: Sequence[int]) -> None:
        for number in numbers:
            self._write("altered_edition", edition=number)

    def line(self, one: Replayed) -> None:
        which = {
            "record": str(one.record),
            "case": one.case,
            "decided_on": day_of(one.decided_at).isoformat(),
            "edition": one.edition,
        }
        if one.unreadable:
            self._write("unreadable", **which, what=one.unreadable)
        elif one.difference is not None:
            different = one.difference
            until = [each.isoformat() if each else None for each in different.access_until]
            self._write(
                "differs",
                **which,
                verdict=_then_now(different.verdict),
                basis=_then_now(different.basis),
                access_until=_then_now(until),
                rules=_plain(different.rules),
                duties=_plain(different.duties),
            )

    def end(self, tally: Tally) -> None:
        self._write(
            "summary",
            replayed=tally.replayed,
            differing=tally.differing,
            unreadable=tally.unreadable,
            verdicts=[
                {"then": then, "now": now, "decisions": count} for (then, now), count in tally.verdicts.most_common()
            ],
            rules=[
                {
                    "rule": name,
                    "newly": tally.newly[name],
                    "no_longer": tally.no_longer[name],
                    "otherwise": tally.otherwise[name],
                }
                for name in tally.rules
            ],
            duties=dict(tally.duties.most_common()),
            access_until=tally.access,
        )

    def _write(self, kind: str, **fields: Any) -> None:
        self._output.write(json.dumps({"kind": kind, **fields}, ensure_ascii=False))


def _then_now(pair: Sequence[Any]) -> dict[str, Any]:
    then, now = pair
    return {"then": then, "now": now}


def _plain(changed: Changed) -> dict[str, list[str]]:
    return {
        "newly": list(changed.newly),
        "no_longer": list(changed.no_longer),
        "otherwise": list(changed.otherwise),
    }


class AsText:
    """A few lines a decision, then the summary."""

    def __init__(self, output: OutputWrapper) -> None:
        self._output = output

    def begin(self) -> None:
        known = editions.in_service()
        if known is not None:
            self._output.write(_("Sous les règles n°\u00a0%(number)s.") % {"number": known.number})
        else:
            self._output.write(
                _("Sous des règles qui n’ont encore rien décidé\u00a0: %(folder)s (%(digest)s).")
                % {"folder": RULEBOOK, "digest": vocabulary().digest[:8]}
            )

    def altered(self, numbers: Sequence[int]) -> None:
        for number in numbers:
            self._output.write(
                _("Règles n°\u00a0%(number)s\u00a0: leur texte conservé a été altéré.") % {"number": number}
            )

    def line(self, one: Replayed) -> None:
        if one.difference is None and not one.unreadable:
            return
        under = _("règles n°\u00a0%(number)s") % {"number": one.edition} if one.edition else _("règles d’avant")
        day = date_format(day_of(one.decided_at), "j F Y")
        self._output.write(f"\n{one.case} · {day} · {under} · {one.record}")
        if one.unreadable:
            self._say(_unread(one.unreadable))
            return
        different = one.difference
        if different is None:
            return
        verdicts = [words()[code] for code in different.verdict]
        self._pair(_("verdict"), verdicts)
        self._pair(_("texte"), [code or _("aucun") for code in different.basis])
        self._changed(different.rules, _("parle désormais"), _("ne parle plus"), _("parle autrement"))
        self._changed(different.duties, _("devoir nouveau"), _("devoir disparu"), _("devoir autre"))
        if different.until is not None:
            self._pair(_("lisible jusqu’au"), [_instant(at) for at in different.until])

    def end(self, tally: Tally) -> None:
        self._output.write("\n" + _summed_up(tally))
        for (then, now), count in tally.verdicts.most_common():
            if then != now:
                self._say(f"{words()[then]} → {words()[now]}\u00a0: {count}")
        for name in tally.rules:
            counts = [
                _("parle désormais %(n)s fois") % {"n": tally.newly[name]} if tally.newly[name] else "",
                _("ne parle plus %(n)s fois") % {"n": tally.no_longer[name]} if tally.no_longer[name] else "",
                _("parle autrement %(n)s fois") % {"n": tally.otherwise[name]} if tally.otherwise[name] else "",
            ]
            self._say(f"{name}\u00a0: {', '.join(filter(None, counts))}")
        for code, count in tally.duties.most_common():
            self._say(_("devoir «\u00a0%(duty)s\u00a0»\u00a0: %(n)s") % {"duty": _duty(code), "n": count})
        if tally.access:
            self._say(_("terme de la lecture\u00a0: %(n)s") % {"n": tally.access})

    def _say(self, line: str) -> None:
        self._output.write(f"  {line}")

    def _pair(self, what: str, pair: Sequence[str]) -> None:
        then, now = pair
        if then != now:
            self._say(f"{what}\u00a0: {then} → {now}")

    def _changed(self, changed: Changed, newly: str, no_longer: str, otherwise: str) -> None:
        for what, names in ((newly, changed.newly), (no_longer, changed.no_longer), (otherwise, changed.otherwise)):
            if names:
                self._say(f"{what}\u00a0: {', '.join(names)}")


def _summed_up(tally: Tally) -> str:
    if not tally.replayed:
        return _("Aucune décision à reprendre.")
    taken = ngettext("%(n)s décision reprise", "%(n)s décisions reprises", tally.replayed) % {"n": tally.replayed}
    counted = []
    if tally.differing:
        counted.append(ngettext("%(n)s autre", "%(n)s autres", tally.differing) % {"n": tally.differing})
    if tally.unreadable:
        counted.append(ngettext("%(n)s illisible", "%(n)s illisibles", tally.unreadable) % {"n": tally.unreadable})
    return f"{taken}\u00a0: {', '.join(counted) or _('aucune autre')}."


def _unread(what: str) -> str:
    return {
        replay.FACTS: _("ses faits ne peuvent pas être lus"),
        replay.DECISION: _("sa décision ne peut pas être lue, ou se contredit"),
        replay.EDITION: _("ses règles ne sont pas celles qu’elle cite"),
    }[what]


def _instant(at: datetime | None) -> str:
    return date_format(at.astimezone(PARIS), "j F Y, H:i") if at else _("sans terme")


def _duty(code: str) -> str:
    known = vocabulary().duties.get(code)
    return wording.worded(known) if known else code
