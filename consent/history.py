"""The person's words on one case, newest first, each with where it stands today; twelve statements at most."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from cases.models import Case
from partners import wording
from partners.clock import day_of
from partners.models import Membership

from . import invalidating, withheld
from .acts import AGREEMENT, name_of
from .collected import OWN_LANGUAGE, language_in_words
from .forms import full_date
from .models import Consent, Form, Invalidation, Objection, PersonsWord, PriorInformation, Refusal, Scan, Withdrawal

AROUND = (
    "recipient__professional", "recipient__institution", "given_by", "collected_by__professional",
    "collected_by__institution",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One act as a page shows it; `withdrawable` where the person may take it back, `withdrawal` where she did."""

    pk: uuid.UUID
    recorded_at: datetime
    chip: str
    state: str
    small: str
    recipient: str
    institution: str
    purpose: str
    categories: list[str]
    said: str
    own_words: str
    notes: list[str]
    withdrawable: bool = False
    renewal: str = ""
    """What the page that records an agreement is asked, to have the same one again."""
    withdrawal: Withdrawal | None = None
    objected: bool = False
    invalidable: bool = False
    withdrawal_invalidable: bool = False
    sitting: uuid.UUID | None = None
    """Of what was signed: the conversation whose paper it is."""
    paper: uuid.UUID | None = None
    """The signed paper, once it is kept."""


def lines(case: Case, by: Membership, at: datetime) -> list[Line]:
    """Every act recorded on this case by whoever may open it."""
    consents = _rows(Consent, case, by)
    refusals = [*_rows(Refusal, case, by), *_rows(Objection, case, by)]
    informed = _rows(PriorInformation, case, by)
    taken_back = list(
        Withdrawal.objects.filter(consent__in=[one.pk for one in consents]).select_related("recorded_by__institution")
    )
    rows = [*consents, *refusals, *informed, *taken_back]
    errors = invalidating.invalidations(case, [one.pk for one in rows])
    mistaken = [one for one in taken_back if one.pk in errors]
    withdrawals = {one.consent_id: one for one in taken_back if one.pk not in errors}
    counting = [one for one in refusals if one.pk not in errors]
    found = [_consent(one, withdrawals.get(one.pk), counting, at) for one in consents]
    found += [_against(one) for one in refusals]
    waiting = {one.row.pk for one in withheld.waiting(cases=[case.pk], at=at)} if any(_put_off(informed)) else set()
    found += [_informed(one, at, waits=one.pk in waiting) for one in informed]
    by_pk = {one.pk: one for one in rows}
    for line in found:
        if (error := errors.get(line.pk)) is not None:
            found[found.index(line)] = _in_error(line, error)
        else:
            taken = line.withdrawal
            found[found.index(line)] = replace(
                line,
                invalidable=invalidating.may_invalidate(by_pk[line.pk], by),
                withdrawal_invalidable=taken is not None and invalidating.may_invalidate(taken, by),
                notes=[
                    *line.notes,
                    *(_taken_back_in_error(errors[one.pk]) for one in mistaken if one.consent_id == line.pk),
                ],
            )
    papers = dict(Scan.objects.filter(case=case).values_list("sitting", "pk"))
    found = [replace(line, paper=papers.get(line.sitting)) if line.sitting else line for line in found]
    return sorted(found, key=lambda line: line.recorded_at, reverse=True)


def _in_error(line: Line, error: Invalidation) -> Line:
    """The same line, which stays where it was and counts for nothing any more."""
    said = _("%(note)s Dit par %(who)s.") % {"note": _sentence(error.note), "who": error.by.professional.full_name}
    return replace(
        line,
        chip="ended",
        state=_("Enregistré par erreur"),
        small=_("dit le %(day)s") % {"day": full_date(day_of(error.invalidated_at))},
        notes=[said, *line.notes],
        withdrawable=False,
        renewal="",
        withdrawal=None,
    )


def _taken_back_in_error(error: Invalidation) -> str:
    return _("Un retrait avait été enregistré par erreur : %(note)s") % {"note": error.note}


def _sentence(text: str) -> str:
    return text if text.endswith((".", "!", "?", "…")) else f"{text}."


def _rows(model: type[PersonsWord], case: Case, by: Membership) -> list[Any]:
    return list(model.objects.visible_to(by).filter(case=case).select_related(*AROUND))


def _consent(one: Consent, withdrawal: Withdrawal | None, against: Iterable[Any], at: datetime) -> Line:
    if withdrawal is not None:
        chip, state, small = (
            "ended",
            _("Accord retiré"),
            _("le %(day)s") % {"day": full_date(day_of(withdrawal.withdrawn_at))},
        )
    elif one.valid_until <= at:
        chip, state, small = "ended", _("Accord terminé"), ""
    elif _taken_back(one, against):
        chip, state, small = "ended", _("Accord suivi d’un refus"), ""
    else:
        chip, state, small = "given", _("Accord en vigueur"), ""
    notes = [_("Jusqu’au %(day)s inclus.") % {"day": full_date(last_day_of(one))}]
    withdrawable = withdrawal is None and at < one.valid_until
    return _line(
        one,
        chip,
        state,
        small,
        [*notes, *_late(one)],
        withdrawable=withdrawable,
        withdrawal=withdrawal,
        renewal=_renewal(one),
    )


def _renewal(one: Consent) -> str:
    """The same recipient, purpose and categories, asked again: nothing is ticked beforehand, and the end is chosen anew."""
    asked = {"recipient": str(one.recipient_id), "purpose": one.purpose, "categories": ",".join(one.categories)}
    return urlencode({"act": AGREEMENT} | asked)


def last_day_of(one: Consent) -> date:
    """The last day on which it holds, in Paris: its interval is half-open."""
    return day_of(one.valid_until - timedelta(microseconds=1))


def _taken_back(one: Consent, against: Iterable[Any]) -> bool:
    """Whether the same speaker later refused everything that she had agreed to."""
    left = set(one.categories)
    for word in against:
        same = (word.recipient_id, word.purpose, word.given_by_id) == (one.recipient_id, one.purpose, one.given_by_id)
        if same and word.recorded_at > one.recorded_at:
            left -= set(word.categories)
    return not left


def _against(one: Any) -> Line:
    state = _("Refus") if isinstance(one, Refusal) else _("Opposition")
    return _line(one, "refused", state, "", _late(one), objected=isinstance(one, Objection))


def _put_off(informed: Iterable[PriorInformation]) -> Iterable[bool]:
    return (bool(one.exception) for one in informed)


def _informed(one: PriorInformation, at: datetime, *, waits: bool) -> Line:
    """What she was told; or what was put off, and whether she still waits for it."""
    if not one.exception:
        notes = [_("L’enfant a été entendu.")] if one.child_heard else []
        if one.presence_proposed:
            notes.append(_("La présence des parents a été proposée."))
        return _line(one, "read", _("Information donnée"), "", [*notes, *_late(one)])
    overdue = one.reexamine_on is not None and one.reexamine_on < day_of(at)
    small = _("à réexaminer le %(day)s") % {"day": full_date(one.reexamine_on)} if one.reexamine_on else ""
    notes = [str(one.get_exception_display()).capitalize() + "." if one.exception else "", one.exception_reason]
    if one.decided_with:
        notes.append(_("Décidé avec %(who)s.") % {"who": one.decided_with})
    chip, state = "overdue" if overdue else "pending", _("Information différée")
    if not waits:
        chip, small = "ended", _("donnée, ou réexaminée, depuis")
    return _line(one, chip, state, small, [note for note in notes if note])


def _collected(one: PersonsWord) -> list[str]:
    """On what conditions, how it was collected and understood, where there is more to say than the line itself."""
    notes = []
    if one.conditions:
        notes.append(_("À condition : %(conditions)s") % {"conditions": one.conditions})
    if one.witness:
        notes.append(_("En présence de %(who)s.") % {"who": one.witness})
    if one.form == Form.TELEPHONE:
        notes.append(_("Rappelée au numéro connu, à confirmer.") if one.called_back else _("À confirmer."))
    if one.language and one.language != OWN_LANGUAGE:
        said = {"language": language_in_words(one.language), "who": one.interpreter}
        notes.append(_("Langue : %(language)s. Interprète : %(who)s.") % said)
    if one.understanding:
        notes.append(_("Compréhension : %(text)s") % {"text": one.understanding})
    return notes


def _late(one: PersonsWord) -> list[str]:
    return [_("Enregistré après coup : %(reason)s") % {"reason": one.late_reason}] if one.late_reason else []


def said_how(one: PersonsWord) -> str:
    """« Mme Inès Bertin, mère, le 21 novembre 2026, en présence, à l’oral. Noté par Camille Roussel. »"""
    who = _("Par %(who)s") % {"who": one.given_by} if one.given_by else _("Par la personne")
    parts = [who, _("le %(day)s") % {"day": full_date(one.collected_on)}]
    if one.form:
        parts.append(str(one.get_form_display()))
    else:
        parts[0] = _("Décidé")
    noted = _("Noté par %(who)s.") % {"who": one.collected_by.professional.full_name}
    return f"{', '.join(parts)}. {noted}"


def _line(one: Any, chip: str, state: str, small: str, notes: list[str], **more: Any) -> Line:
    return Line(
        pk=one.pk,
        recorded_at=one.recorded_at,
        chip=chip,
        state=state,
        small=small,
        recipient=f"{name_of(one.recipient)}, {one.recipient.job_title}",
        institution=one.recipient.institution.name,
        purpose=wording.purpose(one.purpose),
        categories=[wording.category(code) for code in one.categories],
        said=said_how(one),
        own_words=one.own_words,
        notes=[*notes, *_collected(one)],
        sitting=one.sitting if one.form == Form.WRITTEN else None,
        **more,
    )
